//! References between clauses: to nothing, to what this contract leaves out, by number, and annexes that no
//! article mentions.

use std::collections::HashSet;
use std::ops::Range;

use super::corpus::{Corpus, Variant, clauses};
use super::finding::{Fault, Faults, place};
use super::rules::Rules;
use super::say::say;
use crate::input::Spanned;
use crate::typeset::ClauseText;

pub fn check(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    targets(corpus, faults);
    numbers(corpus, rules, faults);
    annexes(corpus, faults);
}

/// The references of a text, each with the label that it leads to.
fn references(text: &ClauseText) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.references.iter().map(|range| (range.clone(), &text.text[range.start + 1..range.end]))
}

/// What a reference can lead to: the clause, and its paragraphs that have a label.
fn labels(variant: &Variant<'_>) -> Vec<String> {
    let paragraphs = variant.text.labels.iter().map(|name| format!("{}.{name}", variant.label));
    [variant.label.clone()].into_iter().chain(paragraphs).collect()
}

fn targets(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    let mut known: HashSet<String> = clauses(corpus.library).map(|(_, label)| label).collect();
    known.extend(corpus.variants.iter().flat_map(labels));
    let of_selection = |selection| -> HashSet<String> {
        corpus.texts(selection).flat_map(|(_, variant)| labels(variant)).collect()
    };
    let in_selections: Vec<HashSet<String>> = corpus.selections.iter().map(of_selection).collect();
    for (index, variant) in corpus.variants.iter().enumerate() {
        let with_variant = corpus.with_variant(index);
        for (whole, target) in references(&variant.text) {
            let lacks = |number: &&usize| !in_selections[**number].contains(target);
            let lacking: Vec<usize> = with_variant.iter().filter(lacks).copied().collect();
            if lacking.is_empty() {
                continue;
            }
            let fault = if known.contains(target) {
                let message = say("ref-left-out", &[("target", &target)]);
                Fault::at("ref-left-out", message, variant, &whole)
                    .hint(say("ref-left-out.hint", &[("target", &target)]))
            } else {
                let message = say("ref-dangling", &[("target", &target)]);
                Fault::at("ref-dangling", message, variant, &whole)
                    .hint(say("ref-dangling.hint", &[]))
            };
            faults.add(fault, lacking);
        }
    }
}

fn numbers(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    for (index, variant) in corpus.variants.iter().enumerate() {
        let text = &variant.text.text;
        for found in rules.words.numbered.find_iter(text) {
            let is_of_a_law = rules.words.law.is_match(&text[found.end()..]);
            if !is_of_a_law && variant.text.is_literal(&found.range()) {
                let message = say("ref-by-number", &[("number", &found.as_str())]);
                let fault = Fault::at("ref-by-number", message, variant, &found.range())
                    .hint(say("ref-by-number.hint", &[]));
                faults.add(fault, corpus.with_variant(index));
            }
        }
    }
}

fn annexes(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    let contents = &corpus.library.contents;
    for (number, selection) in corpus.selections.iter().enumerate() {
        for (_, annex) in corpus.texts(selection).filter(|(_, variant)| variant.is_annex()) {
            let refers =
                |text: &ClauseText| references(text).any(|(_, target)| target == annex.label);
            let mut articles = corpus.texts(selection).filter(|(_, variant)| !variant.is_annex());
            if articles.any(|(_, article)| refers(&article.text)) {
                continue;
            }
            let entry = contents.annexes.iter().find(|id| *id.get_ref() == annex.clause.id);
            let at = place(&contents.source, entry.map_or(0..0, Spanned::span));
            let message = say("annex-unreferenced", &[("title", &annex.clause.title)]);
            let fault = Fault::new("annex-unreferenced", message, at, "contract.toml")
                .hint(say("annex-unreferenced.hint", &[("label", &annex.label)]));
            faults.add(fault, [number]);
        }
    }
}
