//! What is in force with each client, by the histories in `agreements/`.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::Value;

use super::show::NOT_READ;
use crate::contract::project::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::pdf;
use crate::store::{Agreements, Entry, InForce, Notice};

/// Refuses to replace a contract that was sent: it may have been signed already.
pub(super) fn check_not_sent(
    pdf: &Path,
    known: Option<&Entry>,
    digest: &str,
) -> Result<(), Problems> {
    let Some((known, id)) = known.and_then(|known| Some((known, known.id.as_ref()?))) else {
        return Ok(());
    };
    let is_other = known.digest != digest && pdf.exists();
    let history = Agreements::of(Path::new("")).history(id)?;
    if !is_other || !history.was_sent(&known.digest) {
        return Ok(());
    }
    let sent = format!("`{}` was sent to the client, and stays as it is", pdf.slashed());
    let hint = "move it away, give another name with --output, or set a new version";
    Err(Diagnostic::failure(sent).hint(hint).into())
}

/// The agreement that binds both parties.
#[derive(Debug, Clone)]
pub struct AgreementInForce {
    /// What is agreed.
    pub agreed: InForce,
    /// The copy that was signed; none if none was kept.
    pub pdf: Option<PathBuf>,
    /// The change that is in force beside it, by a notice that the client did not object to in time.
    pub notice: Option<Notice>,
    /// The contract with that change.
    pub changed: Option<PathBuf>,
}

/// The agreement that binds both parties on a day; none if there is none. `folder` is the root,
/// and `id` is the client's.
///
/// # Errors
///
/// If its history cannot be read, or was edited.
pub fn in_force(
    folder: &Path,
    id: &str,
    on: NaiveDate,
) -> Result<Option<AgreementInForce>, Problems> {
    let agreements = Agreements::of(folder);
    let standing = agreements.history(id)?.standing();
    let notice = standing.notice_in_force(on);
    let with_pdf = |agreed: &InForce| AgreementInForce {
        pdf: agreed.file.as_ref().map(|file| agreements.folder(id).join(file)),
        agreed: agreed.clone(),
        changed: notice.and_then(|notice| Some(agreements.folder(id).join(notice.file.as_ref()?))),
        notice: notice.cloned(),
    };
    Ok(standing.in_force_on(on).map(with_pdf))
}

impl AgreementInForce {
    /// The copy of the text that is in force: of what was signed, or with the change that is in force by a notice.
    #[must_use]
    pub fn text(&self) -> Option<&PathBuf> {
        self.changed.as_ref().or(self.pdf.as_ref())
    }

    /// What its contract says, by the `contract.json` in the copy that was kept: its `terms`, `subprocessors` and
    /// all else, with the change that is in force by a notice. None if there is no such copy, as of what was signed on paper.
    ///
    /// # Errors
    ///
    /// If the copy cannot be read.
    pub fn contract(&self) -> Result<Option<Value>, Diagnostic> {
        let Some(path) = self.text() else {
            return Ok(None);
        };
        let bytes = input::bytes(path)
            .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
        let json =
            |inspection: &pdf::Inspection| inspection.attachment(CONTRACT_JSON).map(<[u8]>::to_vec);
        let inspection = pdf::inspect(&bytes).ok_or_else(|| {
            Diagnostic::error(format!("`{}` needs a password, {NOT_READ}", path.slashed()))
                .of_file(path)
        })?;
        let found =
            json(&inspection).or_else(|| inspection.embedded().find_map(|(_, inner)| json(&inner)));
        Ok(found.and_then(|json| serde_json::from_slice(&json).ok()))
    }
}
