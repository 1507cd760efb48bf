//! That a client refused a contract, or that an agreement ended, as a person says.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::by_hand::Noted;
use super::known::Known;
use crate::diagnostic::{Diagnostic, Problems};
use crate::ops::current::client_id;
use crate::store::{Agreements, EntryKind, HistoryEntry};

/// What came to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client refused the contract that waited for it.
    Refused,
    /// What was agreed ended.
    Ended,
}

/// An end that is to be noted.
#[derive(Debug, Clone)]
pub struct EndRequest {
    /// What came to an end.
    pub ending: Ending,
    /// The client file.
    pub client: PathBuf,
    /// The folder of the PDFs; none is the one that is set.
    pub folder: Option<PathBuf>,
    /// Why.
    pub reason: Option<String>,
    /// Who says so.
    pub by: Option<String>,
    /// The day of the refusal, or the first day without the agreement.
    pub on: NaiveDate,
    /// Only report.
    pub dry_run: bool,
}

/// Notes that a client refused a contract, or that an agreement ended.
///
/// # Errors
///
/// If there is nothing that was refused or could end, the day is before it, or it cannot be noted.
pub fn note_end(request: &EndRequest, known: &Known) -> Result<Noted, Problems> {
    let EndRequest { ending, on, .. } = request;
    let id = id(request, &known.agreements)?;
    let standing = known.agreements.history(&id)?.standing();
    if let Some(ended) = standing.ended {
        let again = format!("the agreement with `{id}` ended on {ended}");
        return Err(Diagnostic::error(again)
            .hint(format!("undo that first, if it was wrong: dpa-gen receive --undo --client {id}"))
            .into());
    }
    let (kind, version, digest, since) = match ending {
        Ending::Refused => {
            let Some(pending) = standing.pending.as_ref().filter(|pending| pending.sent) else {
                let none = format!("no contract waits for an answer of `{id}`");
                let hint = "note that it was sent first: `dpa-gen mail --sent`; what was agreed ends with --ended";
                return Err(Diagnostic::error(none).hint(hint).into());
            };
            (EntryKind::Refused, &pending.version, &pending.digest, pending.since)
        }
        Ending::Ended => {
            let Some(agreed) = &standing.in_force else {
                let none = format!("nothing is agreed with `{id}`");
                let hint = "note what came back first: `dpa-gen receive FILE`; what waits for an answer is refused with --refused";
                return Err(Diagnostic::error(none).hint(hint).into());
            };
            (EntryKind::Ended, &agreed.version, &agreed.digest, agreed.since)
        }
    };
    if *on < since {
        let early = match ending {
            Ending::Refused => {
                format!("it cannot be refused on {on}, before it was sent on {since}")
            }
            Ending::Ended => format!("it cannot end on {on}, before it was in force on {since}"),
        };
        return Err(Diagnostic::error(early).hint("give the day with --on").into());
    }
    let mut entry = HistoryEntry::new(kind, *on);
    (entry.version, entry.digest) = (version.clone(), digest.clone());
    (entry.reason, entry.by) = (request.reason.clone(), request.by.clone());
    let version = entry.version.clone();
    let mut history = known.agreements.history(&id)?;
    if request.dry_run {
        history.entries.push(entry);
    } else {
        let mut folder = known.agreements.open(&id)?;
        folder.add(entry)?;
        history = folder.history().clone();
    }
    let agreement = history.standing().agreement();
    Ok(Noted {
        id,
        entry: kind,
        undoes: None,
        version,
        agreement,
        in_force_from: None,
        filed: None,
    })
}

/// The client's id: that of its file, or that of its history where the file is gone.
fn id(request: &EndRequest, agreements: &Agreements) -> Result<String, Problems> {
    let typed = request.client.to_string_lossy();
    let is_id = Path::new(&*typed).components().count() == 1 && agreements.has(&typed);
    match client_id(request.folder.as_deref(), &request.client) {
        Err(_) if is_id && !request.client.exists() => Ok(typed.into_owned()),
        found => found,
    }
}
