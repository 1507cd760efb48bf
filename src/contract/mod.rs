//! The assembled contract: what the library and a client file make together, before any typesetting.
//!
//! [`Contract`] is exactly what `contract.json` holds, and
//! [`Project`] is all that determines the text of the document.

mod project;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

pub use project::{CONTRACT_JSON, Project};

use crate::client::{Agreement, Client, Override, Processing};
use crate::diagnostic::Source;
use crate::library::{Clause, Library};
use crate::party::Party;

/// The Typst side of `contract.json`: the module that clauses and layouts import.
pub const INTERFACE: &str = include_str!("contract.typ");

/// Everything that a document says, in the shape of `contract.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Contract {
    /// Which of the two editions this is.
    pub edition: Edition,
    /// ISO 639-1 code.
    pub language: &'static str,
    /// The title on the cover.
    pub title: String,
    /// The line below it.
    pub subtitle: Option<String>,
    /// The version of the text.
    pub version: Version,
    /// SHA-256 over everything that determines the text, as 64 hexadecimal digits.
    pub digest: String,
    /// The owner's colours.
    pub brand: Brand,
    /// Who processes the data.
    pub processor: Party,
    /// Who it is processed for; `None` in the general edition.
    pub client: Option<Party>,
    /// The agreement that the contract belongs to.
    pub agreement: AgreementText,
    /// The services covered: the rows of the annex on the processing.
    pub services: Vec<ServiceRow>,
    /// The rows of the table of personal data.
    pub data_categories: Vec<CategoryRow>,
    /// What the client's processing has beyond the catalogue.
    pub processing: ProcessingText,
    /// The rows of the annex on security.
    pub measures: Measures,
    /// The categories in the annex on sub-processors.
    pub subprocessor_categories: Vec<CategoryRow>,
    /// The sub-processors by name.
    pub subprocessors: Vec<SubprocessorRow>,
    /// The articles that apply, in order.
    pub articles: Vec<ClauseRow>,
    /// The annexes that apply, in order.
    pub annexes: Vec<ClauseRow>,
    /// The closing.
    pub signature: ClauseRow,
    /// The clauses that this selection leaves out, by their label: a reference to one is an error.
    #[serde(skip)]
    pub left_out: BTreeMap<String, String>,
    /// The client file, for telling where a text comes from.
    #[serde(skip)]
    pub client_file: Option<Arc<Source>>,
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
    pub retention: Option<String>,
}

/// The security measures, told apart by where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measures {
    /// In every contract.
    pub base: Vec<String>,
    /// Brought by the services.
    pub services: Vec<String>,
    /// Agreed with this client.
    pub extra: Vec<String>,
}

/// A named sub-processor's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubprocessorRow {
    /// Its legal name.
    pub name: String,
    /// Its category, by name.
    pub category: Option<String>,
    /// Where it processes the data.
    pub country: String,
    /// What for.
    pub purpose: String,
    /// What permits the transfer outside the EEA.
    pub transfer: Option<String>,
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

impl Contract {
    /// Puts a contract together: the general edition without a client, else the client's.
    ///
    /// Everything was checked when it was read, so this cannot fail.
    #[must_use]
    pub fn assemble(library: &Library, client: Option<&Client>) -> Self {
        let contents = &library.contents;
        let catalogue = &library.catalogue;
        let taken: Vec<&str> = catalogue
            .services
            .keys()
            .map(String::as_str)
            .filter(|id| {
                client.is_none_or(|client| client.services.iter().any(|taken| taken == id))
            })
            .collect();
        let services = service_rows(library, client, &taken);
        let applies = |clause: &&Clause| {
            clause.when.is_empty() || clause.when.iter().any(|id| taken.contains(&id.as_str()))
        };
        let rows = |clauses: &[Clause]| clauses.iter().filter(applies).map(clause_row).collect();
        let left_out = |clauses: &[Clause], prefix: &str| -> Vec<(String, String)> {
            let left_out = clauses.iter().filter(|clause| !applies(clause));
            left_out.map(|c| (format!("{prefix}{}", c.id), c.title.clone())).collect()
        };
        let date = |day: NaiveDate| contents.language.date(day);
        let mut contract = Self {
            edition: if client.is_some() { Edition::Client } else { Edition::General },
            language: contents.language.code,
            title: contents.title.clone(),
            subtitle: contents.subtitle.clone(),
            version: Version {
                id: contents.version.to_string(),
                text: date(contents.version),
                day: contents.version,
            },
            digest: String::new(),
            brand: Brand {
                accent: contents.brand.accent.clone(),
                logo: contents.brand.logo.as_ref().map(|logo| Logo {
                    path: format!("/clauses/{}", logo.path),
                    alt: logo.alt.clone(),
                }),
            },
            processor: contents.processor.clone(),
            client: client.map(|client| client.party.clone()),
            agreement: client.map(|client| agreement(&client.agreement, date)).unwrap_or_default(),
            data_categories: data_category_rows(library, client, &taken),
            services,
            processing: client.map(|client| processing(&client.processing)).unwrap_or_default(),
            measures: measures(library, client, &taken),
            subprocessor_categories: subprocessor_category_rows(library, client, &taken),
            subprocessors: client.map(|client| subprocessors(library, client)).unwrap_or_default(),
            articles: rows(&library.articles),
            annexes: rows(&library.annexes),
            signature: clause_row(&library.signature),
            left_out: left_out(&library.articles, "")
                .into_iter()
                .chain(left_out(&library.annexes, "annex-"))
                .collect(),
            client_file: client.map(|client| Arc::clone(&client.source)),
        };
        contract.digest = Project::new(&contract, library).digest();
        contract
    }

    /// The text of `contract.json`.
    ///
    /// # Panics
    ///
    /// Never: the type holds nothing that JSON cannot say.
    #[must_use]
    pub fn json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a contract is plain data");
        json.push('\n');
        json
    }

    /// The paths below `clauses/` of the files that this contract uses.
    pub fn clause_paths(&self) -> impl Iterator<Item = &str> {
        let clauses = self.articles.iter().chain(&self.annexes).chain([&self.signature]);
        let logo = self.brand.logo.iter().map(|logo| &logo.path);
        clauses
            .map(|clause| &clause.path)
            .chain(logo)
            .filter_map(|path| path.strip_prefix("/clauses/"))
    }
}

fn clause_row(clause: &Clause) -> ClauseRow {
    ClauseRow {
        id: clause.id.clone(),
        title: clause.title.clone(),
        path: format!("/clauses/{}", clause.path),
    }
}

fn service_rows(library: &Library, client: Option<&Client>, taken: &[&str]) -> Vec<ServiceRow> {
    let catalogue = &library.catalogue;
    let none = Override::default();
    let mut rows = Vec::new();
    for (id, service) in &catalogue.services {
        if !taken.contains(&id.as_str()) {
            continue;
        }
        let own = client.and_then(|client| client.overrides.get(id)).unwrap_or(&none);
        let data = own.data_categories.as_ref().unwrap_or(&service.data_categories);
        let cells = [
            ("processing", own.processing.is_some()),
            ("purpose", own.purpose.is_some()),
            ("data-categories", own.data_categories.is_some()),
            ("data-subjects", own.data_subjects.is_some()),
        ];
        rows.push(ServiceRow {
            id: id.clone(),
            name: service.name.clone(),
            processing: own.processing.as_ref().unwrap_or(&service.processing).clone(),
            purpose: own.purpose.as_ref().unwrap_or(&service.purpose).clone(),
            data_categories: data
                .iter()
                .map(|id| catalogue.data_categories[id].name.clone())
                .collect(),
            data_subjects: own.data_subjects.as_ref().unwrap_or(&service.data_subjects).clone(),
            agreed: cells.into_iter().filter_map(|(key, own)| own.then_some(key)).collect(),
        });
    }
    rows
}

/// The categories of personal data of the rows above: all of them in the general edition.
fn data_category_rows(
    library: &Library,
    client: Option<&Client>,
    taken: &[&str],
) -> Vec<CategoryRow> {
    let catalogue = &library.catalogue;
    let brings = |service: &str, id: &String| {
        let own = client.and_then(|client| client.overrides.get(service)?.data_categories.as_ref());
        own.unwrap_or(&catalogue.services[service].data_categories).contains(id)
    };
    catalogue
        .data_categories
        .iter()
        .filter(|(id, _)| taken.iter().any(|service| brings(service, id)))
        .map(|(id, category)| category_row(id, category))
        .collect()
}

/// The categories that the services bring, and those of the sub-processors that the client file names.
fn subprocessor_category_rows(
    library: &Library,
    client: Option<&Client>,
    taken: &[&str],
) -> Vec<CategoryRow> {
    let catalogue = &library.catalogue;
    let named = |id: &String| {
        client.is_some_and(|client| {
            client.subprocessors.iter().any(|named| named.category.as_ref() == Some(id))
        })
    };
    catalogue
        .subprocessor_categories
        .iter()
        .filter(|(id, _)| {
            named(id)
                || taken
                    .iter()
                    .any(|service| catalogue.services[*service].subprocessors.contains(id))
        })
        .map(|(id, category)| category_row(id, category))
        .collect()
}

fn category_row(id: &str, category: &crate::library::Category) -> CategoryRow {
    CategoryRow {
        id: id.to_owned(),
        name: category.name.clone(),
        examples: category.examples.clone(),
    }
}

/// The general edition has the base set alone: which further measures apply depends on the client.
fn measures(library: &Library, client: Option<&Client>, taken: &[&str]) -> Measures {
    let catalogue = &library.catalogue;
    let brought = |id: &String| {
        client.is_some()
            && taken.iter().any(|service| catalogue.services[*service].measures.contains(id))
    };
    let texts = |wanted: &dyn Fn(&String, bool) -> bool| -> Vec<String> {
        let measures = catalogue.measures.iter();
        measures
            .filter(|(id, measure)| wanted(id, measure.base))
            .map(|(_, measure)| measure.text.clone())
            .collect()
    };
    Measures {
        base: texts(&|_, base| base),
        services: texts(&|id, base| !base && brought(id)),
        extra: client.map(|client| client.extra_measures.clone()).unwrap_or_default(),
    }
}

fn agreement(agreement: &Agreement, date: impl Fn(NaiveDate) -> String) -> AgreementText {
    AgreementText {
        quote: agreement.quote.clone(),
        main_agreement: agreement.main_agreement.clone(),
        date: agreement.date.map(&date),
        start: agreement.start.map(&date),
        end: agreement.end.map(&date),
    }
}

fn processing(processing: &Processing) -> ProcessingText {
    ProcessingText {
        data_subjects: processing.data_subjects.clone(),
        data_categories: processing.data_categories.clone(),
        special_data: processing.special_data.clone(),
        retention: processing.retention.clone(),
    }
}

fn subprocessors(library: &Library, client: &Client) -> Vec<SubprocessorRow> {
    let category = |id: &String| library.catalogue.subprocessor_categories[id].name.clone();
    client
        .subprocessors
        .iter()
        .map(|named| SubprocessorRow {
            name: named.name.clone(),
            category: named.category.as_ref().map(category),
            country: named.country.clone(),
            purpose: named.purpose.clone(),
            transfer: named.transfer.clone(),
        })
        .collect()
}
