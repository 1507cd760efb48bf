//! The differences between two paragraphs, word by word, in as few and as readable runs as can be.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A stretch of text that both sides have, or one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Which side has it.
    pub kind: RunKind,
    /// The text.
    pub text: String,
}

/// Which side has a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// Both.
    Equal,
    /// The old one.
    Deleted,
    /// The new one.
    Inserted,
}

/// Of more pairs of words than this, no way between two texts is looked for: the one replaces the other.
const MOST_PAIRS: usize = 16_000_000;

/// A word or a sign, with the white after it.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    word: &'a str,
    white: &'a str,
}

/// The runs that lead from one text to the other. Texts of as many lines are compared line by line, as the
/// cells of a row are.
#[must_use]
pub fn runs(old: &str, new: &str) -> Vec<Run> {
    let (old_lines, new_lines) =
        (old.split('\n').collect::<Vec<_>>(), new.split('\n').collect::<Vec<_>>());
    let mut runs = Vec::new();
    if old_lines.len() == new_lines.len() {
        for (at, (old, new)) in old_lines.into_iter().zip(new_lines).enumerate() {
            if at > 0 {
                push(&mut runs, RunKind::Equal, "\n");
            }
            for run in joined(line_runs(old, new)) {
                push(&mut runs, run.kind, &run.text);
            }
        }
    } else {
        runs = joined(line_runs(old, new));
    }
    runs
}

/// The text as one run that only one side has.
pub fn whole(kind: RunKind, text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    push(&mut runs, kind, text);
    runs
}

/// The words of a text, without signs and white.
pub fn words(text: &str) -> Vec<&str> {
    let words = tokens(text).into_iter().map(|token| token.word);
    words.filter(|word| word.contains(char::is_alphanumeric)).collect()
}

/// How alike two texts are, by the words that they have in common in the same order: from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a text has far fewer words than a f32 can count")]
pub fn likeness(old: &[&str], new: &[&str]) -> f32 {
    let all = old.len() + new.len();
    if all == 0 {
        return 1.0;
    }
    if old.len() * new.len() > MOST_PAIRS {
        return 0.0;
    }
    let equal: usize = capture_diff_slices(Algorithm::Myers, old, new)
        .iter()
        .map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 })
        .sum();
    (2 * equal) as f32 / all as f32
}

fn line_runs(old: &str, new: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    if old == new {
        push(&mut runs, RunKind::Equal, old);
        return runs;
    }
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    if old_tokens.len() * new_tokens.len() > MOST_PAIRS {
        push(&mut runs, RunKind::Deleted, old);
        push(&mut runs, RunKind::Inserted, new);
        return runs;
    }
    let only_words = |tokens: &[Token<'_>]| -> Vec<String> {
        tokens.iter().map(|token| token.word.to_owned()).collect()
    };
    let ops =
        capture_diff_slices(Algorithm::Myers, &only_words(&old_tokens), &only_words(&new_tokens));
    for op in ops {
        for at in op.old_range().clone() {
            if let DiffOp::Equal { old_index, new_index, .. } = op {
                let (old, new) = (old_tokens[at], new_tokens[new_index + at - old_index]);
                push(&mut runs, RunKind::Equal, old.word);
                if old.white == new.white {
                    push(&mut runs, RunKind::Equal, old.white);
                } else {
                    push(&mut runs, RunKind::Deleted, old.white);
                    push(&mut runs, RunKind::Inserted, new.white);
                }
            } else {
                push(&mut runs, RunKind::Deleted, old_tokens[at].word);
                push(&mut runs, RunKind::Deleted, old_tokens[at].white);
            }
        }
        if !matches!(op, DiffOp::Equal { .. }) {
            for token in &new_tokens[op.new_range()] {
                push(&mut runs, RunKind::Inserted, token.word);
                push(&mut runs, RunKind::Inserted, token.white);
            }
        }
    }
    runs
}

fn push(runs: &mut Vec<Run>, kind: RunKind, text: &str) {
    match runs.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.kind == kind => last.text.push_str(text),
        _ => runs.push(Run { kind, text: text.to_owned() }),
    }
}

/// Words and signs. A word keeps the signs inside it: `AI-agents`, `2026/041`, `@annex-security`.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if is_of_word(first) {
            word_length(rest)
        } else if first.is_whitespace() {
            0
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        let white = after.len() - after.trim_start().len();
        let (white, after) = after.split_at(white);
        tokens.push(Token { word, white });
        rest = after;
    }
    tokens
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '@'
}

/// How long the word is at the beginning of a text: a sign is of it if a letter follows.
fn word_length(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let is_inside = !letter.is_whitespace()
            && !"()[]{}<>\"“”„;!?".contains(letter)
            && letters.peek().is_some_and(|(_, next)| is_of_word(*next));
        if !is_of_word(letter) && !is_inside {
            return at;
        }
    }
    text.len()
}

/// A stretch that is equal, or one that changed: what it was and what it is.
enum Stretch {
    Equal(String),
    Changed { old: String, new: String },
}

/// Joins changes that only a few equal words divide, so that a reader sees one change and no confetti.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut stretches = stretches(runs);
    while let Some(at) =
        (1..stretches.len().saturating_sub(1)).find(|at| is_confetti(&stretches, *at))
    {
        let mut three = stretches.splice(at - 1..=at + 1, []);
        let (mut old, mut new) = (String::new(), String::new());
        for stretch in three.by_ref() {
            match stretch {
                Stretch::Equal(text) => {
                    old.push_str(&text);
                    new.push_str(&text);
                }
                Stretch::Changed { old: was, new: is } => {
                    old.push_str(&was);
                    new.push_str(&is);
                }
            }
        }
        drop(three);
        stretches.insert(at - 1, Stretch::Changed { old, new });
    }
    let mut runs = Vec::new();
    for stretch in stretches {
        match stretch {
            Stretch::Equal(text) => push(&mut runs, RunKind::Equal, &text),
            Stretch::Changed { old, new } => {
                let white = white_at_both_ends(&old, &new);
                push(&mut runs, RunKind::Deleted, &old[..old.len() - white.len()]);
                push(&mut runs, RunKind::Inserted, &new[..new.len() - white.len()]);
                push(&mut runs, RunKind::Equal, white);
            }
        }
    }
    runs
}

/// The white that both texts end with: it did not change.
fn white_at_both_ends<'a>(old: &'a str, new: &str) -> &'a str {
    let white = &old[old.trim_end().len()..];
    if new.ends_with(white) { white } else { "" }
}

fn stretches(runs: Vec<Run>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for Run { kind, text } in runs {
        match (kind, stretches.last_mut()) {
            (RunKind::Equal, _) => stretches.push(Stretch::Equal(text)),
            (RunKind::Deleted, Some(Stretch::Changed { old, .. })) => old.push_str(&text),
            (RunKind::Inserted, Some(Stretch::Changed { new, .. })) => new.push_str(&text),
            (RunKind::Deleted, _) => {
                stretches.push(Stretch::Changed { old: text, new: String::new() });
            }
            (RunKind::Inserted, _) => {
                stretches.push(Stretch::Changed { old: String::new(), new: text });
            }
        }
    }
    stretches
}

/// Whether the equal stretch between two changes is too short to be read on its own: no word, one short word,
/// or two words that are no longer than the changes beside them.
fn is_confetti(stretches: &[Stretch], at: usize) -> bool {
    let (
        Stretch::Changed { old, new },
        Stretch::Equal(equal),
        Stretch::Changed { old: was, new: is },
    ) = (&stretches[at - 1], &stretches[at], &stretches[at + 1])
    else {
        return false;
    };
    let letters = |text: &str| text.trim().chars().count();
    let shortest = letters(old).max(letters(new)).min(letters(was).max(letters(is)));
    match words(equal).len() {
        0 => true,
        1 => letters(equal) <= shortest.max(3),
        2 => letters(equal) <= shortest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs as a person writes them: `[-deleted-]{+inserted+}`.
    fn shown(old: &str, new: &str) -> String {
        let runs = runs(old, new);
        let side = |other: RunKind| -> String {
            runs.iter().filter(|run| run.kind != other).map(|run| run.text.as_str()).collect()
        };
        assert_eq!((side(RunKind::Inserted), side(RunKind::Deleted)), (old.into(), new.into()));
        let show = |run: &Run| match run.kind {
            RunKind::Equal => run.text.clone(),
            RunKind::Deleted => format!("[-{}-]", run.text),
            RunKind::Inserted => format!("{{+{}+}}", run.text),
        };
        runs.iter().map(show).collect()
    }

    #[test]
    fn runs_are_whole_words_and_readable() {
        for (old, new, expected) in [
            ("Binnen 24 uur.", "Binnen 36 uur.", "Binnen [-24-]{+36+} uur."),
            ("Ja, en nee", "Ja en nee", "Ja[-,-] en nee"),
            ("Een. Twee.", "Een.", "Een.[- Twee.-]"),
            ("Een.", "Een. Twee.", "Een.{+ Twee.+}"),
            ("zie @security.", "zie @annex-security.", "zie [-@security-]{+@annex-security+}."),
            ("AI-agents met data", "AI-systemen met data", "[-AI-agents-]{+AI-systemen+} met data"),
            ("", "Nieuw.", "{+Nieuw.+}"),
            ("a b", "a  b", "a{+ +} b"),
            (
                "ten minste dertig dagen van tevoren gemeld",
                "uiterlijk veertien werkdagen vooraf gemeld",
                "[-ten minste dertig dagen van tevoren-]{+uiterlijk veertien werkdagen vooraf+} gemeld",
            ),
            (
                "de oude afspraak van het jaar geldt",
                "de nieuwe regeling van dit seizoen geldt",
                "de [-oude afspraak van het jaar-]{+nieuwe regeling van dit seizoen+} geldt",
            ),
            ("Hosting\nNL\nopslag", "Hosting\nDE\nopslag", "Hosting\n[-NL-]{+DE+}\nopslag"),
            ("a\nb", "a\nc\nb", "a\n{+c\n+}b"),
        ] {
            assert_eq!(shown(old, new), expected);
        }
    }

    #[test]
    fn likeness_is_of_words() {
        let of = |old: &str, new: &str| likeness(&words(old), &words(new));
        assert!((of("a b c d", "a b c e") - 0.75).abs() < 0.01);
        assert!((of("Een, twee!", "Een twee") - 1.0).abs() < 0.01);
        assert!(of("Een twee", "drie vier") < 0.01);
    }
}
