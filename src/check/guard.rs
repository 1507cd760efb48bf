//! The guard for what nobody has read: it points at sentences that a reader must look at, and judges none.
//!
//! Of a clause that no lawyer approved, it marks the sentences that serve as evidence and have a word that can turn
//! them round or narrow them, those that give the processor a right of its own, and those that were changed in a clause
//! that came with the program.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use regex::Regex;

use super::corpus::{Corpus, Variant};
use super::finding::{Fault, Faults};
use super::known;
use super::rules::{Look, Rules};
use super::say::say;

pub fn check(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    // What is changed in a clause's file is the same in all its texts.
    let mut unknown: HashMap<&str, Vec<Range<usize>>> = HashMap::new();
    for (index, variant) in corpus.variants.iter().enumerate() {
        if rules.standings.approved(variant.part()).is_some() {
            continue;
        }
        let path = &*variant.clause.path;
        let unknown =
            unknown.entry(path).or_insert_with(|| known::unknown(path, &variant.source.text));
        for fault in marked(corpus, variant, rules, unknown) {
            faults.add(fault, corpus.with_variant(index));
        }
    }
}

/// The sentences of a text that a reader must look at.
fn marked(
    corpus: &Corpus<'_>,
    variant: &Variant<'_>,
    rules: &Rules,
    unknown: &[Range<usize>],
) -> Vec<Fault> {
    let text = &variant.text.text;
    let plain = without(text, rules.guard.harmless.as_ref());
    // Few sentences have a word for which it is looked up.
    let evidence = LazyCell::new(|| evidence(corpus, variant, rules));
    let mut faults = Vec::new();
    for sentence in sentences(text) {
        // What a client file says is no sentence of a clause.
        if !variant.text.has_literal(&sentence) {
            continue;
        }
        let words = |pattern: &Option<Regex>| -> Vec<Range<usize>> {
            let found = pattern.iter().flat_map(|it| it.find_iter(&plain[sentence.clone()]));
            found.map(|it| sentence.start + it.start()..sentence.start + it.end()).collect()
        };
        let shown = |found: &[Range<usize>]| {
            let mut words: Vec<&str> = found.iter().map(|at| &text[at.clone()]).collect();
            words.dedup();
            let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
            words.join(", ")
        };
        let rights = words(&rules.guard.rights);
        let turns = words(&rules.guard.turns);
        let serves = LazyCell::new(|| -> BTreeSet<&str> {
            evidence.iter().filter(|(at, _)| sentence.contains(at)).map(|(_, id)| *id).collect()
        });
        let (code, found) = match (rights.is_empty(), turns.is_empty() || serves.is_empty()) {
            (false, _) => ("sentence-gives-right", rights),
            (true, false) => ("sentence-turned", turns),
            (true, true) => ("sentence-unknown", typed_in(variant, &sentence, unknown)),
        };
        if found.is_empty() {
            continue;
        }
        // The name of the processor is a value, also in a sentence that was typed.
        if !found.iter().any(|at| variant.text.is_literal(&(at.end - 1..at.end))) {
            continue;
        }
        let serves: Vec<String> = serves.iter().map(|id| (*id).to_owned()).collect();
        let listed = serves.join(", ");
        let message = say(code, &[("words", &shown(&found)), ("requirements", &listed)]);
        let fault = Fault::at(code, message, variant, &found[0]).serving(serves);
        faults.push(fault.hint(say(&format!("{code}.hint"), &[("part", &variant.part())])));
    }
    faults
}

/// The sentence, if it was typed in one of these places of the clause's file.
fn typed_in(
    variant: &Variant<'_>,
    sentence: &Range<usize>,
    places: &[Range<usize>],
) -> Vec<Range<usize>> {
    let is_there = |letter: &Range<usize>| {
        let place = variant.text.typed(letter).filter(|_| variant.text.is_literal(letter));
        place.is_some_and(|place| places.iter().any(|it| it.contains(&place.start)))
    };
    let letters = variant.text.text[sentence.clone()].char_indices();
    let letters = letters.filter(|(_, letter)| !places.is_empty() && !letter.is_whitespace());
    let mut letters = letters.map(|(at, letter)| {
        let start = sentence.start + at;
        start..start + letter.len_utf8()
    });
    let first = letters.find(is_there);
    first
        .map(|first| first.start..letters.rfind(is_there).unwrap_or(first).end)
        .into_iter()
        .collect()
}

/// Where the evidence for the requirements that a clause claims is found.
fn evidence<'c>(
    corpus: &'c Corpus<'_>,
    variant: &Variant<'_>,
    rules: &Rules,
) -> BTreeMap<usize, &'c str> {
    let mut found = BTreeMap::new();
    let requirements = corpus.library.requirements.all.keys().zip(&rules.requirements);
    for (id, patterns) in requirements.filter(|(id, _)| variant.clause.covers.contains(id)) {
        for look in patterns.evidence.iter().flatten() {
            if let Look::Text(pattern) = look {
                let places = pattern.find_iter(&variant.text.text);
                found.extend(places.map(|place| (place.start(), id.as_str())));
            }
        }
    }
    found
}

/// The sentences of a text, with their ends.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let is_end = letter == '\n'
            || (matches!(letter, '.' | '!' | '?') && text[end..].starts_with([' ', '\n']));
        if is_end || end == text.len() {
            sentences.push(start..end);
            start = end;
        }
    }
    sentences
}

/// The text with a blank for each byte of the phrases that do no harm, so that each place is where it was.
fn without(text: &str, harmless: Option<&Regex>) -> String {
    let mut plain = text.to_owned();
    for found in harmless.iter().flat_map(|pattern| pattern.find_iter(text)) {
        plain.replace_range(found.range(), &" ".repeat(found.len()));
    }
    plain
}
