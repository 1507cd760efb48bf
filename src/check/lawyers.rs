//! The lawyers' verdicts on a requirement, according to `approved.toml`.

use std::fmt::Display;

use super::corpus::{Selection, Variant};
use super::rules::Rules;
use super::say::{Said, say};
use super::verdict::Verdict;
use crate::diagnostic::Place;
use crate::library::{LawyersVerdict, Requirement};

/// What lawyers said of the clauses that claim a requirement.
pub struct Lawyers {
    pub verdict: Verdict,
    /// What is to be said of the clause with the worst verdict, where it is, and which part.
    pub worst: Option<(Said, Place, String)>,
}

/// The lawyers' verdict on a requirement: if the text of each clause that claims it was read, and no term is
/// unset that would bring the sentence which meets it.
pub fn verdict(
    requirement: &Requirement,
    id: &str,
    selection: &Selection,
    claiming: &[(usize, &Variant<'_>)],
    rules: &Rules,
) -> Option<Lawyers> {
    let is_unset = |term: &String| {
        let brings = format!("terms.{term}");
        selection.data["terms"][term].is_null()
            && claiming.iter().any(|(_, variant)| variant.clause.text.contains(&brings))
    };
    if requirement.terms.iter().any(is_unset) {
        return None;
    }
    let mut lawyers = Lawyers { verdict: Verdict::Approved, worst: None };
    for (_, variant) in claiming {
        let approval = rules.standings.approved(variant.part())?;
        let (verdict, key) = match approval.verdicts.get(id)? {
            LawyersVerdict::Met => (Verdict::Approved, ""),
            LawyersVerdict::Weak => (Verdict::Weak, "lawyers-weak"),
            LawyersVerdict::Missing => (Verdict::Missing, "lawyers-missing"),
        };
        if verdict > lawyers.verdict {
            let part = variant.part();
            let said =
                [("by", &approval.by as &dyn Display), ("part", &part), ("on", &approval.on)];
            lawyers.verdict = verdict;
            lawyers.worst = Some((say(key, &said), variant.claim(id), part.to_owned()));
        }
    }
    Some(lawyers)
}
