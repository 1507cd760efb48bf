//! Checking: a library in all its combinations of services, or the contracts of clients.

use std::path::PathBuf;

use indexmap::IndexMap;

use super::plan::discipline;
use super::refusals::{older, problem};
use super::settings::Settings;
use super::sources::{LibraryChoice, LoadedLibrary, client_files, open_libraries, read_client};
use crate::check::{self, Checked, Finding, Lang, Reader, Rules, Scope, Subject};
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::library::{Found, Library};
use crate::store::{Access, Folder, LOCK, LOCK_FOLDER};
use crate::typeset::{self, Typesetter};

/// What to check.
#[derive(Debug, Clone, Default)]
pub struct CheckRequest {
    /// Client files, or folders of them; none checks the library itself.
    pub clients: Vec<PathBuf>,
    /// The folder of the PDFs and their lock; none is the current folder.
    pub output: Option<PathBuf>,
    /// Which library.
    pub library: LibraryChoice,
    /// The language of the findings.
    pub lang: Lang,
    /// Only the findings that this reader can mend.
    pub reader: Option<Reader>,
}

/// The check of one library.
#[derive(Debug)]
pub struct LibraryCheck {
    /// The library.
    pub library: Library,
    /// The findings, and how each contract meets the requirements.
    pub checked: Checked,
}

/// Checks what is asked for; a client file with problems does not stop the others.
pub fn check(request: &CheckRequest, problems: &mut Problems) -> Vec<LibraryCheck> {
    let subjects = match subjects(request) {
        Ok(subjects) => subjects,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let mut libraries = open_libraries(subjects.keys(), problems);
    let folder = lock_folder(request, problems);
    let mut checks = Vec::new();
    for (found, clients) in &subjects {
        let Some(loaded) = libraries.swap_remove(found) else { continue };
        let others =
            folder.as_ref().and_then(|folder| version_problem(folder, &loaded, request.lang));
        match check_library(&loaded.library, clients, request.lang, others, problems) {
            Ok(mut checked) => {
                let is_for =
                    |finding: &Finding| request.reader.is_none_or(|it| it == finding.reader);
                checked.findings.retain(is_for);
                checks.push(LibraryCheck { library: loaded.library, checked });
            }
            Err(more) => problems.extend(more),
        }
    }
    checks
}

impl LibraryCheck {
    /// Whether there is a finding of this level or worse that the owner does not accept.
    #[must_use]
    pub fn has(&self, level: Severity) -> bool {
        let open = self.checked.findings.iter().filter(|finding| finding.accepted.is_none());
        open.map(Finding::level).any(|found| found >= level)
    }
}

/// The client files of each library; none is for a check of the library itself.
fn subjects(request: &CheckRequest) -> Result<IndexMap<Found, Vec<PathBuf>>, Diagnostic> {
    let mut subjects: IndexMap<Found, Vec<PathBuf>> = IndexMap::new();
    if request.clients.is_empty() {
        subjects.insert(request.library.find(None)?, Vec::new());
    }
    for path in &request.clients {
        let files = if path.is_dir() { client_files(path, &[])? } else { vec![path.clone()] };
        if files.is_empty() {
            let message = format!("there is no client file in `{}`", path.slashed());
            return Err(Diagnostic::error(message).hint("client files end in .toml"));
        }
        for file in files {
            let clients = subjects.entry(request.library.find(Some(&file))?).or_default();
            if !clients.contains(&file) {
                clients.push(file);
            }
        }
    }
    Ok(subjects)
}

/// The folder with the lock, if there is one.
fn lock_folder(request: &CheckRequest, problems: &mut Problems) -> Option<Folder> {
    let settings = Settings::here().map_err(|more| problems.extend(more)).ok()?;
    let path = request.output.clone().or(settings.output).unwrap_or_default();
    if !path.join(LOCK).is_file() && !path.join(LOCK_FOLDER).is_dir() {
        return None;
    }
    let opened = Folder::open(&path, Access::Look, problems);
    opened.map_err(|more| problems.extend(more)).ok()
}

fn version_problem(
    folder: &Folder,
    loaded: &LoadedLibrary,
    lang: Lang,
) -> Option<(&'static str, Diagnostic)> {
    let version = loaded.library.contents.version.to_string();
    let later = folder.lock.later_version(&version);
    let changed = || {
        let refusal = discipline(folder, loaded).all();
        (!refusal.clients.is_empty()).then(|| problem(folder, loaded, &refusal, None, lang))
    };
    Some(("version-unchanged", later.map(|later| older(&version, later, lang)).or_else(changed)?))
}

pub(super) fn check_library(
    library: &Library,
    clients: &[PathBuf],
    lang: Lang,
    version: Option<(&'static str, Diagnostic)>,
    problems: &mut Problems,
) -> Result<Checked, Problems> {
    let rules = Rules::new(library)?;
    let typesetter = Typesetter::new(library)?;
    let others = version.into_iter().collect();
    if clients.is_empty() {
        let subjects = check::combinations(library, &typesetter)?;
        return Ok(check::check(library, &rules, subjects, Scope::Library, others, lang));
    }
    let mut subjects = Vec::new();
    for path in clients {
        let subject = read_client(path, library).and_then(|client| {
            let contract = Contract::assemble(&client, Form::Fields);
            let texts = typesetter.texts(&contract)?;
            typeset::forget();
            Ok(Subject { name: path.slashed(), contract, texts })
        });
        match subject {
            Ok(subject) => subjects.push(subject),
            Err(more) => problems.extend(more),
        }
    }
    if subjects.is_empty() {
        return Err(Problems::new());
    }
    Ok(check::check(library, &rules, subjects, Scope::Clients, others, lang))
}
