//! Fields in headers and footers. Typst allows no links there, so there is nothing to rewrite: the widget
//! is new, and so is its structure element, at the end of the document's.

use std::collections::BTreeMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict};
use pdf_writer::{Rect, Ref};

use super::error::FormError;
use super::field::Margin;
use super::widget::{Place, form_element, round};
use crate::pdf::file::update::Update;

/// What the fields in margins add to a document.
pub struct Margins<'a> {
    pages: Vec<(Dict<'a>, f32)>,
    root: Dict<'a>,
    next_key: i32,
    /// The widgets of each page.
    annotations: BTreeMap<usize, Vec<Ref>>,
    /// The structure element of each widget, and its key in the parent tree.
    elements: Vec<(Ref, Place)>,
}

impl<'a> Margins<'a> {
    /// Nothing yet.
    pub fn of(pdf: &'a Pdf, catalog: &Dict<'a>) -> Result<Self, FormError> {
        let root = catalog.get::<Dict<'a>>(b"StructTreeRoot");
        let root = root.ok_or(FormError::Unexpected("a structure tree"))?;
        let next_key = root.get::<i32>(b"ParentTreeNextKey");
        #[expect(clippy::cast_possible_truncation, reason = "a PDF's coordinates are f32")]
        let pages =
            pdf.pages().iter().map(|p| (p.raw().clone(), p.media_box().y1 as f32)).collect();
        Ok(Self {
            pages,
            next_key: next_key.ok_or(FormError::Unexpected("the next key of the parent tree"))?,
            root,
            annotations: BTreeMap::new(),
            elements: Vec::new(),
        })
    }

    /// Gives a field in a margin its place in the document.
    pub fn place(&mut self, margin: &Margin, update: &mut Update) -> Result<Place, FormError> {
        let page = self.pages.get(margin.page).and_then(|(page, top)| Some((page.obj_id()?, *top)));
        let (page, top) = page.ok_or(FormError::Unexpected("the page of a field"))?;
        let Margin { left, width, height, .. } = *margin;
        let upper = top - margin.top;
        let place = Place {
            annotation: update.reserve(),
            page: Ref::new(page.obj_number),
            rect: Rect::new(round(left), round(upper - height), round(left + width), round(upper)),
            struct_parent: self.next_key,
        };
        self.next_key += 1;
        self.annotations.entry(margin.page).or_default().push(place.annotation);
        self.elements.push((update.reserve(), place));
        Ok(place)
    }

    /// Writes the pages with their further annotations, and the structure tree with its further elements.
    pub fn write(&self, update: &mut Update) -> Result<(), FormError> {
        if self.elements.is_empty() {
            return Ok(());
        }
        for (page, annotations) in &self.annotations {
            let (page, _) = &self.pages[*page];
            put(update, page, &extended(page, b"Annots", &references(annotations))?)?;
        }
        let document =
            self.root.get::<Array<'a>>(b"K").and_then(|kids| kids.iter::<Dict<'a>>().next());
        let document =
            document.ok_or(FormError::Unexpected("the structure element of the document"))?;
        let parent =
            document.obj_id().ok_or(FormError::Unexpected("an indirect structure element"))?;
        let ids: Vec<Ref> = self.elements.iter().map(|(id, _)| *id).collect();
        put(update, &document, &extended(&document, b"K", &references(&ids))?)?;
        for (id, place) in &self.elements {
            update.put_raw(id.get(), form_element(parent.obj_number, place).as_bytes());
        }
        let tree = self
            .root
            .get::<Dict<'a>>(b"ParentTree")
            .ok_or(FormError::Unexpected("a parent tree"))?;
        let keys = self
            .elements
            .iter()
            .map(|(id, place)| format!("{} {} 0 R", place.struct_parent, id.get()));
        let longer = extended(&tree, b"Nums", &keys.collect::<Vec<_>>().join(" "))?;
        let root = replaced(self.root.data(), tree.data(), &longer)?;
        let old = format!(
            "/ParentTreeNextKey {}",
            self.next_key - i32::try_from(self.elements.len()).unwrap_or(0)
        );
        let new = format!("/ParentTreeNextKey {}", self.next_key);
        put(update, &self.root, &replaced(&root, old.as_bytes(), new.as_bytes())?)
    }
}

fn references(ids: &[Ref]) -> String {
    ids.iter().map(|id| format!("{} 0 R", id.get())).collect::<Vec<_>>().join(" ")
}

fn put(update: &mut Update, dictionary: &Dict<'_>, bytes: &[u8]) -> Result<(), FormError> {
    let id = dictionary.obj_id().ok_or(FormError::Unexpected("an indirect dictionary"))?;
    update.put_raw(id.obj_number, bytes);
    Ok(())
}

/// The bytes of a dictionary with further items in one of its arrays, which is made if it is not there.
fn extended(dictionary: &Dict<'_>, key: &[u8], items: &str) -> Result<Vec<u8>, FormError> {
    let Some(array) = dictionary.get::<Array<'_>>(key) else {
        let entry = format!("/{}[{items}]", String::from_utf8_lossy(key));
        return Ok(with_entries(dictionary.data(), &entry));
    };
    let body = array.data();
    let longer = [b"[", body, b" ", items.as_bytes(), b"]"].concat();
    replaced(dictionary.data(), &[b"[", body, b"]"].concat(), &longer)
}

/// The bytes of a dictionary with further entries at its end.
fn with_entries(dictionary: &[u8], entries: &str) -> Vec<u8> {
    let body = dictionary.strip_suffix(b">>").unwrap_or(dictionary);
    [body, entries.as_bytes(), b">>"].concat()
}

/// The bytes with one part of them replaced; Typst writes small values into the dictionary that has them.
fn replaced(bytes: &[u8], part: &[u8], by: &[u8]) -> Result<Vec<u8>, FormError> {
    let at = bytes.windows(part.len()).position(|window| window == part);
    let at = at.ok_or(FormError::Unexpected("a part of itself"))?;
    Ok([&bytes[..at], by, &bytes[at + part.len()..]].concat())
}
