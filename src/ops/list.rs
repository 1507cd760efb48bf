//! What a library has: services, articles, layouts.

use serde::Serialize;

use crate::library::{Clause, Library, Service};

/// What to list of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The services that a client can have.
    Services,
    /// The articles and annexes, in their order.
    Clauses,
    /// The layouts.
    Layouts,
}

/// A thing that a library has.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "kebab-case")]
pub enum Item<'a> {
    /// A service.
    Service {
        /// Its id.
        id: &'a str,
        /// Its name in the contract.
        name: &'a str,
        /// What is done with the data.
        processing: &'a str,
        /// What for.
        purpose: &'a str,
        /// Ids of the categories of personal data.
        data_categories: &'a [String],
        /// Categories of data subjects.
        data_subjects: &'a [String],
        /// Ids of the security measures that it brings.
        measures: &'a [String],
        /// Ids of the categories of sub-processors that it brings.
        subprocessors: &'a [String],
    },
    /// An article or annex.
    Clause {
        /// `article` or `annex`.
        kind: &'static str,
        /// Its number in the general edition.
        number: usize,
        /// Its id.
        id: &'a str,
        /// Its heading.
        title: &'a str,
        /// The services that it is for; none if it is for all.
        when: &'a [String],
        /// The requirements that it claims to meet.
        covers: &'a [String],
    },
    /// A layout.
    Layout {
        /// Its name.
        name: &'a str,
        /// Whether it is the one in use.
        in_use: bool,
    },
}

impl<'a> Item<'a> {
    fn service(id: &'a str, service: &'a Service) -> Self {
        Self::Service {
            id,
            name: &service.name,
            processing: &service.processing,
            purpose: &service.purpose,
            data_categories: &service.data_categories,
            data_subjects: &service.data_subjects,
            measures: &service.measures,
            subprocessors: &service.subprocessors,
        }
    }
}

/// Lists what a library has.
#[must_use]
pub fn list(library: &Library, listing: Listing) -> Vec<Item<'_>> {
    match listing {
        Listing::Services => {
            let services = library.catalogue.services.iter();
            services.map(|(id, service)| Item::service(id, service)).collect()
        }
        Listing::Clauses => {
            let articles = clauses("article", &library.articles);
            articles.chain(clauses("annex", &library.annexes)).collect()
        }
        Listing::Layouts => {
            let layouts = library.layouts();
            layouts.map(|name| Item::Layout { name, in_use: name == library.layout }).collect()
        }
    }
}

fn clauses<'a>(kind: &'static str, clauses: &'a [Clause]) -> impl Iterator<Item = Item<'a>> {
    clauses.iter().zip(1..).map(move |(Clause { id, title, when, covers, .. }, number)| {
        Item::Clause { kind, number, id, title, when, covers }
    })
}
