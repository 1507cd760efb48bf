//! What `init` asks of a sub-processor.

use std::rc::Rc;

use inquire::validator::Validation;
use inquire::{MultiSelect, Select, Text};
use toml::{Table, Value};

use crate::cli::new::prompts::stopped;
use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::subprocessor::forms;

/// Asks for one sub-processor; none if there is no other.
pub fn subprocessor(earlier: usize, library: &Rc<Library>) -> Result<Option<Table>, Diagnostic> {
    let prompt = if earlier == 0 { "Legal name of a sub-processor" } else { "Another one" };
    let name = Text::new(prompt).with_help_message("Enter if there is none").prompt();
    let name = name.map_err(stopped)?;
    if name.is_empty() {
        return Ok(None);
    }
    let mut table = Table::new();
    table.insert("name".into(), name.into());
    let text = |prompt: &str| Text::new(prompt).prompt().map_err(stopped);
    table.insert("address".into(), text("Its address, on one line")?.into());
    let known = Rc::clone(library);
    let country = Text::new("The country in which it processes the data").with_validator(
        move |answer: &str| {
            Ok(match known.countries.find(answer) {
                Some(_) => Validation::Valid,
                None => Validation::Invalid("this country is not known".into()),
            })
        },
    );
    let country = country.prompt().map_err(stopped)?;
    table.insert(
        "contact".into(),
        text("Its contact: an e-mail address, a person or a page")?.into(),
    );
    let categories = library.catalogue.subprocessor_categories.keys().cloned().collect();
    let chosen: Vec<String> =
        MultiSelect::new("What it is for", categories).prompt().map_err(stopped)?;
    table.insert("categories".into(), chosen.into());
    table.insert("processing".into(), text("What it does with the data")?.into());
    table.insert("since".into(), day("Since which day (2026-01-01)")?);
    if let Some(country) = library.countries.find(&country).filter(|country| !country.is_in_eea) {
        let form = Select::new("On what ground", forms(country)).prompt().map_err(stopped)?;
        table.insert("transfer".into(), ground(form)?);
    }
    table.insert("country".into(), country.into());
    Ok(Some(table))
}

/// A day of the calendar, as TOML has it.
fn day(prompt: &str) -> Result<Value, Diagnostic> {
    let question = Text::new(prompt).with_validator(|answer: &str| {
        Ok(match answer.parse::<toml::value::Datetime>() {
            Ok(day) if day.date.is_some() && day.time.is_none() => Validation::Valid,
            _ => Validation::Invalid("write it as 2026-01-01".into()),
        })
    });
    let answer = question.prompt().map_err(stopped)?;
    answer.parse().map(Value::Datetime).map_err(|_| Diagnostic::failure("this is not a day"))
}

/// The ground of a transfer, with what belongs to it.
fn ground(form: &str) -> Result<Value, Diagnostic> {
    let table = format!("it = {form}").parse::<Table>().unwrap_or_default();
    let mut table = match table.get("it") {
        Some(Value::Table(table)) => table.clone(),
        _ => Table::new(),
    };
    if table.contains_key("checked") {
        table.insert("checked".into(), day("On which day its certification was looked up")?);
    }
    if table.contains_key("why") {
        let why = Text::new("Why the derogation applies").prompt().map_err(stopped)?;
        table.insert("why".into(), why.into());
    }
    Ok(table.into())
}
