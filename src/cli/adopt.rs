//! Adopting proposals in the place of the owner's clauses.

use std::fmt::Write;
use std::process::ExitCode;

use super::args::AdoptArguments;
use super::console;
use super::report::{Outcome, report_one};
use crate::compare::{Run, RunKind};
use crate::diagnostic::{Count, Slashed, printable};
use crate::ops::{self, AdoptRequest, Adoption};

/// Adopts, and prints what changed.
pub fn run(arguments: &AdoptArguments) -> ExitCode {
    let request = AdoptRequest {
        parts: arguments.parts.clone(),
        version: arguments.version.filter(|_| !arguments.dry_run),
        library: arguments.library.choice(),
    };
    report_one(arguments.print.style(), |_| ops::adopt(&request))
}

impl Outcome for Adoption {
    fn result(&self) -> String {
        let mut text = String::new();
        for clause in &self.clauses {
            let word = if self.version.is_some() { "adopted" } else { "would adopt" };
            let _ = writeln!(text, "{word}  {} ({})", clause.part, clause.meets.join(", "));
            let _ = writeln!(text, "  {}\n", printable(&clause.why));
            let _ = writeln!(text, "{}\n", changes(&clause.changes));
        }
        for part in &self.same {
            let _ = writeln!(text, "unchanged  {part}");
        }
        text.trim_end().to_owned()
    }

    fn talk(&self) -> Option<String> {
        let count = Count(self.clauses.len(), "clause", "clauses");
        Some(match &self.version {
            Some(version) => format!(
                "{count}: version {} -> {version}; what was replaced is in `{}`; no lawyer has read the new text",
                self.before,
                self.kept.slashed()
            ),
            None if self.clauses.is_empty() => "nothing to adopt".to_owned(),
            None => format!("{count} would change; nothing was written"),
        })
    }

    fn is_rendered(&self) -> bool {
        true
    }
}

/// The lines of a text that have a change, with what is deleted and what is new.
fn changes(runs: &[Run]) -> String {
    let [deleted, inserted, end] =
        if console::is_coloured() { ["\x1b[31m", "\x1b[32m", "\x1b[0m"] } else { ["", "", ""] };
    let mut text = String::new();
    for run in runs {
        // A change over several lines is marked on each.
        for (index, line) in run.text.split('\n').enumerate() {
            if index > 0 {
                text.push('\n');
            }
            let line = printable(line);
            let _ = match run.kind {
                _ if line.trim().is_empty() => write!(text, "{line}"),
                RunKind::Equal => write!(text, "{line}"),
                RunKind::Deleted => write!(text, "{deleted}[-{line}-]{end}"),
                RunKind::Inserted => write!(text, "{inserted}{{+{line}+}}{end}"),
            };
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.contains("[-") || line.contains("{+") {
            lines.push(format!("  {line}"));
        } else if lines.last().is_none_or(|last| last != "  …") {
            lines.push("  …".to_owned());
        }
    }
    lines.join("\n")
}
