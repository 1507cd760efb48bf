//! Small things that messages are made of: lists, counts, and what a misspelt word most likely meant.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::path::Path;

/// How paths are written: in messages, in results, and in files.
pub trait Slashed {
    /// The path with `/` between its parts, on every system.
    fn slashed(&self) -> String;

    /// The same on one line, as it is printed.
    fn on_a_line(&self) -> String {
        one_line(&self.slashed()).into_owned()
    }
}

impl Slashed for Path {
    fn slashed(&self) -> String {
        let shown = self.display().to_string();
        if cfg!(windows) { shown.replace('\\', "/") } else { shown }
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

/// A list as ``​`a`, `b` and `c`​``, with the given word before the last.
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

/// A number with its noun in the singular or the plural: `1 page`, `2 pages`.
pub struct Count<'a>(pub usize, pub &'a str, pub &'a str);

impl Display for Count<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { self.1 } else { self.2 })
    }
}

/// A text without characters that would change what a terminal shows: control characters and those that
/// reorder a line are written as escapes (`\u{1b}`). Line ends and tabs stay.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(is_hidden) { Cow::Owned(escaped(text, is_hidden)) } else { text.into() }
}

/// A text on one line, for what others wrote in the midst of our words: line ends and tabs are written as
/// escapes too.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    let ends_line = |c: char| matches!(c, '\n' | '\t' | '\u{2028}' | '\u{2029}');
    let is_hidden = |c: char| is_hidden(c) || ends_line(c);
    if text.contains(is_hidden) { Cow::Owned(escaped(text, is_hidden)) } else { text.into() }
}

/// A text that others wrote, in quotes that it does not end.
pub struct Quoted<'a>(pub &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let marked = self.0.replace('\\', r"\\").replace('"', "\\\"");
        write!(f, "\"{}\"", one_line(&marked))
    }
}

/// Whom a certificate names, in quotes: a name may be any text, and so one of our words.
#[must_use]
pub fn signer(name: Option<&str>) -> String {
    name.map_or_else(|| "a signer that cannot be read".to_owned(), |name| Quoted(name).to_string())
}

/// A text with some characters written as escapes.
fn escaped(text: &str, is_hidden: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a terminal acts on this character in place of showing it.
pub(super) fn is_hidden(character: char) -> bool {
    let is_control = character.is_control() && !matches!(character, '\n' | '\t');
    is_control || is_reordering(character)
}

/// Whether a character changes the direction of those after it (Unicode's bidirectional formatting).
pub(super) fn is_reordering(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
    fn characters_that_a_terminal_acts_on_are_escaped() {
        assert_eq!(printable("twee\tregels\n"), "twee\tregels\n");
        assert_eq!(one_line("twee\tregels\n\u{2028}é"), "twee\\tregels\\n\\u{2028}é");
        assert_eq!(Quoted("een \"\n\\").to_string(), r#""een \"\n\\""#);
        assert_eq!(printable("a\u{1b}[2Jb\r\u{9b}\u{202e}"), "a\\u{1b}[2Jb\\r\\u{9b}\\u{202e}");
    }
}
