//! Files as they were read, and places in them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text file as it was read: the name to show for it, and its text.
#[derive(Debug)]
pub struct Source {
    /// The path as the user would write it.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: String,
    /// Where each line begins; found when the first line is asked for.
    lines: OnceLock<Vec<usize>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Eq for Source {}

impl Source {
    /// Makes a shared source of a name and a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), lines: OnceLock::new() })
    }

    /// The line and the column of the character at a byte, both counted from 1; the column in characters.
    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte);
        let lines = self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(newline, _)| newline + 1);
            std::iter::once(0).chain(ends).collect()
        });
        let line = lines.partition_point(|start| *start <= byte);
        // The first line begins at 0, so that none is before it.
        let start = lines[line - 1];
        (line, self.text[start..byte].chars().count() + 1)
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
        self.source.line_and_column(self.range.start)
    }

    /// The line and the column of the first character after it.
    #[must_use]
    pub fn end_line_and_column(&self) -> (usize, usize) {
        self.source.line_and_column(self.range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("a.toml", "een\ntweeë = 1");
        let place = |range| Place { source: source.clone(), range };
        assert_eq!(place(0..1).line_and_column(), (1, 1));
        assert_eq!(place(11..12).line_and_column(), (2, 7));
    }
}
