//! Reading a library: all problems of all its files in one run.

use std::path::Path;
use std::sync::Arc;

use super::approvals::{APPROVED, Approvals};
use super::catalogue::Catalogue;
use super::checked::Library;
use super::clause::{self, Clause};
use super::contents::Contents;
use super::files::Files;
use super::notice::{NOTICE, NoticeRules};
use super::pictures;
use super::requirements::Requirements;
use super::scope;
use super::search::Found;
use super::subprocessors::{self, Subprocessors};
use crate::countries::Countries;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Text};
use crate::party::Known;

/// The countries.
const COUNTRIES: &str = "countries.toml";

/// The processor's own sub-processors.
const SUBPROCESSORS: &str = "subprocessors.toml";
/// The folder of the proposals.
pub const PROPOSALS: &str = "proposals/";

/// What is known of parties.
const PARTIES: &str = "parties.toml";

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
        // A library of before these files were there has those in the program.
        let embedded = Files::embedded_clauses();
        let with =
            |name| if clause_files.bytes(name).is_some() { &clause_files } else { &embedded };
        let read = read_file(with(COUNTRIES), COUNTRIES, &mut problems, Countries::read);
        let Some(countries) = read.map(Arc::new) else {
            return Err(problems);
        };
        let read_parties = |source: &_| Known::read(source, &countries);
        let Some(parties) = read_file(with(PARTIES), PARTIES, &mut problems, read_parties) else {
            return Err(problems);
        };
        let notice = read_file(with(NOTICE), NOTICE, &mut problems, NoticeRules::read);
        let contents = read_file(&clause_files, "contract.toml", &mut problems, |source| {
            Contents::read(source, &clause_files, &parties)
        });
        let catalogue = read_file(&clause_files, "services.toml", &mut problems, Catalogue::read);
        let requirements =
            read_file(&clause_files, "requirements.toml", &mut problems, Requirements::read);
        let (Some(contents), Some(mut catalogue), Some(requirements)) =
            (contents, catalogue, requirements)
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
        let ids: Vec<&str> = requirements.all.keys().map(String::as_str).collect();
        let approvals = if clause_files.bytes(APPROVED).is_some() {
            let read = |source: &Arc<Source>| Approvals::read(source, &ids);
            read_file(&clause_files, APPROVED, &mut problems, read).unwrap_or_default()
        } else {
            Approvals::default()
        };
        let known = clause::Known {
            services: catalogue.services.keys().map(String::as_str).collect(),
            requirements: ids.clone(),
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
        // They are only read: none is used until it is adopted.
        let proposed = proposed(&clause_files);
        let proposed: Vec<Text> = proposed.into_iter().map(|path| Text::new(0..0, path)).collect();
        let proposals = clauses(PROPOSALS, &proposed);
        let articles = clauses("articles/", &contents.articles);
        let annexes = clauses("annexes/", &contents.annexes);
        let signature = clauses("", &[Text::new(0..0, "signature".into())]).pop();
        problems.extend(unlisted(&clause_files, &contents));
        problems.extend(pictures::too_large(&clause_files));
        problems.extend(pictures::too_large(&layout_files));
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
        let (Some(signature), Some(layout), Some(subprocessors), Some(notice), true) =
            (signature, layout, subprocessors, notice, problems.is_empty())
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
            approvals,
            notice,
            proposals,
            articles,
            annexes,
            signature,
            layout,
            clause_files,
            layout_files,
        })
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

/// The proposals by what they would replace: `articles/security`.
fn proposed(files: &Files) -> Vec<String> {
    let inside = files.paths().filter_map(|path| path.strip_prefix(PROPOSALS));
    inside.filter_map(|path| path.strip_suffix(".typ")).map(str::to_owned).collect()
}

/// Clause files that no list names: forgotten, or left over.
fn unlisted(files: &Files, contents: &Contents) -> Problems {
    let listed = |path: &str| {
        let names = |folder: &str, ids: &[Text]| {
            let id = path.strip_prefix(folder).and_then(|file| file.strip_suffix(".typ"));
            id.is_some_and(|id| ids.iter().any(|listed| listed.get_ref() == id))
        };
        path == "signature.typ"
            || path.starts_with(PROPOSALS)
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

/// The layout's name, if there is such a layout; `place` says where it was named.
fn check_layout(
    files: &Files,
    name: &str,
    place: impl FnOnce(Diagnostic) -> Diagnostic,
) -> Result<String, Diagnostic> {
    let known: Vec<&str> = files.layouts().collect();
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
