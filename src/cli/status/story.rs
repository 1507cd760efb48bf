//! Every document on a line of its own, and all that is known of one client.

use super::rows::state;
use crate::cli::table;
use crate::diagnostic::{List, Slashed, one_line};
use crate::ops::{ClientStatus, DocumentState, DocumentStatus, document_name};
use crate::store::HistoryEntry;

/// One document.
pub fn document_line(document: &DocumentStatus) -> String {
    let client = document_name(document.client_file.as_deref());
    let cells = document_cells(document);
    let [state, version, touched, pdf] = cells;
    let pdf = if pdf.is_empty() { pdf } else { format!("  {pdf}") };
    one_line(&format!("{state:<8}  {version:<11}  {touched:<9}  {client}{pdf}")).into_owned()
}

/// How a document stands, its version, what became of it, and its PDF with the reason.
fn document_cells(document: &DocumentStatus) -> [String; 4] {
    let state = match document.state {
        DocumentState::Current => "current",
        DocumentState::Stale => "stale",
        DocumentState::Orphaned => "orphaned",
        DocumentState::Earlier => "earlier",
        DocumentState::Other => "other",
        DocumentState::Unknown => "unknown",
    };
    let version = document.version.as_deref().unwrap_or("–");
    let reason = document.reason.as_ref().map(|reason| format!("  ({reason})")).unwrap_or_default();
    let pdf = document.pdf.as_ref().map(|pdf| pdf.slashed()).unwrap_or_default();
    [state.to_owned(), version.to_owned(), document.touched.to_string(), pdf + &reason]
}

/// All that is known of one client.
pub fn story(client: &ClientStatus) -> String {
    let id = client.id.as_deref().unwrap_or_default();
    let name = client.client.as_deref().unwrap_or(id);
    let file = client.documents.first().and_then(|document| document.client_file.as_ref());
    let file = file.map(|file| format!(", {}", file.slashed())).unwrap_or_default();
    let archived = if client.archived { ", archived" } else { "" };
    let next = client.next.map(|next| format!("; next: {}", next.word())).unwrap_or_default();
    let mut lines = vec![
        format!("{name} ({id}){file}{archived}"),
        format!("  {}{next}", state(client)),
        String::new(),
        "documents".to_owned(),
    ];
    let mut documents: Vec<&DocumentStatus> = client.documents.iter().skip(1).collect();
    documents.extend(client.documents.first());
    let rows: Vec<Vec<String>> =
        documents.iter().map(|document| document_cells(document).to_vec()).collect();
    lines.extend(table::lines(&rows).into_iter().map(|line| format!("  {line}")));
    lines.extend([String::new(), "what happened".to_owned()]);
    if client.agreement.is_none() && client.id.is_some() {
        lines.push("  its history cannot be read".to_owned());
    } else if client.history.is_empty() {
        lines
            .push("  nothing is noted yet: `mail --sent`, `sign` and `receive` note it".to_owned());
    }
    let rows: Vec<Vec<String>> = client.history.iter().map(happened).collect();
    lines.extend(table::lines(&rows).into_iter().map(|line| format!("  {line}")));
    lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n")
}

/// The day, what, the version, and the rest in words.
fn happened(entry: &HistoryEntry) -> Vec<String> {
    let mut rest = Vec::new();
    rest.extend(entry.agreement.map(|it| it.word().to_owned()));
    rest.extend(entry.from.map(|from| format!("from {from}")));
    rest.extend(entry.until.map(|until| format!("objection until {until}")));
    rest.extend(entry.changes.iter().cloned());
    rest.extend(entry.via.clone());
    let signers: Vec<&str> = entry.signers.iter().map(|signer| signer.name.as_str()).collect();
    if !signers.is_empty() {
        rest.push(format!("signed by {}", List(&signers, "and")));
    }
    rest.extend(entry.reason.clone());
    rest.extend(entry.by.as_ref().map(|by| format!("by {by}")));
    rest.extend(entry.file.clone());
    let version = entry.version.clone().unwrap_or_else(|| "–".to_owned());
    vec![entry.on.to_string(), entry.kind.word().to_owned(), version, rest.join("; ")]
}
