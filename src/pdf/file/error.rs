//! Why a file cannot be read, or cannot be extended.

use std::fmt;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileError {
    /// It is no PDF.
    NotPdf,
    /// It is cut off, its parts are not where it says, or programs may read it in different ways.
    Damaged,
    /// It is password-protected.
    PasswordProtected,
    /// It is encrypted in a way that is not known here.
    UnknownEncryption,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotPdf => "not a PDF",
            Self::Damaged => "damaged, or not built as the PDF standard asks",
            Self::PasswordProtected => "password-protected",
            Self::UnknownEncryption => "encrypted in an unknown way",
        })
    }
}

impl std::error::Error for FileError {}
