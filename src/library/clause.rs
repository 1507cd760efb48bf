//! A clause file: plain Typst whose opening block comment is TOML.

use std::sync::Arc;

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Source};
use crate::input::{self, Spanned, Text};

/// A clause: an article, an annex or the closing.
#[derive(Debug)]
pub struct Clause {
    /// Its id: the file's stem.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The services of which one must be taken; empty for a clause that always applies.
    pub when: Vec<String>,
    /// The ids of the requirements that it speaks to.
    pub covers: Vec<String>,
    /// Its path in the clause library.
    pub path: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMetadata {
    title: Option<Text>,
    when: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    covers: Vec<Text>,
}

/// The ids that a clause's metadata may name.
#[derive(Debug)]
pub struct Known<'a> {
    /// Services.
    pub services: Vec<&'a str>,
    /// Requirements.
    pub requirements: Vec<&'a str>,
}

impl Clause {
    /// Reads a clause's metadata; its text is Typst's to read.
    ///
    /// # Errors
    ///
    /// All problems of the metadata.
    pub fn read(
        id: &str,
        path: String,
        source: &Arc<Source>,
        known: &Known<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let start = source.text.len() - source.text.trim_start().len();
        let comment = source.text[start..].strip_prefix("/*").and_then(|rest| rest.find("*/"));
        let Some(length) = comment else {
            let (message, hint) = if source.text[start..].starts_with("/*") {
                ("the clause's metadata has no end", "end the comment with */")
            } else {
                ("the clause has no metadata", "begin the file with a comment: /* title = \"…\" */")
            };
            return Err(vec![Diagnostic::error(message).at(source, start..start).hint(hint)]);
        };
        let metadata = start + 2..start + 2 + length;
        let opening = start..start + 2;
        input::toml(source, metadata, |raw: RawMetadata, check| {
            if let Some(when) = &raw.when
                && when.get_ref().is_empty()
            {
                let never = Diagnostic::error("`when` is empty: the clause would never apply")
                    .at(source, when.span())
                    .hint("name a service, or leave the key out for a clause that always applies");
                check.problem(never);
            }
            let title = check.required("title", raw.title, opening);
            let when = raw.when.map(Spanned::into_inner).unwrap_or_default();
            let when = check.ids("service", &when, &known.services);
            let covers = check.ids("requirement", &raw.covers, &known.requirements);
            title.map(|title| Self { id: id.to_owned(), title, when, covers, path })
        })
    }
}
