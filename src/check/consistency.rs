//! Clauses that settle one thing in two ways, and a contract that names no time.

use std::collections::BTreeSet;
use std::ops::Range;

use regex::Regex;

use super::corpus::{Corpus, Selection, Variant};
use super::finding::{Fault, Faults, place};
use super::rules::Rules;
use super::say::{Said as Text, say};

pub fn check(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    for (number, selection) in corpus.selections.iter().enumerate() {
        agreements(corpus, rules, (number, selection), faults);
        times(corpus, rules, (number, selection), faults);
    }
}

/// What a clause says of the thing that is to be compared, and where.
type Said<'v> = (&'v Variant<'v>, Range<usize>, BTreeSet<String>);

fn agreements(
    corpus: &Corpus<'_>,
    rules: &Rules,
    (number, selection): (usize, &Selection),
    faults: &mut Faults<'_>,
) {
    let requirements = corpus.library.requirements.all.iter().zip(&rules.requirements);
    for ((id, requirement), patterns) in requirements {
        for (agree, (pattern, unless)) in requirement.agree.iter().zip(&patterns.agree) {
            // A sentence that gives one of them precedence settles it.
            let settles = |text: &str| unless.as_ref().is_some_and(|it| it.is_match(text));
            if corpus.texts(selection).any(|(_, variant)| settles(&variant.text.text)) {
                continue;
            }
            let claiming = corpus.texts(selection).filter(|(_, v)| v.clause.covers.contains(id));
            let said: Vec<Said<'_>> = claiming
                .filter_map(|(_, variant)| match pattern {
                    Some(pattern) => captured(variant, pattern),
                    None => items(variant),
                })
                .collect();
            let Some(((first, at, what), others)) = said.split_first() else {
                continue;
            };
            let Some((other, elsewhere, _)) = others.iter().find(|(_, _, said)| said != what)
            else {
                continue;
            };
            let message =
                say("clauses-disagree", &[("one", &first.part()), ("other", &other.part())])
                    .with("why", &Text::or_english(&agree.why, agree.why_nl.as_deref()));
            // What the catalogue brings was typed in no clause.
            let there = match other.text.typed(elsewhere) {
                Some(_) => other.place(elsewhere),
                None => other.claim(id),
            };
            let fault = Fault::at("clauses-disagree", message, first, at)
                .related(there, say("clauses-disagree.there", &[]))
                .hint(say("clauses-disagree.hint", &[]));
            faults.add(fault, [number]);
        }
    }
}

fn captured<'v>(variant: &'v Variant<'v>, pattern: &Regex) -> Option<Said<'v>> {
    let found = pattern.captures(&variant.text.text)?;
    let what = found.get(1).map_or("", |group| group.as_str());
    let words =
        what.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    Some((variant, found.get_match().range(), words))
}

/// The items of a clause's lists.
fn items<'v>(variant: &'v Variant<'v>) -> Option<Said<'v>> {
    let lines = variant.text.lines().filter(|(range, _)| variant.text.items.contains(&range.start));
    let lines: Vec<(Range<usize>, &str)> = lines.collect();
    let (first, _) = lines.first()?.clone();
    let what = lines.iter().map(|(_, line)| line.to_lowercase()).collect();
    Some((variant, first, what))
}

fn times(
    corpus: &Corpus<'_>,
    rules: &Rules,
    (number, selection): (usize, &Selection),
    faults: &mut Faults<'_>,
) {
    // The number may be a term that was set; what a client file says of times is no time of the clauses.
    let says_a_time = |variant: &Variant<'_>| {
        let mut found = rules.words.time_limit.find_iter(&variant.text.text);
        found.any(|found| variant.text.is_literal(&(found.end() - 1..found.end())))
    };
    if corpus.texts(selection).any(|(_, variant)| says_a_time(variant)) {
        return;
    }
    let contents = &corpus.library.contents.source;
    let message = say("no-time-limit", &[]);
    let fault = Fault::new("no-time-limit", message, place(contents, 0..0), "contract.toml");
    faults.add(fault.hint(say("no-time-limit.hint", &[])), [number]);
}
