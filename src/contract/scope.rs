//! What a contract covers, in the words of its enumerations.

use std::collections::BTreeMap;

use crate::client::Client;
use crate::library::{Catalogue, Library, first_lower, split};

/// The words that services have in their scope, and whether one of those taken has it.
pub fn of(catalogue: &Catalogue, taken: &[&str]) -> BTreeMap<String, bool> {
    let mut scope = BTreeMap::new();
    for (id, service) in &catalogue.services {
        for word in &service.scope {
            *scope.entry(word.clone()).or_default() |= taken.contains(&id.as_str());
        }
    }
    scope
}

/// Examples without those that only services have that are not taken.
pub fn examples(examples: &str, scope: &BTreeMap<String, bool>) -> String {
    let is_kept = |word: &str| {
        let found = scope.get(word).or_else(|| scope.get(&first_lower(word)));
        found.copied().unwrap_or(true)
    };
    if split(examples).all(is_kept) {
        return examples.to_owned();
    }
    let kept: Vec<&str> = split(examples).filter(|word| is_kept(word)).collect();
    let text = kept.join(", ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The words of the line under the title: all in the general edition.
pub fn subtitle(library: &Library, client: Option<&Client<'_>>, taken: &[&str]) -> Vec<String> {
    match client {
        None => library.contents.scope.clone(),
        Some(_) => subtitle_words(library, taken),
    }
}

/// The words of the line under the title that these services have, and for a service that has none of them the first
/// word of its own scope.
pub fn subtitle_words(library: &Library, taken: &[&str]) -> Vec<String> {
    let words = &library.contents.scope;
    let services = taken.iter().map(|id| &library.catalogue.services[*id]);
    let mut kept: Vec<String> = words
        .iter()
        .filter(|word| services.clone().any(|service| service.scope.contains(word)))
        .cloned()
        .collect();
    for service in services {
        if !service.scope.iter().any(|word| words.contains(word)) {
            kept.extend(service.scope.first().cloned());
        }
    }
    kept
}
