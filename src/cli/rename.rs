//! Giving a client another id.

use std::process::ExitCode;

use super::args::RenameArguments;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, Renamed};

impl Outcome for Renamed {
    fn result(&self) -> String {
        let paths = self.client_file.iter().chain(&self.pdfs).map(|path| path.slashed());
        paths.collect::<Vec<_>>().join("\n")
    }

    fn talk(&self) -> Option<String> {
        let pdfs = Count(self.pdfs.len(), "PDF", "PDFs");
        Some(format!("`{}` is `{}` now, with {pdfs} and its history", self.from, self.to))
    }
}

/// Renames, and prints what has another name.
pub fn run(arguments: &RenameArguments) -> ExitCode {
    let RenameArguments { from, to, print } = arguments;
    report_one(print.style(), |warnings| ops::rename(from, to, warnings))
}
