//! The state of all clients' PDFs.

use std::process::ExitCode;

use chrono::Local;
use serde::Serialize;

use super::args::StatusArguments;
use super::report::{Outcome, Report};
use crate::diagnostic::{Slashed, one_line};
use crate::ops::{self, AgreementStatus, DocumentState, DocumentStatus, document_name};

/// A document, and the agreement with its client.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    document: DocumentStatus,
    #[serde(flatten)]
    agreement: Option<AgreementStatus>,
    /// Whether the agreement is shown though nothing left the house yet.
    #[serde(skip)]
    is_shown: bool,
}

impl Outcome for Row {
    fn result(&self) -> String {
        let is_shown = |it: &&AgreementStatus| it.agreement.is_some() || self.is_shown;
        let agreement = self.agreement.as_ref().filter(is_shown);
        let agreement = agreement.map(|it| format!("\n{:10}{}", "", one_line(&it.text)));
        line(&self.document) + &agreement.unwrap_or_default()
    }
}

fn line(document: &DocumentStatus) -> String {
    let state = match document.state {
        DocumentState::Current => "current",
        DocumentState::Stale => "stale",
        DocumentState::Orphaned => "orphaned",
        DocumentState::Earlier => "earlier",
        DocumentState::Other => "other",
        DocumentState::Unknown => "unknown",
    };
    let client = document_name(document.client_file.as_deref());
    let version = document.version.as_deref().unwrap_or("–");
    let reason = document.reason.as_ref().map(|reason| format!("  ({reason})")).unwrap_or_default();
    let touched = document.touched.to_string();
    let pdf = document.pdf.as_ref().map(|pdf| format!("  {}", pdf.slashed())).unwrap_or_default();
    let line = format!("{state:<8}  {version:<10}  {touched:<9}  {client}{pdf}{reason}");
    one_line(&line).into_owned()
}

/// Prints the state of all; the exit code says whether there is something to do.
pub fn run(arguments: &StatusArguments) -> ExitCode {
    let on = arguments.on.unwrap_or_else(|| Local::now().date_naive());
    let mut status = ops::status(&arguments.clients.selection(), on);
    let code = u8::from(status.is_stale());
    let mut report = Report::new(arguments.json.style());
    for document in status.documents {
        // Of a client's documents, the one that is kept up to date stands first.
        let client = document.client_file.as_ref();
        let agreement = client.and_then(|client| status.agreements.remove(client));
        let is_open = agreement.as_ref().is_some_and(|agreement| agreement.open.is_some());
        if is_open || !arguments.open {
            report.result(Row { document, agreement, is_shown: arguments.open });
        }
    }
    report.problems(status.problems);
    report.finish_with(code)
}
