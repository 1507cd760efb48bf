//! The sub-processors of a contract: the categories that its services bring in, and those that are named.

use chrono::NaiveDate;

use super::{SubprocessorCategoryRow, SubprocessorList, SubprocessorRow, scope};
use crate::client::Client;
use crate::library::Library;
use crate::subprocessor::Subprocessor;

/// The rows of the annex on sub-processors.
pub struct List {
    pub kind: SubprocessorList,
    pub categories: Vec<SubprocessorCategoryRow>,
    pub rows: Vec<SubprocessorRow>,
}

/// The rows for the services taken; the general edition names nobody.
pub fn list(library: &Library, client: Option<&Client<'_>>, taken: &[&str]) -> List {
    let catalogue = &library.catalogue;
    let brought = |id: &String| {
        taken.iter().any(|service| catalogue.services[*service].subprocessors.contains(id))
    };
    let own = client.map(|client| client.subprocessors.as_slice()).unwrap_or_default();
    let has_own = |id: &String| own.iter().any(|named| named.categories.contains(id));
    let ids: Vec<&String> =
        catalogue.subprocessor_categories.keys().filter(|id| brought(id) || has_own(id)).collect();
    let serves = |id: &String, named: &Subprocessor, category: &String| {
        let narrowed = client.and_then(|client| client.narrowed.get(category));
        named.categories.contains(category) && narrowed.is_none_or(|ids| ids.contains(id))
    };
    let mut rows = Vec::new();
    let mut named_categories: Vec<&String> = Vec::new();
    if client.is_some() {
        for (id, named) in &library.subprocessors {
            let serving: Vec<&String> = ids
                .iter()
                .copied()
                .filter(|category| brought(category) && serves(id, named, category))
                .collect();
            if !serving.is_empty() {
                rows.push(row(library, named, &serving, false));
                named_categories.extend(serving);
            }
        }
    }
    for named in own {
        let serving: Vec<&String> = named.categories.iter().collect();
        rows.push(row(library, named, &serving, true));
        named_categories.extend(serving);
    }
    let covered = scope::of(catalogue, taken);
    let categories: Vec<SubprocessorCategoryRow> = ids
        .iter()
        .map(|id| {
            let category = &catalogue.subprocessor_categories[*id];
            SubprocessorCategoryRow {
                id: (*id).clone(),
                name: category.name.clone(),
                examples: scope::examples(&category.examples, &covered),
                named: named_categories.contains(id),
            }
        })
        .collect();
    let kind = if client.is_none() || categories.iter().any(|row| !row.named) {
        SubprocessorList::Open
    } else if rows.is_empty() {
        SubprocessorList::None
    } else {
        SubprocessorList::Closed
    };
    List { kind, categories, rows }
}

fn row(
    library: &Library,
    named: &Subprocessor,
    categories: &[&String],
    own: bool,
) -> SubprocessorRow {
    let language = library.contents.language;
    let date = |day: NaiveDate| language.date(day);
    let name = |id: &&String| library.catalogue.subprocessor_categories[*id].name.clone();
    SubprocessorRow {
        name: named.name.clone(),
        address: named.address.clone(),
        contact: named.contact.clone(),
        country: named.country.name(language.code).to_owned(),
        categories: categories.iter().map(name).collect(),
        processing: named.processing.clone(),
        since: named.since.map(date),
        transfer: named.transfer_text(&date),
        own,
    }
}
