//! A folder that PDFs are kept in: its lock, its stamps, and what became of each file.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use super::entry::{Draft, Entry};
use super::lock::{LOCK, LOCK_FOLDER, Lock, Parts};
use super::lock_file::{client_text, file_name, versions_text};
use super::reading::{Read, VERSIONS, part_name, read_lock, shown_folder};
use super::stamps::Stamps;
use super::touched::{ContractInPdf, Touched, contract_in, touched};
use super::write::{Existing, clear_left_over, write};
use crate::client::identity::Identity;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;

/// The cache of stamps; locked for as long as a run works in the folder, by the operating system, so that
/// a run that dies leaves nothing stuck.
const CACHE: &str = ".dpa-gen.cache";

/// How a run works in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Alone: others wait.
    Whole,
    /// Beside the other shards: number and count.
    Shard(usize, usize),
    /// Looking only; nothing is written.
    Look,
}

/// A folder that PDFs are kept in.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// What its lock says, all files together.
    pub lock: Lock,
    stamps: Stamps,
    cache: Option<File>,
    access: Access,
    /// Whose files of the lock are to be written.
    changed: BTreeSet<Option<String>>,
    /// The texts of versions that this run noted.
    noted: Lock,
    /// What is removed once the lock is written whole.
    left: Vec<PathBuf>,
}

impl Folder {
    /// Opens a folder, made if it is to be written in; waits while another run works there. What is odd in
    /// its lock goes to `warnings`.
    ///
    /// # Errors
    ///
    /// If its lock is damaged or newer, or the folder cannot be written in.
    pub fn open(
        path: &Path,
        access: Access,
        warnings: &mut impl Extend<Diagnostic>,
    ) -> Result<Self, Problems> {
        let mut cache = open_cache(path, access)?;
        if access == Access::Whole {
            clear_left_over(shown_folder(path));
            clear_left_over(&path.join(LOCK_FOLDER));
        }
        let Read { lock, parts, before } = read_lock(path, warnings)?;
        let mut folder = Self {
            path: path.to_owned(),
            lock,
            stamps: cache.as_mut().map(Stamps::read).unwrap_or_default(),
            cache,
            access,
            changed: BTreeSet::new(),
            noted: Lock::default(),
            left: Vec::new(),
        };
        match access {
            Access::Whole => {
                if !before.is_empty() {
                    folder.changed =
                        folder.lock.ids().into_iter().map(|id| id.map(str::to_owned)).collect();
                    warnings.extend([taken_over(path)]);
                }
                folder.left = parts.into_iter().chain(before).collect();
            }
            Access::Shard(number, count) => {
                // A part that is made again keeps what it noted before.
                let own = path.join(LOCK_FOLDER).join(part_name(number, count));
                if parts.contains(&own) {
                    folder.noted.versions.clone_from(&folder.lock.versions);
                }
            }
            Access::Look => {}
        }
        Ok(folder)
    }

    /// SHA-256 of a file; `seen` is its path as seen from the folder.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn sha256(&mut self, path: &Path, seen: &str) -> Result<String, Diagnostic> {
        let read = self.stamps.sha256(path, seen);
        read.map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))
    }

    /// SHA-256 of a client file, and what it says of itself; `seen` is its path as seen from the folder.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn identity(&mut self, path: &Path, seen: &str) -> Result<(String, Identity), Diagnostic> {
        let read = self.stamps.identity(path, seen);
        read.map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))
    }

    /// What was computed of a client file and a library, by their digests; computed again only if it is not known.
    pub fn remembered<T: serde::Serialize + serde::de::DeserializeOwned>(
        &mut self,
        made_of: &str,
        compute: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        self.stamps.computed(made_of, compute)
    }

    /// What became of a PDF, read only if its stamp is not known.
    pub fn touched(&mut self, file: &str) -> Touched {
        if !self.path.join(file).exists() {
            return Touched::Missing;
        }
        let sha256 = self.sha256(&self.path.join(file), file).ok();
        match self.lock.entries.get(file) {
            Some(entry) if sha256.as_ref() == Some(&entry.sha256) => Touched::AsMade,
            // Somebody's work in another contract is none in this one.
            Some(entry) if self.contract_in(file).is_some_and(|it| it.digest != entry.digest) => {
                match self.touched_alone(file) {
                    Touched::MadeOtherwise => Touched::MadeOtherwise,
                    _ => Touched::Foreign,
                }
            }
            _ => self.touched_alone(file),
        }
    }

    /// What became of a PDF by what it holds itself.
    fn touched_alone(&self, file: &str) -> Touched {
        input::bytes(&self.path.join(file)).map_or(Touched::Foreign, |bytes| touched(&bytes))
    }

    /// What a PDF says of itself, if it is a contract of ours: so a document is known that no lock lists.
    #[must_use]
    pub fn contract_in(&self, file: &str) -> Option<ContractInPdf> {
        contract_in(&self.path.join(file))
    }

    /// The PDFs in the folder that the lock does not list.
    #[must_use]
    pub fn unlisted(&self) -> Vec<String> {
        let mut files: Vec<String> = fs::read_dir(shown_folder(&self.path))
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "pdf"))
            .filter(|name| !self.lock.entries.contains_key(name))
            .collect();
        files.sort();
        files
    }

    /// Notes what was made; [`Folder::save`] keeps it.
    pub fn note(&mut self, file: &str, entry: Entry, text: &Parts) {
        self.stamps.wrote(&self.path, file, &entry.sha256);
        self.note_text(&entry.inputs.version, &entry.inputs.library, text);
        self.changed.insert(entry.id.clone());
        self.lock.gone.remove(file);
        self.lock.insert(file.to_owned(), entry);
    }

    /// Notes what is known again of a document that was made before.
    pub fn note_again(&mut self, file: &str, entry: Entry, text: &Parts) {
        if !entry.inputs.library.is_empty() {
            self.note_text(&entry.inputs.version, &entry.inputs.library, text);
        }
        self.changed.insert(entry.id.clone());
        self.lock.insert(file.to_owned(), entry);
    }

    /// Notes where a client file is now.
    pub fn note_place(&mut self, id: &str, seen: &str) {
        let Some((file, entry)) = self.lock.newest(Some(id)) else { return };
        let (file, entry) =
            (file.clone(), Entry { client: Some(seen.to_owned()), ..entry.clone() });
        self.changed.insert(entry.id.clone());
        self.lock.insert(file, entry);
    }

    /// Notes what was put into an e-mail or a quote; [`Folder::save`] keeps it.
    pub fn note_draft(&mut self, id: &str, file: &str, draft: Draft, text: &Parts) {
        self.note_text(&draft.version, &draft.library, text);
        self.changed.insert(Some(id.to_owned()));
        self.lock.drafts.entry(id.to_owned()).or_default().insert(file.to_owned(), draft);
    }

    fn note_text(&mut self, version: &str, library: &str, text: &Parts) {
        let texts = self.lock.versions.entry(version.to_owned()).or_default();
        if !texts.contains_key(library) {
            texts.insert(library.to_owned(), text.clone());
            let noted = self.noted.versions.entry(version.to_owned()).or_default();
            noted.insert(library.to_owned(), text.clone());
        }
    }

    /// Notes that the lock says something else of a client; [`Folder::save`] keeps it.
    pub fn note_change(&mut self, id: Option<&str>) {
        self.changed.insert(id.map(str::to_owned));
    }

    /// Writes what was noted, the texts of versions first; then the stamps.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&mut self) -> Result<(), Diagnostic> {
        let folder = self.path.join(LOCK_FOLDER);
        let put =
            |name: &str, text: &str| write(&folder.join(name), text.as_bytes(), Existing::Replace);
        match self.access {
            Access::Look => return Ok(()),
            Access::Shard(number, count) if self.noted != Lock::default() => {
                put(&part_name(number, count), &versions_text(&self.noted.versions))?;
            }
            Access::Whole if self.noted != Lock::default() || !self.left.is_empty() => {
                put(VERSIONS, &versions_text(&self.lock.versions))?;
                self.noted = Lock::default();
            }
            Access::Shard(..) | Access::Whole => {}
        }
        let known = self.lock.ids();
        let changed = self.changed.iter().map(Option::as_deref);
        let (known, gone): (Vec<_>, Vec<_>) = changed.partition(|id| known.contains(id));
        for id in known {
            put(&file_name(id), &client_text(&self.lock, id))?;
        }
        for id in gone {
            // Its documents are kept by another id now, and that was written.
            let _ = fs::remove_file(folder.join(file_name(id)));
        }
        self.changed.clear();
        if self.access == Access::Whole {
            for file in self.left.drain(..) {
                // What stays is read again next time.
                let _ = fs::remove_file(file);
            }
            if let Some(cache) = &mut self.cache {
                // Only a cache: without it, the next run reads more.
                let _ = self.stamps.write(cache, &self.path);
            }
        }
        Ok(())
    }
}

fn taken_over(folder: &Path) -> Diagnostic {
    let (old, new) = (folder.join(LOCK).slashed(), folder.join(LOCK_FOLDER).slashed());
    Diagnostic::warning(format!("`{old}` is taken over into `{new}/`, a file for each client"))
        .hint(format!("keep `{new}/` in version control in its place"))
}

/// Opens and locks the cache.
fn open_cache(folder: &Path, access: Access) -> Result<Option<File>, Diagnostic> {
    let path = folder.join(CACHE);
    let is_there = path.symlink_metadata();
    let is_regular = is_there.as_ref().is_ok_and(fs::Metadata::is_file);
    if access == Access::Look {
        return Ok(is_regular.then(|| File::open(path).ok()).flatten());
    }
    if is_there.is_ok() && !is_regular {
        // Writing would change a link's target, or wait for the reader of a pipe.
        let path = path.slashed();
        return Err(Diagnostic::failure(format!("`{path}` is not a regular file"))
            .hint("remove it: dpa-gen makes it again, and only uses it to be faster"));
    }
    fs::create_dir_all(folder)
        .map_err(|error| Diagnostic::io(Severity::Failure, "make", folder, &error))?;
    let io = |error| Diagnostic::io(Severity::Failure, "write in", shown_folder(folder), &error);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(io)?;
    match access {
        Access::Shard(..) => file.lock_shared().map_err(io)?,
        _ => file.lock().map_err(io)?,
    }
    Ok(Some(file))
}
