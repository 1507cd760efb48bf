//! The version of a text: the day that it is of, and a letter for a further text of that day.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use toml::Value;

use super::language::Language;
use crate::diagnostic::Diagnostic;
use crate::input::{Checker, Spanned};

/// The version of a text. Versions are in the order of their days, and of one day in that of their letters, the one
/// without a letter first; their names, as texts, have the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextVersion {
    /// The day that it is of.
    pub day: NaiveDate,
    /// From `b` on, of the second text of that day and those after it.
    pub letter: Option<char>,
}

impl TextVersion {
    /// Reads a version by its name: `2026-06-12`, `2026-06-12b`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let letter = name.chars().next_back().filter(|letter| ('b'..='z').contains(letter));
        let day = letter.map_or(name, |letter| name.trim_end_matches(letter));
        // As it is written: one name for each version.
        let day = day.parse().ok().filter(|parsed: &NaiveDate| parsed.to_string() == day)?;
        Some(Self { day, letter }).filter(|version| version.to_string() == name)
    }

    /// The version in running text.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        let day = language.date(self.day);
        self.letter.map_or_else(|| day.clone(), |letter| format!("{day} ({letter})"))
    }
}

impl Display for TextVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day)?;
        self.letter.map_or(Ok(()), |letter| write!(f, "{letter}"))
    }
}

/// A version as typed: a date, or a text with a date and a letter.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct RawVersion(Value);

impl JsonSchema for RawVersion {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}[b-z]?$" })
    }
}

/// The version that was typed.
pub(super) fn check(check: &mut Checker<'_>, raw: &Spanned<RawVersion>) -> Option<TextVersion> {
    let shown = raw.get_ref().0.to_string();
    let (version, hint) = match &raw.get_ref().0 {
        Value::Datetime(typed) if typed.time.is_none() => {
            (TextVersion::parse(&typed.to_string()), "write it as 2026-06-12")
        }
        Value::String(typed) => {
            let version = TextVersion::parse(typed);
            let hint = if version.is_some_and(|version| version.letter.is_none()) {
                "write a date without quotes: version = 2026-06-12"
            } else {
                "a second text of one day is \"2026-06-12b\", and so on to z"
            };
            (version.filter(|version| version.letter.is_some()), hint)
        }
        _ => (None, "write it as 2026-06-12"),
    };
    if version.is_none() {
        let message = format!("`version` is not a date: `{}`", shown.trim_matches('"'));
        check.problem(Diagnostic::error(message).at(check.source, raw.span()).hint(hint));
    }
    version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_the_order_of_their_names() {
        let names = ["2026-06-12", "2026-06-12b", "2026-06-12z", "2026-06-13", "2026-10-01"];
        let versions = names.map(|name| TextVersion::parse(name).unwrap());
        assert!(versions.is_sorted() && names.is_sorted());
        assert_eq!(versions.map(|version| version.to_string()), names);
        for wrong in
            ["2026-06-12a", "2026-06-12bb", "2026-6-12", "2026-06-31", "b", "", "2026-06-12B"]
        {
            assert_eq!(TextVersion::parse(wrong), None, "{wrong}");
        }
    }
}
