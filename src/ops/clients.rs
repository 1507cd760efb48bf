//! The client files that are there: which ones, by which id each is kept, and which library serves it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::owner::Owner;
use super::paths::{relative, same_id};
use super::sources::{LibraryChoice, client_files};
use crate::client::identity::Identity;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::Found;
use crate::store::Folder;

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
    /// Also the clients that were archived.
    pub archived: bool,
    /// Which library.
    pub library: LibraryChoice,
}

/// The client files that no list has, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Those that are samples.
    pub samples: Vec<PathBuf>,
    /// How many are of clients that were archived.
    pub archived: usize,
    /// How many are of other parts than the one that is looked at.
    pub of_other_parts: usize,
    /// Those that nothing can be found out about: they or their library cannot be read.
    pub unknown: Vec<PathBuf>,
}

/// A client file that is there.
#[derive(Debug)]
pub(super) struct ClientFile {
    /// Where it is.
    pub path: PathBuf,
    /// By what its documents are kept: its `id`; without one, that of the documents that were made of it.
    pub id: String,
    /// What it says of itself.
    pub identity: Identity,
    /// Its path as seen from the folder of the PDFs.
    pub seen: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Where it was when its newest document was made, if it is there no more.
    pub renamed_from: Option<String>,
}

impl ClientSelection {
    pub(super) fn folder(&self) -> PathBuf {
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
    pub(super) fn client_files(&self) -> Result<Vec<PathBuf>, Diagnostic> {
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

/// What each client file says of itself, without samples, and without archived clients if they are not wanted. No two may
/// have one id.
pub(super) fn identify(
    folder: &mut Folder,
    (paths, archived): (Vec<PathBuf>, bool),
    left_out: &mut LeftOut,
    problems: &mut Problems,
) -> Result<Vec<ClientFile>, Problems> {
    let mut clients: Vec<ClientFile> = Vec::new();
    for path in paths {
        match ClientFile::read(folder, &path) {
            Ok(client) if client.identity.is_sample => left_out.samples.push(path),
            Ok(client) => clients.push(client),
            Err(problem) => {
                problems.push(problem);
                left_out.unknown.push(path);
            }
        }
    }
    know_by_lock(folder, &mut clients)?;
    let all = clients.len();
    clients.retain(|client| archived || !folder.lock.archived.contains(&client.id));
    left_out.archived = all - clients.len();
    // Where a file system knows no difference between letters, neither may ids.
    let mut first: HashMap<String, &Path> = HashMap::new();
    let mut twice = Problems::new();
    for client in &clients {
        if let Some(other) = first.insert(client.id.to_lowercase(), &client.path) {
            twice.push(same_id(other, &client.path, &client.id));
        }
    }
    twice.or(())?;
    Ok(clients)
}

impl ClientFile {
    /// Reads what a client file says of itself.
    pub fn read(folder: &mut Folder, path: &Path) -> Result<Self, Diagnostic> {
        let seen = relative(path, &folder.path);
        let (sha256, identity) = folder.identity(path, &seen)?;
        let id = identity.id.clone();
        Ok(Self { path: path.to_owned(), id, identity, seen, sha256, renamed_from: None })
    }

    /// Whose documents are made of it.
    pub fn owner(&self) -> Owner<'_> {
        Owner { id: Some(&self.id), path: Some(&self.path), sha256: &self.sha256 }
    }
}

/// Finds the documents of files that were renamed. A file without an id is known by its path, and if that is another
/// one now, by its bytes, as long as the old file is gone.
///
/// # Errors
///
/// If a file has an id now that its documents are not kept by.
pub(super) fn know_by_lock(folder: &Folder, clients: &mut [ClientFile]) -> Result<(), Problems> {
    let newest: Vec<(&str, &str, &str)> = folder
        .lock
        .ids()
        .into_iter()
        .flatten()
        .filter_map(|id| {
            let (_, entry) = folder.lock.newest(Some(id))?;
            Some((id, entry.client.as_deref()?, entry.inputs.client_file.as_str()))
        })
        .collect();
    let typed: HashSet<String> = clients
        .iter()
        .filter(|client| client.identity.is_typed)
        .map(|client| client.id.clone())
        .collect();
    let by_path: HashMap<&str, &str> = newest.iter().map(|(id, path, _)| (*path, *id)).collect();
    let is_there = |path: &str| folder.path.join(path).symlink_metadata().is_ok();
    let mut problems = Problems::new();
    for client in clients {
        let is_known = folder.lock.newest(Some(&client.id)).is_some();
        let at_path = by_path.get(client.seen.as_str()).copied();
        let at_path = at_path.filter(|old| *old != client.id && !typed.contains(*old));
        let moved = || {
            let with_bytes = newest.iter().filter(|(_, path, bytes)| {
                *bytes == client.sha256 && *path != client.seen && !is_there(path)
            });
            let mut found = with_bytes.map(|(id, ..)| *id).filter(|old| !typed.contains(*old));
            found.next().filter(|_| found.next().is_none())
        };
        if client.identity.is_typed {
            if let Some(old) = at_path.filter(|_| !is_known) {
                problems.push(other_id(client, old));
            }
        } else if let Some(old) = at_path.or_else(|| if is_known { None } else { moved() }) {
            old.clone_into(&mut client.id);
        }
        let before =
            folder.lock.newest(Some(&client.id)).and_then(|(_, entry)| entry.client.clone());
        client.renamed_from = before.filter(|path| *path != client.seen && !is_there(path));
    }
    problems.or(())
}

fn other_id(client: &ClientFile, old: &str) -> Diagnostic {
    let (path, id) = (client.path.slashed(), &client.id);
    Diagnostic::error(format!("`{path}` has the id `{id}`, and its documents are kept by `{old}`"))
        .hint(format!("write `id = \"{old}\"`, or rename all: dpa-gen rename {old} {id}"))
}

/// Which library serves each client; each folder is looked at once.
pub(super) fn find_libraries(
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
