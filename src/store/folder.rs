//! A folder that PDFs are kept in: its lock, its stamps, and what may be done to each file.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::lock::{Entry, Inputs, LOCK, Lock, Stale, differing, sha256};
use super::stamps::Stamps;
use super::write::{Existing, clear_left_over, write};
use crate::contract::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, List, Problems, Severity};
use crate::pdf::{self, Inspection, Original};

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

/// What became of a PDF since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Touched {
    /// It is not there.
    Missing,
    /// It is as the lock says.
    #[serde(rename = "untouched")]
    AsMade,
    /// It is as dpa-gen once made it, but the lock says otherwise.
    MadeOtherwise,
    /// Somebody filled it in.
    FilledIn,
    /// Somebody signed it.
    Signed,
    /// It was changed in another way.
    Changed,
    /// It is no document of ours.
    Foreign,
}

impl Touched {
    /// Whether a person's work may be in it. A file that is not ours may be a contract that was signed on
    /// paper and scanned.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::FilledIn | Self::Signed | Self::Changed | Self::Foreign)
    }
}

impl std::fmt::Display for Touched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "–",
            Self::AsMade | Self::MadeOtherwise => "untouched",
            Self::FilledIn => "filled in",
            Self::Signed => "signed",
            Self::Changed => "changed",
            Self::Foreign => "not ours",
        })
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
        for file in lock_files(path) {
            let part = Lock::open(&file, warnings)?;
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
            _ => fs::read(self.path.join(file)).map_or(Touched::Foreign, |bytes| touched(&bytes)),
        }
    }

    /// The digest that a PDF says it has; it is how a document is known that no lock tells of.
    #[must_use]
    pub fn shown_digest(&self, file: &str) -> Option<String> {
        let bytes = fs::read(self.path.join(file)).ok()?;
        let inspection = pdf::inspect(&bytes)?;
        let json = inspection.attachment(CONTRACT_JSON)?;
        let value: serde_json::Value = serde_json::from_slice(json).ok()?;
        value["digest"].as_str().map(str::to_owned)
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
    if access == Access::Look {
        return Ok(File::open(path).ok());
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

/// A folder by a name that can be opened and shown: the current one's path may be empty.
fn shown(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The lock and its parts, the lock first.
fn lock_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(shown(folder))
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .filter(|name| {
            let name = name.to_string_lossy();
            name == LOCK || name.strip_prefix(LOCK).is_some_and(|rest| rest.starts_with(".part-"))
        })
        .map(|name| folder.join(name))
        .collect();
    files.sort();
    files
}

/// What became of a document by what it holds itself. A quote with a contract in it is a document of ours
/// too: it may be signed to accept both.
fn touched(bytes: &[u8]) -> Touched {
    let Some(inspection) = pdf::inspect(bytes) else {
        return Touched::Foreign;
    };
    if !holds_contract(&inspection) {
        return Touched::Foreign;
    }
    if inspection.original == Original::Untouched {
        Touched::MadeOtherwise
    } else if inspection.fields.iter().any(|field| field.signature.is_some()) {
        Touched::Signed
    } else if inspection.fields.iter().any(|field| field.value.is_some()) {
        Touched::FilledIn
    } else {
        Touched::Changed
    }
}

/// Whether a contract is attached: its source, or its PDF.
fn holds_contract(inspection: &Inspection) -> bool {
    let is_ours = |inspection: &Inspection| inspection.attachment(CONTRACT_JSON).is_some();
    is_ours(inspection) || inspection.embedded().any(|(_, inner)| is_ours(&inner))
}

/// Writes a PDF, unless a person's work may be in the one that is there. `known` is what the lock says of
/// it. Returns its SHA-256.
///
/// # Errors
///
/// If the one that is there must stay, or it cannot be written.
pub fn put(
    path: &Path,
    bytes: &[u8],
    known: Option<&Entry>,
    existing: Existing,
) -> Result<String, Diagnostic> {
    let digest = sha256(bytes);
    if let Ok(there) = fs::read(path)
        && there != bytes
    {
        let state = match known {
            Some(entry) if entry.sha256 == sha256(&there) => Touched::AsMade,
            _ => touched(&there),
        };
        let shown = path.display();
        let hint = "move it away, give another name with --output, or set a new version";
        match state {
            Touched::FilledIn | Touched::Signed | Touched::Changed => {
                let message =
                    format!("`{shown}` was {state} since it was made, and stays as it is");
                return Err(Diagnostic::failure(message).hint(hint));
            }
            Touched::Foreign if known.is_some() => {
                let message = format!("`{shown}` is not the PDF that was made, and stays as it is");
                return Err(Diagnostic::failure(message).hint(hint));
            }
            _ => {}
        }
    }
    write(path, bytes, existing).map(|()| digest)
}
