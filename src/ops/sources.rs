//! Reading what documents are made from: libraries, and client files.

use std::fmt::{self, Display, Formatter};
use std::path::{Component, Path, PathBuf};

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use walkdir::{DirEntry, WalkDir};

use super::settings::SETTINGS;
use crate::client::Client;
use crate::client::identity::{Identity, stem};
use crate::contract::project::INTERFACE;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::library::{Files, Found, Library, Origin, Search};
use crate::store::{LOCK_FOLDER, Parts};

/// Which library to use: the default is the one nearest to the client file, else the embedded one.
#[derive(Debug, Clone, Default)]
pub struct LibraryChoice {
    /// Always the embedded library, even if there is one on disk.
    pub embedded: bool,
    /// The library in this folder.
    pub folder: Option<PathBuf>,
    /// This layout instead of the one that `contract.toml` names.
    pub layout: Option<String>,
}

impl LibraryChoice {
    /// The search for the library of the client files in the folder `from`.
    #[must_use]
    pub fn search<'a>(&'a self, from: &'a Path) -> Search<'a> {
        Search {
            embedded: self.embedded,
            folder: self.folder.as_deref(),
            from,
            layout: self.layout.as_deref(),
        }
    }

    /// Finds the library of a client file, or of the general edition.
    ///
    /// # Errors
    ///
    /// If the chosen folder has no library.
    pub fn find(&self, client: Option<&Path>) -> Result<Found, Diagnostic> {
        self.search(client.and_then(Path::parent).unwrap_or(Path::new(""))).find()
    }

    /// Opens the library of a client file, or of the general edition.
    ///
    /// # Errors
    ///
    /// All problems of the library.
    pub fn open(&self, client: Option<&Path>) -> Result<Library, Problems> {
        Library::open(&self.find(client)?)
    }
}

/// Where a library comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LibraryOrigin {
    /// The folder of its text; none is the embedded one.
    pub clauses: Option<PathBuf>,
    /// The folder of its layouts; none is the embedded one.
    pub layouts: Option<PathBuf>,
    /// The name of the layout.
    pub layout: String,
}

impl LibraryOrigin {
    /// Where this library comes from.
    #[must_use]
    pub fn of(library: &Library) -> Self {
        let folder = |files: &Files| match files.origin() {
            Origin::Embedded(_) => None,
            Origin::Folder(folder) => Some(folder.clone()),
        };
        Self {
            clauses: folder(&library.clause_files),
            layouts: folder(&library.layout_files),
            layout: library.layout.clone(),
        }
    }
}

impl Display for LibraryOrigin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let folder = |folder: &Option<PathBuf>| {
            let shown = folder.as_ref().map(|folder| format!("`{}`", folder.slashed()));
            shown.unwrap_or_else(|| "embedded".to_owned())
        };
        let (clauses, layouts) = (folder(&self.clauses), folder(&self.layouts));
        write!(f, "library {clauses}, layout `{}` ({layouts})", self.layout)
    }
}

/// A library with the digests of its text and its look.
#[derive(Debug)]
pub struct LoadedLibrary {
    /// The library.
    pub library: Library,
    /// The digest of its whole text.
    pub text: String,
    /// The digest of each part of its text that a contract has or has not.
    pub parts: Parts,
    /// The digest of each clause.
    pub clauses: Parts,
    /// The digest of its look.
    pub look: String,
}

impl LoadedLibrary {
    /// Computes the digests of a library.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self {
            text: library.text_digest(),
            parts: library.text_parts(),
            clauses: library.clause_digests(),
            look: library.look_digest(INTERFACE),
            library,
        }
    }

    /// What its text is called in messages.
    fn name(&self) -> String {
        match self.library.clause_files.origin() {
            Origin::Embedded(_) => "the embedded library".to_owned(),
            folder @ Origin::Folder(_) => folder.to_string(),
        }
    }
}

/// Opens each library once; one with problems is left out.
pub fn open_libraries<'a>(
    found: impl IntoIterator<Item = &'a Found>,
    problems: &mut Problems,
) -> IndexMap<Found, LoadedLibrary> {
    let mut libraries = IndexMap::new();
    for found in found.into_iter().collect::<IndexSet<_>>() {
        match Library::open(found) {
            Ok(library) => {
                libraries.insert(found.clone(), LoadedLibrary::new(library));
            }
            Err(more) => problems.extend(more),
        }
    }
    libraries
}

/// Finds libraries that have one version and different texts. A folder of documents could keep only one of
/// the texts, and would refuse the other from then on.
pub(super) fn clashing<'a>(
    libraries: impl Iterator<Item = (&'a Found, &'a LoadedLibrary)>,
    problems: &mut Problems,
) -> IndexSet<Found> {
    let mut clashing = IndexSet::new();
    let mut earlier: Vec<(&Found, &LoadedLibrary)> = Vec::new();
    for (other_found, other) in libraries {
        let clash = earlier.iter().find(|(_, one)| {
            one.library.contents.version == other.library.contents.version && one.text != other.text
        });
        if let Some((one_found, one)) = clash {
            let version = &one.library.contents.version;
            let problem = Diagnostic::error(format!(
                "{} and {} have different texts of one version, {version}",
                one.name(),
                other.name()
            ))
            .hint("set a new `version` in one of them, or use one library for all with --library");
            problems.push(problem);
            clashing.extend([(*one_found).clone(), other_found.clone()]);
        }
        earlier.push((other_found, other));
    }
    clashing
}

/// Reads and checks a client file.
///
/// # Errors
///
/// All problems of the file.
pub fn read_client<'l>(path: &Path, library: &'l Library) -> Result<Client<'l>, Problems> {
    let source = input::read(path)?;
    Client::read(&source, library)
}

/// Assembles the contract of a client file, or the general edition, with form fields.
///
/// # Errors
///
/// All problems of the client file.
pub fn assemble(library: &Library, client: Option<&Path>) -> Result<Contract, Problems> {
    Ok(match client {
        Some(path) => Contract::assemble(&read_client(path, library)?, Form::Fields),
        None => Contract::general(library, Form::Fields),
    })
}

/// What stands beside client files and holds none.
const NO_CLIENTS: [&str; 5] = ["clauses", "layouts", "agreements", LOCK_FOLDER, SETTINGS];

/// The client file of the client that has this id, or whose file has this name, in `clients/` or here and below; none
/// if there is none, or more than one.
#[must_use]
pub fn client_named(name: &Path) -> Option<PathBuf> {
    let mut parts = name.components();
    let (Some(Component::Normal(name)), None) = (parts.next(), parts.next()) else { return None };
    let name = name.to_str()?;
    let name = name.strip_suffix(".toml").unwrap_or(name);
    let clients = Path::new("clients");
    let root = if clients.is_dir() { clients } else { Path::new("") };
    let usual = root.join(format!("{name}.toml"));
    let id = |path: &Path| path.is_file().then(|| id_of(path));
    if id(&usual).is_some_and(|id| id == name) {
        return Some(usual);
    }
    let all = client_files(if root == clients { root } else { Path::new(".") }, &[]).ok()?;
    let all: Vec<PathBuf> = all
        .into_iter()
        .map(|path| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path))
        .collect();
    let mut with_id = all.iter().filter(|path| id(path).is_some_and(|id| id == name));
    match (with_id.next(), with_id.next()) {
        (Some(only), None) => Some(only.clone()),
        (None, _) => {
            let mut with_stem = all.iter().filter(|path| stem(path) == name);
            with_stem.next().filter(|_| with_stem.next().is_none()).cloned()
        }
        _ => None,
    }
}

/// The id of a client file, whatever else is wrong with it: so a client is called in the lock and in `agreements/`. A file
/// that is gone is known by its name, as one without an id is.
#[must_use]
pub fn id_of(path: &Path) -> String {
    input::read(path).map_or_else(|_| stem(path), |source| Identity::read(path, &source.text).id)
}

/// The id that a name stands for: that of the client file found by it, or the name itself where none is.
pub fn id_named(name: &Path) -> String {
    let file = client_named(name).or_else(|| name.is_file().then(|| name.to_owned()));
    file.as_deref().map_or_else(|| name.slashed(), id_of)
}

/// The client files below a folder: every `.toml` that is not hidden and not a library's. If there are
/// patterns, only those that match one.
///
/// # Errors
///
/// If something in it cannot be read.
pub fn client_files(root: &Path, patterns: &[glob::Pattern]) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut files = Vec::new();
    let mut walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || NO_CLIENTS.contains(&&*name))
    };
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_owned();
            Diagnostic::io(Severity::Error, "read", &path, &std::io::Error::from(error))
        })?;
        if !wanted(&entry) {
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        let path = entry.path();
        let is_client =
            entry.file_type().is_file() && path.extension().is_some_and(|e| e == "toml");
        let below = path.strip_prefix(root).unwrap_or(path);
        let is_wanted = |pattern: &glob::Pattern| {
            pattern.matches_path(below)
                || below.file_stem().is_some_and(|stem| pattern.matches(&stem.to_string_lossy()))
        };
        if is_client && (patterns.is_empty() || patterns.iter().any(is_wanted)) {
            files.push(path.to_owned());
        }
    }
    Ok(files)
}
