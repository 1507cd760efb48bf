//! What a client answers to a notice: that it objects, or agrees.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, Problems};
use crate::ops::current::client_id;
use crate::ops::receive::{Known, Noted};
use crate::store::{EntryKind, HistoryEntry, NoticeState};

/// What a client answered.
#[derive(Debug, Clone)]
pub struct AnswerRequest {
    /// The client file.
    pub client: PathBuf,
    /// The folder of the PDFs; none is the one that is set.
    pub folder: Option<PathBuf>,
    /// Why it objects; none if it agrees.
    pub objection: Option<String>,
    /// Who says so.
    pub by: Option<String>,
    /// The day of the answer.
    pub on: NaiveDate,
    /// Only report.
    pub dry_run: bool,
}

/// Notes what a client answered to the last notice.
///
/// # Errors
///
/// If no notice is noted, the answer is of a day before it, or it cannot be noted.
pub fn answer(
    request: &AnswerRequest,
    known: &Known,
    warnings: &mut Problems,
) -> Result<Noted, Problems> {
    let AnswerRequest { on, .. } = request;
    let id = client_id(request.folder.as_deref(), &request.client)?;
    let standing = known.agreements.history(&id)?.standing();
    let last = standing.notices.last();
    let Some(notice) = last.filter(|notice| !notice.is_withdrawal()) else {
        let none = format!("no notice of a change is noted for `{id}`");
        let hint = format!("note that it was sent first: `dpa-gen notify --sent --client {id}`");
        return Err(Diagnostic::error(none).hint(hint).into());
    };
    if *on < notice.on {
        let early = format!("the answer of {on} is before the notice of {}", notice.on);
        return Err(Diagnostic::error(early).hint("give the day of the answer with --on").into());
    }
    if let (Some(_), Some(until)) = (&request.objection, notice.until)
        && *on > until
    {
        let late = format!("the objection of `{id}` came on {on}, after the last day ({until})");
        let hint = "it is noted, and the change stays in force: what it leads to is for a lawyer";
        warnings.push(Diagnostic::warning(late).hint(hint));
    } else if request.objection.is_some() && notice.state(*on) == NoticeState::InForce {
        let late = format!("the objection of `{id}` came on {on}, when the change was in force");
        warnings.push(Diagnostic::warning(late).hint("it is noted, and changes nothing"));
    }
    let kind = match request.objection {
        Some(_) => EntryKind::Objected,
        None => EntryKind::Consented,
    };
    let mut entry = HistoryEntry::new(kind, *on);
    entry.version.clone_from(&notice.version);
    entry.digest.clone_from(&notice.digest);
    entry.reason.clone_from(&request.objection);
    entry.by.clone_from(&request.by);
    let noted = Noted {
        id: id.clone(),
        entry: kind,
        undoes: None,
        version: entry.version.clone(),
        agreement: standing.agreement(),
        in_force_from: (kind == EntryKind::Consented).then(|| on.to_string()),
        filed: None,
    };
    if !request.dry_run {
        known.agreements.open(&id)?.add(entry)?;
    }
    Ok(noted)
}
