//! What a command tells: results on standard output, talk and problems on standard error, or all of it as
//! one JSON value on standard output.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use codespan_reporting::term::termcolor::{Ansi, NoColor};
use serde::Serialize;

use crate::diagnostic::{Count, Diagnostic, Severity};

/// A document that was made.
#[derive(Debug, Serialize)]
pub struct Made {
    /// Where it is.
    pub pdf: PathBuf,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// The version of the text.
    pub version: String,
    /// The digest of all that determines the text.
    pub digest: String,
    /// How many articles it has.
    pub articles: usize,
    /// How many annexes it has.
    pub annexes: usize,
    /// How many pages it has.
    pub pages: usize,
    /// Which library and layout were used.
    pub library: String,
    /// How long it took.
    #[serde(skip)]
    pub time: Duration,
}

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

/// All that a run has to tell.
#[derive(Serialize)]
pub struct Report {
    made: Vec<Made>,
    problems: Vec<Diagnostic>,
    #[serde(skip)]
    style: Style,
}

impl Report {
    /// Starts with nothing to tell.
    pub fn new(style: Style) -> Self {
        Self { made: Vec::new(), problems: Vec::new(), style }
    }

    /// Tells that a document was made.
    pub fn made(&mut self, made: Made) {
        if self.style == Style::Human {
            let client = made.client.as_deref().unwrap_or("general edition");
            eprintln!(
                "{client}: version {}, {}, {}, {}; {} ({} ms)",
                made.version,
                Count(made.articles, "article", "articles"),
                Count(made.annexes, "annex", "annexes"),
                Count(made.pages, "page", "pages"),
                made.library,
                made.time.as_millis(),
            );
        }
        if self.style != Style::Json {
            print_line(&made.pdf.display().to_string());
        }
        self.made.push(made);
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
        if self.style == Style::Json {
            print_line(&serde_json::to_string_pretty(&self).unwrap_or_default());
        }
        let worst = self.problems.iter().map(|problem| problem.severity).max();
        ExitCode::from(worst.map_or(0, Severity::exit_code))
    }
}

/// Prints a line of results. A reader that has gone (`| head`) is no reason to fail.
fn print_line(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Writes a problem to standard error, in colour on a terminal.
fn render(problem: &Diagnostic) {
    let stderr = AutoStream::auto(io::stderr());
    let mut text = Vec::new();
    let rendered = if stderr.current_choice() == ColorChoice::Never {
        problem.render(&mut NoColor::new(&mut text))
    } else {
        problem.render(&mut Ansi::new(&mut text))
    };
    if rendered.is_err() {
        eprintln!("error: {}", problem.message);
        return;
    }
    let mut stderr = stderr.into_inner();
    let _ = stderr.write_all(&text);
}
