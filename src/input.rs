//! Reading: bytes to text, TOML to typed values, with every problem of a file in one run.
//!
//! Serde stops at the first mistake. [`toml()`] notes it, takes the offending entry out of the document and
//! reads again, until nothing is wrong; so a file's unknown keys and wrong types are all reported at once.

mod places;

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ::toml::Spanned;
use ::toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};
use ::toml::value::Datetime;
use serde::de::DeserializeOwned;

pub use places::{find_in_texts, locate, values};

use crate::diagnostic::{Diagnostic, Severity, Source};

/// Reads a text file.
///
/// # Errors
///
/// If it cannot be read, is a folder, or is not UTF-8 (with the place of the first wrong byte).
pub fn read(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let bytes =
        fs::read(path).map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
    text(path.display().to_string(), bytes)
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
/// `Raw` should have optional fields only, so that `check` can tell what is missing. `range` is the part of
/// the file that is TOML.
///
/// # Errors
///
/// All problems, in the order of the text.
pub fn toml<Raw: DeserializeOwned, T>(
    source: &Arc<Source>,
    range: Range<usize>,
    check: impl FnOnce(Raw, &mut Checker<'_>) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    // Blanks before the part keep each byte where it is in the file, and so each span.
    let mut text = " ".repeat(range.start);
    text.push_str(&source.text[range]);
    let (mut document, syntax_errors) = DeTable::parse_recoverable(&text);
    let mut problems = syntax_problems(&syntax_errors, source);
    let broken_lines: Vec<usize> = problems.iter().map(line).collect();
    let raw = take_out_errors(document.get_mut(), source, &mut problems);
    let mut checker = Checker { source, entries_lost: !problems.is_empty(), problems };
    let value = raw.and_then(|raw| check(raw, &mut checker));
    let mut problems = checker.problems;
    // What is told of a line with a syntax error may only follow from that error.
    let mut index = 0;
    problems.retain(|problem| {
        index += 1;
        index <= broken_lines.len() || !broken_lines.contains(&line(problem))
    });
    problems.sort_by_key(|problem| problem.place.as_ref().map(|place| place.range.start));
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

fn line(problem: &Diagnostic) -> usize {
    problem.place.as_ref().map_or(0, |place| place.line_and_column().0)
}

/// Reads the document, taking out what is wrong until the rest is right.
fn take_out_errors<Raw: DeserializeOwned>(
    document: &mut DeTable<'_>,
    source: &Arc<Source>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Raw> {
    loop {
        let whole = 0..source.text.len();
        let error =
            match Raw::deserialize(Deserializer::from(Spanned::new(whole, document.clone()))) {
                Ok(raw) => return Some(raw),
                Err(error) => error,
            };
        let span = error.span().unwrap_or(0..0);
        problems.push(value_problem(error.message(), source, span.clone()));
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

/// Words serde's message as ours: `unknown key`, `expected …, found …`, with a hint.
fn value_problem(message: &str, source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let mut quoted = rest.split('`').skip(1).step_by(2);
        let key = quoted.next().unwrap_or_default();
        return Diagnostic::error(format!("unknown key `{key}`"))
            .at(source, span)
            .suggest(key, quoted);
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

/// A text of a TOML file with its place.
pub type Text = Spanned<String>;

/// A date of a TOML file with its place.
pub type Date = Spanned<Datetime>;

/// Checks the values that a file gave, noting each problem with its place.
pub struct Checker<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// Whether reading took wrong entries out, so that a missing one may just be misspelt.
    pub entries_lost: bool,
    problems: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Notes a problem.
    pub fn problem(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    /// Notes that a key is missing, unless it may be among the entries that reading took out.
    pub fn missing(&mut self, key: &str, table: Range<usize>, hint: &str) {
        if !self.entries_lost {
            let missing = Diagnostic::error(format!("`{key}` is missing"));
            self.problem(missing.at(self.source, table).hint(hint));
        }
    }

    /// A text that says something: no blanks around it, nothing that paper cannot show.
    pub fn text(&mut self, key: &str, text: Text) -> Option<String> {
        let span = text.span();
        let value = text.into_inner();
        let problem = if value.chars().all(is_blank) {
            Diagnostic::error(format!("there is an empty text in `{key}`"))
                .hint("write what it is to say")
        } else if value.contains(['\n', '\r']) {
            Diagnostic::error(format!("`{key}` holds a line break")).hint("write it on one line")
        } else if let Some(character) = value.chars().find(|&c| is_private(c)) {
            Diagnostic::error(format!(
                "`{key}` holds a character that means something else in each font: U+{:04X}",
                u32::from(character)
            ))
            .hint("write it in characters that have a meaning of their own")
        } else if let Some(character) = value.chars().find(|&c| is_invisible(c)) {
            Diagnostic::error(format!(
                "`{key}` holds a character that cannot be seen on paper: U+{:04X}",
                u32::from(character)
            ))
            .hint("leave it out: a contract shows all that it says")
        } else if value.trim() != value {
            Diagnostic::error(format!("`{key}` begins or ends with a space"))
                .hint("take the space away")
        } else {
            return Some(value);
        };
        self.problem(problem.at(self.source, span));
        None
    }

    /// A list that was given must say something.
    pub fn not_empty(&mut self, key: &str, texts: &[Text], table: Range<usize>) {
        if texts.is_empty() && !self.entries_lost {
            let empty = Diagnostic::error(format!("`{key}` is empty"));
            let hint = "name at least one, or leave the key out";
            self.problem(empty.at(self.source, table).hint(hint));
        }
    }

    /// A text that may be left out.
    pub fn optional(&mut self, key: &str, text: Option<Text>) -> Option<String> {
        text.and_then(|text| self.text(key, text))
    }

    /// A text that must be there; `table` is where it is looked for.
    pub fn required(
        &mut self,
        key: &str,
        text: Option<Text>,
        table: Range<usize>,
    ) -> Option<String> {
        if text.is_none() {
            self.missing(key, table, &format!("add `{key} = \"…\"`"));
        }
        self.optional(key, text)
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &str, texts: Option<Vec<Text>>) -> Vec<String> {
        let texts = texts.unwrap_or_default();
        texts.into_iter().filter_map(|text| self.text(key, text)).collect()
    }

    /// A day of the calendar.
    pub fn date(&mut self, key: &str, date: Option<Date>) -> Option<chrono::NaiveDate> {
        let date = date?;
        let value = date.get_ref();
        let day = match (value.date, value.time) {
            (Some(day), None) => {
                chrono::NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into())
            }
            _ => None,
        };
        if day.is_none() {
            self.problem(
                Diagnostic::error(format!("`{key}` is not a date: `{value}`"))
                    .at(self.source, date.span())
                    .hint("write it as 2026-06-12"),
            );
        }
        day
    }

    /// An id out of those that are known; `what` names them: "service".
    pub fn id(&mut self, what: &str, id: &Text, known: &[&str]) -> Option<String> {
        let name = id.get_ref().as_str();
        if known.contains(&name) {
            return Some(name.to_owned());
        }
        self.problem(
            Diagnostic::error(format!("unknown {what} `{}`", name.escape_debug()))
                .at(self.source, id.span())
                .suggest(name, known.iter().copied()),
        );
        None
    }

    /// A list of ids, each known and none twice.
    pub fn ids(&mut self, what: &str, ids: &[Text], known: &[&str]) -> Vec<String> {
        let mut checked = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            if let Some(first) =
                ids[..index].iter().find(|earlier| earlier.get_ref() == id.get_ref())
            {
                self.problem(
                    Diagnostic::error(format!(
                        "{what} `{}` is there twice",
                        id.get_ref().escape_debug()
                    ))
                    .at(self.source, id.span())
                    .related(self.source, first.span(), "first here")
                    .hint("take one away"),
                );
            } else {
                checked.extend(self.id(what, id, known));
            }
        }
        checked
    }
}

/// Whether a character is white on paper: a text of such characters alone is empty.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || is_invisible(character)
        || matches!(character, '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{200E}' | '\u{200F}')
        || matches!(character, '\u{2800}' | '\u{3164}' | '\u{FFA0}')
}

/// Whether a character is for private use: each font shows something else for it, or nothing.
fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Whether a character leaves no trace on paper: control characters, and the format characters that
/// reorder or hide text (Unicode's categories Cc, Cf, Zl and Zp).
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{08E2}'
            | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}
