//! The pages of a contract after those of a quote, with all that belongs to them: fields, bookmarks, links,
//! named destinations, structure and attachments.
//!
//! The contract's objects are copied under new numbers; of the quote only the objects that list such things
//! are written again: the catalog, the root of its pages and the last of its bookmarks.
//!
//! Source: ISO 32000-1, 7.7.

use hayro_syntax::{Pdf, PdfVersion};

use super::copy::Copy;
use super::host::Host;
use super::merge;
use super::obstacle::Obstacle;
use super::verify;
use crate::pdf::file::error::FileError;
use crate::pdf::file::lookup::catalog;
use crate::pdf::file::object::{Entries, Same};
use crate::pdf::file::update::Update;

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
        let own = catalog(xref).ok_or(FileError::Damaged)?;
        let added = Pdf::new(contract.to_vec()).map_err(|_| FileError::Damaged)?;
        let theirs = catalog(added.xref()).ok_or(FileError::Damaged)?;

        let mut copy = Copy::of(added.xref(), update, xref, &own, &theirs);
        let mut entries = Entries::of(&own, &mut Same);
        let pages = copy.pages(&own, &theirs, self.pages()).ok_or(FileError::Damaged)?;
        entries.set("Pages", pages);
        copy.form(xref, &own, &theirs, &mut entries)?;
        copy.outlines(&own, &theirs, title, &mut entries).ok_or(FileError::Damaged)?;
        copy.names(xref, &own, &theirs, &mut entries)?;
        copy.structure(xref, &own, &theirs, &mut entries);
        merge::continue_labels(xref, &own, self.pages(), &mut entries);
        if self.pdf.version() < PdfVersion::Pdf17 {
            entries.set("Version", "/1.7");
        }
        copy.rest();
        copy.update.replace(xref.root_id(), &entries.bytes());
        let made = copy.update.append_to(&self.before, self.pdf.data().as_ref())?;
        verify::check(&self.pdf, &made, added.pages().len())?;
        Ok(made)
    }
}
