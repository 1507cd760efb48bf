//! The clause library: `contract.toml`, `services.toml`, `requirements.toml`, the clause files, and the
//! layout that sets them. Embedded in the program, or read from a folder that replaces it.

mod catalogue;
mod clause;
mod colour;
mod contents;
mod digests;
mod files;
mod language;
mod mail;
mod papers;
mod places;
mod requirements;
mod scope;
mod subprocessors;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

pub use catalogue::{Catalogue, Category, Measure, Service};
pub use clause::Clause;
pub use contents::{Accept, Brand, Contents, Logo};
pub use files::{Files, Origin};
pub use language::Language;
pub use mail::{Filling, Fillings, MailText};
pub use papers::PaperKind;
pub use requirements::{
    Against, Agree, Evidence, Obligation, Requirement, Requirements, Test, When,
};
pub use scope::{first_lower, split};
pub use subprocessors::{
    Subprocessors, read as read_subprocessors, schema as subprocessors_schema,
};

use crate::client::Vocabulary;
use crate::countries::Countries;
use crate::diagnostic::{Diagnostic, Problems, Slashed, Source};
use crate::input::{self, Text};
use crate::party::Known;

/// A clause library whose every file is in order.
#[derive(Debug)]
pub struct Library {
    /// `contract.toml`.
    pub contents: Contents,
    /// `services.toml`.
    pub catalogue: Catalogue,
    /// `requirements.toml`.
    pub requirements: Requirements,
    /// `countries.toml`.
    pub countries: Countries,
    /// `subprocessors.toml`.
    pub subprocessors: Subprocessors,
    /// `parties.toml`.
    pub parties: Known,
    /// The articles, in the contract's order.
    pub articles: Vec<Clause>,
    /// The annexes, in the contract's order.
    pub annexes: Vec<Clause>,
    /// The closing.
    pub signature: Clause,
    /// The name of the layout in use.
    pub layout: String,
    /// The files below `clauses/`.
    pub clause_files: Files,
    /// The files below `layouts/`.
    pub layout_files: Files,
}

/// The countries.
const COUNTRIES: &str = "countries.toml";

/// The folder of `layouts/` with what layouts share.
const PARTS: &str = "parts";

/// The processor's own sub-processors.
const SUBPROCESSORS: &str = "subprocessors.toml";
/// What is known of parties.
const PARTIES: &str = "parties.toml";

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
    clauses: Option<PathBuf>,
    layouts: Option<PathBuf>,
    layout: Option<String>,
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

impl Library {
    /// Reads the library that a search found.
    ///
    /// # Errors
    ///
    /// All problems of all its files.
    pub fn open(found: &Found) -> Result<Self, Problems> {
        let clauses = match &found.clauses {
            Some(folder) => Files::folder(folder)?,
            None => Files::embedded_clauses(),
        };
        let layouts = match &found.layouts {
            Some(folder) => Files::folder(folder)?,
            None => Files::embedded_layouts(),
        };
        Self::read(clauses, layouts, found.layout.as_deref())
    }

    /// Reads a library out of its two folders.
    ///
    /// # Errors
    ///
    /// All problems of all its files.
    pub fn read(
        clause_files: Files,
        layout_files: Files,
        layout: Option<&str>,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        // A library of before this file was there has the one in the program.
        let embedded = Files::embedded_clauses();
        let has_parties = clause_files.bytes(PARTIES).is_some();
        let with_parties = if has_parties { &clause_files } else { &embedded };
        let Some(parties) = read_file(with_parties, PARTIES, &mut problems, Known::read) else {
            return Err(problems);
        };
        let contents = read_file(&clause_files, "contract.toml", &mut problems, |source| {
            Contents::read(source, &clause_files, &parties)
        });
        let catalogue = read_file(&clause_files, "services.toml", &mut problems, Catalogue::read);
        let requirements =
            read_file(&clause_files, "requirements.toml", &mut problems, Requirements::read);
        // A library of before countries had a file of their own has those in the program.
        let embedded = Files::embedded_clauses();
        let has_countries = clause_files.bytes(COUNTRIES).is_some();
        let with_countries = if has_countries { &clause_files } else { &embedded };
        let countries = read_file(with_countries, COUNTRIES, &mut problems, Countries::read);
        let (Some(contents), Some(mut catalogue), Some(requirements), Some(countries)) =
            (contents, catalogue, requirements, countries)
        else {
            return Err(problems);
        };
        let processor = contents.processor.short_name.as_deref().unwrap_or_default();
        catalogue.fill(processor);
        // Without the file, no sub-processor is named.
        let subprocessors = if clause_files.bytes(SUBPROCESSORS).is_some() {
            let categories: Vec<&str> =
                catalogue.subprocessor_categories.keys().map(String::as_str).collect();
            read_file(&clause_files, SUBPROCESSORS, &mut problems, |source| {
                subprocessors::read(source, &categories, &countries)
            })
        } else {
            Some(Subprocessors::new())
        };
        let known = clause::Known {
            services: catalogue.services.keys().map(String::as_str).collect(),
            requirements: requirements.all.keys().map(String::as_str).collect(),
            processor,
        };
        let mut clauses = |folder: &str, ids: &[Text]| -> Vec<Clause> {
            let ids = ids.iter().map(Text::get_ref);
            ids.filter_map(|id| {
                read_file(&clause_files, &format!("{folder}{id}.typ"), &mut problems, |source| {
                    Clause::read(id, format!("{folder}{id}.typ"), source, &known)
                })
            })
            .collect()
        };
        let articles = clauses("articles/", &contents.articles);
        let annexes = clauses("annexes/", &contents.annexes);
        let signature = clauses("", &[Text::new(0..0, "signature".into())]).pop();
        problems.extend(unlisted(&clause_files, &contents));
        let all = articles.iter().chain(&annexes).chain(&signature);
        let sources: Vec<Arc<Source>> =
            all.clone().filter_map(|clause| clause_files.text(&clause.path).ok()).collect();
        problems.extend(scope::check(&sources, &contents, &catalogue));
        problems.extend(other_language(&contents, &all.map(|clause| clause.text.as_str())));
        let layout = match layout {
            Some(name) => check_layout(&layout_files, name, |problem| problem),
            None => check_layout(&layout_files, contents.layout.get_ref(), |problem| {
                problem.at(&contents.source, contents.layout.span())
            }),
        };
        let layout = layout.map_err(|problem| problems.push(problem)).ok();
        let (Some(signature), Some(layout), Some(subprocessors), true) =
            (signature, layout, subprocessors, problems.is_empty())
        else {
            return Err(problems);
        };
        Ok(Self {
            contents,
            catalogue,
            requirements,
            countries,
            subprocessors,
            parties,
            articles,
            annexes,
            signature,
            layout,
            clause_files,
            layout_files,
        })
    }

    /// The ids that a client file may name.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary<'_> {
        Vocabulary {
            services: self.catalogue.services.keys().map(String::as_str).collect(),
            data_categories: self.catalogue.data_categories.keys().map(String::as_str).collect(),
            subprocessor_categories: self
                .catalogue
                .subprocessor_categories
                .keys()
                .map(String::as_str)
                .collect(),
            countries: &self.countries,
            subprocessors: &self.subprocessors,
            catalogue: &self.catalogue,
            terms: self.contents.terms,
            parties: &self.parties,
        }
    }

    /// All its clauses: articles, annexes, closing.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.articles.iter().chain(&self.annexes).chain([&self.signature])
    }

    /// The clause in this file of `clauses/`.
    #[must_use]
    pub fn clause(&self, path: &str) -> Option<&Clause> {
        self.clauses().find(|clause| clause.path == path)
    }

    /// The words of each service's `scope` that nothing uses: service and word.
    #[must_use]
    pub fn unused_scope(&self) -> Vec<(&str, &str)> {
        scope::unused(self)
    }

    /// The digest of each part of the text: contract.toml, services.toml, each clause. It changes with what
    /// the contract says, not with remarks beside it.
    #[must_use]
    pub fn text_digests(&self) -> BTreeMap<String, String> {
        digests::text(self)
    }

    /// The digest of the look: the layout in use with its fonts, the brand, and `interface`.
    #[must_use]
    pub fn look_digest(&self, interface: &str) -> String {
        digests::look(self, interface)
    }

    /// The names of the layouts there are.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        layouts(&self.layout_files)
    }

    /// The paths below `layouts/` of the files that a paper may use: those of the layout in use, and those that
    /// layouts share.
    pub fn layout_paths(&self, paper: PaperKind) -> impl Iterator<Item = &str> {
        let is_used = move |path: &&str| {
            let inside = path.split_once('/');
            inside.is_some_and(|(folder, path)| {
                (folder == self.layout || folder == PARTS) && paper.uses(path)
            })
        };
        self.layout_files.paths().filter(is_used)
    }

    /// Says which library and which layout this is: ``library embedded, layout `standard` (embedded)``.
    #[must_use]
    pub fn describe(&self) -> String {
        let layouts = self.layout_files.origin();
        format!("library {}, layout `{}` ({layouts})", self.clause_files.origin(), self.layout)
    }
}

/// Reads one file of the library with `read`, noting what is wrong.
fn read_file<T>(
    files: &Files,
    path: &str,
    problems: &mut Problems,
    read: impl FnOnce(&Arc<Source>) -> Result<T, Problems>,
) -> Option<T> {
    let text = files.text(path).map_err(|problem| -> Problems {
        problem
            .hint(
                "a library has contract.toml, services.toml, requirements.toml and signature.typ; \
                 --embedded uses the one in the program",
            )
            .into()
    });
    let read = text.and_then(|source| read(&source));
    read.map_err(|found| problems.extend(found)).ok()
}

/// The clauses must be in the language that `contract.toml` says: dates and hyphens follow it.
fn other_language<'a>(
    contents: &Contents,
    texts: &(impl Iterator<Item = &'a str> + Clone),
) -> Option<Diagnostic> {
    let language = contents.language;
    let other = language.other(texts)?;
    let text = &contents.source.text;
    let at = input::locate(&contents.source, &["language"]).unwrap_or(0..text.len().min(1));
    let message =
        format!("`language` is `{}`, and the clauses are in `{}`", language.code, other.code);
    let hint = format!("write `language = \"{}\"`, or translate the clauses", other.code);
    Some(Diagnostic::error(message).at(&contents.source, at).hint(hint))
}

/// Clause files that no list names: forgotten, or left over.
fn unlisted(files: &Files, contents: &Contents) -> Problems {
    let listed = |path: &str| {
        let names = |folder: &str, ids: &[Text]| {
            let id = path.strip_prefix(folder).and_then(|file| file.strip_suffix(".typ"));
            id.is_some_and(|id| ids.iter().any(|listed| listed.get_ref() == id))
        };
        path == "signature.typ"
            || names("articles/", &contents.articles)
            || names("annexes/", &contents.annexes)
    };
    files
        .paths()
        .filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "typ"))
        .filter(|path| !listed(path))
        .filter_map(|path| Some((path, files.text(path).ok()?)))
        .map(|(path, source)| {
            let is_in_place = path.starts_with("articles/") || path.starts_with("annexes/");
            Diagnostic::error(format!("no list in contract.toml names `{}`", source.name))
                .at(&source, 0..0)
                .hint(if is_in_place {
                    "add its id to `articles` or `annexes`, or take the file away"
                } else {
                    "move it into `articles/` or `annexes/` and list it there, or take it away"
                })
        })
        .collect()
}

/// A layout is a folder with a `main.typ`.
fn layouts(files: &Files) -> impl Iterator<Item = &str> {
    files.paths().filter_map(|path| path.strip_suffix("/main.typ"))
}

/// The layout's name, if there is such a layout; `place` says where it was named.
fn check_layout(
    files: &Files,
    name: &str,
    place: impl FnOnce(Diagnostic) -> Diagnostic,
) -> Result<String, Diagnostic> {
    let known: Vec<&str> = layouts(files).collect();
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    let shown = name.escape_debug();
    let is_there = files.paths().any(|path| path.starts_with(&format!("{name}/")));
    Err(if is_there {
        place(Diagnostic::error(format!("layout `{shown}` has no `main.typ`")))
            .hint("a layout is a folder with a `main.typ` that sets the document")
    } else {
        place(Diagnostic::error(format!("unknown layout `{shown}`"))).suggest(name, known)
    })
}
