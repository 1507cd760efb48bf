//! What is reported where a text changed and its version did not: the parts, whom it concerns, and the words.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::sources::{LoadedLibrary, assemble};
use crate::check::{Lang, say};
use crate::compare::{AgreementText, Comparison, RunKind, compare};
use crate::diagnostic::{Diagnostic, List};
use crate::library::Found;
use crate::store::{Folder, Kept, Refusal, contract_in};
use crate::typeset::{ClauseText, Typesetter};

/// How many clients a message names.
const MOST_CLIENTS: usize = 3;

/// How many changed words a message shows.
const MOST_WORDS: usize = 3;

/// The refusals of a run, by the library whose text changed.
#[derive(Debug, Default)]
pub(super) struct Refusals(IndexMap<Found, Refused>);

#[derive(Debug, Default)]
struct Refused {
    refusal: Refusal,
    /// A client file with its PDF, whose words can be compared.
    sample: Option<(Option<PathBuf>, String)>,
}

impl Refusals {
    /// Notes a refusal.
    pub fn note(
        &mut self,
        found: &Found,
        (path, newest): (Option<&Path>, Option<&String>),
        kept: &Kept,
        refusal: Refusal,
    ) {
        let refused = self.0.entry(found.clone()).or_default();
        refused.refusal.parts.extend(refusal.parts);
        refused.refusal.clients.extend(refusal.clients);
        if refused.sample.is_none() && kept.is_text_changed {
            let file = newest.unwrap_or(&kept.file).clone();
            refused.sample = Some((path.map(Path::to_owned), file));
        }
    }

    /// One problem for each library.
    pub fn problems(
        &self,
        folder: &Folder,
        libraries: &IndexMap<Found, LoadedLibrary>,
    ) -> Vec<Diagnostic> {
        let problem = |(found, refused): (&Found, &Refused)| {
            let loaded = libraries.get(found)?;
            let sample = refused.sample.as_ref();
            let sample = sample.map(|(path, file)| (path.as_deref(), file.as_str()));
            Some(problem(folder, loaded, &refused.refusal, sample, Lang::En))
        };
        self.0.iter().filter_map(problem).collect()
    }
}

/// Says what changed, whom it concerns, and the first words of it: those of a client file and its PDF.
pub(super) fn problem(
    folder: &Folder,
    loaded: &LoadedLibrary,
    refusal: &Refusal,
    sample: Option<(Option<&Path>, &str)>,
    lang: Lang,
) -> Diagnostic {
    let said = |key: &str, values: &[(&str, &dyn Display)]| {
        say(&format!("version-unchanged{key}"), values).in_lang(lang).to_owned()
    };
    let and = said(".and", &[]);
    let version = loaded.library.contents.version;
    let parts: Vec<&str> = refusal.parts.iter().map(String::as_str).collect();
    let what = match parts.as_slice() {
        [] => said(".text", &[]),
        parts => List(parts, &and).to_string(),
    };
    let of = |id: &Option<String>| id.clone().unwrap_or_else(|| said(".general", &[]));
    let names: Vec<String> = refusal.clients.iter().map(of).collect();
    let mut shown: Vec<&str> = names.iter().take(MOST_CLIENTS).map(String::as_str).collect();
    let more = said(".more", &[("count", &names.len().saturating_sub(MOST_CLIENTS))]);
    if names.len() > MOST_CLIENTS {
        shown.push(&more);
    }
    let concerned = List(&shown, &and).to_string().replace(&format!("`{more}`"), &more);
    let values: [(&str, &dyn Display); 3] =
        [("what", &what), ("version", &version), ("clients", &concerned)];
    let mut problem = Diagnostic::error(said("", &values));
    if let Some((path, file)) = sample {
        for Difference { clause, old, new } in differences_to(folder, loaded, path, file) {
            let key = match (old.is_empty(), new.is_empty()) {
                (true, _) => ".new",
                (_, true) => ".gone",
                _ => ".other",
            };
            let values: [(&str, &dyn Display); 3] =
                [("clause", &clause), ("old", &old), ("new", &new)];
            problem = problem.hint(said(key, &values));
        }
    }
    problem.hint(said(".hint", &[]))
}

/// Says that the text is older than one that was used.
pub(super) fn older(version: &str, latest: &str, lang: Lang) -> Diagnostic {
    let said = |key: &str, values: &[(&str, &dyn Display)]| {
        say(&format!("version-unchanged{key}"), values).in_lang(lang).to_owned()
    };
    let values: [(&str, &dyn Display); 2] = [("version", &version), ("latest", &latest)];
    Diagnostic::error(said(".older", &values)).hint(said(".hint", &[]))
}

/// Words of a clause that differ: those of before, and those of now.
struct Difference {
    clause: String,
    old: String,
    new: String,
}

/// The first words that differ between a PDF and what would be made now.
fn differences_to(
    folder: &Folder,
    loaded: &LoadedLibrary,
    path: Option<&Path>,
    file: &str,
) -> Vec<Difference> {
    let compared = || {
        let made = contract_in(&folder.path.join(file))?;
        let old = AgreementText::read(made.json.to_string().as_bytes()).ok()?;
        let contract = assemble(&loaded.library, path).ok()?;
        let texts = Typesetter::new(&loaded.library).ok()?.texts(&contract).ok()?;
        let json = contract.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
        let new = AgreementText::read(json.as_bytes()).ok()?;
        Some(differences(&compare(&old, &new)))
    };
    compared().unwrap_or_default()
}

fn differences(comparison: &Comparison) -> Vec<Difference> {
    let mut found = Vec::new();
    for clause in comparison.clauses.iter().filter(|clause| clause.changed) {
        for paragraph in clause.paragraphs.iter().filter(|paragraph| paragraph.is_changed()) {
            let of = |kind| {
                let runs = paragraph.runs.iter().filter(|run| run.kind == kind);
                runs.map(|run| run.text.trim()).collect::<Vec<_>>().join(" … ")
            };
            found.push(Difference {
                clause: clause.id.clone(),
                old: of(RunKind::Deleted),
                new: of(RunKind::Inserted),
            });
        }
    }
    found.truncate(MOST_WORDS);
    found
}
