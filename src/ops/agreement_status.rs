//! What is in force with each client, and what is open, beside the state of its PDF.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Serialize;

use super::notice_status::{NoticeStatus, changed_text, notice_text};
use super::notify::Breach;
use crate::diagnostic::Problems;
use crate::store::{AgreementState, Agreements, InForce, Notice, NoticeState, Pending, Standing};

/// A client whose agreement is looked at.
#[derive(Debug, Clone)]
pub struct AgreementSubject {
    /// What the client is called in `agreements/`.
    pub id: String,
    /// The client's name.
    pub name: String,
    /// The document that was made last, if one was.
    pub made: Option<MadeVersion>,
}

/// A document that was made.
#[derive(Debug, Clone)]
pub struct MadeVersion {
    /// The version of the contract's text.
    pub version: String,
    /// The digest that it shows.
    pub digest: String,
}

/// What to do next about a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextStep {
    /// The client file, its library or the agreement's history cannot be read.
    Mend,
    /// The text changed, and needs a new version.
    Version,
    /// The document is to be made.
    Make,
    /// It is to be sent.
    Send,
    /// The processor is to sign.
    Sign,
    /// The owner is to judge what came back, or what was answered.
    Judge,
    /// The client is to answer.
    Wait,
}

impl NextStep {
    /// As lists and JSON have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mend => "mend",
            Self::Version => "version",
            Self::Make => "make",
            Self::Send => "send",
            Self::Sign => "sign",
            Self::Judge => "judge",
            Self::Wait => "wait",
        }
    }
}

/// How an agreement stands.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgreementStatus {
    /// The word for it; none if nothing left the house.
    pub agreement: Option<AgreementState>,
    /// What is agreed, also if it begins later.
    pub in_force: Option<AgreedVersion>,
    /// The last change that the client was notified of since it signed.
    pub notice: Option<NoticeStatus>,
    /// The sub-processors that work before the notice of them ended.
    pub breaches: Vec<Breach>,
    /// What is open: for whom it waits, and what was not sent.
    pub open: Option<String>,
    /// Who has to do what about it.
    #[serde(skip)]
    pub next: Option<NextStep>,
    /// Whether both parties are bound on that day.
    #[serde(skip)]
    pub is_binding: bool,
    /// Whether it ended.
    #[serde(skip)]
    pub is_over: bool,
    /// All of it, in words.
    #[serde(skip)]
    pub text: String,
}

/// What is agreed.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgreedVersion {
    /// The version of the contract's text; none if it is the client's own paper.
    pub version: Option<String>,
    /// The first day that it is in force.
    pub since: String,
    /// Whom the certificates of the signatures name.
    pub signers: Vec<String>,
    /// The copy that was signed.
    pub pdf: Option<PathBuf>,
    /// The version of the text that is in force by a notice, beside what was signed.
    pub changed_to: Option<String>,
    /// The first day that it is.
    pub changed_since: Option<String>,
}

/// How the agreement with a client stands on a day.
///
/// # Errors
///
/// If its history cannot be read, or was edited.
pub fn agreement_status(
    agreements: &Agreements,
    subject: &AgreementSubject,
    on: NaiveDate,
) -> Result<AgreementStatus, Problems> {
    let history = agreements.history(&subject.id)?;
    let mut standing = history.standing();
    // An end that is still to come ends nothing yet.
    let ends = standing.ended.filter(|ended| *ended > on);
    if ends.is_some() {
        standing.ended = None;
    }
    let is_sent = subject.made.as_ref().is_some_and(|made| history.was_sent(&made.digest));
    let by_notice = standing.notice_in_force(on);
    let in_force = standing.in_force.as_ref().map(|agreed| AgreedVersion {
        version: agreed.version.clone(),
        since: agreed.since.to_string(),
        signers: agreed.signers.iter().map(|signer| signer.name.clone()).collect(),
        pdf: agreed.file.as_ref().map(|file| agreements.folder(&subject.id).join(file)),
        changed_to: by_notice.and_then(|notice| notice.version.clone()),
        changed_since: by_notice.and_then(Notice::in_force_from).map(|from| from.to_string()),
    });
    let (open, next) = open(&standing, subject, is_sent, on).unzip();
    let agreed = match (standing.ended, &standing.in_force) {
        (Some(ended), _) => Some(format!("ended on {ended}")),
        (None, Some(agreed)) => {
            Some(agreed_text(agreed, on) + &by_notice.map(changed_text).unwrap_or_default())
        }
        (None, None) => None,
    };
    let ends = ends.map(|day| format!("ends on {day}"));
    let parts: Vec<String> = agreed.into_iter().chain(ends).chain(open.clone()).collect();
    let text = if parts.is_empty() { "–".to_owned() } else { parts.join("; ") };
    let last = standing.notices.last().filter(|_| standing.ended.is_none());
    Ok(AgreementStatus {
        agreement: standing.agreement(),
        in_force,
        notice: last.map(|notice| NoticeStatus::of(notice, on)),
        breaches: Vec::new(),
        open,
        next,
        is_binding: standing.in_force_on(on).is_some(),
        is_over: standing.ended.is_some(),
        text,
    })
}

impl AgreementStatus {
    /// Adds the sub-processors that work before the notice of them ended.
    pub(super) fn add_breaches(&mut self, breaches: Vec<Breach>) {
        let early = breaches.iter().map(|it| {
            format!("`{}` works from {}, before the notice of it ends", it.subprocessor, it.since)
        });
        let text = early.collect::<Vec<_>>().join("; ");
        if !text.is_empty() {
            self.text = format!("{}; {text}", self.text);
            self.open =
                Some(self.open.take().map_or(text.clone(), |open| format!("{open}; {text}")));
        }
        self.breaches = breaches;
    }
}

fn agreed_text(agreed: &InForce, on: NaiveDate) -> String {
    let since = agreed.since;
    let version = agreed.version.as_deref().unwrap_or_default();
    if agreed.own_paper {
        let from = if since > on { "from" } else { "since" };
        return format!("the client's own paper: {from} {since}");
    }
    let accepted = agreed.accepted_by.as_ref().map(|by| format!(", accepted by {by}"));
    let accepted = accepted.unwrap_or_default();
    if since > on {
        let how = if agreed.by_hand { "by hand" } else { "signed" };
        let how = if agreed.accepted_by.is_some() { "accepted" } else { how };
        return format!("{how}: {version}, in force from {since}{accepted}");
    }
    if agreed.by_hand {
        return format!("by hand: {version} since {since}");
    }
    let mut signers: Vec<&str> = agreed.signers.iter().map(|signer| signer.name.as_str()).collect();
    signers.dedup();
    let signers = if signers.is_empty() {
        String::new()
    } else {
        format!(", signed by {}", signers.join(" and "))
    };
    format!("in force: {version} since {since}{signers}{accepted}")
}

/// What is open, and who has to do what; nothing once it ended.
fn open(
    standing: &Standing,
    subject: &AgreementSubject,
    is_sent: bool,
    on: NaiveDate,
) -> Option<(String, NextStep)> {
    if standing.ended.is_some() {
        return None;
    }
    if let Some(pending) = &standing.pending {
        let text = pending_text(pending, standing.in_force.is_some(), &subject.name);
        // A document that was made since then replaces the one that it waits for.
        let newer = subject.made.as_ref().filter(|made| {
            // What was sent is no news, also if a copy of an earlier one came back since.
            let is_later =
                !is_sent && pending.version.as_ref().is_none_or(|version| *version <= made.version);
            is_later && pending.digest.as_ref().is_some_and(|digest| *digest != made.digest)
        });
        return Some(match newer {
            Some(made) => (format!("{text}; {} made, not sent", made.version), NextStep::Send),
            None => (text, next(pending)),
        });
    }
    if let Some(refused) = standing.refused {
        return Some((format!("refused on {refused}"), NextStep::Judge));
    }
    if let Some(notice) = standing.open_notice(on) {
        return Some((notice_text(notice, on), next_of_notice(notice, on)));
    }
    let made = subject.made.as_ref()?;
    let by_notice = standing.notice_in_force(on).and_then(|notice| notice.digest.as_ref());
    if by_notice == Some(&made.digest) {
        return None;
    }
    let is_agreed = standing.in_force.as_ref().is_some_and(|agreed| {
        agreed.own_paper
            || agreed.version.as_ref().is_some_and(|version| *version > made.version)
            || agreed
                .digest
                .as_ref()
                .map_or(agreed.version.as_ref() == Some(&made.version), |digest| {
                    *digest == made.digest
                })
    });
    let text = match &standing.in_force {
        Some(_) => format!("{} made, not sent", made.version),
        None => "made, not sent".to_owned(),
    };
    (!is_agreed).then_some((text, NextStep::Send))
}

/// Who has to do what about a change that the client was notified of.
fn next_of_notice(notice: &Notice, on: NaiveDate) -> NextStep {
    match notice.state(on) {
        NoticeState::Objected => NextStep::Judge,
        _ => NextStep::Wait,
    }
}

fn next(pending: &Pending) -> NextStep {
    match pending.agreement {
        AgreementState::WaitingProcessor if pending.sent => NextStep::Sign,
        AgreementState::WaitingProcessor => NextStep::Send,
        AgreementState::WaitingClient => NextStep::Wait,
        _ => NextStep::Judge,
    }
}

fn pending_text(pending: &Pending, is_next: bool, name: &str) -> String {
    let since = pending.since;
    let version = pending.version.as_deref().filter(|_| is_next);
    let version = version.map(|version| format!("{version} ")).unwrap_or_default();
    match pending.agreement {
        AgreementState::WaitingProcessor if !pending.sent => {
            format!("{version}signed by us on {since}, not sent")
        }
        AgreementState::WaitingProcessor => format!("{version}waiting for us since {since}"),
        AgreementState::WaitingClient => format!("{version}waiting for {name} since {since}"),
        AgreementState::Changed => format!("{version}came back changed on {since}"),
        state => format!("{version}came back on {since}: {state}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EntryKind, HistoryEntry};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
    }

    #[test]
    fn an_agreement_is_told_as_people_say_it() {
        let folder = tempfile::tempdir().unwrap();
        let agreements = Agreements::of(folder.path());
        let subject = |made: &str| AgreementSubject {
            id: "acme".to_owned(),
            name: "Acme".to_owned(),
            made: Some(MadeVersion { version: made.to_owned(), digest: made.to_owned() }),
        };
        let text = |made: &str| {
            let status = agreement_status(&agreements, &subject(made), day(20)).unwrap();
            (status.text, status.agreement.map(AgreementState::word))
        };
        let add = |kind, on, version: &str, agreement, from: Option<u32>| {
            let entry = HistoryEntry {
                version: Some(version.to_owned()),
                digest: Some(version.to_owned()),
                agreement,
                from: from.map(day),
                ..HistoryEntry::new(kind, day(on))
            };
            agreements.open("acme").unwrap().add(entry).unwrap();
        };
        let (first, second) = ("2026-06-12", "2026-09-01");
        assert_eq!(text(first), ("made, not sent".to_owned(), None));
        add(EntryKind::Signed, 1, first, None, None);
        let signed = "signed by us on 2026-07-01, not sent".to_owned();
        assert_eq!(text(first), (signed, Some("waiting-processor")));
        add(EntryKind::Sent, 2, first, None, None);
        let waiting = "waiting for Acme since 2026-07-02".to_owned();
        assert_eq!(text(first), (waiting, Some("waiting-client")));
        let (changed, agreed) = (Some(AgreementState::Changed), Some(AgreementState::InForce));
        add(EntryKind::Received, 3, first, changed, None);
        assert_eq!(text(first), ("came back changed on 2026-07-03".to_owned(), Some("changed")));
        add(EntryKind::Received, 4, first, agreed, Some(25));
        let later = "signed: 2026-06-12, in force from 2026-07-25".to_owned();
        assert_eq!(text(first), (later, Some("in-force")));
        add(EntryKind::Received, 4, first, agreed, Some(5));
        let in_force = "in force: 2026-06-12 since 2026-07-05".to_owned();
        assert_eq!(text(first), (in_force.clone(), Some("in-force")));
        let next = format!("{in_force}; 2026-09-01 made, not sent");
        assert_eq!(text(second), (next, Some("in-force")));
        add(EntryKind::Sent, 6, second, None, None);
        let next = format!("{in_force}; 2026-09-01 waiting for Acme since 2026-07-06");
        assert_eq!(text(second), (next, Some("in-force")));
        add(EntryKind::Ended, 9, first, None, None);
        assert_eq!(text(second), ("ended on 2026-07-09".to_owned(), Some("ended")));
    }
}
