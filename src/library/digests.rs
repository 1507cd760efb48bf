//! Digests of a library: of its text, part by part, which a version stands for; and of its look.

use std::collections::BTreeMap;

use base16ct::lower::encode_string;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::checked::Library;
use super::clause::Clause;
use super::papers::PaperKind;

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
    /// The digest of each part of the text: contract.toml, services.toml, each clause. It changes with what
    /// the contract says, not with remarks beside it.
    #[must_use]
    pub fn text_digests(&self) -> BTreeMap<String, String> {
        text(self)
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
