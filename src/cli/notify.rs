//! Notifying clients of a change.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{Local, NaiveDate};
use serde::Serialize;

use super::args::NotifyArguments;
use super::place;
use super::report::{Outcome, Report};
use super::table;
use crate::compare::Needs;
use crate::diagnostic::{Slashed, one_line};
use crate::ops::{self, ClientSelection, Notification, NotifyAction, NotifyOutcome, NotifyRequest};

/// A client, and its line in the table.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    notification: Notification,
    #[serde(skip)]
    line: String,
    /// Whether the table is what was asked for, and not drafts.
    #[serde(skip)]
    is_asked: bool,
}

impl Outcome for Row {
    fn result(&self) -> String {
        match &self.notification.eml {
            Some(eml) => eml.on_a_line(),
            None if self.is_asked => self.line.clone(),
            None => String::new(),
        }
    }

    fn talk(&self) -> Option<String> {
        (!self.is_asked).then(|| self.line.clone())
    }
}

/// Reports whom a change affects, or writes the drafts, or notes that they were sent.
pub fn run(arguments: &NotifyArguments) -> ExitCode {
    let action = match (arguments.dry_run, arguments.sent) {
        (true, _) => NotifyAction::Report,
        (_, true) => NotifyAction::NoteSent,
        _ => NotifyAction::Draft,
    };
    let request = NotifyRequest {
        selection: selection(arguments),
        on: arguments.on.unwrap_or_else(|| Local::now().date_naive()),
        until: arguments.until,
        output: place::typed_some(arguments.output.as_ref()),
        existing: arguments.force.existing(),
        action,
    };
    let found = ops::notify(&request);
    let mut report = Report::new(arguments.common.print.style());
    let lines = table::lines(&found.clients.iter().map(cells).collect::<Vec<_>>());
    if found.clients.is_empty() && found.problems.is_empty() {
        report.talk("no client is affected: what is in force is what the files say now");
    }
    for (notification, line) in found.clients.into_iter().zip(lines) {
        report.result(Row { notification, line, is_asked: action != NotifyAction::Draft });
    }
    report.problems(found.problems);
    report.finish()
}

fn selection(arguments: &NotifyArguments) -> ClientSelection {
    let client = arguments.client.as_deref().map(place::client);
    let (clients, only) = match client {
        Some(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = path.parent().map_or_else(PathBuf::new, PathBuf::from);
            let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
            (Some(folder), vec![glob::Pattern::escape(&name)])
        }
        None => (arguments.files.folder(), arguments.files.only.clone()),
    };
    ClientSelection {
        clients,
        only,
        library: arguments.common.library.choice(),
        ..ClientSelection::default()
    }
}

/// Who, what it needs, until when, and what changed.
fn cells(row: &Notification) -> Vec<String> {
    let needs = match (row.outcome, row.needs) {
        (NotifyOutcome::Unknown | NotifyOutcome::Failed, _) | (_, None) => "–",
        (_, Some(needs)) => needs.word(),
    };
    let what = row.reason.clone().unwrap_or_else(|| row.changes_line());
    [row.id.clone(), needs.to_owned(), when(row), what]
        .map(|cell| one_line(&cell).into_owned())
        .into()
}

fn when(row: &Notification) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let until = match (row.until, row.in_force_from) {
        _ if row.lacks_term => "the contract gives no term: give --until DATE".to_owned(),
        (Some(until), _) if row.needs == Some(Needs::Consent) => {
            format!("a new signature; sub-processors until {until}")
        }
        (Some(until), Some(from)) => format!("until {until}, in force from {from}"),
        (Some(until), None) => format!("until {until}"),
        _ if row.needs == Some(Needs::Consent) => "a new signature".to_owned(),
        _ => "–".to_owned(),
    };
    match row.outcome {
        NotifyOutcome::Due | NotifyOutcome::Drafted => until,
        NotifyOutcome::Noted => format!("noted as sent on {}: {until}", day(row.sent)),
        NotifyOutcome::Notified => format!("notified on {}: {until}", day(row.sent)),
        NotifyOutcome::WaitingConsent => {
            format!("notified on {}: waiting for consent", day(row.sent))
        }
        NotifyOutcome::Objected => format!("notified on {}: objected", day(row.sent)),
        NotifyOutcome::NeedsNothing => "no notice needed".to_owned(),
        NotifyOutcome::Failed => "failed".to_owned(),
        NotifyOutcome::Unknown => "not known".to_owned(),
    }
}
