//! Writing: a file is there whole or not at all, and none is overwritten unasked.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::diagnostic::{Diagnostic, Severity};

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
    let mut file = builder.tempfile_in(folder).map_err(io)?;
    // Says that it is in use; where files cannot be locked, none is ever taken for left over.
    let _ = file.as_file().lock();
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

/// Takes away the temporary files in a folder that runs left which were killed: those that nobody writes.
pub fn clear_left_over(folder: &Path) {
    let is_temporary = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(PREFIX)
            && name.ends_with(SUFFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_temporary) {
        // What cannot be taken away now is left for the next run.
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
    match fs::read(path) {
        Ok(current) if current == bytes => Ok(false),
        Ok(_) if existing == Existing::Keep => Err(taken(path)),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Diagnostic::io(Severity::Failure, "write", path, &error)),
    }
}

fn taken(path: &Path) -> Diagnostic {
    let path = path.display();
    Diagnostic::failure(format!("`{path}` is there already, and is different"))
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
    fn a_folder_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        fs::create_dir(&path).unwrap();
        let problem = write(&path, b"one", Existing::Replace).unwrap_err();
        assert!(problem.message.ends_with("it is a folder"), "{}", problem.message);
    }
}
