//! What differs between two texts of an agreement: clause by clause, paragraph by paragraph, word by word.
//!
//! Clauses are matched by their id, rows of tables by their first cell, paragraphs by likeness. Everything is in
//! the result, also what is equal: the texts that it has of the old side are the old text, and likewise the new.
//! Numbers of articles are no part of a text, so a shifted number is no change. Nothing here reads or writes.

mod details;
mod kinds;
mod labels;
mod paragraph;
mod parts;
mod sides;
mod text;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use details::Detail;
pub use kinds::{ChangeKind, Needs};
pub use labels::{Label, labels};
pub use paragraph::ParagraphChange;
pub use sides::Sides;
pub use text::{AgreementText, Clause, ClauseKind, Part, PartKind, Unreadable};
pub use words::{Run, RunKind, runs as word_runs};

/// What differs between two texts.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// What changed on the cover and in the details of the parties.
    pub details: Vec<Detail>,
    /// The clauses in the order of the new text; one that is gone stands where it stood.
    pub clauses: Vec<ClauseChange>,
}

/// A clause in both texts, or in one of them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClauseChange {
    /// Its label: `security` for an article, `annex-security` for an annex, `signature` for the closing.
    pub id: String,
    /// What sort of clause it is.
    pub kind: ClauseKind,
    /// Whether its title, its text or its place among the others changed.
    pub changed: bool,
    /// What became of it.
    pub state: State,
    /// Its number in both texts.
    pub number: Sides<usize>,
    /// Its title in both texts.
    pub title: Sides<String>,
    /// Its paragraphs, list items and table rows, in the order of the new text.
    pub paragraphs: Vec<ParagraphChange>,
}

/// What became of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is as it was.
    Same,
    /// Its title or text changed.
    Changed,
    /// It stands elsewhere among the others; its text may have changed too.
    Moved,
    /// It is only in the new text.
    Added,
    /// It is only in the old text.
    Removed,
}

/// Compares two texts of an agreement.
#[must_use]
pub fn compare(old: &AgreementText, new: &AgreementText) -> Comparison {
    let old_by_id: BTreeMap<&str, usize> =
        old.clauses.iter().enumerate().map(|(at, clause)| (clause.id.as_str(), at)).collect();
    let partners: Vec<Option<usize>> =
        new.clauses.iter().map(|clause| old_by_id.get(clause.id.as_str()).copied()).collect();
    let sizes: Vec<usize> = new.clauses.iter().map(size).collect();
    let moved = parts::moved(&partners, &sizes);
    let order = parts::order(old.clauses.len(), &partners, &moved);
    let clauses = order.into_iter().map(|(from, to)| {
        let is_moved = to.is_some_and(|to| moved[to]);
        clause_change(from.map(|at| &old.clauses[at]), to.map(|at| &new.clauses[at]), is_moved)
    });
    Comparison { details: details::changed(&old.details, &new.details), clauses: clauses.collect() }
}

/// How much a clause weighs where some must have moved: as few as can be, and of those the shorter.
fn size(clause: &Clause) -> usize {
    const EACH: usize = 1 << 24;
    EACH + clause.parts.iter().map(|part| part.text.len()).sum::<usize>()
}

fn clause_change(old: Option<&Clause>, new: Option<&Clause>, is_moved: bool) -> ClauseChange {
    let parts = |clause: Option<&Clause>| clause.map(|it| it.parts.clone()).unwrap_or_default();
    let (old_parts, new_parts) = text::with_same_rows(parts(old), parts(new));
    let paragraphs = parts::compare(&old_parts, &new_parts);
    let number = Sides { old: old.and_then(|it| it.number), new: new.and_then(|it| it.number) };
    let title = Sides {
        old: old.map(|clause| clause.title.clone()),
        new: new.map(|clause| clause.title.clone()),
    };
    let is_same = title.old == title.new && !paragraphs.iter().any(ParagraphChange::is_changed);
    let state = match (old, new) {
        (None, _) => State::Added,
        (_, None) => State::Removed,
        _ if is_moved => State::Moved,
        _ if is_same => State::Same,
        _ => State::Changed,
    };
    // One of the two is there, for the clause comes from one of them.
    let either = new.or(old);
    ClauseChange {
        id: either.map(|clause| clause.id.clone()).unwrap_or_default(),
        kind: either.map_or(ClauseKind::Article, |clause| clause.kind),
        changed: state != State::Same,
        state,
        number,
        title,
        paragraphs,
    }
}
