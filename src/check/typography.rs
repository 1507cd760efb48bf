//! What a careful typist would have seen: double spaces, straight quotes, placeholders, lists that nothing
//! leads in.

use std::ops::Range;
use std::sync::Arc;

use typst::syntax::{LinkedNode, SyntaxKind};

use super::corpus::{Corpus, Variant, clauses, source};
use super::finding::{Fault, Faults, place};
use super::rules::{Rules, Words};
use super::say::say;
use super::subjects::SAMPLE_NAME;
use crate::diagnostic::Source;
use crate::input;

pub fn check(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    for (index, variant) in corpus.variants.iter().enumerate() {
        for fault in lists(variant, &rules.words).into_iter().chain(placeholders(variant, rules)) {
            faults.add(fault, corpus.with_variant(index));
        }
    }
    for (clause, _) in clauses(corpus.library) {
        let source = source(corpus.library, &clause.path);
        let part = clause.path.trim_end_matches(".typ");
        for range in double_spaces(&source.text) {
            faults.everywhere(double_space(&source, range, part));
        }
    }
    for (number, selection) in corpus.selections.iter().enumerate() {
        let file = selection.contract.client_file.as_ref();
        if let Some(file) = file.filter(|file| file.name != SAMPLE_NAME) {
            for fault in placeholder_values(file, "client", rules) {
                faults.add(fault, [number]);
            }
        }
    }
    for name in ["contract.toml", "services.toml"] {
        values(&source(corpus.library, name), name, rules, faults);
    }
}

/// Each list whose paragraph before does not lead it in.
fn lists(variant: &Variant<'_>, words: &Words) -> Vec<Fault> {
    let mut before: Option<(Range<usize>, &str)> = None;
    let mut faults = Vec::new();
    for (range, line) in variant.text.lines() {
        let is_item = variant.text.items.contains(&range.start);
        let is_first =
            before.as_ref().is_none_or(|(above, _)| !variant.text.items.contains(&above.start));
        if is_item && is_first {
            let is_led_in = before.as_ref().is_some_and(|(_, above)| words.lead_in.is_match(above));
            if !is_led_in {
                let message = say("list-without-lead-in", &[("item", &line)]);
                let fault = Fault::at("list-without-lead-in", message, variant, &range);
                faults.push(fault.hint(say("list-without-lead-in.hint", &[])));
            }
        }
        before = Some((range, line));
    }
    faults
}

fn placeholders(variant: &Variant<'_>, rules: &Rules) -> Vec<Fault> {
    let found = rules.words.placeholder.find_iter(&variant.text.text);
    let found = found.filter(|found| variant.text.is_literal(&found.range()));
    found
        .map(|found| {
            let message = say("placeholder", &[("found", &found.as_str())]);
            Fault::at("placeholder", message, variant, &found.range())
                .hint(say("placeholder.hint", &[]))
        })
        .collect()
}

/// The values of a TOML file that were left open.
fn placeholder_values<'f>(
    source: &'f Arc<Source>,
    part: &'f str,
    rules: &'f Rules,
) -> impl Iterator<Item = Fault> + 'f {
    input::values(source).into_iter().filter_map(move |(range, value)| {
        let found = rules.words.placeholder.find(&value)?;
        let message = say("placeholder", &[("found", &found.as_str())]);
        let fault = Fault::new("placeholder", message, place(source, range), part);
        Some(fault.text(value.clone()).hint(say("placeholder.value", &[])))
    })
}

/// The texts of a TOML file of the library.
fn values(source: &Arc<Source>, part: &str, rules: &Rules, faults: &mut Faults<'_>) {
    for fault in placeholder_values(source, part, rules) {
        faults.everywhere(fault);
    }
    for (range, value) in input::values(source) {
        let at = || place(source, range.clone());
        if value.contains("  ") {
            faults.everywhere(double_space(source, range.clone(), part));
        }
        if value.contains(['"', '\'']) {
            let message = say("straight-quote", &[("value", &value)]);
            let fault = Fault::new("straight-quote", message, at(), part);
            faults.everywhere(fault.hint(say("straight-quote.hint", &[])));
        }
    }
}

fn double_space(source: &Arc<Source>, range: Range<usize>, part: &str) -> Fault {
    Fault::new("double-space", say("double-space", &[]), place(source, range), part)
        .hint(say("double-space.hint", &[]))
}

/// The runs of spaces inside the lines of a clause's text.
fn double_spaces(text: &str) -> Vec<Range<usize>> {
    fn visit(node: &LinkedNode<'_>, found: &mut Vec<Range<usize>>) {
        let is_text = node.parent().is_some_and(|parent| parent.kind() == SyntaxKind::Markup);
        if is_text && node.kind() == SyntaxKind::Space {
            let text = node.get().leaf_text();
            // Before a remark, spaces are as many as it takes.
            let next = node.next_sibling();
            let is_remark = next.is_some_and(|next| {
                matches!(next.kind(), SyntaxKind::LineComment | SyntaxKind::BlockComment)
            });
            if text.len() > 1 && !text.contains('\n') && !is_remark {
                found.push(node.range());
            }
        }
        node.children().for_each(|child| visit(&child, found));
    }
    let root = typst::syntax::parse(text);
    let mut found = Vec::new();
    visit(&LinkedNode::new(&root), &mut found);
    found
}
