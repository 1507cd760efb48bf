//! What can be typeset: any value that one JSON file and one Typst file of the layout make a document of.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ClauseText;
use crate::contract::Contract;
use crate::contract::project::Project;
use crate::library::{Library, PaperKind};

/// A paper: a checked value that becomes one JSON file, which the layout's file for this kind of paper sets.
///
/// To add one, give [`PaperKind`] its name, the layout a file of that name, and the value this trait. The
/// Typst file imports `contract`, the paper's JSON, from `/contract.typ`; what the files of a layout that
/// papers share ask of it is `language`, `version`, `brand`, `draft` and `digest`, as a contract has them.
pub trait Paper: Sync {
    /// Which paper it is.
    fn kind(&self) -> PaperKind;

    /// The text of its JSON file.
    fn json(&self) -> String;

    /// What a PDF reader shows of it.
    fn properties(&self) -> Properties;

    /// Its Typst project: the JSON, and the files of the layout that it may use.
    fn project<'l>(&self, library: &'l Library) -> Project<'l> {
        Project::of_paper(self.kind(), self.json(), library)
    }

    /// What the PDF carries with it as its source; `texts` are those of the clauses, by their paths.
    fn attached_json(&self, texts: &BTreeMap<String, ClauseText>) -> String {
        let _ = texts;
        self.json()
    }

    /// The contract whose clauses it sets, if it is one.
    fn contract(&self) -> Option<&Contract> {
        None
    }
}

/// What a PDF reader shows of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Its title; none leaves the one that the layout sets.
    pub title: Option<String>,
    /// What its attached source is called, for a person.
    pub source: String,
    /// Who it is by.
    pub author: String,
    /// The version of the text that it is of.
    pub version: String,
    /// SHA-256 over everything that determines it, as 64 hexadecimal digits.
    pub digest: String,
    /// The day that it is of.
    pub day: NaiveDate,
}

impl Paper for Contract {
    fn kind(&self) -> PaperKind {
        PaperKind::Contract
    }

    fn json(&self) -> String {
        Self::json(self)
    }

    fn properties(&self) -> Properties {
        Properties {
            title: Some(match &self.client {
                Some(client) => format!("{} – {}", self.title, client.name),
                None => self.title.clone(),
            }),
            source: format!("{}, {}", self.title, self.version.id),
            author: self.processor.name.clone(),
            version: self.version.id.clone(),
            digest: self.digest.clone(),
            day: self.version.day,
        }
    }

    fn project<'l>(&self, library: &'l Library) -> Project<'l> {
        Project::new(self, library)
    }

    fn attached_json(&self, texts: &BTreeMap<String, ClauseText>) -> String {
        self.json_with_texts(|path| texts.get(path).map(ClauseText::attached))
    }

    fn contract(&self) -> Option<&Contract> {
        Some(self)
    }
}
