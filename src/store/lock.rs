//! What a lock says: what was made of what, per client, and the text of each version.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Draft, Entry};

/// The file that held all of it before; it is read and taken over.
pub const LOCK: &str = "dpa.lock";

/// The folder that holds it: a file for each client, one for the general edition, one for the versions' texts.
pub const LOCK_FOLDER: &str = "dpa.lock.d";

/// The digests of the parts of a library's text.
pub type Parts = BTreeMap<String, String>;

/// The contents of a `dpa.lock.d`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The texts of each version: by the digest of the library, its parts. The digest is empty where a version of
    /// dpa-gen wrote it that did not note it.
    pub versions: BTreeMap<String, BTreeMap<String, Parts>>,
    /// What was made, by the PDF's file name; [`Lock::insert`] adds to it.
    pub entries: BTreeMap<String, Entry>,
    /// The PDFs of each client.
    files: BTreeMap<Option<String>, BTreeSet<String>>,
    /// What was put into e-mails and quotes, by the client's id and the file's name.
    pub drafts: BTreeMap<String, BTreeMap<String, Draft>>,
    /// The clients that are in no daily list.
    pub archived: BTreeSet<String>,
    /// The PDFs that are gone as their client file is, and were reported.
    pub gone: BTreeSet<String>,
}

impl Lock {
    /// Takes over what another part of a lock says.
    pub fn merge(&mut self, part: Self) {
        for (version, texts) in part.versions {
            self.versions.entry(version).or_default().extend(texts);
        }
        part.entries.into_iter().for_each(|(file, entry)| self.insert(file, entry));
        for (id, drafts) in part.drafts {
            self.drafts.entry(id).or_default().extend(drafts);
        }
        self.archived.extend(part.archived);
        self.gone.extend(part.gone);
    }

    /// Adds an entry, in place of another of that PDF.
    pub fn insert(&mut self, file: String, entry: Entry) {
        let id = entry.id.clone();
        self.remove(&file);
        self.files.entry(id).or_default().insert(file.clone());
        self.entries.insert(file, entry);
    }

    /// Takes an entry out.
    pub fn remove(&mut self, file: &str) -> Option<Entry> {
        let entry = self.entries.remove(file)?;
        if let Some(files) = self.files.get_mut(&entry.id) {
            files.remove(file);
            if files.is_empty() {
                self.files.remove(&entry.id);
            }
        }
        Some(entry)
    }

    /// The PDFs of a client, or of the general edition, in their order: by version, then by number.
    #[must_use]
    pub fn of(&self, id: Option<&str>) -> Vec<(&String, &Entry)> {
        let files = self.files.get(&id.map(str::to_owned)).into_iter().flatten();
        let mut found: Vec<_> = files.filter_map(|file| self.entries.get_key_value(file)).collect();
        found.sort_by_key(|(file, entry)| (&entry.inputs.version, entry.number, *file));
        found
    }

    /// The newest document of a client that is kept up to date.
    #[must_use]
    pub fn newest(&self, id: Option<&str>) -> Option<(&String, &Entry)> {
        self.of(id).into_iter().rfind(|(_, entry)| entry.number.is_some())
    }

    /// The ids of all clients that it knows; none is the general edition.
    pub fn ids(&self) -> BTreeSet<Option<&str>> {
        let entries = self.files.keys().map(Option::as_deref);
        let others = self.drafts.keys().chain(&self.archived).map(|id| Some(id.as_str()));
        entries.chain(others).collect()
    }

    /// Which parts of the text differ from those that a version had.
    #[must_use]
    pub fn changed_parts(&self, version: &str, now: &Parts) -> Vec<String> {
        let known = self.versions.get(version).and_then(|texts| texts.values().next_back());
        known.map(|known| differing(known, now)).unwrap_or_default()
    }

    /// The latest version that it knows, if it is later than one.
    #[must_use]
    pub fn later_version(&self, version: &str) -> Option<&str> {
        let latest = self.versions.keys().next_back();
        latest.map(String::as_str).filter(|latest| *latest > version)
    }
}

/// The parts that are not the same in both.
#[must_use]
pub fn differing(a: &Parts, b: &Parts) -> Vec<String> {
    let parts: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    parts.into_iter().filter(|part| a.get(*part) != b.get(*part)).cloned().collect()
}
