//! A change that a client was notified of, and what became of it.

use chrono::NaiveDate;
use serde::Serialize;

use super::entry::{Entry, EntryKind};
use crate::compare::Needs;

/// A change that a client was notified of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The day that the notice was sent.
    pub on: NaiveDate,
    /// The version of the new text.
    pub version: Option<String>,
    /// The digest of the new text; none if an earlier change was taken back.
    pub digest: Option<String>,
    /// The contract with the new text, in the client's folder.
    pub file: Option<String>,
    /// What the change needs before it holds.
    pub needs: Needs,
    /// The last day on which the client may object; none if only consent will do.
    pub until: Option<NaiveDate>,
    /// The first day that it is in force if nobody objects.
    pub from: Option<NaiveDate>,
    /// What changed, a line each.
    pub changes: Vec<String>,
    /// What the client answered last.
    pub answer: Option<Answer>,
}

/// What a client answered to a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It objected.
    Objected {
        /// The day of it.
        on: NaiveDate,
        /// Why.
        reason: Option<String>,
    },
    /// It agreed.
    Consented {
        /// The day of it.
        on: NaiveDate,
    },
}

/// How a change stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeState {
    /// The client can still object, or the time of the notice runs.
    Running,
    /// It waits for the client's consent.
    WaitingConsent,
    /// The client objected in time: the change does not hold for it.
    Objected,
    /// It is in force.
    InForce,
    /// An earlier change was taken back.
    Withdrawn,
}

impl Notice {
    /// The notice of an entry.
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            on: entry.on,
            version: entry.version.clone(),
            digest: entry.digest.clone(),
            file: entry.file.clone(),
            needs: entry.needs.unwrap_or(Needs::Consent),
            until: entry.until,
            from: entry.from,
            changes: entry.changes.clone(),
            answer: None,
        }
    }

    /// Notes an answer. Who agreed is bound: an objection after that changes nothing.
    pub(super) fn answer(&mut self, entry: &Entry) {
        let on = entry.on;
        if entry.kind == EntryKind::Consented {
            self.answer = Some(Answer::Consented { on });
        } else if !matches!(self.answer, Some(Answer::Consented { .. })) {
            self.answer = Some(Answer::Objected { on, reason: entry.reason.clone() });
        }
    }

    /// Whether it says that an earlier change was taken back.
    #[must_use]
    pub fn is_withdrawal(&self) -> bool {
        self.digest.is_none()
    }

    /// The first day that the whole change is in force, as far as it is known by now.
    #[must_use]
    pub fn in_force_from(&self) -> Option<NaiveDate> {
        match &self.answer {
            Some(Answer::Consented { on }) => Some(*on),
            _ if self.is_objected() || self.needs == Needs::Consent => None,
            _ => self.from,
        }
    }

    /// The first day on which that of it which needs no consent holds.
    #[must_use]
    pub fn noticed_from(&self) -> Option<NaiveDate> {
        self.in_force_from().or(self.from).filter(|_| !self.is_objected())
    }

    /// Whether the client objected in time. An objection after the last day is noted, and changes nothing.
    #[must_use]
    pub fn is_objected(&self) -> bool {
        let is_in_time = |on: NaiveDate| self.until.is_none_or(|until| on <= until);
        matches!(self.answer, Some(Answer::Objected { on, .. }) if is_in_time(on))
    }

    /// How it stands on a day.
    #[must_use]
    pub fn state(&self, on: NaiveDate) -> NoticeState {
        if self.is_withdrawal() {
            NoticeState::Withdrawn
        } else if self.is_objected() {
            NoticeState::Objected
        } else if self.in_force_from().is_some_and(|from| from <= on) {
            NoticeState::InForce
        } else if self.needs == Needs::Consent {
            NoticeState::WaitingConsent
        } else {
            NoticeState::Running
        }
    }
}
