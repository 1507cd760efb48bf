//! The client file: what the owner writes about one client, as typed and as checked.
//!
//! `services` and `[client] name` make a complete file; everything else is optional.

pub mod identity;
mod narrowing;
mod typed;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, List, Problems, Source};
use crate::input::{self, Checker, Spanned, Text};
use crate::library::{Catalogue, Library};
use crate::party::{Party, RawParty};
use crate::schema;
use crate::subprocessor::{Asked, BASIS_NAMES, Subprocessor};
use crate::terms::TimeLimits;
use typed::{RawAgreement, RawClient, RawOverride, RawRetention};

/// A client file whose every value is in order, as the library that it was checked against has it. A contract
/// is assembled with that library, and with no other.
#[derive(Debug)]
pub struct Client<'l> {
    /// The library whose services, countries and sub-processors the file names.
    pub(crate) library: &'l Library,
    /// The file that it was read from.
    pub(crate) source: Arc<Source>,
    /// `id`: by what its documents are kept, whatever its file is called.
    id: Option<String>,
    /// `sample`: whether it is a sample, which no list of clients has.
    pub(crate) is_sample: bool,
    /// The ids of the services that the client takes, in the file's order.
    pub(crate) services: Vec<String>,
    /// The client itself.
    pub(crate) party: Party,
    /// `[agreement]`.
    pub(crate) agreement: Agreement,
    /// `[security] extra`: measures agreed beyond the base set.
    pub(crate) extra_measures: Vec<String>,
    /// `[processing]`.
    pub(crate) processing: Processing,
    /// `[service.ID]`: what replaces the catalogue's cells for this client, by service id.
    pub(crate) overrides: IndexMap<String, Override>,
    /// `[terms]`: times for this client, before those of the library.
    pub(crate) terms: TimeLimits,
    /// `[[subprocessor]]`: those of its own.
    pub(crate) subprocessors: Vec<Subprocessor>,
    /// `[subprocessors]`: which of the processor's own sub-processors serve it, by category; all of them in a
    /// category that is not there.
    pub(crate) narrowed: IndexMap<String, Vec<String>>,
    /// Keys that have another name now.
    pub(crate) notes: Vec<Diagnostic>,
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
    pub retention: Option<Retention>,
}

/// How long the data are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Retention {
    /// In words.
    Text(String),
    /// Months after the end of the agreement.
    Months {
        /// How many.
        months: u16,
        /// The law that asks for it.
        ground: Option<String>,
    },
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

impl<'l> Client<'l> {
    /// Reads a client file, and checks it against a library.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, library: &'l Library) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawClient, check| raw.check(check, library))
    }

    /// The ids of the services that the client takes, in the file's order.
    #[must_use]
    pub fn services(&self) -> &[String] {
        &self.services
    }

    /// Whether it is a sample, which no list of clients has.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.is_sample
    }

    /// Who the client is.
    #[must_use]
    pub fn party(&self) -> &Party {
        &self.party
    }

    /// The security measures that are agreed beyond the base set.
    #[must_use]
    pub fn extra_measures(&self) -> &[String] {
        &self.extra_measures
    }

    /// By what its documents are kept: its `id`, else the stem of its file.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.clone().unwrap_or_else(|| identity::stem(Path::new(&self.source.name)))
    }

    /// The JSON Schema of a client file for this library.
    #[must_use]
    pub fn schema(library: &Library) -> Value {
        let catalogue = &library.catalogue;
        let mut schema = schema::of::<RawClient>(&[
            ("basis", &BASIS_NAMES),
            ("service", &catalogue.service_ids()),
            ("data-category", &catalogue.data_category_ids()),
            ("subprocessor-category", &catalogue.subprocessor_category_ids()),
        ]);
        // A party of either side is typed alike, but for what the processor alone has.
        if let Some(client) = schema["properties"]["client"]["properties"].as_object_mut() {
            client.remove("short-name");
        }
        let of_category = schema["properties"]["subprocessors"]["properties"].as_object_mut();
        for (category, ids) in of_category.into_iter().flatten() {
            let named =
                library.subprocessors.iter().filter(|(_, it)| it.categories.contains(category));
            let named: Vec<&str> = named.map(|(id, _)| id.as_str()).collect();
            if !named.is_empty() {
                ids["items"] = serde_json::json!({ "type": "string", "enum": named });
                ids["uniqueItems"] = true.into();
            }
        }
        schema
    }
}

impl RawClient {
    fn check<'l>(self, check: &mut Checker<'_>, library: &'l Library) -> Option<Client<'l>> {
        let id = self.id.and_then(|id| check_id(check, &id));
        let services = check_services(check, self.services, &library.catalogue);
        let party = check_party(check, self.client, library);
        let agreement = self.agreement.check(check);
        let extra_measures = check.texts("extra", self.security.extra);
        let processing = Processing {
            data_subjects: check.texts("data-subjects", self.processing.data_subjects),
            data_categories: check.texts("data-categories", self.processing.data_categories),
            special_data: self
                .processing
                .special_data
                .map(|data| check.texts("special-data", Some(data))),
            retention: None,
        };
        let deletion = self.terms.deletion_place();
        let terms = self.terms.check(check, library.contents.terms);
        let until = (terms.or(library.contents.terms).deletion_days, deletion);
        let retention =
            self.processing.retention.and_then(|raw| check_retention(check, raw, until));
        let processing = Processing { retention, ..processing };
        let overrides = check_overrides(check, self.service, &services, &library.catalogue);
        let categories = library.catalogue.subprocessor_category_ids();
        let subprocessors: Vec<Subprocessor> = self
            .subprocessor
            .into_iter()
            .filter_map(|raw| {
                let table = raw.span();
                raw.into_inner().check(check, &table, Asked::Some, &categories, &library.countries)
            })
            .collect();
        let narrowed =
            narrowing::check(check, self.subprocessors, (&services, &subprocessors), library);
        Some(Client {
            library,
            source: Arc::clone(check.source),
            id,
            is_sample: self.sample.unwrap_or_default(),
            services,
            party: party?,
            agreement,
            extra_measures,
            processing,
            terms,
            overrides,
            subprocessors,
            narrowed,
            notes: check.take_notes(),
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

fn check_id(check: &mut Checker<'_>, id: &Text) -> Option<String> {
    let Some(reason) = identity::wrong_id(id.get_ref()) else {
        return Some(id.get_ref().clone());
    };
    let shown = id.get_ref().escape_debug();
    let wrong = Diagnostic::error(format!("`{shown}` is no id of a client: {reason}"));
    check.problem(wrong.at(check.source, id.span()).hint("write it as a short name: \"acme\""));
    None
}

fn check_party(
    check: &mut Checker<'_>,
    party: Option<Spanned<RawParty>>,
    library: &Library,
) -> Option<Party> {
    let Some(party) = party else {
        check.missing("[client]", 0..0, "add `[client]` and below it `name = \"…\"`");
        return None;
    };
    let span = party.span();
    let party = party.into_inner().check(
        check,
        span.clone(),
        &library.parties,
        library.contents.language.code,
    );
    if let Some(Party { short_name: Some(_), .. }) = party {
        let unused = Diagnostic::error("`short-name` belongs to `[processor]` of contract.toml");
        check.problem(
            unused
                .at(check.source, span)
                .hint("the contract calls a client `opdrachtgever`: take it away"),
        );
    }
    party
}

fn check_services(
    check: &mut Checker<'_>,
    services: Option<Spanned<Vec<Text>>>,
    catalogue: &Catalogue,
) -> Vec<String> {
    let known = catalogue.service_ids();
    let choice = format!("choose from {}", List(&known, "and"));
    match services {
        None => check.missing("services", 0..0, &format!("add `services = [\"…\"]`; {choice}")),
        Some(services) if services.get_ref().is_empty() && !check.entries_lost => {
            let problem =
                Diagnostic::error("`services` is empty").at(check.source, services.span());
            check.problem(problem.hint(choice));
        }
        Some(services) => return check.ids("service", services.get_ref(), &known),
    }
    Vec::new()
}

fn check_overrides(
    check: &mut Checker<'_>,
    overrides: IndexMap<Text, RawOverride>,
    taken: &[String],
    catalogue: &Catalogue,
) -> IndexMap<String, Override> {
    let (known, data) = (catalogue.service_ids(), catalogue.data_category_ids());
    let mut checked = IndexMap::new();
    for (id, raw) in overrides {
        let Some(name) = check.id("service", &id, &known) else {
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
                check.ids("category of personal data", &ids, &data)
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

/// Days of the longest month, as a retention period is held against a time to delete.
const MONTH: u16 = 31;

/// How long the data are kept: without a legal ground not beyond the time to delete that the contract promises,
/// which comes with the place where it is typed.
fn check_retention(
    check: &mut Checker<'_>,
    raw: Spanned<RawRetention>,
    (deletion, place): (Option<u16>, Option<Range<usize>>),
) -> Option<Retention> {
    let span = raw.span();
    let (months, ground) = match raw.into_inner() {
        RawRetention::Text(text) => {
            return check.text("retention", Spanned::new(span, text)).map(Retention::Text);
        }
        RawRetention::Typed { months, ground } => {
            (months, ground.and_then(|ground| check.reason("ground", ground)))
        }
    };
    let Some(months) = months else {
        check.missing("months", span, "add `months = 24`");
        return None;
    };
    let number = *months.get_ref();
    let Some(number) = u16::try_from(number).ok().filter(|number| (1..=1200).contains(number))
    else {
        let message = format!("`months` is not a number from 1 to 1200: `{number}`");
        let wrong = Diagnostic::error(message).at(check.source, months.span());
        check.problem(wrong.hint("give a whole number of months: 24, 84"));
        return None;
    };
    if let Some(deletion) = deletion
        && ground.is_none()
        && number.saturating_mul(MONTH) > deletion
    {
        let message = format!(
            "`retention` ({number} months) goes beyond `deletion-days` ({deletion}) without a legal ground"
        );
        let hint = "name the law that asks for it: retention = { months = 84, ground = \"artikel 52 AWR\" }";
        let mut problem = Diagnostic::error(message).at(check.source, span).hint(hint);
        problem = match place {
            Some(place) => problem.related(check.source, place, "the time to delete"),
            None => problem.hint("`deletion-days` is set in clauses/contract.toml"),
        };
        check.problem(problem);
    }
    Some(Retention::Months { months: number, ground })
}
