//! How a change stands that a client was notified of, in words and as JSON has it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::compare::Needs;
use crate::store::{Answer, Notice, NoticeState};

/// A change that a client was notified of.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NoticeStatus {
    /// How it stands.
    pub state: NoticeState,
    /// The version of the new text; none if an earlier change was taken back.
    pub version: Option<String>,
    /// The day that the notice was sent.
    pub sent: String,
    /// What the change needs.
    pub needs: Needs,
    /// What changed, a line each.
    pub changes: Vec<String>,
    /// The last day to object.
    pub until: Option<String>,
    /// The first day that the change is in force, as far as it is known.
    pub in_force_from: Option<String>,
    /// The day of the client's objection.
    pub objected: Option<String>,
    /// Why it objects.
    pub objection: Option<String>,
    /// The day of the client's consent.
    pub consented: Option<String>,
}

impl NoticeStatus {
    /// That of a notice on a day.
    pub(super) fn of(notice: &Notice, on: NaiveDate) -> Self {
        let (mut objected, mut objection, mut consented) = (None, None, None);
        match &notice.answer {
            Some(Answer::Objected { on, reason }) => {
                (objected, objection) = (Some(on.to_string()), reason.clone());
            }
            Some(Answer::Consented { on }) => consented = Some(on.to_string()),
            None => {}
        }
        Self {
            state: notice.state(on),
            version: notice.version.clone().filter(|_| !notice.is_withdrawal()),
            sent: notice.on.to_string(),
            needs: notice.needs,
            changes: notice.changes.clone(),
            until: notice.until.map(|until| until.to_string()),
            in_force_from: notice.in_force_from().map(|from| from.to_string()),
            objected,
            objection,
            consented,
        }
    }
}

/// What is in force by a notice.
pub(super) fn changed_text(notice: &Notice) -> String {
    let version = notice.version.as_deref().unwrap_or_default();
    let from = notice.in_force_from().map(|from| from.to_string()).unwrap_or_default();
    format!(", changed to {version} since {from} by the notice of {}", notice.on)
}

/// What is open of a change that the client was notified of.
pub(super) fn notice_text(notice: &Notice, on: NaiveDate) -> String {
    let (sent, version) = (notice.on, notice.version.as_deref().unwrap_or_default());
    let text = format!("{version} notified on {sent}");
    let until = notice.until.map(|until| until.to_string());
    let from = notice.from.map(|from| format!(", in force from {from}")).unwrap_or_default();
    match (&notice.answer, notice.state(on), until) {
        (Some(Answer::Objected { on, reason }), NoticeState::Objected, _) => {
            let reason = reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{text}, objected on {on}{reason}: not in force")
        }
        (_, NoticeState::WaitingConsent, Some(until)) if notice.until >= Some(on) => {
            format!("{text}, waiting for consent; objection to sub-processors until {until}")
        }
        (_, NoticeState::WaitingConsent, _) => format!("{text}, waiting for consent"),
        (_, _, Some(until)) if notice.until >= Some(on) => {
            format!("{text}, objection until {until}{from}")
        }
        _ => format!("{text}{from}"),
    }
}
