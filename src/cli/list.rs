//! What the library at hand has: services, articles, layouts.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::args::{ListArguments, Listed};
use super::report::{Outcome, Report, Style};
use crate::diagnostic::Problems;
use crate::library::{Clause, Library, Service};

/// A row of a list: its cells for a person, all there is of it for a script.
#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    item: Item<'a>,
    #[serde(skip)]
    line: String,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Item<'a> {
    Service {
        id: &'a str,
        #[serde(flatten)]
        service: &'a Service,
    },
    Clause {
        kind: &'static str,
        number: usize,
        id: &'a str,
        title: &'a str,
        when: &'a [String],
        covers: &'a [String],
    },
    Layout {
        name: &'a str,
        in_use: bool,
    },
}

impl Outcome for Row<'_> {
    fn result(&self) -> String {
        self.line.clone()
    }
}

/// Lists.
pub fn run(arguments: &ListArguments) -> ExitCode {
    let style = if arguments.json { Style::Json } else { Style::Human };
    let library = match open(arguments) {
        Ok(library) => library,
        Err(problems) => {
            let mut report: Report<Row<'_>> = Report::new(style);
            report.problems(problems);
            return report.finish();
        }
    };
    let items = match arguments.what {
        Listed::Services => services(&library),
        Listed::Articles => articles(&library),
        Listed::Layouts => layouts(&library),
    };
    let mut report = Report::new(style);
    report.talk(&library.describe());
    for row in rows(items) {
        report.result(row);
    }
    report.finish()
}

fn open(arguments: &ListArguments) -> Result<Library, Problems> {
    let found = arguments.library.search(Path::new("")).find()?;
    Library::open(&found)
}

fn services(library: &Library) -> Vec<Item<'_>> {
    let services = library.catalogue.services.iter();
    services.map(|(id, service)| Item::Service { id, service }).collect()
}

fn articles(library: &Library) -> Vec<Item<'_>> {
    fn list<'a>(kind: &'static str, clauses: &'a [Clause]) -> impl Iterator<Item = Item<'a>> {
        clauses.iter().zip(1..).map(move |(Clause { id, title, when, covers, .. }, number)| {
            Item::Clause { kind, number, id, title, when, covers }
        })
    }
    list("article", &library.articles).chain(list("annex", &library.annexes)).collect()
}

fn layouts(library: &Library) -> Vec<Item<'_>> {
    let layouts = library.layouts();
    layouts.map(|name| Item::Layout { name, in_use: name == library.layout }).collect()
}

impl Item<'_> {
    fn cells(&self) -> Vec<String> {
        match self {
            Self::Service { id, service } => {
                vec![(*id).to_owned(), service.name.clone(), service.processing.clone()]
            }
            Self::Clause { kind, number, id, title, when, .. } => {
                let when = if when.is_empty() {
                    String::new()
                } else {
                    format!("only with {}", when.join(" or "))
                };
                vec![format!("{kind:<7} {number:>2}"), (*id).to_owned(), (*title).to_owned(), when]
            }
            Self::Layout { name, in_use } => {
                vec![(*name).to_owned(), if *in_use { "in use".to_owned() } else { String::new() }]
            }
        }
    }
}

/// Sets the cells below each other.
fn rows(items: Vec<Item<'_>>) -> Vec<Row<'_>> {
    let cells: Vec<Vec<String>> = items.iter().map(Item::cells).collect();
    let width = |column: usize| {
        let cells = cells.iter().filter_map(|cells| cells.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().enumerate();
        let padded = padded.map(|(column, cell)| format!("{cell:<0$}", width(column)));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    items.into_iter().zip(&cells).map(|(item, cells)| Row { item, line: line(cells) }).collect()
}
