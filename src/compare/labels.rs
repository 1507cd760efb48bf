//! The clauses of two texts by their labels, for the references in what is written about both.

use std::collections::BTreeMap;

use serde::Serialize;

use super::sides::Sides;
use super::text::{AgreementText, Clause, ClauseKind};

/// A clause by its label.
#[derive(Debug, Serialize)]
pub struct Label<'a> {
    /// What sort of clause it is.
    pub kind: ClauseKind,
    /// Its number in both texts.
    pub number: Sides<usize>,
    /// Its title: in the old text, if it is there.
    pub title: &'a str,
}

/// The clauses of a text, and those of a newer one, by their labels.
#[must_use]
pub fn labels<'a>(
    old: &'a AgreementText,
    new: Option<&'a AgreementText>,
) -> BTreeMap<&'a str, Label<'a>> {
    let label = |clause: &'a Clause, old| Label {
        kind: clause.kind,
        number: Sides { old, new: None },
        title: &clause.title,
    };
    let mut labels: BTreeMap<&str, Label<'_>> = BTreeMap::new();
    for clause in &old.clauses {
        labels.insert(&clause.id, label(clause, clause.number));
    }
    for clause in new.iter().flat_map(|new| &new.clauses) {
        let known = labels.entry(&clause.id).or_insert_with(|| label(clause, None));
        known.number.new = clause.number;
    }
    labels
}
