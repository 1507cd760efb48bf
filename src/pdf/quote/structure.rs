//! The structure trees of quote and contract in one.
//!
//! Source: ISO 32000-1, 14.7.

use hayro_syntax::object::{Array, Dict, ObjRef, Object, ObjectIdentifier, String as PdfString};
use hayro_syntax::xref::XRef;

use super::copy::{Copy, element_id};
use crate::pdf::file::lookup::{array, dictionary};
use crate::pdf::file::object::{self, Entries, Same};
use crate::pdf::file::tree;

impl Copy<'_> {
    /// The contract's structure after the quote's. If the quote has none, the contract's is all there is, and
    /// the document does not claim to be tagged.
    pub fn structure(
        &mut self,
        xref: &XRef,
        own: &Dict<'_>,
        theirs: &Dict<'_>,
        entries: &mut Entries,
    ) {
        let (Some(added), Some(from)) =
            (theirs.get_ref(b"StructTreeRoot"), theirs.get::<Dict<'_>>(b"StructTreeRoot"))
        else {
            return;
        };
        let id = match own.get_ref(b"StructTreeRoot") {
            Some(id) => ObjectIdentifier::from(id),
            None => ObjectIdentifier::new(self.number(added), 0),
        };
        if own.contains_key(b"StructTreeRoot") {
            // Elements that name the contract's root as their parent name the quote's.
            self.numbers.insert((added.obj_number, added.gen_number), id.obj_number);
        }
        let known = dictionary(own, "StructTreeRoot");
        let mut root = Entries::of(&known, &mut Same);
        root.set("Type", "/StructTreeRoot");
        let mut kids = kids(&known);
        kids.extend(self.elements(&from, theirs));
        root.set("K", object::list(&kids));

        let mut keys =
            tree::written(tree::numbers(xref, &dictionary(&known, "ParentTree")), &mut Same);
        let first = self.first_key;
        let more = tree::written(tree::numbers(self.from, &dictionary(&from, "ParentTree")), self);
        keys.extend(more.into_iter().map(|(key, value)| (first + key, value)));
        let next = keys.iter().map(|(key, _)| key + 1).max().unwrap_or(first);
        root.set("ParentTree", tree::write_numbers(keys));
        root.set("ParentTreeNextKey", next.to_string());

        let mut names = tree::written(tree::names(xref, &dictionary(&known, "IDTree")), &mut Same);
        let more = tree::written(tree::names(self.from, &dictionary(&from, "IDTree")), self);
        names.extend(more.into_iter().map(|(name, value)| (element_id(&name), value)));
        root.set("IDTree", tree::write_names(names));

        let mut all = Entries::of(&dictionary(&from, "RoleMap"), self);
        all.extend(Entries::of(&dictionary(&known, "RoleMap"), &mut Same));
        root.set("RoleMap", all.bytes());
        self.update.replace(id, &root.bytes());
        entries.set("StructTreeRoot", object::reference(id));
    }

    /// The elements at the top of the contract's structure, with the contract's language: the quote's may be
    /// another.
    fn elements(&mut self, root: &Dict<'_>, theirs: &Dict<'_>) -> Vec<Vec<u8>> {
        let language = theirs.get::<PdfString<'_>>(b"Lang");
        let mut written = Vec::new();
        for kid in array(root, "K").raw_iter() {
            let element = kid.as_obj_ref().and_then(|reference| {
                Some((reference, self.from.get::<Dict<'_>>(reference.into())?))
            });
            let Some((reference, element)) = element else {
                written.push(object::bytes(&kid, self));
                continue;
            };
            let number = self.number(reference);
            let mut element = Entries::of(&element, self);
            if let Some(language) = &language {
                element.set("Lang", object::string(language.as_bytes()));
            }
            self.update.put_raw(number, &element.bytes());
            written.push(object::reference(ObjRef::new(number, 0)));
        }
        written
    }
}

/// What the structure's root holds: one element, or a list.
fn kids(root: &Dict<'_>) -> Vec<Vec<u8>> {
    match (root.get::<Array<'_>>(b"K"), root.get_raw::<Object<'_>>(b"K")) {
        (Some(kids), _) => object::items(&kids, &mut Same),
        (None, Some(kid)) => vec![object::bytes(&kid, &mut Same)],
        (None, None) => Vec::new(),
    }
}
