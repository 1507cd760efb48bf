//! Reading a lock, while another run may write it.
//!
//! What is put together is written first and removed from where it was last, so reading in the same order sees
//! all of it, once or twice.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::before;
use super::entry::sha256;
use super::lock::{LOCK, LOCK_FOLDER, Lock};
use super::lock_file::{damaged, read_client, read_versions, shown};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed, Source};
use crate::input;

/// The file of the versions' texts.
pub(super) const VERSIONS: &str = "versions.toml";

/// How the parts of it begin that shards write.
const VERSIONS_PART: &str = "versions.part-";

/// A lock, and the files that are no longer needed once it is written whole.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub lock: Lock,
    /// The parts that shards wrote.
    pub parts: Vec<PathBuf>,
    /// The files of a version of dpa-gen that kept all in one.
    pub before: Vec<PathBuf>,
}

/// A folder by a name that can be opened and shown: the current one's path may be empty.
pub(super) fn shown_folder(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The name of the part of the versions' texts that a shard writes.
pub(super) fn part_name(number: usize, count: usize) -> String {
    format!("{VERSIONS_PART}{number}-of-{count}.toml")
}

/// Reads the lock of a folder, all of its files.
pub(super) fn read_lock(
    folder: &Path,
    warnings: &mut impl Extend<Diagnostic>,
) -> Result<Read, Problems> {
    let mut read = Read::default();
    let mut old = Lock::default();
    for path in files_before(folder) {
        if let Some(bytes) = bytes(&path)? {
            old.merge(before::read(&path.slashed(), bytes, warnings)?);
            read.before.push(path);
        }
    }
    let digest = |file: &str| Some(sha256(&input::bytes(&folder.join(file)).ok()?));
    let (parts, clients) = files(&folder.join(LOCK_FOLDER))?;
    for path in parts.into_iter().chain([folder.join(LOCK_FOLDER).join(VERSIONS)]) {
        if let Some(source) = source(folder, &path)? {
            read.lock.merge(read_versions(&source)?);
            if path.file_name() != Some(VERSIONS.as_ref()) {
                read.parts.push(path);
            }
        }
    }
    for path in clients {
        let Some(source) = source(folder, &path)? else { continue };
        let client = read_client(&source, &digest, warnings)?;
        for (file, entry) in &client.entries {
            super::lock_file::add(
                &mut read.lock,
                (file.clone(), entry.clone()),
                &source.name,
                &digest,
            )?;
        }
        read.lock.merge(client);
    }
    take_over(&mut read.lock, old, &digest);
    Ok(read)
}

/// Takes over what the lock does not know yet, or what fits the PDF better.
fn take_over(lock: &mut Lock, old: Lock, digest: &dyn Fn(&str) -> Option<String>) {
    let Lock { versions, entries, .. } = old;
    let mut texts = Lock::default();
    texts.versions = versions;
    lock.merge(texts);
    for (file, entry) in entries {
        let is_better = match lock.entries.get(&file) {
            None => true,
            Some(known) if known.sha256 == entry.sha256 => false,
            Some(_) => digest(&file).is_some_and(|there| there == entry.sha256),
        };
        if is_better {
            lock.insert(file, entry);
        }
    }
}

/// The lock of before and its parts, which were put into it.
fn files_before(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = names(folder)
        .into_iter()
        .filter(|name| {
            name.strip_prefix(LOCK)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(".part-"))
        })
        .map(|name| folder.join(name))
        .collect();
    files.sort();
    files
}

/// The parts of the versions' texts, and the files of clients.
fn files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Diagnostic> {
    let is_there = folder.symlink_metadata().is_ok();
    if is_there && !folder.is_dir() {
        let path = folder.slashed();
        return Err(Diagnostic::failure(format!("`{path}` is not a folder"))
            .hint("move it away: dpa-gen keeps there what it made, and of what"));
    }
    let is_ours = |name: &String| {
        let is_toml = Path::new(name).extension().is_some_and(|extension| extension == "toml");
        is_toml && !name.starts_with('.') && name != VERSIONS
    };
    let mut found: Vec<String> = names(folder).into_iter().filter(is_ours).collect();
    found.sort();
    let (parts, clients): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|name| name.starts_with(VERSIONS_PART));
    let paths = |names: Vec<String>| names.into_iter().map(|name| folder.join(name)).collect();
    Ok((paths(parts), paths(clients)))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(shown_folder(folder)).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// The text of a file of the lock; none if it is gone meanwhile.
fn source(folder: &Path, path: &Path) -> Result<Option<Arc<Source>>, Problems> {
    let Some(bytes) = bytes(path)? else { return Ok(None) };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = folder.join(shown(&name)).slashed();
    let text = input::text(name.clone(), bytes).map_err(|problem| damaged(problem, &name))?;
    Ok(Some(text))
}

fn bytes(path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    match input::bytes(path) {
        Ok(bytes) => Ok(Some(bytes)),
        // Where a file stands in place of the folder there is no lock; writing reports it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Diagnostic::io(Severity::Error, "read", path, &error)),
    }
}
