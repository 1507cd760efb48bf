//! What the values of a client file and the library must be, beside what the text says: `values` of requirements.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::corpus::{Corpus, Selection};
use super::rules::ValuePatterns;
use super::subjects::SAMPLE_NAME;
use crate::diagnostic::{Place, Source};
use crate::input;
use crate::library::{Bound, ValueRule};

/// A value that is not as it must be: where it is typed, in which part of the library, and the text.
pub struct WrongValue {
    pub place: Place,
    pub part: &'static str,
    pub text: String,
}

/// The first value of a contract that a rule is against.
pub fn wrong(
    rule: &ValueRule,
    patterns: &ValuePatterns,
    selection: &Selection,
    corpus: &Corpus<'_>,
) -> Option<WrongValue> {
    let data = &selection.data;
    if rule.if_empty.as_deref().is_some_and(|path| !is_empty(at(data, path))) {
        return None;
    }
    rule.fields.iter().find_map(|path| {
        let value = at(data, path)?;
        let text = match (&patterns.not, &rule.bound) {
            (Some(not), _) => texts(value).into_iter().find(|text| not.is_match(text))?,
            (None, Bound::Differs(other)) => {
                let own = value.as_str()?;
                (at(data, other)?.as_str()? == own).then(|| own.to_owned())?
            }
            (None, Bound::Most(most)) => {
                let most = number(at(data, most), most)? + rule.more;
                let own = number(Some(value), "")?;
                (own > most).then(|| shown(value))?
            }
            (None, Bound::Least(least)) => {
                let least = number(at(data, least), least)?;
                let own = number(Some(value), "")?;
                (own < least).then(|| shown(value))?
            }
            (None, Bound::None) => return None,
        };
        let (place, part) = place(path, &text, selection, corpus);
        Some(WrongValue { place, part, text })
    })
}

/// The value at a path, if there is one: `terms.breach-hours`.
fn at<'v>(data: &'v Value, path: &str) -> Option<&'v Value> {
    let value = path.split('.').try_fold(data, |value, key| value.get(key))?;
    (!value.is_null()).then_some(value)
}

fn is_empty(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.as_array().is_some_and(Vec::is_empty))
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A number, a period in days, or what the path itself says if it is a number: `48`.
fn number(value: Option<&Value>, literal: &str) -> Option<u64> {
    match value {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => days(text),
        // Months with a legal ground are kept because the law says so.
        Some(Value::Object(period)) if period["ground"].is_null() => {
            Some(period.get("months")?.as_u64()? * 30)
        }
        Some(_) => None,
        None => literal.parse().ok(),
    }
}

/// How many days a period has: `7 jaar`. One that runs from another day than the end is not compared.
fn days(text: &str) -> Option<u64> {
    let mut words = text.split_whitespace();
    let count = words.next()?;
    let count = match count.to_lowercase().as_str() {
        "een" | "één" => 1,
        "twee" => 2,
        "drie" => 3,
        "vijf" => 5,
        "zeven" => 7,
        "tien" => 10,
        digits => digits.parse().ok()?,
    };
    let unit = words.next()?.to_lowercase();
    let unit = unit.trim_end_matches(|letter: char| !letter.is_alphabetic());
    let each = match unit {
        "dag" | "dagen" => 1,
        "week" | "weken" => 7,
        "maand" | "maanden" => 30,
        "jaar" | "jaren" => 365,
        _ => return None,
    };
    let is_after_the_end =
        words.next().is_none_or(|next| ["na", "nadat", "daarna"].contains(&next));
    (is_after_the_end && !text.contains("contact")).then_some(count * each)
}

/// Where a value is typed: in the client file, or in contract.toml.
fn place(
    path: &str,
    text: &str,
    selection: &Selection,
    corpus: &Corpus<'_>,
) -> (Place, &'static str) {
    let keys: Vec<&str> = path.split('.').collect();
    let contents = &corpus.library.contents.source;
    let client = selection.contract.client_file.as_ref().filter(|it| it.name != SAMPLE_NAME);
    if keys[0] != "processor"
        && let Some(file) = client
        && let Some(range) = locate(file, &keys, text)
    {
        return (Place { source: Arc::clone(file), range }, "client");
    }
    let range = locate(contents, &keys, text).unwrap_or(0..0);
    (Place { source: Arc::clone(contents), range }, "contract.toml")
}

fn locate(source: &Arc<Source>, keys: &[&str], text: &str) -> Option<Range<usize>> {
    let key = input::locate(source, keys)?;
    // Of a list, the item.
    let values = input::values(source).into_iter();
    let item = values.filter(|(range, _)| range.start >= key.end).find(|(_, it)| it == text);
    Some(item.map_or(key, |(range, _)| range))
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn a_period_counts_in_days() {
        for (text, expected) in [
            ("7 jaar", Some(2555)),
            ("zeven jaar na afloop", Some(2555)),
            ("24 maanden", Some(720)),
            ("Tot 24 maanden na het laatste contact", None),
            ("Drie maanden na het laatste contact", None),
            ("zolang als nodig", None),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }
}
