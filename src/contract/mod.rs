//! The assembled contract: what the library and a client file make together, before any typesetting.
//!
//! [`Contract`] is exactly what `contract.json` holds, and [`project::Project`] is all that determines the text of the document.

mod assemble;
pub mod content;
pub mod json;
pub mod project;
mod scope;
mod subprocessors;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use crate::client::Retention;
use crate::diagnostic::{Diagnostic, Source};
use crate::library::Library;
use crate::party::Party;
use crate::subprocessor::TransferText;
use crate::terms::TimeLimits;

/// The programs that make a document, as `dpa.lock.d` notes them; a test holds Typst's version against its own.
pub const ENGINE: &str = concat!("dpa-gen ", env!("CARGO_PKG_VERSION"), ", typst 0.15.1");

/// Everything that a document says, in the shape of `contract.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Contract {
    /// Which of the two editions this is.
    pub(crate) edition: Edition,
    /// ISO 639-1 code.
    pub(crate) language: &'static str,
    /// The title on the cover.
    pub(crate) title: String,
    /// The line below it.
    pub(crate) subtitle: Option<String>,
    /// The version of the text.
    pub(crate) version: Version,
    /// SHA-256 over everything that determines the text, as 64 hexadecimal digits.
    pub(crate) digest: String,
    /// Which document of its client and version it is, from 1; the JSON has it from 2 on.
    #[serde(skip_serializing_if = "is_first")]
    pub(crate) number: u32,
    /// The earlier document that it replaces; the cover says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<ReplacedDocument>,
    /// Whether what a person must still fill in becomes form fields.
    pub(crate) fields: bool,
    /// Whether it is a draft: it says so on every page, and is not for signing.
    pub(crate) draft: bool,
    /// The name of the layout.
    pub(crate) layout: String,
    /// The owner's colours.
    pub(crate) brand: Brand,
    /// Who processes the data.
    pub(crate) processor: Party,
    /// Who it is processed for; `None` in the general edition.
    pub(crate) client: Option<Party>,
    /// The times that are set: the client's, else the library's.
    pub(crate) terms: TimeLimits,
    /// The agreement that the contract belongs to.
    pub(crate) agreement: AgreementText,
    /// The services covered: the rows of the annex on the processing.
    pub(crate) services: Vec<ServiceRow>,
    /// The rows of the table of personal data.
    pub(crate) data_categories: Vec<CategoryRow>,
    /// What the client's processing has beyond the catalogue.
    pub(crate) processing: ProcessingText,
    /// The rows of the annex on security.
    pub(crate) measures: Measures,
    /// The categories in the annex on sub-processors.
    pub(crate) subprocessor_categories: Vec<SubprocessorCategoryRow>,
    /// How the annex lists sub-processors.
    pub(crate) subprocessor_list: SubprocessorList,
    /// The sub-processors by name.
    pub(crate) subprocessors: Vec<SubprocessorRow>,
    /// The words of enumerations that services have in their scope, and whether this contract covers each.
    pub(crate) scope: BTreeMap<String, bool>,
    /// Whether the paragraphs of articles have numbers.
    pub(crate) paragraph_numbers: bool,
    /// The articles that apply, in order.
    pub(crate) articles: Vec<ClauseRow>,
    /// The annexes that apply, in order.
    pub(crate) annexes: Vec<ClauseRow>,
    /// The closing.
    pub(crate) signature: ClauseRow,
    /// The clauses that this selection leaves out, by their label: a reference to one is an error.
    #[serde(skip)]
    pub(crate) left_out: BTreeMap<String, String>,
    /// The keys of the client file that have another name now.
    #[serde(skip)]
    pub(crate) notes: Vec<Diagnostic>,
    /// The client file, for telling where a text comes from.
    #[serde(skip)]
    pub(crate) client_file: Option<Arc<Source>>,
}

/// The two editions of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// No client and every service: the document that the processor publishes.
    General,
    /// One client and its services.
    Client,
}

/// What the document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be filled in and signed on screen: form fields.
    Fields,
    /// To be filled in and signed on paper: lines.
    Lines,
    /// To be read: it says on every page that it is a draft.
    Draft,
}

/// A document that a later one replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplacedDocument {
    /// The version of its text.
    pub version: Version,
    /// Which document of its version it is, from 1.
    pub number: u32,
    /// The digest that it shows.
    pub digest: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_first(number: &u32) -> bool {
    *number == 1
}

/// The version of the text: the day it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// As in file names: `2026-06-12`.
    pub id: String,
    /// As in running text: `12 juni 2026`.
    pub text: String,
    /// The day itself.
    #[serde(skip)]
    pub day: NaiveDate,
}

/// The owner's colours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// As `#rrggbb`.
    pub accent: String,
    /// The picture on the cover.
    pub logo: Option<Logo>,
}

impl Brand {
    /// Those of a library, with the logo where a Typst project has it.
    #[must_use]
    pub fn of(library: &Library) -> Self {
        let brand = &library.contents.brand;
        let logo = brand
            .logo
            .as_ref()
            .map(|logo| Logo { path: format!("/clauses/{}", logo.path), alt: logo.alt.clone() });
        Self { accent: brand.accent.clone(), logo }
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Logo {
    /// Its path in the Typst project.
    pub path: String,
    /// What it shows.
    pub alt: String,
}

/// The agreement, with its dates written out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgreementText {
    /// The quote's number or name.
    pub quote: Option<String>,
    /// The main agreement's name.
    pub main_agreement: Option<String>,
    /// The day it was made.
    pub date: Option<String>,
    /// The first day of the processing.
    pub start: Option<String>,
    /// The last day of the processing.
    pub end: Option<String>,
}

/// A service's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is done with the data.
    pub processing: String,
    /// What for.
    pub purpose: String,
    /// Categories of personal data, by name.
    pub data_categories: Vec<String>,
    /// Categories of data subjects.
    pub data_subjects: Vec<String>,
    /// The cells that the client file replaced, by key.
    pub agreed: Vec<&'static str>,
}

/// A category's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Examples, as one text.
    pub examples: String,
}

/// What the client's processing has beyond the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProcessingText {
    /// Further categories of data subjects.
    pub data_subjects: Vec<String>,
    /// Further categories of personal data.
    pub data_categories: Vec<String>,
    /// Special or criminal data; `Some` and empty says that there are none.
    pub special_data: Option<Vec<String>>,
    /// How long the data are kept.
    pub retention: Option<Retention>,
}

/// The security measures, by where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measures {
    /// In every contract.
    pub base: Vec<String>,
    /// Brought by the services.
    pub services: Vec<String>,
    /// Agreed with this client.
    pub extra: Vec<String>,
}

/// A category of sub-processors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubprocessorCategoryRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Examples, as one text.
    pub examples: String,
    /// Whether its sub-processors are named.
    pub named: bool,
}

/// How the annex lists sub-processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubprocessorList {
    /// There are none.
    None,
    /// All are named.
    Closed,
    /// Of a category at least, none is named.
    Open,
}

/// A named sub-processor's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubprocessorRow {
    /// Its legal name.
    pub name: String,
    /// Where it is established.
    pub address: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// The country in which it processes the data, in the contract's language.
    pub country: String,
    /// Its categories, by name: those that it serves this client in.
    pub categories: Vec<String>,
    /// What it does with the data.
    pub processing: String,
    /// Since which day.
    pub since: Option<String>,
    /// What permits the transfer outside the European Economic Area.
    pub transfer: Option<TransferText>,
    /// Whether only this client has it.
    pub own: bool,
}

/// A clause of this contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseRow {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its path in the Typst project.
    pub path: String,
}

/// The text of a clause as the JSON in a PDF has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttachedText<'a> {
    /// A line for each paragraph, list item and table cell.
    pub text: &'a str,
    /// The lines that are list items, from 0.
    pub items: Vec<usize>,
    /// The rows of tables.
    pub rows: Vec<AttachedRow>,
}

/// A row of a table in the text of a clause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AttachedRow {
    /// Its first line, from 0.
    pub line: usize,
    /// How many lines each of its cells has: none if it is empty.
    pub cells: Vec<usize>,
}

impl Contract {
    /// The line below the title.
    #[must_use]
    pub fn subtitle(&self) -> Option<&str> {
        self.subtitle.as_deref()
    }

    /// The version of the text.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// SHA-256 over everything that determines the text, as 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The text of `contract.json`.
    ///
    /// # Panics
    ///
    /// Never: the type holds nothing that JSON cannot say.
    #[must_use]
    pub fn json(&self) -> String {
        json::text(self)
    }

    /// The text of `contract.json` with the text of each clause in it, given by the clause's path.
    ///
    /// # Panics
    ///
    /// Never: the type holds nothing that JSON cannot say.
    #[must_use]
    pub fn json_with_texts<'a>(&self, text: impl Fn(&str) -> Option<AttachedText<'a>>) -> String {
        let mut value = serde_json::to_value(self)
            .expect("a contract holds texts, numbers and lists, which JSON can hold");
        let mut add_text = |clause: &mut serde_json::Value| {
            let text = clause["path"].as_str().and_then(&text).unwrap_or_default();
            clause["text"] = text.text.into();
            clause["items"] = text.items.into();
            clause["rows"] = serde_json::json!(text.rows);
        };
        for list in ["articles", "annexes"] {
            value[list].as_array_mut().into_iter().flatten().for_each(&mut add_text);
        }
        add_text(&mut value["signature"]);
        format!("{value:#}\n")
    }

    /// All clauses of this contract, in order: articles, annexes, closing.
    #[must_use]
    pub fn clauses(&self) -> impl DoubleEndedIterator<Item = &ClauseRow> {
        self.articles.iter().chain(&self.annexes).chain([&self.signature])
    }

    /// The paths below `clauses/` of the files that this contract uses.
    pub fn clause_paths(&self) -> impl Iterator<Item = &str> {
        let logo = self.brand.logo.iter().map(|logo| &logo.path);
        let paths = self.clauses().map(|clause| &clause.path).chain(logo);
        paths.filter_map(|path| path.strip_prefix("/clauses/"))
    }
}
