//! Whether a contract has what the law asks of it: claim, evidence, and what speaks against it.

use std::collections::HashMap;
use std::fmt::Display;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::corpus::{Corpus, Selection, Variant, clauses};
use super::fault::{Fault, Faults, place};
use super::rules::{Look, Rules};
use super::say::{Lang, Said, say};
use crate::diagnostic::{Place, Severity};
use crate::input;
use crate::library::{LawyersVerdict, Obligation, Requirement, When};
use crate::party::Capacity;

/// How a contract meets a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The contract is not about it.
    NotAsked,
    /// A lawyer read the text that meets it, according to `approved.toml`.
    Approved,
    /// A clause claims it, and the patterns of the evidence are found; nobody read the text.
    MetOnItsFace,
    /// There is something against it.
    Weak,
    /// No clause claims it, or the evidence is not there.
    Missing,
}

impl Verdict {
    /// What it is called.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAsked => "n/a",
            Self::Approved => "approved",
            Self::MetOnItsFace => "met on its face",
            Self::Weak => "weak",
            Self::Missing => "missing",
        }
    }
}

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
        if !is_asked(requirement, selection) {
            return Judged { verdict: Verdict::NotAsked, clauses, faults: Vec::new() };
        }
        let patterns = &rules.requirements[index];
        let mut judged = Judged { verdict: Verdict::MetOnItsFace, clauses, faults: Vec::new() };
        let Some((_, first)) = claiming.first() else {
            judged.verdict = Verdict::Missing;
            let message = unclaimed(corpus, id);
            let source = &corpus.library.requirements.source;
            let at = place(source, requirement.place.clone());
            judged.faults.push(fault(
                requirement,
                id,
                Verdict::Missing,
                message,
                at,
                "requirements.toml",
            ));
            return judged;
        };
        let lawyer = lawyer(requirement, id, selection, &claiming, rules);
        if let Some(lawyer) = &lawyer {
            judged.verdict = lawyer.verdict;
            judged.faults.extend(lawyer.fault(requirement, id));
        }
        let lacking: Vec<usize> = (0..requirement.evidence.len())
            // What the text says was judged by the lawyer; what the client file fills in was not.
            .filter(|at| lawyer.is_none() || patterns.evidence[*at].iter().any(Look::is_field))
            .filter(|at| {
                !patterns.evidence[*at].iter().any(|look| self.holds(look, selection, &claiming))
            })
            .collect();
        let is_missing = lacking.iter().any(|at| !requirement.evidence[*at].is_weak);
        for at in lacking {
            let evidence = &requirement.evidence[at];
            // What a missing requirement lacks besides is no news.
            if is_missing && evidence.is_weak {
                continue;
            }
            let verdict = if evidence.is_weak { Verdict::Weak } else { Verdict::Missing };
            judged.verdict = judged.verdict.max(verdict);
            let at = field_place(&patterns.evidence[at], selection, corpus)
                .unwrap_or_else(|| (first.claim(id), first.part().to_owned()));
            let message = Said::from(evidence.otherwise.as_str());
            judged.faults.push(fault(requirement, id, verdict, message, at.0, &at.1));
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
                let message = Said::from(against.why.as_str());
                let fault = fault(requirement, id, Verdict::Weak, message, at, variant.part());
                judged.faults.push((fault.0, fault.1.text(variant.sentence(&range))));
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
            Look::Field { paths, is_shown } => paths.iter().any(|path| {
                let is_good = |text: &str| {
                    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    !is_shown || claiming.iter().any(|(_, v)| v.text.text.contains(&words))
                };
                is_filled(&selection.data, path, &is_good)
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

/// What lawyers said of the clauses that claim a requirement.
struct Lawyer {
    verdict: Verdict,
    /// The clause with the worst verdict, who read it and when.
    worst: Option<(Said, Place, String)>,
}

impl Lawyer {
    fn fault(&self, requirement: &Requirement, id: &str) -> Option<(Said, Fault)> {
        let (message, place, part) = self.worst.clone()?;
        Some(fault(requirement, id, self.verdict, message, place, &part))
    }
}

/// The lawyers' verdict on a requirement: if the text of each clause that claims it was read, and no term is
/// unset that would bring the sentence which meets it.
fn lawyer(
    requirement: &Requirement,
    id: &str,
    selection: &Selection,
    claiming: &[(usize, &Variant<'_>)],
    rules: &Rules,
) -> Option<Lawyer> {
    let is_unset = |term: &String| {
        let brings = format!("terms.{term}");
        selection.data["terms"][term].is_null()
            && claiming.iter().any(|(_, variant)| variant.clause.text.contains(&brings))
    };
    if requirement.terms.iter().any(is_unset) {
        return None;
    }
    let mut lawyer = Lawyer { verdict: Verdict::Approved, worst: None };
    for (_, variant) in claiming {
        let approval = rules.standings.approved(variant.part())?;
        let (verdict, key) = match approval.verdicts.get(id)? {
            LawyersVerdict::Met => (Verdict::Approved, ""),
            LawyersVerdict::Weak => (Verdict::Weak, "lawyers-weak"),
            LawyersVerdict::Missing => (Verdict::Missing, "lawyers-missing"),
        };
        if verdict > lawyer.verdict {
            let part = variant.part();
            let said =
                [("by", &approval.by as &dyn Display), ("part", &part), ("on", &approval.on)];
            lawyer.verdict = verdict;
            lawyer.worst = Some((say(key, &said), variant.claim(id), part.to_owned()));
        }
    }
    Some(lawyer)
}

fn fault(
    requirement: &Requirement,
    id: &str,
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
    let why = format!("{} ({})", requirement.en, requirement.source);
    let full = Said::from(format!("{}: {}", verdict.word(), message.en));
    let fault = Fault::requirement(id, level, full, why.into(), at, part);
    (message, fault.hint(format!("it takes {}", requirement.satisfied)))
}

fn unclaimed(corpus: &Corpus<'_>, id: &String) -> Said {
    let mut claiming = clauses(corpus.library).filter(|(clause, _)| clause.covers.contains(id));
    match claiming.next() {
        None => "no clause claims it".into(),
        Some((clause, _)) => {
            let part = clause.path.trim_end_matches(".typ");
            let left_out = "claims it, and this selection of services leaves that out";
            format!("`{part}` {left_out}").into()
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
        Some(When::Transfer) => is_empty("subprocessors") || !is_empty("transfers"),
        Some(When::ClientIsProcessor) => {
            contract.client.as_ref().is_some_and(|c| c.capacity == Capacity::Processor)
        }
    }
}

/// Whether there is a value at the path, and each text of it is good; `*` is each of a list.
fn is_filled(value: &Value, path: &[String], is_good: &dyn Fn(&str) -> bool) -> bool {
    match path.split_first() {
        None => match value {
            Value::Null => false,
            Value::String(text) => is_good(text),
            Value::Array(items) => {
                !items.is_empty() && items.iter().all(|item| is_filled(item, &[], is_good))
            }
            Value::Object(fields) => {
                let texts: Vec<&str> = fields.values().filter_map(Value::as_str).collect();
                !texts.is_empty() && texts.into_iter().all(is_good)
            }
            Value::Bool(_) | Value::Number(_) => true,
        },
        Some((key, rest)) if key == "*" => value.as_array().is_some_and(|items| {
            !items.is_empty() && items.iter().all(|item| is_filled(item, rest, is_good))
        }),
        Some((key, rest)) => value.get(key).is_some_and(|value| is_filled(value, rest, is_good)),
    }
}

/// Where a value that is not filled in would be typed, with its part of the library.
fn field_place(
    looks: &[Look],
    selection: &Selection,
    corpus: &Corpus<'_>,
) -> Option<(Place, String)> {
    let path = looks.iter().find_map(|look| match look {
        Look::Field { paths, .. } => paths.first(),
        Look::Text(_) => None,
    })?;
    let contents = &corpus.library.contents.source;
    let (source, table, part) = match path.first()?.as_str() {
        "processor" => (contents, "processor", "contract.toml"),
        key => {
            let table = match key {
                "client" | "agreement" | "processing" => key,
                "subprocessors" | "transfers" => "subprocessor",
                "measures" => "security",
                _ => return None,
            };
            let file = selection.contract.client_file.as_ref()?;
            // A file that nobody wrote is no place.
            (Some(file).filter(|file| file.name != super::subjects::SAMPLE_NAME)?, table, "client")
        }
    };
    let range = input::locate(source, &[table]).unwrap_or(0..0);
    Some((Place { source: Arc::clone(source), range }, part.to_owned()))
}
