//! Holding contracts against art. 28 GDPR and against themselves: findings with a code, a level and a place.
//!
//! A [`Subject`] is one contract with the text of its clauses. The rules look at all subjects of a run
//! together; what they find at one place is one [`Finding`], however many contracts it holds for. What a rule
//! is called, how bad it is and why are data: `codes.toml`, and `requirements.toml` of the library.

mod accept;
mod approval;
mod catalogue;
mod codes;
mod consistency;
mod corpus;
mod coverage;
mod definitions;
mod details;
mod evidence;
mod fields;
mod finding;
mod guard;
mod known;
mod lawyers;
mod references;
mod rules;
mod sarif;
mod say;
mod standings;
mod subjects;
mod typography;
mod values;
mod verdict;

pub use codes::{Code, Reader, code, codes};
pub use coverage::{Coverage, Row};
pub use evidence::{Bearing, Relied};
pub use finding::{Finding, Reach};
pub use rules::Rules;
pub use sarif::sarif;
pub use say::{Lang, Said, say};
pub use subjects::{Scope, Subject, combinations, sample};
pub use verdict::Verdict;

use corpus::Corpus;
use finding::Faults;

use crate::diagnostic::Diagnostic;
use crate::library::Library;

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// What was found, the worst first; what the owner accepted is marked.
    pub findings: Vec<Finding>,
    /// How each subject meets the requirements.
    pub coverage: Vec<Coverage>,
}

/// Checks contracts of one library. What is wrong beyond them (a text that changed without a new version, say)
/// comes in as `others`: code, and what is wrong.
#[must_use]
pub fn check(
    library: &Library,
    rules: &Rules,
    subjects: Vec<Subject>,
    scope: Scope,
    others: Vec<(&'static str, Diagnostic)>,
    lang: Lang,
) -> Checked {
    let corpus = Corpus::new(library, subjects);
    let mut faults = Faults::new(&corpus, scope);
    let coverage = coverage::check(&corpus, rules, lang, &mut faults);
    approval::check(&corpus, rules, scope, &mut faults);
    guard::check(&corpus, rules, &mut faults);
    definitions::check(&corpus, rules, &mut faults);
    references::check(&corpus, rules, &mut faults);
    details::check(&corpus, rules, &mut faults);
    typography::check(&corpus, rules, &mut faults);
    consistency::check(&corpus, rules, &mut faults);
    catalogue::check(&corpus, rules, scope, &mut faults);
    for (code, diagnostic) in others {
        faults.other(code, diagnostic);
    }
    let mut findings = faults.findings(library, lang);
    accept::apply(library, scope, lang, &mut findings);
    findings.sort_by_key(Finding::order);
    Checked { findings, coverage }
}
