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

    /// The first page that shows a widget.
    pub(super) fn page_of(&self, widget: &Dict<'a>) -> Option<usize> {
        self.pages_of(widget).next()
    }

    /// The pages that show a widget.
    pub(super) fn pages_of(&self, widget: &Dict<'a>) -> impl Iterator<Item = usize> {
        let id = widget.obj_id().map(ObjRef::from);
        let pages = self.pdf.pages().iter().enumerate();
        let shows_it = move |page: &Dict<'a>| {
            id.is_some_and(|id| annotation_ids(page).any(|found| found == id))
        };
        pages.filter(move |(_, page)| shows_it(page.raw())).map(|(index, _)| index + 1)
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
