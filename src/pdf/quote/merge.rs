//! What lists the parts of a document: its pages, fields, bookmarks, names and page labels, of quote and
//! contract in one.
//!
//! Source: ISO 32000-1, 7.7, 12.3 and 12.7.

use std::collections::BTreeSet;

use hayro_syntax::object::{Array, Dict, ObjRef, ObjectIdentifier};
use hayro_syntax::xref::XRef;

use super::copy::Copy;
use super::obstacle::Obstacle;
use crate::pdf::file::lookup::{array, dictionary};
use crate::pdf::file::object::{self, Change, Entries, Same};
use crate::pdf::file::{text_string, tree};
use crate::pdf::form::tree::{FormField, fields};

impl Copy<'_> {
    /// A root above both roots of pages: what pages take over from a root stays with each.
    pub fn pages(&mut self, own: &Dict<'_>, theirs: &Dict<'_>, before: usize) -> Option<Vec<u8>> {
        let root = ObjRef::new(self.update.reserve().get(), 0);
        let first = own.get_ref(b"Pages")?;
        let mut entries = Entries::of(&own.get::<Dict<'_>>(b"Pages")?, &mut Same);
        entries.set("Parent", object::reference(root));
        self.update.replace(first.into(), &entries.bytes());

        let second = theirs.get_ref(b"Pages")?;
        let node = theirs.get::<Dict<'_>>(b"Pages")?;
        let number = self.number(second);
        let mut entries = Entries::of(&node, self);
        entries.set("Parent", object::reference(root));
        self.update.put_raw(number, &entries.bytes());

        let count = before + usize::try_from(node.get::<i32>(b"Count")?).ok()?;
        let kids = vec![object::reference(first), object::reference(ObjRef::new(number, 0))];
        let mut entries = Entries::default();
        entries
            .set("Type", "/Pages")
            .set("Count", count.to_string())
            .set("Kids", object::list(&kids));
        self.update.put_raw(root.obj_number, &entries.bytes());
        Some(object::reference(root))
    }

    /// The fields of both in one form.
    pub fn form(
        &mut self,
        xref: &XRef,
        own: &Dict<'_>,
        theirs: &Dict<'_>,
        entries: &mut Entries,
    ) -> Result<(), Obstacle> {
        let Some(added) = theirs.get::<Dict<'_>>(b"AcroForm") else {
            return Ok(());
        };
        let Some(form) = own.get::<Dict<'_>>(b"AcroForm") else {
            entries.set("AcroForm", Entries::of(&added, self).bytes());
            return Ok(());
        };
        if form.contains_key(b"XFA") {
            return Err(Obstacle::DynamicForm);
        }
        let known = field_names(xref, &form);
        if let Some(name) = field_names(self.from, &added).intersection(&known).next() {
            return Err(Obstacle::FieldThere(name.clone()));
        }
        let mut merged = Entries::of(&form, &mut Same);
        let mut fields = form
            .get::<Array<'_>>(b"Fields")
            .map(|fields| object::items(&fields, &mut Same))
            .unwrap_or_default();
        fields.extend(object::items(&array(&added, "Fields"), self));
        merged.set("Fields", object::list(&fields));
        let flags = |form: &Dict<'_>| form.get::<i32>(b"SigFlags").unwrap_or_default();
        merged.set("SigFlags", (flags(&form) | flags(&added)).to_string());
        let resources = dictionary(&form, "DR");
        let mut all = Entries::of(&dictionary(&resources, "Font"), &mut Same);
        all.extend(Entries::of(&dictionary(&dictionary(&added, "DR"), "Font"), self));
        let mut resources = Entries::of(&resources, &mut Same);
        resources.set("Font", all.bytes());
        merged.set("DR", resources.bytes());
        entries.set("AcroForm", merged.bytes());
        Ok(())
    }

    /// The contract's bookmarks below one of their own, after the quote's.
    pub fn outlines(
        &mut self,
        own: &Dict<'_>,
        theirs: &Dict<'_>,
        title: &str,
        entries: &mut Entries,
    ) -> Option<()> {
        let (Some(added), Some(root)) =
            (theirs.get_ref(b"Outlines"), theirs.get::<Dict<'_>>(b"Outlines"))
        else {
            return Some(());
        };
        // The root of the contract's bookmarks becomes the bookmark above them.
        let number = self.number(added);
        let item = object::reference(ObjRef::new(number, 0));
        let page = self.first_page(theirs)?;
        let mut bookmark = Entries::of(&root, self);
        bookmark.keep(&["First", "Last"]);
        let kids = root.get::<i32>(b"Count").unwrap_or_default().abs();
        bookmark
            .set("Count", (-kids).to_string())
            .set("Title", object::string(&text_string::encode(title)))
            .set("Dest", object::list(&[object::reference(page), b"/Fit".to_vec()]));

        let known = dictionary(own, "Outlines");
        let id = match own.get_ref(b"Outlines") {
            Some(id) => ObjectIdentifier::from(id),
            None => ObjectIdentifier::new(self.update.reserve().get(), 0),
        };
        let mut outlines = Entries::of(&known, &mut Same);
        outlines.set("Type", "/Outlines").set("Last", item.clone());
        match (known.get_ref(b"Last"), known.get::<Dict<'_>>(b"Last")) {
            (Some(last), Some(before)) => {
                let mut before = Entries::of(&before, &mut Same);
                before.set("Next", item.clone());
                self.update.replace(last.into(), &before.bytes());
                bookmark.set("Prev", object::reference(last));
            }
            _ if known.contains_key(b"First") => return None,
            _ => {
                outlines.set("First", item);
            }
        }
        let count = known.get::<i32>(b"Count").unwrap_or_default();
        // Negative if they are folded up, and then ours is too.
        let count = if count < 0 { count - 1 } else { count + 1 };
        outlines.set("Count", count.to_string());
        bookmark.set("Parent", object::reference(id));
        self.update.put_raw(number, &bookmark.bytes());
        self.update.replace(id, &outlines.bytes());
        entries.set("Outlines", object::reference(id));
        Some(())
    }

    /// The contract's first page, by its new number.
    fn first_page(&mut self, theirs: &Dict<'_>) -> Option<ObjRef> {
        let pages = theirs.get::<Dict<'_>>(b"Pages")?;
        let first = pages.get::<Array<'_>>(b"Kids")?.raw_iter().next()?.as_obj_ref()?;
        Some(self.reference(first))
    }

    /// Named destinations and attachments of both.
    pub fn names(
        &mut self,
        xref: &XRef,
        own: &Dict<'_>,
        theirs: &Dict<'_>,
        entries: &mut Entries,
    ) -> Result<(), Obstacle> {
        let known = dictionary(own, "Names");
        let added = dictionary(theirs, "Names");
        let mut merged = Entries::of(&known, &mut Same);
        for key in ["Dests", "EmbeddedFiles"] {
            let known = dictionary(&known, key);
            let mut all = tree::written(tree::names(xref, &known), &mut Same);
            let added = tree::names(self.from, &dictionary(&added, key));
            for (name, value) in tree::written(added, self) {
                let text = text_string::decode(&name);
                let known = all.iter().map(|(name, _)| name);
                let name = if key == "Dests" {
                    self.renamed.get(&name).unwrap_or(&name).clone()
                } else if known.clone().any(|known| text_string::decode(known) == text) {
                    return Err(Obstacle::AttachmentThere(text));
                } else {
                    tree::key_among(&text, &known)
                };
                all.push((name, value));
            }
            if !all.is_empty() {
                merged.set(key, tree::write_names(all));
            }
        }
        entries.set("Names", merged.bytes());
        let mut all = object::items(&array(own, "AF"), &mut Same);
        all.extend(object::items(&array(theirs, "AF"), self));
        entries.set("AF", object::list(&all));
        Ok(())
    }
}

/// Page labels of a quote that has them go on with the contract's own numbers.
pub fn continue_labels(xref: &XRef, own: &Dict<'_>, before: usize, entries: &mut Entries) {
    let Some(labels) = own.get::<Dict<'_>>(b"PageLabels") else {
        return;
    };
    let mut all = tree::written(tree::numbers(xref, &labels), &mut Same);
    let first = i32::try_from(before).unwrap_or(i32::MAX);
    all.retain(|(page, _)| *page < first);
    all.push((first, b"<</S/D>>".to_vec()));
    entries.set("PageLabels", tree::write_numbers(all));
}

/// The names of the fields of a form that stand in no other field.
fn field_names(xref: &XRef, form: &Dict<'_>) -> BTreeSet<String> {
    fields(xref, form).iter().filter_map(FormField::top_name).collect()
}
