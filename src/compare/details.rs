//! What stands on the cover and beside the signatures: the title, the parties and the agreement.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// A detail that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// Its key in `contract.json`: `client.address`.
    pub key: String,
    /// What it was; none if it was not there.
    pub old: Option<String>,
    /// What it is; none if it is not there any more.
    pub new: Option<String>,
}

/// The parts of `contract.json` that are shown outside the clauses.
const SHOWN: [&str; 7] =
    ["edition", "language", "title", "subtitle", "processor", "client", "agreement"];

/// The details in a contract's JSON, by their keys.
pub fn of(contract: &Value) -> IndexMap<String, String> {
    let mut found = IndexMap::new();
    for key in SHOWN {
        collect(key, &contract[key], &mut found);
    }
    found
}

fn collect(key: &str, value: &Value, found: &mut IndexMap<String, String>) {
    match value {
        Value::String(text) => drop(found.insert(name_now(key), text.clone())),
        // What a layout reads to know how to show the rest, and no text of its own.
        Value::Null | Value::Bool(_) => {}
        Value::Number(_) => drop(found.insert(name_now(key), value.to_string())),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(&format!("{key}.{}", at + 1), item, found);
            }
        }
        Value::Object(entries) => {
            for (inner, value) in entries {
                collect(&format!("{key}.{inner}"), value, found);
            }
        }
    }
}

/// The name of a key today: earlier versions of the program knew one who signs.
fn name_now(key: &str) -> String {
    key.replacen(".signatory.", ".signatories.1.", 1)
}

/// Whether a key holds a word by which the text is chosen, and not the text. Earlier versions of the program
/// wrote none of them, so one that only one text has is no change.
fn is_choice(key: &str) -> bool {
    key.ends_with(".capacity") || key.contains(".form.")
}

/// The details that differ, in the order of the old text and then of the new.
pub fn changed(old: &IndexMap<String, String>, new: &IndexMap<String, String>) -> Vec<Detail> {
    let added = new.keys().filter(|key| !old.contains_key(*key));
    old.keys()
        .chain(added)
        .map(|key| Detail {
            key: key.clone(),
            old: old.get(key).cloned(),
            new: new.get(key).cloned(),
        })
        .filter(|detail| detail.old != detail.new)
        .filter(|it| !is_choice(&it.key) || (it.old.is_some() && it.new.is_some()))
        .collect()
}
