//! Following references, and what stands under a key.

use hayro_syntax::object::{Array, Dict, MaybeRef, Object};
use hayro_syntax::xref::XRef;

/// The catalog of a document.
pub fn catalog(xref: &XRef) -> Option<Dict<'_>> {
    xref.get(xref.root_id())
}

/// The object itself, whether it stands there or is referred to.
pub fn resolve<'a>(xref: &'a XRef, value: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
    match value {
        MaybeRef::Ref(reference) => xref.get(reference.into()),
        MaybeRef::NotRef(object) => Some(object),
    }
}

/// The dictionary that stands under a key; an empty one if there is none.
pub fn dictionary<'a>(of: &Dict<'a>, key: &str) -> Dict<'a> {
    of.get(key).unwrap_or_default()
}

/// The array that stands under a key; an empty one if there is none.
pub fn array<'a>(of: &Dict<'a>, key: &str) -> Array<'a> {
    of.get(key).unwrap_or_default()
}
