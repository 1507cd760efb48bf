//! What only a person can say: that a paper was signed, that it was the client's own, that an entry was wrong.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::days;
use super::known::{Known, KnownContract, check_client_file};
use crate::diagnostic::{Diagnostic, List, Problems, Severity, Slashed};
use crate::input;
use crate::ops::sources::id_of;
use crate::ops::sources::{LibraryChoice, read_client};
use crate::store::{self, AgreementState, EntryKind, HistoryEntry};

/// A paper that was signed, as a person says.
#[derive(Debug, Clone)]
pub struct HandRequest {
    /// The scan, if there is one.
    pub file: Option<PathBuf>,
    /// Whether it is the client's own paper.
    pub own_paper: bool,
    /// The client file.
    pub client: PathBuf,
    /// The version that was signed; none if there is only one.
    pub version: Option<String>,
    /// The day of the last signature.
    pub signed_on: NaiveDate,
    /// Who says so.
    pub by: String,
    /// The day of noting it.
    pub on: NaiveDate,
    /// Only report.
    pub dry_run: bool,
    /// Which library the client file is of.
    pub library: LibraryChoice,
}

/// Which entry was wrong.
#[derive(Debug, Clone)]
pub struct UndoRequest {
    /// The file that was received; none is the client's last entry.
    pub file: Option<PathBuf>,
    /// The client file.
    pub client: Option<PathBuf>,
    /// Who says so.
    pub by: Option<String>,
    /// The day of noting it.
    pub on: NaiveDate,
    /// Only report.
    pub dry_run: bool,
}

/// An entry that was added on somebody's word.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Noted {
    /// The client, as it is called in `agreements/`.
    pub id: String,
    /// What was noted: `by-hand`, `own-paper`, `refused`, `ended`, `objected`, `consented`, `undone`.
    pub entry: EntryKind,
    /// What it undoes, and the day of that.
    pub undoes: Option<String>,
    /// The version of the contract's text.
    pub version: Option<String>,
    /// How the agreement stands now; none if nothing is left.
    pub agreement: Option<AgreementState>,
    /// The first day of the agreement.
    pub in_force_from: Option<String>,
    /// The copy that was filed.
    pub filed: Option<PathBuf>,
}

/// Notes that a paper was signed.
///
/// # Errors
///
/// If it is not clear which version, a day is wrong, or it cannot be filed.
pub fn note_by_hand(request: &HandRequest, known: &Known) -> Result<Noted, Problems> {
    let HandRequest { client, signed_on, on, own_paper, .. } = request;
    check_client_file(client)?;
    if signed_on > on {
        let later = format!("it cannot be signed on {signed_on}, which is after {on}");
        return Err(Diagnostic::error(later).hint("give the day of the signature").into());
    }
    let id = id_of(client);
    let history = known.agreements.history(&id)?;
    let bytes = match &request.file {
        Some(path) => Some(
            input::bytes(path)
                .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?,
        ),
        None => None,
    };
    let contract = if *own_paper { None } else { Some(signed_version(request, known, &id)?) };
    let start = contract.as_ref().map_or(Ok(None), |_| start(request))?;
    let from = start.into_iter().chain([*signed_on]).max().unwrap_or(*signed_on);
    let kind = if *own_paper { EntryKind::OwnPaper } else { EntryKind::ByHand };
    let mut entry = HistoryEntry::new(kind, *on);
    entry.version = contract.as_ref().map(|contract| contract.version.clone());
    entry.digest = contract.map(|contract| contract.digest);
    entry.agreement = Some(AgreementState::ByHand);
    entry.from = Some(from);
    entry.by = Some(request.by.clone());
    entry.checked = vec![format!("signed on {signed_on}, as {} says", request.by)];
    let mut noted = Noted {
        id: id.clone(),
        entry: kind,
        undoes: None,
        version: entry.version.clone(),
        agreement: Some(AgreementState::ByHand),
        in_force_from: Some(from.to_string()),
        filed: None,
    };
    let is_again = bytes.as_ref().is_some_and(|bytes| {
        let sha256 = store::sha256(bytes);
        history.live().any(|entry| entry.kind == kind && entry.sha256.as_ref() == Some(&sha256))
    });
    if is_again {
        let path = request.file.as_deref().unwrap_or(Path::new("")).slashed();
        return Err(Diagnostic::error(format!("`{path}` was noted before"))
            .hint("undo that first, if it was wrong: `dpa-gen receive FILE --undo`")
            .into());
    }
    if request.dry_run {
        return Ok(noted);
    }
    let mut folder = known.agreements.open(&id)?;
    if let (Some(bytes), Some(path)) = (bytes, &request.file) {
        let name = folder.keep(&file_name(request, &entry, path), &bytes)?;
        noted.filed = Some(known.agreements.folder(&id).join(&name));
        (entry.file, entry.sha256) = (Some(name), Some(store::sha256(&bytes)));
    }
    folder.add(entry)?;
    Ok(noted)
}

fn file_name(request: &HandRequest, entry: &HistoryEntry, path: &Path) -> String {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let extension = if extension.is_empty() { "pdf".to_owned() } else { extension };
    let what = entry.version.as_deref().unwrap_or("own-paper");
    format!("{what}-signed-by-hand-{}.{extension}", request.signed_on)
}

/// How many digits of a digest name a contract at least.
const DIGITS: usize = 8;

/// The contract that was signed: the one that is named, or the only one there is.
fn signed_version(
    request: &HandRequest,
    known: &Known,
    id: &str,
) -> Result<KnownContract, Problems> {
    let mut found: Vec<KnownContract> = known.of_client(id).cloned().collect();
    if found.is_empty() {
        found.push(KnownContract::of_client_file(&request.client, &request.library)?);
    }
    if let Some(given) = &request.version {
        found.retain(|known| {
            known.version == *given || (given.len() >= DIGITS && known.digest.starts_with(given))
        });
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let version = request.version.as_deref().unwrap_or_default();
            let none = format!("no version {version} of the contract of `{id}` is known here");
            Err(Diagnostic::error(none).hint("`dpa-gen status` shows the versions").into())
        }
        several => {
            let mut versions: Vec<&str> =
                several.iter().map(|known| known.version.as_str()).collect();
            versions.sort_unstable();
            versions.dedup();
            let message = if versions.len() == 1 {
                format!("`{id}` has more than one contract of version {}", versions[0])
            } else {
                format!("the contract of `{id}` may be {}", List(&versions, "or"))
            };
            let hint = "say which was signed: `--of VERSION`, or `--of` with the digits at the foot of its pages";
            Err(Diagnostic::error(message).hint(hint).into())
        }
    }
}

/// The first day by the client file, if it sets one.
fn start(request: &HandRequest) -> Result<Option<NaiveDate>, Problems> {
    let library = request.library.open(Some(&request.client))?;
    let client = read_client(&request.client, &library)?;
    let contract = crate::contract::Contract::assemble(&client, crate::contract::Form::Fields);
    Ok(contract.agreement.start.as_deref().and_then(days::read))
}

/// Notes that an entry was wrong. The entry stays.
///
/// # Errors
///
/// If there is none to undo, or it cannot be noted.
pub fn undo(request: &UndoRequest, known: &Known) -> Result<Noted, Problems> {
    let sha256 = match &request.file {
        Some(path) => {
            let bytes = input::bytes(path)
                .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
            Some(store::sha256(&bytes))
        }
        None => None,
    };
    let ids = match &request.client {
        Some(client) => vec![id_of(client)],
        None => known.agreements.ids(),
    };
    let is_wanted = |entry: &&HistoryEntry| {
        let is_of_file = sha256.is_none() || entry.sha256 == sha256;
        is_of_file && !matches!(entry.kind, EntryKind::Signed | EntryKind::Sent)
    };
    for id in ids {
        let history = known.agreements.history(&id)?;
        let Some(wrong) = history.live().rev().find(|entry| is_wanted(entry)) else {
            continue;
        };
        let undoes = format!("{} of {}", wrong.kind.word(), wrong.on);
        let mut entry = HistoryEntry::new(EntryKind::Undone, request.on);
        entry.version.clone_from(&wrong.version);
        entry.undoes = Some(wrong.check());
        entry.by.clone_from(&request.by);
        let version = entry.version.clone();
        let standing = if request.dry_run {
            history.standing()
        } else {
            let mut folder = known.agreements.open(&id)?;
            folder.add(entry)?;
            folder.history().standing()
        };
        return Ok(Noted {
            agreement: standing.agreement(),
            in_force_from: standing.in_force.map(|agreed| agreed.since.to_string()),
            id,
            entry: EntryKind::Undone,
            undoes: Some(undoes),
            version,
            filed: None,
        });
    }
    let what = match (&request.file, &request.client) {
        (Some(file), _) => format!("`{}` was not received", file.slashed()),
        (None, Some(client)) => format!("nothing was received of `{}`", id_of(client)),
        (None, None) => "nothing was received".to_owned(),
    };
    Err(Diagnostic::error(what).hint("`dpa-gen status` shows what is noted").into())
}
