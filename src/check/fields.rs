//! The values that requirements ask for: whether they are there, and where they would be typed.

use std::sync::Arc;

use serde_json::Value;

use super::codes::Reader;
use super::corpus::{Corpus, Selection};
use super::rules::Look;
use crate::diagnostic::Place;
use crate::input;

/// Whether there is a value at the path, and each text of it is good; `*` is each of a list.
pub fn is_filled(value: &Value, path: &[String], is_good: &dyn Fn(&str) -> bool) -> bool {
    match path.split_first() {
        None => match value {
            Value::Null => false,
            Value::String(text) => is_good(text),
            Value::Array(items) => {
                !items.is_empty() && items.iter().all(|item| is_filled(item, &[], is_good))
            }
            Value::Object(fields) => {
                let texts: Vec<&str> = fields.values().filter_map(Value::as_str).collect();
                !texts.is_empty() && texts.into_iter().all(is_good)
            }
            Value::Bool(_) | Value::Number(_) => true,
        },
        Some((key, rest)) if key == "*" => value.as_array().is_some_and(|items| {
            !items.is_empty() && items.iter().all(|item| is_filled(item, rest, is_good))
        }),
        Some((key, rest)) => value.get(key).is_some_and(|value| is_filled(value, rest, is_good)),
    }
}

/// Where a value that is not filled in would be typed, with its part of the library.
pub fn field_place(
    looks: &[Look],
    selection: &Selection,
    corpus: &Corpus<'_>,
) -> Option<(Place, String)> {
    let path = looks.iter().find_map(|look| match look {
        Look::Field { paths, .. } => paths.first(),
        Look::Text(_) => None,
    })?;
    let contents = &corpus.library.contents.source;
    let (source, table, part) = match path.first()?.as_str() {
        "processor" => (contents, "processor", "contract.toml"),
        key => {
            let table = match key {
                "client" | "agreement" | "processing" => key,
                "subprocessors" | "transfers" => "subprocessor",
                "measures" => "security",
                _ => return None,
            };
            let file = selection.contract.client_file.as_ref()?;
            // A file that nobody wrote is no place.
            (Some(file).filter(|file| file.name != super::subjects::SAMPLE_NAME)?, table, "client")
        }
    };
    let range = input::locate(source, &[table]).unwrap_or(0..0);
    Some((Place { source: Arc::clone(source), range }, part.to_owned()))
}

/// Who fills in a value, and the key of the client file if it is one.
pub fn reader(looks: &[Look]) -> Option<(Reader, Option<String>)> {
    let path = looks.iter().find_map(|look| match look {
        Look::Field { paths, .. } => paths.first(),
        Look::Text(_) => None,
    })?;
    let key = path.join(".");
    match path.first()?.as_str() {
        "client" | "agreement" | "processing" => Some((Reader::Sales, Some(key))),
        "measures" if path.get(1).is_some_and(|key| key == "extra") => {
            Some((Reader::Sales, Some("security.extra".to_owned())))
        }
        "processor" | "subprocessors" | "transfers" => Some((Reader::Agency, None)),
        _ => None,
    }
}
