//! The e-mail that notifies a client, with what is attached to it.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::changes::Change;
use super::look::{Looked, Subject};
use super::tools::Tools;
use super::values::{Notification, NotifyOutcome, NotifyRequest};
use crate::compare::{ChangeKind, Needs, compare};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::input;
use crate::library::{Filling, Fillings, Library, MailText, NoticeRules};
use crate::ops::documents::Documents;
use crate::ops::leaving::signed_copy_of;
use crate::ops::mail::{compose, mailbox};
use crate::ops::owner::numbered;
use crate::ops::redline::{Redline, make_paper, side};
use crate::store::{self, EntryKind, HistoryEntry};

/// An e-mail, and the contract with the new text.
pub struct MadeNotice {
    /// The digest of the contract.
    pub digest: String,
    eml: Vec<u8>,
    to: String,
    attachments: Vec<String>,
    contract: Vec<u8>,
    version: String,
    is_withdrawal: bool,
}

/// Makes the e-mail of a client.
pub fn make(
    subject: &Subject<'_>,
    tools: &Tools<'_>,
    looked: &Looked<'_>,
    row: &Notification,
    documents: &Documents,
) -> Result<MadeNotice, Problems> {
    let library = &tools.loaded.library;
    let document = subject.document;
    let kept = &document.kept;
    let path = documents.folder.path.join(&document.file);
    let contract = looked.contract.clone();
    let contract = numbered(contract, kept.number, kept.replaces.as_ref(), tools.loaded, &path)?;
    let pages = tools.typesetter.lay_out(&contract)?;
    tools.gate.hold(&contract, &pages)?;
    let pdf = tools.typesetter.export(&pages)?;
    drop(pages);
    let mut attachments = Vec::new();
    if !row.is_withdrawal() {
        let redline = redline(looked, &contract.digest);
        let (old, new) = (&redline.old.version, &redline.new.version);
        let name = format!("{}-{old}-{new}.pdf", library.notice.redline_name);
        attachments.push((name, make_paper(&redline, library, &tools.typesetter)?));
    }
    if row.needs == Some(Needs::Consent) {
        // What the processor signed is what the client gets.
        let signed = signed_copy_of(subject.agreements, subject.id, &contract.digest)?;
        attachments.push((document.file.clone(), signed.unwrap_or_else(|| pdf.clone())));
    }
    let names: Vec<String> = attachments.iter().map(|(name, _)| name.clone()).collect();
    let text = MailText::read_notice(&library.clause_files)?;
    let (mail_subject, body) = text.fill(&fillings(looked, row, library, &names))?;
    // What is attached takes no room if there is nothing.
    let body = body.replace("\n\n\n\n", "\n\n");
    let to = mailbox(&looked.client)?;
    let email = to.email.clone().into_owned();
    let eml = compose(&contract.processor, to, &mail_subject, &body, attachments);
    Ok(MadeNotice {
        digest: contract.digest,
        eml,
        to: email,
        attachments: names,
        contract: pdf,
        version: contract.version.id,
        is_withdrawal: row.is_withdrawal(),
    })
}

/// The redline of what is in force and what the files say now; where the texts are kept is no part of it.
fn redline(looked: &Looked<'_>, digest: &str) -> Redline {
    let mut new = looked.now.text.clone();
    digest.clone_into(&mut new.digest);
    Redline {
        old: side(None, None, looked.base.in_force.text.clone()),
        new: side(None, None, new),
        changed: true,
        pdf: None,
        comparison: compare(&looked.base.in_force.text, &looked.now.text),
    }
}

/// What the places of the text are filled with.
fn fillings(
    looked: &Looked<'_>,
    row: &Notification,
    library: &Library,
    attachments: &[String],
) -> Fillings {
    let (contract, party) = (&looked.contract, &looked.client.party);
    let line = |text: &str| Filling::Line(text.to_owned());
    let day = |day: Option<NaiveDate>| {
        day.map(|day| library.contents.language.date(day)).unwrap_or_default()
    };
    let until = match row.until {
        Some(until) => Filling::Line(day(Some(until))),
        None => Filling::Unknown("a change that needs consent has no last day to object"),
    };
    let files: Vec<String> = attachments.iter().map(|name| format!("- {name}")).collect();
    let files = match files.as_slice() {
        [] => String::new(),
        files => format!("{}\n\n{}", library.notice.attachments, files.join("\n")),
    };
    let lines: Vec<String> =
        row.changes.iter().map(|it| change_lines(&it.change, library)).collect();
    Fillings::from([
        ("client", line(&party.name)),
        ("contact", line(party.signatory_name().unwrap_or(&party.name))),
        ("title", line(&contract.title)),
        ("version", line(&contract.version.id)),
        ("date", line(&contract.version.text)),
        ("old-version", line(&looked.base.in_force.text.version)),
        ("old-date", line(&looked.base.in_force.text.version_text)),
        ("changes", Filling::Lines(lines.join("\n"))),
        ("answer", Filling::Lines(answer(looked, row, &library.notice, &day))),
        ("until", until),
        ("attachments", Filling::Lines(files)),
        ("processor", line(&contract.processor.name)),
        ("processor-email", line(contract.processor.email.as_deref().unwrap_or_default())),
    ])
}

/// What the client can do, and what follows.
fn answer(
    looked: &Looked<'_>,
    row: &Notification,
    rules: &NoticeRules,
    day: &dyn Fn(Option<NaiveDate>) -> String,
) -> String {
    let (until, from) = (day(row.until), day(row.in_force_from));
    let values = [("until", until.as_str()), ("from", from.as_str())];
    let has_notice = row.changes.iter().any(|change| change.needs == Needs::Notice);
    let name = match row.needs {
        _ if row.is_withdrawal() => "withdrawn",
        Some(Needs::Consent) if has_notice => "both",
        Some(Needs::Consent) => "consent",
        _ => "notice",
    };
    let answer = rules.answer(name, &values);
    if has_notice && looked.terms().has_objection() {
        return format!("{answer}\n\n{}", rules.answer("objection", &values));
    }
    answer
}

/// The line of a change, with what there is to say of a sub-processor below it.
fn change_lines(change: &Change, library: &Library) -> String {
    let rules = &library.notice;
    let word = |value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default();
        match change.kind {
            ChangeKind::SubprocessorBasis => {
                let (basis, module) = value.split_once(' ').unwrap_or((value, ""));
                rules.basis(basis, module)
            }
            ChangeKind::Withdrawn => {
                let day = value.parse().map(|day| library.contents.language.date(day));
                day.unwrap_or_else(|_| value.to_owned())
            }
            _ => value.to_owned(),
        }
    };
    let (old, new) = (word(&change.old), word(&change.new));
    let what = change.what.clone().unwrap_or_default();
    let values = [("what", what.as_str()), ("old", old.as_str()), ("new", new.as_str())];
    let mut lines = format!("- {}", rules.line(change.kind, &values));
    for (key, value) in details(change, rules) {
        lines += "\n  ";
        lines += &rules.detail(key, &value);
    }
    lines
}

/// What there is to say of a sub-processor, by its key: all of one that is new, and what changed of one that stays.
fn details<'r>(change: &Change, rules: &'r NoticeRules) -> Vec<(&'r str, String)> {
    let Some(row) = &change.row else { return Vec::new() };
    let of = |row: &serde_json::Value, key: &str| -> Option<String> {
        match key {
            "basis" => {
                let transfer = &row["transfer"];
                let basis = transfer["basis"].as_str().unwrap_or("none");
                let module = transfer["module"].as_u64().map(|module| module.to_string());
                Some(rules.basis(basis, &module.unwrap_or_default()))
            }
            "categories" => {
                let names = row[key].as_array()?.iter().filter_map(serde_json::Value::as_str);
                Some(names.collect::<Vec<_>>().join(", "))
            }
            _ => row[key].as_str().map(str::to_owned),
        }
    };
    let is_new =
        matches!(change.kind, ChangeKind::SubprocessorAdded | ChangeKind::SubprocessorReplaced);
    let keys = rules.details.keys().copied();
    let keys = keys.filter(|key| {
        let before = change.old_row.as_ref().and_then(|old| of(old, key));
        is_new || (change.kind == ChangeKind::SubprocessorDetails && before != of(row, key))
    });
    keys.filter_map(|key| Some((key, of(row, key)?))).collect()
}

impl MadeNotice {
    /// Where the draft of a client goes.
    fn path(&self, request: &NotifyRequest, documents: &Documents, id: &str) -> PathBuf {
        let folder = request.output.as_ref().unwrap_or(&documents.folder.path);
        folder.join(format!("{id}-notice-{}.eml", self.version))
    }

    /// Writes the draft.
    pub fn write(
        &self,
        request: &NotifyRequest,
        documents: &Documents,
        row: &mut Notification,
    ) -> Result<(), Problems> {
        let path = self.path(request, documents, &row.id);
        store::write(&path, &self.eml, request.existing)?;
        self.report(row);
        (row.outcome, row.eml) = (NotifyOutcome::Drafted, Some(path));
        Ok(())
    }

    fn report(&self, row: &mut Notification) {
        row.to = Some(self.to.clone());
        row.attachments.clone_from(&self.attachments);
    }

    /// Keeps what was sent, and notes when: the draft as it stands, or as it would be written for that day.
    pub fn note(
        &self,
        (subject, request, documents): (&Subject<'_>, &NotifyRequest, &Documents),
        row: &mut Notification,
        warnings: &mut Problems,
    ) -> Result<(), Problems> {
        let draft = self.path(request, documents, &row.id);
        let eml = input::bytes(&draft).unwrap_or_else(|_| self.eml.clone());
        if eml != self.eml {
            let other = format!(
                "`{}` is not the draft of a notice that is sent on {}",
                draft.slashed(),
                request.on
            );
            let hint = "was it written for another day? the last day in it may be another; it is kept as it is";
            warnings.push(Diagnostic::warning(other).hint(hint));
        }
        let mut folder = subject.agreements.open(subject.id)?;
        let name =
            |extension: &str| format!("{}-notified-{}.{extension}", self.version, request.on);
        let mail = folder.keep(&name("eml"), &eml)?;
        let mut entry = HistoryEntry::new(EntryKind::Notified, request.on);
        let home = subject.agreements.folder(subject.id);
        row.kept.push(home.join(&mail));
        entry.mail = Some(mail);
        entry.version = Some(self.version.clone());
        if !self.is_withdrawal {
            let contract = folder.keep(&name("pdf"), &self.contract)?;
            row.kept.push(home.join(&contract));
            entry.digest = Some(self.digest.clone());
            entry.sha256 = Some(store::sha256(&self.contract));
            entry.file = Some(contract);
        }
        entry.via = Some(format!("mail to {}", self.to));
        entry.needs = row.needs;
        (entry.until, entry.from) = (row.until, row.in_force_from);
        entry.changes = row.changes.iter().map(|it| it.change.line()).collect();
        folder.add(entry)?;
        self.report(row);
        row.outcome = NotifyOutcome::Noted;
        Ok(())
    }
}
