//! An entry of a history, and how it is written.

use std::fmt::{self, Display, Formatter, Write as _};

use base16ct::lower::encode_string;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::compare::Needs;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// The processor signed it.
    Signed,
    /// It was sent.
    Sent,
    /// A copy came back.
    Received,
    /// The owner accepted a copy that came back, with what it lacks.
    Accepted,
    /// It was signed on paper, as a person says.
    ByHand,
    /// The client's own paper was signed in its place.
    OwnPaper,
    /// The client refused it.
    Refused,
    /// It ended.
    Ended,
    /// The client was notified of a change.
    Notified,
    /// The client objected to it.
    Objected,
    /// The client agreed to it.
    Consented,
    /// An earlier entry was wrong.
    Undone,
}

/// How an agreement stands, as `receive` and `status` say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementState {
    /// Both parties signed the contract as it was made.
    InForce,
    /// The client has still to sign.
    WaitingClient,
    /// The processor has still to sign.
    WaitingProcessor,
    /// It is not the contract as it was made.
    Changed,
    /// It is not known which contract it is, or whether it is as it was made.
    Unknown,
    /// It needs a password, or is damaged.
    Unreadable,
    /// It was signed on paper, as a person says.
    ByHand,
    /// It ended.
    Ended,
}

impl AgreementState {
    /// As files and JSON have it: `in-force`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::WaitingClient => "waiting-client",
            Self::WaitingProcessor => "waiting-processor",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
            Self::Unreadable => "unreadable",
            Self::ByHand => "by-hand",
            Self::Ended => "ended",
        }
    }

    /// Whether both parties are bound.
    #[must_use]
    pub fn is_agreed(self) -> bool {
        matches!(self, Self::InForce | Self::ByHand)
    }
}

impl EntryKind {
    /// As the file has it: `by-hand`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::ByHand => "by-hand",
            Self::OwnPaper => "own-paper",
            Self::Refused => "refused",
            Self::Ended => "ended",
            Self::Notified => "notified",
            Self::Objected => "objected",
            Self::Consented => "consented",
            Self::Undone => "undone",
        }
    }
}

impl Display for AgreementState {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A signature of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HistorySigner {
    /// The field that it is in.
    pub field: String,
    /// Whom its certificate names.
    pub name: String,
    /// SHA-256 of its certificate; empty if it has none.
    pub certificate: String,
    /// What was found of it: `intact`, `broken`, `unchecked`.
    pub integrity: String,
}

/// What happened on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub kind: EntryKind,
    /// When.
    pub on: NaiveDate,
    /// The version of the contract's text.
    pub version: Option<String>,
    /// The digest that the contract shows.
    pub digest: Option<String>,
    /// The copy in this folder.
    pub file: Option<String>,
    /// SHA-256 of the copy.
    pub sha256: Option<String>,
    /// How the agreement stands by it.
    pub agreement: Option<AgreementState>,
    /// The first day that it is in force.
    pub from: Option<NaiveDate>,
    /// The last day on which the client may object.
    pub until: Option<NaiveDate>,
    /// What a change needs before it holds.
    pub needs: Option<Needs>,
    /// What changed, a line each; none if an earlier change was taken back.
    pub changes: Vec<String>,
    /// The e-mail in this folder that the client was notified with.
    pub mail: Option<String>,
    /// How it is known which contract it is, or by which way it was sent.
    pub via: Option<String>,
    /// Who signed.
    pub signers: Vec<HistorySigner>,
    /// What was checked, and what came of it.
    pub checked: Vec<String>,
    /// What an agreement still lacks.
    pub missing: Vec<String>,
    /// Why a person accepted or undid it.
    pub reason: Option<String>,
    /// Who that is.
    pub by: Option<String>,
    /// The check of the entry that was wrong.
    pub undoes: Option<String>,
    /// The checks of the entries that this one follows.
    pub follows: Vec<String>,
}

impl Entry {
    /// An entry that says nothing more yet.
    #[must_use]
    pub fn new(kind: EntryKind, on: NaiveDate) -> Self {
        Self {
            kind,
            on,
            version: None,
            digest: None,
            file: None,
            sha256: None,
            agreement: None,
            from: None,
            until: None,
            needs: None,
            changes: Vec::new(),
            mail: None,
            via: None,
            signers: Vec::new(),
            checked: Vec::new(),
            missing: Vec::new(),
            reason: None,
            by: None,
            undoes: None,
            follows: Vec::new(),
        }
    }

    /// The check over the entry and those that it follows: 64 hexadecimal digits.
    #[must_use]
    pub fn check(&self) -> String {
        encode_string(&Sha256::digest(self.lines()))
    }

    /// The entry as the file has it.
    pub(super) fn text(&self) -> String {
        format!("\n[[entry]]\n{}check = {}\n", self.lines(), quoted(&self.check()))
    }

    fn lines(&self) -> String {
        let mut text = format!("kind = {}\non = {}\n", quoted(self.kind.word()), self.on);
        let mut line = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {}", quoted(value));
            }
        };
        line("version", self.version.as_deref());
        line("digest", self.digest.as_deref());
        line("file", self.file.as_deref());
        line("sha256", self.sha256.as_deref());
        line("via", self.via.as_deref());
        line("agreement", self.agreement.map(AgreementState::word));
        line("reason", self.reason.as_deref());
        line("by", self.by.as_deref());
        line("undoes", self.undoes.as_deref());
        line("mail", self.mail.as_deref());
        line("needs", self.needs.map(Needs::word));
        if let Some(until) = self.until {
            let _ = writeln!(text, "until = {until}");
        }
        if let Some(from) = self.from {
            let _ = writeln!(text, "from = {from}");
        }
        let signers = self.signers.iter().map(|signer| {
            let HistorySigner { field, name, certificate, integrity } = signer;
            let [field, name] = [quoted(field), quoted(name)];
            let [certificate, integrity] = [quoted(certificate), quoted(integrity)];
            format!(
                "{{ field = {field}, name = {name}, integrity = {integrity}, certificate = {certificate} }}"
            )
        });
        list(&mut text, "signers", signers);
        list(&mut text, "changes", self.changes.iter().map(|line| quoted(line)));
        list(&mut text, "checked", self.checked.iter().map(|line| quoted(line)));
        list(&mut text, "missing", self.missing.iter().map(|field| quoted(field)));
        list(&mut text, "follows", self.follows.iter().map(|check| quoted(check)));
        text
    }
}

/// A list, one item a line; nothing if it is empty.
fn list(text: &mut String, key: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    match items.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(text, "{key} = [{one}]");
        }
        several => {
            let _ = writeln!(text, "{key} = [\n  {},\n]", several.join(",\n  "));
        }
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
