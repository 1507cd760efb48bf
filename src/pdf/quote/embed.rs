//! A contract embedded in a quote.

use super::host::Host;
use super::obstacle::Obstacle;
use super::verify;
use crate::pdf::file::error::FileError;
use crate::pdf::file::lookup::catalog;
use crate::pdf::file::object::{Entries, Same};
use crate::pdf::file::update::Update;
use crate::pdf::form::attachments::{self, Attachment};
use crate::pdf::read::{Inspection, inspect};

impl Host {
    /// The document with a file embedded in it; its own bytes are the beginning of the result.
    ///
    /// # Errors
    ///
    /// If its author does not allow it, or there is an attachment of that name.
    pub fn embed(&self, attachment: &Attachment) -> Result<Vec<u8>, Obstacle> {
        let xref = self.pdf.xref();
        let catalog = catalog(xref).ok_or(FileError::Damaged)?;
        self.protection.allows_additions()?;
        let mut update = Update::of(&self.pdf)?;
        if update.encryption.as_ref().is_some_and(|encryption| !encryption.allows_changes()) {
            return Err(Obstacle::Restricted);
        }
        let mut entries = Entries::of(&catalog, &mut Same);
        let attachments = std::slice::from_ref(attachment);
        attachments::add(attachments, xref, &catalog, &mut entries, &mut update)?;
        update.replace(xref.root_id(), &entries.bytes());
        let made = update.append_to(&self.before, self.pdf.data().as_ref())?;
        verify::check(&self.pdf, &made, 0)?;
        // Whoever opens it must find it: a document that is damaged in ways that readers mend may hide it.
        match inspect(&made) {
            Some(Inspection { attachments, .. })
                if attachments.iter().any(|(name, bytes)| {
                    (name, bytes) == (&attachment.name, &attachment.bytes)
                }) =>
            {
                Ok(made)
            }
            _ => Err(FileError::Damaged.into()),
        }
    }
}
