//! The documents of all clients: which there are, which library serves each, and what each one's PDF needs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::paths::{check_not_lock, document_name, relative, same_id, same_output};
use super::settings::Settings;
use super::sources::{
    LibraryChoice, LoadedLibrary, assemble, clashing, client_files, open_libraries,
};
use crate::client::identity::Identity;
use crate::contract::ENGINE;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::{Found, Library};
use crate::store::{Access, Folder, Inputs, Kept, Lock, Stale, Touched};

/// Which clients, and where their PDFs are kept.
#[derive(Debug, Clone, Default)]
pub struct ClientSelection {
    /// The folder that the client files are in, or below; none is `clients/` if it exists, else the current
    /// folder.
    pub clients: Option<PathBuf>,
    /// Only client files whose name or path matches one of these patterns (`*`, `?`); all, if there is none.
    pub only: Vec<String>,
    /// The folder of the PDFs and their lock; none is the current folder.
    pub output: Option<PathBuf>,
    /// Which library.
    pub library: LibraryChoice,
}

/// A document that is kept up to date: a client's, or the general edition.
#[derive(Debug)]
pub struct KeptDocument {
    /// Its client file; none for the general edition.
    pub path: Option<PathBuf>,
    /// The client file as seen from the folder of the PDFs.
    pub client: Option<String>,
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
    /// The client files that nothing can be found out about: they or their library cannot be read.
    pub unknown: Vec<PathBuf>,
}

/// How one document stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentStatus {
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
    /// What became of the PDF since it was made.
    pub touched: Touched,
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

impl ClientSelection {
    fn folder(&self) -> PathBuf {
        let usual = PathBuf::from("clients");
        match &self.clients {
            Some(folder) => folder.clone(),
            None if usual.is_dir() => usual,
            None => PathBuf::from("."),
        }
    }

    /// The client files.
    ///
    /// # Errors
    ///
    /// If there are none, or a folder cannot be read.
    fn client_files(&self) -> Result<Vec<PathBuf>, Diagnostic> {
        let patterns = self.only.iter().map(|only| {
            glob::Pattern::new(only).map_err(|error| {
                Diagnostic::failure(format!("`{only}` is not a pattern: {error}"))
                    .hint("--only takes a name with `*` and `?` in it: \"bakker*\"")
            })
        });
        let patterns = patterns.collect::<Result<Vec<_>, _>>()?;
        let folder = self.folder();
        let files = client_files(&folder, &patterns)?;
        if !files.is_empty() {
            return Ok(files);
        }
        let (which, hint) = if self.only.is_empty() {
            ("", "client files end in .toml; name their folder: `dpa-gen regenerate clients`")
        } else {
            (" that matches", "--only takes a name or a path with `*` and `?` in it: \"bakker*\"")
        };
        let none = format!("there is no client file{which} in `{}`", folder.slashed());
        Err(Diagnostic::error(none).hint(hint))
    }
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
        let mut unknown = Vec::new();
        let mut clients = identify(&mut folder, paths, &mut unknown, problems)?;
        clients.retain(|client| is_wanted(&client.identity.id));
        let found = find_libraries(&selection.library, &clients)?;
        let mut libraries = open_libraries(&found, problems);
        let keeps_general = keeps_general(&folder.lock);
        if keeps_general && !found.contains(&general) {
            libraries.extend(open_libraries([&general], problems));
        }
        let mut documents = Self { folder, settings, libraries, all: Vec::new(), unknown };
        let refused = documents.refused(problems);
        let mut wanted: Vec<_> = clients.into_iter().map(Some).zip(found).collect();
        if selection.only.is_empty() && is_wanted("") && keeps_general {
            wanted.push((None, general));
        }
        for (client, found) in wanted {
            let is_refused = refused.contains(&found);
            let path = client.as_ref().map(|client| client.path.clone());
            match documents.document(client, found, is_refused) {
                Some(document) => documents.all.push(document),
                None => documents.unknown.extend(path),
            }
        }
        documents.check_names()?;
        Ok(documents)
    }

    /// The libraries whose text may not be used here.
    fn refused(&self, problems: &mut Problems) -> IndexSet<Found> {
        let mut is_refused = |loaded: &LoadedLibrary| {
            let version = loaded.library.contents.version.to_string();
            let checked = self.folder.check_version(&version, &loaded.text);
            checked.map_err(|problem| problems.push(problem)).is_err()
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
        found: Found,
        is_refused: bool,
    ) -> Option<KeptDocument> {
        let loaded = self.libraries.get(&found)?;
        let (path, identity, seen, client_file) = match client {
            Some(ClientFile { path, identity, seen, sha256 }) => {
                (Some(path), Some(identity), Some(seen), sha256)
            }
            None => (None, None, None, String::new()),
        };
        let client = seen;
        let id = identity.as_ref().map(|identity| identity.id.as_str());
        let file = format!("{}.pdf", self.settings.name(&loaded.library.contents, id));
        let contents = &loaded.library.contents;
        let inputs = Inputs {
            version: contents.version.to_string(),
            client_file,
            layout: loaded.look.clone(),
            engine: ENGINE.to_owned(),
            fields: path.is_some(),
        };
        let mut kept = self.folder.look(&file, client.as_deref(), &inputs, &loaded.text);
        let is_unknown = kept.stale == Some(Stale::Unknown) && kept.touched.is_kept();
        if is_refused {
            kept.stale = Some(Stale::Refused);
        } else if is_unknown
            && self.folder.contract_in(&file).map(|contract| contract.digest)
                == digest(&loaded.library, path.as_deref())
        {
            // Without a lock, a document that somebody worked on is known by what it holds.
            kept.stale = None;
        }
        Some(KeptDocument { path, client, identity, found, file, inputs, kept })
    }

    /// How each document stands.
    pub fn statuses(&self) -> Vec<DocumentStatus> {
        self.all.iter().map(|document| self.status(document)).collect()
    }

    fn status(&self, document: &KeptDocument) -> DocumentStatus {
        let entries = self.folder.lock.entries.values();
        let versions = entries
            .filter(|entry| entry.client == document.client)
            .map(|entry| &entry.inputs.version);
        let stale = document.kept.stale.as_ref();
        DocumentStatus {
            client_file: document.path.clone(),
            pdf: Some(self.folder.path.join(&document.file)),
            version: versions.max().cloned(),
            state: if stale.is_some() { DocumentState::Stale } else { DocumentState::Current },
            reason: stale.map(ToString::to_string),
            touched: document.kept.touched,
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
            client_file: Some(client_file),
            pdf: None,
            version: None,
            state: DocumentState::Unknown,
            reason: None,
            touched: Touched::Missing,
        }
    }
}

/// Whether the general edition was made here under its usual name, and so is to be kept up to date.
fn keeps_general(lock: &Lock) -> bool {
    lock.entries.iter().any(|(file, entry)| {
        entry.client.is_none() && file.ends_with(&format!("-{}.pdf", entry.inputs.version))
    })
}

/// The digest of the document that a client file gives now; none if the file has problems.
fn digest(library: &Library, path: Option<&Path>) -> Option<String> {
    assemble(library, path).ok().map(|contract| contract.digest)
}

/// A client file that is there.
struct ClientFile {
    path: PathBuf,
    identity: Identity,
    /// Its path as seen from the folder of the PDFs.
    seen: String,
    /// SHA-256 of its bytes.
    sha256: String,
}

/// What each client file says of itself, samples left out; one that cannot be read is `unknown`. No two may have
/// one id.
fn identify(
    folder: &mut Folder,
    paths: Vec<PathBuf>,
    unknown: &mut Vec<PathBuf>,
    problems: &mut Problems,
) -> Result<Vec<ClientFile>, Problems> {
    let mut clients: Vec<ClientFile> = Vec::new();
    // Where a file system knows no difference between letters, neither may ids.
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut twice = Problems::new();
    for path in paths {
        let seen = relative(&path, &folder.path);
        let (sha256, identity) = match folder.identity(&path, &seen) {
            Ok(found) => found,
            Err(problem) => {
                problems.push(problem);
                unknown.push(path);
                continue;
            }
        };
        if identity.is_sample {
            continue;
        }
        let earlier = first.entry(identity.id.to_lowercase()).or_insert(clients.len());
        if let Some(other) = clients.get(*earlier) {
            twice.push(same_id(&other.path, &path, &identity.id));
        }
        clients.push(ClientFile { path, identity, seen, sha256 });
    }
    twice.or(clients)
}

/// Which library serves each client; each folder is looked at once.
fn find_libraries(
    choice: &LibraryChoice,
    clients: &[ClientFile],
) -> Result<Vec<Found>, Diagnostic> {
    let mut by_folder: HashMap<&Path, Found> = HashMap::new();
    let mut found = Vec::new();
    for ClientFile { path, .. } in clients {
        let folder = path.parent().unwrap_or(Path::new(""));
        if !by_folder.contains_key(folder) {
            by_folder.insert(folder, choice.find(Some(path))?);
        }
        found.push(by_folder[folder].clone());
    }
    Ok(found)
}
