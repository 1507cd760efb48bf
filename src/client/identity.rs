//! Who a client file is about, by which its documents and its history are kept: read without checking the rest.

use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// The most letters that an id has.
const LONGEST: usize = 64;

/// What a client file says of itself, whatever else is in it, right or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its `id`; the stem of its file if it has none.
    pub id: String,
    /// Whether it has an `id`.
    pub is_typed: bool,
    /// Whether it is a sample, which no list of clients has.
    pub is_sample: bool,
    /// The client's name.
    pub name: Option<String>,
    /// The last day of the processing, as typed.
    pub end: Option<String>,
}

impl Identity {
    /// Reads what can be read of a client file; of one that is no TOML only its name counts.
    #[must_use]
    pub fn read(path: &Path, text: &str) -> Self {
        let table: Table = text.parse().unwrap_or_default();
        let id = table.get("id").and_then(Value::as_str).filter(|id| wrong_id(id).is_none());
        let inner = |table_name: &str, key: &str| table.get(table_name)?.as_table()?.get(key);
        Self {
            id: id.map_or_else(|| stem(path), str::to_owned),
            is_typed: id.is_some(),
            is_sample: table.get("sample").and_then(Value::as_bool) == Some(true),
            name: inner("client", "name").and_then(Value::as_str).map(str::to_owned),
            end: inner("agreement", "end").and_then(Value::as_datetime).map(ToString::to_string),
        }
    }
}

/// The id of a client file that has none: the stem of its name.
#[must_use]
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is wrong with an id, if anything: it is part of the names of files.
#[must_use]
pub fn wrong_id(id: &str) -> Option<&'static str> {
    let is_sign = |c: char| matches!(c, '-' | '_' | '.');
    if !id.chars().all(|c| c.is_alphanumeric() || is_sign(c)) {
        Some("it has other characters than letters, digits, `-`, `_` and `.`")
    } else if id.starts_with(is_sign) || id.ends_with('.') || id.is_empty() {
        Some("it does not begin with a letter or a digit, or ends in a full stop")
    } else if id.chars().count() > LONGEST {
        Some("it has more than 64 characters")
    } else if ["general", "versions"].contains(&id) {
        Some("dpa-gen uses it for what is no client's")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_can_be_part_of_a_name() {
        for id in ["acme", "acme-2", "a.b_c", "Ærø", "2be"] {
            assert_eq!(wrong_id(id), None, "{id}");
        }
        let long = "a".repeat(65);
        for id in ["", "-rf", ".hidden", "a/b", "a b", "a.", "general", "versions", "a\\b", &*long]
        {
            assert!(wrong_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn a_file_without_an_id_is_known_by_its_stem() {
        let read = |text| Identity::read(Path::new("clients/acme.toml"), text);
        assert_eq!(read("id = \"other\"").id, "other");
        assert_eq!(read("").id, "acme");
        assert_eq!(read("not TOML").id, "acme");
        assert_eq!(read("id = \"a/b\"").id, "acme", "a wrong one is reported by the check");
        assert!(read("sample = true").is_sample);
        let full = read("[client]\nname = \"Acme B.V.\"\n[agreement]\nend = 2028-06-30");
        assert_eq!(full.name.as_deref(), Some("Acme B.V."));
        assert_eq!(full.end.as_deref(), Some("2028-06-30"));
    }
}
