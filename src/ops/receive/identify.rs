//! Which contract a copy is: by what it carries, or by what stands on its pages.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use serde_json::Value;

use super::known::{Known, KnownContract};
use crate::contract::project::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, List, Problems, Slashed};
use crate::ops::keywords::version_and_digest;
use crate::ops::sources::id_of;
use crate::ops::sources::{LibraryChoice, client_files};
use crate::pdf::Inspection;

/// By what a copy was identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifiedBy {
    /// The `contract.json` in it.
    Contract,
    /// The `contract.json` of a PDF that is embedded in it.
    EmbeddedContract,
    /// The keywords of the document.
    Keywords,
    /// The digest that stands on its pages.
    PageDigest,
    /// The client file that the user named.
    ClientFile,
}

impl IdentifiedBy {
    /// As a person reads it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Contract => "its `contract.json`",
            Self::EmbeddedContract => "the `contract.json` of a PDF in it",
            Self::Keywords => "the keywords of the document",
            Self::PageDigest => "the digest on its pages",
            Self::ClientFile => "the client file",
        }
    }
}

/// What a copy says of itself. It proves nothing: it stays when pages are changed.
pub struct Claim {
    /// By what.
    pub by: IdentifiedBy,
    /// The digest of the contract, or the beginning of it.
    pub digest: String,
    /// The version of its text.
    pub version: Option<String>,
    /// The client's name.
    pub client: Option<String>,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// What the contract says.
    pub contract: Option<Value>,
}

/// The digest at the foot of a page.
static PAGE_DIGEST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9a-f]{12}\b"));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a pattern of this file: {error}"))
}

/// What a document says of itself; the contract in it, if it is one that a contract is embedded in.
pub fn claim(document: Inspection, known: &Known) -> (Option<Claim>, Inspection) {
    if let Some(claim) = by_contract(&document, IdentifiedBy::Contract) {
        return (Some(claim), document);
    }
    let inner = document
        .embedded()
        .find_map(|(_, inner)| Some((by_contract(&inner, IdentifiedBy::EmbeddedContract)?, inner)));
    if let Some((claim, inner)) = inner {
        return (Some(claim), inner);
    }
    let claim = by_keywords(&document).or_else(|| by_pages(&document, known));
    (claim, document)
}

fn by_contract(document: &Inspection, by: IdentifiedBy) -> Option<Claim> {
    let json = document.attachment(CONTRACT_JSON)?;
    let contract: Value = serde_json::from_slice(json).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(Claim {
        by,
        digest: text(&contract["digest"])?,
        version: Some(text(&contract["version"]["id"])?),
        client: text(&contract["client"]["name"]),
        is_draft: contract["draft"] == true,
        contract: Some(contract),
    })
}

fn bare(by: IdentifiedBy, digest: &str, version: Option<&str>) -> Claim {
    Claim {
        by,
        digest: digest.to_owned(),
        version: version.map(str::to_owned),
        client: None,
        is_draft: false,
        contract: None,
    }
}

/// What the user says of a document that says nothing itself: it is the newest contract of the client, if it has
/// text at all.
pub fn by_client(
    document: &Inspection,
    known: &Known,
    client: &Path,
    library: &LibraryChoice,
) -> Result<Option<Claim>, Problems> {
    if document.page_texts().iter().all(|text| text.trim().is_empty()) {
        return Ok(None);
    }
    let id = id_of(client);
    let newest = known.of_client(&id).max_by_key(|known| known.version.clone()).cloned();
    let contract = match newest {
        Some(contract) => contract,
        None => KnownContract::of_client_file(client, library)?,
    };
    Ok(Some(bare(IdentifiedBy::ClientFile, &contract.digest, Some(&contract.version))))
}

fn by_keywords(document: &Inspection) -> Option<Claim> {
    let (version, digest) = version_and_digest(&document.keywords()?)?;
    Some(bare(IdentifiedBy::Keywords, &digest, Some(&version)))
}

/// The digest that most pages show, if it is that of a contract that is known here.
fn by_pages(document: &Inspection, known: &Known) -> Option<Claim> {
    let texts = document.page_texts();
    let shown =
        texts.iter().flat_map(|text| PAGE_DIGEST.find_iter(text)).map(|found| found.as_str());
    let mut shown: Vec<&str> = shown.filter(|digest| !known.by_digest(digest).is_empty()).collect();
    shown.sort_unstable();
    let mut runs: Vec<(usize, &str)> =
        shown.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0])).collect();
    runs.sort_unstable();
    let (_, digest) = runs.pop()?;
    Some(bare(IdentifiedBy::PageDigest, digest, None))
}

/// The contract that a claim is of. The user may name the client file; else the lock, the histories and the
/// client files are searched.
pub fn contract(
    pdf: &Path,
    claim: &Claim,
    known: &Known,
    client: Option<&Path>,
    library: &LibraryChoice,
) -> Result<Option<KnownContract>, Problems> {
    let mut found = known.by_digest(&claim.digest);
    if let Some(client) = client {
        let id = id_of(client);
        if let Some(contract) = found.iter().find(|known| known.id == id) {
            let client_file = Some(client.to_owned());
            return Ok(Some(KnownContract { client_file, ..(*contract).clone() }));
        }
        if let Some(other) = found.first() {
            let pdf = pdf.slashed();
            let message = format!("`{pdf}` is the contract of `{}`, and not of `{id}`", other.id);
            return Err(Diagnostic::error(message).hint("leave `--client` out").into());
        }
        return of_client_file(claim, client, library).map(Some);
    }
    found.dedup_by(|a, b| a.id == b.id);
    match found.as_slice() {
        [one] => Ok(Some((*one).clone())),
        [] => by_name(pdf, claim, library),
        several => {
            let ids: Vec<&str> = several.iter().map(|known| known.id.as_str()).collect();
            let message = format!("`{}` may be of {}", pdf.slashed(), List(&ids, "or"));
            Err(Diagnostic::error(message).hint("name the client: `--client FILE`").into())
        }
    }
}

/// The contract that a client file makes, or one of another version or text that only the copy knows.
fn of_client_file(
    claim: &Claim,
    client: &Path,
    library: &LibraryChoice,
) -> Result<KnownContract, Problems> {
    let made = KnownContract::of_client_file(client, library)?;
    if made.digest.starts_with(&claim.digest) {
        return Ok(made);
    }
    Ok(KnownContract {
        version: claim.version.clone().unwrap_or_default(),
        digest: claim.digest.clone(),
        ..made
    })
}

/// The contract of the one client file that names the client, where no lock and no history knows it.
fn by_name(
    pdf: &Path,
    claim: &Claim,
    library: &LibraryChoice,
) -> Result<Option<KnownContract>, Problems> {
    let Some(name) = &claim.client else {
        return Ok(None);
    };
    let root = if Path::new("clients").is_dir() { "clients" } else { "." };
    let is_named = |path: &Path| {
        let table: Option<toml::Table> =
            crate::input::read(path).ok().and_then(|source| source.text.parse().ok());
        table.is_some_and(|table| {
            table.get("client").and_then(|it| it.get("name")?.as_str()) == Some(name)
        })
    };
    let mut found = client_files(Path::new(root), &[])?;
    found.retain(|path| is_named(path));
    match found.as_slice() {
        [one] => {
            let one = one.strip_prefix(".").unwrap_or(one);
            of_client_file(claim, one, library).map(Some)
        }
        [] => Ok(None),
        _ => Err(Diagnostic::error(format!(
            "`{}` is of `{name}`, and more than one client file names it",
            pdf.slashed()
        ))
        .hint("name the client: `--client FILE`")
        .into()),
    }
}
