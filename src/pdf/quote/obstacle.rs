//! What keeps something from being added to a document.

use crate::pdf::file::error::FileError;
use crate::pdf::form::attachments::NameInUse;

/// What keeps something from being added to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It cannot be read, or not be extended.
    File(FileError),
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

impl From<FileError> for Obstacle {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<NameInUse> for Obstacle {
    fn from(NameInUse(name): NameInUse) -> Self {
        Self::AttachmentThere(name)
    }
}
