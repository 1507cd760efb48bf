//! Where a library is: embedded in the program, or in folders at or above the client files.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Diagnostic, Slashed};

/// Where to look for a library.
#[derive(Debug)]
pub struct Search<'a> {
    /// Use the embedded library, whatever stands on disk.
    pub embedded: bool,
    /// Use the one in this folder.
    pub folder: Option<&'a Path>,
    /// Else the nearest at or above this folder; else the embedded one.
    pub from: &'a Path,
    /// The layout to use instead of the one that `contract.toml` names.
    pub layout: Option<&'a str>,
}

/// The two folders that a search came to; `None` is the embedded one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Found {
    pub(super) clauses: Option<PathBuf>,
    pub(super) layouts: Option<PathBuf>,
    pub(super) layout: Option<String>,
}

impl Search<'_> {
    /// Looks for `clauses/` and `layouts/`, each on its own.
    ///
    /// # Errors
    ///
    /// If the folder that was asked for holds neither.
    pub fn find(&self) -> Result<Found, Diagnostic> {
        let mut found =
            Found { clauses: None, layouts: None, layout: self.layout.map(str::to_owned) };
        if self.embedded {
            return Ok(found);
        }
        if let Some(folder) = self.folder {
            found.clauses = Some(folder.join("clauses")).filter(|path| path.is_dir());
            found.layouts = Some(folder.join("layouts")).filter(|path| path.is_dir());
            if found.clauses.is_none() && found.layouts.is_none() {
                let path = folder.slashed();
                if !folder.is_dir() {
                    return Err(Diagnostic::failure(format!("there is no folder `{path}`"))
                        .hint("--library takes the folder that has `clauses/` in it"));
                }
                return Err(Diagnostic::failure(format!(
                    "`{path}` holds neither `clauses/` nor `layouts/`"
                ))
                .hint("--library takes the folder that has `clauses/` in it"));
            }
            return Ok(found);
        }
        found.clauses = nearest("clauses", self.from);
        found.layouts = nearest("layouts", self.from);
        Ok(found)
    }

    /// The folders whose files make a difference: those of the library with all below them, and those that
    /// are not there and would come first if they were.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for name in ["clauses", "layouts"] {
            let places = match self.folder {
                _ if self.embedded => Vec::new(),
                Some(folder) => vec![folder.join(name)],
                None => candidates(name, self.from),
            };
            for place in places {
                if place.is_dir() {
                    let below = WalkDir::new(place).into_iter().flatten();
                    let inner = below.filter(|entry| entry.file_type().is_dir());
                    folders.extend(inner.map(DirEntry::into_path));
                    break;
                }
                folders.push(place);
            }
        }
        folders
    }
}

/// Where a folder of this name may be: at or above `from`, the nearest first.
fn candidates(name: &str, from: &Path) -> Vec<PathBuf> {
    let from = if from.as_os_str().is_empty() { Path::new(".") } else { from };
    let absolute = std::path::absolute(from).unwrap_or_default();
    absolute.ancestors().map(|folder| folder.join(name)).collect()
}

/// The nearest folder of this name at or above `from`, by its shortest path as seen from here.
fn nearest(name: &str, from: &Path) -> Option<PathBuf> {
    let found = candidates(name, from).into_iter().find(|path| path.is_dir())?;
    let here = std::env::current_dir().ok();
    let relative = here.as_deref().and_then(|here| found.strip_prefix(here).ok());
    Some(relative.map_or_else(|| found.clone(), Path::to_owned))
}
