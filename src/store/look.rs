//! What a folder holds of a client, and what is to be done about it.

use super::entry::{Entry, Replaced};
use super::folder::Folder;
use super::history::{Agreements, EntryKind, HistoryEntry};
use super::inputs::{Inputs, Stale};
use super::lock::{Parts, differing};
use super::touched::{ContractInPdf, Touched, contract_in};

/// What is wanted of a client, or of the general edition.
pub struct Wanted<'a> {
    /// The client's id.
    pub id: Option<&'a str>,
    /// What the document of this number is called.
    pub file: &'a dyn Fn(u32) -> String,
    /// What it would be made of now; what takes time to compute is in `content`.
    pub now: &'a Inputs,
    /// The digest of all that the contract would hold; none if the client file has problems, or nothing was touched
    /// that it is made of.
    pub content: Option<&'a str>,
    /// The parts of the text as it is now.
    pub parts: &'a Parts,
    /// The clauses alone.
    pub clauses: &'a Parts,
    /// Where the histories of agreements are.
    pub agreements: &'a Agreements,
    /// What a contract says beside one that is made now.
    pub says: &'a dyn Fn(&ContractInPdf) -> Says,
}

/// What a contract says beside one of the same client that is made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// The same.
    Same,
    /// The same of the client and its services, with another text.
    OtherText,
    /// Something else.
    Other,
}

/// What a folder holds of a document, and which one is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Why it must be made, if it must.
    pub stale: Option<Stale>,
    /// The document that is current, or is to be made.
    pub file: String,
    /// Which of its version that is, from 1.
    pub number: u32,
    /// The earlier document that it replaces.
    pub replaces: Option<Replaced>,
    /// What became of that PDF.
    pub touched: Touched,
    /// Whether the newest document says what one that is made now would say.
    pub is_same: bool,
    /// Whether the text is another than that of the document that there is, of the same version and for the same
    /// client file: then the library's text changed.
    pub is_text_changed: bool,
}

impl Folder {
    /// What the folder holds of a client's documents, and what is to be done.
    pub fn look(&mut self, wanted: &Wanted<'_>) -> Kept {
        match self.lock.newest(wanted.id) {
            Some((file, entry)) => {
                let (file, entry) = (file.clone(), entry.clone());
                self.look_at_known(wanted, file, &entry)
            }
            None => self.look_at_unlisted(wanted),
        }
    }

    /// A document that the lock does not list: there is none, or it can be made again, or it is not known what it is.
    fn look_at_unlisted(&mut self, wanted: &Wanted<'_>) -> Kept {
        let Wanted { id, file, now, .. } = *wanted;
        let mut number = 1;
        let is_of_other =
            |name: &str| self.lock.entries.get(name).is_some_and(|entry| entry.id.as_deref() != id);
        while self.path.join(file(number + 1)).exists() && !is_of_other(&file(number + 1)) {
            number += 1;
        }
        let name = file(number);
        let touched = self.touched(&name);
        let is_made_before =
            self.lock.of(id).iter().any(|(_, entry)| entry.inputs.version < now.version);
        let stale = match touched {
            Touched::Missing if is_made_before => {
                Stale::NewVersion(now.version.clone(), Vec::new())
            }
            Touched::Missing => Stale::NeverMade,
            _ => Stale::Unknown,
        };
        let made = self.contract_in(&name);
        let mut kept = Kept {
            stale: Some(stale),
            file: name,
            number,
            replaces: made.and_then(|made| made.replaces),
            touched,
            is_same: false,
            is_text_changed: false,
        };
        if let Some(sent) = Self::sent(wanted).filter(|_| touched == Touched::Missing) {
            self.follow_sent(&mut kept, sent, wanted);
        }
        kept
    }

    /// The last contract of this version that was sent to the client, by the copy that is kept.
    fn sent(wanted: &Wanted<'_>) -> Option<ContractInPdf> {
        let id = wanted.id?;
        // A history that cannot be read is reported where the agreement is looked at.
        let history = wanted.agreements.history(id).ok()?;
        let of_version = |entry: &&HistoryEntry| {
            entry.kind == EntryKind::Sent && entry.version.as_ref() == Some(&wanted.now.version)
        };
        let file = history.live().rfind(of_version)?.file.clone()?;
        contract_in(&wanted.agreements.folder(id).join(file))
    }

    /// Where neither lock nor PDF is there: the document is what was sent, or a further one that replaces it.
    fn follow_sent(&mut self, kept: &mut Kept, sent: ContractInPdf, wanted: &Wanted<'_>) {
        let says = (wanted.says)(&sent);
        (kept.is_same, kept.is_text_changed) = (says == Says::Same, says == Says::OtherText);
        if kept.is_same {
            kept.stale = Some(Stale::Lost);
            (kept.number, kept.replaces) = (sent.number, sent.replaces);
        } else {
            kept.stale = Some(Stale::Client);
            let ContractInPdf { version, digest, number, .. } = sent;
            kept.replaces = Some(Replaced { version, number, digest });
            kept.number = number + 1;
        }
        kept.file = (wanted.file)(kept.number);
        kept.touched = self.touched(&kept.file);
    }

    fn look_at_known(&mut self, wanted: &Wanted<'_>, file: String, entry: &Entry) -> Kept {
        let Wanted { now, content, .. } = *wanted;
        let made = &entry.inputs;
        let touched = self.touched(&file);
        let is_same = made.is_same_source(now) && !made.content.is_empty()
            || content.is_some_and(|content| content == made.content);
        let mut kept = Kept {
            stale: None,
            file,
            number: entry.number.unwrap_or(1),
            replaces: entry.replaces.clone(),
            touched,
            is_same,
            is_text_changed: !is_same && made.client_file == now.client_file,
        };
        let is_of_before = made.version < now.version;
        let looks = made
            .looks_otherwise(now)
            .filter(|_| !touched.is_kept() && !is_sent(wanted, &entry.digest));
        if is_same && touched != Touched::Missing && (!is_of_before || looks.is_none()) {
            let is_replaced = matches!(touched, Touched::MadeOtherwise | Touched::Foreign);
            kept.stale = looks.or(is_replaced.then_some(Stale::Replaced));
        } else if is_of_before {
            kept.stale = Some(Stale::NewVersion(now.version.clone(), self.changed(made, wanted)));
            (kept.number, kept.replaces, kept.is_text_changed) = (1, None, false);
            kept.file = (wanted.file)(1);
            kept.touched = self.touched(&kept.file);
        } else if is_same || touched == Touched::Missing && !is_sent(wanted, &entry.digest) {
            kept.stale = Some(Stale::Lost);
        } else {
            kept.stale = Some(Stale::Client);
            if touched.is_kept() || is_sent(wanted, &entry.digest) {
                let (version, digest) = (made.version.clone(), entry.digest.clone());
                let earlier = Replaced { version, number: kept.number, digest };
                self.put_after(&mut kept, earlier, wanted);
            }
        }
        kept
    }

    /// Makes it a further document, which replaces an earlier one.
    fn put_after(&mut self, kept: &mut Kept, earlier: Replaced, wanted: &Wanted<'_>) {
        kept.number = self.next_number(wanted.id, &wanted.now.version, wanted.file);
        kept.file = (wanted.file)(kept.number);
        kept.replaces = Some(earlier);
        kept.touched = self.touched(&kept.file);
    }

    /// The parts of the text that changed since a document was made.
    fn changed(&self, made: &Inputs, wanted: &Wanted<'_>) -> Vec<String> {
        let texts = self.lock.versions.get(&made.version);
        let before = texts.and_then(|texts| texts.get(&made.library));
        let now = if made.library.is_empty() { wanted.clauses } else { wanted.parts };
        let mut changed = before.map(|before| differing(before, now)).unwrap_or_default();
        changed.retain(|part| !made.library.is_empty() || part.contains('/'));
        changed
    }

    /// The next number of a client and version: no number is ever used again, whether the lock or a file has it.
    fn next_number(&self, id: Option<&str>, version: &str, file: &dyn Fn(u32) -> String) -> u32 {
        let of_version = |entry: &&Entry| entry.inputs.version == version;
        let listed = self.lock.of(id).into_iter().map(|(_, entry)| entry);
        let listed = listed.filter(of_version).filter_map(|entry| entry.number).max();
        let mut number = listed.unwrap_or_default() + 1;
        while self.path.join(file(number)).symlink_metadata().is_ok() {
            number += 1;
        }
        number
    }
}

/// Whether a document left the house, as the history of its client says. One that cannot be read may say so.
fn is_sent(wanted: &Wanted<'_>, digest: &str) -> bool {
    let Some(id) = wanted.id else { return false };
    let Ok(history) = wanted.agreements.history(id) else { return true };
    let mut entries = history.live().filter(|entry| entry.kind != EntryKind::Refused);
    entries.any(|entry| entry.digest.as_deref() == Some(digest))
}
