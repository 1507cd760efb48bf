//! Checking the values that a file gave.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::values::{Date, Text};
use crate::diagnostic::{Diagnostic, Source};

/// Checks the values that a file gave, noting each problem with its place.
pub struct Checker<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// Whether reading took wrong entries out, so that a missing one may just be misspelt.
    pub entries_lost: bool,
    problems: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    /// Begins with what reading found, and took out.
    pub(super) fn new(source: &'a Arc<Source>, problems: Vec<Diagnostic>) -> Self {
        Self { source, entries_lost: !problems.is_empty(), problems, notes: Vec::new() }
    }

    /// All that was noted.
    pub(super) fn into_problems(self) -> Vec<Diagnostic> {
        self.problems
    }

    /// Notes a problem.
    pub fn problem(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    /// Notes something worth reporting, for which nothing is refused.
    pub fn note(&mut self, diagnostic: Diagnostic) {
        self.notes.push(diagnostic);
    }

    /// All that is worth reporting so far.
    pub fn take_notes(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.notes)
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

    /// A text that gives a reason: not a word that says there is none.
    pub fn reason(&mut self, key: &str, text: Text) -> Option<String> {
        let word = text.get_ref().to_lowercase().replace(['.', ' '], "");
        if !NO_REASON.contains(&&*word) {
            return self.text(key, text);
        }
        let message = format!("`{key}` gives no reason: `{}`", text.get_ref().escape_debug());
        let hint = format!("write what it rests on, or leave out what `{key}` goes with");
        self.problem(Diagnostic::error(message).at(self.source, text.span()).hint(hint));
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
        let value = &date.get_ref().0;
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
        let mut seen: HashMap<&str, &Text> = HashMap::new();
        for id in ids {
            if let Some(first) = seen.get(id.get_ref().as_str()) {
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
                seen.insert(id.get_ref(), id);
                checked.extend(self.id(what, id, known));
            }
        }
        checked
    }
}

/// Words that stand for no reason, without dots and blanks.
const NO_REASON: [&str; 9] = ["geen", "none", "no", "nvt", "na", "n/a", "onbekend", "unknown", "-"];

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
