//! What is reported of a client.

use super::look::{Looked, Subject, most};
use super::values::{Notification, NotifiedChange, NotifyOutcome, NotifyRequest};
use crate::compare::{ChangeKind, Needs};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::Library;
use crate::store::NoticeState;

/// Makes what is reported of a client.
pub struct Rows<'a> {
    /// The client.
    pub subject: &'a Subject<'a>,
    /// What was asked.
    pub request: &'a NotifyRequest,
}

impl Rows<'_> {
    fn empty(&self, outcome: NotifyOutcome) -> Notification {
        let identity = self.subject.document.identity.as_ref();
        Notification {
            id: self.subject.id.to_owned(),
            client: identity.and_then(|identity| identity.name.clone()),
            client_file: self.subject.path.clone(),
            version_in_force: None,
            version: None,
            outcome,
            reason: None,
            needs: None,
            changes: Vec::new(),
            sent: None,
            until: None,
            in_force_from: None,
            terms: Vec::new(),
            lacks_term: false,
            eml: None,
            to: None,
            attachments: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// A client of whom it is not known what changed.
    pub fn unknown(&self, reason: &str) -> Notification {
        Notification { reason: Some(reason.to_owned()), ..self.empty(NotifyOutcome::Unknown) }
    }

    /// A client that could not be looked at.
    pub fn failed(&self) -> Notification {
        self.empty(NotifyOutcome::Failed)
    }

    /// A client with a change, and what is odd about it.
    pub fn looked(&self, looked: &Looked<'_>, library: &Library) -> (Notification, Problems) {
        let on = self.request.on;
        let changes = looked.changes.iter().map(|change| NotifiedChange {
            needs: library.notice.needs(change.kind),
            change: change.clone(),
        });
        let changes: Vec<NotifiedChange> = changes.collect();
        let needs = most(changes.iter().map(|change| change.needs));
        let mut row = Notification {
            version_in_force: Some(looked.base.in_force.text.version.clone()),
            version: Some(looked.now.text.version.clone()),
            needs: Some(needs),
            changes,
            ..self.empty(NotifyOutcome::Due)
        };
        let open = looked.base.standing.open_notice(on).filter(|_| looked.is_notified);
        if let Some(notice) = open {
            row.outcome = match notice.state(on) {
                NoticeState::Objected => NotifyOutcome::Objected,
                NoticeState::WaitingConsent => NotifyOutcome::WaitingConsent,
                _ => NotifyOutcome::Notified,
            };
            row.sent = Some(notice.on);
            (row.until, row.in_force_from) = (notice.until, notice.in_force_from().or(notice.from));
            row.in_force_from = row.in_force_from.filter(|_| !notice.is_objected());
            return (row, Problems::new());
        }
        if needs == Needs::Nothing && !row.is_withdrawal() {
            row.outcome = NotifyOutcome::NeedsNothing;
            return (row, Problems::new());
        }
        row.sent = Some(on);
        let by_notice = || row.changes.iter().filter(|change| change.needs == Needs::Notice);
        if by_notice().next().is_some() {
            let all_by_terms = by_notice().all(|it| it.change.kind.is_of_subprocessors());
            let deadline = looked.terms().deadline(on, self.request.until, all_by_terms);
            (row.until, row.in_force_from) = (deadline.until, deadline.from);
            (row.terms, row.lacks_term) = (deadline.terms, deadline.lacks_term);
        }
        (row, Problems::new())
    }
}

impl Notification {
    /// Whether it says that an earlier change was taken back.
    #[must_use]
    pub fn is_withdrawal(&self) -> bool {
        self.changes.iter().any(|it| it.change.kind == ChangeKind::Withdrawn)
    }
}

/// A client whose contract gives no term, where none was given in its place.
pub fn no_term(row: &Notification) -> Diagnostic {
    let (file, version) = (row.client_file.slashed(), row.version_in_force.as_deref());
    let what = format!(
        "`{file}`: the contract in force ({}) gives no term to object",
        version.unwrap_or_default()
    );
    Diagnostic::error(what).hint("give the last day to object: --until DATE")
}
