//! The documents of all clients: which there are, which library serves each, and what each one's PDF needs.

use std::collections::HashMap;
use std::path::PathBuf;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::clients::{ClientFile, ClientSelection, LeftOut, find_libraries, identify};
use super::owner::Owner;
use super::paths::{check_not_lock, document_name, same_output};
use super::plan::{Plan, discipline, plan};
use super::recover::recover;
use super::refusals::{Refusals, older};
use super::settings::Settings;
use super::sources::{LoadedLibrary, clashing, open_libraries};
use crate::check::Lang;
use crate::client::identity::{Identity, stem};
use crate::diagnostic::Problems;
use crate::library::Found;
use crate::store::{Access, Discipline, Folder, Inputs, Kept, Lock, Stale, Touched};

/// A document that is kept up to date: a client's, or the general edition.
#[derive(Debug)]
pub struct KeptDocument {
    /// Its client file; none for the general edition.
    pub path: Option<PathBuf>,
    /// The client's id.
    pub id: Option<String>,
    /// Where the client file was when its newest document was made, if it is there no more.
    pub renamed_from: Option<String>,
    /// What the client file says of itself; none for the general edition.
    pub identity: Option<Identity>,
    /// The library that serves it.
    pub found: Found,
    /// The PDF's file name.
    pub file: String,
    /// What it would be made of now.
    pub inputs: Inputs,
    /// What there is of it.
    pub kept: Kept,
}

/// All clients of a folder.
#[derive(Debug)]
pub struct Documents {
    /// Where the PDFs are kept.
    pub folder: Folder,
    /// How the PDFs are named.
    pub settings: Settings,
    /// The libraries in use.
    pub libraries: IndexMap<Found, LoadedLibrary>,
    /// The clients, by the path of their files; then the general edition, if it is kept here.
    pub all: Vec<KeptDocument>,
    /// The client files that are not among them.
    pub left_out: LeftOut,
}

/// How one document stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentStatus {
    /// The client's id; none for the general edition.
    pub id: Option<String>,
    /// The client file; none for the general edition.
    pub client_file: Option<PathBuf>,
    /// The PDF that exists, or would be made; none if nothing can be found out.
    pub pdf: Option<PathBuf>,
    /// The version that there is.
    pub version: Option<String>,
    /// Whether it is current.
    pub state: DocumentState,
    /// Why it is stale.
    pub reason: Option<String>,
    /// Whether it may not be made: its text needs a version of its own.
    #[serde(skip)]
    pub is_refused: bool,
    /// What became of the PDF since it was made.
    pub touched: Touched,
    /// Where the client file was when the document was made, if it is there no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
}

/// Whether a document is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
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
    /// Its client file or its library cannot be read.
    Unknown,
}

/// A part of all clients: the `number`-th (from 1) of `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub count: usize,
}

impl Shard {
    /// Whether a client belongs to this part: by its id alone, so that every machine gets the same parts.
    fn holds(self, id: &str) -> bool {
        let digest = Sha256::digest(id);
        let hash = digest[..8].iter().fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        usize::try_from(hash % self.count as u64).unwrap_or_default() + 1 == self.number
    }
}

impl Documents {
    /// Looks at the documents of all selected clients, or of one part of them. Problems go to `problems`;
    /// documents that cannot even be looked at are left out of `all`. None, if nothing can be done at all.
    pub fn gather(
        selection: &ClientSelection,
        access: Access,
        shard: Option<Shard>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let gathered = Self::try_gather(selection, access, shard, problems);
        gathered.map_err(|more| problems.extend(more)).ok()
    }

    fn try_gather(
        selection: &ClientSelection,
        access: Access,
        shard: Option<Shard>,
        problems: &mut Problems,
    ) -> Result<Self, Problems> {
        let is_wanted = |id: &str| shard.is_none_or(|shard| shard.holds(id));
        let settings = Settings::here()?;
        let paths = selection.client_files()?;
        let general = selection.library.find(None)?;
        let output = selection.output.clone().or(settings.output.clone()).unwrap_or_default();
        check_not_lock(&output)?;
        let mut folder = Folder::open(&output, access, problems)?;
        let mut left_out = LeftOut::default();
        let mut clients =
            identify(&mut folder, (paths, selection.archived), &mut left_out, problems)?;
        let all = clients.len();
        clients.retain(|client| is_wanted(&client.id));
        left_out.of_other_parts = all - clients.len();
        let found = find_libraries(&selection.library, &clients)?;
        let mut libraries = open_libraries(&found, problems);
        for (at, loaded) in &libraries {
            let owners = clients.iter().zip(&found).filter(|(_, found)| *found == at);
            recover(&mut folder, &settings, loaded, owners.map(|(client, _)| client.owner()));
        }
        let keeps_general = keeps_general(&folder.lock);
        if keeps_general && !found.contains(&general) {
            libraries.extend(open_libraries([&general], problems));
        }
        let disciplines = libraries.iter();
        let disciplines = disciplines
            .map(|(found, loaded)| (found.clone(), discipline(&folder, loaded)))
            .collect();
        let mut documents = Self { folder, settings, libraries, all: Vec::new(), left_out };
        let refused = documents.refused(problems);
        let mut wanted: Vec<_> = clients.into_iter().map(Some).zip(found).collect();
        if selection.only.is_empty() && is_wanted("") && keeps_general {
            wanted.push((None, general));
        }
        let mut refusals = Refusals::default();
        for (client, found) in wanted {
            let path = client.as_ref().map(|client| client.path.clone());
            match documents.document(client, &found, &disciplines, &mut refusals) {
                Some(mut document) => {
                    if refused.contains(&found) {
                        document.kept.stale = Some(Stale::Refused);
                    }
                    documents.all.push(document);
                }
                None => documents.left_out.unknown.extend(path),
            }
        }
        problems.extend(refusals.problems(&documents.folder, &documents.libraries));
        documents.check_names()?;
        Ok(documents)
    }

    /// The libraries that may not be used here, for whomever: of an older version, or two of one version.
    fn refused(&self, problems: &mut Problems) -> IndexSet<Found> {
        let mut is_refused = |loaded: &LoadedLibrary| {
            let version = loaded.library.contents.version.to_string();
            let later = self.folder.lock.later_version(&version);
            problems.extend(later.map(|later| older(&version, later, Lang::En)));
            later.is_some()
        };
        let refused = self.libraries.iter().filter(|(_, loaded)| is_refused(loaded));
        let mut refused: IndexSet<Found> = refused.map(|(found, _)| found.clone()).collect();
        let others = self.libraries.iter().filter(|(found, _)| !refused.contains(*found));
        let clashing = clashing(others, problems);
        refused.extend(clashing);
        refused
    }

    fn document(
        &mut self,
        client: Option<ClientFile>,
        found: &Found,
        disciplines: &IndexMap<Found, Discipline>,
        refusals: &mut Refusals,
    ) -> Option<KeptDocument> {
        let loaded = self.libraries.get(found)?;
        let owner = client.as_ref().map_or(Owner::GENERAL, ClientFile::owner);
        let plan = plan(&mut self.folder, &self.settings, loaded, &disciplines[found], owner);
        let Plan { inputs, mut kept, refusal } = plan;
        if let Some(client) = client.as_ref().filter(|client| client.renamed_from.is_some()) {
            self.folder.note_place(&client.id, &client.seen);
        }
        if let Some(refusal) = refusal {
            let newest = self.folder.lock.newest(owner.id).map(|(file, _)| file);
            refusals.note(found, (owner.path, newest), &kept, refusal);
            kept.stale = Some(Stale::Refused);
        }
        let document = KeptDocument {
            path: None,
            id: None,
            identity: None,
            renamed_from: None,
            found: found.clone(),
            file: kept.file.clone(),
            inputs,
            kept,
        };
        Some(match client {
            None => document,
            Some(ClientFile { path, id, identity, renamed_from, .. }) => KeptDocument {
                path: Some(path),
                id: Some(id),
                identity: Some(identity),
                renamed_from,
                ..document
            },
        })
    }

    /// How each document stands.
    pub fn statuses(&self) -> Vec<DocumentStatus> {
        self.all.iter().map(|document| self.status(document)).collect()
    }

    fn status(&self, document: &KeptDocument) -> DocumentStatus {
        let newest = self.folder.lock.newest(document.id.as_deref());
        let version = newest.map(|(_, entry)| entry.inputs.version.clone());
        let stale = document.kept.stale.as_ref();
        DocumentStatus {
            id: document.id.clone(),
            client_file: document.path.clone(),
            pdf: Some(self.folder.path.join(&document.file)),
            version,
            state: if stale.is_some() { DocumentState::Stale } else { DocumentState::Current },
            reason: stale.map(ToString::to_string),
            is_refused: stale == Some(&Stale::Refused),
            touched: document.kept.touched,
            renamed_from: document.renamed_from.clone(),
        }
    }

    /// No two clients may have one PDF.
    fn check_names(&self) -> Result<(), Problems> {
        let mut first: HashMap<&str, &KeptDocument> = HashMap::new();
        let mut problems = Problems::new();
        for document in &self.all {
            if let Some(other) = first.insert(&document.file, document) {
                problems.push(same_output(&other.name(), &document.name(), &document.file));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl KeptDocument {
    /// What it is called in lists.
    #[must_use]
    pub fn name(&self) -> String {
        document_name(self.path.as_deref())
    }
}

impl DocumentStatus {
    /// That of a client whose file or library cannot be read.
    #[must_use]
    pub fn unknown(client_file: PathBuf) -> Self {
        Self {
            id: Some(stem(&client_file)),
            client_file: Some(client_file),
            pdf: None,
            version: None,
            state: DocumentState::Unknown,
            reason: None,
            is_refused: false,
            touched: Touched::Missing,
            renamed_from: None,
        }
    }
}

/// Whether the general edition was made here under its usual name, and so is to be kept up to date.
fn keeps_general(lock: &Lock) -> bool {
    lock.newest(None).is_some()
}
