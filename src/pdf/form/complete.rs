//! A document that Typst wrote, completed with form fields and embedded files.

use hayro_syntax::Pdf;

use super::attachments::{self, Attachment};
use super::error::FormError;
use super::field::Field;
use super::fields;
use crate::pdf::file::lookup::catalog;
use crate::pdf::file::object::{Entries, Same};
use crate::pdf::file::update::Update;

/// What is added to a document.
#[derive(Debug, Default)]
pub struct Additions<'a> {
    /// Form fields, in reading order.
    pub fields: &'a [Field],
    /// Embedded files.
    pub attachments: &'a [Attachment],
}

/// Adds form fields and attachments to a PDF that Typst wrote.
///
/// Nothing random and no clock goes into it: the same input gives the same bytes.
///
/// # Errors
///
/// If a field is not placed exactly once, or the PDF is not built as Typst builds it.
pub fn complete(pdf: &[u8], additions: &Additions<'_>) -> Result<Vec<u8>, FormError> {
    let read = Pdf::new(pdf.to_vec()).map_err(|_| FormError::Unexpected("a readable PDF"))?;
    let mut update = Update::of(&read).map_err(|_| FormError::Unexpected("a trailer"))?;
    let xref = read.xref();
    let catalog = catalog(xref).ok_or(FormError::Unexpected("a catalog"))?;
    let mut entries = Entries::of(&catalog, &mut Same);
    if !additions.fields.is_empty() {
        entries.set("AcroForm", fields::add(&read, &catalog, additions.fields, &mut update)?);
    }
    if !additions.attachments.is_empty() {
        attachments::add(additions.attachments, xref, &catalog, &mut entries, &mut update)
            .map_err(|_| FormError::Unexpected("a place for an attachment"))?;
    }
    update.replace(xref.root_id(), &entries.bytes());
    update.append_to(b"", pdf).map_err(|_| FormError::Unexpected("a way to extend it"))
}
