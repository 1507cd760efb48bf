//! Name trees and number trees: read whole, written as one node.
//!
//! Source: ISO 32000-1, 7.9.6 and 7.9.7.

use std::collections::{BTreeMap, HashSet};

use hayro_syntax::object::{Dict, MaybeRef, Object};
use hayro_syntax::xref::XRef;

use super::lookup::{array, resolve};
use super::object::{self, Change};

/// The leaves of a name tree, by name.
pub fn names<'a>(xref: &'a XRef, root: &Dict<'a>) -> BTreeMap<Vec<u8>, MaybeRef<Object<'a>>> {
    leaves(xref, root, "Names", |key| Some(key.into_string()?.as_bytes().to_vec()))
}

/// The leaves of a number tree, by number.
pub fn numbers<'a>(xref: &'a XRef, root: &Dict<'a>) -> BTreeMap<i32, MaybeRef<Object<'a>>> {
    leaves(xref, root, "Nums", Object::into_i32)
}

/// The leaves, each value as it is written.
pub fn written<K: Ord>(
    leaves: BTreeMap<K, MaybeRef<Object<'_>>>,
    change: &mut dyn Change,
) -> BTreeMap<K, Vec<u8>> {
    leaves.into_iter().map(|(key, value)| (key, object::bytes(&value, change))).collect()
}

/// A name tree as it is written.
pub fn write_names(names: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    let items = names.iter().flat_map(|(name, value)| [object::string(name), value.clone()]);
    [b"<</Names".as_slice(), &object::list(&items.collect::<Vec<_>>()), b">>"].concat()
}

/// A number tree as it is written.
pub fn write_numbers(numbers: &BTreeMap<i32, Vec<u8>>) -> Vec<u8> {
    let items =
        numbers.iter().flat_map(|(number, value)| [number.to_string().into_bytes(), value.clone()]);
    [b"<</Nums".as_slice(), &object::list(&items.collect::<Vec<_>>()), b">>"].concat()
}

/// The pairs of all leaves. A node that is its own descendant is visited once.
fn leaves<'a, K: Ord>(
    xref: &'a XRef,
    root: &Dict<'a>,
    pairs: &str,
    read: impl Fn(Object<'a>) -> Option<K>,
) -> BTreeMap<K, MaybeRef<Object<'a>>> {
    let mut found = BTreeMap::new();
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
                found.insert(key, value);
            }
        }
        nodes.extend(array(&node, "Kids").raw_iter());
    }
    found
}
