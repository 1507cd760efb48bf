//! Listing what a library has.

use std::process::ExitCode;

use serde::Serialize;

use super::args::{ListArguments, Listed};
use super::report::{Outcome, Report};
use super::table;
use crate::ops::{self, Item, LibraryOrigin, Listing};

/// A row of a list: a line for a person, the whole item for a script.
#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    item: Item<'a>,
    #[serde(skip)]
    line: String,
}

impl Outcome for Row<'_> {
    fn result(&self) -> String {
        self.line.clone()
    }
}

/// Lists.
pub fn run(arguments: &ListArguments) -> ExitCode {
    let style = arguments.json.style();
    let mut report = Report::new(style);
    let library = match arguments.library.choice().open(None) {
        Ok(library) => library,
        Err(problems) => {
            report.problems(problems);
            return report.finish();
        }
    };
    report.talk(&LibraryOrigin::of(&library).to_string());
    let items = ops::list(
        &library,
        match arguments.what {
            Listed::Services => Listing::Services,
            Listed::Articles => Listing::Clauses,
            Listed::Layouts => Listing::Layouts,
        },
    );
    let rows: Vec<Vec<String>> = items.iter().map(cells).collect();
    for (item, line) in items.into_iter().zip(table::lines(&rows)) {
        report.result(Row { item, line });
    }
    report.finish()
}

fn cells(item: &Item<'_>) -> Vec<String> {
    match item {
        Item::Service { id, name, processing, .. } => {
            [id, name, processing].map(|cell| (*cell).to_owned()).to_vec()
        }
        Item::Clause { kind, number, id, title, when, .. } => {
            let when = if when.is_empty() {
                String::new()
            } else {
                format!("only with {}", when.join(" or "))
            };
            vec![format!("{kind:<7} {number:>2}"), (*id).to_owned(), (*title).to_owned(), when]
        }
        Item::Layout { name, in_use } => {
            vec![(*name).to_owned(), if *in_use { "in use".to_owned() } else { String::new() }]
        }
    }
}
