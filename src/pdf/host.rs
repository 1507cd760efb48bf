//! A document of another program that a contract is added to: a quote.

use hayro_syntax::object::Dict;
use hayro_syntax::xref::XRef;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::attachment::{self, Attachment, Taken};
use super::object::{Entries, Same};
use super::open::open;
use super::protection::{self, Protection};
use super::text;
use super::update::Update;
use super::{Inspection, inspect};

/// A document to add to.
pub struct Host {
    pub(super) pdf: Pdf,
    /// What its author forbids.
    pub(super) protection: Protection,
}

/// What keeps something from being added to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It is no PDF.
    NotPdf,
    /// It is cut off, or its parts are not where it says.
    Damaged,
    /// It opens with a password only.
    Password,
    /// It is encrypted in a way that is not known here.
    UnknownEncryption,
    /// Its owner does not allow changes.
    Restricted,
    /// A signature forbids what is to be added.
    Certified,
    /// Usage rights of an Adobe program, which any change breaks.
    UsageRights,
    /// It is signed, and pages after a signature break it.
    Signed,
    /// It has a form that a program makes while it is shown (XFA).
    DynamicForm,
    /// It has a form field of that name.
    FieldThere(String),
    /// It has an attachment of that name.
    AttachmentThere(String),
}

impl Host {
    /// Reads a document, whatever program wrote it.
    ///
    /// # Errors
    ///
    /// If it is no PDF, is damaged, or opens with a password only.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Obstacle> {
        if !bytes.windows(5).take(1024).any(|window| window == b"%PDF-") {
            return Err(Obstacle::NotPdf);
        }
        let pdf = open(bytes).map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Obstacle::Password,
            LoadPdfError::Decryption(_) => Obstacle::UnknownEncryption,
            LoadPdfError::Invalid => Obstacle::Damaged,
        })?;
        let catalog = catalog(pdf.xref()).ok_or(Obstacle::Damaged)?;
        let protection = protection::of(pdf.xref(), &catalog);
        if pdf.pages().is_empty() {
            return Err(Obstacle::Damaged);
        }
        drop(catalog);
        Ok(Self { pdf, protection })
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

    /// Its text, page by page; empty if it has none that can be read, as a scan.
    #[must_use]
    pub fn text(&self) -> String {
        text::of(&self.pdf)
    }

    /// The part of PDF/A that it claims to follow: `1`, `2`, `3` or `4`.
    #[must_use]
    pub fn archival_part(&self) -> Option<char> {
        let catalog = catalog(self.pdf.xref())?;
        protection::archival_part(&catalog)
    }

    /// The document with a file embedded in it; its own bytes are the beginning of the result.
    ///
    /// # Errors
    ///
    /// If its author does not allow it, or there is an attachment of that name.
    pub fn embed(&self, attachment: &Attachment) -> Result<Vec<u8>, Obstacle> {
        let xref = self.pdf.xref();
        let catalog = catalog(xref).ok_or(Obstacle::Damaged)?;
        self.protection.allows_additions()?;
        let mut update = Update::of(&self.pdf)?;
        if update.encryption.as_ref().is_some_and(|encryption| !encryption.allows_changes()) {
            return Err(Obstacle::Restricted);
        }
        let mut entries = Entries::of(&catalog, &mut Same);
        attachment::add(
            std::slice::from_ref(attachment),
            xref,
            &catalog,
            &mut entries,
            &mut update,
        )
        .map_err(|Taken(name)| Obstacle::AttachmentThere(name))?;
        update.replace(xref.root_id(), &entries.bytes());
        let made = update.append_to(self.pdf.data().as_ref());
        // Whoever opens it must find it: a document that is damaged in ways that readers mend may hide it.
        match inspect(&made) {
            Some(Inspection { attachments, .. })
                if attachments.iter().any(|(name, bytes)| {
                    (name, bytes) == (&attachment.name, &attachment.bytes)
                }) =>
            {
                Ok(made)
            }
            _ => Err(Obstacle::Damaged),
        }
    }
}

/// The catalog of a document.
pub fn catalog(xref: &XRef) -> Option<Dict<'_>> {
    xref.get(xref.root_id())
}
