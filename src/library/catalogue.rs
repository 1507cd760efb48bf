//! The service catalogue, `services.toml`: what can be taken, and what each service brings into the annexes.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::places::{self, PROCESSOR};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Checker, Spanned, Text};
use crate::schema;

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
    /// The words of the clauses' enumerations, and of examples, that it stands for.
    pub scope: Vec<String>,
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
    /// The sentence in a client's contract, if it is another one.
    pub client_text: Option<String>,
    /// Whether it belongs to the base set, which every contract has.
    pub base: bool,
}

// The remarks on the keys are what editors show, by way of `dpa-gen schema`: Dutch, then English.

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawCatalogue {
    /// De diensten: de rijen van bijlage 1.
    ///
    /// The services, by id: the rows of annex 1.
    #[serde(default)]
    #[schemars(required, extend("minProperties" = 1))]
    service: IndexMap<Text, Spanned<RawService>>,
    /// Soorten persoonsgegevens; elke soort hoort bij een dienst.
    ///
    /// Categories of personal data, by id; each is named by a service.
    #[serde(default)]
    data_category: IndexMap<Text, Spanned<RawCategory>>,
    /// Beveiligingsmaatregelen (bijlage 2).
    ///
    /// Security measures, by id (annex 2).
    #[serde(default)]
    measure: IndexMap<Text, Spanned<RawMeasure>>,
    /// Soorten subverwerkers (bijlage 3); elke soort hoort bij een dienst.
    ///
    /// Categories of sub-processors, by id (annex 3); each is named by a service.
    #[serde(default)]
    subprocessor_category: IndexMap<Text, Spanned<RawCategory>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawService {
    /// Naam in het contract.
    ///
    /// Its name in the contract.
    #[schemars(required)]
    name: Option<Text>,
    /// Wat er met de gegevens gebeurt.
    ///
    /// What is done with the data.
    #[schemars(required)]
    processing: Option<Text>,
    /// Waarvoor.
    ///
    /// What for.
    #[schemars(required)]
    purpose: Option<Text>,
    /// Soorten persoonsgegevens: ids van `[data-category.…]`.
    ///
    /// Categories of personal data: ids of `[data-category.…]`.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    data_categories: Vec<Text>,
    /// Betrokkenen.
    ///
    /// Categories of data subjects.
    data_subjects: Option<Vec<Text>>,
    /// Maatregelen die de dienst meebrengt naast de standaardmaatregelen: ids van `[measure.…]`.
    ///
    /// The measures that it brings beyond the base set: ids of `[measure.…]`.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    measures: Vec<Text>,
    /// Soorten subverwerkers die de dienst meebrengt: ids van `[subprocessor-category.…]`.
    ///
    /// The categories of sub-processors that it brings: ids of `[subprocessor-category.…]`.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    subprocessors: Vec<Text>,
    /// Woorden in opsommingen en voorbeelden die alleen bij deze dienst horen.
    ///
    /// The words of enumerations and examples that stand in a contract only with a service that has them.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    scope: Vec<Text>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawCategory {
    /// Naam in het contract.
    ///
    /// Its name in the contract.
    #[schemars(required)]
    name: Option<Text>,
    /// Voorbeelden, als één tekst.
    ///
    /// Examples, as one text.
    #[schemars(required)]
    examples: Option<Text>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawMeasure {
    /// De zin in bijlage 2.
    ///
    /// The sentence in annex 2.
    #[schemars(required)]
    text: Option<Text>,
    /// De zin in het contract van een klant, als die anders is dan in de algemene uitgave.
    ///
    /// The sentence in a client's contract, where it differs from that of the general edition.
    client_text: Option<Text>,
    /// Of de maatregel in elk contract staat.
    ///
    /// Whether it stands in every contract.
    #[serde(default)]
    base: bool,
}

impl Catalogue {
    /// The ids of the services.
    #[must_use]
    pub fn service_ids(&self) -> Vec<&str> {
        self.services.keys().map(String::as_str).collect()
    }

    /// The ids of the categories of personal data.
    #[must_use]
    pub fn data_category_ids(&self) -> Vec<&str> {
        self.data_categories.keys().map(String::as_str).collect()
    }

    /// The ids of the categories of sub-processors.
    #[must_use]
    pub fn subprocessor_category_ids(&self) -> Vec<&str> {
        self.subprocessor_categories.keys().map(String::as_str).collect()
    }

    /// Reads `services.toml`.
    ///
    /// # Errors
    ///
    /// All problems of the file, definitions that nothing uses among them.
    pub fn read(source: &Arc<Source>) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawCatalogue, check| Some(raw.check(check)))
    }

    /// Fills in the processor's name where a text has the place for it.
    pub fn fill(&mut self, processor: &str) {
        let fill = |text: &mut String| *text = places::fill(text, &[(PROCESSOR, processor)]);
        for service in self.services.values_mut() {
            let Service { name, processing, purpose, data_subjects, .. } = service;
            [name, processing, purpose].into_iter().chain(data_subjects).for_each(fill);
        }
        let categories =
            self.data_categories.values_mut().chain(self.subprocessor_categories.values_mut());
        categories.flat_map(|row| [&mut row.name, &mut row.examples]).for_each(fill);
        let measures = self.measures.values_mut();
        measures
            .flat_map(|measure| [&mut measure.text].into_iter().chain(&mut measure.client_text))
            .for_each(fill);
    }

    /// The JSON Schema of `services.toml`, which defines its ids itself.
    #[must_use]
    pub fn schema() -> Value {
        schema::of::<RawCatalogue>(&[])
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
            let texts = [&raw.name, &raw.processing, &raw.purpose].into_iter().flatten();
            for text in texts.chain(raw.data_subjects.iter().flatten()) {
                places::check(check, text, &[PROCESSOR]);
            }
            once(check, &raw.scope);
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
                scope: check.texts("scope", Some(raw.scope)),
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
            for text in [&raw.text, &raw.client_text].into_iter().flatten() {
                places::check(check, text, &[PROCESSOR]);
            }
            if !raw.base {
                check_used(check, "measure", &id, &used.measures);
            }
            let text = check.required("text", raw.text, id.span()).unwrap_or_default();
            let client_text = check.optional("client-text", raw.client_text);
            let measure = Measure { text, client_text, base: raw.base };
            catalogue.measures.insert(id.into_inner(), measure);
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
        for text in [&raw.name, &raw.examples].into_iter().flatten() {
            places::check(check, text, &[PROCESSOR]);
        }
        let name = check.required("name", raw.name, id.span()).unwrap_or_default();
        let examples = check.required("examples", raw.examples, id.span()).unwrap_or_default();
        checked.insert(id.into_inner(), Category { name, examples });
    }
    checked
}

/// No word of a scope is there twice.
fn once(check: &mut Checker<'_>, scope: &[Text]) {
    for (index, word) in scope.iter().enumerate() {
        if let Some(first) = scope[..index].iter().find(|earlier| *earlier == word) {
            let twice = Diagnostic::error(format!("`{}` is there twice", word.get_ref()))
                .at(check.source, word.span())
                .related(check.source, first.span(), "first here")
                .hint("take one away");
            check.problem(twice);
        }
    }
}

fn check_used(check: &mut Checker<'_>, what: &str, id: &Text, used: &BTreeSet<String>) {
    if !used.contains(id.get_ref()) && !check.entries_lost {
        let unused = Diagnostic::error(format!("{what} `{}` is not used", id.get_ref()))
            .at(check.source, id.span())
            .hint("name it in a service, or take it away");
        check.problem(unused);
    }
}
