//! The requirements, `requirements.toml`: what the law asks of the contract, and by what it is judged
//! whether a contract meets it.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Checker, Text};
use crate::terms;

/// All requirements, in the file's order.
#[derive(Debug)]
pub struct Requirements {
    /// The file that they were read from.
    pub source: Arc<Source>,
    /// The requirements, by id.
    pub all: IndexMap<String, Requirement>,
}

/// One thing that the law asks of the contract.
#[derive(Debug)]
pub struct Requirement {
    /// Where its id stands in the file.
    pub place: Range<usize>,
    /// Who asks it.
    pub level: Obligation,
    /// When it counts; always if there is none.
    pub when: Option<When>,
    /// Where it is asked, as a lawyer cites it.
    pub source: String,
    /// What is asked, in Dutch.
    pub nl: String,
    /// What is asked, in English.
    pub en: String,
    /// What would satisfy it, in English.
    pub satisfied: String,
    /// The terms that bring the sentences which meet it: `breach-hours`.
    pub terms: Vec<String>,
    /// What must be there.
    pub evidence: Vec<Evidence>,
    /// What weakens it.
    pub against: Vec<Against>,
    /// What the clauses that claim it must all say alike.
    pub agree: Vec<Agree>,
}

/// Who asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obligation {
    /// The regulation.
    Required,
    /// The EDPB, or the Commission's standard clauses.
    Advised,
}

/// When a requirement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Unless the contract says that there are no special or criminal data.
    SpecialData,
    /// Unless all sub-processors are known and none is outside the EEA.
    Transfer,
    /// If the client is itself a processor.
    ClientIsProcessor,
}

/// Something that must be there; any of its tests will do.
#[derive(Debug)]
pub struct Evidence {
    /// How it is looked for.
    pub tests: Vec<Test>,
    /// What is wrong if it is not there, in English.
    pub otherwise: String,
    /// Whether without it the requirement is weak, and not missing.
    pub is_weak: bool,
}

/// A way to look for evidence.
#[derive(Debug)]
pub enum Test {
    /// A pattern in the text of the clauses that claim the requirement.
    Find(Text),
    /// A value in `contract.json` that is filled in.
    Field(Text),
    /// The same, and the text of the claiming clauses shows it.
    Shown(Text),
}

/// Something that weakens a requirement.
#[derive(Debug)]
pub struct Against {
    /// The pattern of it.
    pub find: Text,
    /// The pattern of what makes it harmless.
    pub unless: Option<Text>,
    /// Why it weakens, in English.
    pub why: String,
}

/// Something that clauses must say alike.
#[derive(Debug)]
pub struct Agree {
    /// The pattern whose group is compared; none if the items of lists are.
    pub find: Option<Text>,
    /// What is wrong if they differ, in English.
    pub why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequirements {
    eea: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    requirement: IndexMap<Text, RawRequirement>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequirement {
    level: Option<Obligation>,
    when: Option<When>,
    source: Option<Text>,
    nl: Option<Text>,
    en: Option<Text>,
    satisfied: Option<Text>,
    #[serde(default)]
    terms: Vec<Text>,
    #[serde(default)]
    evidence: Vec<Spanned<RawEvidence>>,
    #[serde(default)]
    against: Vec<Spanned<RawAgainst>>,
    #[serde(default)]
    agree: Vec<Spanned<RawAgree>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEvidence {
    find: Option<Text>,
    field: Option<Text>,
    shown: Option<Text>,
    r#else: Option<Text>,
    #[serde(default)]
    weak: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAgainst {
    find: Option<Text>,
    unless: Option<Text>,
    why: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAgree {
    find: Option<Text>,
    #[serde(default)]
    items: bool,
    why: Option<Text>,
}

impl Requirements {
    /// Reads `requirements.toml`.
    ///
    /// # Errors
    ///
    /// All problems of the file. Patterns are not among them: they cost time, so [`crate::check`] reads them.
    pub fn read(source: &Arc<Source>) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawRequirements, check| {
            if let Some(eea) = raw.eea {
                let moved = Diagnostic::error("`eea` is now in countries.toml, with all countries");
                check.problem(moved.at(check.source, eea.span()).hint("take it away here"));
            }
            let all = raw.requirement.into_iter().map(|(id, raw)| {
                let requirement = raw.check(check, &id);
                (id.into_inner(), requirement)
            });
            let all = all.collect();
            Some(Self { source: Arc::clone(source), all })
        })
    }
}

impl RawRequirement {
    fn check(self, check: &mut Checker<'_>, id: &Text) -> Requirement {
        let table = id.span();
        if self.level.is_none() {
            check.missing("level", table.clone(), "add `level = \"required\"` or \"advised\"");
        }
        if self.evidence.is_empty() {
            // A clause's claim alone would meet it.
            let hint = "add `evidence = [{ find = '…', else = \"…\" }]`";
            check.missing("evidence", table.clone(), hint);
        }
        let mut text = |key: &str, text: Option<Text>| {
            check.required(key, text, table.clone()).unwrap_or_default()
        };
        let source = text("source", self.source);
        let (nl, en) = (text("nl", self.nl), text("en", self.en));
        let satisfied = text("satisfied", self.satisfied);

        let terms = check.ids("term", &self.terms, &terms::NAMES);
        Requirement {
            place: table,
            level: self.level.unwrap_or(Obligation::Required),
            when: self.when,
            source,
            nl,
            en,
            satisfied,
            terms,
            evidence: self.evidence.into_iter().map(|raw| evidence(check, raw)).collect(),
            against: self.against.into_iter().filter_map(|raw| against(check, raw)).collect(),
            agree: self.agree.into_iter().map(|raw| agree(check, raw)).collect(),
        }
    }
}

fn evidence(check: &mut Checker<'_>, raw: Spanned<RawEvidence>) -> Evidence {
    let table = raw.span();
    let raw = raw.into_inner();
    let tests = [raw.find.map(Test::Find), raw.field.map(Test::Field), raw.shown.map(Test::Shown)];
    let tests: Vec<Test> = tests.into_iter().flatten().collect();
    if tests.is_empty() {
        check.missing("find", table.clone(), "add `find`, `field` or `shown`");
    }
    let otherwise = check.required("else", raw.r#else, table).unwrap_or_default();
    Evidence { tests, otherwise, is_weak: raw.weak }
}

fn against(check: &mut Checker<'_>, raw: Spanned<RawAgainst>) -> Option<Against> {
    let table = raw.span();
    let raw = raw.into_inner();
    if raw.find.is_none() {
        check.missing("find", table.clone(), "add `find = '…'`");
    }
    let why = check.required("why", raw.why, table).unwrap_or_default();
    Some(Against { find: raw.find?, unless: raw.unless, why })
}

fn agree(check: &mut Checker<'_>, raw: Spanned<RawAgree>) -> Agree {
    let table = raw.span();
    let raw = raw.into_inner();
    if raw.find.is_none() != raw.items {
        check.missing("find", table.clone(), "add either `find = '…'` or `items = true`");
    }
    let why = check.required("why", raw.why, table).unwrap_or_default();
    Agree { find: raw.find, why }
}
