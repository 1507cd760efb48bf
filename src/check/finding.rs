//! What rules find, and how findings of many contracts become one.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use super::codes::{Reader, code, codes};
use super::corpus::{Corpus, Variant};
use super::say::{Lang, Said, say};
use super::subjects::Scope;
use crate::diagnostic::{Details, Diagnostic, Place, Rule, Severity, Source};
use crate::library::Library;

/// Something that is wrong with contracts, or could be better.
#[derive(Debug)]
pub struct Finding {
    /// The code of its rule, or the id of its requirement.
    pub code: String,
    /// What is wrong, where, why it matters, and what would satisfy it.
    pub diagnostic: Diagnostic,
    /// The part of the library at fault: `articles/security`.
    pub part: String,
    /// The sentence at fault, if one is.
    pub text: Option<String>,
    /// For which contracts it holds; none if for all.
    pub holds_in: Option<String>,
    /// Who can mend it.
    pub reader: Reader,
    /// The key of the client file that would, if one would: `client.kvk`.
    pub key: Option<String>,
    /// How many of the contracts with a client it holds for.
    pub reach: Reach,
    /// The requirements that it bears on.
    pub requirements: Vec<String>,
    /// Why the owner accepts it, if so.
    pub accepted: Option<String>,
}

/// How many of the contracts with a client something holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// None: it is of the general edition alone.
    General,
    /// Some of them.
    Some,
    /// All of them.
    All,
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub fn level(&self) -> Severity {
        self.diagnostic.severity
    }

    /// Why it matters, and for which contracts it holds.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        self.diagnostic.rule.as_ref().map_or(&[], |rule| &rule.notes)
    }

    /// The order of findings: the worst first, then by place.
    pub(super) fn order(&self) -> (std::cmp::Reverse<Severity>, String, usize, String) {
        let place = self.diagnostic.place.as_ref();
        let file = place.map(|place| place.source.name.clone()).unwrap_or_default();
        let start = place.map_or(0, |place| place.range.start);
        (std::cmp::Reverse(self.level()), file, start, self.code.clone())
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        struct Shown<'a> {
            code: &'a str,
            level: &'static str,
            #[serde(flatten)]
            details: Details<'a>,
            place: &'a str,
            text: Option<&'a str>,
            holds_in: Option<&'a str>,
            r#for: Reader,
            key: Option<&'a str>,
            accepted: Option<&'a str>,
        }
        let shown = Shown {
            code: &self.code,
            level: self.level().word(),
            details: Details::from(&self.diagnostic),
            place: &self.part,
            text: self.text.as_deref(),
            holds_in: self.holds_in.as_deref(),
            r#for: self.reader,
            key: self.key.as_deref(),
            accepted: self.accepted.as_deref(),
        };
        shown.serialize(serializer)
    }
}

/// Something that a rule found in one or more contracts.
#[derive(Debug)]
pub struct Fault {
    code: String,
    level: Severity,
    message: Said,
    place: Place,
    related: Vec<(Place, Said)>,
    part: String,
    text: Option<String>,
    why: Said,
    notes: Vec<Said>,
    hint: Option<Said>,
    reader: Reader,
    key: Option<String>,
    /// Whether a requirement is not met.
    is_requirement: bool,
    requirements: Vec<String>,
}

impl Fault {
    /// A finding of a rule.
    pub fn new(id: &str, message: impl Into<Said>, place: Place, part: &str) -> Self {
        let rule = code(id);
        Self {
            code: id.to_owned(),
            level: rule.level,
            message: message.into(),
            place,
            related: Vec::new(),
            part: part.to_owned(),
            text: None,
            why: rule.said_why(),
            notes: Vec::new(),
            hint: None,
            reader: match part {
                "client" => Reader::Sales,
                file if is_toml(file) && !id.starts_with("approval") => Reader::Agency,
                _ => rule.reader,
            },
            key: None,
            is_requirement: false,
            requirements: Vec::new(),
        }
    }

    /// A finding at a part of a clause's text.
    pub fn at(
        id: &str,
        message: impl Into<Said>,
        variant: &Variant<'_>,
        part: &Range<usize>,
    ) -> Self {
        Self {
            text: Some(variant.sentence(part)),
            ..Self::new(id, message, variant.place(part), variant.part())
        }
    }

    /// A requirement that is not met.
    pub fn requirement(
        id: &str,
        level: Severity,
        message: impl Into<Said>,
        why: Said,
        place: Place,
        part: &str,
    ) -> Self {
        Self {
            code: id.to_owned(),
            level,
            message: message.into(),
            place,
            related: Vec::new(),
            part: part.to_owned(),
            text: None,
            why,
            notes: Vec::new(),
            hint: None,
            reader: Reader::Lawyer,
            key: None,
            is_requirement: true,
            requirements: vec![id.to_owned()],
        }
    }

    pub fn text(mut self, text: String) -> Self {
        self.text = Some(text);
        self
    }

    pub fn hint(mut self, hint: impl Into<Said>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Who can mend it, and with which key of the client file.
    pub fn reader(mut self, reader: Reader, key: Option<String>) -> Self {
        self.reader = reader;
        self.key = key;
        self
    }

    /// The requirements that the sentence serves.
    pub fn serving(mut self, requirements: Vec<String>) -> Self {
        self.requirements = requirements;
        self
    }

    pub fn notes(mut self, notes: Vec<Said>) -> Self {
        self.notes = notes;
        self
    }

    pub fn related(mut self, place: Place, note: impl Into<Said>) -> Self {
        self.related.push((place, note.into()));
        self
    }

    /// The finding that it is, in one language.
    pub fn finding(self, holds_in: Option<&Said>, reach: Reach, lang: Lang) -> Finding {
        let text = |said: &Said| said.in_lang(lang).to_owned();
        let mut diagnostic = Diagnostic::error(text(&self.message));
        diagnostic.severity = self.level;
        diagnostic.place = Some(self.place);
        let related = self.related.into_iter();
        diagnostic.related = related.map(|(place, note)| (place, text(&note))).collect();
        let mut notes: Vec<String> = self.notes.iter().map(text).collect();
        notes.push(text(&say("why", &[]).with("why", &self.why)));
        notes.extend(holds_in.map(|which| text(&say("in", &[]).with("contracts", which))));
        diagnostic.rule = Some(Box::new(Rule { code: self.code.clone(), notes }));
        diagnostic.hints.extend(self.hint.as_ref().map(text));
        Finding {
            code: self.code,
            diagnostic,
            part: self.part,
            text: self.text,
            holds_in: holds_in.map(text),
            reader: self.reader,
            key: self.key,
            reach,
            requirements: self.requirements,
            accepted: None,
        }
    }
}

/// What two faults share that are one finding: code, file, place and message.
type Same = (String, String, usize, String);

/// What was found so far: each fault with the contracts that have it.
pub struct Faults<'a> {
    corpus: &'a Corpus<'a>,
    scope: Scope,
    found: IndexMap<Same, (Fault, BTreeSet<usize>)>,
    others: Vec<(&'static str, Diagnostic)>,
}

impl<'a> Faults<'a> {
    pub fn new(corpus: &'a Corpus<'a>, scope: Scope) -> Self {
        Self { corpus, scope, found: IndexMap::new(), others: Vec::new() }
    }

    /// Notes a fault of these contracts.
    pub fn add(&mut self, fault: Fault, selections: impl IntoIterator<Item = usize>) {
        let Fault { code, place, message, .. } = &fault;
        let key = (code.clone(), place.source.name.clone(), place.range.start, message.en.clone());
        self.found.entry(key).or_insert_with(|| (fault, BTreeSet::new())).1.extend(selections);
    }

    /// Notes a fault of the library as a whole.
    pub fn everywhere(&mut self, fault: Fault) {
        let all = self.corpus.everywhere();
        self.add(fault, all);
    }

    /// Notes a fault that was found outside.
    pub fn other(&mut self, code: &'static str, diagnostic: Diagnostic) {
        self.others.push((code, diagnostic));
    }

    /// One finding for each fault.
    pub fn findings(self, library: &Library, lang: Lang) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (fault, selections) in self.found.into_values() {
            // What only a client file can bring is not held against the edition without a client.
            let is_of_client = fault.is_requirement && self.scope == Scope::Library;
            let reach = reach(self.corpus, &selections);
            if is_of_client && reach == Reach::General {
                continue;
            }
            let holds_in = holds_in(self.corpus, self.scope, &selections);
            findings.push(fault.finding(holds_in.as_ref(), reach, lang));
        }
        for (id, diagnostic) in self.others {
            let place = Place { source: Arc::clone(&library.contents.source), range: 0..0 };
            let mut fault = Fault::new(id, diagnostic.message.as_str(), place, "contract.toml");
            if let Some(version) = library.contents.source.text.find("\nversion") {
                fault.place.range = version + 1..version + 8;
            }
            fault.hint = diagnostic.hints.first().map(|hint| hint.as_str().into());
            findings.push(fault.finding(None, Reach::All, lang));
        }
        findings
    }
}

/// Whether a part of the library is a TOML file, and no clause.
fn is_toml(part: &str) -> bool {
    Path::new(part).extension().is_some_and(|extension| extension == "toml")
}

fn reach(corpus: &Corpus<'_>, which: &BTreeSet<usize>) -> Reach {
    let is_client = |number: &usize| !corpus.selections[*number].is_general();
    let all = (0..corpus.selections.len()).filter(is_client).count();
    match which.iter().filter(|number| is_client(number)).count() {
        0 => Reach::General,
        some if some < all => Reach::Some,
        _ => Reach::All,
    }
}

/// How many clients are named beside a finding.
const SHOWN: usize = 6;

/// Says which contracts these are, if not all.
fn holds_in(corpus: &Corpus<'_>, scope: Scope, which: &BTreeSet<usize>) -> Option<Said> {
    let all = &corpus.selections;
    if which.len() == all.len() {
        return None;
    }
    let name = |number: &usize| all[*number].name.as_str();
    if scope == Scope::Clients {
        let names: Vec<&str> = which.iter().map(name).take(SHOWN).collect();
        let names = names.join(", ");
        return Some(match which.len().saturating_sub(SHOWN) {
            0 => names.into(),
            more => {
                say("names-and-more", &[("names", &names), ("more", &more), ("all", &all.len())])
            }
        });
    }
    let (general, clients): (Vec<usize>, Vec<usize>) =
        which.iter().copied().partition(|number| all[*number].is_general());
    let count = all.iter().filter(|selection| !selection.is_general()).count();
    let some = if clients.is_empty() {
        return Some(say("general-edition", &[]));
    } else if clients.len() == count {
        return Some(say("every-client-edition", &[]));
    } else if let Some(condition) = condition(corpus, &clients) {
        condition
    } else {
        let values: [(&str, &dyn Display); 3] =
            [("count", &clients.len()), ("all", &count), ("example", &name(&clients[0]))];
        say("some-client-editions", &values)
    };
    Some(if general.is_empty() { some } else { say("general-and", &[]).with("clients", &some) })
}

/// The one service that these contracts, and no others, take or leave out.
fn condition(corpus: &Corpus<'_>, clients: &[usize]) -> Option<Said> {
    let takes = |number: usize, id: &str| {
        corpus.selections[number].contract.services.iter().any(|service| service.id == id)
    };
    let numbers: Vec<usize> =
        (0..corpus.selections.len()).filter(|n| !corpus.selections[*n].is_general()).collect();
    let mut services = corpus.library.catalogue.services.keys();
    services.find_map(|id| {
        let (with, without): (Vec<usize>, Vec<usize>) =
            numbers.iter().copied().partition(|number| takes(*number, id));
        if with == clients {
            Some(say("client-editions-with", &[("service", id)]))
        } else if without == clients {
            Some(say("client-editions-without", &[("service", id)]))
        } else {
            None
        }
    })
}

/// A place in a file of the library that is not a clause.
pub fn place(source: &Arc<Source>, range: Range<usize>) -> Place {
    Place { source: Arc::clone(source), range }
}

/// Whether a rule of ours has this code.
pub fn is_code(id: &str) -> bool {
    codes().contains_key(id)
}
