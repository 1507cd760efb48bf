//! What a contract is made as.

use std::path::Path;

use super::paths::is_folder;
use crate::diagnostic::{Diagnostic, Slashed};

/// What a contract is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A PDF to sign.
    Pdf,
    /// One HTML file to read on a screen, with the PDF in it.
    Html,
}

impl Format {
    /// What names of its files end in.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
        }
    }

    /// Refuses an output that is named as a file of the other format: it would become a folder.
    pub(super) fn check_name(self, output: &Path) -> Result<(), Diagnostic> {
        let (other, way_out) = match self {
            Self::Pdf => (Self::Html, "give `--format html`, or a name that ends in `.pdf`"),
            Self::Html => {
                (Self::Pdf, "leave out `--format html`, or give a name that ends in `.html`")
            }
        };
        if is_folder(output, other.extension()) {
            return Ok(());
        }
        let wrong = format!("`{}` does not end in `.{}`", output.slashed(), self.extension());
        Err(Diagnostic::failure(wrong).hint(way_out))
    }
}
