//! Where the keys and the values of a TOML file stand.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Place, Source};

/// The places of a TOML file's texts that hold this character.
#[must_use]
pub fn find_in_texts(source: &Arc<Source>, character: char) -> Option<Place> {
    fn search(value: &Spanned<DeValue<'_>>, character: char) -> Option<Range<usize>> {
        match value.get_ref() {
            DeValue::String(text) => text.contains(character).then(|| value.span()),
            DeValue::Array(items) => items.iter().find_map(|item| search(item, character)),
            DeValue::Table(table) => table.values().find_map(|value| search(value, character)),
            _ => None,
        }
    }
    let document = DeTable::parse(&source.text).ok()?;
    let range = document.get_ref().values().find_map(|value| search(value, character))?;
    Some(Place { source: Arc::clone(source), range })
}

/// Where a key of a TOML file stands, by the names of the tables that it is in.
#[must_use]
pub fn locate(source: &Source, path: &[&str]) -> Option<Range<usize>> {
    let document = DeTable::parse(&source.text).ok()?;
    let mut table = document.get_ref();
    let mut place = None;
    for (index, name) in path.iter().enumerate() {
        let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
        place = Some(key.span());
        if index + 1 < path.len() {
            table = match value.get_ref() {
                DeValue::Table(inner) => inner,
                _ => return None,
            };
        }
    }
    place
}

/// All texts of a TOML file that are values, with their places.
#[must_use]
pub fn values(source: &Source) -> Vec<(Range<usize>, String)> {
    fn collect(value: &Spanned<DeValue<'_>>, values: &mut Vec<(Range<usize>, String)>) {
        match value.get_ref() {
            DeValue::String(text) => values.push((value.span(), text.to_string())),
            DeValue::Array(items) => items.iter().for_each(|item| collect(item, values)),
            DeValue::Table(table) => table.values().for_each(|value| collect(value, values)),
            _ => {}
        }
    }
    let mut values = Vec::new();
    if let Ok(document) = DeTable::parse(&source.text) {
        document.get_ref().values().for_each(|value| collect(value, &mut values));
    }
    values.sort_by_key(|(range, _)| range.start);
    values
}
