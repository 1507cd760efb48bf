//! How the documents of a folder stand, and the agreement with each client.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::thread;

use chrono::NaiveDate;
use serde::Serialize;

use super::agreement_status::{
    AgreementStatus, AgreementSubject, MadeVersion, NextStep, agreement_status,
};
use super::clients::{ClientSelection, LeftOut};
use super::documents::{DocumentState, DocumentStatus, Documents, KeptDocument};
use super::notify::{Breach, Lacking, of_documents, warnings};
use super::other_documents::{others, unlisted};
use super::sources::{id_named, read_client};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::store::{Access, Agreements, HistoryEntry};

/// What to look at.
#[derive(Debug, Clone)]
pub struct StatusRequest {
    /// Which clients, and where their PDFs are kept.
    pub selection: ClientSelection,
    /// How much of it.
    pub scope: StatusScope,
    /// On which day.
    pub on: NaiveDate,
}

/// How much of a folder to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusScope {
    /// The document of each active client that is current, or is to be made, and those of its version that it replaces.
    Active,
    /// Every document of every client.
    All,
    /// Every document of one client, by its file or its id.
    Client(PathBuf),
}

/// How the clients of a folder stand.
#[derive(Debug)]
pub struct Status {
    /// The clients, in the order of their files, then the general edition, then what only the lock or a PDF knows.
    pub clients: Vec<ClientStatus>,
    /// The client files that are not among them.
    pub left_out: LeftOut,
    /// What is wrong.
    pub problems: Problems,
}

/// How a client stands, or the general edition.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClientStatus {
    /// The client's id; none for the general edition.
    #[serde(skip)]
    pub id: Option<String>,
    /// The client's name, as far as it is known.
    pub client: Option<String>,
    /// Its documents: first the one that is current, or is to be made.
    #[serde(skip)]
    pub documents: Vec<DocumentStatus>,
    /// What to do next.
    pub next: Option<NextStep>,
    /// The last day of the processing, if it has passed.
    pub end_passed: Option<String>,
    /// Whether it was taken out of daily lists.
    pub archived: bool,
    /// Whether its client file has problems, and so its document cannot be made.
    #[serde(skip)]
    pub is_wrong: bool,
    /// How the agreement stands; none for the general edition, or where its history cannot be read.
    #[serde(flatten)]
    pub agreement: Option<AgreementStatus>,
    /// All that happened, of one client alone.
    #[serde(skip)]
    pub history: Vec<HistoryEntry>,
}

/// Finds out how the clients of a folder stand; writes nothing.
#[must_use]
pub fn status(request: &StatusRequest) -> Status {
    let mut problems = Problems::new();
    let mut selection = request.selection.clone();
    selection.archived = request.scope != StatusScope::Active;
    let gathered = Documents::gather(&selection, Access::Look, None, &mut problems);
    let Some(mut documents) = gathered else {
        return Status { clients: Vec::new(), left_out: LeftOut::default(), problems };
    };
    let mut rows = documents.statuses();
    rows.extend(documents.left_out.unknown.iter().cloned().map(DocumentStatus::unknown));
    rows.extend(others(&mut documents, &selection));
    rows.extend(unlisted(&mut documents, &selection));
    let mut clients = by_client(rows);
    if let StatusScope::Client(name) = &request.scope {
        let id = id_named(name);
        clients.retain(|client| client.id.as_deref() == Some(&id));
        if clients.is_empty() {
            let none = format!("there is no client `{}` here", name.slashed());
            problems.push(
                Diagnostic::error(none).hint("`dpa-gen status --all` lists all, with their ids"),
            );
        }
    }
    for client in &mut clients {
        let known = documents.folder.lock.of(client.id.as_deref());
        let place = |document: &DocumentStatus| {
            let name = document.pdf.as_deref().and_then(Path::file_name);
            known.iter().position(|(file, _)| name == Some(file.as_ref()))
        };
        // The first one is current, or is to be made.
        let from = usize::from(client.current().is_some()).min(client.documents.len());
        client.documents[from..].sort_by_cached_key(place);
    }
    if request.scope == StatusScope::Active {
        clients.retain_mut(|client| client.keep_active(&documents));
    }
    let looker = Looker::new(&documents, request.on);
    looker.look_at_all(&mut clients, &request.scope, &mut problems);
    add_breaches(&documents, request.on, &mut clients, &mut problems);
    Status { clients, left_out: documents.left_out, problems }
}

/// Adds the sub-processors that work before the notice of them ended, and reports each once.
fn add_breaches(
    documents: &Documents,
    on: NaiveDate,
    clients: &mut [ClientStatus],
    problems: &mut Problems,
) {
    let is_shown = |id: &str| clients.iter().any(|client| client.id.as_deref() == Some(id));
    let lacking = of_documents(documents, on, is_shown);
    problems.extend(warnings(&lacking));
    let mut by_id: HashMap<String, Vec<Breach>> = HashMap::new();
    for Lacking { id, breach } in lacking {
        by_id.entry(id).or_default().push(breach);
    }
    for client in clients {
        let breaches = client.id.as_ref().and_then(|id| by_id.remove(id));
        if let (Some(status), Some(breaches)) = (&mut client.agreement, breaches) {
            status.add_breaches(breaches);
        }
    }
}

/// The documents of each client together, in the order of their first ones.
fn by_client(rows: Vec<DocumentStatus>) -> Vec<ClientStatus> {
    let mut clients: Vec<ClientStatus> = Vec::new();
    let mut index: HashMap<Option<String>, usize> = HashMap::new();
    for row in rows {
        let place = *index.entry(row.id.clone()).or_insert_with(|| {
            clients.push(ClientStatus {
                id: row.id.clone(),
                client: None,
                documents: Vec::new(),
                next: None,
                end_passed: None,
                archived: false,
                is_wrong: false,
                agreement: None,
                history: Vec::new(),
            });
            clients.len() - 1
        });
        clients[place].documents.push(row);
    }
    clients
}

impl Status {
    /// Whether a document is to be made.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let mut documents = self.clients.iter().flat_map(|client| &client.documents);
        documents.any(|document| document.state == DocumentState::Stale)
    }
}

impl ClientStatus {
    /// The document that is current, or is to be made.
    #[must_use]
    pub fn current(&self) -> Option<&DocumentStatus> {
        let is_over = |it: &&DocumentStatus| {
            matches!(it.state, DocumentState::Earlier | DocumentState::Other)
        };
        self.documents.first().filter(|document| !is_over(document))
    }

    /// Leaves out what is over; says whether anything is left.
    fn keep_active(&mut self, documents: &Documents) -> bool {
        let version = self.documents.first().and_then(|document| document.version.clone());
        let lock = &documents.folder.lock;
        self.documents.retain(|document| match document.state {
            DocumentState::Other => false,
            DocumentState::Earlier => document.version == version && version.is_some(),
            DocumentState::Orphaned => {
                let name = document.pdf.as_deref().and_then(Path::file_name);
                !name.is_some_and(|name| lock.gone.contains(&*name.to_string_lossy()))
                    && !document.id.as_ref().is_some_and(|id| lock.archived.contains(id))
            }
            _ => true,
        });
        self.current().is_some()
    }
}

/// What is needed to look at each client.
struct Looker<'a> {
    documents: &'a Documents,
    by_id: HashMap<Option<&'a str>, &'a KeptDocument>,
    agreements: Agreements,
    on: NaiveDate,
}

impl<'a> Looker<'a> {
    fn new(documents: &'a Documents, on: NaiveDate) -> Self {
        let by_id = documents.all.iter().map(|document| (document.id.as_deref(), document));
        let by_id = by_id.collect();
        Self { documents, by_id, agreements: Agreements::of(Path::new("")), on }
    }

    /// Looks at all clients, a part of them on each core: the history of each is a file of its own.
    fn look_at_all(
        &self,
        clients: &mut [ClientStatus],
        scope: &StatusScope,
        problems: &mut Problems,
    ) {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let parts = clients.chunks_mut(clients.len().div_ceil(cores).max(1));
        thread::scope(|threads| {
            let look = |part: &mut [ClientStatus]| {
                let mut problems = Problems::new();
                for client in part {
                    self.look(client, scope, &mut problems);
                }
                problems
            };
            let started: Vec<_> = parts
                .map(|part| thread::Builder::new().spawn_scoped(threads, move || look(part)))
                .collect();
            for thread in started {
                match thread.map(thread::ScopedJoinHandle::join) {
                    Ok(Ok(found)) => problems.extend(found),
                    Ok(Err(panic)) => std::panic::resume_unwind(panic),
                    Err(error) => {
                        let error = format!("cannot start a thread: {error}");
                        problems.push(Diagnostic::failure(error));
                    }
                }
            }
        });
    }

    fn look(&self, client: &mut ClientStatus, scope: &StatusScope, problems: &mut Problems) {
        let lock = &self.documents.folder.lock;
        let of_document = client.current().and_then(next_of);
        let Some(id) = client.id.clone() else {
            client.next = of_document;
            return;
        };
        let identity =
            self.by_id.get(&Some(id.as_str())).and_then(|document| document.identity.as_ref());
        client.client = identity.and_then(|identity| identity.name.clone());
        client.archived = lock.archived.contains(&id);
        client.end_passed = identity
            .and_then(|identity| identity.end.clone())
            .filter(|end| end.parse::<NaiveDate>().is_ok_and(|end| end < self.on));
        client.is_wrong =
            of_document == Some(NextStep::Make) && self.is_wrong(client.id.as_deref());
        let of_document = if client.is_wrong { Some(NextStep::Mend) } else { of_document };
        let made = lock.newest(Some(&id)).map(|(_, entry)| MadeVersion {
            version: entry.inputs.version.clone(),
            digest: entry.digest.clone(),
        });
        let name = client.client.clone().unwrap_or_else(|| id.clone());
        let subject = AgreementSubject { id, name, made };
        match agreement_status(&self.agreements, &subject, self.on) {
            Ok(agreement) => {
                // Nothing leaves the house for a client whose file is gone.
                let is_there = identity.is_some() || agreement.agreement.is_some();
                let of_agreement = agreement.next.filter(|_| is_there);
                // Whether it goes on after its end is for the owner to say.
                client.end_passed = client.end_passed.take().filter(|_| !agreement.is_over);
                let of_end = client.end_passed.as_ref().map(|_| NextStep::Judge);
                let first = [of_document, of_agreement].into_iter().flatten().min();
                client.next = of_end.or(first);
                client.agreement = Some(agreement);
            }
            Err(more) => {
                client.next = Some(NextStep::Mend);
                problems.extend(more);
            }
        }
        if matches!(scope, StatusScope::Client(_)) {
            // Whether it can be read was said above.
            let history = self.agreements.history(&subject.id).ok();
            client.history = history.map(|history| history.entries).unwrap_or_default();
        }
    }
}

impl Looker<'_> {
    /// Whether the file of a client has problems.
    fn is_wrong(&self, id: Option<&str>) -> bool {
        let document = self.by_id.get(&id);
        let path = document.and_then(|document| Some((document.path.as_ref()?, &document.found)));
        path.is_some_and(|(path, found)| {
            read_client(path, &self.documents.libraries[found].library).is_err()
        })
    }
}

/// What to do about a document.
fn next_of(document: &DocumentStatus) -> Option<NextStep> {
    match document.state {
        DocumentState::Stale if document.is_refused => Some(NextStep::Version),
        DocumentState::Stale => Some(NextStep::Make),
        DocumentState::Unknown => Some(NextStep::Mend),
        _ => None,
    }
}
