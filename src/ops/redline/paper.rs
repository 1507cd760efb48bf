//! The paper that shows a redline to the client and its lawyer.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::values::{Redline, Side};
use crate::compare::{self, Label};
use crate::contract::Brand;
use crate::contract::json;
use crate::contract::project::Project;
use crate::diagnostic::{Diagnostic, Problems};
use crate::library::{Library, PaperKind};
use crate::typeset::{Paper, Properties, Typesetter};

/// A redline as its paper shows it, in the shape of `redline.json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RedlinePaper<'a> {
    /// ISO 639-1 code.
    language: &'static str,
    /// The title of the agreement.
    title: &'a str,
    /// The version of the new text.
    version: Version<'a>,
    /// The version of the old text.
    old_version: Version<'a>,
    /// SHA-256 over everything that determines the paper.
    digest: String,
    /// Never: it is no draft of a contract.
    draft: bool,
    /// The owner's colours.
    brand: Brand,
    /// The processor's name.
    processor: &'a str,
    /// The client's name.
    client: Option<&'a str>,
    /// The clauses by their labels: what sort they are and their numbers, for the references in the text.
    labels: BTreeMap<&'a str, Label<'a>>,
    /// What changed.
    #[serde(flatten)]
    redline: &'a Redline,
    #[serde(skip)]
    day: NaiveDate,
}

#[derive(Debug, Serialize)]
struct Version<'a> {
    id: &'a str,
    text: &'a str,
}

impl<'a> RedlinePaper<'a> {
    /// Puts the paper together; the layout of `library` will set it.
    ///
    /// # Errors
    ///
    /// If the new text has no day as its version.
    pub fn new(redline: &'a Redline, library: &Library) -> Result<Self, Diagnostic> {
        let new = &redline.new.text;
        let day = new.version.parse().map_err(|_| {
            Diagnostic::error(format!("`{}` is no version of a text", new.version))
                .hint("is this a PDF that dpa-gen made?")
        })?;
        let mut paper = Self {
            language: library.contents.language.code,
            title: &new.title,
            version: Version { id: &new.version, text: &new.version_text },
            old_version: version(&redline.old),
            digest: String::new(),
            draft: false,
            brand: Brand::of(library),
            processor: &new.processor,
            client: new.client.as_deref(),
            labels: compare::labels(&redline.old.text, Some(new)),
            redline,
            day,
        };
        paper.digest = Project::of_paper(PaperKind::Redline, paper.json(), library).digest();
        Ok(paper)
    }
}

fn version(side: &Side) -> Version<'_> {
    Version { id: &side.text.version, text: &side.text.version_text }
}

impl Paper for RedlinePaper<'_> {
    fn kind(&self) -> PaperKind {
        PaperKind::Redline
    }

    fn json(&self) -> String {
        json::text(self)
    }

    fn properties(&self) -> Properties {
        Properties {
            title: None,
            source: format!("{}, {} – {}", self.title, self.old_version.id, self.version.id),
            author: self.processor.to_owned(),
            version: self.version.id.to_owned(),
            digest: self.digest.clone(),
            day: self.day,
        }
    }
}

/// Makes the PDF of a redline.
pub fn make(
    redline: &Redline,
    library: &Library,
    typesetter: &Typesetter<'_>,
) -> Result<Vec<u8>, Problems> {
    let paper = RedlinePaper::new(redline, library)?;
    let document = typesetter.lay_out(&paper)?;
    typesetter.export(&document)
}
