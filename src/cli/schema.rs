//! Printing the JSON Schema of the files that users write.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use super::args::{SchemaArguments, SchemaOf};
use super::report::{Outcome, Report, Style};
use crate::client::Client;
use crate::diagnostic::Diagnostic;
use crate::library::{Catalogue, Contents, Library};
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

/// Only a client file's schema depends on the library.
fn schema(arguments: &SchemaArguments) -> Result<Value, Vec<Diagnostic>> {
    Ok(match arguments.of {
        SchemaOf::Client => {
            let search = arguments.library.search(Path::new(""));
            let found = search.find().map_err(|problem| vec![problem])?;
            Client::schema(&Library::open(&found)?)
        }
        SchemaOf::Contract => Contents::schema(),
        SchemaOf::Services => Catalogue::schema(),
    })
}
