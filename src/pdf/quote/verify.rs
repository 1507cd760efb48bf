//! Holds what was made against the quote, as a reader finds both: its pages must be there as they were.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, MaybeRef, Name, ObjRef, Object, Stream};
use hayro_syntax::page::{Page, Rotation};

use crate::pdf::file::error::FileError;
use crate::pdf::file::object::{self, Same};
use crate::pdf::file::open::open;

/// What stands above a page, or leads to other parts of the document: it is no part of what the page shows.
const AROUND: [&[u8]; 2] = [b"Parent", b"P"];

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
    let mut pair = Pair { before: quote, after: &made, seen: HashSet::new() };
    let is_same = before.iter().zip(after.iter()).all(|(before, after)| {
        shape(before) == shape(after)
            && before.raw().obj_id() == after.raw().obj_id()
            && pair.is_same(before.raw(), after.raw())
            && pair.inherits_same(before.raw(), after.raw())
    });
    if is_same { Ok(()) } else { Err(FileError::Damaged) }
}

/// The boxes of a page, and how it is turned.
fn shape(page: &Page<'_>) -> ([u64; 8], std::mem::Discriminant<Rotation>) {
    let (media, crop) = (page.media_box(), page.crop_box());
    let corners = [media.x0, media.y0, media.x1, media.y1, crop.x0, crop.y0, crop.x1, crop.y1];
    (corners.map(f64::to_bits), std::mem::discriminant(&page.rotation()))
}

/// A document before and after an update, which keeps the numbers of its objects.
struct Pair<'a> {
    before: &'a Pdf,
    after: &'a Pdf,
    /// The objects that were compared.
    seen: HashSet<ObjRef>,
}

impl<'a> Pair<'a> {
    /// Whether two dictionaries are the same, with all objects that they refer to.
    fn is_same(&mut self, before: &Dict<'a>, after: &Dict<'a>) -> bool {
        let mut open = Vec::new();
        self.is_same_dictionary(before, after, &mut open) && self.are_same(open)
    }

    /// Whether the resources that a page takes over from the nodes above it are the same.
    fn inherits_same(&mut self, before: &Dict<'a>, after: &Dict<'a>) -> bool {
        let resources = |page: &Dict<'a>| {
            let above = std::iter::successors(Some(page.clone()), |node| node.get(b"Parent"));
            // More nodes than that stand above no page of a document that can be opened.
            let node = above.take(128).find(|node| node.contains_key(b"Resources"));
            node.and_then(|node| node.get::<Dict<'a>>(b"Resources"))
        };
        match (resources(before), resources(after)) {
            (None, None) => true,
            (Some(before), Some(after)) => self.is_same(&before, &after),
            _ => false,
        }
    }

    /// Compares objects, and those that they refer to.
    fn are_same(&mut self, mut open: Vec<ObjRef>) -> bool {
        while let Some(id) = open.pop() {
            if !self.seen.insert(id) {
                continue;
            }
            let before = self.before.xref().get::<Object<'a>>(id.into());
            let after = self.after.xref().get::<Object<'a>>(id.into());
            let is_same = match (before, after) {
                (None, None) => true,
                (Some(Object::Stream(before)), Some(Object::Stream(after))) => {
                    self.is_same_stream(&before, &after, &mut open)
                }
                (Some(Object::Stream(_)), _) | (_, Some(Object::Stream(_))) => false,
                (Some(before), Some(after)) => self.is_same_value(
                    &MaybeRef::NotRef(before),
                    &MaybeRef::NotRef(after),
                    &mut open,
                ),
                _ => false,
            };
            if !is_same {
                return false;
            }
        }
        true
    }

    fn is_same_stream(
        &self,
        before: &Stream<'a>,
        after: &Stream<'a>,
        open: &mut Vec<ObjRef>,
    ) -> bool {
        before.raw_data() == after.raw_data()
            && self.is_same_dictionary(before.dict(), after.dict(), open)
    }

    fn is_same_dictionary(
        &self,
        before: &Dict<'a>,
        after: &Dict<'a>,
        open: &mut Vec<ObjRef>,
    ) -> bool {
        let kind = before.get::<Name<'_>>(b"Type");
        // The catalog and its parts are what changes.
        if matches!(kind.as_deref(), Some(b"Catalog" | b"Pages" | b"Outlines" | b"StructTreeRoot"))
        {
            return true;
        }
        before.len() == after.len()
            && before.entries().all(|(key, value)| {
                AROUND.contains(&key.as_ref())
                    || after
                        .get_raw::<Object<'a>>(key.as_ref())
                        .is_some_and(|after| self.is_same_value(&value, &after, open))
            })
    }

    fn is_same_value(
        &self,
        before: &MaybeRef<Object<'a>>,
        after: &MaybeRef<Object<'a>>,
        open: &mut Vec<ObjRef>,
    ) -> bool {
        match (before, after) {
            (MaybeRef::Ref(before), MaybeRef::Ref(after)) => {
                open.push(*before);
                before == after
            }
            (MaybeRef::NotRef(Object::Dict(before)), MaybeRef::NotRef(Object::Dict(after))) => {
                self.is_same_dictionary(before, after, open)
            }
            (MaybeRef::NotRef(Object::Array(before)), MaybeRef::NotRef(Object::Array(after))) => {
                let (mut before, mut after) = (before.raw_iter(), after.raw_iter());
                loop {
                    match (before.next(), after.next()) {
                        (None, None) => return true,
                        (Some(before), Some(after))
                            if self.is_same_value(&before, &after, open) => {}
                        _ => return false,
                    }
                }
            }
            _ => object::bytes(before, &mut Same) == object::bytes(after, &mut Same),
        }
    }
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
