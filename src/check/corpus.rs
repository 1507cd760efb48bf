//! All texts of a run, each different one once.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::subjects::{SAMPLE_NAME, Subject};
use crate::contract::{Contract, Edition};
use crate::diagnostic::{Place, Source};
use crate::library::{Clause, Library};
use crate::typeset::ClauseText;

/// All texts of a run.
pub struct Corpus<'a> {
    pub library: &'a Library,
    /// The texts that clauses come to, in the contract's order.
    pub variants: Vec<Variant<'a>>,
    /// The contracts.
    pub selections: Vec<Selection>,
}

/// How many bytes are shown at most before and after the part of a sentence that is at fault: many faults in one
/// very long sentence would else show it as often.
const NEAR: usize = 400;

/// A clause with one of the texts that it comes to.
pub struct Variant<'a> {
    pub clause: &'a Clause,
    /// What a reference to it is: `security`, `annex-security`.
    pub label: String,
    pub source: Arc<Source>,
    pub text: ClauseText,
}

/// A contract.
pub struct Selection {
    pub name: String,
    pub contract: Contract,
    /// The contract as `contract.json` has it.
    pub data: Value,
    /// Its texts, by their place in the corpus.
    pub variants: Vec<usize>,
}

impl<'a> Corpus<'a> {
    pub fn new(library: &'a Library, subjects: Vec<Subject>) -> Self {
        let clauses: HashMap<String, (&Clause, String, Arc<Source>)> = clauses(library)
            .map(|(clause, label)| {
                let source = source(library, &clause.path);
                (format!("/clauses/{}", clause.path), (clause, label, source))
            })
            .collect();
        let mut variants: Vec<Variant<'a>> = Vec::new();
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        let mut selections = Vec::new();
        for Subject { name, contract, texts } in subjects {
            let mut own = Vec::new();
            for row in contract.clauses() {
                let (Some(text), Some((clause, label, source))) =
                    (texts.get(&row.path), clauses.get(&row.path))
                else {
                    continue;
                };
                let key = (row.path.clone(), text.text.clone());
                let index = *known.entry(key).or_insert_with(|| {
                    variants.push(Variant {
                        clause,
                        label: label.clone(),
                        source: Arc::clone(source),
                        text: text.clone(),
                    });
                    variants.len() - 1
                });
                own.push(index);
            }
            let data = data(&contract);
            selections.push(Selection { name, contract, data, variants: own });
        }
        Self { library, variants, selections }
    }

    /// The texts of a contract.
    pub fn texts<'s>(
        &'s self,
        selection: &'s Selection,
    ) -> impl Iterator<Item = (usize, &'s Variant<'a>)> {
        selection.variants.iter().map(|index| (*index, &self.variants[*index]))
    }

    /// The contracts that have this text.
    pub fn with_variant(&self, index: usize) -> BTreeSet<usize> {
        let has = |(_, selection): &(usize, &Selection)| selection.variants.contains(&index);
        self.selections.iter().enumerate().filter(has).map(|(number, _)| number).collect()
    }

    /// All contracts.
    pub fn everywhere(&self) -> BTreeSet<usize> {
        (0..self.selections.len()).collect()
    }
}

/// All clauses with their labels.
pub fn clauses(library: &Library) -> impl Iterator<Item = (&Clause, String)> {
    let articles = library.articles.iter().map(|clause| (clause, clause.id.clone()));
    let annexes = library.annexes.iter().map(|clause| (clause, format!("annex-{}", clause.id)));
    articles.chain(annexes).chain([(&library.signature, "signature".to_owned())])
}

impl Variant<'_> {
    /// The part of the library that it is: `articles/security`.
    pub fn part(&self) -> &str {
        self.clause.path.trim_end_matches(".typ")
    }

    /// Whether it is an annex.
    pub fn is_annex(&self) -> bool {
        self.label.starts_with("annex-")
    }

    /// Where a part of the text was typed; the file's beginning if nobody typed it there.
    pub fn place(&self, part: &Range<usize>) -> Place {
        let range = self.text.typed(part).unwrap_or(0..0);
        // One line is enough to point at.
        let line = self.source.text[range.clone()].find('\n').unwrap_or(range.len());
        Place { source: Arc::clone(&self.source), range: range.start..range.start + line }
    }

    /// Where the clause claims a requirement.
    pub fn claim(&self, id: &str) -> Place {
        let found = self.source.text.find(&format!("\"{id}\""));
        let range = found.map_or(0..0, |start| start..start + id.len() + 2);
        Place { source: Arc::clone(&self.source), range }
    }

    /// The sentence that holds a part of the text; of a very long one, what stands beside the part.
    pub fn sentence(&self, part: &Range<usize>) -> String {
        let text = &self.text.text;
        // A sign inside a word, as in `mnrv.nl`, ends no sentence.
        let ends = |at: &usize| {
            let after = text[at + 1..].chars().next();
            text[*at..].starts_with('\n') || after.is_none_or(char::is_whitespace)
        };
        let signs = |range: Range<usize>| {
            let found = text[range.clone()].match_indices(['\n', '.', '!', '?']);
            found.map(move |(at, _)| range.start + at).filter(ends)
        };
        let from = text.floor_char_boundary(part.start.saturating_sub(NEAR));
        let until = text.ceil_char_boundary(part.end.saturating_add(NEAR));
        let begin = signs(from..part.start).next_back().map(|at| at + 1);
        // A part that ends a sentence has its sign.
        let has_sign = text[part.clone()].ends_with(['.', '!', '?']);
        let end = signs(part.end - usize::from(has_sign)..until).next();
        let end = end.map(|at| at + usize::from(!text[at..].starts_with('\n')));
        let before = if begin.is_none() && from > 0 { "… " } else { "" };
        let after = if end.is_none() && until < text.len() { " …" } else { "" };
        let sentence = text[begin.unwrap_or(from)..end.unwrap_or(until)].trim();
        format!("{before}{sentence}{after}")
    }
}

impl Selection {
    /// Whether its client is the one of a library's check.
    pub fn is_sample(&self) -> bool {
        self.contract.client_file.as_ref().is_some_and(|file| file.name == SAMPLE_NAME)
    }

    /// Whether it is the general edition.
    pub fn is_general(&self) -> bool {
        self.contract.edition == Edition::General
    }
}

/// `contract.json`, and the sub-processors outside the EEA as `transfers`.
fn data(contract: &Contract) -> Value {
    let mut data = serde_json::to_value(contract).unwrap_or_default();
    let rows = data["subprocessors"].as_array().cloned().unwrap_or_default();
    data["transfers"] = rows.into_iter().filter(|row| !row["transfer"].is_null()).collect();
    data
}

/// A file's text by its path in the library, read once.
pub fn source(library: &Library, path: &str) -> Arc<Source> {
    library.clause_files.text(path).unwrap_or_else(|_| Source::new(path, ""))
}
