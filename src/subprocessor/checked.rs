//! A sub-processor as checked, and the words of its transfer.

use chrono::NaiveDate;
use serde::Serialize;

use crate::countries::Country;

/// A sub-processor by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subprocessor {
    /// Its legal name.
    pub name: String,
    /// Where it is established.
    pub address: Option<String>,
    /// The country in which it processes the data.
    pub country: Country,
    /// Whom to ask: an e-mail address, a person or a page.
    pub contact: Option<String>,
    /// The ids of its categories.
    pub categories: Vec<String>,
    /// What it does with the data.
    pub processing: String,
    /// The day since which it does.
    pub since: Option<NaiveDate>,
    /// What permits the transfer to it; `None` inside the European Economic Area.
    pub transfer: Option<Transfer>,
}

/// What permits a transfer outside the European Economic Area (art. 44-49 GDPR).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transfer {
    /// The adequacy decision on its country (art. 45).
    Adequacy,
    /// Its certification under the Data Privacy Framework, and the day on which that was looked up.
    Dpf(NaiveDate),
    /// The standard contractual clauses of decision (EU) 2021/914, with the number of their module.
    Scc(u8),
    /// Binding corporate rules (art. 47).
    Bcr,
    /// A derogation (art. 49), and why it applies.
    Derogation(String),
}

/// The transfer as `contract.json` has it, with days written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TransferText {
    /// The ground: "scc".
    pub basis: &'static str,
    /// The adequacy decision that it rests on.
    pub decision: Option<String>,
    /// The day of that decision.
    pub date: Option<String>,
    /// What that decision is limited to.
    pub scope: Option<String>,
    /// The day on which a certification was looked up.
    pub checked: Option<String>,
    /// The module of the standard contractual clauses.
    pub module: Option<u8>,
    /// Why a derogation applies.
    pub why: Option<String>,
}

impl Subprocessor {
    /// The ground of the transfer to it, with days as `date` writes them.
    #[must_use]
    pub fn transfer_text(&self, date: &dyn Fn(NaiveDate) -> String) -> Option<TransferText> {
        let decision = self.country.adequacy.as_ref();
        let mut text = TransferText {
            basis: "bcr",
            decision: None,
            date: None,
            scope: None,
            checked: None,
            module: None,
            why: None,
        };
        match self.transfer.as_ref()? {
            Transfer::Bcr => {}
            Transfer::Scc(module) => (text.basis, text.module) = ("scc", Some(*module)),
            Transfer::Derogation(why) => (text.basis, text.why) = ("derogation", Some(why.clone())),
            Transfer::Adequacy => text.basis = "adequacy",
            Transfer::Dpf(day) => (text.basis, text.checked) = ("dpf", Some(date(*day))),
        }
        if text.basis == "adequacy" || text.basis == "dpf" {
            text.decision = decision.map(|decision| decision.decision.clone());
            text.date = decision.map(|decision| date(decision.date));
            text.scope = decision.and_then(|decision| decision.scope.clone());
        }
        Some(text)
    }
}
