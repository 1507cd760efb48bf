//! How a problem looks on a terminal: message, place with caret, notes and hints.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use codespan_reporting::diagnostic::{self as codespan, Label};
use codespan_reporting::files::{Error, Files, SimpleFile};
use codespan_reporting::term::{self, termcolor, termcolor::Buffer};

use super::problem::{Diagnostic, Severity};
use super::source::{Place, Source};
use super::words::{is_hidden, is_reordering, one_line, printable};

impl Diagnostic {
    /// The same without colour, as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        match self.render(&mut termcolor::NoColor::new(&mut text)) {
            Ok(()) => String::from_utf8_lossy(&text).into_owned(),
            Err(_) => format!("{}: {}\n", self.severity.word(), one_line(&self.message)),
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
            let label = Label::secondary(files.add(place), place.range.clone());
            labels.push(label.with_message(printable(note)));
        }
        let notes = self.rule.iter().flat_map(|rule| &rule.notes);
        let notes = notes.map(|note| printable(note).into_owned());
        let hints = self.hints.iter().map(|hint| format!("hint: {}", printable(hint)));
        let mut diagnostic = codespan::Diagnostic::new(match self.severity {
            Severity::Advice => codespan::Severity::Note,
            Severity::Warning => codespan::Severity::Warning,
            Severity::Error | Severity::Failure => codespan::Severity::Error,
            Severity::Bug => codespan::Severity::Bug,
        })
        .with_message(one_line(&self.message))
        .with_labels(labels)
        .with_notes(notes.chain(hints).collect());
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

/// The files of one diagnostic, as the renderer wants them.
struct Sources(Vec<(Arc<Source>, SimpleFile<String, String>)>);

impl Sources {
    fn add(&mut self, place: &Place) -> usize {
        let known = |(source, _): &(Arc<Source>, _)| *source == place.source;
        self.0.iter().position(known).unwrap_or_else(|| {
            let name = one_line(&place.source.name).into_owned();
            let file = SimpleFile::new(name, visible(&place.source.text));
            self.0.push((Arc::clone(&place.source), file));
            self.0.len() - 1
        })
    }
}

/// A file's text with a stand-in for each character that a terminal acts on, of as many bytes, so that each
/// place is where it was.
fn visible(text: &str) -> String {
    let stand_in = |character: char| match character {
        '\r' => '\r',
        reordering if is_reordering(reordering) => '\u{FFFD}',
        hidden if is_hidden(hidden) && hidden.len_utf8() == 1 => '?',
        hidden if is_hidden(hidden) => '¿',
        other => other,
    };
    text.chars().map(stand_in).collect()
}

impl<'a> Files<'a> for Sources {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(self.0[id].1.name())
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(self.0[id].1.source())
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        self.0[id].1.line_index((), byte)
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        self.0[id].1.line_range((), line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_printed_as_an_escape() {
        let source = Source::new("a\u{1b}[2J.toml", "x = \"\u{1b}[31m\u{9b}\u{202e}!\"\r\n");
        let problem = Diagnostic::error("cannot read `b\nc\u{7}`").at(&source, 4..15).hint("\u{8}");
        let text = problem.text();
        assert!(text.starts_with("error: cannot read `b\\nc\\u{7}`\n"), "{text}");
        assert!(text.contains("a\\u{1b}[2J.toml:1:5"), "{text}");
        assert!(text.contains("x = \"?[31m¿\u{FFFD}!\""), "{text}");
        assert!(text.contains("hint: \\u{8}"), "{text}");
    }

    #[test]
    fn a_bug_is_called_so() {
        let text = Diagnostic::bug("the page tree has no root").text();
        assert!(text.starts_with("bug: the page tree has no root\n"), "{text}");
        assert!(text.contains("this is a bug in dpa-gen"), "{text}");
    }
}
