//! Adopting proposals in the place of the owner's clauses.

use std::fmt::{Display, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::args::AdoptArguments;
use super::console;
use super::lang::{self, counted};
use super::report::{Outcome, report_one};
use crate::check::{Lang, say};
use crate::compare::{Run, RunKind};
use crate::diagnostic::{Slashed, printable};
use crate::ops::{self, AdoptRequest, Adoption};

/// Adopts, and prints what changed.
pub fn run(arguments: &AdoptArguments) -> ExitCode {
    let request = AdoptRequest {
        parts: arguments.parts.clone(),
        version: arguments.version.filter(|_| !arguments.dry_run),
        library: arguments.text.library.choice(),
    };
    let lang = lang::or_locale(arguments.text.lang.asked());
    let style = arguments.text.print.style();
    report_one(style, |_| Ok(Adopted { adoption: ops::adopt(&request)?, lang }))
}

/// What was adopted, in the language that it is printed in.
#[derive(Serialize)]
struct Adopted {
    #[serde(flatten)]
    adoption: Adoption,
    #[serde(skip)]
    lang: Lang,
}

impl Outcome for Adopted {
    fn result(&self) -> String {
        let Adoption { version, clauses, same, .. } = &self.adoption;
        let mut text = String::new();
        let line = |key: &str, part: &String| -> String {
            say(key, &[("part", part)]).in_lang(self.lang).to_owned()
        };
        for clause in clauses {
            let key = if version.is_some() { "adopted" } else { "would-adopt" };
            let _ = writeln!(text, "{} ({})", line(key, &clause.part), clause.meets.join(", "));
            let _ = writeln!(text, "  {}\n", printable(&clause.why));
            let _ = writeln!(text, "{}\n", changes(&clause.changes));
        }
        for part in same {
            let _ = writeln!(text, "{}", line("unchanged", part));
        }
        text.trim_end().to_owned()
    }

    fn talk(&self) -> Option<String> {
        let Adoption { before, version, kept, clauses, .. } = &self.adoption;
        let count = counted(clauses.len(), "clause", self.lang);
        let said = match version {
            Some(version) => {
                let values: [(&str, &dyn Display); 4] = [
                    ("clauses", &count),
                    ("before", before),
                    ("version", version),
                    ("kept", &kept.slashed()),
                ];
                say("adopted-all", &values)
            }
            None if clauses.is_empty() => say("nothing-to-adopt", &[]),
            None => say("would-change", &[("clauses", &count)]),
        };
        Some(said.in_lang(self.lang).to_owned())
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
