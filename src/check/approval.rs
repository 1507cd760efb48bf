//! What lawyers approved, against what the library says now. Nothing here judges a text: it only says whether it
//! is the one that was read.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::corpus::Corpus;
use super::finding::{Fault, Faults, place};
use super::rules::Rules;
use super::say::say;
use super::standings::Standing;
use super::subjects::Scope;
use crate::library::APPROVED;

pub fn check(corpus: &Corpus<'_>, rules: &Rules, scope: Scope, faults: &mut Faults<'_>) {
    for (part, standing) in &rules.standings.parts {
        let which = with_part(corpus, part);
        if which.is_empty() {
            continue;
        }
        match standing {
            Standing::Same(_) => {}
            Standing::Unread(source) => {
                let message = say("approval-missing", &[("part", part)]);
                let fault = Fault::new("approval-missing", message, place(source, 0..0), part);
                faults.add(fault.hint(say("approval-missing.hint", &[("part", part)])), which);
            }
            Standing::Differs(approval, difference) => {
                let values: [(&str, &dyn Display); 3] =
                    [("part", part), ("by", &approval.by), ("on", &approval.on)];
                let at = place(&difference.source, difference.at.clone());
                let fault =
                    Fault::new("approval-differs", say("approval-differs", &values), at, part)
                        .notes(difference.changes.clone())
                        .hint(say("approval-differs.hint", &[("part", part)]));
                faults.add(fault, which);
            }
        }
    }
    if let (Scope::Library, Some(source)) = (scope, &corpus.library.approvals.source) {
        for (part, approval) in &rules.standings.gone {
            let values: [(&str, &dyn Display); 3] =
                [("part", part), ("by", &approval.by), ("on", &approval.on)];
            let at = place(source, approval.place.clone());
            let fault =
                Fault::new("approval-unused", say("approval-unused", &values), at, APPROVED);
            faults.everywhere(fault.hint(say("approval-unused.hint", &[])));
        }
    }
}

/// The contracts that a part of the library is in: a clause only in those that have it.
fn with_part(corpus: &Corpus<'_>, part: &str) -> BTreeSet<usize> {
    let path = format!("{part}.typ");
    if corpus.library.clause(&path).is_none() {
        return corpus.everywhere();
    }
    let has = |variants: &[usize]| {
        variants.iter().any(|index| corpus.variants[*index].clause.path == path)
    };
    let numbers = corpus.selections.iter().enumerate();
    numbers.filter(|(_, it)| has(&it.variants)).map(|(number, _)| number).collect()
}
