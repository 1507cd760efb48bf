//! What a command tells: results on standard output, talk and problems on standard error, or all of it as
//! one JSON value on standard output.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use codespan_reporting::term::termcolor::{Ansi, NoColor};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};

/// How to tell.
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

/// Something that a command has for the user.
pub trait Outcome: Serialize {
    /// What goes to standard output.
    fn result(&self) -> String;

    /// What is said of it on standard error, if anything.
    fn talk(&self) -> Option<String> {
        None
    }
}

/// All that a run has to tell.
#[derive(Serialize)]
pub struct Report<T> {
    results: Vec<T>,
    problems: Vec<Diagnostic>,
    #[serde(skip)]
    style: Style,
}

impl<T: Outcome> Report<T> {
    /// Starts with nothing to tell.
    pub fn new(style: Style) -> Self {
        Self { results: Vec::new(), problems: Vec::new(), style }
    }

    /// Tells a result.
    pub fn result(&mut self, result: T) {
        if let (Style::Human, Some(talk)) = (self.style, result.talk()) {
            eprintln!("{talk}");
        }
        let text = result.result();
        if self.style != Style::Json && !text.is_empty() {
            print_line(&text);
        }
        self.results.push(result);
    }

    /// Tells what is wrong.
    pub fn problems(&mut self, problems: Vec<Diagnostic>) {
        for problem in problems {
            self.problem(problem);
        }
    }

    /// Tells one thing that is wrong.
    pub fn problem(&mut self, problem: Diagnostic) {
        if self.style != Style::Json {
            render(&problem);
        }
        self.problems.push(problem);
    }

    /// Says the last of it; the exit code is that of the worst problem.
    pub fn finish(self) -> ExitCode {
        self.finish_with(0)
    }

    /// Like [`Report::finish`], with an exit code for a run without problems.
    pub fn finish_with(self, code: u8) -> ExitCode {
        if self.style == Style::Json {
            print_line(&serde_json::to_string_pretty(&self).unwrap_or_default());
        }
        let worst = self.problems.iter().map(|problem| problem.severity).max();
        ExitCode::from(worst.map_or(0, Severity::exit_code).max(code))
    }
}

/// Reports the one result of a command, after its warnings.
pub fn report_one<T: Outcome>(
    style: Style,
    work: impl FnOnce(&mut Vec<Diagnostic>) -> Result<T, Vec<Diagnostic>>,
) -> ExitCode {
    let mut report = Report::new(style);
    let mut warnings = Vec::new();
    let outcome = work(&mut warnings);
    report.problems(warnings);
    match outcome {
        Ok(outcome) => report.result(outcome),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

/// Prints a line of results. A reader that has gone (`| head`) is no reason to fail.
pub fn print_line(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Writes a problem to standard error, in colour on a terminal.
pub fn render(problem: &Diagnostic) {
    let stderr = AutoStream::auto(io::stderr());
    let text = rendered(problem, stderr.current_choice() == ColorChoice::Never);
    let _ = stderr.into_inner().write_all(&text);
}

/// A problem as a person reads it, without colour or with.
pub fn rendered(problem: &Diagnostic, is_plain: bool) -> Vec<u8> {
    let mut text = Vec::new();
    let rendered = if is_plain {
        problem.render(&mut NoColor::new(&mut text))
    } else {
        problem.render(&mut Ansi::new(&mut text))
    };
    match rendered {
        Ok(()) => text,
        Err(_) => format!("{}: {}\n", problem.severity.word(), problem.message).into_bytes(),
    }
}

/// A path as a shell reads it back: in quotes where it holds blanks or signs.
pub fn shell_word(path: &Path) -> String {
    let path = path.display().to_string();
    // What cannot be quoted, a NUL, is in no path.
    shlex::try_quote(&path).map_or_else(|_| path.clone(), Cow::into_owned)
}
