//! Pages: which there are, and what is on them.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, ObjRef, Object};
use hayro_syntax::page::Page;

use super::annotations;
use super::change::{Change, Kind, Level};
use super::revision::{Revision, keys};
use crate::pdf::file::lookup::resolve;
use crate::pdf::read::same::Revisions;

/// How far up a page looks for what it inherits.
const DEEPEST: usize = 100;

/// What a page shows, in itself.
const CONTENT: [(&[u8], &str); 9] = [
    (b"MediaBox", "its size changed"),
    (b"CropBox", "its size changed"),
    (b"BleedBox", "its size changed"),
    (b"TrimBox", "its size changed"),
    (b"ArtBox", "its size changed"),
    (b"Rotate", "it was turned"),
    (b"UserUnit", "its size changed"),
    (b"Resources", "its fonts, pictures or parts changed"),
    (b"Group", "how its colours mix changed"),
];

/// What says nothing of what a page shows, or is compared elsewhere.
const APART: [&[u8]; 9] = [
    b"Annots",
    b"Contents",
    b"LastModified",
    b"Metadata",
    b"Parent",
    b"PieceInfo",
    b"StructParents",
    b"Tabs",
    b"Type",
];

/// Compares the pages.
pub fn compare<'a>(
    revisions: &mut Revisions<'a>,
    before: &Revision<'a>,
    after: &Revision<'a>,
    note: &mut dyn FnMut(Change),
) {
    let (one, other) = (before.pdf.pages(), after.pdf.pages());
    let id = |page: &Page<'a>| page.raw().obj_id();
    let mut matched = Vec::new();
    for (index, page) in other.iter().enumerate() {
        let known = one.iter().position(|known| id(known).is_some() && id(known) == id(page));
        let change = |what| Change::new(Kind::Pages, Some(index + 1), Level::Beyond, what);
        match known {
            None => note(change("page added")),
            Some(at) if matched.contains(&at) => note(change("page added, a copy of another")),
            Some(at) => {
                if matched.last().is_some_and(|last| *last > at) {
                    note(change("page moved"));
                }
                matched.push(at);
                compare_page(revisions, (&one[at], before), (page, after), index + 1, note);
            }
        }
    }
    for gone in (0..one.len()).filter(|index| !matched.contains(index)) {
        let what = format!("page {} removed", gone + 1);
        note(Change::new(Kind::Pages, None, Level::Beyond, what));
    }
}

fn compare_page<'a>(
    revisions: &mut Revisions<'a>,
    before: (&'a Page<'a>, &Revision<'a>),
    after: (&'a Page<'a>, &Revision<'a>),
    number: usize,
    note: &mut dyn FnMut(Change),
) {
    let (one, other) = (before.0.raw(), after.0.raw());
    let mut content =
        |what: &str| note(Change::new(Kind::PageContent, Some(number), Level::Beyond, what));
    if before.0.page_stream() != after.0.page_stream() {
        content("its contents changed");
    }
    for (key, what) in CONTENT {
        let pair = (inherited(before.1.pdf, one, key), inherited(after.1.pdf, other, key));
        if !revisions.same(pair) {
            content(what);
        }
    }
    let is_apart =
        |key: &[u8]| APART.contains(&key) || CONTENT.iter().any(|(known, _)| *known == key);
    for key in keys(one, other).iter().filter(|key| !is_apart(key)) {
        if !revisions.same_entry(one, other, key) {
            let what = format!("`{}` of the page changed", String::from_utf8_lossy(key));
            note(Change::new(Kind::Other, Some(number), Level::Beyond, what));
        }
    }
    annotations::compare(revisions, (one, before.1), (other, after.1), number, note);
}

/// An entry that a page may have of a node above it (ISO 32000-1, 7.7.3.4).
fn inherited<'a>(pdf: &'a Pdf, page: &Dict<'a>, key: &[u8]) -> Option<MaybeRef<Object<'a>>> {
    let mut node = page.clone();
    for _ in 0..DEEPEST {
        if let Some(value) = node.get_raw(key) {
            return Some(value);
        }
        // The page was reached through the nodes above it, to which the reader does not go back by itself.
        node = resolve(pdf.xref(), node.get_raw(b"Parent")?)?.into_dict()?;
    }
    None
}

/// The nodes of the page tree, and its pages.
pub fn nodes(pdf: &Pdf, catalog: &Dict<'_>) -> HashSet<ObjRef> {
    let mut nodes = HashSet::new();
    let mut open: Vec<MaybeRef<Object<'_>>> = catalog.get_raw(b"Pages").into_iter().collect();
    while let Some(node) = open.pop() {
        if node.as_obj_ref().is_some_and(|id| !nodes.insert(id)) {
            continue;
        }
        if let Some(node) = resolve(pdf.xref(), node).and_then(Object::into_dict) {
            open.extend(node.get::<Array<'_>>(b"Kids").unwrap_or_default().raw_iter());
        }
    }
    nodes.extend(pdf.pages().iter().filter_map(|page| page.raw().obj_id()).map(ObjRef::from));
    nodes
}
