//! Reading: bytes to text, TOML to typed values, with every problem of a file in one run.
//!
//! Serde stops at the first mistake. [`toml()`] reads the entries of a document with mistakes one by one, and
//! removes those that are wrong; so a file's unknown keys and wrong types are all reported at once.

mod checker;
mod keys;
mod places;
mod values;
mod weed;

use std::cell::LazyCell;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ::toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};
use serde::de::DeserializeOwned;

pub use checker::Checker;
pub use places::{find_in_texts, locate, values};
pub use values::{Date, Day, Spanned, Text};

use crate::diagnostic::{Diagnostic, List, Problems, Severity, Slashed, Source, closest};

/// Reads a regular file whole. Anything else is refused: reading from a pipe or a device might never end.
///
/// # Errors
///
/// If it cannot be read, or is no regular file.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    fs::read(path)
}

/// Reads a text file.
///
/// # Errors
///
/// If it cannot be read, is no regular file, or is not UTF-8 (with the place of the first wrong byte).
pub fn read(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let bytes =
        bytes(path).map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
    text(path.slashed(), bytes)
}

/// Makes a text out of a file's bytes; `name` is how the file is called in messages.
///
/// # Errors
///
/// If the bytes are not UTF-8.
pub fn text(name: String, bytes: Vec<u8>) -> Result<Arc<Source>, Diagnostic> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[valid];
            let readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Source::new(name, readable);
            Err(Diagnostic::error(format!(
                "`{}` is not a UTF-8 text: it holds the byte 0x{byte:02X}",
                source.name
            ))
            .at(&source, valid..valid + '\u{FFFD}'.len_utf8())
            .hint("save the file as UTF-8"))
        }
    }
}

/// Reads TOML in two steps: the text into `Raw`, as typed; then, by `check`, `Raw` into `T`.
///
/// `Raw` should have optional fields only, so that `check` can see what is missing. `range` is the part of
/// the file that is TOML.
///
/// # Errors
///
/// All problems, in the order of the text.
pub fn toml<Raw: DeserializeOwned, T>(
    source: &Arc<Source>,
    range: Range<usize>,
    check: impl FnOnce(Raw, &mut Checker<'_>) -> Option<T>,
) -> Result<T, Problems> {
    // Blanks before the part keep each byte where it is in the file, and so each span.
    let mut text = " ".repeat(range.start);
    text.push_str(&source.text[range]);
    let (mut document, syntax_errors) = DeTable::parse_recoverable(&text);
    let mut problems = syntax_problems(&syntax_errors, source);
    let broken_lines: HashSet<usize> = problems.iter().map(line).collect();
    let syntax_errors = problems.len();
    let raw = remove_errors(document.get_mut(), source, &mut problems);
    let mut checker = Checker::new(source, problems);
    let value = raw.and_then(|raw| check(raw, &mut checker));
    let mut problems = checker.into_problems();
    // Another problem of a line with a syntax error may only follow from that error.
    let mut index = 0;
    problems.retain(|problem| {
        index += 1;
        index <= syntax_errors || !broken_lines.contains(&line(problem))
    });
    problems.sort_by_key(|problem| problem.place.as_ref().map(|place| place.range.start));
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems.into()),
    }
}

fn line(problem: &Diagnostic) -> usize {
    problem.place.as_ref().map_or(0, |place| place.line_and_column().0)
}

/// Reads the document, without what is wrong in it.
fn remove_errors<Raw: DeserializeOwned>(
    document: &mut DeTable<'_>,
    source: &Arc<Source>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Raw> {
    let whole = 0..source.text.len();
    let tables: LazyCell<Vec<keys::Table>> = LazyCell::new(keys::tables::<Raw>);
    let mut is_weeded = false;
    loop {
        let error = match Raw::deserialize(Deserializer::from(::toml::Spanned::new(
            whole.clone(),
            document.clone(),
        ))) {
            Ok(raw) => return Some(raw),
            Err(error) => error,
        };
        if !is_weeded {
            is_weeded = true;
            weed::weed::<Raw>(document, &whole, &mut |error, span| {
                problems.push(value_problem(error.message(), source, span, &tables));
            });
            continue;
        }
        // What no entry is to blame for alone: a key that a table lacks.
        let span = error.span().unwrap_or(0..0);
        problems.push(value_problem(error.message(), source, span.clone(), &tables));
        if !remove(document, &span) {
            return None;
        }
    }
}

/// Takes the innermost entry whose key or value stands at `span` out of the table.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    let values = table.iter_mut().map(|(_, value)| value.get_mut());
    for value in values {
        let removed = match value {
            DeValue::Table(inner) => remove(inner, span),
            DeValue::Array(items) => remove_item(items, span),
            _ => false,
        };
        if removed {
            return true;
        }
    }
    let before = table.len();
    *table = std::mem::take(table)
        .into_iter()
        .filter(|(key, value)| key.span() != *span && value.span() != *span)
        .collect();
    table.len() < before
}

fn remove_item(items: &mut DeArray<'_>, span: &Range<usize>) -> bool {
    for item in items.iter_mut() {
        if let DeValue::Table(inner) = item.get_mut()
            && remove(inner, span)
        {
            return true;
        }
    }
    let kept: Vec<_> = items.iter().filter(|item| item.span() != *span).cloned().collect();
    let removed = kept.len() < items.len();
    if removed {
        *items = kept.into_iter().collect();
    }
    removed
}

/// One problem a line: what follows on the same line is mostly the same mistake again.
fn syntax_problems(errors: &[Error], source: &Arc<Source>) -> Vec<Diagnostic> {
    let end = source.text.len();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut errors: Vec<(Range<usize>, &str)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(end..end);
            (span.start.min(end)..span.end.min(end), error.message())
        })
        .collect();
    errors.sort_by_key(|(span, _)| span.start);
    for (span, message) in errors {
        let mut parts = message.lines();
        let message = parts.next().unwrap_or("this is not TOML");
        let hint = match message {
            m if m.contains("array") => "a list is written as [\"…\", \"…\"]",
            m if m.contains("string") => "a text stands between quotes, on one line: \"…\"",
            m if m.contains("duplicate") => "take one away",
            m if m.contains("date") => "a date is a day of the calendar: 2026-06-12",
            m if m.contains("table") || m.contains("header") => {
                "a table begins with its name: [client]"
            }
            _ => "write `key = \"value\"`, or begin a remark with #",
        };
        let problem = Diagnostic::error(message).at(source, span).hint(hint);
        if problems.last().is_none_or(|last| line(last) != line(&problem)) {
            problems.push(problem);
        }
    }
    problems
}

/// Adds where a key belongs, or what it may have meant: `here` are the keys of the table that it is in.
fn suggest_key(
    unknown: Diagnostic,
    key: &str,
    here: &[&str],
    tables: &[keys::Table],
) -> Diagnostic {
    let is_here = |table: &&keys::Table| table.keys == here;
    let header = |table: &keys::Table| table.header.clone();
    let elsewhere = tables.iter().filter(|table| table.keys.iter().any(|known| known == key));
    let headers: Vec<Option<String>> = elsewhere.map(header).collect();
    if headers.contains(&None) {
        return unknown.hint(format!("`{key}` belongs before the first table"));
    }
    let mut headers: Vec<&str> = headers.iter().flatten().map(String::as_str).collect();
    let depth = |header: &str| header.matches('.').count();
    let least = headers.iter().map(|header| depth(header)).min().unwrap_or_default();
    headers.retain(|header| depth(header) == least);
    if !headers.is_empty() {
        return unknown.hint(format!("`{key}` belongs in {}", List(&headers, "or")));
    }
    let mut same = tables.iter().filter(is_here);
    match (same.next().and_then(header), same.next()) {
        (Some(header), None) if closest(key, here).is_none() && !here.is_empty() => {
            unknown.hint(format!("known in `{header}`: {}", List(here, "and")))
        }
        _ => unknown.suggest(key, here.iter().copied()),
    }
}

/// Words serde's message as ours: `unknown key`, `expected …, found …`, with a hint.
fn value_problem(
    message: &str,
    source: &Arc<Source>,
    span: Range<usize>,
    tables: &LazyCell<Vec<keys::Table>>,
) -> Diagnostic {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let mut quoted = rest.split('`').skip(1).step_by(2);
        let key = quoted.next().unwrap_or_default();
        let unknown = Diagnostic::error(format!("unknown key `{key}`")).at(source, span);
        return suggest_key(unknown, key, &quoted.collect::<Vec<_>>(), tables);
    }
    let Some((found, expected)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    else {
        return Diagnostic::error(message).at(source, span);
    };
    let (expected, hint) = match expected {
        "a string" => ("a text", "put it between quotes: \"…\""),
        "a sequence" => ("a list", "put it between brackets: [\"…\", \"…\"]"),
        "a boolean" => ("true or false", "write true or false, without quotes"),
        "i64" => ("a whole number", "write digits without quotes: 24"),
        "a TOML datetime" => ("a date", "write it as 2026-06-12, without quotes"),
        other if other.starts_with("struct ") || other == "a map" => {
            ("a table", "write keys in it: { name = \"…\" }")
        }
        other => (other, ""),
    };
    let found = match found {
        "map" => "a table",
        "sequence" => "a list",
        other => other,
    };
    let diagnostic =
        Diagnostic::error(format!("expected {expected}, found {found}")).at(source, span);
    if hint.is_empty() { diagnostic } else { diagnostic.hint(hint) }
}
