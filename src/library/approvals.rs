//! `approved.toml`: which text of each part of the library a lawyer has read, who and when, and the lawyer's
//! verdicts on it.

use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Problems, Source};
use crate::input::{self, Checker, Date, Spanned, Text};

/// The name of the file.
pub const APPROVED: &str = "approved.toml";

/// What lawyers approved of a library.
#[derive(Debug, Default)]
pub struct Approvals {
    /// The file; none if no part was approved.
    pub source: Option<Arc<Source>>,
    /// Each approval, by the part of the library that it is of: `articles/security`.
    pub all: IndexMap<String, Approval>,
}

/// What a lawyer said of a part of the library.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Who read it.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
    /// The verdict on each requirement that the part claims.
    pub verdicts: IndexMap<String, LawyersVerdict>,
    /// The text that was read, as [`super::Pinned`] has it.
    pub text: String,
    /// Where its name stands in the file.
    pub place: std::ops::Range<usize>,
}

/// How a lawyer judges a text by a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LawyersVerdict {
    /// The text meets it.
    Met,
    /// It meets it in part.
    Weak,
    /// It does not meet it.
    Missing,
}

impl LawyersVerdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Met, Self::Weak, Self::Missing];

    /// Its word in `approved.toml`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Weak => "weak",
            Self::Missing => "missing",
        }
    }

    /// The verdict of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApproval {
    by: Option<Text>,
    on: Option<Date>,
    #[serde(default)]
    verdict: IndexMap<Text, Text>,
    text: Option<Text>,
}

impl Approvals {
    /// Reads `approved.toml`; `requirements` are the ids that it may give a verdict on.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, requirements: &[&str]) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: IndexMap<Text, Spanned<RawApproval>>, check| {
            let approvals = raw.into_iter().filter_map(|(part, raw)| {
                let place = part.span();
                let approval = raw.into_inner().check(check, place, requirements)?;
                Some((part.into_inner(), approval))
            });
            let all = approvals.collect();
            Some(Self { source: Some(Arc::clone(source)), all })
        })
    }
}

impl RawApproval {
    fn check(
        self,
        check: &mut Checker<'_>,
        place: std::ops::Range<usize>,
        requirements: &[&str],
    ) -> Option<Approval> {
        let by = check.required("by", self.by, place.clone());
        if self.on.is_none() {
            check.missing(
                "on",
                place.clone(),
                "add `on = 2026-12-01`, the day on which it was read",
            );
        }
        let on = check.date("on", self.on);
        if self.text.is_none() {
            check.missing("text", place.clone(), "`dpa-gen review --approve` writes it");
        }
        let mut verdicts = IndexMap::new();
        for (id, word) in self.verdict {
            let known = check.id("requirement", &id, requirements);
            let words = LawyersVerdict::ALL.map(LawyersVerdict::word);
            let verdict = check.id("verdict", &word, &words);
            let verdict = verdict.and_then(|word| LawyersVerdict::named(&word));
            verdicts.extend(known.zip(verdict));
        }
        let text = self.text?.into_inner().replace("\r\n", "\n");
        let text = text.trim_end_matches('\n').to_owned();
        Some(Approval { by: by?, on: on?, verdicts, text, place })
    }
}
