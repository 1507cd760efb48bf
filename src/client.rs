//! The client file: what the owner writes about one client, as typed and as checked.
//!
//! `services` and `[client] name` make a complete file; everything else is optional.

use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, List, Source};
use crate::input::{self, Checker, Date, Spanned, Text};
use crate::party::{Party, RawParty};
use crate::schema;
use crate::terms::{RawTerms, Terms};

/// The ids that a client file may name, as the clause library defines them.
#[derive(Debug)]
pub struct Vocabulary<'a> {
    /// Services.
    pub services: Vec<&'a str>,
    /// Categories of personal data.
    pub data_categories: Vec<&'a str>,
    /// Categories of sub-processors.
    pub subprocessor_categories: Vec<&'a str>,
}

/// A client file whose every value is in order.
#[derive(Debug)]
pub struct Client {
    /// The file that it was read from.
    pub source: Arc<Source>,
    /// The ids of the services that the client takes, in the file's order.
    pub services: Vec<String>,
    /// The client itself.
    pub party: Party,
    /// `[agreement]`.
    pub agreement: Agreement,
    /// `[security] extra`: measures agreed beyond the base set.
    pub extra_measures: Vec<String>,
    /// `[processing]`.
    pub processing: Processing,
    /// `[service.ID]`: what replaces the catalogue's cells for this client, by service id.
    pub overrides: IndexMap<String, Override>,
    /// `[terms]`: times for this client, before those of the library.
    pub terms: Terms,
    /// `[[subprocessor]]`.
    pub subprocessors: Vec<Subprocessor>,
}

/// The agreement that the contract belongs to.
#[derive(Debug, Default)]
pub struct Agreement {
    /// The quote's number or name.
    pub quote: Option<String>,
    /// The main agreement's name.
    pub main_agreement: Option<String>,
    /// The day it was made.
    pub date: Option<NaiveDate>,
    /// The first day of the processing.
    pub start: Option<NaiveDate>,
    /// The last day of the processing.
    pub end: Option<NaiveDate>,
}

/// What the client's processing has beyond the catalogue.
#[derive(Debug, Default)]
pub struct Processing {
    /// Further categories of data subjects.
    pub data_subjects: Vec<String>,
    /// Further categories of personal data.
    pub data_categories: Vec<String>,
    /// Special or criminal data (art. 9 and 10 GDPR): `Some` and empty says that there are none.
    pub special_data: Option<Vec<String>>,
    /// How long the data are kept.
    pub retention: Option<String>,
}

/// The cells of a service's row that the client file replaces.
#[derive(Debug, Default)]
pub struct Override {
    /// What is done with the data.
    pub processing: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// Ids of categories of personal data.
    pub data_categories: Option<Vec<String>>,
    /// Categories of data subjects.
    pub data_subjects: Option<Vec<String>>,
}

/// A sub-processor by name.
#[derive(Debug)]
pub struct Subprocessor {
    /// Its legal name.
    pub name: String,
    /// The id of its category, if one fits.
    pub category: Option<String>,
    /// Where it processes the data.
    pub country: String,
    /// What for.
    pub purpose: String,
    /// What permits the transfer outside the EEA (art. 44-46 GDPR).
    pub transfer: Option<String>,
}

// The remarks on the keys of the `Raw…` types are what editors show, by way of `dpa-gen schema`: Dutch, then
// English.

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawClient {
    /// De diensten die de klant afneemt.
    ///
    /// The services that the client takes, by their ids in services.toml.
    #[schemars(required, length(min = 1), extend("x-ids" = "service"))]
    services: Option<Spanned<Vec<Text>>>,
    /// De klant: de verwerkingsverantwoordelijke.
    ///
    /// The client: the controller.
    #[schemars(required)]
    client: Option<Spanned<RawParty>>,
    /// De overeenkomst waar het contract bij hoort.
    ///
    /// The agreement that the contract belongs to.
    #[serde(default)]
    agreement: RawAgreement,
    /// Beveiligingsmaatregelen (bijlage 2).
    ///
    /// Security measures (annex 2).
    #[serde(default)]
    security: RawSecurity,
    /// Wat de verwerking voor deze klant meer omvat dan de diensten zeggen (bijlage 1).
    ///
    /// What the processing for this client has beyond its services (annex 1).
    #[serde(default)]
    processing: RawProcessing,
    /// Termijnen voor deze klant: elk voegt een zin aan zijn artikel toe.
    ///
    /// Times for this client: each adds its sentence to its article.
    #[serde(default)]
    terms: RawTerms,
    /// Vervangt voor deze klant cellen in de rij van een dienst (bijlage 1).
    ///
    /// Replaces cells in a service's row for this client (annex 1): `[service.website]`.
    #[serde(default)]
    #[schemars(extend("x-ids" = "service"))]
    service: IndexMap<Text, RawOverride>,
    /// Een subverwerker met naam (bijlage 3).
    ///
    /// A sub-processor by name (annex 3): `[[subprocessor]]`.
    #[serde(default)]
    subprocessor: Vec<Spanned<RawSubprocessor>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawAgreement {
    /// Nummer of naam van de offerte.
    ///
    /// The quote's number or name.
    quote: Option<Text>,
    /// Naam van de hoofdovereenkomst.
    ///
    /// The main agreement's name.
    main_agreement: Option<Text>,
    /// Datum van de overeenkomst, zonder aanhalingstekens: 2026-07-01.
    ///
    /// The day of the agreement, without quotes.
    date: Option<Date>,
    /// Eerste dag van de verwerking, zonder aanhalingstekens.
    ///
    /// The first day of the processing, without quotes.
    start: Option<Date>,
    /// Laatste dag van de verwerking, zonder aanhalingstekens; niet voor de eerste dag.
    ///
    /// The last day of the processing, without quotes; not before the first.
    end: Option<Date>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawSecurity {
    /// Maatregelen die met deze klant zijn afgesproken, naast de standaardmaatregelen.
    ///
    /// Measures agreed with this client beyond the base set.
    extra: Option<Vec<Text>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawProcessing {
    /// Betrokkenen, naast die van de diensten.
    ///
    /// Categories of data subjects, beyond those of the services.
    data_subjects: Option<Vec<Text>>,
    /// Soorten persoonsgegevens, naast die van de diensten.
    ///
    /// Categories of personal data, beyond those of the services.
    data_categories: Option<Vec<Text>>,
    /// Bijzondere of strafrechtelijke gegevens (art. 9 en 10 AVG); `[]` zegt dat ze er niet zijn.
    ///
    /// Special or criminal data (art. 9 and 10 GDPR); `[]` says that there are none.
    special_data: Option<Vec<Text>>,
    /// Hoe lang de gegevens worden bewaard.
    ///
    /// How long the data are kept.
    retention: Option<Text>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawOverride {
    /// Wat er met de gegevens gebeurt.
    ///
    /// What is done with the data.
    processing: Option<Text>,
    /// Waarvoor.
    ///
    /// What for.
    purpose: Option<Text>,
    /// Soorten persoonsgegevens.
    ///
    /// Categories of personal data, by their ids in services.toml.
    #[schemars(length(min = 1), extend("x-ids" = "data-category"))]
    data_categories: Option<Vec<Text>>,
    /// Betrokkenen.
    ///
    /// Categories of data subjects.
    #[schemars(length(min = 1))]
    data_subjects: Option<Vec<Text>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawSubprocessor {
    /// Statutaire naam.
    ///
    /// Its legal name.
    #[schemars(required)]
    name: Option<Text>,
    /// Soort subverwerker.
    ///
    /// Its category, by its id in services.toml.
    #[schemars(extend("x-ids" = "subprocessor-category"))]
    category: Option<Text>,
    /// Land waar de gegevens worden verwerkt.
    ///
    /// Where it processes the data.
    #[schemars(required)]
    country: Option<Text>,
    /// Waarvoor.
    ///
    /// What for.
    #[schemars(required)]
    purpose: Option<Text>,
    /// Grondslag voor doorgifte buiten de EER (art. 44-46 AVG).
    ///
    /// What permits the transfer outside the EEA (art. 44-46 GDPR).
    transfer: Option<Text>,
}

impl Client {
    /// Reads a client file; `known` are the ids it may use.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, known: &Vocabulary<'_>) -> Result<Self, Vec<Diagnostic>> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawClient, check| raw.check(check, known))
    }

    /// The JSON Schema of a client file; `known` are the ids it may use.
    #[must_use]
    pub fn schema(known: &Vocabulary<'_>) -> Value {
        schema::of::<RawClient>(&[
            ("service", &known.services),
            ("data-category", &known.data_categories),
            ("subprocessor-category", &known.subprocessor_categories),
        ])
    }
}

impl RawClient {
    fn check(self, check: &mut Checker<'_>, known: &Vocabulary<'_>) -> Option<Client> {
        let services = check_services(check, self.services, known);
        let party = check_party(check, self.client);
        let agreement = self.agreement.check(check);
        let extra_measures = check.texts("extra", self.security.extra);
        let processing = Processing {
            data_subjects: check.texts("data-subjects", self.processing.data_subjects),
            data_categories: check.texts("data-categories", self.processing.data_categories),
            special_data: self
                .processing
                .special_data
                .map(|data| check.texts("special-data", Some(data))),
            retention: check.optional("retention", self.processing.retention),
        };
        let terms = self.terms.check(check);
        let overrides = check_overrides(check, self.service, &services, known);
        let subprocessors = self
            .subprocessor
            .into_iter()
            .filter_map(|raw| check_subprocessor(check, raw, known))
            .collect();
        Some(Client {
            source: Arc::clone(check.source),
            services,
            party: party?,
            agreement,
            extra_measures,
            processing,
            terms,
            overrides,
            subprocessors,
        })
    }
}

impl RawAgreement {
    fn check(self, check: &mut Checker<'_>) -> Agreement {
        let end_span = self.end.as_ref().map(Spanned::span);
        let agreement = Agreement {
            quote: check.optional("quote", self.quote),
            main_agreement: check.optional("main-agreement", self.main_agreement),
            date: check.date("date", self.date),
            start: check.date("start", self.start),
            end: check.date("end", self.end),
        };
        if let (Some(start), Some(end), Some(span)) = (agreement.start, agreement.end, end_span)
            && end < start
        {
            let problem = Diagnostic::error(format!("`end` is before `start`: `{end}`"))
                .at(check.source, span)
                .hint(format!("the processing starts on {start}"));
            check.problem(problem);
        }
        agreement
    }
}

fn check_party(check: &mut Checker<'_>, party: Option<Spanned<RawParty>>) -> Option<Party> {
    let Some(party) = party else {
        check.missing("[client]", 0..0, "add `[client]` and below it `name = \"…\"`");
        return None;
    };
    let span = party.span();
    party.into_inner().check(check, span)
}

fn check_services(
    check: &mut Checker<'_>,
    services: Option<Spanned<Vec<Text>>>,
    known: &Vocabulary<'_>,
) -> Vec<String> {
    let choice = format!("choose from {}", List(&known.services, "and"));
    match services {
        None => check.missing("services", 0..0, &format!("add `services = [\"…\"]`; {choice}")),
        Some(services) if services.get_ref().is_empty() && !check.entries_lost => {
            let problem =
                Diagnostic::error("`services` is empty").at(check.source, services.span());
            check.problem(problem.hint(choice));
        }
        Some(services) => return check.ids("service", services.get_ref(), &known.services),
    }
    Vec::new()
}

fn check_overrides(
    check: &mut Checker<'_>,
    overrides: IndexMap<Text, RawOverride>,
    taken: &[String],
    known: &Vocabulary<'_>,
) -> IndexMap<String, Override> {
    let mut checked = IndexMap::new();
    for (id, raw) in overrides {
        let Some(name) = check.id("service", &id, &known.services) else {
            continue;
        };
        if !taken.contains(&name) && !check.entries_lost {
            let unused = Diagnostic::error(format!("`[service.{name}]` is not used"))
                .at(check.source, id.span())
                .hint(format!("add `{name}` to `services`, or take the table away"));
            check.problem(unused);
        }
        let cell = Override {
            processing: check.optional("processing", raw.processing),
            purpose: check.optional("purpose", raw.purpose),
            data_categories: raw.data_categories.map(|ids| {
                check.not_empty("data-categories", &ids, id.span());
                check.ids("category of personal data", &ids, &known.data_categories)
            }),
            data_subjects: raw.data_subjects.map(|subjects| {
                check.not_empty("data-subjects", &subjects, id.span());
                check.texts("data-subjects", Some(subjects))
            }),
        };
        checked.insert(name, cell);
    }
    checked
}

fn check_subprocessor(
    check: &mut Checker<'_>,
    raw: Spanned<RawSubprocessor>,
    known: &Vocabulary<'_>,
) -> Option<Subprocessor> {
    let table = raw.span();
    let raw = raw.into_inner();
    let name = check.required("name", raw.name, table.clone());
    let category = raw
        .category
        .and_then(|id| check.id("category of sub-processors", &id, &known.subprocessor_categories));
    let country = check.required("country", raw.country, table.clone());
    let purpose = check.required("purpose", raw.purpose, table);
    let transfer = check.optional("transfer", raw.transfer);
    Some(Subprocessor { name: name?, category, country: country?, purpose: purpose?, transfer })
}
