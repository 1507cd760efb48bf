//! The Typst project of a contract: every file that determines its text, and so its digest. The stock
//! Typst compiler makes the same pages of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base16ct::lower::encode_string;
use sha2::{Digest, Sha256};

use super::{Contract, INTERFACE, INTERFACE_FILE};
use crate::library::Library;

/// Where the contract stands in its project.
pub const CONTRACT_JSON: &str = "contract.json";

/// A contract's files, by their path in the project.
#[derive(Debug)]
pub struct Project<'a> {
    /// Path, without a leading slash, and bytes.
    pub files: BTreeMap<String, Cow<'a, [u8]>>,
    library: &'a Library,
}

impl<'a> Project<'a> {
    /// The project of a contract: `contract.json`, the clauses that it uses, the layout with its fonts, and
    /// the interface between them.
    #[must_use]
    pub fn new(contract: &Contract, library: &'a Library) -> Self {
        let mut files = BTreeMap::new();
        files.insert(INTERFACE_FILE.to_owned(), Cow::Borrowed(INTERFACE.as_bytes()));
        files.insert(CONTRACT_JSON.to_owned(), Cow::Owned(contract.json().into_bytes()));
        for path in contract.clause_paths() {
            if let Some(bytes) = library.clause_files.bytes(path) {
                files.insert(format!("clauses/{path}"), Cow::Borrowed(bytes));
            }
        }
        for path in library.layout_paths() {
            if let Some(bytes) = library.layout_files.bytes(path) {
                files.insert(format!("layouts/{path}"), Cow::Borrowed(bytes));
            }
        }
        Self { files, library }
    }

    /// SHA-256 over the project, remarks in clauses left out, and the engine, whose embedded fonts come with
    /// its version; 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        add(typst::utils::version().raw().as_bytes());
        for (path, bytes) in &self.files {
            let clause = path.strip_prefix("clauses/").and_then(|path| self.library.clause(path));
            add(path.as_bytes());
            add(clause.map_or(bytes, |clause| clause.text.as_bytes()));
        }
        encode_string(&hash.finalize())
    }
}
