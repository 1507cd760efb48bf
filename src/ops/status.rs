//! The state of all documents of a folder.

use std::path::PathBuf;

use serde::Serialize;

use super::documents::{ClientSelection, Documents, KeptDocument};
use crate::diagnostic::Problems;
use crate::store::{Access, Touched};

/// How the documents of a folder stand.
#[derive(Debug)]
pub struct Status {
    /// The documents that are kept up to date, then others that the lock knows.
    pub documents: Vec<DocumentStatus>,
    /// What is wrong.
    pub problems: Problems,
}

/// How one document stands.
#[derive(Debug, Serialize)]
pub struct DocumentStatus {
    /// The client file; none for the general edition.
    pub client: Option<PathBuf>,
    /// The PDF that exists, or would be made.
    pub pdf: PathBuf,
    /// The version that there is.
    pub version: Option<String>,
    /// Whether it is current.
    pub standing: Standing,
    /// Why it is stale.
    pub reason: Option<String>,
    /// What became of the PDF since it was made.
    pub touched: Touched,
}

/// Whether a document is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is what would be made now.
    Current,
    /// It is to be made.
    Stale,
    /// Its client file is gone.
    Orphaned,
    /// Of an earlier version, and kept.
    Earlier,
    /// Made under a name of its own, which nobody keeps up to date.
    Other,
}

/// Finds out how the documents of a folder stand; writes nothing.
#[must_use]
pub fn status(selection: &ClientSelection) -> Status {
    let mut problems = Problems::new();
    let gathered = Documents::gather(selection, Access::Look, None, &mut problems);
    let documents = gathered.map_or_else(Vec::new, |mut documents| {
        let kept = documents.all.iter().map(|document| of_kept(document, &documents));
        let mut states: Vec<DocumentStatus> = kept.collect();
        states.extend(others(&mut documents, selection));
        states
    });
    Status { documents, problems }
}

impl Status {
    /// Whether a document is to be made.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.documents.iter().any(|document| document.standing == Standing::Stale)
    }
}

fn of_kept(document: &KeptDocument, documents: &Documents) -> DocumentStatus {
    let entries = documents.folder.lock.entries.iter();
    let versions = entries
        .filter(|(_, entry)| entry.client == document.client)
        .map(|(_, entry)| &entry.inputs.version);
    let stale = document.kept.stale.as_ref();
    DocumentStatus {
        client: document.path.clone(),
        pdf: documents.folder.path.join(&document.file),
        version: versions.max().cloned(),
        standing: if stale.is_some() { Standing::Stale } else { Standing::Current },
        reason: stale.map(ToString::to_string),
        touched: document.kept.touched,
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
            pdf: documents.folder.path.join(&file),
            client,
            version: Some(entry.inputs.version),
            standing: match (is_gone, is_earlier) {
                (true, _) => Standing::Orphaned,
                (false, true) => Standing::Earlier,
                (false, false) => Standing::Other,
            },
            reason: None,
            touched: documents.folder.touched(&file),
        });
    }
    states
}
