//! What an approval is about: the text of each part of the library that a contract shows, without remarks.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};
use typst::syntax::SyntaxKind;

use super::checked::Library;
use super::clause::{Clause, leaves};
use super::papers::PaperKind;
use crate::diagnostic::Source;

/// A part of the library with contract text.
#[derive(Debug)]
pub struct Pinned {
    /// What it is called: `articles/security`, `services.toml`, `layouts/standard/words/nl.toml`.
    pub part: String,
    /// Its file.
    pub source: Arc<Source>,
    /// Its text: a clause's title, condition and Typst; of a TOML file each value on a line.
    pub text: String,
    /// The requirements that it claims.
    pub covers: Vec<String>,
}

/// The TOML files of a library with contract text, and which of their tables have it; none says all.
const FILES: [(&str, Option<&[&str]>); 5] = [
    (
        "contract.toml",
        Some(&["title", "subtitle", "scope", "language", "articles", "annexes", "terms"]),
    ),
    ("services.toml", None),
    ("subprocessors.toml", None),
    ("parties.toml", Some(&["legal-form", "register"])),
    ("countries.toml", Some(&["eea", "adequacy"])),
];

impl Library {
    /// Every part with contract text, sorted by name.
    #[must_use]
    pub fn pinned(&self) -> Vec<Pinned> {
        let mut all: Vec<Pinned> = self.clauses().filter_map(|it| self.pinned_clause(it)).collect();
        for (path, tables) in FILES {
            let Ok(source) = self.clause_files.text(path) else { continue };
            let text = values(&source.text, tables);
            all.push(Pinned { part: path.to_owned(), source, text, covers: Vec::new() });
        }
        for path in self.layout_paths(PaperKind::Contract).filter(|path| is_toml(path)) {
            let Ok(source) = self.layout_files.text(path) else { continue };
            let text = values(&source.text, None);
            all.push(Pinned { part: format!("layouts/{path}"), source, text, covers: Vec::new() });
        }
        for path in self.layout_paths(PaperKind::Contract).filter(|path| !is_toml(path)) {
            let Ok(source) = self.layout_files.text(path) else { continue };
            let text = typed_words(&source.text);
            // Most files of a layout have no words of their own.
            if !text.is_empty() {
                let part = format!("layouts/{path}");
                all.push(Pinned { part, source, text, covers: Vec::new() });
            }
        }
        all.sort_by(|one, other| one.part.cmp(&other.part));
        all
    }

    fn pinned_clause(&self, clause: &Clause) -> Option<Pinned> {
        let source = self.clause_files.text(&clause.path).ok()?;
        let metadata = source.text.trim_start().strip_prefix("/*")?.split("*/").next()?;
        let text = values(metadata, Some(&["title", "title-closed-list", "when"]));
        let text = format!("{text}\n\n{}", clause.text.replace("\r\n", "\n"));
        let part = clause.path.trim_end_matches(".typ").to_owned();
        let text = text.trim_end_matches('\n').to_owned();
        Some(Pinned { part, source, text, covers: clause.covers.clone() })
    }
}

/// The text that a Typst file of a layout sets itself, each stretch on a line.
fn typed_words(source: &str) -> String {
    let root = typst::syntax::parse(source);
    let texts = leaves(&root).into_iter().filter(|leaf| leaf.kind() == SyntaxKind::Text);
    let words = texts.map(|leaf| leaf.leaf_text().trim());
    let words: Vec<&str> = words.filter(|text| text.contains(char::is_alphabetic)).collect();
    words.join("\n")
}

fn is_toml(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "toml")
}

/// The values of a TOML text, each on a line with the path of its key; an item of a list is a value.
fn values(text: &str, tables: Option<&[&str]>) -> String {
    let table: Table = text.parse().unwrap_or_default();
    let mut lines = String::new();
    for (key, value) in &table {
        if tables.is_none_or(|tables| tables.contains(&key.as_str())) {
            write_values(&mut lines, key, value);
        }
    }
    lines.truncate(lines.trim_end().len());
    lines
}

fn write_values(lines: &mut String, path: &str, value: &Value) {
    match value {
        Value::Table(table) => {
            // Where an entry comes from and who compared it is no text of a contract.
            let shown =
                table.iter().filter(|(key, _)| !["source", "verified"].contains(&key.as_str()));
            for (key, value) in shown {
                write_values(lines, &format!("{path}.{key}"), value);
            }
        }
        Value::Array(items) => {
            for item in items {
                write_values(lines, path, item);
            }
        }
        value => {
            let _ = writeln!(lines, "{path} = {value}");
        }
    }
}
