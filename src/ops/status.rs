//! The state of all documents of a folder.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::agreement_status::{AgreementStatus, AgreementSubject, agreement_status};
use super::clients::ClientSelection;
use super::documents::{DocumentState, DocumentStatus, Documents};
use super::notify::{Breach, Lacking, of_documents, warnings};
use crate::diagnostic::Problems;
use crate::library::Found;
use crate::store::{Access, Agreements, Stale};

/// How the documents of a folder stand.
#[derive(Debug)]
pub struct Status {
    /// The documents that are kept up to date, then others that the lock knows.
    pub documents: Vec<DocumentStatus>,
    /// How the agreement with each client stands, by the path of the client file.
    pub agreements: BTreeMap<PathBuf, AgreementStatus>,
    /// What is wrong.
    pub problems: Problems,
}

/// Finds out how the documents of a folder stand, and on this day the agreements; writes nothing.
#[must_use]
pub fn status(selection: &ClientSelection, on: NaiveDate) -> Status {
    let mut problems = Problems::new();
    let gathered = Documents::gather(selection, Access::Look, None, &mut problems);
    let mut agreements = BTreeMap::new();
    let documents = gathered.map_or_else(Vec::new, |mut documents| {
        agreements = agreements_of(&documents, on, &mut problems);
        add_breaches(&documents, on, &mut agreements, &mut problems);
        let mut states = documents.statuses();
        states.extend(documents.unknown.iter().cloned().map(DocumentStatus::unknown));
        states.extend(others(&mut documents, selection));
        states.extend(unlisted(&mut documents, selection));
        states
    });
    Status { documents, agreements, problems }
}

impl Status {
    /// Whether a document is to be made.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.documents.iter().any(|document| document.state == DocumentState::Stale)
    }
}

/// How the agreement with each client stands; one whose history cannot be read is reported and left out.
fn agreements_of(
    documents: &Documents,
    on: NaiveDate,
    problems: &mut Problems,
) -> BTreeMap<PathBuf, AgreementStatus> {
    let agreements = Agreements::of(Path::new(""));
    let mut found = BTreeMap::new();
    let mut made: HashMap<&str, &str> = HashMap::new();
    for entry in documents.folder.lock.entries.values() {
        if let Some(client) = &entry.client {
            let latest = made.entry(client).or_default();
            *latest = entry.inputs.version.as_str().max(latest);
        }
    }
    for document in &documents.all {
        let (Some(path), Some(identity)) = (&document.path, &document.identity) else {
            continue;
        };
        let subject = AgreementSubject {
            // That of its documents, also where the file was renamed.
            id: document.id.clone().unwrap_or_else(|| identity.id.clone()),
            name: identity.name.clone().unwrap_or_else(|| identity.id.clone()),
            made: document
                .client
                .as_deref()
                .and_then(|client| made.get(client))
                .map(|it| (*it).to_owned()),
        };
        match agreement_status(&agreements, &subject, on) {
            Ok(status) => drop(found.insert(path.clone(), status)),
            Err(more) => problems.extend(more),
        }
    }
    found
}

/// Adds the sub-processors that work before the notice of them ended, and reports each once.
fn add_breaches(
    documents: &Documents,
    on: NaiveDate,
    agreements: &mut BTreeMap<PathBuf, AgreementStatus>,
    problems: &mut Problems,
) {
    let lacking = of_documents(documents, on);
    problems.extend(warnings(&lacking));
    let mut by_id: HashMap<String, Vec<Breach>> = HashMap::new();
    for Lacking { id, breach } in lacking {
        by_id.entry(id).or_default().push(breach);
    }
    for document in &documents.all {
        let status = document.path.as_ref().and_then(|path| agreements.get_mut(path));
        let breaches = document.id.as_ref().and_then(|id| by_id.remove(id));
        if let (Some(status), Some(breaches)) = (status, breaches) {
            status.add_breaches(breaches);
        }
    }
}

/// The documents of these clients under the usual names of other versions that the lock does not list: it may
/// be lost. They say themselves what they are.
fn unlisted(documents: &mut Documents, selection: &ClientSelection) -> Vec<DocumentStatus> {
    let mut states = Vec::new();
    for file in documents.folder.unlisted() {
        let is_listed = documents.all.iter().any(|document| document.file == file);
        let contract = documents.folder.contract_in(&file).filter(|_| !is_listed);
        let Some(contract) = contract.filter(|contract| !contract.is_draft) else {
            continue;
        };
        let usual_name = |found: &Found, id: Option<&str>| {
            let contents = &documents.libraries.get(found)?.library.contents;
            Some((
                documents.settings.versioned_name(contents, id, &contract.version),
                contents.version.to_string(),
            ))
        };
        let names = documents.all.iter().filter_map(|document| {
            let id = document.identity.as_ref().map(|identity| identity.id.as_str());
            Some((document.path.as_deref(), usual_name(&document.found, id)?))
        });
        let general =
            documents.libraries.keys().filter_map(|found| Some((None, usual_name(found, None)?)));
        let general = general.filter(|_| selection.only.is_empty());
        let mut owners = names.chain(general).filter(|(client, (name, _))| {
            client.is_none() == contract.is_general && file == format!("{name}.pdf")
        });
        let Some((client, (_, version))) = owners.next() else {
            continue;
        };
        let client_file = client.map(Path::to_owned);
        let is_earlier = contract.version < version;
        drop(owners);
        states.push(DocumentStatus {
            client_file,
            pdf: Some(documents.folder.path.join(&file)),
            version: Some(contract.version),
            state: if is_earlier { DocumentState::Earlier } else { DocumentState::Other },
            reason: Some(Stale::Unknown.to_string()),
            touched: documents.folder.touched(&file),
            renamed_from: None,
        });
    }
    states
}

/// What the lock knows beyond what is kept up to date: earlier versions, other names, clients that are gone.
fn others(documents: &mut Documents, selection: &ClientSelection) -> Vec<DocumentStatus> {
    let entries: Vec<_> = documents.folder.lock.entries.clone().into_iter().collect();
    let mut states = Vec::new();
    for (file, entry) in entries {
        if documents.all.iter().any(|document| document.file == file) {
            continue;
        }
        let client = entry.client.as_ref().map(|client| documents.folder.path.join(client));
        let is_gone = client.as_ref().is_some_and(|client| !client.exists());
        let is_known = documents.all.iter().any(|document| document.client == entry.client);
        let mut versions =
            documents.libraries.values().map(|loaded| loaded.library.contents.version);
        let is_replaced = documents.all.iter().any(|document| {
            document.client == entry.client
                && entry.number.is_some_and(|it| it < document.kept.number)
        });
        let is_earlier = is_replaced || versions.all(|it| entry.inputs.version < it.to_string());
        let is_selected = is_known || (entry.client.is_none() && selection.only.is_empty());
        if !is_gone && !is_selected {
            continue;
        }
        states.push(DocumentStatus {
            pdf: Some(documents.folder.path.join(&file)),
            client_file: client,
            version: Some(entry.inputs.version),
            state: match (is_gone, is_earlier) {
                (true, _) => DocumentState::Orphaned,
                (false, true) => DocumentState::Earlier,
                (false, false) => DocumentState::Other,
            },
            reason: None,
            touched: documents.folder.touched(&file),
            renamed_from: None,
        });
    }
    states
}
