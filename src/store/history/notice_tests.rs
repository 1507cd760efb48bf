//! What became of notices, by a history.

use chrono::NaiveDate;

use super::entry::{AgreementState, Entry, EntryKind};
use super::notice::NoticeState;
use super::read::History;
use super::standing::Standing;
use crate::compare::Needs;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

fn signed() -> Entry {
    Entry {
        agreement: Some(AgreementState::InForce),
        digest: Some("signed".into()),
        ..Entry::new(EntryKind::Received, day(1))
    }
}

fn notified(on: u32, until: u32, digest: &str) -> Entry {
    Entry {
        digest: Some(digest.into()),
        needs: Some(Needs::Notice),
        until: Some(day(until)),
        from: Some(day(until + 1)),
        ..Entry::new(EntryKind::Notified, day(on))
    }
}

fn standing(entries: &[&Entry]) -> Standing {
    History { entries: entries.iter().map(|entry| (*entry).clone()).collect() }.standing()
}

fn in_force(standing: &Standing, on: u32) -> Option<&str> {
    standing.notice_in_force(day(on)).and_then(|notice| notice.digest.as_deref())
}

#[test]
fn a_change_is_in_force_after_its_last_day() {
    let standing = standing(&[&signed(), &notified(2, 12, "a")]);
    assert_eq!((in_force(&standing, 12), in_force(&standing, 13)), (None, Some("a")));
    assert!(standing.open_notice(day(12)).is_some() && standing.open_notice(day(13)).is_none());
}

#[test]
fn an_objection_counts_until_the_last_day() {
    let (signed, notice) = (signed(), notified(2, 12, "a"));
    let objected = |on| Entry::new(EntryKind::Objected, day(on));
    let in_time = standing(&[&signed, &notice, &objected(12)]);
    assert_eq!(in_force(&in_time, 20), None);
    assert_eq!(in_time.open_notice(day(20)).unwrap().state(day(20)), NoticeState::Objected);
    let late = standing(&[&signed, &notice, &objected(13)]);
    assert_eq!(in_force(&late, 20), Some("a"));
    let consented = Entry::new(EntryKind::Consented, day(15));
    let agreed = standing(&[&signed, &notice, &objected(12), &consented]);
    assert_eq!((in_force(&agreed, 14), in_force(&agreed, 15)), (None, Some("a")));
}

#[test]
fn a_later_notice_takes_the_place_of_one_that_still_runs() {
    let (signed, first) = (signed(), notified(2, 12, "a"));
    let before = standing(&[&signed, &first, &notified(10, 20, "b")]);
    assert_eq!((in_force(&before, 15), in_force(&before, 21)), (None, Some("b")));
    let after = standing(&[&signed, &first, &notified(14, 24, "b")]);
    assert_eq!((in_force(&after, 15), in_force(&after, 25)), (Some("a"), Some("b")));
    let withdrawal =
        Entry { needs: Some(Needs::Nothing), ..Entry::new(EntryKind::Notified, day(5)) };
    let withdrawn = standing(&[&signed, &first, &withdrawal]);
    assert_eq!(in_force(&withdrawn, 20), None);
    assert!(withdrawn.open_notice(day(20)).is_none());
}

#[test]
fn a_new_signature_holds_all_that_was_notified() {
    let again = Entry { on: day(15), ..signed() };
    assert_eq!(in_force(&standing(&[&signed(), &notified(2, 12, "a"), &again]), 20), None);
}

#[test]
fn what_needs_consent_waits_for_it() {
    let consent = Entry { needs: Some(Needs::Consent), ..notified(2, 12, "a") };
    let waits = standing(&[&signed(), &consent]);
    assert_eq!(in_force(&waits, 30), None);
    assert_eq!(waits.notices[0].state(day(30)), NoticeState::WaitingConsent);
    assert_eq!(waits.notices[0].noticed_from(), Some(day(13)));
}
