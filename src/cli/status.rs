//! The state of all clients' PDFs.

use std::process::ExitCode;

use super::args::StatusArguments;
use super::report::{Outcome, Report};
use crate::diagnostic::{Slashed, one_line};
use crate::ops::{self, DocumentState, DocumentStatus, document_name};

impl Outcome for DocumentStatus {
    fn result(&self) -> String {
        let state = match self.state {
            DocumentState::Current => "current",
            DocumentState::Stale => "stale",
            DocumentState::Orphaned => "orphaned",
            DocumentState::Earlier => "earlier",
            DocumentState::Other => "other",
            DocumentState::Unknown => "unknown",
        };
        let client = document_name(self.client_file.as_deref());
        let version = self.version.as_deref().unwrap_or("–");
        let reason = self
            .reason
            .as_ref()
            .map(|reason| format!("  ({})", one_line(reason)))
            .unwrap_or_default();
        let touched = self.touched.to_string();
        let pdf = self.pdf.as_ref().map(|pdf| format!("  {}", pdf.on_a_line())).unwrap_or_default();
        format!("{state:<8}  {version:<10}  {touched:<9}  {}{pdf}{reason}", one_line(&client))
    }
}

/// Prints the state of all; the exit code says whether there is something to do.
pub fn run(arguments: &StatusArguments) -> ExitCode {
    let status = ops::status(&arguments.clients.selection());
    let code = u8::from(status.is_stale());
    let mut report = Report::new(arguments.json.style());
    for document in status.documents {
        report.result(document);
    }
    report.problems(status.problems);
    report.finish_with(code)
}
