//! A folder that PDFs are kept in: its lock, its stamps, and what may be done to each file.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use super::inputs::{Inputs, Stale};
use super::lock::{Entry, LOCK, Lock, differing};
use super::parts::{read_locks, shown};
use super::stamps::Stamps;
use super::touched::{ContractInPdf, Touched, contract_in, touched};
use super::write::{Existing, clear_left_over, write};
use crate::client::identity::Identity;
use crate::diagnostic::{Diagnostic, List, Problems, Severity, Slashed};
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

impl Access {
    /// The name of the part of the lock that a shard writes.
    fn part(self) -> Option<String> {
        match self {
            Self::Shard(number, count) => Some(format!("{LOCK}.part-{number}-of-{count}")),
            Self::Whole | Self::Look => None,
        }
    }
}

/// What a folder holds of one document.
#[derive(Debug)]
pub struct Kept {
    /// Why it must be made, if it must.
    pub stale: Option<Stale>,
    /// What became of its PDF.
    pub touched: Touched,
}

/// A folder that PDFs are kept in.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// What its lock says, all parts together.
    pub lock: Lock,
    stamps: Stamps,
    cache: Option<File>,
    access: Access,
    /// What this run noted.
    noted: Lock,
    parts: Vec<PathBuf>,
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
            clear_left_over(shown(path));
        }
        let mut folder = Self {
            path: path.to_owned(),
            lock: Lock::default(),
            stamps: cache.as_mut().map(Stamps::read).unwrap_or_default(),
            cache,
            access,
            noted: Lock::default(),
            parts: Vec::new(),
        };
        let parts = read_locks(path, warnings)?;
        for (file, part) in parts {
            if access.part().is_some_and(|own| file.file_name() == Some(own.as_ref())) {
                // A part that is made again keeps what it noted before.
                folder.noted = part.clone();
            }
            folder.lock.merge(part);
            if file.file_name().is_some_and(|name| name != LOCK) {
                folder.parts.push(file);
            }
        }
        Ok(folder)
    }

    /// Refuses a text that changed while its version did not, and a version older than the latest known.
    ///
    /// # Errors
    ///
    /// As said; the message names the parts that changed.
    pub fn check_version(
        &self,
        version: &str,
        text: &BTreeMap<String, String>,
    ) -> Result<(), Diagnostic> {
        let set_version = "set a new `version` in contract.toml; `dpa-gen --draft --client FILE` makes a draft without one";
        let changed = self.lock.changed_parts(version, text);
        if !changed.is_empty() {
            let parts: Vec<&str> = changed.iter().map(String::as_str).collect();
            let message = format!("{} changed since {version} was first used", List(&parts, "and"));
            return Err(Diagnostic::error(message).hint(set_version));
        }
        match self.lock.latest_version() {
            Some(latest) if latest > version => {
                let message =
                    format!("version {version} is older than {latest}, which was used here");
                Err(Diagnostic::error(message).hint(set_version))
            }
            _ => Ok(()),
        }
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

    /// What the folder holds of the document `file` of `client`, were it made of `now` and `text`.
    pub fn look(
        &mut self,
        file: &str,
        client: Option<&str>,
        now: &Inputs,
        text: &BTreeMap<String, String>,
    ) -> Kept {
        let touched = self.touched(file);
        let stale = match self.lock.entries.get(file) {
            None => Some(self.first_time(client, now, text, touched)),
            Some(_) if touched == Touched::Missing => Some(Stale::Lost),
            Some(entry) if entry.client.as_deref() != client => Some(Stale::Client),
            Some(entry) => entry.inputs.stale(now).or_else(|| {
                (touched == Touched::MadeOtherwise || touched == Touched::Foreign)
                    .then_some(Stale::Replaced)
            }),
        };
        Kept { stale, touched }
    }

    fn first_time(
        &self,
        client: Option<&str>,
        now: &Inputs,
        text: &BTreeMap<String, String>,
        touched: Touched,
    ) -> Stale {
        let earlier = self.lock.entries.values().filter(|entry| entry.client.as_deref() == client);
        let latest = earlier
            .map(|entry| &entry.inputs.version)
            .filter(|version| **version < now.version)
            .max();
        match latest {
            None if touched == Touched::Missing => Stale::NeverMade,
            None => Stale::Unknown,
            Some(latest) => {
                let before = self.lock.versions.get(latest);
                let parts = before.map(|before| differing(before, text)).unwrap_or_default();
                Stale::NewVersion(now.version.clone(), parts)
            }
        }
    }

    /// What became of a PDF, read only if its stamp is not known.
    pub fn touched(&mut self, file: &str) -> Touched {
        if !self.path.join(file).exists() {
            return Touched::Missing;
        }
        let sha256 = self.sha256(&self.path.join(file), file).ok();
        match self.lock.entries.get(file) {
            Some(entry) if sha256.as_ref() == Some(&entry.sha256) => Touched::AsMade,
            _ => input::bytes(&self.path.join(file))
                .map_or(Touched::Foreign, |bytes| touched(&bytes)),
        }
    }

    /// What a PDF says of itself, if it is a contract of ours: so a document is known that no lock lists.
    #[must_use]
    pub fn contract_in(&self, file: &str) -> Option<ContractInPdf> {
        contract_in(&self.path.join(file))
    }

    /// The PDFs in the folder that the lock does not list.
    #[must_use]
    pub fn unlisted(&self) -> Vec<String> {
        let mut files: Vec<String> = fs::read_dir(shown(&self.path))
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
    pub fn note(&mut self, file: &str, entry: Entry, text: &BTreeMap<String, String>) {
        self.stamps.wrote(&self.path, file, &entry.sha256);
        self.noted.versions.insert(entry.inputs.version.clone(), text.clone());
        self.noted.entries.insert(file.to_owned(), entry);
    }

    /// Notes the text of a version that was used for something which is not kept here;
    /// [`Folder::save`] keeps it.
    pub fn note_version(&mut self, version: &str, text: &BTreeMap<String, String>) {
        if self.lock.versions.get(version) != Some(text) {
            self.noted.versions.insert(version.to_owned(), text.clone());
        }
    }

    /// Writes the lock, if anything was noted or parts were merged; then the stamps.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&mut self) -> Result<(), Diagnostic> {
        match self.access {
            Access::Look => return Ok(()),
            Access::Shard(..) => {
                if let Some(part) = self.access.part().filter(|_| self.noted != Lock::default()) {
                    let part = self.path.join(part);
                    write(&part, self.noted.text().as_bytes(), Existing::Replace)?;
                }
            }
            Access::Whole => {
                let has_news = self.noted != Lock::default();
                self.lock.merge(std::mem::take(&mut self.noted));
                if has_news || !self.parts.is_empty() {
                    let lock = self.path.join(LOCK);
                    write(&lock, self.lock.text().as_bytes(), Existing::Replace)?;
                    for part in self.parts.drain(..) {
                        // A part that stays is merged again next time.
                        let _ = fs::remove_file(part);
                    }
                }
                if let Some(cache) = &mut self.cache {
                    // Only a cache: without it, the next run reads more.
                    let _ = self.stamps.write(cache, &self.path);
                }
            }
        }
        Ok(())
    }
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
    let io = |error| Diagnostic::io(Severity::Failure, "write in", shown(folder), &error);
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_look_at_a_folder_whose_parts_are_merged_sees_all_or_waits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let text = BTreeMap::from([("articles/security".to_owned(), "ee".to_owned())]);
        let open = |access| Folder::open(path, access, &mut Problems::new());
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let looks = scope.spawn(|| {
                let mut latest = 0;
                while !is_done.load(Ordering::Relaxed) {
                    let versions = open(Access::Look)?.lock.versions.len();
                    assert!(latest <= versions, "a version is gone: {latest}, {versions}");
                    latest = versions;
                }
                Ok::<_, Problems>(())
            });
            for number in 0..60 {
                for shard in 1..=2 {
                    let mut folder = open(Access::Shard(shard, 2)).unwrap();
                    folder.note_version(&format!("{number:03}-{shard}"), &text);
                    folder.save().unwrap();
                }
                open(Access::Whole).unwrap().save().unwrap();
            }
            is_done.store(true, Ordering::Relaxed);
            assert_eq!(looks.join().unwrap(), Ok(()));
        });
        assert_eq!(open(Access::Look).unwrap().lock.versions.len(), 120);
    }
}
