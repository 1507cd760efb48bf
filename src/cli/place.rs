//! Where the user stands in a folder to work in: every command works from its root, and paths are read from where
//! they are typed. What is printed has paths from the root, so one that leads to nothing from where the user stands is
//! looked for there: then every command in a message can be typed as it is.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::ops;

/// The way from the root to where the user stands.
static STANDS_AT: OnceLock<PathBuf> = OnceLock::new();

/// Goes to the root of the folder to work in, if the user stands below one.
pub fn enter_root() {
    let Ok(here) = std::env::current_dir() else { return };
    let Some(root) = ops::root(&here) else { return };
    let below = here.strip_prefix(root).unwrap_or(Path::new("")).to_owned();
    // Where it cannot be entered, the user's folder is the root, as without one.
    if !below.as_os_str().is_empty() && std::env::set_current_dir(root).is_ok() {
        let _ = STANDS_AT.set(below);
    }
}

/// A path as typed, seen from the root.
pub fn typed(path: &Path) -> PathBuf {
    let Some(stands_at) = STANDS_AT.get() else {
        return path.to_owned();
    };
    ops::from_root(stands_at, path)
}

/// A path that may be given: see [`typed`].
pub fn typed_some(path: Option<&PathBuf>) -> Option<PathBuf> {
    path.map(|path| typed(path))
}

/// A path as typed of what is there already: from where the user stands, or else from the root.
pub fn existing(path: &Path) -> PathBuf {
    let seen = typed(path);
    if !seen.exists() && path.is_relative() && path.exists() { path.to_owned() } else { seen }
}

/// A path that may be given: see [`existing`].
pub fn existing_some(path: Option<&PathBuf>) -> Option<PathBuf> {
    path.map(|path| existing(path))
}

/// A client file as typed: by its path, or by the client's id where no such path exists.
pub fn client(path: &Path) -> PathBuf {
    let seen = existing(path);
    if seen.exists() { seen } else { ops::client_named(path).unwrap_or(seen) }
}

/// A PDF as typed: by its path, or by the client's id where no such path exists.
pub fn pdf(path: &Path) -> PathBuf {
    let seen = existing(path);
    if seen.exists() { seen } else { ops::newest_pdf(path).unwrap_or(seen) }
}

/// A file as typed; a name that stands for one and is no path, as `acme@2026-06-12`, stays as it is.
pub fn named(path: &Path) -> PathBuf {
    let seen = existing(path);
    if seen.exists() || path.components().count() > 1 { seen } else { path.to_owned() }
}
