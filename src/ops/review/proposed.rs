//! What the text would say with every proposal adopted and every term set, beside what it says.

use std::collections::BTreeMap;
use std::path::Path;

use indexmap::IndexMap;

use crate::check;
use crate::client::Client;
use crate::compare::{self, AgreementText, Comparison};
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems};
use crate::library::{Library, Proposal};
use crate::ops::adopt::proposals;
use crate::ops::sources::read_client;
use crate::terms::TimeLimits;
use crate::typeset::{ClauseText, Typesetter};

/// What the proposals would change.
pub struct Proposed {
    /// The text with the proposals.
    pub text: AgreementText,
    /// What differs.
    pub comparison: Comparison,
    /// The proposals that differ from the library's clauses, by the clause's label.
    pub proposals: IndexMap<String, Proposal>,
    /// The terms that are set only here.
    pub terms: Vec<String>,
}

/// Compares the text of a contract with the one that the proposals would give.
///
/// # Errors
///
/// If a proposal does not go with the library.
pub fn of(
    library: &Library,
    now: (&Contract, &AgreementText),
    client: Option<&Path>,
) -> Result<Proposed, Problems> {
    let (own, old) = now;
    let (adopted, proposals) = adopted(library)?;
    let example = library.requirements.example_terms;
    let mut client = match client {
        Some(path) => read_client(path, &adopted)?,
        None => check::sample(&adopted, &services(library))?,
    };
    let terms = terms(&own.terms, &example);
    with_terms(&mut client, library.contents.terms.or(example));
    let contract = Contract::assemble(&client, Form::Fields);
    let texts = Typesetter::new(&adopted)?.texts(&contract)?;
    let text = text(&contract, &texts)?;
    let comparison = compare::compare(old, &text);
    Ok(Proposed { text, comparison, proposals, terms })
}

/// The services of a library.
pub fn services(library: &Library) -> Vec<&str> {
    library.catalogue.services.keys().map(String::as_str).collect()
}

/// Sets the terms that the client file does not: after it was checked, for these are no values of anybody.
fn with_terms(client: &mut Client<'_>, terms: TimeLimits) {
    client.terms = client.terms.or(terms);
}

/// The terms of `example` that a contract does not set.
fn terms(own: &TimeLimits, example: &TimeLimits) -> Vec<String> {
    let json = |terms: &TimeLimits| serde_json::to_value(terms).unwrap_or_default();
    let (own, example) = (json(own), json(example));
    let unset = |name: &&&str| own[**name].is_null() && !example[**name].is_null();
    crate::terms::NAMES.iter().filter(unset).map(|name| (*name).to_owned()).collect()
}

/// The library with each proposal in its place, and the proposals that change something.
fn adopted(library: &Library) -> Result<(Library, IndexMap<String, Proposal>), Problems> {
    let (all, files) = proposals(library)?;
    let mut clauses = library.clause_files.clone();
    let mut changing = IndexMap::new();
    for (name, clause) in all {
        let path = format!("{name}.typ");
        let new = files.bytes(&clause.path).map(String::from_utf8_lossy);
        let (Some(old), Some(new), Some(proposal)) = (library.clause(&path), new, clause.proposal)
        else {
            continue;
        };
        if old.text != clause.text {
            clauses = clauses.with(&path, new.into_owned());
            changing.insert(label(&name), proposal);
        }
    }
    let adopted = Library::read(clauses, library.layout_files.clone(), Some(&library.layout))?;
    Ok((adopted, changing))
}

/// What a reference to a part of the library is, if it is a clause: of `annexes/security` it is `annex-security`.
pub fn label(part: &str) -> String {
    match part.split_once('/') {
        Some(("annexes", id)) => format!("annex-{id}"),
        Some(("articles", id)) => id.to_owned(),
        _ => part.to_owned(),
    }
}

/// The text of a contract, as its PDF would carry it.
pub fn text(
    contract: &Contract,
    texts: &BTreeMap<String, ClauseText>,
) -> Result<AgreementText, Diagnostic> {
    let json = contract.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
    AgreementText::read(json.as_bytes())
        .map_err(|problem| Diagnostic::bug(format!("the text as assembled: {problem}")))
}
