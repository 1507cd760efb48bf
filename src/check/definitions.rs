//! Defined terms: used without a definition, defined without a use, defined where this contract has nothing,
//! and words that are spelt in two ways. Only what was typed in clauses counts; a client's name is no term.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Display;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::corpus::{Corpus, Selection, Variant};
use super::finding::{Fault, Faults};
use super::rules::{Rules, Words};
use super::say::say;
use crate::party::Party;

/// A word: letters, with hyphens and apostrophes inside.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\p{L}[\p{L}\p{M}\d]*(?:[-’'][\p{L}\d]+)*")
        .expect("a constant pattern, which tests compile")
});

/// A definition in a text.
struct Definition {
    term: String,
    at: Range<usize>,
    whole: Range<usize>,
}

/// A word with a capital, or an abbreviation.
struct Name {
    text: String,
    at: Range<usize>,
}

/// What a text defines, and which names it uses.
struct NamesAndWords {
    definitions: Vec<Definition>,
    names: Vec<Name>,
    words: Vec<Word>,
}

/// A word that was typed.
struct Word {
    at: Range<usize>,
    /// Without its plural.
    stem: String,
    /// Without what spellings differ in, either.
    folded: String,
}

pub fn check(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    let words = &rules.words;
    let terms: Vec<NamesAndWords> =
        corpus.variants.iter().map(|variant| terms(variant, words)).collect();
    let known = Known::new(&terms);
    for (number, selection) in corpus.selections.iter().enumerate() {
        undefined(corpus, words, &terms, &known, (number, selection), faults);
        defined(corpus, &terms, (number, selection), faults);
        spelling(corpus, &terms, &known, (number, selection), faults);
    }
}

/// What any text of the library defines.
struct Known {
    stems: HashSet<String>,
    /// Each without what spellings differ in, and its stem; those of a few letters are left out.
    folded: BTreeSet<(String, String)>,
}

impl Known {
    fn new(terms: &[NamesAndWords]) -> Self {
        let definitions = terms.iter().flat_map(|terms| &terms.definitions);
        let stems: HashSet<String> = definitions.map(|definition| stem(&definition.term)).collect();
        let folded = stems.iter().map(|stem| (folded(stem), stem.clone()));
        let folded = folded.filter(|(folded, _)| folded.len() > 4).collect();
        Self { stems, folded }
    }
}

fn terms(variant: &Variant<'_>, words: &Words) -> NamesAndWords {
    let text = &variant.text.text;
    let mut definitions: Vec<Definition> = Vec::new();
    for pattern in &words.definitions {
        for found in pattern.captures_iter(text) {
            let (Some(whole), Some(term)) = (found.get(0), found.name("term")) else { continue };
            if variant.text.is_literal(&term.range()) {
                let term_text = term.as_str().trim().to_owned();
                definitions.push(Definition {
                    term: term_text,
                    at: term.range(),
                    whole: whole.range(),
                });
            }
        }
    }
    NamesAndWords { definitions, names: names(variant, words), words: typed_words(variant) }
}

/// The names in the middle of sentences, and the abbreviations anywhere.
fn names(variant: &Variant<'_>, words: &Words) -> Vec<Name> {
    let text = &variant.text.text;
    let mut names: Vec<Name> = Vec::new();
    for word in WORD.find_iter(text) {
        if !variant.text.is_literal(&word.range()) || text[..word.start()].ends_with('@') {
            continue;
        }
        let head = word.as_str().split(['-', '’', '\'']).next().unwrap_or_default();
        let before = text[..word.start()].trim_end_matches([' ', '“', '‘', '"', '(']);
        let is_first =
            before.is_empty() || before.ends_with(['.', '!', '?', ':', ';', '\n', '-', '–']);
        let at = word.start()..word.start() + head.len();
        if is_abbreviation(head) {
            names.push(Name { text: head.to_owned(), at });
        } else if !is_first && head.starts_with(char::is_uppercase) {
            let joined = names.last_mut().filter(|last| {
                !is_abbreviation(&last.text) && text.get(last.at.end..word.start()) == Some(" ")
            });
            match joined {
                Some(last) => {
                    last.text.push(' ');
                    last.text.push_str(word.as_str());
                    last.at.end = word.end();
                }
                None => names.push(Name { text: word.as_str().to_owned(), at: word.range() }),
            }
        }
    }
    // What the trade knows, alone or after another name.
    names.retain_mut(|name| {
        for known in &words.names {
            if let Some(rest) = name.text.strip_suffix(known.as_str()) {
                name.text = rest.trim_end().to_owned();
            }
        }
        let is_part = |known: &String| known.split(' ').any(|part| part == name.text);
        !name.text.is_empty() && !words.names.iter().any(is_part)
    });
    names
}

fn is_abbreviation(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

/// The beginning that a word shares with its plural and its compounds.
fn stem(term: &str) -> String {
    let lower = term.to_lowercase();
    let short = ["en", "'s", "’s", "s", "n"].iter().find_map(|end| lower.strip_suffix(end));
    short.filter(|short| short.chars().count() > 4).map_or(lower.clone(), str::to_owned)
}

fn undefined(
    corpus: &Corpus<'_>,
    words: &Words,
    terms: &[NamesAndWords],
    known: &Known,
    (number, selection): (usize, &Selection),
    faults: &mut Faults<'_>,
) {
    let contents = &corpus.library.contents;
    let Party { name, address, city, country, .. } = &contents.processor;
    let details: Vec<&String> =
        [address, city, country].into_iter().flatten().chain([name]).collect();
    let is_known = |name: &str| {
        words.placeholder.is_match(name)
            || words.abbreviations.iter().any(|known| known == name)
            || known.stems.contains(&stem(name))
            || details
                .iter()
                .any(|detail| *detail == name || detail.split(' ').any(|part| part == name))
            || stem(&contents.title).contains(&stem(name))
    };
    let mut reported = BTreeSet::new();
    for (index, variant) in corpus.texts(selection) {
        for name in &terms[index].names {
            if !is_known(&name.text) && reported.insert(stem(&name.text)) {
                let message = say("term-undefined", &[("term", &name.text)]);
                let fault = Fault::at("term-undefined", message, variant, &name.at)
                    .hint(say("term-undefined.hint", &[]));
                faults.add(fault, [number]);
            }
        }
    }
}

/// Looks whether each definition is used, once, and in a contract that has it.
fn defined(
    corpus: &Corpus<'_>,
    terms: &[NamesAndWords],
    (number, selection): (usize, &Selection),
    faults: &mut Faults<'_>,
) {
    let texts: Vec<(usize, &Variant<'_>, String)> = corpus
        .texts(selection)
        .map(|(index, variant)| (index, variant, variant.text.text.to_lowercase()))
        .collect();
    let mut here: BTreeMap<String, (usize, &Definition)> = BTreeMap::new();
    for (index, variant, _) in &texts {
        for definition in &terms[*index].definitions {
            let stem = stem(&definition.term);
            if let Some((first, earlier)) = here.get(&stem) {
                let message = say("term-twice", &[("term", &definition.term)]);
                let there = corpus.variants[*first].place(&earlier.at);
                let fault = Fault::at("term-twice", message, variant, &definition.at)
                    .related(there, say("term-twice.there", &[]))
                    .hint(say("term-twice.hint", &[]));
                faults.add(fault, [number]);
                continue;
            }
            here.insert(stem.clone(), (*index, definition));
            let is_used = texts.iter().any(|(other, variant, text)| {
                let is_outside = |at: usize| other != index || !definition.whole.contains(&at);
                // Letter case can change how long a text is; then its places say nothing.
                let has_places = text.len() == variant.text.text.len();
                let folded = folded(&stem);
                text.match_indices(&stem).any(|(at, _)| !has_places || is_outside(at))
                    || terms[*other]
                        .words
                        .iter()
                        .any(|word| word.folded.contains(&folded) && is_outside(word.at.start))
            });
            if !is_used {
                let message = say("term-unused", &[("term", &definition.term)]);
                let fault = Fault::at("term-unused", message, variant, &definition.at)
                    .hint(say("term-unused.hint", &[]));
                faults.add(fault, [number]);
            }
        }
    }
    let paths: HashSet<&str> = texts.iter().map(|(_, here, _)| &*here.clause.path).collect();
    for (index, terms) in terms.iter().enumerate() {
        let variant = &corpus.variants[index];
        if terms.definitions.is_empty() || paths.contains(&*variant.clause.path) {
            continue;
        }
        for definition in &terms.definitions {
            let stem = stem(&definition.term);
            let is_defined = here.contains_key(&stem);
            let user = texts.iter().find_map(|(_, variant, text)| {
                let at = text.find(&stem)?;
                (text.len() == variant.text.text.len()).then_some((variant, at..at + stem.len()))
            });
            if let (false, Some((user, at))) = (is_defined, user) {
                let values: [(&str, &dyn Display); 2] =
                    [("term", &definition.term), ("part", &variant.part())];
                let fault = Fault::at("term-left-out", say("term-left-out", &values), user, &at)
                    .related(variant.place(&definition.at), say("term-left-out.there", &[]))
                    .hint(say("term-left-out.hint", &[]));
                faults.add(fault, [number]);
            }
        }
    }
}

/// A word without what spellings differ in.
fn folded(word: &str) -> String {
    let plain = |letter: char| match letter {
        'ä' | 'á' | 'à' => 'a',
        'ë' => 'e',
        'ï' => 'i',
        'ö' => 'o',
        'ü' => 'u',
        '’' => '\'',
        other => other,
    };
    word.to_lowercase().chars().filter(|letter| *letter != '-').map(plain).collect()
}

fn spelling(
    corpus: &Corpus<'_>,
    terms: &[NamesAndWords],
    known: &Known,
    (number, selection): (usize, &Selection),
    faults: &mut Faults<'_>,
) {
    let mut first: HashMap<&str, (&Word, usize)> = HashMap::new();
    let mut reported = HashSet::new();
    for (index, variant) in corpus.texts(selection) {
        for word in &terms[index].words {
            let (earlier, at) = *first.entry(&word.folded).or_insert((word, index));
            // A defined term in a compound is known by its definition.
            let is_compound = known.folded.iter().find(|(folded, term)| {
                word.folded.contains(folded) && !word.stem.contains(term) && word.folded != *folded
            });
            let fault = |other: &str| {
                let written = &variant.text.text[word.at.clone()];
                let message = say("term-spelling", &[("written", &written), ("other", &other)]);
                Fault::at("term-spelling", message, variant, &word.at)
                    .hint(say("term-spelling.hint", &[]))
            };
            if earlier.stem != word.stem && reported.insert(&word.folded) {
                let there = corpus.variants[at].place(&earlier.at);
                faults.add(
                    fault(&earlier.stem).related(there, say("term-spelling.there", &[])),
                    [number],
                );
            } else if let Some((_, term)) = is_compound.filter(|_| reported.insert(&word.folded)) {
                faults.add(fault(term), [number]);
            }
        }
    }
}

/// The words that were typed, those of a few letters left out.
fn typed_words(variant: &Variant<'_>) -> Vec<Word> {
    let text = &variant.text.text;
    let words = WORD.find_iter(text).filter(|word| {
        // A hyphen at the end stands for the rest of another word.
        let is_cut = text[word.end()..].starts_with('-');
        word.len() > 4 && !is_cut && variant.text.is_literal(&word.range())
    });
    words
        .map(|word| {
            let stem = stem(word.as_str()).replace('’', "'");
            Word { at: word.range(), folded: folded(&stem), stem }
        })
        .collect()
}
