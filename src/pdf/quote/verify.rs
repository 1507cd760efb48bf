//! Holds what was made against the quote, as a reader finds both: its pages must be there as they were.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, MaybeRef, ObjRef, Object};
use hayro_syntax::page::{Page, Rotation};

use crate::pdf::file::error::FileError;
use crate::pdf::file::lookup::catalog;
use crate::pdf::file::open::open;
use crate::pdf::read::same::Revisions;

/// Checks that the first pages of what was made are the quote's, with `added` pages after them.
///
/// # Errors
///
/// If a page is missing, or anything that it shows is another.
pub fn check(quote: &Pdf, made: &[u8], added: usize) -> Result<(), FileError> {
    let made = open(made.to_vec())?;
    let (before, after) = (quote.pages(), made.pages());
    if after.len() != before.len() + added {
        return Err(FileError::Damaged);
    }
    let mut revisions = Revisions::new(quote, &made);
    revisions.apart = apart(quote);
    let is_same = before.iter().zip(after.iter()).all(|(before, after)| {
        shape(before) == shape(after)
            && before.raw().obj_id() == after.raw().obj_id()
            && is_same_page(&mut revisions, before.raw(), after.raw())
    });
    if is_same { Ok(()) } else { Err(FileError::Damaged) }
}

/// The objects that are no part of what a page shows, though it may lead to them: the other pages, and what
/// lists the parts of the document, which changes.
fn apart(quote: &Pdf) -> HashSet<ObjRef> {
    let root = quote.xref().root_id();
    let mut apart = HashSet::from([ObjRef::new(root.obj_number, root.gen_number)]);
    let catalog = catalog(quote.xref()).unwrap_or_default();
    let lists = ["Pages", "Outlines", "StructTreeRoot"];
    apart.extend(lists.iter().filter_map(|key| catalog.get_ref(key)));
    let pages = quote.pages().iter().filter_map(|page| page.raw().obj_id());
    apart.extend(pages.map(|id| ObjRef::new(id.obj_number, id.gen_number)));
    apart
}

/// Whether two pages have the same entries, but for the node above them, and take over the same resources.
fn is_same_page<'a>(revisions: &mut Revisions<'a>, before: &Dict<'a>, after: &Dict<'a>) -> bool {
    let entries =
        |page: &Dict<'a>| page.entries().filter(|(key, _)| key.as_ref() != b"Parent").count();
    entries(before) == entries(after)
        && before.entries().all(|(key, _)| {
            key.as_ref() == b"Parent" || revisions.same_entry(before, after, key.as_ref())
        })
        && revisions.same((resources(before), resources(after)))
}

/// The resources that a page takes over from the nodes above it, or has itself.
fn resources<'a>(page: &Dict<'a>) -> Option<MaybeRef<Object<'a>>> {
    let above = std::iter::successors(Some(page.clone()), |node| node.get(b"Parent"));
    // More nodes than that stand above no page of a document that can be opened.
    let node = above.take(128).find(|node| node.contains_key(b"Resources"));
    node.and_then(|node| node.get_raw(b"Resources"))
}

/// The boxes of a page, and how it is turned.
fn shape(page: &Page<'_>) -> ([u64; 8], std::mem::Discriminant<Rotation>) {
    let (media, crop) = (page.media_box(), page.crop_box());
    let corners = [media.x0, media.y0, media.x1, media.y1, crop.x0, crop.y0, crop.x1, crop.y1];
    (corners.map(f64::to_bits), std::mem::discriminant(&page.rotation()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::file::update::Update;

    const QUOTE: &[u8] = include_bytes!("../../../fixtures/quotes/cairo.pdf");

    /// What the check says of a quote with an object replaced.
    fn checked(id: i32, value: &[u8]) -> Result<(), FileError> {
        let quote = open(QUOTE.to_vec()).unwrap();
        let mut update = Update::of(&quote).unwrap();
        update.put_raw(id, value);
        let made = update.append_to(b"", QUOTE).unwrap();
        check(&quote, &made, 0)
    }

    #[test]
    fn a_page_must_be_there_as_it_was() {
        let quote = open(QUOTE.to_vec()).unwrap();
        let page = quote.pages()[0].raw();
        let contents = page.get_ref(b"Contents").unwrap().obj_number;
        let number = page.obj_id().unwrap().obj_number;
        let moved = String::from_utf8_lossy(page.data()).replace("/Contents", "/Thumb");
        assert_eq!(checked(9999, b"null"), Ok(()));
        assert_eq!(
            checked(contents, b"<</Length 0>>\nstream\n\nendstream"),
            Err(FileError::Damaged)
        );
        assert_eq!(checked(contents, b"null"), Err(FileError::Damaged));
        assert_eq!(checked(number, moved.as_bytes()), Err(FileError::Damaged));
        assert!(check(&quote, QUOTE, 1).is_err(), "a page is missing");
    }
}
