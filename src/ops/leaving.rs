//! Noting what leaves the house, signed or sent, and keeping its exact bytes: what comes back is compared with it.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::receive::Known;
use super::send::ContractToSend;
use super::settings::Settings;
use super::sources::id_of;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::input;
use crate::pdf::{self, Integrity};
use crate::store::{self, Agreements, EntryKind, HistoryEntry, HistorySigner};

/// A contract that leaves the house.
pub(super) struct Leaving<'a> {
    /// What happens to it.
    pub kind: EntryKind,
    /// On which day.
    pub on: NaiveDate,
    /// The version of its text.
    pub version: &'a str,
    /// Its digest.
    pub digest: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The way that it goes: `mail to anna@acme.nl`.
    pub via: Option<String>,
}

impl Leaving<'_> {
    /// Keeps the bytes and adds an entry for the client of a file.
    pub fn note_for(&self, client: &Path) -> Result<PathBuf, Problems> {
        self.note(&Agreements::of(Path::new("")), &id_of(client))
    }

    /// Keeps the bytes in the folder of a client, and adds an entry; returns where they are. The same is noted
    /// once a day.
    pub fn note(&self, agreements: &Agreements, id: &str) -> Result<PathBuf, Problems> {
        let mut folder = agreements.open(id)?;
        let name = format!("{}-{}-{}.pdf", self.version, self.kind.word(), self.on);
        let name = folder.keep(&name, self.bytes)?;
        let mut entry = HistoryEntry::new(self.kind, self.on);
        entry.version = Some(self.version.to_owned());
        entry.digest = Some(self.digest.to_owned());
        entry.file = Some(name.clone());
        entry.sha256 = Some(store::sha256(self.bytes));
        entry.via.clone_from(&self.via);
        entry.signers = signers(self.bytes);
        let is_same = |known: &HistoryEntry| {
            (known.kind, known.on, &known.sha256, &known.via)
                == (entry.kind, entry.on, &entry.sha256, &entry.via)
        };
        if !folder.history().live().any(is_same) {
            folder.add(entry)?;
        }
        Ok(agreements.folder(id).join(name))
    }
}

/// Notes that the processor signed a contract, where a lock or the histories know it: of the current folder, or of that of
/// the PDF.
pub(super) fn note_signed(
    pdf: &Path,
    leaving: &Leaving<'_>,
    warnings: &mut Problems,
) -> Result<Option<PathBuf>, Problems> {
    let (beside, here) = (pdf.parent().unwrap_or(Path::new("")), Path::new(""));
    let made = Settings::here()?.output.unwrap_or_default();
    for (folder, root) in [(made.as_path(), here), (beside, here), (beside, beside)] {
        let known = Known::open(folder, root, warnings)?;
        if let Some(contract) = known.by_digest(leaving.digest).first() {
            return leaving.note(&known.agreements, &contract.id).map(Some);
        }
    }
    warnings.push(
        Diagnostic::warning(format!(
            "that `{}` is signed is not noted: no `dpa.lock` here knows the contract",
            pdf.slashed()
        ))
        .hint("sign it in the folder that it was made in: what comes back is then known to be signed by you"),
    );
    Ok(None)
}

/// Keeps what was sent to a client, and notes by which way and on which day.
pub(super) fn note_sent(
    made: &ContractToSend<'_>,
    client: &Path,
    (bytes, via, on): (&[u8], String, NaiveDate),
) -> Result<PathBuf, Problems> {
    let leaving = Leaving {
        kind: EntryKind::Sent,
        on,
        version: &made.contract.version.id,
        digest: &made.contract.digest,
        bytes,
        via: Some(via),
    };
    leaving.note_for(client)
}

/// The bytes of a client's contract as the processor signed it, if that is noted.
pub(super) fn signed_copy(client: &Path, digest: &str) -> Result<Option<Vec<u8>>, Problems> {
    signed_copy_of(&Agreements::of(Path::new("")), &id_of(client), digest)
}

/// The same, of a client by its id.
pub(super) fn signed_copy_of(
    agreements: &Agreements,
    id: &str,
    digest: &str,
) -> Result<Option<Vec<u8>>, Problems> {
    let history = agreements.history(id)?;
    let is_it = |entry: &&HistoryEntry| {
        entry.kind == EntryKind::Signed && entry.digest.as_deref() == Some(digest)
    };
    let Some(entry) = history.live().rev().find(is_it) else {
        return Ok(None);
    };
    let path = agreements.folder(id).join(entry.file.as_deref().unwrap_or_default());
    let read = input::bytes(&path).ok();
    match read.filter(|bytes| Some(store::sha256(bytes)) == entry.sha256) {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(Diagnostic::failure(format!(
            "`{}` is not what it was when it was signed",
            path.slashed()
        ))
        .hint("take it back from version control or a copy")
        .into()),
    }
}

/// Who signed a document.
fn signers(bytes: &[u8]) -> Vec<HistorySigner> {
    let states = pdf::inspect(bytes).map(|found| found.signatures()).unwrap_or_default();
    let states = states.into_iter().filter(|state| state.is_signed);
    let signer = |state: pdf::SignatureState| HistorySigner {
        field: state.field,
        name: state.signer.unwrap_or_default(),
        certificate: state.certificate.as_deref().map(store::sha256).unwrap_or_default(),
        integrity: match state.integrity {
            Integrity::Intact => "intact",
            Integrity::Broken(_) => "broken",
            Integrity::Unchecked(_) => "unchecked",
        }
        .to_owned(),
    };
    states.map(signer).collect()
}
