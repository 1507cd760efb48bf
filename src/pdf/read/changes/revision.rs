//! A revision of a document, as it is compared with another.

use std::collections::BTreeSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, ObjRef};

use crate::pdf::file::lookup::catalog;
use crate::pdf::read::fields::{self, Field};

/// A revision as it is compared.
pub struct Revision<'a> {
    pub(super) pdf: &'a Pdf,
    pub(super) catalog: Dict<'a>,
    pub(super) fields: Vec<Field<'a>>,
}

impl<'a> Revision<'a> {
    pub(super) fn of(pdf: &'a Pdf) -> Option<Self> {
        let catalog = catalog(pdf.xref())?;
        let fields = fields::collect(pdf, &catalog);
        Some(Self { pdf, catalog, fields })
    }

    /// The page that shows a widget.
    pub(super) fn page_of(&self, widget: &Dict<'a>) -> Option<usize> {
        let id = widget.obj_id()?;
        let mut pages = self.pdf.pages().iter();
        pages
            .position(|page| annotation_ids(page.raw()).any(|found| found == id.into()))
            .map(|at| at + 1)
    }
}

/// The annotations of a page that are objects of their own.
pub fn annotation_ids<'a>(page: &Dict<'a>) -> impl Iterator<Item = ObjRef> + use<'a> {
    let annotations = page.get::<Array<'a>>(b"Annots").unwrap_or_default();
    annotations.raw_iter().filter_map(|annotation| annotation.as_obj_ref())
}

/// The keys of two dictionaries.
pub fn keys(one: &Dict<'_>, other: &Dict<'_>) -> BTreeSet<Vec<u8>> {
    one.keys().chain(other.keys()).map(|key| key.to_vec()).collect()
}
