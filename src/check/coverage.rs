//! Whether a contract has what the law asks of it: claim, evidence, and what speaks against it.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use super::codes::Reader;
use super::corpus::{Corpus, Selection, Variant, clauses};
use super::fields;
use super::finding::{Fault, Faults, place};
use super::lawyers::{self, Lawyers};
use super::rules::{Look, Rules, ValuePatterns};
use super::say::{Lang, Said, say};
use super::values;
use super::verdict::Verdict;
use crate::diagnostic::{Place, Severity};
use crate::library::{Obligation, Requirement, When, first_lower};
use crate::party::Capacity;

/// How a contract meets the requirements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Coverage {
    /// The contract.
    pub contract: String,
    /// A row for each requirement, in the order of the library.
    pub requirements: Vec<Row>,
}

/// How a contract meets a requirement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// The requirement's id.
    pub requirement: String,
    /// Who asks it.
    pub level: Obligation,
    /// How it is met.
    pub verdict: Verdict,
    /// The clauses of the contract that claim it: `articles/security`.
    pub clauses: Vec<String>,
    /// What is wrong.
    pub faults: Vec<String>,
}

/// Judges every contract by every requirement.
pub fn check(
    corpus: &Corpus<'_>,
    rules: &Rules,
    lang: Lang,
    faults: &mut Faults<'_>,
) -> Vec<Coverage> {
    let mut judge = Judge { corpus, found: HashMap::new() };
    let mut all = Vec::new();
    for (number, selection) in corpus.selections.iter().enumerate() {
        let requirements = corpus.library.requirements.all.iter().enumerate();
        let rows = requirements.map(|(index, (id, requirement))| {
            let judged = judge.judge(selection, (index, id, requirement), rules);
            let row = Row {
                requirement: id.clone(),
                level: requirement.level,
                verdict: judged.verdict,
                clauses: judged.clauses,
                faults: judged
                    .faults
                    .iter()
                    .map(|(message, _)| message.in_lang(lang).to_owned())
                    .collect(),
            };
            for (_, fault) in judged.faults {
                faults.add(fault, [number]);
            }
            row
        });
        all.push(Coverage { contract: selection.name.clone(), requirements: rows.collect() });
    }
    all
}

/// What a contract came to.
struct Judged {
    verdict: Verdict,
    clauses: Vec<String>,
    faults: Vec<(Said, Fault)>,
}

impl Judged {
    fn add(&mut self, fault: (Said, Fault)) {
        self.faults.push(fault);
    }

    /// Judges the values that no text can meet a requirement with.
    fn values(
        &mut self,
        corpus: &Corpus<'_>,
        selection: &Selection,
        (id, requirement): (&String, &Requirement),
        patterns: &[ValuePatterns],
    ) {
        for (rule, patterns) in requirement.values.iter().zip(patterns) {
            let Some(wrong) = values::wrong(rule, patterns, selection, corpus) else { continue };
            self.verdict = self.verdict.max(Verdict::Weak);
            let message = Said::or_english(&rule.why, rule.why_nl.as_deref());
            let reader = if wrong.part == "client" { Reader::Sales } else { Reader::Agency };
            let (message, fault) =
                fault((id, requirement), Verdict::Weak, message, wrong.place, wrong.part);
            self.add((message, fault.reader(reader, None).text(wrong.text)));
        }
    }
}

/// Who can mend a text: where a term would bring another sentence, who sets the terms.
fn text_reader(requirement: &Requirement, selection: &Selection) -> Reader {
    let is_unset = |term: &String| selection.data["terms"][term].is_null();
    if requirement.terms.iter().any(is_unset) { Reader::Agency } else { Reader::Lawyer }
}

struct Judge<'a> {
    corpus: &'a Corpus<'a>,
    /// Where a pattern is found in a text: the same in each contract that has the text.
    found: HashMap<(*const regex::Regex, usize), Option<Range<usize>>>,
}

impl Judge<'_> {
    fn judge(
        &mut self,
        selection: &Selection,
        (index, id, requirement): (usize, &String, &Requirement),
        rules: &Rules,
    ) -> Judged {
        let corpus = self.corpus;
        let claims = |(_, variant): &(usize, &Variant<'_>)| variant.clause.covers.contains(id);
        let claiming: Vec<(usize, &Variant<'_>)> = corpus.texts(selection).filter(claims).collect();
        let part = |(_, variant): &(usize, &Variant<'_>)| variant.part().to_owned();
        let clauses = claiming.iter().map(part).collect();
        let patterns = &rules.requirements[index];
        let mut judged = Judged { verdict: Verdict::NotAsked, clauses, faults: Vec::new() };
        judged.values(corpus, selection, (id, requirement), &patterns.values);
        if !is_asked(requirement, selection) {
            return judged;
        }
        judged.verdict = judged.verdict.max(Verdict::MetOnItsFace);
        let Some((_, first)) = claiming.first() else {
            judged.verdict = Verdict::Missing;
            let message = unclaimed(corpus, id);
            let source = &corpus.library.requirements.source;
            let at = place(source, requirement.place.clone());
            judged.add(fault(
                (id, requirement),
                Verdict::Missing,
                message,
                at,
                "requirements.toml",
            ));
            return judged;
        };
        let lawyer = lawyers::verdict(requirement, id, selection, &claiming, rules);
        if let Some(Lawyers { verdict, worst }) = &lawyer {
            // What a value weakens, no lawyer can have read.
            judged.verdict =
                if judged.faults.is_empty() { *verdict } else { judged.verdict.max(*verdict) };
            if let Some((message, at, part)) = worst.clone() {
                judged.add(fault((id, requirement), *verdict, message, at, &part));
            }
        }
        let lacking: Vec<usize> = (0..requirement.evidence.len())
            // What the text says was judged by the lawyer; what the client file fills in was not.
            .filter(|at| lawyer.is_none() || patterns.evidence[*at].iter().any(Look::is_field))
            .filter(|at| {
                !patterns.evidence[*at].iter().any(|look| self.holds(look, selection, &claiming))
            })
            .collect();
        let is_missing = lacking.iter().any(|at| !requirement.evidence[*at].is_weak);
        for index_of in lacking {
            let evidence = &requirement.evidence[index_of];
            // What a missing requirement lacks besides is no news.
            if is_missing && evidence.is_weak {
                continue;
            }
            let verdict = if evidence.is_weak { Verdict::Weak } else { Verdict::Missing };
            judged.verdict = judged.verdict.max(verdict);
            let at = fields::field_place(&patterns.evidence[index_of], selection, corpus)
                .unwrap_or_else(|| (first.claim(id), first.part().to_owned()));
            let message = Said::or_english(&evidence.otherwise, evidence.otherwise_nl.as_deref());
            let (reader, key) = fields::reader(&patterns.evidence[index_of])
                .unwrap_or_else(|| (text_reader(requirement, selection), None));
            let (message, fault) = fault((id, requirement), verdict, message, at.0, &at.1);
            judged.add((message, fault.reader(reader, key)));
        }
        if is_missing || lawyer.is_some() {
            return judged;
        }
        for (against, (find, unless)) in requirement.against.iter().zip(&patterns.against) {
            let is_harmless =
                unless.as_ref().is_some_and(|unless| self.find(unless, &claiming).is_some());
            if let Some((variant, range)) = self.find(find, &claiming).filter(|_| !is_harmless) {
                judged.verdict = judged.verdict.max(Verdict::Weak);
                let at = variant.place(&range);
                let message = Said::or_english(&against.why, against.why_nl.as_deref());
                let (message, fault) =
                    fault((id, requirement), Verdict::Weak, message, at, variant.part());
                let fault = fault.text(variant.sentence(&range));
                judged.add((message, fault.reader(text_reader(requirement, selection), None)));
            }
        }
        judged
    }

    fn holds(
        &mut self,
        look: &Look,
        selection: &Selection,
        claiming: &[(usize, &Variant<'_>)],
    ) -> bool {
        match look {
            Look::Text(pattern) => self.find(pattern, claiming).is_some(),
            Look::Field { paths, is_shown, like } => paths.iter().any(|path| {
                let is_good = |text: &str| {
                    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    // In an enumeration it begins with a small letter.
                    let forms = [&words, &first_lower(&words)];
                    let shows = |text: &str| forms.iter().any(|form| text.contains(form.as_str()));
                    !is_shown || claiming.iter().any(|(_, v)| shows(&v.text.text))
                };
                let is_like = like.as_ref().is_none_or(|like| {
                    !fields::is_filled(&selection.data, path, &|text| !like.is_match(text))
                });
                fields::is_filled(&selection.data, path, &is_good) && is_like
            }),
        }
    }

    /// The first place of a pattern in the texts of these clauses.
    fn find<'v>(
        &mut self,
        pattern: &regex::Regex,
        claiming: &[(usize, &'v Variant<'v>)],
    ) -> Option<(&'v Variant<'v>, Range<usize>)> {
        claiming.iter().find_map(|(index, variant)| {
            let key = (std::ptr::from_ref(pattern), *index);
            let search = || pattern.find(&variant.text.text).map(|found| found.range());
            let range = self.found.entry(key).or_insert_with(search).clone()?;
            Some((*variant, range))
        })
    }
}

fn fault(
    (id, requirement): (&str, &Requirement),
    verdict: Verdict,
    message: Said,
    at: Place,
    part: &str,
) -> (Said, Fault) {
    let level = match (requirement.level, verdict) {
        (Obligation::Required, Verdict::Missing) => Severity::Error,
        (Obligation::Required, _) => Severity::Warning,
        (Obligation::Advised, _) => Severity::Advice,
    };
    let why = Said {
        en: format!("{} ({})", requirement.en, requirement.source),
        nl: format!("{} ({})", requirement.nl, requirement.source),
    };
    let full = say("fault", &[]).with("verdict", &verdict.word()).with("fault", &message);
    let fault = Fault::requirement(id, level, full, why, at, part);
    let satisfied = Said::or_english(&requirement.satisfied, requirement.satisfied_nl.as_deref());
    (message, fault.hint(say("takes", &[]).with("what", &satisfied)))
}

fn unclaimed(corpus: &Corpus<'_>, id: &String) -> Said {
    let mut claiming = clauses(corpus.library).filter(|(clause, _)| clause.covers.contains(id));
    match claiming.next() {
        None => say("unclaimed", &[]),
        Some((clause, _)) => {
            let part = clause.path.trim_end_matches(".typ");
            say("unclaimed-here", &[("part", &part)])
        }
    }
}

/// Whether the contract is about it.
fn is_asked(requirement: &Requirement, selection: &Selection) -> bool {
    let contract = &selection.contract;
    let is_empty = |key: &str| selection.data[key].as_array().is_none_or(Vec::is_empty);
    match requirement.when {
        None => true,
        Some(When::SpecialData) => {
            contract.processing.special_data.as_ref().is_none_or(|d| !d.is_empty())
        }
        Some(When::Transfer) => {
            !is_empty("transfers") || selection.data["subprocessor-list"] == "open"
        }
        Some(When::ClientIsProcessor) => {
            contract.client.as_ref().is_some_and(|c| c.capacity == Capacity::Processor)
        }
    }
}
