//! Reading a lock and its parts, while another run may put them together.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::lock::{LOCK, Lock};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;

/// A folder by a name that can be opened and shown: the current one's path may be empty.
pub(super) fn shown(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// How often a lock is read whose parts another run merges at the same time.
const TRIES: usize = 1_000;

/// Reads the lock and its parts, the lock first. Another run may merge the parts at the same time, which writes the
/// lock and then removes them: where one is gone or the lock changed meanwhile, all are read again.
pub(super) fn read_locks(
    folder: &Path,
    warnings: &mut impl Extend<Diagnostic>,
) -> Result<Vec<(PathBuf, Lock)>, Problems> {
    let read = |file: &Path| match input::bytes(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Diagnostic::io(Severity::Error, "read", file, &error)),
    };
    let lock = folder.join(LOCK);
    for _ in 0..TRIES {
        let before = read(&lock)?;
        let parts: Vec<PathBuf> = part_files(folder);
        let read_parts =
            parts.iter().map(|part| read(part)).collect::<Result<Option<Vec<_>>, _>>()?;
        let is_same = || -> Result<bool, Diagnostic> {
            Ok(read(&lock)? == before && part_files(folder) == parts)
        };
        let Some(read_parts) = read_parts.filter(|_| is_same() == Ok(true)) else {
            continue;
        };
        let files = before.into_iter().map(|bytes| (lock.clone(), bytes));
        return files
            .chain(parts.into_iter().zip(read_parts))
            .map(|(file, bytes)| {
                let lock = Lock::read(file.slashed(), bytes, warnings)?;
                Ok((file, lock))
            })
            .collect();
    }
    let changing = format!("`{}` changes while it is read", lock.slashed());
    Err(Diagnostic::failure(changing).hint("wait until the other run is done").into())
}

/// The parts of the lock.
fn part_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(shown(folder))
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .filter(|name| {
            let name = name.to_string_lossy();
            name.strip_prefix(LOCK).is_some_and(|rest| rest.starts_with(".part-"))
        })
        .map(|name| folder.join(name))
        .collect();
    files.sort();
    files
}
