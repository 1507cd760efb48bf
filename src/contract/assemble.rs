//! Assembling: which clauses and rows the selection takes, in the library's order.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::project::Project;
use super::{
    AgreementText, Brand, CategoryRow, ClauseRow, Contract, Edition, Form, Measures,
    ProcessingText, ReplacedDocument, ServiceRow, SubprocessorList, Version, scope, subprocessors,
};
use crate::client::{Agreement, Client, Override, Processing};
use crate::library::{Clause, Language, Library, TextVersion};

impl Contract {
    /// Puts a client's contract together, with the library that the client file was checked against.
    ///
    /// Everything was checked when it was read, so this cannot fail.
    #[must_use]
    pub fn assemble(client: &Client<'_>, form: Form) -> Self {
        Self::select(client.library, Some(client), form)
    }

    /// Puts the general edition together: all services, and no client. It is for reading, and has no fields.
    #[must_use]
    pub fn general(library: &Library, form: Form) -> Self {
        Self::select(library, None, form)
    }

    fn select(library: &Library, client: Option<&Client<'_>>, form: Form) -> Self {
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
        let scope = scope::of(&library.catalogue, &taken);
        let applies = |clause: &&Clause| {
            clause.when.is_empty() || clause.when.iter().any(|id| taken.contains(&id.as_str()))
        };
        let listed = subprocessors::list(library, client, &taken);
        let clause_row = |clause: &Clause| clause_row(clause, listed.kind);
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
            subtitle: contents.subtitle_for(&scope::subtitle(library, client, &taken)),
            version: Version::of(contents.version, contents.language),
            digest: String::new(),
            number: 1,
            replaces: None,
            fields: client.is_some() && form == Form::Fields,
            draft: form == Form::Draft,
            layout: library.layout.clone(),
            brand: Brand::of(library),
            processor: contents.processor.clone(),
            client: client.map(|client| client.party.clone()),
            terms: client.map(|client| client.terms).unwrap_or_default().or(contents.terms),
            agreement: client.map(|client| agreement(&client.agreement, date)).unwrap_or_default(),
            data_categories: data_category_rows(library, client, (&taken, &scope)),
            services,
            processing: client.map(|client| processing(&client.processing)).unwrap_or_default(),
            measures: measures(library, client, &taken),
            subprocessor_list: listed.kind,
            subprocessor_categories: listed.categories,
            subprocessors: listed.rows,
            scope,
            paragraph_numbers: contents.paragraph_numbers,
            articles: rows(&library.articles),
            annexes: rows(&library.annexes),
            signature: clause_row(&library.signature),
            left_out: left_out(&library.articles, "")
                .into_iter()
                .chain(left_out(&library.annexes, "annex-"))
                .collect(),
            notes: client.map(|client| client.notes.clone()).unwrap_or_default(),
            client_file: client.map(|client| Arc::clone(&client.source)),
        };
        contract.digest = Project::new(&contract, library).digest();
        contract
    }
}

impl Version {
    /// A version in a language.
    #[must_use]
    pub fn of(version: TextVersion, language: Language) -> Self {
        Self { id: version.to_string(), text: version.text(language), day: version.day }
    }
}

impl Contract {
    /// The same, were the text of another version.
    #[must_use]
    pub fn of_version(mut self, version: Version, library: &Library) -> Self {
        self.version = version;
        self.digest = String::new();
        self.digest = Project::new(&self, library).digest();
        self
    }

    /// The same as a further document of its client and version, which replaces an earlier one.
    #[must_use]
    pub fn replacing(mut self, number: u32, earlier: ReplacedDocument, library: &Library) -> Self {
        (self.number, self.replaces) = (number, Some(earlier));
        self.digest = Project::new(&self, library).digest();
        self
    }
}

fn clause_row(clause: &Clause, list: SubprocessorList) -> ClauseRow {
    let closed = clause.title_closed_list.as_ref().filter(|_| list != SubprocessorList::Open);
    ClauseRow {
        id: clause.id.clone(),
        title: closed.unwrap_or(&clause.title).clone(),
        path: format!("/clauses/{}", clause.path),
    }
}

fn service_rows(library: &Library, client: Option<&Client<'_>>, taken: &[&str]) -> Vec<ServiceRow> {
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
    client: Option<&Client<'_>>,
    (taken, scope): (&[&str], &BTreeMap<String, bool>),
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
        .map(|(id, category)| CategoryRow {
            id: id.clone(),
            name: category.name.clone(),
            examples: scope::examples(&category.examples, scope),
        })
        .collect()
}

/// The general edition has the base set alone: which further measures apply depends on the client.
fn measures(library: &Library, client: Option<&Client<'_>>, taken: &[&str]) -> Measures {
    let catalogue = &library.catalogue;
    let brought = |id: &String| {
        client.is_some()
            && taken.iter().any(|service| catalogue.services[*service].measures.contains(id))
    };
    let texts = |wanted: &dyn Fn(&String, bool) -> bool| -> Vec<String> {
        let measures = catalogue.measures.iter();
        measures
            .filter(|(id, measure)| wanted(id, measure.base))
            .map(|(_, measure)| {
                let own = measure.client_text.as_ref().filter(|_| client.is_some());
                own.unwrap_or(&measure.text).clone()
            })
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
