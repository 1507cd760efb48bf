//! The clients that have something new: a contract that they were not sent.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::agreement_status::NextStep;
use super::clients::ClientSelection;
use super::sources::{LibraryChoice, assemble};
use super::status::{ClientStatus, StatusRequest, StatusScope, status};
use crate::diagnostic::Problems;
use crate::library::{Found, Library};
use crate::store::Agreements;

/// The files of the clients that have something new, in their order, and what is wrong.
#[must_use]
pub fn clients_with_news(selection: &ClientSelection, on: NaiveDate) -> (Vec<PathBuf>, Problems) {
    let request = StatusRequest { selection: selection.clone(), scope: StatusScope::Active, on };
    let found = status(&request);
    let mut sent = Sent {
        choice: &selection.library,
        libraries: IndexMap::new(),
        agreements: Agreements::of(Path::new("")),
    };
    let news = found.clients.iter().filter(|client| has_news(client, &mut sent));
    let files = news.filter_map(|client| client.current()?.client_file.clone()).collect();
    (files, found.problems)
}

fn has_news(client: &ClientStatus, sent: &mut Sent<'_>) -> bool {
    let Some(agreement) = &client.agreement else { return false };
    match client.next {
        Some(NextStep::Send) => true,
        // What would be made now may have been sent without a PDF being kept here.
        Some(NextStep::Make) => !agreement.is_over && !sent.has(client).unwrap_or_default(),
        Some(NextStep::Version) => !agreement.is_over,
        _ => false,
    }
}

/// What was sent; each library is opened once.
struct Sent<'a> {
    choice: &'a LibraryChoice,
    libraries: IndexMap<Found, Option<Library>>,
    agreements: Agreements,
}

impl Sent<'_> {
    /// Whether the contract that would be made now was; none if that cannot be known.
    fn has(&mut self, client: &ClientStatus) -> Option<bool> {
        let path = client.current()?.client_file.as_deref()?;
        let found = self.choice.find(Some(path)).ok()?;
        let library = self.libraries.entry(found);
        let library = library.or_insert_with_key(|found| Library::open(found).ok()).as_ref()?;
        let contract = assemble(library, Some(path)).ok()?;
        let history = self.agreements.history(client.id.as_deref()?).ok()?;
        Some(history.was_sent(&contract.digest))
    }
}
