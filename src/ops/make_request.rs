//! Which documents to make, where they go, and what is said of each.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::format::Format;
use super::gate::CheckSummary;
use super::paths::{check_output, is_folder};
use super::settings::Settings;
use super::sign::SignedDocument;
use super::sources::{LibraryChoice, LibraryOrigin};
use crate::check::Lang;
use crate::contract::Form;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::store::Existing;

/// Which documents to make, and where.
#[derive(Debug, Clone)]
pub struct MakeRequest {
    /// The client files to make contracts of; none for the general edition.
    pub clients: Vec<PathBuf>,
    /// A PDF, or a page for the screen.
    pub format: Format,
    /// Fields to fill in, lines to write on, or a draft.
    pub form: Form,
    /// A file, or a folder; none is the current folder.
    pub output: Option<PathBuf>,
    /// The folder for the Typst project, if it is wanted too.
    pub emit: Option<PathBuf>,
    /// What to do about a PDF that exists and differs.
    pub existing: Existing,
    /// Which library.
    pub library: LibraryChoice,
    /// Whether to check each client's contract and count the findings; without it, only what the library
    /// denies is checked.
    pub count_findings: bool,
    /// The language of what is said of them.
    pub lang: Lang,
}

/// A document that was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Made {
    /// Where the PDF is, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdf: Option<PathBuf>,
    /// Where the page for the screen is, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<PathBuf>,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// The client file; none for the general edition.
    pub client_file: Option<PathBuf>,
    /// The version of the text.
    pub version: String,
    /// The digest of all that determines the text.
    pub digest: String,
    /// How many articles it has.
    pub articles: usize,
    /// How many annexes it has.
    pub annexes: usize,
    /// How many pages it has.
    pub pages: usize,
    /// Which library and layout were used.
    pub library: LibraryOrigin,
    /// How many findings the check of a client's contract has.
    pub check: Option<CheckSummary>,
    /// The signature, if it was signed at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedDocument>,
    /// How long it took.
    #[serde(skip)]
    pub time: Duration,
}

impl MakeRequest {
    /// Refuses one output for several clients.
    pub(super) fn check(&self) -> Result<(), Diagnostic> {
        let clients = &self.clients;
        let is_several = clients.len() > 1;
        let twice =
            clients.iter().enumerate().find(|(index, path)| clients[..*index].contains(path));
        if let Some((_, path)) = twice {
            let twice = format!("`{}` was given twice", path.slashed());
            return Err(Diagnostic::failure(twice).hint("give it once"));
        }
        if let Some(output) = &self.output {
            self.format.check_name(output)?;
        }
        match &self.output {
            Some(output) if is_several && !is_folder(output, self.format.extension()) => {
                Err(Diagnostic::failure(format!(
                    "`{}` is one file, and several clients were given",
                    output.slashed()
                ))
                .hint("give a folder with --output"))
            }
            _ if is_several && self.emit.is_some() => Err(Diagnostic::failure(
                "--emit writes one project, and several clients were given",
            )
            .hint("emit one client at a time")),
            _ => Ok(()),
        }
    }

    /// Refuses an output that is one of the client files.
    pub(super) fn check_output(&self, output: &Path) -> Result<(), Problems> {
        let inputs: Vec<&Path> = self.clients.iter().map(PathBuf::as_path).collect();
        Ok(check_output(output, &inputs)?)
    }

    /// Where a document goes.
    pub(super) fn output(&self, settings: &Settings, file: &str) -> PathBuf {
        let draft = if self.form == Form::Draft { "-draft" } else { "" };
        let name = format!("{}{draft}", file.strip_suffix(".pdf").unwrap_or(file));
        settings.output_path(self.output.as_deref(), &name, self.format.extension())
    }

    /// The folder that the documents go to.
    pub(super) fn folder(&self, settings: &Settings) -> PathBuf {
        // Whatever it is called, it is in that folder.
        let output = self.output(settings, "any.pdf");
        output.parent().unwrap_or(Path::new("")).to_owned()
    }

    /// Whether the documents are kept: in the lock of their folder.
    pub(super) fn is_kept(&self) -> bool {
        self.format == Format::Pdf && self.form != Form::Draft
    }
}
