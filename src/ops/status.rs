//! The state of all documents of a folder.

use super::documents::{ClientSelection, DocumentState, DocumentStatus, Documents};
use crate::diagnostic::Problems;
use crate::store::Access;

/// How the documents of a folder stand.
#[derive(Debug)]
pub struct Status {
    /// The documents that are kept up to date, then others that the lock knows.
    pub documents: Vec<DocumentStatus>,
    /// What is wrong.
    pub problems: Problems,
}

/// Finds out how the documents of a folder stand; writes nothing.
#[must_use]
pub fn status(selection: &ClientSelection) -> Status {
    let mut problems = Problems::new();
    let gathered = Documents::gather(selection, Access::Look, None, &mut problems);
    let documents = gathered.map_or_else(Vec::new, |mut documents| {
        let mut states = documents.statuses();
        states.extend(documents.unknown.iter().cloned().map(DocumentStatus::unknown));
        states.extend(others(&mut documents, selection));
        states
    });
    Status { documents, problems }
}

impl Status {
    /// Whether a document is to be made.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.documents.iter().any(|document| document.state == DocumentState::Stale)
    }
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
        let is_earlier = versions.all(|it| entry.inputs.version < it.to_string());
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
        });
    }
    states
}
