//! Digests of a library: of its text, part by part, which a version stands for; and of its look.

use std::collections::{BTreeMap, BTreeSet};

use base16ct::lower::encode_string;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::checked::Library;
use super::clause::Clause;
use super::papers::PaperKind;
use super::pieces::{first_lower, split};

/// A digest, as 16 hexadecimal digits.
fn short(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    encode_string(&hash.finalize()[..8])
}

fn of_value(value: &impl Serialize) -> String {
    short(&[&serde_json::to_vec(value).unwrap_or_default()])
}

impl Library {
    /// The digest of the whole text. It changes with what contracts may say, not with remarks beside it.
    #[must_use]
    pub fn text_digest(&self) -> String {
        of_value(&text(self))
    }

    /// The digest of each clause, as it stands in the library.
    #[must_use]
    pub fn clause_digests(&self) -> BTreeMap<String, String> {
        let mut parts = text(self);
        parts.retain(|part, _| part.contains('/'));
        parts
    }

    /// The digest of each part of the text that contracts have or have not: what contract.toml says, each row of
    /// services.toml, each sub-processor, each clause. Words that depend on the services are no part of them.
    #[must_use]
    pub fn text_parts(&self) -> BTreeMap<String, String> {
        parts(self)
    }

    /// The names of those parts that every contract of these services has.
    #[must_use]
    pub fn parts_of(&self, services: &[String]) -> BTreeSet<String> {
        parts_of(self, services)
    }

    /// The digest of the look: the layout in use with its fonts, the brand, and `interface`.
    #[must_use]
    pub fn look_digest(&self, interface: &str) -> String {
        look(self, interface)
    }
}

/// The text of each part: contract.toml, services.toml, parties.toml, each clause. Remarks are no part of it.
fn text(library: &Library) -> BTreeMap<String, String> {
    let contents = &library.contents;
    let ids = |clauses: &[Clause]| clauses.iter().map(|c| c.id.clone()).collect::<Vec<_>>();
    let heading = (
        (
            &contents.title,
            (&contents.subtitle, &contents.scope),
            contents.language.code,
            &contents.processor,
            contents.terms,
        ),
        (ids(&library.articles), ids(&library.annexes)),
    );
    let mut parts = BTreeMap::from([
        ("contract.toml".to_owned(), of_value(&heading)),
        ("services.toml".to_owned(), of_value(&library.catalogue)),
        ("parties.toml".to_owned(), of_value(&library.parties.forms)),
    ]);
    // Without any, the part is as it was before the file was there.
    if !library.subprocessors.is_empty() {
        let named: Vec<_> =
            library.subprocessors.iter().map(|named| format!("{named:?}")).collect();
        parts.insert("subprocessors.toml".to_owned(), of_value(&named));
    }
    for clause in library.clauses() {
        let metadata = of_value(&(&clause.title, &clause.title_closed_list, &clause.when));
        let part = clause.path.strip_suffix(".typ").unwrap_or(&clause.path);
        parts.insert(part.to_owned(), short(&[metadata.as_bytes(), clause.text.as_bytes()]));
    }
    parts
}

/// What a row of services.toml is called among the parts.
fn row_name(id: &str) -> String {
    format!("services.toml: {id}")
}

fn named_name(id: &str) -> String {
    format!("subprocessors.toml: {id}")
}

fn clause_name(clause: &Clause) -> String {
    clause.path.strip_suffix(".typ").unwrap_or(&clause.path).to_owned()
}

fn parts(library: &Library) -> BTreeMap<String, String> {
    let (contents, catalogue) = (&library.contents, &library.catalogue);
    let heading = (&contents.title, contents.language.code, &contents.processor, contents.terms);
    let mut parts = BTreeMap::from([("contract.toml".to_owned(), of_value(&heading))]);
    for (id, row) in &catalogue.services {
        let cells =
            (&row.name, &row.processing, &row.purpose, &row.data_categories, &row.data_subjects);
        parts.insert(row_name(id), of_value(&(cells, &row.measures, &row.subprocessors)));
    }
    let is_asked = |word: &str| {
        let word = first_lower(word);
        let mut words = catalogue.services.values().flat_map(|row| &row.scope);
        words.any(|known| first_lower(known) == word)
    };
    for (id, row) in catalogue.data_categories.iter().chain(&catalogue.subprocessor_categories) {
        let examples: Vec<&str> = split(&row.examples).filter(|word| !is_asked(word)).collect();
        parts.insert(row_name(id), of_value(&(&row.name, examples)));
    }
    for (id, row) in &catalogue.measures {
        parts.insert(row_name(id), of_value(&row.text));
    }
    for (id, named) in &library.subprocessors {
        parts.insert(named_name(id), short(&[format!("{named:?}").as_bytes()]));
    }
    for clause in library.clauses() {
        let metadata = of_value(&(&clause.title, &clause.title_closed_list));
        let text = clause.text_for_all();
        parts.insert(clause_name(clause), short(&[metadata.as_bytes(), text.as_bytes()]));
    }
    parts
}

fn parts_of(library: &Library, services: &[String]) -> BTreeSet<String> {
    let catalogue = &library.catalogue;
    let mut parts = BTreeSet::from(["contract.toml".to_owned()]);
    let base = catalogue.measures.iter().filter(|(_, measure)| measure.base);
    parts.extend(base.map(|(id, _)| row_name(id)));
    for (id, row) in catalogue.services.iter().filter(|(id, _)| services.contains(id)) {
        let brought = row.data_categories.iter().chain(&row.measures).chain(&row.subprocessors);
        parts.extend([id].into_iter().chain(brought).map(|id| row_name(id)));
        let serves = |category: &String| row.subprocessors.contains(category);
        let named = library.subprocessors.iter();
        let named = named.filter(|(_, named)| named.categories.iter().any(serves));
        parts.extend(named.map(|(id, _)| named_name(id)));
    }
    let applies = |clause: &&Clause| {
        clause.when.is_empty() || clause.when.iter().any(|id| services.contains(id))
    };
    parts.extend(library.clauses().filter(applies).map(clause_name));
    parts
}

/// The layout in use with its fonts, as far as a contract uses it, the brand, and what `interface` offers to clauses and layouts.
fn look(library: &Library, interface: &str) -> String {
    let brand = &library.contents.brand;
    let logo = brand.logo.as_ref();
    let picture = logo.and_then(|logo| library.clause_files.bytes(&logo.path)).unwrap_or_default();
    let mut parts: Vec<&[u8]> =
        vec![interface.as_bytes(), library.layout.as_bytes(), brand.accent.as_bytes(), picture];
    if !library.contents.paragraph_numbers {
        parts.push(b"no paragraph numbers");
    }
    parts.extend(logo.map(|logo| logo.alt.as_bytes()));
    for path in library.layout_paths(PaperKind::Contract) {
        parts.extend([path.as_bytes(), library.layout_files.bytes(path).unwrap_or_default()]);
    }
    short(&parts)
}
