//! What to notify clients of, and what came of it.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::changes::Change;
use crate::compare::Needs;
use crate::diagnostic::Problems;
use crate::ops::clients::ClientSelection;
use crate::store::Existing;

/// Which clients to notify, and when.
#[derive(Debug, Clone)]
pub struct NotifyRequest {
    /// Which clients.
    pub selection: ClientSelection,
    /// The day that the notice is sent.
    pub on: NaiveDate,
    /// The last day to object where the contract gives none.
    pub until: Option<NaiveDate>,
    /// The folder that drafts go into; none is that of the PDFs.
    pub output: Option<PathBuf>,
    /// What to do about a draft that exists and differs.
    pub existing: Existing,
    /// What to do.
    pub action: NotifyAction,
}

/// What to do about those who are to be notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyAction {
    /// Only report.
    Report,
    /// Write drafts.
    Draft,
    /// Note that they were sent.
    NoteSent,
}

/// What came of it.
#[derive(Debug)]
pub struct Notifications {
    /// The clients that a change affects, in the order of their files.
    pub clients: Vec<Notification>,
    /// What is wrong.
    pub problems: Problems,
}

/// A client that a change affects.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Notification {
    /// The client's id.
    pub id: String,
    /// The client's name.
    pub client: Option<String>,
    /// The client file.
    pub client_file: PathBuf,
    /// The version of the text in force, with the changes that hold by an earlier notice.
    pub version_in_force: Option<String>,
    /// The version of the new text.
    pub version: Option<String>,
    /// What is to be done, or was.
    pub outcome: NotifyOutcome,
    /// Why nothing is known of it; none if it is.
    pub reason: Option<String>,
    /// What the changes need, the most that one of them does.
    pub needs: Option<Needs>,
    /// The changes.
    pub changes: Vec<NotifiedChange>,
    /// The day that the notice is sent, or was.
    #[serde(serialize_with = "day")]
    pub sent: Option<NaiveDate>,
    /// The last day to object.
    #[serde(serialize_with = "day")]
    pub until: Option<NaiveDate>,
    /// The first day that it is in force if nobody objects.
    #[serde(serialize_with = "day")]
    pub in_force_from: Option<NaiveDate>,
    /// The terms of the contract in force that say so: `objection-days`.
    pub terms: Vec<&'static str>,
    /// Whether the contract gives no term, and `--until` is asked for.
    pub lacks_term: bool,
    /// The draft.
    pub eml: Option<PathBuf>,
    /// The address it is to.
    pub to: Option<String>,
    /// The names of the files that are attached.
    pub attachments: Vec<String>,
    /// What was kept of what was sent.
    pub kept: Vec<PathBuf>,
}

/// What is to be done about a client, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotifyOutcome {
    /// It is to be notified.
    Due,
    /// A draft was written.
    Drafted,
    /// It was noted that the notice is sent.
    Noted,
    /// It was notified before, and its time runs.
    Notified,
    /// It was notified before, and its consent is waited for.
    WaitingConsent,
    /// It objected.
    Objected,
    /// Nothing of the change needs a notice.
    NeedsNothing,
    /// It could not be done.
    Failed,
    /// It is not known what changed.
    Unknown,
}

/// A change, with what it needs.
#[derive(Debug, Clone, Serialize)]
pub struct NotifiedChange {
    /// What it needs.
    pub needs: Needs,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
}

impl Notification {
    /// The changes, on a line.
    #[must_use]
    pub fn changes_line(&self) -> String {
        let lines: Vec<String> = self.changes.iter().map(|it| it.change.line()).collect();
        lines.join("; ")
    }
}

/// Writes a day as `2026-06-12`.
#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference"
)]
pub fn day<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}
