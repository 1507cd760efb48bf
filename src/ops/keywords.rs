//! The keywords that a contract has in its metadata: its version and its digest.

use std::sync::LazyLock;

use regex::Regex;

static KEYWORDS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = Regex::new(r"(\d{4}-\d{2}-\d{2}[a-z]?),\s*([0-9a-f]{64})\b");
    pattern.unwrap_or_else(|error| unreachable!("a pattern of this file: {error}"))
});

/// The version and the digest that the keywords of a document name.
pub fn version_and_digest(keywords: &str) -> Option<(String, String)> {
    let found = KEYWORDS.captures(keywords)?;
    Some((found[1].to_owned(), found[2].to_owned()))
}
