//! A row for each client, in 80 columns, and the totals.

use crate::cli::table::{cut, wrapped};
use crate::diagnostic::one_line;
use crate::ops::{ClientStatus, DocumentState, NextStep};
use crate::store::{AgreementState, Touched};

/// What stands above the rows.
pub fn head() -> String {
    line(&["client", "version", "next", "state"].map(str::to_owned))
}

/// How wide the columns of a row are: the client, the version, what to do next, and how it stands.
const WIDTHS: [usize; 4] = [24, 11, 7, 32];

/// One client: what it is called, which document there is, what to do next, and how it stands.
pub fn row(client: &ClientStatus) -> String {
    let name = client.client.as_ref().or(client.id.as_ref());
    let name = name.map_or("(general edition)", String::as_str);
    let version = client.current().and_then(|document| document.version.as_deref());
    let next = client.next.map_or("–", NextStep::word);
    let state = wrapped(&one_line(&state(client)), WIDTHS[3]);
    let mut lines = state.iter().map(String::as_str);
    let first = [name, version.unwrap_or("–"), next, lines.next().unwrap_or_default()];
    let first = line(&first.map(|cell| one_line(cell).into_owned()));
    let rest = lines.map(|state| line(&["", "", "", state].map(str::to_owned)));
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}

pub fn line(cells: &[String; 4]) -> String {
    let cells = cells.iter().zip(WIDTHS).map(|(cell, width)| {
        let cell = cut(cell, width);
        format!("{cell:<width$}")
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// How a client stands, in words.
pub fn state(client: &ClientStatus) -> String {
    let mut parts = Vec::new();
    if let Some(document) = client.current() {
        parts.extend(match document.state {
            DocumentState::Unknown => Some("cannot be read".to_owned()),
            DocumentState::Orphaned => Some("its client file is gone".to_owned()),
            _ => document.reason.clone(),
        });
        parts.extend(document.renamed_from.as_ref().map(|from| format!("renamed from {from}")));
        parts.extend(became(document.touched));
    }
    let before = client.documents.iter().skip(1).filter_map(|document| became(document.touched));
    let before: Vec<String> = before.collect();
    if !before.is_empty() {
        parts.push(format!("before it: {}", before.join(", ")));
    }
    // That it was not sent is of no use while it cannot be.
    let is_to_make = client.next.is_some_and(|next| next <= NextStep::Make);
    let agreement = client.agreement.as_ref().filter(|it| it.agreement.is_some() || !is_to_make);
    parts.extend(agreement.map(|it| it.text.clone()).filter(|it| it != "–"));
    parts.extend(client.end_passed.as_ref().map(|end| format!("its end, {end}, has passed")));
    if parts.is_empty() { "current".to_owned() } else { parts.join("; ") }
}

/// What became of a PDF, where that is worth a word.
fn became(touched: Touched) -> Option<String> {
    match touched {
        Touched::Missing | Touched::AsMade | Touched::MadeOtherwise => None,
        Touched::FilledIn | Touched::Signed | Touched::Changed | Touched::Foreign => {
            Some(touched.to_string())
        }
    }
}

/// How many there are, and what is to be done.
pub fn totals(clients: &[&ClientStatus]) -> Option<String> {
    let count = clients.iter().filter(|client| client.id.is_some()).count();
    let with = |step| clients.iter().filter(|client| client.next == Some(step)).count();
    let agreed = clients.iter().filter_map(|client| client.agreement.as_ref());
    let agreed = agreed.filter(|it| it.agreement.is_some_and(AgreementState::is_agreed)).count();
    let steps = [
        (NextStep::Mend, "to mend"),
        (NextStep::Version, "in need of a new version"),
        (NextStep::Make, "to make"),
        (NextStep::Send, "to send"),
        (NextStep::Sign, "to sign"),
        (NextStep::Judge, "to judge"),
        (NextStep::Wait, "waiting for the client"),
    ];
    let steps = steps.map(|(step, words)| (with(step), words));
    let parts = std::iter::once((agreed, "in force")).chain(steps);
    let parts: Vec<String> = parts
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    let s = if count == 1 { "" } else { "s" };
    let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    (!clients.is_empty()).then(|| format!("{count} client{s}{parts}"))
}
