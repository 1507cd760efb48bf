//! Whether a document is whole at its root: a catalog, and a tree of its pages.
//!
//! Source: ISO 32000-1, 7.7.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, ObjRef, Object};

use super::error::FileError;
use super::lookup::{array, catalog, resolve};
use super::trailer::Trailer;

/// Checks that the trailer leads to the catalog and the catalog to the pages, as they were read: readers find
/// the parts of a damaged document in other ways, each in its own.
///
/// # Errors
///
/// If it does not.
pub fn check(pdf: &Pdf) -> Result<(), FileError> {
    is_whole(pdf).filter(|whole| *whole).map(|_| ()).ok_or(FileError::Damaged)
}

fn is_whole(pdf: &Pdf) -> Option<bool> {
    let trailer = Trailer::read(pdf.data().as_ref())?;
    let root = pdf.xref().root_id();
    if trailer.dictionary.get_ref(b"Root")? != ObjRef::new(root.obj_number, root.gen_number) {
        return Some(false);
    }
    let catalog = catalog(pdf.xref())?;
    let top = catalog.get::<Dict<'_>>(b"Pages")?;
    let found: Vec<_> = pdf.pages().iter().map(|page| page.raw().obj_id()).collect();
    let pages = pages(pdf, &top)?;
    let count = top.get::<usize>(b"Count")?;
    Some(!pages.is_empty() && count == pages.len() && found == pages)
}

/// The pages of a tree, by number; `None` if a node is missing, or stands in it twice.
fn pages(pdf: &Pdf, top: &Dict<'_>) -> Option<Vec<Option<hayro_syntax::object::ObjectIdentifier>>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![top.clone()];
    while let Some(node) = open.pop() {
        if node.obj_id().is_some_and(|id| !seen.insert((id.obj_number, id.gen_number))) {
            return None;
        }
        if !node.contains_key(b"Kids") {
            found.push(node.obj_id());
            continue;
        }
        let kids = array(&node, "Kids").raw_iter().collect::<Vec<_>>().into_iter().rev();
        for kid in kids {
            open.push(resolve(pdf.xref(), kid).and_then(Object::into_dict)?);
        }
    }
    Some(found)
}
