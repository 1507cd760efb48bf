//! The service catalogue, `services.toml`: what can be taken, and what each service brings into the annexes.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Source};
use crate::input::{self, Checker, Text};

/// The catalogue; every map is in the file's order, which is the contract's.
#[derive(Debug, Default, Serialize)]
pub struct Catalogue {
    /// What a client can take.
    pub services: IndexMap<String, Service>,
    /// Categories of personal data: the rows of the table in the article on them.
    pub data_categories: IndexMap<String, Category>,
    /// Security measures.
    pub measures: IndexMap<String, Measure>,
    /// Categories of sub-processors.
    pub subprocessor_categories: IndexMap<String, Category>,
}

/// A service.
#[derive(Debug, Serialize)]
pub struct Service {
    /// Its name in the contract.
    pub name: String,
    /// What is done with the data.
    pub processing: String,
    /// What for.
    pub purpose: String,
    /// Ids of the categories of personal data.
    pub data_categories: Vec<String>,
    /// Categories of data subjects.
    pub data_subjects: Vec<String>,
    /// Ids of the measures that it brings, beyond the base set.
    pub measures: Vec<String>,
    /// Ids of the categories of sub-processors that it brings.
    pub subprocessors: Vec<String>,
}

/// A category with examples.
#[derive(Debug, Serialize)]
pub struct Category {
    /// Its name in the contract.
    pub name: String,
    /// Examples, as one text.
    pub examples: String,
}

/// A security measure.
#[derive(Debug, Serialize)]
pub struct Measure {
    /// The sentence.
    pub text: String,
    /// Whether it belongs to the base set, which every contract has.
    pub base: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawCatalogue {
    #[serde(default)]
    service: IndexMap<Text, Spanned<RawService>>,
    #[serde(default)]
    data_category: IndexMap<Text, Spanned<RawCategory>>,
    #[serde(default)]
    measure: IndexMap<Text, Spanned<RawMeasure>>,
    #[serde(default)]
    subprocessor_category: IndexMap<Text, Spanned<RawCategory>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawService {
    name: Option<Text>,
    processing: Option<Text>,
    purpose: Option<Text>,
    #[serde(default)]
    data_categories: Vec<Text>,
    data_subjects: Option<Vec<Text>>,
    #[serde(default)]
    measures: Vec<Text>,
    #[serde(default)]
    subprocessors: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCategory {
    name: Option<Text>,
    examples: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeasure {
    text: Option<Text>,
    #[serde(default)]
    base: bool,
}

impl Catalogue {
    /// Reads `services.toml`.
    ///
    /// # Errors
    ///
    /// All problems of the file, definitions that nothing uses among them.
    pub fn read(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawCatalogue, check| Some(raw.check(check)))
    }
}

impl RawCatalogue {
    fn check(self, check: &mut Checker<'_>) -> Catalogue {
        let mut used = Used::default();
        let mut catalogue = Catalogue::default();
        let data_ids: Vec<&str> =
            self.data_category.keys().map(|id| id.get_ref().as_str()).collect();
        let measure_ids: Vec<&str> = self.measure.keys().map(|id| id.get_ref().as_str()).collect();
        let category_ids: Vec<&str> =
            self.subprocessor_category.keys().map(|id| id.get_ref().as_str()).collect();
        if self.service.is_empty() {
            check.missing("[service.ID]", 0..0, "define at least one service");
        }
        for (id, service) in self.service {
            let table = id.span();
            let raw = service.into_inner();
            let name = check.required("name", raw.name, table.clone());
            let processing = check.required("processing", raw.processing, table.clone());
            let purpose = check.required("purpose", raw.purpose, table);
            let service = Service {
                name: name.unwrap_or_default(),
                processing: processing.unwrap_or_default(),
                purpose: purpose.unwrap_or_default(),
                data_categories: check.ids("data category", &raw.data_categories, &data_ids),
                data_subjects: check.texts("data-subjects", raw.data_subjects),
                measures: check.ids("measure", &raw.measures, &measure_ids),
                subprocessors: check.ids(
                    "sub-processor category",
                    &raw.subprocessors,
                    &category_ids,
                ),
            };
            used.data.extend(service.data_categories.iter().cloned());
            used.measures.extend(service.measures.iter().cloned());
            used.subprocessors.extend(service.subprocessors.iter().cloned());
            catalogue.services.insert(id.into_inner(), service);
        }
        catalogue.data_categories =
            check_categories(check, "data category", self.data_category, &used.data);
        catalogue.subprocessor_categories = check_categories(
            check,
            "sub-processor category",
            self.subprocessor_category,
            &used.subprocessors,
        );
        for (id, measure) in self.measure {
            let raw = measure.into_inner();
            if !raw.base {
                check_used(check, "measure", &id, &used.measures);
            }
            let text = check.required("text", raw.text, id.span()).unwrap_or_default();
            catalogue.measures.insert(id.into_inner(), Measure { text, base: raw.base });
        }
        catalogue
    }
}

/// The ids that services name.
#[derive(Default)]
struct Used {
    data: BTreeSet<String>,
    measures: BTreeSet<String>,
    subprocessors: BTreeSet<String>,
}

fn check_categories(
    check: &mut Checker<'_>,
    what: &str,
    categories: IndexMap<Text, Spanned<RawCategory>>,
    used: &BTreeSet<String>,
) -> IndexMap<String, Category> {
    let mut checked = IndexMap::new();
    for (id, category) in categories {
        check_used(check, what, &id, used);
        let raw = category.into_inner();
        let name = check.required("name", raw.name, id.span()).unwrap_or_default();
        let examples = check.required("examples", raw.examples, id.span()).unwrap_or_default();
        checked.insert(id.into_inner(), Category { name, examples });
    }
    checked
}

fn check_used(check: &mut Checker<'_>, what: &str, id: &Text, used: &BTreeSet<String>) {
    if !used.contains(id.get_ref()) && !check.entries_lost {
        let unused = Diagnostic::error(format!("{what} `{}` is not used", id.get_ref()))
            .at(check.source, id.span())
            .hint("name it in a service, or take it away");
        check.problem(unused);
    }
}
