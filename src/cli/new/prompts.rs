//! Prompts that accept what the client file would, and nothing else.

use std::io;
use std::rc::Rc;

use inquire::validator::Validation;
use inquire::{InquireError, MultiSelect, Text};
use toml::Value;

use crate::cli::console;
use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::ops::{NewClient, template};

/// Asks for a text until the reader would accept it; with `open`, which says so, it may be empty.
pub fn question(
    prompt: &str,
    open: Option<&str>,
    key: &'static str,
    client: &NewClient,
) -> Result<String, Diagnostic> {
    let library = Rc::clone(client.library());
    let answers = client.answers().clone();
    let may_be_empty = open.is_some();
    let is_list = key == "security.extra";
    let mut question = Text::new(prompt).with_validator(move |answer: &str| {
        if may_be_empty && answer.is_empty() {
            return Ok(Validation::Valid);
        }
        let value = if is_list { vec![answer].into() } else { Value::from(answer) };
        Ok(verdict(template::check(key, value, &answers, &library)))
    });
    question.help_message = open;
    question.prompt().map_err(stopped)
}

/// The catalogue as a checklist.
pub fn choose_services(library: &Rc<Library>) -> Result<Vec<String>, Diagnostic> {
    let services = &library.catalogue.services;
    let names = services.values().map(|service| service.name.clone()).collect();
    let chosen = MultiSelect::new("What the client takes", names)
        .with_help_message("arrows to move, space to mark, type to search, Enter when done")
        .with_validator(|chosen: &[inquire::list_option::ListOption<&String>]| {
            Ok(if chosen.is_empty() {
                Validation::Invalid("mark at least one with space".into())
            } else {
                Validation::Valid
            })
        })
        .raw_prompt()
        .map_err(stopped)?;
    let id = |index: usize| services.get_index(index).map(|(id, _)| id.clone());
    Ok(chosen.into_iter().filter_map(|option| id(option.index)).collect())
}

/// Says what the reader says.
fn verdict(checked: Result<(), Diagnostic>) -> Validation {
    match checked {
        Ok(()) => Validation::Valid,
        Err(Diagnostic { message, hints, .. }) => {
            let parts: Vec<_> = [message].into_iter().chain(hints).collect();
            Validation::Invalid(parts.join("; ").into())
        }
    }
}

/// The problem of a prompt that gave no answer.
pub fn stopped(error: InquireError) -> Diagnostic {
    let stopped = || Diagnostic::failure("stopped: nothing was written");
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => stopped(),
        InquireError::IO(error) if error.kind() == io::ErrorKind::Interrupted => {
            console::leave_prompt();
            stopped()
        }
        other => Diagnostic::failure(format!("cannot ask: {other}"))
            .hint("answer with flags, and --yes: dpa-gen new --help"),
    }
}
