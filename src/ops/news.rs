//! The clients that have something new: a contract that they were not sent.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::agreement_status::NextStep;
use super::clients::ClientSelection;
use super::sources::assemble;
use super::status::{ClientStatus, StatusRequest, StatusScope, status};
use crate::diagnostic::Problems;
use crate::store::Agreements;

/// The files of the clients that have something new, in their order, and what is wrong.
#[must_use]
pub fn clients_with_news(selection: &ClientSelection, on: NaiveDate) -> (Vec<PathBuf>, Problems) {
    let request = StatusRequest { selection: selection.clone(), scope: StatusScope::Active, on };
    let found = status(&request);
    let agreements = Agreements::of(Path::new(""));
    let news = found.clients.iter().filter(|client| has_news(client, selection, &agreements));
    let files = news.filter_map(|client| client.current()?.client_file.clone()).collect();
    (files, found.problems)
}

fn has_news(client: &ClientStatus, selection: &ClientSelection, agreements: &Agreements) -> bool {
    let Some(agreement) = &client.agreement else { return false };
    match client.next {
        Some(NextStep::Send) => true,
        // What would be made now may have been sent without a PDF being kept here.
        Some(NextStep::Make) => !agreement.is_over && !was_sent(client, selection, agreements),
        Some(NextStep::Version) => !agreement.is_over,
        _ => false,
    }
}

fn was_sent(client: &ClientStatus, selection: &ClientSelection, agreements: &Agreements) -> bool {
    let digest = || {
        let path = client.current()?.client_file.as_deref()?;
        let library = selection.library.open(Some(path)).ok()?;
        let contract = assemble(&library, Some(path)).ok()?;
        let history = agreements.history(client.id.as_deref()?).ok()?;
        Some(history.was_sent(&contract.digest))
    };
    digest().unwrap_or_default()
}
