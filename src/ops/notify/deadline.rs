//! Until when a client may object, by the terms of the contract that it signed.
//!
//! The day of the notice does not count, the last day does; weekends and holidays are days.

use chrono::{Days, NaiveDate};
use serde_json::Value;

/// The terms of a contract that say how a change of sub-processors is notified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoticeTerms {
    objection_days: Option<u64>,
    notice_days: Option<u64>,
}

/// Until when a client may object, and from when a change holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deadline {
    /// The last day to object.
    pub until: Option<NaiveDate>,
    /// The first day that the change is in force if nobody objects.
    pub from: Option<NaiveDate>,
    /// The terms that say so.
    pub terms: Vec<&'static str>,
    /// Whether a term is missing, and no day was given in its place.
    pub lacks_term: bool,
}

impl NoticeTerms {
    /// Those in the JSON of a contract.
    pub fn of(contract: &Value) -> Self {
        let days = |key: &str| contract["terms"][key].as_u64();
        Self {
            objection_days: days("objection-days"),
            notice_days: days("subprocessor-notice-days"),
        }
    }

    /// Whether the contract says what an objection leads to.
    pub fn has_objection(self) -> bool {
        self.objection_days.is_some()
    }

    /// The deadline of a notice that is sent on a day. The contract's terms count if all that needs a notice is of
    /// sub-processors; where they do not, the day `asked` does.
    pub fn deadline(self, on: NaiveDate, asked: Option<NaiveDate>, all_by_terms: bool) -> Deadline {
        let after = |days: u64| on.checked_add_days(Days::new(days));
        let objection = self.objection_days.or(self.notice_days);
        let all = self.objection_days.max(self.notice_days);
        let terms = [
            self.objection_days.map(|_| "objection-days"),
            self.notice_days.map(|_| "subprocessor-notice-days"),
        ];
        let asked = asked.filter(|_| objection.is_none() || !all_by_terms);
        let last = all.and_then(after).max(asked);
        Deadline {
            until: objection.and_then(after).max(asked),
            from: last.and_then(|day| day.succ_opt()),
            terms: terms.into_iter().flatten().collect(),
            lacks_term: (objection.is_none() || !all_by_terms) && asked.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn terms(objection_days: Option<u64>, notice_days: Option<u64>) -> NoticeTerms {
        NoticeTerms { objection_days, notice_days }
    }

    fn days(deadline: &Deadline) -> (String, String) {
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        (text(deadline.until), text(deadline.from))
    }

    #[test]
    fn the_day_of_sending_does_not_count_and_the_last_day_does() {
        for (sent, objection, notice, until, from) in [
            ("2026-09-01", Some(14), None, "2026-09-15", "2026-09-16"),
            ("2026-09-01", None, Some(30), "2026-10-01", "2026-10-02"),
            ("2026-09-01", Some(14), Some(30), "2026-09-15", "2026-10-02"),
            // Over a leap day, one that is none, and the end of a year.
            ("2028-02-20", Some(14), None, "2028-03-05", "2028-03-06"),
            ("2027-02-20", Some(14), None, "2027-03-06", "2027-03-07"),
            ("2028-02-28", Some(1), None, "2028-02-29", "2028-03-01"),
            ("2100-02-28", Some(1), None, "2100-03-01", "2100-03-02"),
            ("2026-12-20", Some(30), Some(30), "2027-01-19", "2027-01-20"),
            ("2026-12-31", Some(1), None, "2027-01-01", "2027-01-02"),
        ] {
            let deadline = terms(objection, notice).deadline(day(sent), None, true);
            assert_eq!(days(&deadline), (until.to_owned(), from.to_owned()), "{sent}");
            assert!(!deadline.lacks_term);
        }
    }

    #[test]
    fn a_day_is_asked_for_where_the_contract_gives_none() {
        let on = day("2026-09-01");
        let none = terms(None, None).deadline(on, None, true);
        assert!(none.lacks_term && none.until.is_none() && none.from.is_none());
        let asked = terms(None, None).deadline(on, Some(day("2026-09-20")), true);
        assert_eq!(days(&asked), ("2026-09-20".into(), "2026-09-21".into()));
        assert!(!asked.lacks_term);
        // The contract's own term counts, whatever day is asked for.
        let own = terms(Some(14), None).deadline(on, Some(day("2026-09-02")), true);
        assert_eq!(days(&own).0, "2026-09-15");
        // Its terms are of sub-processors alone.
        let other = terms(Some(14), None).deadline(on, None, false);
        assert!(other.lacks_term);
        let other = terms(Some(14), None).deadline(on, Some(day("2026-09-20")), false);
        assert_eq!(days(&other), ("2026-09-20".into(), "2026-09-21".into()));
    }
}
