//! A new client file from flags and questions.

mod flags;
pub mod prompts;
mod questions;

use std::path::Path;
use std::process::ExitCode;

use super::args::NewArguments;
use super::report::{Outcome, Report, Style, shell_word};
use super::{console, place};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::ops::{NewClient, WrittenClient};

impl Outcome for WrittenClient {
    fn result(&self) -> String {
        self.file.on_a_line()
    }

    fn talk(&self) -> Option<String> {
        let next = format!("next: dpa-gen --client {}", shell_word(&self.file));
        Some(match &self.note {
            Some(note) => format!("note: {note}\n{next}"),
            None => next,
        })
    }
}

/// Asks and writes.
pub fn run(arguments: &NewArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    let mut warnings = Problems::new();
    match new(arguments, &mut warnings) {
        Ok(written) => {
            report.problems(warnings);
            report.result(written);
        }
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

fn new(arguments: &NewArguments, warnings: &mut Problems) -> Result<WrittenClient, Problems> {
    // A bare name is that of a client, wherever it is typed; a path begins where it is typed.
    let is_path = Path::new(&arguments.file).components().count() > 1;
    let typed =
        is_path.then(|| place::typed(Path::new(&arguments.file)).to_string_lossy().into_owned());
    let file = typed.as_ref().unwrap_or(&arguments.file);
    let mut client = NewClient::begin(file, &arguments.library.choice())?;
    flags::set(arguments, &mut client)?;
    if !arguments.yes && questions_left(arguments) {
        check_terminal()?;
        questions::ask(arguments, &mut client)?;
    }
    client.write(warnings)
}

/// Whether there is a question that no flag answers.
fn questions_left(arguments: &NewArguments) -> bool {
    let NewArguments { name, legal_form, kvk, capacity, .. } = arguments;
    let NewArguments { services, signatories, roles, extras, .. } = arguments;
    [name, legal_form, kvk, capacity].into_iter().any(Option::is_none)
        || services.is_empty()
        || extras.is_empty()
        || signatories.is_empty()
        || roles.is_empty()
}

fn check_terminal() -> Result<(), Diagnostic> {
    if console::is_interactive() {
        console::keep_on_interrupt();
        return Ok(());
    }
    Err(Diagnostic::failure("there is no terminal to ask on")
        .hint("answer with flags: dpa-gen new acme --yes --name \"Acme B.V.\" --service website"))
}
