//! Giving a client another id.

use std::process::ExitCode;

use super::args::RenameArguments;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, Renamed};

impl Outcome for Renamed {
    fn result(&self) -> String {
        let paths = self.client_file.iter().chain(&self.pdfs).chain(&self.history);
        paths.map(|path| path.on_a_line()).collect::<Vec<_>>().join("\n")
    }

    fn talk(&self) -> Option<String> {
        let pdfs = Count(self.pdfs.len(), "PDF", "PDFs");
        let history = if self.history.is_some() { " and its history" } else { "" };
        Some(format!("`{}` is `{}` now, with {pdfs}{history}", self.from, self.to))
    }
}

/// Renames, and prints what has another name.
pub fn run(arguments: &RenameArguments) -> ExitCode {
    let RenameArguments { from, to, print } = arguments;
    report_one(print.style(), |warnings| ops::rename(from, to, warnings))
}
