//! Name trees and number trees: read whole, written as one node.
//!
//! Source: ISO 32000-1, 7.9.6 and 7.9.7.

use std::collections::{BTreeMap, HashSet};

use hayro_syntax::object::{Array, Dict, MaybeRef, Object};
use hayro_syntax::xref::XRef;

use super::object::{self, Change};

/// The leaves of a name tree, by name, each value as it is written.
pub fn names(xref: &XRef, root: &Dict<'_>, change: &mut dyn Change) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut found = BTreeMap::new();
    leaves(xref, root, b"Names", &mut |key, value| {
        if let Some(name) = key.into_string() {
            found.insert(name.as_bytes().to_vec(), object::bytes(value, change));
        }
    });
    found
}

/// The leaves of a number tree, by number, each value as it is written.
pub fn numbers(xref: &XRef, root: &Dict<'_>, change: &mut dyn Change) -> BTreeMap<i32, Vec<u8>> {
    let mut found = BTreeMap::new();
    leaves(xref, root, b"Nums", &mut |key, value| {
        if let Some(number) = key.into_i32() {
            found.insert(number, object::bytes(value, change));
        }
    });
    found
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

/// Visits the pairs of all leaves. A node that is its own descendant is visited once.
fn leaves(
    xref: &XRef,
    root: &Dict<'_>,
    pairs: &[u8],
    visit: &mut dyn FnMut(Object<'_>, &MaybeRef<Object<'_>>),
) {
    let mut seen = HashSet::new();
    let mut nodes = vec![MaybeRef::NotRef(Object::Dict(root.clone()))];
    while let Some(node) = nodes.pop() {
        if node.as_obj_ref().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let Some(node) = resolve(xref, node).and_then(Object::into_dict) else {
            continue;
        };
        let mut items = node.get::<Array<'_>>(pairs).unwrap_or_default().raw_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if let Some(key) = resolve(xref, key) {
                visit(key, &value);
            }
        }
        nodes.extend(node.get::<Array<'_>>(b"Kids").unwrap_or_default().raw_iter());
    }
}

/// The object itself, whether it stands there or is referred to.
pub fn resolve<'a>(xref: &'a XRef, value: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
    match value {
        MaybeRef::Ref(reference) => xref.get(reference.into()),
        MaybeRef::NotRef(object) => Some(object),
    }
}
