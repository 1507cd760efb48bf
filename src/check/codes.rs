//! The codes of the rules, and what `explain` prints of each.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};

use super::say::Said;
use crate::diagnostic::Severity;

/// What `explain` prints of a rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Code {
    /// How bad its findings are.
    #[serde(deserialize_with = "level")]
    pub level: Severity,
    /// What it finds, in a few words.
    pub title: String,
    /// The same in Dutch.
    pub dutch: String,
    /// Who can mend what it finds.
    #[serde(rename = "for")]
    pub reader: Reader,
    /// Why it matters, in one line.
    pub why: String,
    /// The same in Dutch.
    pub why_nl: String,
    /// The long story, with what satisfies it.
    pub explain: String,
    /// The same in Dutch.
    pub explain_nl: String,
}

impl Code {
    /// Why it matters, in one line.
    #[must_use]
    pub fn said_why(&self) -> Said {
        Said { en: self.why.clone(), nl: self.why_nl.clone() }
    }
}

/// Who can mend what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// Who fills in client files.
    Sales,
    /// Who keeps the library's data: the processor's details, sub-processors, services, terms.
    Agency,
    /// Who writes the text.
    Lawyer,
}

impl Reader {
    /// All of them, in the order in which findings are grouped.
    pub const ALL: [Self; 3] = [Self::Sales, Self::Agency, Self::Lawyer];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Agency => "agency",
            Self::Lawyer => "lawyer",
        }
    }
}

static CODES: LazyLock<IndexMap<String, Code>> = LazyLock::new(|| {
    toml::from_str(include_str!("codes.toml"))
        .expect("codes.toml is part of the program, and tests read it")
});

/// All codes, in the order of `codes.toml`.
#[must_use]
pub fn codes() -> &'static IndexMap<String, Code> {
    &CODES
}

/// What `explain` prints of a code of ours.
///
/// # Panics
///
/// If there is no such code: a test holds that each code in use is there.
#[must_use]
pub fn code(code: &str) -> &'static Code {
    &CODES[code]
}

/// Reads a level by its name.
pub fn level_named(name: &str) -> Option<Severity> {
    [Severity::Advice, Severity::Warning, Severity::Error]
        .into_iter()
        .find(|level| level.word() == name)
}

fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
    let name = String::deserialize(deserializer)?;
    level_named(&name).ok_or_else(|| serde::de::Error::custom("unknown level"))
}
