//! The folders of the agreements: `agreements/ID/`, one for each client.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use super::entry::Entry;
use super::read::{FORMAT, HISTORY, History};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::store::entry::sha256;
use crate::store::write::{Existing, clear_left_over, write};

/// The folder that they are in, beside the PDFs.
const AGREEMENTS: &str = "agreements";

/// Locked while a run adds something.
const LOCK: &str = ".dpa-gen.cache";

/// The agreements with all clients.
#[derive(Debug, Clone)]
pub struct Agreements {
    path: PathBuf,
}

/// The agreement with a client, while this run alone may add to it.
#[derive(Debug)]
pub struct AgreementFolder {
    path: PathBuf,
    history: History,
    text: String,
    _lock: File,
}

impl Agreements {
    /// Those beside the PDFs of a folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { path: folder.join(AGREEMENTS) }
    }

    /// The folder of a client.
    #[must_use]
    pub fn folder(&self, id: &str) -> PathBuf {
        self.path.join(id)
    }

    /// Whether something was noted of a client.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.folder(id).join(HISTORY).exists()
    }

    /// The clients that have a folder here, sorted.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut ids: Vec<String> = entries
            .filter(|entry| entry.path().join(HISTORY).exists())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        ids.sort();
        ids
    }

    /// The history of a client; an empty one if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or was edited.
    pub fn history(&self, id: &str) -> Result<History, Problems> {
        History::open(&self.folder(id))
    }

    /// All histories, by client.
    ///
    /// # Errors
    ///
    /// If one cannot be read, or was edited.
    pub fn histories(&self) -> Result<BTreeMap<String, History>, Problems> {
        let read = |id: String| Ok((id.clone(), self.history(&id)?));
        self.ids().into_iter().map(read).collect()
    }

    /// Opens the folder of a client to add to it; waits while another run adds something.
    ///
    /// # Errors
    ///
    /// If it cannot be written in, or its history was edited.
    pub fn open(&self, id: &str) -> Result<AgreementFolder, Problems> {
        let path = self.folder(id);
        let io = |error| Diagnostic::io(Severity::Failure, "write in", &path, &error);
        fs::create_dir_all(&path)
            .map_err(|error| Diagnostic::io(Severity::Failure, "make", &path, &error))?;
        let lock = self.path.join(LOCK);
        if lock.symlink_metadata().is_ok_and(|found| !found.is_file()) {
            let lock = lock.slashed();
            return Err(Diagnostic::failure(format!("`{lock}` is not a regular file")).into());
        }
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&lock);
        let lock = lock.map_err(io)?;
        lock.lock().map_err(io)?;
        clear_left_over(&path);
        let (history, text) = History::open_text(&path)?;
        Ok(AgreementFolder { path, history, text, _lock: lock })
    }
}

impl AgreementFolder {
    /// What came of it until now.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Keeps a copy of some bytes, and returns its name: the wanted one, `….pdf`, with a number behind it if
    /// that is taken by another. A copy of the same bytes that the history knows is kept once.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or the copy that the history knows is not what it was.
    pub fn keep(&self, wanted: &str, bytes: &[u8]) -> Result<String, Diagnostic> {
        let digest = sha256(bytes);
        let known = self.history.entries.iter().find(|entry| {
            entry.sha256.as_ref() == Some(&digest)
                && entry.file.as_ref().is_some_and(|file| self.path.join(file).exists())
        });
        if let Some(file) = known.and_then(|entry| entry.file.clone()) {
            return self.check_copy(&file, bytes).map(|()| file);
        }
        let (stem, extension) = wanted.rsplit_once('.').unwrap_or((wanted, "pdf"));
        for number in 1.. {
            let name = match number {
                1 => wanted.to_owned(),
                _ => format!("{stem}-{number}.{extension}"),
            };
            let path = self.path.join(&name);
            let is_free = path.symlink_metadata().is_err();
            if is_free || input::bytes(&path).is_ok_and(|there| there == bytes) {
                write(&path, bytes, Existing::Keep)?;
                return Ok(name);
            }
        }
        unreachable!("some number is free")
    }

    fn check_copy(&self, file: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        let path = self.path.join(file);
        if input::bytes(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        Err(Diagnostic::failure(format!(
            "`{}` is not what it was when it was kept",
            path.slashed()
        ))
        .hint("take it back from version control or a copy"))
    }

    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// If it cannot be written; then the history stays as it was.
    pub fn add(&mut self, mut entry: Entry) -> Result<(), Diagnostic> {
        entry.follows = self.history.ends();
        let mut text = self.text.clone();
        if text.is_empty() {
            text = format!(
                "# What came of the agreement with this client. dpa-gen adds entries at the end; each carries a\n\
                 # check over itself and the entries that it follows, so that an edit shows.\n\
                 format = {FORMAT}\n"
            );
        } else if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&entry.text());
        write(&self.path.join(HISTORY), text.as_bytes(), Existing::Replace)?;
        self.text = text;
        self.history.entries.push(entry);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::store::history::EntryKind;

    fn entry(file: &str, bytes: &[u8]) -> Entry {
        let day = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        Entry {
            file: Some(file.to_owned()),
            sha256: Some(sha256(bytes)),
            ..Entry::new(EntryKind::Received, day)
        }
    }

    #[test]
    fn copies_are_kept_once_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let agreements = Agreements::of(folder.path());
        let mut acme = agreements.open("acme").unwrap();
        assert_eq!(acme.keep("a.pdf", b"one").unwrap(), "a.pdf");
        acme.add(entry("a.pdf", b"one")).unwrap();
        assert_eq!(acme.keep("b.pdf", b"one").unwrap(), "a.pdf");
        assert_eq!(acme.keep("a.pdf", b"two").unwrap(), "a-2.pdf");
        assert_eq!(fs::read(agreements.folder("acme").join("a.pdf")).unwrap(), b"one");
        fs::write(agreements.folder("acme").join("a.pdf"), b"other").unwrap();
        assert!(acme.keep("c.pdf", b"one").is_err());
    }

    #[test]
    fn what_a_person_wrote_between_the_entries_stays() {
        let folder = tempfile::tempdir().unwrap();
        let agreements = Agreements::of(folder.path());
        agreements.open("acme").unwrap().add(entry("a.pdf", b"one")).unwrap();
        let path = agreements.folder("acme").join(HISTORY);
        let noted = fs::read_to_string(&path).unwrap() + "# Anna called";
        fs::write(&path, &noted).unwrap();
        agreements.open("acme").unwrap().add(entry("b.pdf", b"two")).unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with(&noted));
        assert_eq!(agreements.history("acme").unwrap().entries.len(), 2);
    }
}
