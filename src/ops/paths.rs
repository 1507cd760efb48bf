//! Where documents go, and what they are called.

use std::path::{self, Component, Path, PathBuf};

use crate::diagnostic::{Diagnostic, Slashed};
use crate::store::{LOCK, LOCK_FOLDER};

/// What a document is called in lists: by its client file.
#[must_use]
pub fn document_name(client: Option<&Path>) -> String {
    client.map_or_else(|| "(general edition)".to_owned(), Slashed::slashed)
}

/// Where a file goes: to the path that was given, or under its usual name into the folder that was given.
/// A folder is one that exists, or a path that ends in a slash or has another extension than the file.
#[must_use]
pub fn output_path(given: Option<&Path>, usual_name: &str, extension: &str) -> PathBuf {
    let usual = format!("{usual_name}.{extension}");
    match given {
        None => PathBuf::from(usual),
        Some(folder) if is_folder(folder, extension) => folder.join(usual),
        Some(file) => file.to_owned(),
    }
}

/// Whether the path of an output is that of a folder.
pub(super) fn is_folder(output: &Path, extension: &str) -> bool {
    let is_file = output.extension().is_some_and(|given| given.eq_ignore_ascii_case(extension));
    output.is_dir() || !is_file || output.to_string_lossy().ends_with(path::is_separator)
}

/// Refuses an output that is one of the input files, under whatever name, or is where the lock is.
pub(super) fn check_output(output: &Path, inputs: &[&Path]) -> Result<(), Diagnostic> {
    check_not_lock(output)?;
    // Only files are compared, for that opens them: a pipe would wait.
    let is_output = |input: &&&Path| {
        let are_files = input.is_file() && output.is_file();
        are_files && same_file::is_same_file(input, output).unwrap_or(false)
    };
    let Some(input) = inputs.iter().find(is_output) else {
        return Ok(());
    };
    let (output, input) = (output.slashed(), input.slashed());
    let same = if output == input {
        format!("`{output}` is also the input file")
    } else {
        format!("`{output}` is the same file as the input `{input}`")
    };
    Err(Diagnostic::failure(same).hint("give another name with --output"))
}

/// Refuses to write documents where the lock is.
pub(super) fn check_not_lock(output: &Path) -> Result<(), Diagnostic> {
    let is_lock =
        |part: &Component<'_>| [LOCK, LOCK_FOLDER].iter().any(|lock| part.as_os_str() == *lock);
    let Some(lock) = output.components().find(is_lock) else {
        return Ok(());
    };
    let lock = Path::new(&lock).on_a_line();
    let message = format!("`{lock}` is where dpa-gen notes what it made, and not for documents");
    Err(Diagnostic::failure(message).hint("give another name with --output"))
}

/// Reports that two client files would give one PDF.
pub(super) fn same_output(one: &str, other: &str, file: &str) -> Diagnostic {
    Diagnostic::error(format!("`{one}` and `{other}` would both give `{file}`"))
        .hint("give one of them another `id`, or set another `name` in dpa-gen.toml")
}

/// Reports that two client files have one id.
pub(super) fn same_id(one: &Path, other: &Path, id: &str) -> Diagnostic {
    let (one, other) = (one.slashed(), other.slashed());
    Diagnostic::error(format!("`{one}` and `{other}` have one id, `{id}`"))
        .hint(format!("give one of them an `id` of its own: `id = \"{id}-2\"` at the top"))
}

/// A path as seen from a folder, with `/`; links on the way to either are followed first.
#[must_use]
pub fn relative(path: &Path, folder: &Path) -> String {
    let real = |folder: &Path| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = folder.canonicalize().or_else(|_| std::path::absolute(folder));
        real.unwrap_or_else(|_| folder.to_owned())
    };
    let path = real(path.parent().unwrap_or(path)).join(path.file_name().unwrap_or_default());
    let seen = pathdiff::diff_paths(&path, real(folder)).unwrap_or(path);
    let parts = seen.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// A path as seen from a folder, such as the lock has it, as seen from the root: `pdf` and `../clients/acme.toml` are
/// `clients/acme.toml`. One that goes through a link stays as it is.
#[must_use]
pub fn from_root(folder: &Path, seen: impl AsRef<Path>) -> PathBuf {
    let mut path = PathBuf::new();
    for part in folder.join(seen).components() {
        let is_below = matches!(path.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if is_below && !path.is_symlink() => drop(path.pop()),
            part => path.push(part),
        }
    }
    path
}
