//! What changed for a client: the text in force against what the files say now.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::Value;

use super::changes::{Change, changes};
use super::deadline::NoticeTerms;
use crate::client::Client;
use crate::compare::{AgreementText, ChangeKind, Needs, compare};
use crate::contract::project::CONTRACT_JSON;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems};
use crate::input;
use crate::library::Library;
use crate::ops::documents::KeptDocument;
use crate::ops::sources::read_client;
use crate::pdf;
use crate::store::{Agreements, Entry, History, HistoryEntry, Lock, Notice, Standing};
use crate::typeset::{ClauseText, Typesetter};

/// A contract as its JSON and its text.
pub struct ContractText {
    /// `contract.json`.
    pub json: Value,
    /// What it says.
    pub text: AgreementText,
}

/// The documents that a lock knows, with their files, by their digests.
pub type KnownDocuments<'a> = HashMap<&'a str, (&'a str, &'a Entry)>;

/// Those of a lock.
pub fn known_documents(lock: &Lock) -> KnownDocuments<'_> {
    let entries = lock.entries.iter();
    entries.map(|(file, entry)| (entry.digest.as_str(), (file.as_str(), entry))).collect()
}

/// A client, and where to look for what is in force with it.
pub struct Subject<'a> {
    /// Its document.
    pub document: &'a KeptDocument,
    /// The client file.
    pub path: &'a PathBuf,
    /// The client's id.
    pub id: &'a str,
    /// The digest of what its contract holds now.
    pub content: &'a str,
    /// The agreements.
    pub agreements: &'a Agreements,
    /// The documents that the lock knows, by their digests.
    pub known: &'a KnownDocuments<'a>,
    /// The folder of the PDFs.
    pub folder: &'a Path,
}

/// What is in force with a client.
pub struct Base {
    /// How the agreement stands.
    pub standing: Standing,
    /// The text in force, with the changes that hold by a notice.
    pub in_force: ContractText,
    /// The text that the client was notified of, if that is not in force yet.
    pub notified: Option<ContractText>,
}

/// What changed for a client.
pub struct Looked<'l> {
    /// What is in force.
    pub base: Base,
    /// The client as its file has it.
    pub client: Client<'l>,
    /// The contract as the files say now.
    pub contract: Contract,
    /// The same as JSON and text.
    pub now: ContractText,
    /// What it is about.
    pub changes: Vec<Change>,
    /// Whether the client was notified of exactly this before.
    pub is_notified: bool,
}

/// What is known of the text in force.
pub enum Known {
    /// There is none, or it is what the files say now.
    Same,
    /// It cannot be read; why.
    Unreadable(&'static str),
    /// It is this.
    Base(Box<Base>),
}

impl<'a> Subject<'a> {
    /// The client of a document; none of the general edition.
    pub fn of(
        document: &'a KeptDocument,
        lock: &'a Lock,
        folder: &'a Path,
        (agreements, known): (&'a Agreements, &'a KnownDocuments<'a>),
    ) -> Option<Self> {
        let (path, id) = (document.path.as_ref()?, document.id.as_deref()?);
        let newest = lock.newest(Some(id)).map(|(_, entry)| &entry.inputs);
        let content = match document.inputs.content.as_str() {
            "" => newest.map_or("", |inputs| inputs.content.as_str()),
            content => content,
        };
        Some(Self { document, path, id, content, agreements, known, folder })
    }

    /// What is in force with the client on a day.
    ///
    /// # Errors
    ///
    /// If its history cannot be read, or was edited.
    pub fn base(&self, on: NaiveDate) -> Result<Known, Problems> {
        let history = self.agreements.history(self.id)?;
        let standing = history.standing();
        let is_ended = standing.ended.is_some_and(|ended| ended <= on);
        let Some(agreed) = standing.in_force.clone().filter(|_| !is_ended) else {
            return Ok(Known::Same);
        };
        if agreed.own_paper {
            return Ok(Known::Unreadable("the client's own paper was signed"));
        }
        let by_notice = standing.notice_in_force(on);
        let digest = by_notice.map_or(agreed.digest.as_deref(), |notice| notice.digest.as_deref());
        let digest = digest.unwrap_or_default();
        let open = standing.open_notice(on);
        if open.is_none() && self.says_the_same(digest) {
            return Ok(Known::Same);
        }
        let Some(in_force) = self.text(&history, digest) else {
            return Ok(Known::Unreadable("no copy of the contract in force is here"));
        };
        let notified = open.and_then(|notice| self.text(&history, notice.digest.as_deref()?));
        Ok(Known::Base(Box::new(Base { standing, in_force, notified })))
    }

    /// Whether the contract with this digest holds what the contract would hold now, as the lock notes it.
    fn says_the_same(&self, digest: &str) -> bool {
        let Some((_, base)) = self.known.get(digest) else { return false };
        let now = &self.document.inputs;
        let is_same_source = base.inputs.is_same_source(now);
        is_same_source || (!self.content.is_empty() && base.inputs.content == self.content)
    }

    /// The contract with this digest: a copy that was filed, or the document that was made.
    fn text(&self, history: &History, digest: &str) -> Option<ContractText> {
        let folder = self.agreements.folder(self.id);
        let of_digest = |entry: &&HistoryEntry| entry.digest.as_deref() == Some(digest);
        let filed = history.live().filter(of_digest).filter_map(|entry| entry.file.as_ref());
        let filed = filed.map(|file| folder.join(file));
        let made = self.known.get(digest).map(|(file, _)| self.folder.join(file));
        filed.chain(made).find_map(|path| {
            let found = read(&input::bytes(&path).ok()?)?;
            (found.text.digest == digest).then_some(found)
        })
    }

    /// What changed for the client; none if nothing did, and nothing that it was notified of is open.
    ///
    /// # Errors
    ///
    /// All problems of the client file and of the clauses.
    pub fn look<'l>(
        &self,
        base: Base,
        library: &'l Library,
        typesetter: &Typesetter<'_>,
        on: NaiveDate,
    ) -> Result<Option<Looked<'l>>, Problems> {
        let client = read_client(self.path, library)?;
        let contract = Contract::assemble(&client, Form::Fields);
        let texts = typesetter.texts(&contract)?;
        let json = contract.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
        let now = contract_text(json.as_bytes())
            .ok_or_else(|| Diagnostic::bug("the text as assembled cannot be read".to_owned()))?;
        let comparison = compare(&base.in_force.text, &now.text);
        let found = changes(&base.in_force.json, &now.json, &comparison);
        let open = base.standing.open_notice(on);
        let is_notified = base.notified.as_ref().is_some_and(|notified| {
            let comparison = compare(&notified.text, &now.text);
            changes(&notified.json, &now.json, &comparison).is_empty()
        });
        let changes = match open {
            Some(notice) if found.is_empty() => vec![withdrawn(notice)],
            _ if found.is_empty() => return Ok(None),
            _ => found,
        };
        Ok(Some(Looked { base, client, contract, now, changes, is_notified }))
    }
}

impl Looked<'_> {
    /// The terms of the contract in force.
    pub fn terms(&self) -> NoticeTerms {
        NoticeTerms::of(&self.base.in_force.json)
    }
}

/// A change that the client was notified of, and that the files do not hold any more.
fn withdrawn(notice: &Notice) -> Change {
    Change { old: Some(notice.on.to_string()), ..Change::new(ChangeKind::Withdrawn) }
}

/// The most that one of some changes needs.
pub fn most(needs: impl Iterator<Item = Needs>) -> Needs {
    needs.max().unwrap_or(Needs::Nothing)
}

/// The contract in a PDF of ours.
fn read(bytes: &[u8]) -> Option<ContractText> {
    let inspection = pdf::inspect(bytes)?;
    let json =
        |inspection: &pdf::Inspection| inspection.attachment(CONTRACT_JSON).map(<[u8]>::to_vec);
    let found =
        json(&inspection).or_else(|| inspection.embedded().find_map(|(_, inner)| json(&inner)));
    contract_text(&found?)
}

fn contract_text(json: &[u8]) -> Option<ContractText> {
    let text = AgreementText::read(json).ok()?;
    Some(ContractText { json: serde_json::from_slice(json).ok()?, text })
}
