//! What became of a PDF since it was made, and writing one where a person's work may be.

use std::path::Path;

use serde::Serialize;

use super::entry::{Entry, Replaced, sha256};
use super::write::{Existing, write};
use crate::contract::project::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, Slashed};
use crate::input;
use crate::pdf::{self, Inspection, Original};

/// What became of a PDF since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Touched {
    /// It is not there.
    Missing,
    /// It is as the lock says.
    #[serde(rename = "untouched")]
    AsMade,
    /// It is as dpa-gen once made it, but the lock says otherwise.
    MadeOtherwise,
    /// Somebody filled it in.
    FilledIn,
    /// Somebody signed it.
    Signed,
    /// It was changed in another way.
    Changed,
    /// It is no document of ours, or another one than that of its name.
    Foreign,
}

impl Touched {
    /// Whether a person's work may be in it. A file that is not ours may be a contract that was signed on
    /// paper and scanned.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::FilledIn | Self::Signed | Self::Changed | Self::Foreign)
    }
}

impl std::fmt::Display for Touched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "–",
            Self::AsMade | Self::MadeOtherwise => "untouched",
            Self::FilledIn => "filled in",
            Self::Signed => "signed",
            Self::Changed => "changed",
            Self::Foreign => "not ours",
        })
    }
}

/// What became of a document by what it holds itself. A quote with a contract in it is a document of ours
/// too: it may be signed to accept both.
pub(super) fn touched(bytes: &[u8]) -> Touched {
    let Some(inspection) = pdf::inspect(bytes) else {
        return Touched::Foreign;
    };
    if !holds_contract(&inspection) {
        return Touched::Foreign;
    }
    if inspection.original == Original::Untouched {
        Touched::MadeOtherwise
    } else if inspection.fields.iter().any(|field| field.signature.is_some()) {
        Touched::Signed
    } else if inspection.fields.iter().any(|field| field.value.is_some()) {
        Touched::FilledIn
    } else {
        Touched::Changed
    }
}

/// Whether a contract is attached: its source, or its PDF.
fn holds_contract(inspection: &Inspection) -> bool {
    let is_ours = |inspection: &Inspection| inspection.attachment(CONTRACT_JSON).is_some();
    is_ours(inspection) || inspection.embedded().any(|(_, inner)| is_ours(&inner))
}

/// What a PDF of ours says of the contract in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractInPdf {
    /// The version of the text.
    pub version: String,
    /// The digest that it shows.
    pub digest: String,
    /// Whether it is the general edition.
    pub is_general: bool,
    /// Whether it is a draft, which no lock lists.
    pub is_draft: bool,
    /// Which document of its version it is, from 1.
    pub number: u32,
    /// The earlier document that it replaces.
    pub replaces: Option<Replaced>,
    /// SHA-256 of its bytes as they were made; none if another program wrote them since.
    pub sha256: Option<String>,
    /// All that it says.
    pub json: serde_json::Value,
}

/// What a PDF says of itself, if it is a contract of ours.
#[must_use]
pub fn contract_in(path: &Path) -> Option<ContractInPdf> {
    let inspection = pdf::inspect(&input::bytes(path).ok()?)?;
    let json = inspection.attachment(CONTRACT_JSON)?;
    let value: serde_json::Value = serde_json::from_slice(json).ok()?;
    let number = |value: &serde_json::Value| u32::try_from(value.as_u64()?).ok();
    let replaced = |of: &serde_json::Value| {
        Some(Replaced {
            version: of["version"]["id"].as_str()?.to_owned(),
            number: number(&of["number"])?,
            digest: of["digest"].as_str()?.to_owned(),
        })
    };
    Some(ContractInPdf {
        version: value["version"]["id"].as_str()?.to_owned(),
        digest: value["digest"].as_str()?.to_owned(),
        is_general: value["edition"] == "general",
        is_draft: value["draft"] == true,
        number: number(&value["number"]).unwrap_or(1),
        replaces: replaced(&value["replaces"]),
        sha256: inspection.as_made().map(sha256),
        json: value,
    })
}

/// Writes a PDF, unless a person's work may be in the one that is there. `known` is what the lock says of
/// it. Returns its SHA-256.
///
/// # Errors
///
/// If the one that is there must stay, or it cannot be written.
pub fn put(
    path: &Path,
    bytes: &[u8],
    known: Option<&Entry>,
    existing: Existing,
) -> Result<String, Diagnostic> {
    let digest = sha256(bytes);
    if let Ok(there) = input::bytes(path)
        && there != bytes
    {
        let state = match known {
            Some(entry) if entry.sha256 == sha256(&there) => Touched::AsMade,
            _ => touched(&there),
        };
        let shown = path.slashed();
        let hint = "move it away, give another name with --output, or set a new version";
        match state {
            Touched::FilledIn | Touched::Signed | Touched::Changed => {
                let message =
                    format!("`{shown}` was {state} since it was made, and is not overwritten");
                return Err(Diagnostic::failure(message).hint(hint));
            }
            Touched::Foreign if known.is_some() => {
                let message =
                    format!("`{shown}` is not the PDF that was made, and is not overwritten");
                return Err(Diagnostic::failure(message).hint(hint));
            }
            _ => {}
        }
    }
    write(path, bytes, existing).map(|()| digest)
}
