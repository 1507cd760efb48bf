//! What `init` asks on a terminal: the processor's details, and its sub-processors.

use std::rc::Rc;

use inquire::Text;
use inquire::validator::Validation;

use super::subprocessors::subprocessor;
use crate::cli::new::prompts::stopped;
use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::ops::init::{self, Details};

const QUESTIONS: [(&str, &str); 8] = [
    ("name", "Legal name of the processor"),
    ("country", "Country, if that is not the Netherlands"),
    ("kvk", "KvK number"),
    ("address", "Street and number"),
    ("postal-code", "Postal code"),
    ("city", "City"),
    ("email", "E-mail address"),
    ("website", "Website"),
];

/// Asks for what no flag gave.
pub fn ask(details: &mut Details, library: &Rc<Library>) -> Result<(), Diagnostic> {
    for (key, prompt) in QUESTIONS {
        if details.has(key) || (key == "kvk" && details.has("register")) {
            continue;
        }
        let country = details.processor.iter().find(|(key, _)| *key == "country");
        let is_abroad = |name: &str| library.countries.find(name).is_none_or(|it| it.code != "NL");
        if let Some((_, country)) = country.filter(|(_, name)| key == "kvk" && is_abroad(name)) {
            let answer = register(country.clone(), library)?;
            details.processor.extend(answer.map(|answer| ("register", answer)));
            continue;
        }
        let answer = detail(key, prompt, library)?;
        if !answer.is_empty() {
            details.processor.push((key, answer));
        }
    }
    if details.subprocessors.is_empty() {
        while let Some(table) = subprocessor(details.subprocessors.len(), library)? {
            match init::check_subprocessor(&table, library) {
                Ok(()) => details.subprocessors.push(table),
                Err(problems) => {
                    return Err(problems.into_iter().next().unwrap_or_else(|| {
                        Diagnostic::failure("this sub-processor cannot be written")
                    }));
                }
            }
        }
    }
    Ok(())
}

fn detail(key: &'static str, prompt: &str, library: &Rc<Library>) -> Result<String, Diagnostic> {
    let library = Rc::clone(library);
    let question =
        Text::new(prompt).with_help_message("Enter leaves the owner's, or leaves it open");
    let question = question.with_validator(move |answer: &str| {
        if answer.is_empty() {
            return Ok(Validation::Valid);
        }
        Ok(match init::check(key, answer, None, &library) {
            Ok(()) => Validation::Valid,
            Err(problem) => Validation::Invalid(problem.message.into()),
        })
    });
    question.prompt().map_err(stopped)
}

/// The entry in the register of another country; none if that is left open.
fn register(country: String, library: &Rc<Library>) -> Result<Option<String>, Diagnostic> {
    let name = Text::new("Name of its trade register")
        .with_help_message("Enter leaves the owner's KvK number");
    let name = name.prompt().map_err(stopped)?;
    if name.is_empty() {
        return Ok(None);
    }
    let (library, of) = (Rc::clone(library), name.clone());
    let number = Text::new("Number in it").with_validator(move |answer: &str| {
        let typed = init::register(&of, answer);
        Ok(match init::check("register", &typed, Some(&country), &library) {
            Ok(()) => Validation::Valid,
            Err(problem) => Validation::Invalid(problem.message.into()),
        })
    });
    Ok(Some(init::register(&name, &number.prompt().map_err(stopped)?)))
}
