//! The catalogue of services and its clauses: rows that lack something or say the same, services that only a
//! clause names, clauses and conditions that come to nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::corpus::{Corpus, clauses, source};
use super::finding::{Fault, Faults, place};
use super::rules::Rules;
use super::say::{Said, say};
use super::subjects::Scope;
use crate::diagnostic::Place;
use crate::input;

/// A question of a clause whether a service is taken.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""([^"\n]*)"\s+(?:not\s+)?in\s+services\b"#)
        .expect("a constant pattern, which tests compile")
});

/// How alike two rows are that say the same: of their words together, so many are shared.
const ALIKE: f64 = 0.8;

pub fn check(corpus: &Corpus<'_>, rules: &Rules, scope: Scope, faults: &mut Faults<'_>) {
    empty_clauses(corpus, faults);
    conditions(corpus, faults);
    if scope == Scope::Library {
        incomplete(corpus, faults);
        same(corpus, faults);
        unlisted(corpus, rules, faults);
        unused_scope(corpus, faults);
        unnamed(corpus, faults);
    } else {
        renamed(corpus, faults);
        own_models(corpus, faults);
        same_measures(corpus, faults);
    }
}

fn empty_clauses(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    for (index, variant) in corpus.variants.iter().enumerate() {
        if variant.text.text.trim().is_empty() {
            let message = say("clause-empty", &[("part", &variant.part())]);
            let at = Place { source: variant.source.clone(), range: 0..0 };
            let fault = Fault::new("clause-empty", message, at, variant.part())
                .hint(say("clause-empty.hint", &[]));
            faults.add(fault, corpus.with_variant(index));
        }
    }
}

fn conditions(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    let known: Vec<&str> = corpus.library.catalogue.services.keys().map(String::as_str).collect();
    for (clause, _) in clauses(corpus.library) {
        let source = source(corpus.library, &clause.path);
        for found in CONDITION.captures_iter(&source.text) {
            let id = &found[1];
            if !known.contains(&id) {
                let message = say("condition-never", &[("service", &id)]);
                let at = place(&source, found.get(1).map_or(0..0, |id| id.range()));
                let part = clause.path.trim_end_matches(".typ");
                let hint = match crate::diagnostic::closest(id, &known) {
                    Some(close) => say("did-you-mean", &[("close", &close)]),
                    None => say("condition-never.hint", &[]),
                };
                faults.everywhere(Fault::new("condition-never", message, at, part).hint(hint));
            }
        }
    }
}

fn row_place(corpus: &Corpus<'_>, path: &[&str]) -> Place {
    let source = source(corpus.library, "services.toml");
    let range = input::locate(&source, path).unwrap_or(0..0);
    place(&source, range)
}

fn incomplete(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    let catalogue = &corpus.library.catalogue;
    let has_base = catalogue.measures.values().any(|measure| measure.base);
    for (id, service) in &catalogue.services {
        let parts = [
            ("data-categories", !service.data_categories.is_empty()),
            ("data-subjects", !service.data_subjects.is_empty()),
            ("measures", has_base || !service.measures.is_empty()),
            ("subprocessors", !service.subprocessors.is_empty()),
        ];
        for (key, is_there) in parts {
            if !is_there {
                let what = say(&format!("part-{key}"), &[]);
                let message = say("service-incomplete", &[("service", id)]).with("what", &what);
                let at = row_place(corpus, &["service", id]);
                let fault = Fault::new("service-incomplete", message, at, "services.toml");
                faults.everywhere(fault.hint(say("service-incomplete.hint", &[("key", &key)])));
            }
        }
    }
}

/// The words of a text.
fn words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a text has few words")]
fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let shared = one.intersection(&other).count();
    let all = one.union(&other).count();
    all > 0 && shared as f64 / all as f64 >= ALIKE
}

fn same(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    let catalogue = &corpus.library.catalogue;
    let measures = catalogue.measures.iter().map(|(id, measure)| (id, measure.text.clone()));
    let categories =
        |all: &indexmap::IndexMap<String, crate::library::Category>| -> Vec<(String, String)> {
            all.iter()
                .map(|(id, row)| (id.clone(), format!("{} {}", row.name, row.examples)))
                .collect()
        };
    let services = catalogue
        .services
        .iter()
        .map(|(id, service)| (id.clone(), format!("{} {}", service.processing, service.purpose)));
    let tables: [(&str, Vec<(String, String)>); 4] = [
        ("measure", measures.map(|(id, text)| (id.clone(), text)).collect()),
        ("data-category", categories(&catalogue.data_categories)),
        ("subprocessor-category", categories(&catalogue.subprocessor_categories)),
        ("service", services.collect()),
    ];
    for (table, rows) in tables {
        for (index, (id, text)) in rows.iter().enumerate() {
            if let Some((other, _)) = rows[..index].iter().find(|(_, other)| are_alike(text, other))
            {
                let (one, other_one) = (format!("{table}.{id}"), format!("{table}.{other}"));
                let message = say("says-the-same", &[("one", &one), ("other", &other_one)]);
                let fault = Fault::new(
                    "says-the-same",
                    message,
                    row_place(corpus, &[table, id]),
                    "services.toml",
                )
                .related(row_place(corpus, &[table, other]), say("says-the-same.there", &[]))
                .hint(say("says-the-same.hint", &[]));
                faults.everywhere(fault);
            }
        }
    }
}

/// Measures that a client agreed beside the same one of the library.
fn same_measures(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    for (number, selection) in corpus.selections.iter().enumerate() {
        let measures = &selection.contract.measures;
        let Some(file) = &selection.contract.client_file else {
            continue;
        };
        for (index, extra) in measures.extra.iter().enumerate() {
            let mut others =
                measures.base.iter().chain(&measures.services).chain(&measures.extra[..index]);
            if let Some(other) = others.find(|other| are_alike(extra, other)) {
                let values = input::values(file);
                let at = values
                    .iter()
                    .rfind(|(_, value)| value == extra)
                    .map_or(0..0, |(at, _)| at.clone());
                let message = say("measure-says-the-same", &[("other", other)]);
                let fault = Fault::new("says-the-same", message, place(file, at), "client");
                let hint = say("measure-says-the-same.hint", &[]);
                faults.add(fault.hint(hint).text(extra.clone()), [number]);
            }
        }
    }
}

/// Words of a service's `scope` that say nothing, as a misspelt one does.
fn unused_scope(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    for (id, word) in corpus.library.unused_scope() {
        let message = say("scope-unused", &[("word", &word), ("service", &id)]);
        let at = row_place(corpus, &["service", id, "scope"]);
        let fault = Fault::new("scope-unused", message, at, "services.toml")
            .hint(say("scope-unused.hint", &[]));
        faults.everywhere(fault);
    }
}

/// Categories of which the library names no sub-processor: the contracts' lists stay open.
fn unnamed(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    let library = corpus.library;
    let is_named =
        |id: &String| library.subprocessors.values().any(|it| it.categories.contains(id));
    let ids = library.catalogue.subprocessor_categories.keys().filter(|id| !is_named(id));
    let ids: Vec<&str> = ids.map(String::as_str).collect();
    if ids.is_empty() {
        return;
    }
    let categories = Said {
        en: crate::diagnostic::List(&ids, "and").to_string(),
        nl: crate::diagnostic::List(&ids, "en").to_string(),
    };
    let message = say("subprocessors-unnamed", &[]).with("categories", &categories);
    let at = place(&source(library, "subprocessors.toml"), 0..0);
    let fault = Fault::new("subprocessors-unnamed", message, at, "subprocessors.toml")
        .hint(say("subprocessors-unnamed.hint", &[]));
    faults.everywhere(fault);
}

/// Keys of client files that have another name now.
fn renamed(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    for (number, selection) in corpus.selections.iter().enumerate() {
        for note in &selection.contract.notes {
            let Some(at) = note.place.clone() else { continue };
            let mut fault = Fault::new("key-renamed", note.message.as_str(), at, "client");
            if let Some(hint) = note.hints.first() {
                fault = fault.hint(hint.as_str());
            }
            faults.add(fault, [number]);
        }
    }
}

/// Clients that usually bring a contract of their own.
fn own_models(corpus: &Corpus<'_>, faults: &mut Faults<'_>) {
    for (number, selection) in corpus.selections.iter().enumerate() {
        let contract = &selection.contract;
        let (Some(client), Some(file)) = (&contract.client, &contract.client_file) else {
            continue;
        };
        let Some(model) = corpus.library.parties.own_model(&client.name) else { continue };
        let note = Said::or_english(&model.note, model.note_nl.as_deref());
        let at = input::locate(file, &["client", "name"]).unwrap_or(0..0);
        let fault = Fault::new(
            "own-model",
            say("own-model", &[]).with("note", &note),
            place(file, at),
            "client",
        );
        faults.add(fault.hint(say("own-model.hint", &[])), [number]);
    }
}

/// The services that the contract says it is for, and that no row of the catalogue is about.
fn unlisted(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    let catalogue = &corpus.library.catalogue;
    let rows = catalogue.services.values().flat_map(|row| [&row.name, &row.processing]);
    let examples = catalogue.data_categories.values().map(|row| &row.examples);
    let known: Vec<String> = rows.chain(examples).map(|text| text.to_lowercase()).collect();
    let names: Vec<String> =
        catalogue.services.values().map(|row| row.name.to_lowercase()).collect();
    let is_listed = |word: &str| {
        let word = word.to_lowercase();
        let stem =
            ["'s", "’s", "en", "s"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(&word);
        let first = stem.split_once('-').map(|(first, _)| format!("{first}-"));
        known.iter().any(|text| text.contains(stem))
            || first.is_some_and(|first| names.iter().any(|name| name.starts_with(&first)))
    };
    for (index, variant) in corpus.variants.iter().enumerate() {
        let Some(list) =
            rules.words.scope.captures(&variant.text.text).and_then(|c| c.name("list"))
        else {
            continue;
        };
        let mut start = list.start();
        for part in rules.words.separator.split(list.as_str()) {
            let at = variant.text.text[start..].find(part).map_or(start, |at| start + at);
            start = at + part.len();
            let word = part.trim();
            let at = at + (part.len() - part.trim_start().len());
            if word.is_empty() || is_listed(word) {
                continue;
            }
            let message = say("service-without-row", &[("word", &word)]);
            let fault = Fault::at("service-without-row", message, variant, &(at..at + word.len()))
                .hint(say("service-without-row.hint", &[]));
            faults.add(fault, corpus.with_variant(index));
        }
    }
}
