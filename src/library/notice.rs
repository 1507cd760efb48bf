//! `notice.toml`: which change of a contract needs what before it holds for a client, and how the e-mail says it. It
//! is no part of the contract, so neither its digest nor its version depend on it.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::compare::{ChangeKind, Needs};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Checker, Spanned, Text};

/// The file's name in the clause library.
pub(super) const NOTICE: &str = "notice.toml";

/// What `notice.toml` says.
#[derive(Debug)]
pub struct NoticeRules {
    changes: IndexMap<ChangeKind, (Needs, String)>,
    /// What the e-mail says of a sub-processor, by its key in `contract.json`.
    pub details: IndexMap<&'static str, String>,
    bases: IndexMap<&'static str, String>,
    answers: IndexMap<&'static str, String>,
    /// The beginning of the name of the PDF with the changes.
    pub redline_name: String,
    /// The line above the list of what is attached.
    pub attachments: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    #[serde(default)]
    change: IndexMap<Text, Spanned<RawChange>>,
    #[serde(default)]
    details: IndexMap<Text, Text>,
    #[serde(default)]
    bases: IndexMap<Text, Text>,
    #[serde(default)]
    answer: IndexMap<Text, Text>,
    #[serde(default)]
    names: IndexMap<Text, Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChange {
    needs: Option<Needs>,
    line: Option<Text>,
}

/// The keys of the tables, each with the places that its text can have.
type Places = (&'static str, &'static [&'static str]);
const DETAILS: [Places; 7] = [
    ("address", &["value"]),
    ("country", &["value"]),
    ("contact", &["value"]),
    ("categories", &["value"]),
    ("processing", &["value"]),
    ("since", &["value"]),
    ("basis", &["value"]),
];
const BASES: [Places; 6] = [
    ("none", &[]),
    ("adequacy", &[]),
    ("dpf", &[]),
    ("scc", &["module"]),
    ("bcr", &[]),
    ("derogation", &[]),
];
const ANSWERS: [Places; 5] = [
    ("notice", &["until", "from"]),
    ("objection", &["until", "from"]),
    ("consent", &[]),
    ("both", &["until", "from"]),
    ("withdrawn", &[]),
];
const NAMES: [Places; 2] = [("redline", &[]), ("attachments", &[])];

impl NoticeRules {
    /// Reads `notice.toml`.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawRules, check| {
            let mut changes = IndexMap::new();
            let known = ChangeKind::ALL.map(ChangeKind::word);
            for (word, raw) in raw.change {
                let Some(word) = check.id("change", &word, &known) else { continue };
                let place = raw.span();
                let RawChange { needs, line } = raw.into_inner();
                if needs.is_none() {
                    let hint = "add `needs = \"consent\"`, \"notice\" or \"nothing\"";
                    check.missing("needs", place.clone(), hint);
                }
                if line.is_none() {
                    check.missing("line", place.clone(), "add `line = \"…\"`");
                }
                let kind = ChangeKind::ALL.into_iter().find(|kind| kind.word() == word);
                if let (Some(kind), Some(needs), Some(line)) = (kind, needs, line) {
                    let line = template(check, line, places(kind));
                    changes.insert(kind, (needs, line.unwrap_or_default()));
                }
            }
            for kind in ChangeKind::ALL.into_iter().filter(|kind| !changes.contains_key(kind)) {
                let hint = "say what it needs: `needs = \"consent\"`, \"notice\" or \"nothing\"";
                check.missing(&format!("change.{}", kind.word()), 0..0, hint);
            }
            let details = table(check, "details", raw.details, &DETAILS);
            let bases = table(check, "bases", raw.bases, &BASES);
            let answers = table(check, "answer", raw.answer, &ANSWERS);
            let mut names = table(check, "names", raw.names, &NAMES);
            let redline_name = names.swap_remove("redline").unwrap_or_default();
            let attachments = names.swap_remove("attachments").unwrap_or_default();
            Some(Self { changes, details, bases, answers, redline_name, attachments })
        })
    }

    /// What a change needs.
    #[must_use]
    pub fn needs(&self, kind: ChangeKind) -> Needs {
        self.changes.get(&kind).map_or(Needs::Consent, |(needs, _)| *needs)
    }

    /// What the e-mail says of a change.
    #[must_use]
    pub fn line(&self, kind: ChangeKind, values: &[(&str, &str)]) -> String {
        let line = self.changes.get(&kind).map(|(_, line)| line.as_str());
        fill(line.unwrap_or_default(), values)
    }

    /// What the e-mail says of the ground of a transfer; `none` is that of no transfer.
    #[must_use]
    pub fn basis(&self, basis: &str, module: &str) -> String {
        let text = self.bases.get(basis).map_or(basis, String::as_str);
        fill(text, &[("module", module)])
    }

    /// What the e-mail says that the client can do: `notice`, `objection`, `consent`, `both`, `withdrawn`.
    #[must_use]
    pub fn answer(&self, name: &str, values: &[(&str, &str)]) -> String {
        fill(self.answers.get(name).map_or("", String::as_str), values)
    }

    /// What the e-mail says of a sub-processor under this key.
    #[must_use]
    pub fn detail(&self, key: &str, value: &str) -> String {
        fill(self.details.get(key).map_or("", String::as_str), &[("value", value)])
    }
}

/// The places that the line of a change can have.
fn places(kind: ChangeKind) -> &'static [&'static str] {
    match kind {
        ChangeKind::SubprocessorAdded => &["new"],
        ChangeKind::SubprocessorReplaced => &["old", "new"],
        ChangeKind::SubprocessorRemoved | ChangeKind::Withdrawn => &["old"],
        ChangeKind::SubprocessorCountry | ChangeKind::SubprocessorBasis => &["what", "old", "new"],
        ChangeKind::SubprocessorDetails
        | ChangeKind::SubprocessorCategories
        | ChangeKind::Services
        | ChangeKind::Purposes
        | ChangeKind::Text => &["what"],
        _ => &[],
    }
}

/// A table of texts, each of whose keys must be there.
fn table(
    check: &mut Checker<'_>,
    name: &str,
    raw: IndexMap<Text, Text>,
    known: &[Places],
) -> IndexMap<&'static str, String> {
    let keys: Vec<&str> = known.iter().map(|(key, _)| *key).collect();
    let mut texts = IndexMap::new();
    for (key, text) in raw {
        let Some(key) = check.id("key", &key, &keys) else { continue };
        if let Some((key, places)) = known.iter().find(|(known, _)| *known == key) {
            texts.insert(*key, template(check, text, places).unwrap_or_default());
        }
    }
    for key in keys.into_iter().filter(|key| !texts.contains_key(key)) {
        check.missing(&format!("{name}.{key}"), 0..0, "add it: `dpa-gen init` writes one with all");
    }
    // In the order that is known, whatever that of the file.
    known.iter().filter_map(|(key, _)| Some((*key, texts.swap_remove(key)?))).collect()
}

/// A text whose places are known.
fn template(check: &mut Checker<'_>, text: Text, places: &[&str]) -> Option<String> {
    let at = text.span();
    let text = check.text("text", text)?;
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        if !places.contains(&place) {
            let unknown = format!("unknown place `{{{}}}`", place.escape_debug());
            let problem = Diagnostic::error(unknown).at(check.source, at.clone());
            let hint = match places {
                [] => "this text has no places".to_owned(),
                places => format!("it has `{{{}}}`", places.join("}`, `{")),
            };
            check.problem(problem.hint(hint));
        }
        rest = after;
    }
    Some(text)
}

/// Fills in the places of a text that was checked; what a value holds is not looked at again.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        filled += before;
        let value = values.iter().find(|(name, _)| *name == place).map_or("", |(_, value)| value);
        filled += value;
        // A name that ends in a full stop ends the sentence too.
        rest = if value.ends_with('.') { after.strip_prefix('.').unwrap_or(after) } else { after };
    }
    filled + rest
}
