//! Showing what changed between two texts of an agreement.

mod text;

use std::process::ExitCode;

use super::args::RedlineArguments;
use super::place;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, Redline, RedlineRequest, Side};
use text::{Marks, text};

/// Compares, and prints what changed.
pub fn run(arguments: &RedlineArguments) -> ExitCode {
    let request = RedlineRequest {
        old: place::named(&arguments.old),
        new: arguments.new.as_deref().map(place::named),
        folder: place::existing_some(arguments.dir.as_ref()),
        library: arguments.common.library.choice(),
        output: place::typed_some(arguments.output.as_ref()),
        existing: arguments.force.existing(),
    };
    report_one(arguments.common.print.style(), |warnings| ops::redline(&request, warnings))
}

impl Outcome for Redline {
    fn result(&self) -> String {
        match &self.pdf {
            Some(pdf) => pdf.on_a_line(),
            None => text(self, &Marks::of_terminal()),
        }
    }

    fn talk(&self) -> Option<String> {
        let count = self.comparison.clauses.iter().filter(|clause| clause.changed).count();
        let changed = Count(count, "clause", "clauses");
        let (old, new) = (described(&self.old), described(&self.new));
        Some(format!("{old} -> {new}: {changed} of {} changed", self.comparison.clauses.len()))
    }

    fn is_rendered(&self) -> bool {
        true
    }
}

fn described(side: &Side) -> String {
    let client = side.client.as_deref().unwrap_or("general edition");
    match &side.file {
        Some(file) => format!("{client}, version {} (`{}`)", side.version, file.slashed()),
        None => format!("{client}, version {}", side.version),
    }
}
