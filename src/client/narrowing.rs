//! `[subprocessors]`: which of the processor's own sub-processors serve a client.

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, List};
use crate::input::{Checker, Text};
use crate::library::Library;
use crate::subprocessor::Subprocessor;

/// Checks what narrows a category: one that a service brings in, to sub-processors that are of it.
pub(super) fn check(
    check: &mut Checker<'_>,
    typed: IndexMap<Text, Vec<Text>>,
    (services, own): (&[String], &[Subprocessor]),
    library: &Library,
) -> IndexMap<String, Vec<String>> {
    let categories = library.catalogue.subprocessor_category_ids();
    let mut narrowed = IndexMap::new();
    for (category, ids) in typed {
        let what = "category of sub-processors";
        let Some(name) = check.id(what, &category, &categories) else {
            continue;
        };
        let brings = |service: &String| {
            library.catalogue.services.get(service).is_some_and(|s| s.subprocessors.contains(&name))
        };
        if !services.iter().any(brings) && !check.entries_lost {
            let unused =
                Diagnostic::error(format!("`{name}` is a category that no service here brings in"));
            check.problem(unused.at(check.source, category.span()).hint("take it away"));
            continue;
        }
        let of_category: Vec<&str> = library
            .subprocessors
            .iter()
            .filter(|(_, named)| named.categories.contains(&name))
            .map(|(id, _)| id.as_str())
            .collect();
        // With one of its own, the client may have none of the processor's.
        if ids.is_empty() && !own.iter().any(|named| named.categories.contains(&name)) {
            check.not_empty(&name, &ids, category.span());
        }
        let all: Vec<&str> = library.subprocessors.keys().map(String::as_str).collect();
        if all.is_empty() && !ids.is_empty() {
            let none = Diagnostic::error("there is no sub-processor to choose from");
            check.problem(
                none.at(check.source, category.span())
                    .hint("name them in clauses/subprocessors.toml, or take the key away"),
            );
            continue;
        }
        for id in ids.iter().filter(|id| !of_category.contains(&id.get_ref().as_str())) {
            if all.contains(&id.get_ref().as_str()) {
                let message =
                    format!("sub-processor `{}` is not of category `{name}`", id.get_ref());
                let wrong = Diagnostic::error(message).at(check.source, id.span());
                check.problem(if of_category.is_empty() {
                    wrong.hint("no sub-processor of subprocessors.toml is: take the key away")
                } else {
                    wrong.hint(format!("those that are: {}", List(&of_category, "and")))
                });
            }
        }
        narrowed.insert(name, check.ids("sub-processor", &ids, &all));
    }
    narrowed
}
