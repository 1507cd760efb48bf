//! A document of another program that a contract is added to: a quote.

use hayro_syntax::Pdf;

use super::obstacle::Obstacle;
use super::protection::{self, Protection};
use crate::pdf::file::error::FileError;
use crate::pdf::file::lookup::catalog;
use crate::pdf::file::open::open;
use crate::pdf::file::page_tree;
use crate::pdf::file::start::{header, start};

/// A document to add to.
pub struct Host {
    /// What stands in the file before the document.
    pub(super) before: Vec<u8>,
    pub(super) pdf: Pdf,
    /// What its author forbids.
    pub(super) protection: Protection,
}

impl Host {
    /// Reads a document, whatever program wrote it.
    ///
    /// # Errors
    ///
    /// If it is no PDF, is damaged, or is password-protected.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Obstacle> {
        header(&bytes).ok_or(FileError::NotPdf)?;
        let before = bytes[..start(&bytes)].to_vec();
        let pdf = open(bytes)?;
        page_tree::check(&pdf)?;
        let catalog = catalog(pdf.xref()).ok_or(FileError::Damaged)?;
        let protection = protection::of(pdf.xref(), &catalog);
        drop(catalog);
        Ok(Self { before, pdf, protection })
    }

    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Whether it is signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.protection.is_signed
    }

    /// The part of PDF/A that it claims to follow: `1`, `2`, `3` or `4`.
    #[must_use]
    pub fn archival_part(&self) -> Option<char> {
        let catalog = catalog(self.pdf.xref())?;
        protection::archival_part(&catalog)
    }
}
