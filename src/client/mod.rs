//! The client file: what the owner writes about one client, as typed and as checked.
//!
//! `services` and `[client] name` make a complete file; everything else is optional.

mod typed;

use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, List, Problems, Source};
use crate::input::{self, Checker, Spanned, Text};
use crate::party::{Known, Party, RawParty};
use crate::schema;
use crate::terms::Terms;
use typed::{RawAgreement, RawClient, RawOverride, RawSubprocessor};

/// The ids that a client file may name, as the clause library defines them.
#[derive(Debug)]
pub struct Vocabulary<'a> {
    /// Services.
    pub services: Vec<&'a str>,
    /// Categories of personal data.
    pub data_categories: Vec<&'a str>,
    /// Categories of sub-processors.
    pub subprocessor_categories: Vec<&'a str>,
    /// What is known of parties.
    pub parties: &'a Known,
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

impl Client {
    /// Reads a client file; `known` are the ids it may use.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, known: &Vocabulary<'_>) -> Result<Self, Problems> {
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
        let party = check_party(check, self.client, known.parties);
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

fn check_party(
    check: &mut Checker<'_>,
    party: Option<Spanned<RawParty>>,
    known: &Known,
) -> Option<Party> {
    let Some(party) = party else {
        check.missing("[client]", 0..0, "add `[client]` and below it `name = \"…\"`");
        return None;
    };
    let span = party.span();
    party.into_inner().check(check, span, known)
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
