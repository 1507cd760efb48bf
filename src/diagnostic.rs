//! What is wrong, where, and what to do about it: one type, one renderer.
//!
//! Every problem of every file (client file, library, clause, Typst) becomes a [`Diagnostic`]; only this
//! module knows how one looks on a terminal or in JSON. Messages are lower-case, without a full stop, with
//! the offending value in backticks.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use codespan_reporting::diagnostic::{self as codespan, Label};
use codespan_reporting::files::{Files, SimpleFile};
use codespan_reporting::term::{self, termcolor, termcolor::Buffer};
use serde::Serialize;
use serde::ser::SerializeStruct;

/// A text file as it was read: the name to show for it, and its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user would write it.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: String,
}

impl Source {
    /// Makes a shared source out of a name and a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }
}

/// A byte range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes of its text, start to end.
    pub range: Range<usize>,
}

impl Place {
    /// The line and the column of its first character, both counted from 1; the column in characters.
    #[must_use]
    pub fn line_and_column(&self) -> (usize, usize) {
        let start = self.source.text.floor_char_boundary(self.range.start);
        let before = &self.source.text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// How bad a problem is, and whose: it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Could be better; nobody asks for it.
    Advice,
    /// Worth telling; nothing is refused for it.
    Warning,
    /// The input has a problem: exit code 1.
    Error,
    /// The tool could not do it, or was asked in a wrong way: exit code 2.
    Failure,
}

impl Severity {
    /// The process' exit code for a run whose worst problem this is.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Advice | Self::Warning => 0,
            Self::Error => 1,
            Self::Failure => 2,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error | Self::Failure => "error",
        }
    }
}

/// What a rule says beside its finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's code.
    pub code: String,
    /// What there is to know, each with its own word in front: `why: …`.
    pub notes: Vec<String>,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad, and whose problem it is.
    pub severity: Severity,
    /// The rule that found it, if a rule did.
    pub rule: Option<Box<Rule>>,
    /// What is wrong: lower-case, no full stop, the offending value in backticks.
    pub message: String,
    /// Where, if it is in a file that could be read.
    pub place: Option<Place>,
    /// Further places that explain it.
    pub related: Vec<(Place, String)>,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A problem of the input.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule: None,
            message: message.into(),
            place: None,
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Something worth telling, for which nothing is refused.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Something the tool could not do.
    pub fn failure(message: impl Into<String>) -> Self {
        Self { severity: Severity::Failure, ..Self::error(message) }
    }

    /// An I/O problem, told with its path: ``cannot read `acme.toml`: permission denied``.
    #[must_use]
    pub fn io(severity: Severity, what: &str, path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a part of the path is not a folder".to_owned()
            }
            io::ErrorKind::FileTooLarge => "it would be larger than a file may be here".to_owned(),
            io::ErrorKind::QuotaExceeded => "there is no space left for this user".to_owned(),
            io::ErrorKind::StorageFull => "there is no space left".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
            _ => error.to_string(),
        };
        Self { severity, ..Self::error(format!("cannot {what} `{}`: {reason}", path.display())) }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, range: Range<usize>) -> Self {
        self.place = Some(Place { source: Arc::clone(source), range });
        self
    }

    /// Adds a second place that explains the first.
    #[must_use]
    pub fn related(
        mut self,
        source: &Arc<Source>,
        range: Range<usize>,
        note: impl Into<String>,
    ) -> Self {
        let source = Arc::clone(source);
        self.related.push((Place { source, range }, note.into()));
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds ``did you mean `…`?`` if one of `known` is close to `word`, else the list of what is known.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        match closest(word, &known) {
            Some(close) => self.hint(format!("did you mean `{close}`?")),
            None if known.is_empty() => self,
            None => self.hint(format!("known here: {}", List(&known, "and"))),
        }
    }

    /// The same without colour, as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        match self.render(&mut termcolor::NoColor::new(&mut text)) {
            Ok(()) => String::from_utf8_lossy(&text).into_owned(),
            Err(_) => format!("error: {}\n", self.message),
        }
    }

    /// Writes it for a person: message, place with caret, hints.
    ///
    /// # Errors
    ///
    /// If the text cannot be written to `out`.
    pub fn render(&self, out: &mut dyn termcolor::WriteColor) -> io::Result<()> {
        let mut files = Sources(Vec::new());
        let mut labels = Vec::new();
        if let Some(place) = &self.place {
            labels.push(Label::primary(files.add(place), place.range.clone()));
        }
        for (place, note) in &self.related {
            labels.push(Label::secondary(files.add(place), place.range.clone()).with_message(note));
        }
        let notes = self.rule.iter().flat_map(|rule| &rule.notes);
        let hints = self.hints.iter().map(|hint| format!("hint: {hint}"));
        let mut diagnostic = codespan::Diagnostic::new(match self.severity {
            Severity::Advice => codespan::Severity::Note,
            Severity::Warning => codespan::Severity::Warning,
            Severity::Error | Severity::Failure => codespan::Severity::Error,
        })
        .with_message(&self.message)
        .with_labels(labels)
        .with_notes(notes.cloned().chain(hints).collect());
        diagnostic.code = self.rule.as_ref().map(|rule| rule.code.clone());
        let config = term::Config::default();
        let mut text = if out.supports_color() { Buffer::ansi() } else { Buffer::no_color() };
        term::emit_to_write_style(&mut text, &config, &files, &diagnostic)
            .map_err(io::Error::other)?;
        let text = String::from_utf8_lossy(text.as_slice());
        match self.severity {
            // The renderer's own word for it is the first of its text.
            Severity::Advice => out.write_all(text.replacen("note", "advice", 1).as_bytes()),
            _ => out.write_all(text.as_bytes()),
        }
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let position = self.place.as_ref().map(Place::line_and_column);
        let mut object = serializer.serialize_struct("Diagnostic", 6)?;
        object.serialize_field("severity", self.severity.word())?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("file", &self.place.as_ref().map(|place| &place.source.name))?;
        object.serialize_field("line", &position.map(|(line, _)| line))?;
        object.serialize_field("column", &position.map(|(_, column)| column))?;
        object.serialize_field("hints", &self.hints)?;
        object.end()
    }
}

/// The files of one diagnostic, as the renderer wants them.
struct Sources(Vec<(Arc<Source>, SimpleFile<String, String>)>);

impl Sources {
    fn add(&mut self, place: &Place) -> usize {
        let known = |(source, _): &(Arc<Source>, _)| *source == place.source;
        self.0.iter().position(known).unwrap_or_else(|| {
            let Source { name, text } = &*place.source;
            let file = SimpleFile::new(name.clone(), text.clone());
            self.0.push((Arc::clone(&place.source), file));
            self.0.len() - 1
        })
    }
}

impl<'a> Files<'a> for Sources {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, codespan_reporting::files::Error> {
        Ok(self.0[id].1.name())
    }

    fn source(&'a self, id: usize) -> Result<&'a str, codespan_reporting::files::Error> {
        Ok(self.0[id].1.source())
    }

    fn line_index(
        &'a self,
        id: usize,
        byte: usize,
    ) -> Result<usize, codespan_reporting::files::Error> {
        self.0[id].1.line_index((), byte)
    }

    fn line_range(
        &'a self,
        id: usize,
        line: usize,
    ) -> Result<Range<usize>, codespan_reporting::files::Error> {
        self.0[id].1.line_range((), line)
    }
}

/// The one of `known` that `word` most likely meant, if any is close.
#[must_use]
pub fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Shows a list as ``​`a`, `b` and `c`​``, with the given word before the last.
pub struct List<'a>(pub &'a [&'a str], pub &'a str);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            match index {
                0 => {}
                _ if index + 1 == self.0.len() => write!(f, " {} ", self.1)?,
                _ => f.write_str(", ")?,
            }
            write!(f, "`{item}`")?;
        }
        Ok(())
    }
}

/// Shows a number with its noun in the singular or the plural: `1 page`, `2 pages`.
pub struct Count<'a>(pub usize, pub &'a str, pub &'a str);

impl Display for Count<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { self.1 } else { self.2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_counts_read_as_english() {
        assert_eq!(List(&["a"], "or").to_string(), "`a`");
        assert_eq!(List(&["a", "b", "c"], "or").to_string(), "`a`, `b` or `c`");
        assert_eq!(Count(1, "page", "pages").to_string(), "1 page");
        assert_eq!(Count(0, "page", "pages").to_string(), "0 pages");
    }

    #[test]
    fn the_closest_word_wins_and_far_ones_are_not_offered() {
        let known = ["website", "webshop", "hosting"];
        assert_eq!(closest("webshp", &known), Some("webshop"));
        assert_eq!(closest("websit", &known), Some("website"));
        assert_eq!(closest("drukwerk", &known), None);
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("a.toml", "een\ntweeë = 1");
        let place = |range| Place { source: source.clone(), range };
        assert_eq!(place(0..1).line_and_column(), (1, 1));
        assert_eq!(place(11..12).line_and_column(), (2, 7));
    }
}
