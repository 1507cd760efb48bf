//! The state of all clients' PDFs.

use std::process::ExitCode;

use super::args::StatusArguments;
use super::report::{Outcome, Report, Style};
use crate::ops::{self, DocumentStatus, Standing, document_name};

impl Outcome for DocumentStatus {
    fn result(&self) -> String {
        let standing = match self.standing {
            Standing::Current => "current",
            Standing::Stale => "stale",
            Standing::Orphaned => "orphaned",
            Standing::Earlier => "earlier",
            Standing::Other => "other",
        };
        let client = document_name(self.client.as_deref());
        let version = self.version.as_deref().unwrap_or("–");
        let reason = self.reason.as_ref().map(|reason| format!("  ({reason})")).unwrap_or_default();
        let touched = self.touched.to_string();
        let pdf = self.pdf.display();
        format!("{standing:<8}  {version:<10}  {touched:<9}  {client}  {pdf}{reason}")
    }
}

/// Prints the state of all; the exit code says whether there is something to do.
pub fn run(arguments: &StatusArguments) -> ExitCode {
    let style = if arguments.fleet.json { Style::Json } else { Style::Human };
    let status = ops::status(&arguments.fleet.selection());
    let code = u8::from(status.is_stale());
    let mut report = Report::new(style);
    for document in status.documents {
        report.result(document);
    }
    report.problems(status.problems);
    report.finish_with(code)
}
