//! Details of the processor that were typed into clauses: they differ from contract.toml, or will.

use std::fmt::Display;
use std::sync::LazyLock;

use regex::Regex;

use super::corpus::{Corpus, Variant};
use super::finding::{Fault, Faults};
use super::rules::Rules;
use super::say::say;

struct Kind {
    name: &'static str,
    /// The key of what it is called.
    called: &'static str,
    pattern: Regex,
    /// What to write instead.
    value: &'static str,
}

static KINDS: LazyLock<[Kind; 3]> = LazyLock::new(|| {
    let kind = |name, called, pattern: &str, value| Kind {
        name,
        called,
        pattern: Regex::new(pattern).expect("a constant pattern, which tests compile"),
        value,
    };
    [
        kind("e-mail address", "kind-email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "#processor.email"),
        kind(
            "website",
            "kind-website",
            r"(?i)\b(?:https?://|www\.)[\w.-]+\w|\b[a-z0-9-]+\.(?:nl|com|eu|org|net|be|de)\b",
            "#processor.website",
        ),
        kind("KvK number", "kind-kvk", r"\b\d{8}\b", "#processor.kvk"),
    ]
});

pub fn check(corpus: &Corpus<'_>, rules: &Rules, faults: &mut Faults<'_>) {
    for (index, variant) in corpus.variants.iter().enumerate() {
        let own = addresses(corpus, variant).into_iter().chain(dates(corpus, variant, rules));
        for fault in own.chain(places(corpus, variant)) {
            faults.add(fault, corpus.with_variant(index));
        }
    }
    for (number, selection) in corpus.selections.iter().enumerate() {
        for (_, variant) in corpus.texts(selection) {
            for fault in numbers(variant, &selection.data["terms"]) {
                faults.add(fault, [number]);
            }
        }
    }
}

/// Where the processor is, typed by hand.
fn places(corpus: &Corpus<'_>, variant: &Variant<'_>) -> Vec<Fault> {
    let processor = &corpus.library.contents.processor;
    let known = [
        ("address", &processor.address),
        ("postal-code", &processor.postal_code),
        ("phone", &processor.phone),
    ];
    let mut faults = Vec::new();
    for (key, value) in known {
        let Some(value) = value else { continue };
        for (start, found) in variant.text.text.match_indices(value.as_str()) {
            let at = start..start + found.len();
            if variant.text.is_literal(&at) {
                let message = say("detail-processor", &[("key", &key), ("value", value)]);
                let hint = say("detail-typed.hint", &[("value", &format!("#processor.{key}"))]);
                faults.push(Fault::at("detail-typed", message, variant, &at).hint(hint));
            }
        }
    }
    faults
}

/// A time typed by hand that is also set as a term.
fn numbers(variant: &Variant<'_>, terms: &serde_json::Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (key, number) in terms.as_object().into_iter().flatten() {
        let Some(number) = number.as_u64() else { continue };
        let unit = if key.ends_with("hours") { "uur" } else { "dag" };
        let typed = format!("{number} {unit}");
        for (start, _) in variant.text.text.match_indices(&typed) {
            let is_whole = !variant.text.text[..start].ends_with(|c: char| c.is_ascii_digit());
            if is_whole && variant.text.is_literal(&(start..start + 1)) {
                let values: [(&str, &dyn Display); 3] =
                    [("typed", &typed), ("term", key), ("number", &number)];
                let message = say("detail-term", &values);
                let hint = say("detail-term.hint", &[("term", key)]);
                let at = start..start + typed.len();
                faults.push(Fault::at("detail-typed", message, variant, &at).hint(hint));
            }
        }
    }
    faults
}

fn addresses(corpus: &Corpus<'_>, variant: &Variant<'_>) -> Vec<Fault> {
    let processor = &corpus.library.contents.processor;
    let bare = |website: &str| {
        let website = website.to_lowercase();
        let host = website.split("://").last().unwrap_or_default().trim_start_matches("www.");
        host.trim_end_matches('/').to_owned()
    };
    let contacts = [&processor.privacy_contact, &processor.breach_contact, &processor.dpo];
    let emails = contacts.into_iter().flatten().filter_map(|person| person.email.as_ref());
    let emails: Vec<&String> = processor.email.iter().chain(emails).collect();
    let mut faults = Vec::new();
    let text = &variant.text.text;
    for kind in &*KINDS {
        for found in kind.pattern.find_iter(text) {
            // The end of an e-mail address is no website.
            let is_part = text[..found.start()].ends_with(['@', '.', '/'])
                || text[found.end()..].starts_with('@');
            if is_part || !variant.text.is_literal(&found.range()) {
                continue;
            }
            let typed = found.as_str();
            let is_known = match kind.name {
                "e-mail address" => emails.iter().any(|known| known.eq_ignore_ascii_case(typed)),
                "website" => {
                    processor.website.as_ref().is_some_and(|known| bare(known) == bare(typed))
                }
                _ => processor.kvk.as_deref() == Some(typed),
            };
            let code = if is_known { "detail-typed" } else { "detail-differs" };
            let message = say(code, &[("typed", &typed)]).with("kind", &say(kind.called, &[]));
            let hint = say("detail-typed.hint", &[("value", &kind.value)]);
            faults.push(Fault::at(code, message, variant, &found.range()).hint(hint));
        }
    }
    faults
}

fn dates(corpus: &Corpus<'_>, variant: &Variant<'_>, rules: &Rules) -> Vec<Fault> {
    let contents = &corpus.library.contents;
    let version = contents.version.day;
    let written = [
        contents.language.date(version),
        version.to_string(),
        version.format("%-d-%-m-%Y").to_string(),
        version.format("%d-%m-%Y").to_string(),
    ];
    let found = rules.words.date.find_iter(&variant.text.text);
    found
        .filter(|date| written.iter().any(|known| known == date.as_str()))
        .filter(|date| variant.text.is_literal(&date.range()))
        .map(|date| {
            let message = say("detail-date", &[("date", &date.as_str())]);
            Fault::at("detail-typed", message, variant, &date.range())
                .hint(say("detail-typed.hint", &[("value", &"#contract.version.text")]))
        })
        .collect()
}
