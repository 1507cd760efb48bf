//! What to compare, and what the comparison finds.

use std::path::PathBuf;

use serde::Serialize;

use crate::compare::{AgreementText, Comparison};
use crate::diagnostic::Problems;
use crate::ops::settings::Settings;
use crate::ops::sources::LibraryChoice;
use crate::store::Existing;

/// What to compare.
#[derive(Debug)]
pub struct RedlineRequest {
    /// The old text: a PDF, a client file, or a client's name.
    pub old: PathBuf,
    /// The new text; none for what the files say now for the same client.
    pub new: Option<PathBuf>,
    /// Where PDFs are kept, with their lock and `agreements/`; none for where they are by the settings.
    pub folder: Option<PathBuf>,
    /// Which library says what the files say now.
    pub library: LibraryChoice,
    /// The paper to make: its file, or the folder that it goes into.
    pub output: Option<PathBuf>,
    /// What to do about another file in its place.
    pub existing: Existing,
}

/// Where what is held of a client is.
#[derive(Debug)]
pub struct Place {
    /// The PDFs and their lock.
    pub pdfs: PathBuf,
    /// What `agreements/` is in.
    pub root: PathBuf,
}

impl RedlineRequest {
    /// Where what is held of a client is: in the folder that is given, or by the settings.
    ///
    /// # Errors
    ///
    /// All problems of the settings.
    pub fn place(&self) -> Result<Place, Problems> {
        Ok(match &self.folder {
            Some(folder) => Place { pdfs: folder.clone(), root: folder.clone() },
            None => {
                Place { pdfs: Settings::here()?.output.unwrap_or_default(), root: PathBuf::new() }
            }
        })
    }
}

/// One of the two texts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Side {
    /// The PDF or client file that it was read from; none for the general edition of a library.
    pub file: Option<PathBuf>,
    /// The PDF in that file which it was read from, if the file is a quote.
    pub attachment: Option<String>,
    /// Which edition it is.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// The version of its text.
    pub version: String,
    /// SHA-256 over everything that determines it.
    pub digest: String,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// Its whole text.
    #[serde(skip)]
    pub text: AgreementText,
}

/// What changed between two texts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Redline {
    /// The old text.
    pub old: Side,
    /// The new text.
    pub new: Side,
    /// Whether any detail or clause changed.
    pub changed: bool,
    /// The paper that was made.
    pub pdf: Option<PathBuf>,
    /// What changed.
    #[serde(flatten)]
    pub comparison: Comparison,
}
