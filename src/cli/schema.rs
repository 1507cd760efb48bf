//! Printing the JSON Schema of the files that users write.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use super::args::{SchemaArguments, SchemaOf};
use super::report::{Outcome, Report, Style};
use crate::client::Client;
use crate::diagnostic::Problems;
use crate::library::{Catalogue, Contents, subprocessors_schema};
use crate::schema;

/// A schema to print.
#[derive(Debug, Serialize)]
struct Schema(Value);

impl Outcome for Schema {
    fn result(&self) -> String {
        schema::text(&self.0)
    }
}

/// Prints a schema.
pub fn run(arguments: &SchemaArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    match schema(arguments) {
        Ok(schema) => report.result(Schema(schema)),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

/// The schemas of a client file and of subprocessors.toml depend on the library.
fn schema(arguments: &SchemaArguments) -> Result<Value, Problems> {
    Ok(match arguments.of {
        SchemaOf::Client => Client::schema(&arguments.library.choice().open(None)?),
        SchemaOf::Subprocessors => {
            let library = arguments.library.choice().open(None)?;
            let categories = library.catalogue.subprocessor_categories.keys();
            subprocessors_schema(&categories.map(String::as_str).collect::<Vec<_>>())
        }
        SchemaOf::Contract => Contents::schema(),
        SchemaOf::Services => Catalogue::schema(),
    })
}
