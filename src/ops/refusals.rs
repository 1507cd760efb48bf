//! What is reported where a text changed and its version did not: the parts, whom it concerns, and the words.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::paths::document_name;
use super::sources::{LoadedLibrary, assemble};
use crate::compare::{AgreementText, Comparison, RunKind, compare};
use crate::diagnostic::{Diagnostic, List};
use crate::library::Found;
use crate::store::{Folder, Kept, Refusal, SET_VERSION, contract_in};
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
    pub fn note(&mut self, found: &Found, path: Option<&Path>, kept: &Kept, refusal: Refusal) {
        let refused = self.0.entry(found.clone()).or_default();
        refused.refusal.parts.extend(refusal.parts);
        refused.refusal.clients.extend(refusal.clients);
        if refused.sample.is_none() && kept.is_text_changed {
            refused.sample = Some((path.map(Path::to_owned), kept.file.clone()));
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
            Some(problem(folder, loaded, &refused.refusal, sample))
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
) -> Diagnostic {
    let version = loaded.library.contents.version;
    let parts: Vec<&str> = refusal.parts.iter().map(String::as_str).collect();
    let names: Vec<String> = refusal
        .clients
        .iter()
        .map(|id| id.clone().unwrap_or_else(|| document_name(None)))
        .collect();
    let mut shown: Vec<&str> = names.iter().take(MOST_CLIENTS).map(String::as_str).collect();
    let more = format!("{} more", names.len().saturating_sub(MOST_CLIENTS));
    if names.len() > MOST_CLIENTS {
        shown.push(&more);
    }
    let what = match parts.as_slice() {
        [] => "the text".to_owned(),
        parts => List(parts, "and").to_string(),
    };
    let concerned = List(&shown, "and").to_string().replace(&format!("`{more}`"), &more);
    let message = format!("{what} changed since {version} was first used: it concerns {concerned}");
    let mut problem = Diagnostic::error(message);
    if let Some((path, file)) = sample {
        for words in words(folder, loaded, path, file).unwrap_or_default() {
            problem = problem.hint(words);
        }
    }
    problem.hint(SET_VERSION)
}

/// The first words that differ between a PDF and what would be made now.
fn words(
    folder: &Folder,
    loaded: &LoadedLibrary,
    path: Option<&Path>,
    file: &str,
) -> Option<Vec<String>> {
    let made = contract_in(&folder.path.join(file))?;
    let old = AgreementText::read(made.json.to_string().as_bytes()).ok()?;
    let contract = assemble(&loaded.library, path).ok()?;
    let texts = Typesetter::new(&loaded.library).ok()?.texts(&contract).ok()?;
    let json = contract.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
    let new = AgreementText::read(json.as_bytes()).ok()?;
    Some(differences(&compare(&old, &new)))
}

fn differences(comparison: &Comparison) -> Vec<String> {
    let mut found = Vec::new();
    for clause in comparison.clauses.iter().filter(|clause| clause.changed) {
        for paragraph in clause.paragraphs.iter().filter(|paragraph| paragraph.is_changed()) {
            let of = |kind| {
                let runs = paragraph.runs.iter().filter(|run| run.kind == kind);
                runs.map(|run| run.text.trim()).collect::<Vec<_>>().join(" … ")
            };
            let (old, new) = (of(RunKind::Deleted), of(RunKind::Inserted));
            found.push(match (old.is_empty(), new.is_empty()) {
                (true, _) => format!("in `{}`: \"{new}\" is new", clause.id),
                (_, true) => format!("in `{}`: \"{old}\" is gone", clause.id),
                _ => format!("in `{}`: \"{old}\" is now \"{new}\"", clause.id),
            });
        }
    }
    found.truncate(MOST_WORDS);
    found
}
