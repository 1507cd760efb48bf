//! Which sentences of a clause are in no text that came with the program: of a clause that otherwise is one of those
//! texts, they were changed or added.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::library::{Files, PROPOSALS};

/// A shorter stretch is part of a condition, or a word of a list.
const SHORTEST: usize = 12;

/// The texts in the program of each clause, the base and the proposal, each as [`plain`] and [`joined`] have it.
static TEXTS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let files = Files::embedded_clauses();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files.paths() {
        let Ok(source) = files.text(path) else { continue };
        let clause = path.trim_start_matches(PROPOSALS).to_owned();
        texts.entry(clause).or_default().push(joined(&plain(&source.text)));
    }
    texts
});

/// The sentences of a clause's file that none of the program's texts of the clause has. None of a clause that the
/// program does not have, or of which it has less than half.
pub fn unknown(path: &str, source: &str) -> Vec<Range<usize>> {
    let Some(known) = TEXTS.get(path) else { return Vec::new() };
    let plain = plain(source);
    let sentences = sentences(&plain);
    let count = sentences.len();
    let is_unknown = |sentence: &Range<usize>| {
        let sentence = joined(&plain[sentence.clone()]);
        known.iter().all(|text| !text.contains(&sentence))
    };
    let unknown: Vec<Range<usize>> = sentences.into_iter().filter(is_unknown).collect();
    if unknown.len() * 2 > count { Vec::new() } else { unknown }
}

/// A clause's file with blanks in place of its metadata and remarks, so that each place is where it was.
fn plain(source: &str) -> String {
    let blank = |text: &str| -> String {
        text.chars()
            .flat_map(|c| std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8()))
            .collect()
    };
    let body = source.find("*/").map_or(0, |end| end + 2);
    let mut plain = blank(&source[..body]);
    for line in source[body..].split_inclusive('\n') {
        if line.trim_start().starts_with("//") {
            plain += &blank(line);
        } else {
            plain += line;
        }
    }
    plain
}

/// A text with single blanks.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of a file, without the white around them: they end with a sign, a paragraph or an item.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let after = &text[end..];
        let is_end = match letter {
            '.' | '!' | '?' | ';' => after.starts_with(char::is_whitespace),
            '\n' => after.trim_start_matches(' ').starts_with(['\n', '-', '#', ']']),
            _ => false,
        };
        if is_end || after.is_empty() {
            let sentence = &text[start..end];
            let from = start + (sentence.len() - sentence.trim_start().len());
            let until = start + sentence.trim_end().len();
            if until.saturating_sub(from) >= SHORTEST {
                sentences.push(from..until);
            }
            start = end;
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_added_sentence_is_unknown_and_no_other() {
        let path = "articles/security.typ";
        let files = Files::embedded_clauses();
        for known in [path.to_owned(), format!("{PROPOSALS}{path}")] {
            let text = files.text(&known).expect("a clause of the program").text.clone();
            assert!(unknown(path, &text).is_empty(), "{known}");
            let changed = text.replace(
                "per opdracht verschillen.",
                "per dag verschillen. Of niet, dat zien we dan.",
            );
            let found: Vec<&str> =
                unknown(path, &changed).into_iter().map(|range| &changed[range]).collect();
            let expected =
                ["De maatregelen kunnen per dag verschillen.", "Of niet, dat zien we dan."];
            assert_eq!(found, expected, "{known}");
        }
        assert!(unknown(path, "/**/\nEen heel andere tekst.\nEn nog een zin.").is_empty());
        assert!(unknown("articles/eigen.typ", "/**/\nEen eigen tekst.").is_empty());
    }
}
