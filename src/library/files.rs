//! A folder of the library in memory: embedded in the program, or read from disk.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Diagnostic, Severity, Slashed, Source};
use crate::input;

/// The folder that keeps what was replaced.
pub const BEFORE: &str = "before";

static CLAUSES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/clauses");
static LAYOUTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/layouts");

/// The files of a folder, by their path below it (with `/`).
#[derive(Debug, Clone)]
pub struct Files {
    origin: Origin,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

/// Where a folder came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The copy in the program, of the folder with this name.
    Embedded(&'static str),
    /// A folder on disk.
    Folder(PathBuf),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Embedded(_) => f.write_str("embedded"),
            Self::Folder(folder) => write!(f, "`{}`", folder.slashed()),
        }
    }
}

impl Files {
    /// The layouts in these files, by name: each is a folder with a `main.typ`.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        self.paths().filter_map(|path| path.strip_suffix("/main.typ"))
    }

    /// The clause library in the program.
    #[must_use]
    pub fn embedded_clauses() -> Self {
        Self::embedded("clauses", &CLAUSES)
    }

    /// The layouts in the program.
    #[must_use]
    pub fn embedded_layouts() -> Self {
        Self::embedded("layouts", &LAYOUTS)
    }

    fn embedded(name: &'static str, root: &'static Dir<'static>) -> Self {
        fn collect(dir: &'static Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
            for file in dir.files() {
                let path = file.path().to_string_lossy().replace('\\', "/");
                files.insert(path, Cow::Borrowed(file.contents()));
            }
            for inner in dir.dirs() {
                collect(inner, files);
            }
        }
        let mut files = BTreeMap::new();
        collect(root, &mut files);
        Self { origin: Origin::Embedded(name), files }
    }

    /// Reads a folder and all below it, hidden files left out. A symbolic link inside is refused: it could
    /// bring in a file from anywhere.
    ///
    /// # Errors
    ///
    /// If something in it cannot be read, is a link, or has a name that is not UTF-8.
    pub fn folder(root: &Path) -> Result<Self, Diagnostic> {
        let mut files = BTreeMap::new();
        let visible = |entry: &DirEntry| {
            // What a library was before is kept for people, and nothing reads it.
            let is_kept = entry.depth() == 1 && entry.file_name() == BEFORE;
            entry.depth() == 0
                || !(is_kept || entry.file_name().as_encoded_bytes().starts_with(b"."))
        };
        for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(visible) {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(root).to_owned();
                Diagnostic::io(Severity::Error, "read", &path, &io::Error::from(error))
            })?;
            if entry.file_type().is_dir() || entry.depth() == 0 {
                continue;
            }
            if entry.path_is_symlink() {
                let path = entry.path().slashed();
                return Err(Diagnostic::error(format!("`{path}` is a symbolic link"))
                    .hint("a library holds its files itself: put a copy there"));
            }
            let bytes = input::bytes(entry.path())
                .map_err(|error| Diagnostic::io(Severity::Error, "read", entry.path(), &error))?;
            let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let parts: Option<Vec<&str>> =
                below.components().map(|part| part.as_os_str().to_str()).collect();
            let Some(parts) = parts else {
                let path = entry.path().slashed();
                return Err(Diagnostic::error(format!("the name of `{path}` is not UTF-8")));
            };
            files.insert(parts.join("/"), Cow::Owned(bytes));
        }
        Ok(Self { origin: Origin::Folder(root.to_owned()), files })
    }

    /// The same with another text in one file.
    #[must_use]
    pub fn with(mut self, path: &str, text: String) -> Self {
        self.files.insert(path.to_owned(), Cow::Owned(text.into_bytes()));
        self
    }

    /// Where the folder came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// A file's bytes.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| &**bytes)
    }

    /// What a file is called in messages.
    #[must_use]
    pub fn name(&self, path: &str) -> String {
        match &self.origin {
            Origin::Embedded(folder) => format!("<embedded>/{folder}/{path}"),
            Origin::Folder(folder) => folder.join(path).slashed(),
        }
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// A file's text, with the name to call it by.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<Arc<Source>, Diagnostic> {
        let name = self.name(path);
        match self.bytes(path) {
            Some(bytes) => input::text(name, bytes.to_vec()),
            None => Err(Diagnostic::error(format!("there is no file `{name}`"))),
        }
    }
}
