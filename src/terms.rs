//! The times that the owner may set, `[terms]` in `contract.toml` or in a client file: the sentence of
//! each stands in its article in place of the vaguer one.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::input::{Checker, Spanned};

/// The names of all terms.
pub const NAMES: [&str; 7] = [
    "breach-hours",
    "subprocessor-notice-days",
    "objection-days",
    "deletion-days",
    "backup-max-days",
    "request-forward-days",
    "audit-notice-days",
];

/// Times that are set; what is `None` leaves its article as the lawyer wrote it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TimeLimits {
    /// Hours within which the processor notifies a data breach (art. 33(2) GDPR).
    pub breach_hours: Option<u16>,
    /// Days before a new sub-processor starts that it is notified (art. 28(2) GDPR).
    pub subprocessor_notice_days: Option<u16>,
    /// Days within which the controller can object to it.
    pub objection_days: Option<u16>,
    /// Days after the end within which the data are deleted or returned (art. 28(3)(g) GDPR).
    pub deletion_days: Option<u16>,
    /// Days after which deleted data are gone from back-ups too.
    pub backup_max_days: Option<u16>,
    /// Days within which a data subject's request is passed on (art. 28(3)(e) GDPR).
    pub request_forward_days: Option<u16>,
    /// Days before an audit that it is announced (art. 28(3)(h) GDPR).
    pub audit_notice_days: Option<u16>,
}

/// Times as typed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawTimeLimits {
    /// Uren waarbinnen de verwerker een datalek meldt.
    ///
    /// Hours within which the processor notifies a data breach (art. 33(2) GDPR).
    #[schemars(range(min = 1, max = 72))]
    breach_hours: Option<Spanned<i64>>,
    /// Dagen vooraf waarop een nieuwe subverwerker wordt gemeld.
    ///
    /// Days before a new sub-processor starts that it is notified (art. 28(2) GDPR).
    #[schemars(range(min = 1, max = 365))]
    subprocessor_notice_days: Option<Spanned<i64>>,
    /// Dagen waarbinnen de opdrachtgever daartegen bezwaar kan maken.
    ///
    /// Days within which the controller can object to it.
    #[schemars(range(min = 1, max = 365))]
    objection_days: Option<Spanned<i64>>,
    /// Dagen na afloop waarbinnen de gegevens zijn gewist of teruggegeven.
    ///
    /// Days after the end within which the data are deleted or returned (art. 28(3)(g) GDPR).
    #[schemars(range(min = 1, max = 365))]
    deletion_days: Option<Spanned<i64>>,
    /// Dagen waarna gewiste gegevens ook uit back-ups weg zijn.
    ///
    /// Days after which deleted data are gone from back-ups too.
    #[schemars(range(min = 1, max = 365))]
    backup_max_days: Option<Spanned<i64>>,
    /// Dagen waarbinnen een verzoek van een betrokkene wordt doorgestuurd.
    ///
    /// Days within which a data subject's request is passed on (art. 28(3)(e) GDPR).
    #[schemars(range(min = 1, max = 30))]
    request_forward_days: Option<Spanned<i64>>,
    /// Dagen vooraf waarop een audit wordt aangekondigd.
    ///
    /// Days before an audit that it is announced (art. 28(3)(h) GDPR).
    #[schemars(range(min = 1, max = 365))]
    audit_notice_days: Option<Spanned<i64>>,
}

impl TimeLimits {
    /// These times, and where one is not set that of `others`.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            breach_hours: self.breach_hours.or(others.breach_hours),
            subprocessor_notice_days: self
                .subprocessor_notice_days
                .or(others.subprocessor_notice_days),
            objection_days: self.objection_days.or(others.objection_days),
            deletion_days: self.deletion_days.or(others.deletion_days),
            backup_max_days: self.backup_max_days.or(others.backup_max_days),
            request_forward_days: self.request_forward_days.or(others.request_forward_days),
            audit_notice_days: self.audit_notice_days.or(others.audit_notice_days),
        }
    }
}

impl RawTimeLimits {
    /// Checks every time: one that no contract would have is a typing error. `base` are the times that hold where
    /// none is typed here, and which these must not contradict.
    pub fn check(self, check: &mut Checker<'_>, base: TimeLimits) -> TimeLimits {
        let notice = self.subprocessor_notice_days.as_ref().map(Spanned::span);
        let objection = self.objection_days.as_ref().map(Spanned::span);
        let terms = self.numbers(check);
        if let Some(at) = objection.clone().or(notice.clone()) {
            let both = (notice, objection);
            check_objection(check, terms.or(base), at, both);
        }
        terms
    }

    /// Where the time to delete is typed.
    #[must_use]
    pub fn deletion_place(&self) -> Option<Range<usize>> {
        self.deletion_days.as_ref().map(Spanned::span)
    }

    fn numbers(self, check: &mut Checker<'_>) -> TimeLimits {
        let year = "give a number of days, a year at most: 14, 30, 90";
        let mut days = |key: &str, days: Option<Spanned<i64>>| number(check, key, days, 365, year);
        let terms = TimeLimits {
            breach_hours: None,
            subprocessor_notice_days: days(
                "subprocessor-notice-days",
                self.subprocessor_notice_days,
            ),
            objection_days: days("objection-days", self.objection_days),
            deletion_days: days("deletion-days", self.deletion_days),
            backup_max_days: days("backup-max-days", self.backup_max_days),
            request_forward_days: None,
            audit_notice_days: days("audit-notice-days", self.audit_notice_days),
        };
        let notify = "the controller itself has 72 hours to notify (art. 33(1) GDPR): 24, 36, 48";
        let answer = "the controller itself has a month to answer (art. 12(3) GDPR): 2, 5, 10";
        TimeLimits {
            breach_hours: number(check, "breach-hours", self.breach_hours, 72, notify),
            request_forward_days: number(
                check,
                "request-forward-days",
                self.request_forward_days,
                30,
                answer,
            ),
            ..terms
        }
    }
}

/// Who objects to a sub-processor must be able to do so before it starts.
fn check_objection(
    check: &mut Checker<'_>,
    terms: TimeLimits,
    at: Range<usize>,
    (notice_at, objection_at): (Option<Range<usize>>, Option<Range<usize>>),
) {
    let (Some(notice), Some(objection)) = (terms.subprocessor_notice_days, terms.objection_days)
    else {
        return;
    };
    if objection <= notice {
        return;
    }
    let mut problem = Diagnostic::error(format!(
        "`objection-days` ({objection}) is longer than `subprocessor-notice-days` ({notice})"
    ))
    .at(check.source, at)
    .hint("a sub-processor would start while the client can still object: make the notice as long");
    problem = match (notice_at, objection_at) {
        (Some(notice_at), Some(_)) => problem.related(check.source, notice_at, "the notice"),
        (Some(_), None) => problem.hint("`objection-days` is set in clauses/contract.toml"),
        _ => problem.hint("`subprocessor-notice-days` is set in clauses/contract.toml"),
    };
    check.problem(problem);
}

/// A whole number from 1 to `most`.
fn number(
    check: &mut Checker<'_>,
    key: &str,
    number: Option<Spanned<i64>>,
    most: u16,
    hint: &str,
) -> Option<u16> {
    let number = number?;
    let value = u16::try_from(*number.get_ref()).ok().filter(|value| (1..=most).contains(value));
    if value.is_none() {
        let message = format!("`{key}` is not a number from 1 to {most}: `{}`", number.get_ref());
        check.problem(Diagnostic::error(message).at(check.source, number.span()).hint(hint));
    }
    value
}
