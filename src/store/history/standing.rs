//! How an agreement stands by its history.

use chrono::NaiveDate;

use super::entry::{AgreementState, Entry, EntryKind, HistorySigner};
use super::notice::{Notice, NoticeState};
use super::read::History;

/// What is agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The version of the contract's text; none if it is the client's own paper.
    pub version: Option<String>,
    /// The digest that the contract shows.
    pub digest: Option<String>,
    /// The first day that it is in force.
    pub since: NaiveDate,
    /// Who signed.
    pub signers: Vec<HistorySigner>,
    /// The copy that was signed, in the client's folder.
    pub file: Option<String>,
    /// Whether it was signed on paper, as a person says.
    pub by_hand: bool,
    /// Whether it is the client's own paper.
    pub own_paper: bool,
    /// Who accepted the copy with what it lacks, if somebody did.
    pub accepted_by: Option<String>,
}

/// What is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What it waits for.
    pub agreement: AgreementState,
    /// The version of the contract's text.
    pub version: Option<String>,
    /// The digest that the contract shows.
    pub digest: Option<String>,
    /// Since when.
    pub since: NaiveDate,
    /// Whether the client has it.
    pub sent: bool,
}

/// How an agreement stands on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What is agreed last, also if it begins later.
    pub in_force: Option<InForce>,
    /// What is open beside it or after it.
    pub pending: Option<Pending>,
    /// The day that it ended.
    pub ended: Option<NaiveDate>,
    /// The day that the client refused what is open.
    pub refused: Option<NaiveDate>,
    /// The changes of what is agreed that the client was notified of, in the order of the notices.
    pub notices: Vec<Notice>,
}

impl Standing {
    /// The word for it; none if nothing happened yet.
    #[must_use]
    pub fn agreement(&self) -> Option<AgreementState> {
        if self.ended.is_some() {
            return Some(AgreementState::Ended);
        }
        match &self.in_force {
            Some(agreed) if agreed.by_hand || agreed.own_paper => Some(AgreementState::ByHand),
            Some(_) => Some(AgreementState::InForce),
            None => self.pending.as_ref().map(|pending| pending.agreement),
        }
    }

    /// What binds both parties on a day.
    #[must_use]
    pub fn in_force_on(&self, day: NaiveDate) -> Option<&InForce> {
        let agreed = self.in_force.as_ref().filter(|agreed| agreed.since <= day)?;
        self.ended.is_none_or(|ended| day < ended).then_some(agreed)
    }

    /// Whether something is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended.is_none() && (self.in_force.is_none() || self.pending.is_some())
    }

    fn note(&mut self, entry: &Entry) {
        let agreement = entry.agreement.unwrap_or(match entry.kind {
            EntryKind::ByHand | EntryKind::OwnPaper => AgreementState::ByHand,
            EntryKind::Accepted => AgreementState::InForce,
            _ => AgreementState::WaitingClient,
        });
        match entry.kind {
            EntryKind::Signed => self.wait(AgreementState::WaitingProcessor, entry, false),
            EntryKind::Sent => {
                if self.ended.take().is_some() {
                    // What is sent after the end is a new beginning.
                    self.in_force = None;
                    self.notices.clear();
                }
                self.wait(AgreementState::WaitingClient, entry, true);
            }
            EntryKind::Received | EntryKind::Accepted | EntryKind::ByHand | EntryKind::OwnPaper
                if agreement.is_agreed() =>
            {
                self.pending = None;
                self.refused = None;
                self.ended = None;
                // What is signed holds all that it was notified of before.
                self.notices.clear();
                self.in_force = Some(InForce {
                    version: entry.version.clone(),
                    digest: entry.digest.clone(),
                    since: entry.from.unwrap_or(entry.on),
                    signers: entry.signers.clone(),
                    file: entry.file.clone(),
                    by_hand: entry.kind == EntryKind::ByHand,
                    own_paper: entry.kind == EntryKind::OwnPaper,
                    accepted_by: entry.by.clone().filter(|_| {
                        matches!(entry.kind, EntryKind::Received | EntryKind::Accepted)
                    }),
                });
            }
            _ if agreement == AgreementState::Ended => {}
            EntryKind::Received | EntryKind::Accepted | EntryKind::ByHand | EntryKind::OwnPaper => {
                self.wait(agreement, entry, true);
            }
            EntryKind::Refused => {
                self.pending = None;
                self.refused = Some(entry.on);
            }
            EntryKind::Ended => self.ended = Some(entry.on),
            EntryKind::Notified => self.notices.push(Notice::of(entry)),
            EntryKind::Objected | EntryKind::Consented => {
                if let Some(notice) = self.notices.last_mut() {
                    notice.answer(entry);
                }
            }
            EntryKind::Undone => {}
        }
    }

    /// A version that is agreed is not waited for again: a copy of it may come back twice.
    fn wait(&mut self, agreement: AgreementState, entry: &Entry, sent: bool) {
        let is_agreed = self.in_force.as_ref().is_some_and(|agreed| {
            agreed.digest.is_some() && agreed.digest == entry.digest && !agreed.own_paper
        });
        if is_agreed {
            return;
        }
        let of_same = |pending: &&Pending| {
            let digests = pending.digest.as_ref().zip(entry.digest.as_ref());
            pending.version == entry.version && digests.is_none_or(|(one, other)| one == other)
        };
        let before = self.pending.as_ref().filter(of_same);
        let sent = sent || before.is_some_and(|pending| pending.sent);
        // Signing what the client has already is no step back.
        let agreement = match before {
            Some(pending) if entry.kind == EntryKind::Signed && pending.sent => pending.agreement,
            _ => agreement,
        };
        let since = match before {
            Some(pending) if pending.agreement == agreement => pending.since,
            _ => entry.on,
        };
        self.refused = None;
        let (version, digest) = (entry.version.clone(), entry.digest.clone());
        self.pending = Some(Pending { agreement, version, digest, since, sent });
    }
}

impl Standing {
    /// The change that is in force on a day beside what was signed: the last one whose time passed before another
    /// notice took its place.
    #[must_use]
    pub fn notice_in_force(&self, on: NaiveDate) -> Option<&Notice> {
        let next = self.notices.iter().skip(1).map(Some).chain([None]);
        let in_force = self.notices.iter().zip(next).filter(|(notice, next)| {
            let from = notice.in_force_from().filter(|_| !notice.is_withdrawal());
            from.is_some_and(|from| from <= on && next.is_none_or(|next| from <= next.on))
        });
        in_force.last().map(|(notice, _)| notice)
    }

    /// The last notice, if its change is not in force on a day and was not taken back.
    #[must_use]
    pub fn open_notice(&self, on: NaiveDate) -> Option<&Notice> {
        let is_open = |notice: &&Notice| {
            !matches!(notice.state(on), NoticeState::InForce | NoticeState::Withdrawn)
        };
        self.notices.last().filter(is_open)
    }
}

impl History {
    /// How the agreement stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let mut standing = Standing::default();
        self.live().for_each(|entry| standing.note(entry));
        standing
    }

    /// Whether a contract with this digest was sent, or its text notified, and so may have been signed already.
    #[must_use]
    pub fn was_sent(&self, digest: &str) -> bool {
        self.live().any(|entry| {
            matches!(entry.kind, EntryKind::Sent | EntryKind::Notified)
                && entry.digest.as_deref() == Some(digest)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
    }

    fn entry(kind: EntryKind, on: u32, version: &str, agreement: Option<AgreementState>) -> Entry {
        Entry {
            version: Some(version.to_owned()),
            digest: Some(format!("digest of {version}")),
            agreement,
            ..Entry::new(kind, day(on))
        }
    }

    fn standing(entries: &[Entry]) -> Standing {
        History { entries: entries.to_vec() }.standing()
    }

    #[test]
    fn an_agreement_goes_from_signed_to_ended() {
        let signed = entry(EntryKind::Signed, 1, "a", None);
        let sent = entry(EntryKind::Sent, 2, "a", None);
        let in_force = Some(AgreementState::InForce);
        let received = Entry { from: Some(day(9)), ..entry(EntryKind::Received, 4, "a", in_force) };
        let next = entry(EntryKind::Sent, 10, "b", None);
        let ended = entry(EntryKind::Ended, 20, "a", None);
        let all = [signed, sent, received, next, ended];

        assert_eq!(standing(&all[..1]).agreement(), Some(AgreementState::WaitingProcessor));
        let sent = standing(&all[..2]);
        assert_eq!(sent.agreement(), Some(AgreementState::WaitingClient));
        assert_eq!(sent.pending.unwrap().since, day(2));
        let agreed = standing(&all[..3]);
        assert_eq!(agreed.agreement(), in_force);
        assert!(agreed.in_force_on(day(8)).is_none() && agreed.in_force_on(day(9)).is_some());
        assert!(!agreed.is_open());
        let next = standing(&all[..4]);
        assert_eq!(next.agreement(), in_force);
        assert_eq!(next.pending.as_ref().unwrap().version.as_deref(), Some("b"));
        assert!(next.is_open());
        assert_eq!(standing(&all).agreement(), Some(AgreementState::Ended));
        assert!(standing(&all).in_force_on(day(20)).is_none());
    }

    #[test]
    fn an_entry_that_was_undone_counts_no_more() {
        let sent = entry(EntryKind::Sent, 2, "a", None);
        let wrong = entry(EntryKind::Received, 4, "a", Some(AgreementState::InForce));
        let undone = Entry { undoes: Some(wrong.check()), ..Entry::new(EntryKind::Undone, day(5)) };
        let standing = standing(&[sent, wrong, undone]);
        assert_eq!(standing.agreement(), Some(AgreementState::WaitingClient));
    }

    #[test]
    fn a_second_copy_of_what_is_agreed_opens_nothing() {
        let agreed = entry(EntryKind::Received, 4, "a", Some(AgreementState::InForce));
        let again = entry(EntryKind::Received, 5, "a", Some(AgreementState::WaitingProcessor));
        assert!(!standing(&[agreed, again]).is_open());
    }
}
