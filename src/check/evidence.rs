//! Which sentences of a contract a requirement relies on, and which a change to the text bears on it: what the memo for
//! the lawyer shows beside the verdicts.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::corpus::{Corpus, Selection, Variant};
use super::rules::{Look, Rules};
use super::subjects::Subject;
use crate::library::Library;

/// A sentence that a requirement relies on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Relied {
    /// What a reference to its clause is: `security`, `annex-security`.
    pub clause: String,
    /// The sentence; of a list or table, the line.
    pub sentence: String,
}

/// The evidence in one contract.
#[derive(Debug)]
pub struct Bearing {
    /// The sentences that each requirement relies on, in the order of the library's requirements and of the text.
    pub relied: Vec<Vec<Relied>>,
}

impl Bearing {
    /// Finds the sentences of a contract that the requirements rely on.
    #[must_use]
    pub fn of(library: &Library, rules: &Rules, subject: Subject) -> Self {
        let corpus = Corpus::new(library, vec![subject]);
        let Some(selection) = corpus.selections.first() else { return Self { relied: Vec::new() } };
        let requirements = library.requirements.all.keys().zip(&rules.requirements);
        let relied = requirements.map(|(id, patterns)| {
            let claims = |variant: &&Variant<'_>| variant.clause.covers.contains(id);
            let claiming: Vec<&Variant<'_>> =
                corpus.texts(selection).map(|(_, variant)| variant).filter(claims).collect();
            let mut found = BTreeSet::new();
            for looks in &patterns.evidence {
                found.extend(looks.iter().find_map(|look| place(look, selection, &claiming)));
            }
            found.into_iter().map(|(clause, at)| relied(claiming[clause], at)).collect::<Vec<_>>()
        });
        let relied = relied.map(|mut sentences| {
            sentences.dedup();
            sentences
        });
        Self { relied: relied.collect() }
    }
}

impl Rules {
    /// Whether a change to a paragraph bears on a requirement, by its place among the library's: evidence for it is
    /// in the new text, or what speaks against it in the old one.
    #[must_use]
    pub fn bears_on(&self, requirement: usize, old: Option<&str>, new: Option<&str>) -> bool {
        let Some(patterns) = self.requirements.get(requirement) else { return false };
        let is_evidence = |text: &str| {
            let mut looks = patterns.evidence.iter().flatten();
            looks.any(|look| matches!(look, Look::Text(pattern) if pattern.is_match(text)))
        };
        let is_against =
            |text: &str| patterns.against.iter().any(|(pattern, _)| pattern.is_match(text));
        new.is_some_and(is_evidence) || old.is_some_and(is_against)
    }
}

/// Where the claiming clauses have the evidence: which of them, and where in its text.
fn place(look: &Look, selection: &Selection, claiming: &[&Variant<'_>]) -> Option<(usize, usize)> {
    let first = |find: &dyn Fn(&str) -> Option<usize>| {
        let mut clauses = claiming.iter().enumerate();
        clauses.find_map(|(clause, variant)| Some((clause, find(&variant.text.text)?)))
    };
    match look {
        Look::Text(pattern) => first(&|text| pattern.find(text).map(|found| found.start())),
        Look::Field { is_shown: false, .. } => None,
        Look::Field { paths, .. } => paths.iter().find_map(|path| {
            // The values of a client that was made up are no sentence of the library.
            let key = path.first().map(String::as_str);
            if selection.is_sample()
                && !matches!(key, Some("services" | "data-categories" | "measures"))
            {
                return None;
            }
            let value = first_text(&selection.data, path)?;
            first(&|text| text.find(&value))
        }),
    }
}

/// The first text at a path; `*` is each of a list.
fn first_text(value: &Value, path: &[String]) -> Option<String> {
    match path.split_first() {
        None => match value {
            Value::String(text) => Some(text.clone()),
            Value::Array(items) => items.iter().find_map(|item| first_text(item, &[])),
            Value::Object(fields) => fields.values().find_map(|field| first_text(field, &[])),
            _ => None,
        },
        Some((key, rest)) if key == "*" => {
            value.as_array()?.iter().find_map(|item| first_text(item, rest))
        }
        Some((key, rest)) => first_text(value.get(key)?, rest),
    }
}

fn relied(variant: &Variant<'_>, at: usize) -> Relied {
    let sentence = variant.sentence(&(at..at));
    Relied { clause: variant.label.clone(), sentence }
}
