//! All clients of a folder: which there are, which library serves each, and what each one's PDF needs.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use indexmap::{IndexMap, IndexSet};
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use super::args::FleetArguments;
use super::generate::{file_name, read_client};
use crate::contract::{Contract, ENGINE, Form, INTERFACE};
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Found, Library};
use crate::store::{Access, Folder, Inputs, Kept, Lock, Stale};

/// A document that is kept up to date: a client's, or the general edition.
#[derive(Debug)]
pub struct Member {
    /// Its client file; none for the general edition.
    pub path: Option<PathBuf>,
    /// The client file as seen from the folder of the PDFs.
    pub client: Option<String>,
    /// The library that serves it.
    pub found: Found,
    /// The PDF's file name.
    pub file: String,
    /// What it would be made of now.
    pub inputs: Inputs,
    /// What there is of it.
    pub kept: Kept,
}

/// All clients of a folder.
#[derive(Debug)]
pub struct Fleet {
    /// Where the PDFs are kept.
    pub folder: Folder,
    /// The libraries in use.
    pub libraries: IndexMap<Found, Served>,
    /// The clients, by the path of their files; then the general edition, if it is kept here.
    pub members: Vec<Member>,
}

/// A library with the digests of its text and its look.
#[derive(Debug)]
pub struct Served {
    /// The library.
    pub library: Library,
    /// The digest of each part of its text.
    pub text: BTreeMap<String, String>,
    /// The digest of its look.
    pub look: String,
}

impl Fleet {
    /// Looks at all clients below a folder, or at one of so many parts of them. What is wrong goes to
    /// `problems`; those that cannot even be looked at are left out.
    ///
    /// # Errors
    ///
    /// If nothing can be done at all.
    pub fn gather(
        arguments: &FleetArguments,
        access: Access,
        part: Option<(usize, usize)>,
        problems: &mut Vec<Diagnostic>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut paths = client_files(arguments).map_err(|problem| vec![problem])?;
        if paths.is_empty() {
            let folder = arguments.folder();
            let (which, hint) = if arguments.only.is_empty() {
                ("", "client files end in .toml; name their folder: `dpa-gen regenerate clients`")
            } else {
                (
                    " that matches",
                    "--only takes a name or a path with `*` and `?` in it: \"bakker*\"",
                )
            };
            let none = format!("there is no client file{which} in `{}`", folder.display());
            return Err(vec![Diagnostic::error(none).hint(hint)]);
        }
        let in_part = |path: &Path| part.is_none_or(|(number, count)| shard(path, count) == number);
        paths.retain(|path| in_part(path));
        let found = find_libraries(arguments, &paths)?;
        let general = arguments.library.search(Path::new("")).find().map_err(|it| vec![it])?;
        let mut libraries = open_libraries(&found, problems);
        let output = arguments.output.clone().unwrap_or_default();
        let folder = Folder::open(&output, access, problems)?;
        let mut wanted: Vec<_> = paths.into_iter().map(Some).zip(found.iter().cloned()).collect();
        if arguments.only.is_empty() && in_part(Path::new("")) && keeps_general(&folder.lock) {
            if !found.contains(&general) {
                libraries.extend(open_libraries([&general], problems));
            }
            wanted.push((None, general));
        }
        let mut fleet = Self { folder, libraries, members: Vec::new() };
        let refused = fleet.refused(problems);
        for (path, found) in wanted {
            let is_refused = refused.contains(&found);
            match fleet.member(path, found, is_refused) {
                Ok(Some(member)) => fleet.members.push(member),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        fleet.check_names()?;
        Ok(fleet)
    }

    /// The libraries whose text may not be used here.
    fn refused(&self, problems: &mut Vec<Diagnostic>) -> IndexSet<Found> {
        let mut is_refused = |served: &Served| {
            let version = served.library.contents.version.to_string();
            let checked = self.folder.check_version(&version, &served.text);
            checked.map_err(|problem| problems.push(problem)).is_err()
        };
        let refused = self.libraries.iter().filter(|(_, served)| is_refused(served));
        refused.map(|(found, _)| found.clone()).collect()
    }

    fn member(
        &mut self,
        path: Option<PathBuf>,
        found: Found,
        is_refused: bool,
    ) -> Result<Option<Member>, Diagnostic> {
        let Some(served) = self.libraries.get(&found) else {
            return Ok(None);
        };
        let client = path.as_ref().map(|path| relative(path, &self.folder.path));
        let contents = &served.library.contents;
        let file = format!("{}.pdf", file_name(contents, path.as_deref()).to_string_lossy());
        let client_file = match (&path, &client) {
            (Some(path), Some(client)) => self.folder.sha256(path, client)?,
            _ => String::new(),
        };
        let inputs = Inputs {
            version: contents.version.to_string(),
            client_file,
            layout: served.look.clone(),
            engine: ENGINE.to_owned(),
            fields: path.is_some(),
        };
        let mut kept = self.folder.look(&file, client.as_deref(), &inputs, &served.text);
        let is_unknown = kept.stale == Some(Stale::Unknown) && kept.touched.is_kept();
        if is_refused {
            kept.stale = Some(Stale::Refused);
        } else if is_unknown
            && self.folder.shown_digest(&file) == digest(&served.library, path.as_deref())
        {
            // Without a lock, a document that somebody worked on is known by what it holds.
            kept.stale = None;
        }
        Ok(Some(Member { path, client, found, file, inputs, kept }))
    }

    /// No two clients may have one PDF.
    fn check_names(&self) -> Result<(), Vec<Diagnostic>> {
        let mut first: HashMap<&str, &Member> = HashMap::new();
        let mut problems = Vec::new();
        for member in &self.members {
            if let Some(other) = first.insert(&member.file, member) {
                problems.push(same_name(&other.name(), &member.name(), &member.file));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl Member {
    /// What it is called in lists.
    pub fn name(&self) -> String {
        name(self.path.as_deref())
    }
}

/// What a document is called in lists: by its client file.
pub fn name(client: Option<&Path>) -> String {
    client.map_or_else(|| "(general edition)".to_owned(), |path| path.display().to_string())
}

/// Whether the general edition was made here under its usual name, and so is to be kept up to date.
fn keeps_general(lock: &Lock) -> bool {
    lock.entries.iter().any(|(file, entry)| {
        entry.client.is_none() && file.ends_with(&format!("-{}.pdf", entry.inputs.version))
    })
}

/// Assembles what a client file gives now, or the general edition.
///
/// # Errors
///
/// All problems of the client file.
pub fn assemble(library: &Library, path: Option<&Path>) -> Result<Contract, Vec<Diagnostic>> {
    let client = path.map(|path| read_client(path, library)).transpose()?;
    Ok(Contract::assemble(library, client.as_ref(), Form::Fields))
}

/// The digest of the document that a client file gives now; none if the file has problems.
fn digest(library: &Library, path: Option<&Path>) -> Option<String> {
    assemble(library, path).ok().map(|contract| contract.digest)
}

/// Tells that two client files would give one PDF.
pub fn same_name(one: &str, other: &str, file: &str) -> Diagnostic {
    Diagnostic::error(format!("`{one}` and `{other}` would both give `{file}`"))
        .hint("give one of the client files another name")
}

impl Served {
    /// Takes the digests of a library.
    pub fn new(library: Library) -> Self {
        let (text, look) = (library.text_digests(), library.look_digest(INTERFACE));
        Self { library, text, look }
    }
}

/// The client files that the arguments ask for.
fn client_files(arguments: &FleetArguments) -> Result<Vec<PathBuf>, Diagnostic> {
    let patterns = arguments.only.iter().map(|only| {
        glob::Pattern::new(only).map_err(|error| {
            Diagnostic::failure(format!("`{only}` is not a pattern: {error}"))
                .hint("--only takes a name with `*` and `?` in it: \"bakker*\"")
        })
    });
    let patterns = patterns.collect::<Result<Vec<_>, _>>()?;
    clients_below(&arguments.folder(), &patterns)
}

/// The client files below a folder: every `.toml` that is not hidden and not a library's. If there are
/// patterns, only those that match one.
///
/// # Errors
///
/// If something in it cannot be read.
pub fn clients_below(root: &Path, patterns: &[glob::Pattern]) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut files = Vec::new();
    let mut walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || name == "clauses" || name == "layouts")
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

/// The shard that a client belongs to, from 1: by its name alone, so that each machine comes to the same.
fn shard(path: &Path, count: usize) -> usize {
    let name = path.file_stem().unwrap_or_default();
    let digest = Sha256::digest(name.as_encoded_bytes());
    let number = digest[..8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    usize::try_from(number % count as u64).unwrap_or_default() + 1
}

/// Which library serves each client; each folder is looked at once.
fn find_libraries(
    arguments: &FleetArguments,
    paths: &[PathBuf],
) -> Result<Vec<Found>, Vec<Diagnostic>> {
    let mut by_folder: HashMap<&Path, Found> = HashMap::new();
    let mut found = Vec::new();
    for path in paths {
        let from = path.parent().unwrap_or(Path::new(""));
        if !by_folder.contains_key(from) {
            let search = arguments.library.search(from);
            by_folder.insert(from, search.find().map_err(|problem| vec![problem])?);
        }
        found.push(by_folder[from].clone());
    }
    Ok(found)
}

/// Reads each library once; one with problems serves nobody.
pub fn open_libraries<'a>(
    found: impl IntoIterator<Item = &'a Found>,
    problems: &mut Vec<Diagnostic>,
) -> IndexMap<Found, Served> {
    let mut libraries = IndexMap::new();
    for found in found.into_iter().collect::<IndexSet<_>>() {
        match Library::open(found) {
            Ok(library) => {
                libraries.insert(found.clone(), Served::new(library));
            }
            Err(more) => problems.extend(more),
        }
    }
    libraries
}

/// A path as seen from a folder, with `/`; links on the way to either are followed first.
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
