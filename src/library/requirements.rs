//! The requirements, `requirements.toml`: what the law asks of the contract, and by what it is judged
//! whether a contract meets it.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::guard::{GuardWords, RawGuard};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Checker, Text};
use crate::terms::{self, RawTimeLimits, TimeLimits};

/// All requirements, in the file's order.
#[derive(Debug)]
pub struct Requirements {
    /// The file that they were read from.
    pub source: Arc<Source>,
    /// The requirements, by id.
    pub all: IndexMap<String, Requirement>,
    /// The words of the guard.
    pub guard: GuardWords,
    /// The times with which a memo shows the sentence of a term that is not set.
    pub example_terms: TimeLimits,
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
    /// What it is called in a few words, in Dutch; its source if the file has none.
    pub name_nl: String,
    /// The same in English.
    pub name_en: String,
    /// Where it is asked, as a lawyer cites it.
    pub source: String,
    /// What is asked, in Dutch.
    pub nl: String,
    /// What is asked, in English.
    pub en: String,
    /// What would satisfy it, in English.
    pub satisfied: String,
    /// The same in Dutch, if the file has it.
    pub satisfied_nl: Option<String>,
    /// The terms that bring the sentences which meet it: `breach-hours`.
    pub terms: Vec<String>,
    /// What must be there.
    pub evidence: Vec<Evidence>,
    /// What weakens it.
    pub against: Vec<Against>,
    /// What the values of client file and library must be.
    pub values: Vec<ValueRule>,
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
    /// The same in Dutch, if the file has it.
    pub otherwise_nl: Option<String>,
    /// The pattern that one of the texts of the value must have.
    pub like: Option<Text>,
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
    /// The same in Dutch, if the file has it.
    pub why_nl: Option<String>,
}

/// What a value must be; one that is not weakens the requirement.
#[derive(Debug)]
pub struct ValueRule {
    /// The paths of the values in `contract.json`: `terms.breach-hours`.
    pub fields: Vec<String>,
    /// The pattern that is not to be in it.
    pub not: Option<Text>,
    /// What it is held against.
    pub bound: Bound,
    /// What is added to a bound.
    pub more: u64,
    /// The rule counts only if this field is empty.
    pub if_empty: Option<String>,
    /// What is wrong with another value, in English.
    pub why: String,
    /// The same in Dutch, if the file has it.
    pub why_nl: Option<String>,
}

/// What a value is held against: a number, or another field.
#[derive(Debug)]
pub enum Bound {
    /// Nothing.
    None,
    /// It is at most this.
    Most(String),
    /// It is at least this.
    Least(String),
    /// It is another value than this field's.
    Differs(String),
}

/// Something that clauses must say alike.
#[derive(Debug)]
pub struct Agree {
    /// The pattern whose group is compared; none if the items of lists are.
    pub find: Option<Text>,
    /// The pattern of a sentence that settles which of them holds.
    pub unless: Option<Text>,
    /// What is wrong if they differ, in English.
    pub why: String,
    /// The same in Dutch, if the file has it.
    pub why_nl: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRequirements {
    eea: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    guard: RawGuard,
    #[serde(default)]
    example_terms: RawTimeLimits,
    #[serde(default)]
    requirement: IndexMap<Text, RawRequirement>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRequirement {
    level: Option<Obligation>,
    when: Option<When>,
    name_nl: Option<Text>,
    name_en: Option<Text>,
    source: Option<Text>,
    nl: Option<Text>,
    en: Option<Text>,
    satisfied: Option<Text>,
    satisfied_nl: Option<Text>,
    #[serde(default)]
    terms: Vec<Text>,
    #[serde(default)]
    evidence: Vec<Spanned<RawEvidence>>,
    #[serde(default)]
    against: Vec<Spanned<RawAgainst>>,
    #[serde(default)]
    values: Vec<Spanned<RawValueRule>>,
    #[serde(default)]
    agree: Vec<Spanned<RawAgree>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawEvidence {
    find: Option<Text>,
    field: Option<Text>,
    shown: Option<Text>,
    like: Option<Text>,
    r#else: Option<Text>,
    else_nl: Option<Text>,
    #[serde(default)]
    weak: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawAgainst {
    find: Option<Text>,
    unless: Option<Text>,
    why: Option<Text>,
    why_nl: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawValueRule {
    field: Option<Text>,
    not: Option<Text>,
    most: Option<Text>,
    least: Option<Text>,
    differs: Option<Text>,
    #[serde(default)]
    more: u64,
    if_empty: Option<Text>,
    why: Option<Text>,
    why_nl: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawAgree {
    find: Option<Text>,
    unless: Option<Text>,
    #[serde(default)]
    items: bool,
    why: Option<Text>,
    why_nl: Option<Text>,
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
            let guard = raw.guard.words();
            let example_terms = raw.example_terms.check(check, TimeLimits::default());
            Some(Self { source: Arc::clone(source), all, guard, example_terms })
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

        let mut name = |key: &str, name: Option<Text>| {
            check.optional(key, name).unwrap_or_else(|| source.clone())
        };
        let (name_nl, name_en) = (name("name-nl", self.name_nl), name("name-en", self.name_en));
        let satisfied_nl = check.optional("satisfied-nl", self.satisfied_nl);
        let terms = check.ids("term", &self.terms, &terms::NAMES);
        Requirement {
            place: table,
            level: self.level.unwrap_or(Obligation::Required),
            when: self.when,
            name_nl,
            name_en,
            source,
            nl,
            en,
            satisfied,
            satisfied_nl,
            terms,
            evidence: self.evidence.into_iter().map(|raw| evidence(check, raw)).collect(),
            against: self.against.into_iter().filter_map(|raw| against(check, raw)).collect(),
            values: self.values.into_iter().map(|raw| value_rule(check, raw)).collect(),
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
    let otherwise_nl = check.optional("else-nl", raw.else_nl);
    Evidence { tests, otherwise, otherwise_nl, like: raw.like, is_weak: raw.weak }
}

fn against(check: &mut Checker<'_>, raw: Spanned<RawAgainst>) -> Option<Against> {
    let table = raw.span();
    let raw = raw.into_inner();
    if raw.find.is_none() {
        check.missing("find", table.clone(), "add `find = '…'`");
    }
    let why = check.required("why", raw.why, table).unwrap_or_default();
    let why_nl = check.optional("why-nl", raw.why_nl);
    Some(Against { find: raw.find?, unless: raw.unless, why, why_nl })
}

fn value_rule(check: &mut Checker<'_>, raw: Spanned<RawValueRule>) -> ValueRule {
    let table = raw.span();
    let raw = raw.into_inner();
    let field = check.required("field", raw.field, table.clone()).unwrap_or_default();
    let bounds = [
        raw.most.map(|most| Bound::Most(most.into_inner())),
        raw.least.map(|least| Bound::Least(least.into_inner())),
        raw.differs.map(|differs| Bound::Differs(differs.into_inner())),
    ];
    let mut bounds: Vec<Bound> = bounds.into_iter().flatten().collect();
    if bounds.len() + usize::from(raw.not.is_some()) != 1 {
        let hint = "add one of `not`, `most`, `least` and `differs`";
        check.missing("not", table.clone(), hint);
    }
    ValueRule {
        fields: field.split('|').map(str::to_owned).collect(),
        not: raw.not,
        bound: bounds.pop().unwrap_or(Bound::None),
        more: raw.more,
        if_empty: raw.if_empty.map(Text::into_inner),
        why: check.required("why", raw.why, table).unwrap_or_default(),
        why_nl: check.optional("why-nl", raw.why_nl),
    }
}

fn agree(check: &mut Checker<'_>, raw: Spanned<RawAgree>) -> Agree {
    let table = raw.span();
    let raw = raw.into_inner();
    if raw.find.is_none() != raw.items {
        check.missing("find", table.clone(), "add either `find = '…'` or `items = true`");
    }
    let why = check.required("why", raw.why, table).unwrap_or_default();
    let why_nl = check.optional("why-nl", raw.why_nl);
    Agree { find: raw.find, unless: raw.unless, why, why_nl }
}
