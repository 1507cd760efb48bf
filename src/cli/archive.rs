//! Taking a client out of daily lists.

use std::process::ExitCode;

use super::args::ArchiveArguments;
use super::report::{Outcome, report_one};
use crate::diagnostic::Count;
use crate::ops::{self, Archived};

impl Outcome for Archived {
    fn result(&self) -> String {
        String::new()
    }

    fn talk(&self) -> Option<String> {
        let state = if self.archived { "archived" } else { "in the lists again" };
        let pdfs = Count(self.pdfs, "PDF", "PDFs");
        Some(format!("`{}` is {state}; what there is of it stays: {pdfs}", self.id))
    }
}

/// Archives, or takes it back.
pub fn run(arguments: &ArchiveArguments) -> ExitCode {
    let ArchiveArguments { id, undo, print } = arguments;
    report_one(print.style(), |warnings| ops::archive(id, *undo, warnings))
}
