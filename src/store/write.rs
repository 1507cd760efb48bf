//! Writing: a file is there whole or not at all, and none is overwritten unasked.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::diagnostic::{Diagnostic, Severity, Slashed};
use crate::input;

/// How the name of a temporary file begins, and how it ends.
const PREFIX: &str = ".dpa-gen-";
const SUFFIX: &str = ".tmp";

/// What to do about a file that is there already, with other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it, and say so.
    Keep,
    /// Put the new one in its place.
    Replace,
}

impl Existing {
    /// What `--force` says of it.
    #[must_use]
    pub fn forced(force: bool) -> Self {
        if force { Self::Replace } else { Self::Keep }
    }
}

/// Writes a file by way of a temporary one in the same folder, which is made if it is not there.
///
/// A file that has this very content already is left as it is.
///
/// # Errors
///
/// If another file is there that is to be kept, or it cannot be written.
pub fn write(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), Diagnostic> {
    let io = |error: io::Error| Diagnostic::io(Severity::Failure, "write", path, &error);
    if !check_free(path, bytes, existing)? {
        return Ok(());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)
        .map_err(|error| Diagnostic::io(Severity::Failure, "make", folder, &error))?;
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = create_locked(&builder, folder).map_err(io)?;
    // By the file itself: an error of the temporary file's would show its name.
    file.as_file_mut().write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(io)?;
    match existing {
        Existing::Replace => file.persist(path).map_err(|error| io(error.error))?,
        Existing::Keep => {
            file.persist_noclobber(path).map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => taken(path),
                _ => io(error.error),
            })?
        }
    };
    Ok(())
}

/// Creates a temporary file that is locked, which says that it is in use. Another run that clears a folder may
/// remove one before it is locked: then it is created once more.
fn create_locked(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = builder.tempfile_in(folder)?;
        // Where files cannot be locked, none is ever cleared.
        let is_locked = file.as_file().lock().is_ok();
        if !is_locked || file.path().symlink_metadata().is_ok() {
            return Ok(file);
        }
    }
}

/// Removes the temporary files that killed runs left in a folder: those that no run has locked.
pub fn clear_left_over(folder: &Path) {
    let is_temporary = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(PREFIX)
            && name.ends_with(SUFFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_temporary) {
        // What cannot be removed now is left for the next run.
        if fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether these bytes are still to be written: `false` if the file has them already.
///
/// # Errors
///
/// If another file is there that is to be kept, or it cannot be read.
pub fn check_free(path: &Path, bytes: &[u8], existing: Existing) -> Result<bool, Diagnostic> {
    match input::bytes(path) {
        Ok(current) if current == bytes => Ok(false),
        Ok(_) if existing == Existing::Keep => Err(taken(path)),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Diagnostic::io(Severity::Failure, "write", path, &error)),
    }
}

fn taken(path: &Path) -> Diagnostic {
    let path = path.slashed();
    Diagnostic::failure(format!("`{path}` already exists with different content"))
        .hint("give another name with --output, or replace it with --force")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_different_file_is_kept_unless_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        write(&path, b"one", Existing::Keep).unwrap();
        write(&path, b"one", Existing::Keep).unwrap();
        assert!(write(&path, b"two", Existing::Keep).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write(&path, b"two", Existing::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_run_that_clears_left_overs_takes_no_file_that_another_writes() {
        use std::sync::atomic::{AtomicBool, Ordering};

        let folder = tempfile::tempdir().unwrap();
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    clear_left_over(folder.path());
                }
            });
            let written: Vec<_> = (0..400)
                .map(|number| {
                    let path = folder.path().join(format!("{number}.pdf"));
                    write(&path, b"one", Existing::Keep)
                })
                .collect();
            is_done.store(true, Ordering::Relaxed);
            for written in written {
                written.unwrap();
            }
        });
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        let socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let problem = write(&path, b"one", Existing::Replace).unwrap_err();
        assert!(problem.message.ends_with("it is not a regular file"), "{}", problem.message);
        drop(socket);
    }

    #[test]
    fn a_folder_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        fs::create_dir(&path).unwrap();
        let problem = write(&path, b"one", Existing::Replace).unwrap_err();
        assert!(problem.message.ends_with("it is a folder"), "{}", problem.message);
    }
}
