//! The check of a contract that is being made: its counts, and whether `[check] deny` stops it.

use std::sync::OnceLock;

use serde::Serialize;

use crate::check::{self, Finding, Lang, Reader, Rules, Scope, Subject};
use crate::contract::Contract;
use crate::diagnostic::{Count, Diagnostic, Problems, Severity};
use crate::library::Library;
use crate::typeset::Document;

/// How many findings there are of each level; what the owner accepts does not count.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct FindingCounts {
    errors: usize,
    warnings: usize,
    advice: usize,
}

impl FindingCounts {
    /// Counts findings.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
            match finding.level() {
                Severity::Error | Severity::Failure | Severity::Bug => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Advice => counts.advice += 1,
            }
        }
        counts
    }

    /// How many there are.
    #[must_use]
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.advice
    }

    /// How many there are of a level.
    #[must_use]
    pub fn of_level(self, level: Severity) -> usize {
        match level {
            Severity::Warning => self.warnings,
            Severity::Advice => self.advice,
            Severity::Error | Severity::Failure | Severity::Bug => self.errors,
        }
    }

    /// What to do first: `4 errors, 29 warnings`.
    #[must_use]
    pub fn worst(self) -> String {
        let errors = Count(self.errors, "error", "errors");
        format!("{errors}, {}", Count(self.warnings, "warning", "warnings"))
    }

    /// All of it: `4 errors, 29 warnings, 13 advice`.
    #[must_use]
    pub fn all(self) -> String {
        format!("{}, {} advice", self.worst(), self.advice)
    }
}

/// What the check of a contract came to, in short.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CheckSummary {
    /// How many findings there are.
    #[serde(flatten)]
    pub counts: FindingCounts,
    /// The parts of its text that are not what a lawyer approved: what is to be said of each.
    pub not_approved: Vec<String>,
    /// The keys of the client file that sales can still fill in: `client.kvk`.
    pub fill_in: Vec<String>,
    /// How many findings are for sales.
    pub for_sales: usize,
    /// The language of what is said here.
    #[serde(skip)]
    pub lang: Lang,
}

impl CheckSummary {
    fn of(findings: &[Finding], lang: Lang) -> Self {
        let differs = findings.iter().filter(|finding| finding.code == "approval-differs");
        let not_approved = differs.map(|finding| finding.diagnostic.message.clone()).collect();
        let open = findings.iter().filter(|finding| finding.accepted.is_none());
        let sales: Vec<&Finding> = open.filter(|finding| finding.reader == Reader::Sales).collect();
        let mut fill_in: Vec<String> = Vec::new();
        for key in sales.iter().filter_map(|finding| finding.key.as_ref()) {
            if !fill_in.contains(key) {
                fill_in.push(key.clone());
            }
        }
        let counts = FindingCounts::of(findings);
        Self { counts, not_approved, fill_in, for_sales: sales.len(), lang }
    }
}

/// The check that each contract of a library passes as it is made.
pub struct Gate<'a> {
    library: &'a Library,
    rules: OnceLock<Result<Rules, Problems>>,
    lang: Lang,
}

impl<'a> Gate<'a> {
    /// The check of a library's contracts.
    pub fn new(library: &'a Library) -> Self {
        Self { library, rules: OnceLock::new(), lang: Lang::default() }
    }

    /// With findings in another language.
    pub fn in_lang(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }

    /// Reads the rules, if nobody did; on a thread of its own that saves the others the time.
    pub fn rules(&self) -> &Result<Rules, Problems> {
        self.rules.get_or_init(|| Rules::new(self.library))
    }

    /// Checks a client's contract if `[check] deny` of the library may stop it.
    ///
    /// # Errors
    ///
    /// As [`Self::pass`].
    pub fn hold(&self, contract: &Contract, document: &Document<'_>) -> Result<(), Problems> {
        if self.library.contents.deny.is_some() && contract.client.is_some() {
            self.pass(contract, document)?;
        }
        Ok(())
    }

    /// Checks a client's contract, and sums up what is found.
    ///
    /// # Errors
    ///
    /// If `[check] deny` of the library stops it, with what it stops at. A draft is never stopped.
    pub fn pass(
        &self,
        contract: &Contract,
        document: &Document<'_>,
    ) -> Result<CheckSummary, Problems> {
        let rules = self.rules().as_ref().map_err(Clone::clone)?;
        let file = contract.client_file.as_ref().map(|file| file.name.clone());
        let subject = Subject {
            name: file.unwrap_or_default(),
            contract: contract.clone(),
            texts: document.texts().clone(),
        };
        let checked =
            check::check(self.library, rules, vec![subject], Scope::Clients, Vec::new(), self.lang);
        let summary = CheckSummary::of(&checked.findings, self.lang);
        let Some(deny) = self.library.contents.deny.filter(|_| !contract.draft) else {
            return Ok(summary);
        };
        let is_denied = |finding: &Finding| finding.level() >= deny && finding.accepted.is_none();
        let denied = checked.findings.into_iter().filter(is_denied);
        let mut problems: Problems = denied.map(|finding| finding.diagnostic).collect();
        if problems.is_empty() {
            return Ok(summary);
        }
        let client = contract.client.as_ref().map(|client| client.name.as_str());
        let message = format!(
            "the contract of `{}` is not made: the check has {}, and `[check] deny = \"{}\"`",
            client.unwrap_or_default(),
            summary.counts.all(),
            deny.word(),
        );
        let hint = "fix it, accept it with [[accept]] in contract.toml, or make a draft with \
                    `dpa-gen --draft --client FILE`";
        problems.push(Diagnostic::error(message).hint(hint));
        Err(problems)
    }
}
