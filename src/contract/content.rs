//! What a contract holds, as digests: by them it is known whom a change concerns.

use base16ct::lower::encode_string;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Contract, scope};
use crate::library::{Clause, Library};

/// What of a contract is no part of what it holds: which text of which day it is, how it looks, and which words
/// there are in a scope that nobody of this contract takes.
const BESIDE: [&str; 9] = [
    "version",
    "digest",
    "fields",
    "draft",
    "brand",
    "scope",
    "paragraph-numbers",
    "number",
    "replaces",
];

/// A digest of some texts, as 16 hexadecimal digits.
fn short<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    encode_string(&hash.finalize()[..8])
}

impl Contract {
    /// All that it holds as JSON, but for the text of clauses.
    ///
    /// # Panics
    ///
    /// Never: the type holds nothing that JSON cannot say.
    #[must_use]
    pub fn rows(&self) -> Value {
        let mut value = serde_json::to_value(self).expect("a contract is plain data");
        if let Some(keys) = value.as_object_mut() {
            keys.retain(|key, _| !BESIDE.contains(&key.as_str()));
        }
        value
    }

    /// The digest of all that it holds: its rows, the client's own, and the text of its clauses as it reads for its
    /// services. The same contract under another version, in another layout or of another program has the same.
    #[must_use]
    pub fn content_digest(&self, library: &Library) -> String {
        let mut parts = vec![self.rows().to_string().into_bytes()];
        for row in self.clauses() {
            let clause = row.path.strip_prefix("/clauses/").and_then(|path| library.clause(path));
            parts.extend(clause.map(|clause| clause.text_for(&self.scope).into_bytes()));
        }
        short(parts.iter().map(Vec::as_slice))
    }

    /// The ids of the services that it covers, sorted.
    #[must_use]
    pub fn service_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.services.iter().map(|row| row.id.clone()).collect();
        ids.sort();
        ids
    }
}

/// The digest of what the library says in every contract of these services, whoever the client is, in its order.
#[must_use]
pub fn selection_digest(library: &Library, services: &[String]) -> String {
    let (catalogue, contents) = (&library.catalogue, &library.contents);
    let is_taken = |id: &String| services.contains(id);
    let taken: Vec<&str> =
        catalogue.services.keys().filter(|id| is_taken(id)).map(String::as_str).collect();
    let words = scope::of(catalogue, &taken);
    let rows = || catalogue.services.iter().filter(|(id, _)| is_taken(id)).map(|(_, row)| row);
    let mut parts: Vec<String> = vec![
        contents.title.clone(),
        format!("{:?}", contents.subtitle_for(&scope::subtitle_words(library, &taken))),
        contents.language.code.to_owned(),
        format!("{:?} {:?}", contents.processor, contents.terms),
    ];
    for row in rows() {
        let cells =
            (&row.name, &row.processing, &row.purpose, &row.data_categories, &row.data_subjects);
        parts.push(format!("{cells:?}"));
    }
    let data = catalogue.data_categories.iter();
    let data = data.filter(|(id, _)| rows().any(|row| row.data_categories.contains(*id)));
    let kinds = catalogue.subprocessor_categories.iter();
    let kinds = kinds.filter(|(id, _)| rows().any(|row| row.subprocessors.contains(*id)));
    for (_, row) in data.chain(kinds) {
        parts.push(format!("{:?}", (&row.name, scope::examples(&row.examples, &words))));
    }
    let measures = catalogue.measures.iter();
    let measures = measures
        .filter(|(id, row)| row.base || rows().any(|service| service.measures.contains(*id)));
    parts.extend(measures.map(|(_, row)| row.text.clone()));
    for (id, named) in &library.subprocessors {
        let serves = |category: &String| rows().any(|row| row.subprocessors.contains(category));
        if named.categories.iter().any(serves) {
            parts.push(format!("{id} {named:?}"));
        }
    }
    let applies = |clause: &&Clause| clause.when.is_empty() || clause.when.iter().any(is_taken);
    for clause in library.clauses().filter(applies) {
        parts.push(format!("{:?}", (&clause.path, &clause.title, &clause.title_closed_list)));
        parts.push(clause.text_for(&words));
    }
    short(parts.iter().map(String::as_bytes))
}
