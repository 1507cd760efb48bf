//! The codes of the rules, and what there is to tell of each.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};

use super::say::Said;
use crate::diagnostic::Severity;

/// What there is to tell of a rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// How bad its findings are.
    #[serde(deserialize_with = "level")]
    pub level: Severity,
    /// What it finds, in a few words.
    pub title: String,
    /// The same in Dutch.
    pub dutch: String,
    /// Why it matters, in one line.
    #[serde(deserialize_with = "same")]
    pub why: Said,
    /// The long story, with what satisfies it.
    pub explain: String,
}

static CODES: LazyLock<IndexMap<String, Code>> =
    LazyLock::new(|| toml::from_str(include_str!("codes.toml")).expect("codes.toml is in order"));

/// All codes, in the order of `codes.toml`.
#[must_use]
pub fn codes() -> &'static IndexMap<String, Code> {
    &CODES
}

/// What there is to tell of a code of ours.
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

fn same<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Said, D::Error> {
    String::deserialize(deserializer).map(Said::from)
}
