//! How all clients stand.

mod rows;
mod story;

use std::process::ExitCode;

use chrono::Local;
use serde::Serialize;

use super::args::StatusArguments;
use super::place;
use super::regenerate::nobody;
use super::report::{Outcome, Report};
use crate::diagnostic::one_line;
use crate::ops::{self, ClientStatus, DocumentStatus, NextStep, StatusRequest, StatusScope};
use crate::store::{AgreementState, HistoryEntry};

/// A document, and with a client's first one how the client stands.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    document: &'a DocumentStatus,
    #[serde(flatten)]
    client: Option<&'a ClientStatus>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    history: Vec<Happened<'a>>,
    #[serde(skip)]
    text: String,
}

/// An entry of a history.
#[derive(Serialize)]
struct Happened<'a> {
    on: String,
    kind: &'a str,
    version: Option<&'a str>,
    pdf: Option<&'a str>,
    agreement: Option<&'a str>,
    via: Option<&'a str>,
    reason: Option<&'a str>,
    by: Option<&'a str>,
}

impl<'a> From<&'a HistoryEntry> for Happened<'a> {
    fn from(entry: &'a HistoryEntry) -> Self {
        Self {
            on: entry.on.to_string(),
            kind: entry.kind.word(),
            version: entry.version.as_deref(),
            pdf: entry.file.as_deref(),
            agreement: entry.agreement.map(AgreementState::word),
            via: entry.via.as_deref(),
            reason: entry.reason.as_deref(),
            by: entry.by.as_deref(),
        }
    }
}

impl Outcome for Row<'_> {
    fn result(&self) -> String {
        self.text.clone()
    }
}

/// Prints how all stand; the exit code says whether there is something to make.
pub fn run(arguments: &StatusArguments) -> ExitCode {
    let scope = match &arguments.client {
        Some(client) => StatusScope::Client(place::named(client)),
        None if arguments.all => StatusScope::All,
        None => StatusScope::Active,
    };
    let on = arguments.on.unwrap_or_else(|| Local::now().date_naive());
    let request = StatusRequest { selection: arguments.clients.selection(), scope, on };
    let status = ops::status(&request);
    let code = u8::from(status.is_stale());
    let mut report = Report::new(arguments.json.style());
    let is_open = |client: &&ClientStatus| {
        let agreement = client.agreement.as_ref();
        client.next == Some(NextStep::Judge) || agreement.is_some_and(|it| it.open.is_some())
    };
    let clients: Vec<&ClientStatus> =
        status.clients.iter().filter(|client| !arguments.open || is_open(client)).collect();
    let mut texts = texts(&clients, &request.scope).into_iter();
    for client in &clients {
        for (index, document) in client.documents.iter().enumerate() {
            let first = (index == 0).then_some(*client);
            let history = first.map(|it| it.history.iter().map(Happened::from).collect());
            let text = texts.next().unwrap_or_default();
            report.result(Row {
                document,
                client: first,
                history: history.unwrap_or_default(),
                text,
            });
        }
    }
    if let Some(totals) = rows::totals(&clients).filter(|_| request.scope == StatusScope::Active) {
        report.talk(&totals);
    }
    if status.clients.is_empty() && status.problems.is_empty() {
        report.talk(&nobody(&status.left_out));
    }
    report.problems(status.problems);
    report.finish_with(code)
}

/// The text of each document of these clients, in their order; none where it is said with another.
fn texts(clients: &[&ClientStatus], scope: &StatusScope) -> Vec<String> {
    let mut texts = Vec::new();
    for (index, client) in clients.iter().enumerate() {
        match scope {
            StatusScope::Active => {
                let head = if index == 0 { rows::head() + "\n" } else { String::new() };
                texts.push(head + &rows::row(client));
                texts.extend(client.documents.iter().skip(1).map(|_| String::new()));
            }
            StatusScope::All => {
                let agreement = client.agreement.as_ref().filter(|it| it.agreement.is_some());
                let agreement = agreement.map(|it| format!("\n{:10}{}", "", one_line(&it.text)));
                for (index, document) in client.documents.iter().enumerate() {
                    let agreement = agreement.as_deref().filter(|_| index == 0).unwrap_or_default();
                    texts.push(story::document_line(document) + agreement);
                }
            }
            StatusScope::Client(_) => {
                texts.push(story::story(client));
                texts.extend(client.documents.iter().skip(1).map(|_| String::new()));
            }
        }
    }
    texts
}
