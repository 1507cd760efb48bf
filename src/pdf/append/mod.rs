//! The pages of a contract after those of a quote, with all that belongs to them: fields, bookmarks, links,
//! named destinations, structure and attachments.
//!
//! The contract's objects are copied under new numbers; of the quote only the objects that list such things
//! are written anew: the catalog, the root of its pages and the last of its bookmarks.
//!
//! Source: ISO 32000-1, 7.7, 12.3, 12.7 and 14.7.

mod structure;

use std::collections::{BTreeMap, BTreeSet};

use hayro_syntax::object::{
    Array, Dict, MaybeRef, ObjRef, Object, ObjectIdentifier, String as PdfString,
};
use hayro_syntax::xref::XRef;
use hayro_syntax::{Pdf, PdfVersion};

use structure::element_id;

use super::host::{Host, Obstacle, catalog};
use super::read::text_string::entry as text;
use super::object::{self, Change, Entries, Same};
use super::tree::{self, resolve};
use super::update::Update;

/// The contract's objects on their way into the quote.
struct Copy<'a> {
    from: &'a XRef,
    update: Update,
    /// The new number of each object that is referred to.
    numbers: BTreeMap<(i32, i32), i32>,
    /// Those that are still to be written.
    open: Vec<ObjRef>,
    /// What is added to each key of the parent tree.
    first_key: i32,
    /// The contract's named destinations whose names the quote has too, with their new names.
    renamed: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Host {
    /// The document with the pages of a contract of ours after its own; `title` is that of the contract's
    /// bookmark. Its own bytes are the beginning of the result.
    ///
    /// # Errors
    ///
    /// If its author does not allow it, it is signed, or it has a field or an attachment of the same name as
    /// one of the contract.
    pub fn append(&self, contract: &[u8], title: &str) -> Result<Vec<u8>, Obstacle> {
        self.protection.allows_additions()?;
        if self.is_signed() {
            return Err(Obstacle::Signed);
        }
        let update = Update::of(&self.pdf)?;
        if update.encryption.as_ref().is_some_and(|encryption| !encryption.allows_pages()) {
            return Err(Obstacle::Restricted);
        }
        let xref = self.pdf.xref();
        let own = catalog(xref).ok_or(Obstacle::Damaged)?;
        let added = Pdf::new(contract.to_vec()).map_err(|_| Obstacle::Damaged)?;
        let theirs = catalog(added.xref()).ok_or(Obstacle::Damaged)?;

        let mut copy = Copy::of(added.xref(), update, xref, &own, &theirs);
        let mut entries = Entries::of(&own, &mut Same);
        let pages = copy.pages(&own, &theirs, self.pages()).ok_or(Obstacle::Damaged)?;
        entries.set("Pages", pages);
        copy.form(xref, &own, &theirs, &mut entries)?;
        copy.outlines(&own, &theirs, title, &mut entries).ok_or(Obstacle::Damaged)?;
        copy.names(xref, &own, &theirs, &mut entries)?;
        copy.structure(xref, &own, &theirs, &mut entries);
        continue_labels(xref, &own, self.pages(), &mut entries);
        if self.pdf.version() < PdfVersion::Pdf17 {
            entries.set("Version", "/1.7");
        }
        copy.rest();
        copy.update.replace(xref.root_id(), &entries.bytes());
        let made = copy.update.append_to(self.pdf.data().as_ref());
        let pages = Pdf::new(made.clone()).map(|made| made.pages().len());
        if pages == Ok(self.pages() + added.pages().len()) {
            Ok(made)
        } else {
            Err(Obstacle::Damaged)
        }
    }
}

impl<'a> Copy<'a> {
    fn of(from: &'a XRef, update: Update, xref: &XRef, own: &Dict<'_>, theirs: &Dict<'_>) -> Self {
        let structure = dictionary(own, "StructTreeRoot");
        let keys = dictionary(&structure, "ParentTree");
        let last = tree::numbers(xref, &keys, &mut Same).into_keys().next_back();
        let next = structure.get::<i32>(b"ParentTreeNextKey").unwrap_or_default();
        let known = destinations(xref, own);
        let renamed = destinations(from, theirs).into_iter().filter(|name| known.contains(name));
        let renamed = renamed.map(|name| (name.clone(), free_name(&name, &known))).collect();
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
    fn rest(&mut self) {
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
    fn number(&mut self, reference: ObjRef) -> i32 {
        let key = (reference.obj_number, reference.gen_number);
        let update = &mut self.update;
        *self.numbers.entry(key).or_insert_with(|| update.reserve().get())
    }

    /// A root above both roots of pages: what pages take over from a root stays with each.
    fn pages(&mut self, own: &Dict<'_>, theirs: &Dict<'_>, before: usize) -> Option<Vec<u8>> {
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
    fn form(
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
    fn outlines(
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
            .set("Title", object::string(&object::text(title)))
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
    fn names(
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
            let mut all = tree::names(xref, &known, &mut Same);
            let added = dictionary(&added, key);
            for (name, value) in tree::names(self.from, &added, self) {
                let name =
                    self.renamed.get(&name).filter(|_| key == "Dests").unwrap_or(&name).clone();
                if all.insert(name.clone(), value).is_some() {
                    let name = String::from_utf8_lossy(&name).into_owned();
                    return Err(Obstacle::AttachmentThere(name));
                }
            }
            if !all.is_empty() {
                merged.set(key, tree::write_names(&all));
            }
        }
        entries.set("Names", merged.bytes());
        let mut all = object::items(&array(own, "AF"), &mut Same);
        all.extend(object::items(&array(theirs, "AF"), self));
        entries.set("AF", object::list(&all));
        Ok(())
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

/// Page labels of a quote that has them go on with the contract's own numbers.
fn continue_labels(xref: &XRef, own: &Dict<'_>, before: usize, entries: &mut Entries) {
    let Some(labels) = own.get::<Dict<'_>>(b"PageLabels") else {
        return;
    };
    let mut all = tree::numbers(xref, &labels, &mut Same);
    all.insert(i32::try_from(before).unwrap_or(i32::MAX), b"<</S/D>>".to_vec());
    entries.set("PageLabels", tree::write_numbers(&all));
}

/// The dictionary that stands under a key; an empty one if there is none.
fn dictionary<'a>(of: &Dict<'a>, key: &str) -> Dict<'a> {
    of.get(key).unwrap_or_default()
}

/// The array that stands under a key; an empty one if there is none.
fn array<'a>(of: &Dict<'a>, key: &str) -> Array<'a> {
    of.get(key).unwrap_or_default()
}

/// The names that a document's named destinations have in its name tree.
fn destinations(xref: &XRef, catalog: &Dict<'_>) -> BTreeSet<Vec<u8>> {
    let names = dictionary(catalog, "Names");
    let tree = dictionary(&names, "Dests");
    tree::names(xref, &tree, &mut Same).into_keys().collect()
}

/// A name like this one that is not taken.
fn free_name(name: &[u8], taken: &BTreeSet<Vec<u8>>) -> Vec<u8> {
    let mut free = name.to_vec();
    while taken.contains(&free) {
        free.extend_from_slice(b"-dpa");
    }
    free
}

/// The names of the fields of a form that stand in no other field.
fn field_names(xref: &XRef, form: &Dict<'_>) -> BTreeSet<String> {
    let fields = array(form, "Fields");
    let fields = fields.raw_iter().filter_map(|field| resolve(xref, field)?.into_dict());
    fields.filter_map(|field| text(&field, b"T")).collect()
}
