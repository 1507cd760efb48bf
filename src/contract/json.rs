//! The text of the one JSON file that a paper is set from.

use serde::Serialize;

/// The text of a paper's JSON file.
///
/// # Panics
///
/// If a key of a map in it is no text: the papers have no such map.
#[must_use]
pub fn text(paper: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(paper)
        .expect("a paper holds texts, numbers, lists and maps by text, which JSON can hold");
    json + "\n"
}
