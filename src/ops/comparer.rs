//! What a document says beside one of the same owner that would be made now.

use std::cell::OnceCell;
use std::path::Path;

use serde_json::Value;

use super::owner::{Owner, numbered};
use super::sources::{LoadedLibrary, assemble};
use crate::contract::{Contract, Version};
use crate::library::TextVersion;
use crate::store::{ContractInPdf, Says};
use crate::typeset::{ClauseText, Typesetter};

/// Compares what documents say with what those would say that are made now.
pub(super) struct Comparer<'l> {
    /// The library.
    pub loaded: &'l LoadedLibrary,
    typesetter: OnceCell<Option<Typesetter<'l>>>,
}

impl<'l> Comparer<'l> {
    pub fn new(loaded: &'l LoadedLibrary) -> Self {
        Self { loaded, typesetter: OnceCell::new() }
    }

    /// What a document says beside one of the same owner that is made now.
    pub fn says(&self, made: &ContractInPdf, owner: Owner<'_>) -> Says {
        let contract = self.again(made, owner);
        contract.map_or(Says::Other, |contract| self.compare(made, &contract))
    }

    /// The contract of an owner as it would be made now under the version of a document.
    pub fn again(&self, made: &ContractInPdf, owner: Owner<'_>) -> Option<Contract> {
        let library = &self.loaded.library;
        let contract = assemble(library, owner.path).ok()?;
        if contract.version.id == made.version {
            return Some(contract);
        }
        let version = Version::of(TextVersion::parse(&made.version)?, library.contents.language);
        Some(contract.of_version(version, library))
    }

    /// What a document says beside a contract of its version.
    pub fn compare(&self, made: &ContractInPdf, contract: &Contract) -> Says {
        if self.is_exact(made, contract) {
            return Says::Same;
        }
        if !is_same(&made.json, &contract.rows(), false) {
            return Says::Other;
        }
        match self.has_same_text(made, contract) {
            Some(true) => Says::Same,
            Some(false) => Says::OtherText,
            None => Says::Other,
        }
    }

    /// Whether it is of the same inputs in all, layout and program too.
    pub fn is_exact(&self, made: &ContractInPdf, contract: &Contract) -> bool {
        let (contract, replaces) = (contract.clone(), made.replaces.as_ref());
        let again = numbered(contract, made.number, replaces, self.loaded, Path::new(""));
        again.is_ok_and(|again| again.digest == made.digest)
    }

    /// Whether each clause reads the same; none if that cannot be known.
    fn has_same_text(&self, made: &ContractInPdf, contract: &Contract) -> Option<bool> {
        let typesetter = self.typesetter.get_or_init(|| Typesetter::new(&self.loaded.library).ok());
        let texts = typesetter.as_ref()?.texts(contract).ok()?;
        let json = contract.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
        let now: Value = serde_json::from_str(&json).ok()?;
        let texts = |of: &Value| -> Option<Vec<String>> {
            let lists = ["articles", "annexes"].map(|list| of[list].as_array());
            let clauses = lists.into_iter().flatten().flatten().chain([&of["signature"]]);
            clauses.map(|clause| clause["text"].as_str().map(str::to_owned)).collect()
        };
        Some(texts(&made.json)? == texts(&now)?)
    }
}

/// Whether JSON of an earlier program says what that of this one says. A key that only this program knows is no
/// difference where nobody can have set it: as long as the client file is the same.
pub(super) fn is_same(made: &Value, now: &Value, may_lack: bool) -> bool {
    match (made, now) {
        (Value::Object(made), Value::Object(now)) => {
            now.iter().all(|(key, now)| match made.get(key) {
                Some(made) => is_same(made, now, may_lack),
                None => may_lack || now.is_null(),
            })
        }
        (Value::Array(made), Value::Array(now)) => {
            made.len() == now.len()
                && made.iter().zip(now).all(|(made, now)| is_same(made, now, may_lack))
        }
        _ => made == now,
    }
}
