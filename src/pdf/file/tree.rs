//! Name trees and number trees: read whole, written as one node.
//!
//! Source: ISO 32000-1, 7.9.6 and 7.9.7.

use std::collections::HashSet;

use hayro_syntax::object::{Dict, MaybeRef, Object};
use hayro_syntax::xref::XRef;

use super::lookup::{array, resolve};
use super::object::{self, Change};
use super::text_string;

/// The leaves of a tree in order, each with its key. A key that stands in it twice stays so.
pub type Leaves<K, V> = Vec<(K, V)>;

/// The leaves of a name tree, by name.
pub fn names<'a>(xref: &'a XRef, root: &Dict<'a>) -> Leaves<Vec<u8>, MaybeRef<Object<'a>>> {
    leaves(xref, root, "Names", |key| Some(key.into_string()?.as_bytes().to_vec()))
}

/// The leaves of a number tree, by number.
pub fn numbers<'a>(xref: &'a XRef, root: &Dict<'a>) -> Leaves<i32, MaybeRef<Object<'a>>> {
    leaves(xref, root, "Nums", Object::into_i32)
}

/// The leaves, each value as it is written.
pub fn written<K>(
    leaves: Leaves<K, MaybeRef<Object<'_>>>,
    change: &mut dyn Change,
) -> Leaves<K, Vec<u8>> {
    leaves.into_iter().map(|(key, value)| (key, object::bytes(&value, change))).collect()
}

/// A key for a text in a name tree. Names are in the order of their bytes, but some readers look a name up by
/// its text: of the ways to write it, the one that is in its place in both orders.
pub fn key_among<'n>(text: &str, names: &(impl Iterator<Item = &'n Vec<u8>> + Clone)) -> Vec<u8> {
    let is_in_place = |key: &Vec<u8>| {
        let mut names = names.clone();
        names.all(|name| name.cmp(key) == text_string::decode(name).as_str().cmp(text))
    };
    let usual = text_string::encode(text);
    let other = text_string::encode_utf_16(text);
    if !is_in_place(&usual) && is_in_place(&other) { other } else { usual }
}

/// A name tree as it is written.
pub fn write_names(mut names: Leaves<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    names.sort_by(|one, other| one.0.cmp(&other.0));
    let items = names.into_iter().flat_map(|(name, value)| [object::string(&name), value]);
    [b"<</Names".as_slice(), &object::list(&items.collect::<Vec<_>>()), b">>"].concat()
}

/// A number tree as it is written.
pub fn write_numbers(mut numbers: Leaves<i32, Vec<u8>>) -> Vec<u8> {
    numbers.sort_by_key(|(number, _)| *number);
    let items =
        numbers.into_iter().flat_map(|(number, value)| [number.to_string().into_bytes(), value]);
    [b"<</Nums".as_slice(), &object::list(&items.collect::<Vec<_>>()), b">>"].concat()
}

/// The pairs of all leaves. A node that is its own descendant is visited once.
fn leaves<'a, K: Ord>(
    xref: &'a XRef,
    root: &Dict<'a>,
    pairs: &str,
    read: impl Fn(Object<'a>) -> Option<K>,
) -> Leaves<K, MaybeRef<Object<'a>>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut nodes = vec![MaybeRef::NotRef(Object::Dict(root.clone()))];
    while let Some(node) = nodes.pop() {
        if node.as_obj_ref().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let Some(node) = resolve(xref, node).and_then(Object::into_dict) else {
            continue;
        };
        let mut items = array(&node, pairs).raw_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if let Some(key) = resolve(xref, key).and_then(&read) {
                found.push((key, value));
            }
        }
        // The last one is visited first.
        nodes.extend(array(&node, "Kids").raw_iter().collect::<Vec<_>>().into_iter().rev());
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str) -> Vec<u8> {
        text_string::encode_utf_16(text)
    }

    #[test]
    fn a_key_is_in_its_place_by_bytes_and_by_text() {
        let key = |text, names: &[Vec<u8>]| key_among(text, &names.iter());
        assert_eq!(key("m", &[]), b"m");
        assert_eq!(key("m", &[b"a".to_vec(), b"z".to_vec()]), b"m");
        assert_eq!(key("m", &[utf_16("a"), utf_16("z")]), utf_16("m"));
        assert_eq!(key("m", &[b"a".to_vec(), utf_16("z")]), b"m");
        assert_eq!(key("m", &[b"a".to_vec(), utf_16("b")]), utf_16("m"));
        // Out of order already: the bytes decide.
        assert_eq!(key("m", &[b"z".to_vec(), utf_16("a")]), b"m");
    }

    #[test]
    fn a_tree_is_written_in_order_and_loses_nothing() {
        let names = [("b", "1"), ("a", "2"), ("b", "3")];
        let names = names.map(|(name, value)| (name.into(), value.into()));
        assert_eq!(write_names(names.to_vec()), b"<</Names[(a) 2 (b) 1 (b) 3]>>");
        let numbers = [(3, "1"), (-1, "2")].map(|(number, value)| (number, value.into()));
        assert_eq!(write_numbers(numbers.to_vec()), b"<</Nums[-1 2 3 1]>>");
    }
}
