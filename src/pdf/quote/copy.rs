//! The contract's objects on their way into the quote, under new numbers.

use std::collections::{BTreeMap, BTreeSet};

use hayro_syntax::object::{Dict, MaybeRef, ObjRef, Object, String as PdfString};
use hayro_syntax::xref::XRef;

use crate::pdf::file::lookup::dictionary;
use crate::pdf::file::object::{self, Change, Entries};
use crate::pdf::file::text_string::decode;
use crate::pdf::file::tree;
use crate::pdf::file::update::Update;

/// The contract's objects on their way into the quote.
pub struct Copy<'a> {
    /// The contract.
    pub from: &'a XRef,
    /// What is added to the quote.
    pub update: Update,
    /// The new number of each object that is referred to.
    pub numbers: BTreeMap<(i32, i32), i32>,
    /// Those that are still to be written.
    open: Vec<ObjRef>,
    /// What is added to each key of the parent tree.
    pub first_key: i32,
    /// The contract's named destinations whose names the quote has too, with their new names.
    pub renamed: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl<'a> Copy<'a> {
    /// Nothing copied yet.
    pub fn of(
        from: &'a XRef,
        update: Update,
        xref: &XRef,
        own: &Dict<'_>,
        theirs: &Dict<'_>,
    ) -> Self {
        let structure = dictionary(own, "StructTreeRoot");
        let keys = dictionary(&structure, "ParentTree");
        let last = tree::numbers(xref, &keys).pop().map(|(last, _)| last);
        let next = structure.get::<i32>(b"ParentTreeNextKey").unwrap_or_default();
        let known = destinations(xref, own);
        let renamed = destinations(from, theirs).into_iter();
        let renamed = renamed.map(|name| (name.clone(), free_name(&name, &known)));
        let renamed = renamed.filter(|(name, other)| name != other).collect();
        Self {
            from,
            update,
            numbers: BTreeMap::new(),
            open: Vec::new(),
            first_key: next.max(last.map_or(0, |last| last + 1)),
            renamed,
        }
    }

    /// Writes every object that what was copied refers to.
    pub fn rest(&mut self) {
        while let Some(reference) = self.open.pop() {
            let id = self.number(reference);
            if let Some(object) = self.from.get::<Object<'_>>(reference.into()) {
                let value = self.value(object);
                self.update.put_raw(id, &value);
            }
        }
    }

    fn value(&mut self, object: Object<'_>) -> Vec<u8> {
        let Object::Stream(stream) = object else {
            return object::bytes(&MaybeRef::NotRef(object), self);
        };
        let data = stream.raw_data();
        let mut entries = Entries::of(stream.dict(), self);
        entries.set("Length", data.len().to_string());
        [&entries.bytes(), b"\nstream\n".as_slice(), &data, b"\nendstream"].concat()
    }

    /// The new number of an object; it is not copied for that.
    pub fn number(&mut self, reference: ObjRef) -> i32 {
        let key = (reference.obj_number, reference.gen_number);
        let update = &mut self.update;
        *self.numbers.entry(key).or_insert_with(|| update.reserve().get())
    }
}

impl Change for Copy<'_> {
    fn reference(&mut self, reference: ObjRef) -> ObjRef {
        let is_new = !self.numbers.contains_key(&(reference.obj_number, reference.gen_number));
        if is_new {
            self.open.push(reference);
        }
        ObjRef::new(self.number(reference), 0)
    }

    fn entry(&mut self, key: &[u8], value: &MaybeRef<Object<'_>>) -> Option<Vec<u8>> {
        match (key, value) {
            (b"StructParent" | b"StructParents", MaybeRef::NotRef(Object::Number(number))) => {
                Some((number.as_i64() + i64::from(self.first_key)).to_string().into_bytes())
            }
            (b"Dest" | b"D", MaybeRef::NotRef(Object::String(name))) => {
                self.renamed.get(name.as_bytes()).map(|name| object::string(name))
            }
            (b"ID", MaybeRef::NotRef(Object::String(id))) => {
                Some(object::string(&element_id(id.as_bytes())))
            }
            (b"Headers", MaybeRef::NotRef(Object::Array(ids))) => {
                let ids = ids.iter::<PdfString<'_>>();
                let ids = ids.map(|id| object::string(&element_id(id.as_bytes())));
                Some(object::list(&ids.collect::<Vec<_>>()))
            }
            _ => None,
        }
    }
}

/// The names that a document's named destinations have in its name tree.
fn destinations(xref: &XRef, catalog: &Dict<'_>) -> BTreeSet<Vec<u8>> {
    let names = dictionary(catalog, "Names");
    let tree = dictionary(&names, "Dests");
    tree::names(xref, &tree).into_iter().map(|(name, _)| name).collect()
}

/// A name like this one that the quote has not, and that is in its place among those that it has.
fn free_name(name: &[u8], known: &BTreeSet<Vec<u8>>) -> Vec<u8> {
    let mut text = decode(name);
    loop {
        let key = tree::key_among(&text, &known.iter());
        if !known.contains(&key) {
            return key;
        }
        text.push_str("-dpa");
    }
}

/// The id of a structure element of the contract: the quote may have the same one, for Typst numbers them.
pub fn element_id(id: &[u8]) -> Vec<u8> {
    [b"dpa-", id].concat()
}
