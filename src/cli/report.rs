//! What a command reports: results on standard output, talk and problems on standard error, or all of it as
//! one JSON value on standard output.

use std::borrow::Cow;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::console;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};

/// How to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Lines for a person.
    Human,
    /// Only results and problems.
    Quiet,
    /// One JSON value.
    Json,
}

impl Style {
    /// What `--json` and `--quiet` ask for.
    pub fn of(json: bool, quiet: bool) -> Self {
        match (json, quiet) {
            (true, _) => Self::Json,
            (false, true) => Self::Quiet,
            (false, false) => Self::Human,
        }
    }
}

/// A result that a command has for the user.
pub trait Outcome: Serialize {
    /// What goes to standard output.
    fn result(&self) -> String;

    /// What goes to standard error, if anything.
    fn talk(&self) -> Option<String> {
        None
    }

    /// Whether the result may hold colours: problems as [`console::for_stdout`] renders them.
    fn is_rendered(&self) -> bool {
        false
    }
}

/// The version of the JSON: it changes when a key or a word of it does, see `docs/json.md`.
const FORMAT: u32 = 1;

/// Everything that a run reports.
#[derive(Serialize)]
pub struct Report<T> {
    format: u32,
    results: Vec<T>,
    problems: Problems,
    #[serde(skip)]
    style: Style,
}

impl<T: Outcome> Report<T> {
    /// Starts with nothing.
    pub fn new(style: Style) -> Self {
        Self { format: FORMAT, results: Vec::new(), problems: Problems::new(), style }
    }

    /// Prints a line that is no result, for a person.
    pub fn talk(&self, line: &str) {
        if self.style == Style::Human {
            console::talk(line);
        }
    }

    /// Reports a result.
    pub fn result(&mut self, result: T) {
        if let Some(talk) = result.talk() {
            self.talk(&talk);
        }
        let text = result.result();
        if self.style != Style::Json && !text.is_empty() {
            if result.is_rendered() {
                console::result_as_is(&text);
            } else {
                console::result(&text);
            }
        }
        self.results.push(result);
    }

    /// Reports what is wrong.
    pub fn problems(&mut self, problems: impl Into<Problems>) {
        let problems = problems.into();
        if self.style != Style::Json {
            console::write_problems(&problems);
        }
        self.problems.extend(problems);
    }

    /// Reports one thing that is wrong.
    pub fn problem(&mut self, problem: Diagnostic) {
        self.problems(problem);
    }

    /// Ends the report; the exit code is that of the worst problem.
    pub fn finish(self) -> ExitCode {
        self.finish_with(0)
    }

    /// Like [`Report::finish`], with an exit code for a run without problems.
    pub fn finish_with(self, code: u8) -> ExitCode {
        if self.style == Style::Json {
            match serde_json::to_string_pretty(&self) {
                Ok(json) => console::result(&json),
                Err(error) => {
                    let problem = format!("the results cannot be written as JSON: {error}");
                    console::write_problems(&Diagnostic::failure(problem).into());
                    return console::exit(Severity::Failure.exit_code());
                }
            }
        }
        console::exit(self.problems.worst().map_or(0, Severity::exit_code).max(code))
    }
}

/// Reports the one result of a command, after its warnings.
pub fn report_one<T: Outcome>(
    style: Style,
    work: impl FnOnce(&mut Problems) -> Result<T, Problems>,
) -> ExitCode {
    let mut report = Report::new(style);
    let mut warnings = Problems::new();
    let outcome = work(&mut warnings);
    report.problems(warnings);
    match outcome {
        Ok(outcome) => report.result(outcome),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

/// A path as a shell reads it back: in quotes where it holds blanks or signs.
pub fn shell_word(path: &Path) -> String {
    let path = path.slashed();
    // What cannot be quoted, a NUL, is in no path.
    shlex::try_quote(&path).map_or_else(|_| path.clone(), Cow::into_owned)
}
