//! The memo as its paper shows it: what the layout needs to know, and no word of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::material::Findings;
use super::parts::{ApprovedText, Requirement, SentenceToRead, Verdicts, WholeProposal, is_open};
use crate::check::Finding;
use crate::compare::{self, Label};
use crate::contract::json;
use crate::contract::project::Project;
use crate::contract::{Brand, Version};
use crate::library::PaperKind;
use crate::typeset::{Paper, Properties};

/// A memo as its paper shows it, in the shape of `memo.json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MemoPaper<'a> {
    /// ISO 639-1 code.
    language: &'static str,
    /// The title of the agreement.
    title: &'a str,
    /// The version of the text.
    version: &'a Version,
    /// SHA-256 over everything that determines the paper.
    digest: String,
    /// Never: it is no draft of a contract.
    draft: bool,
    /// Always: the places to tick and initial are form fields.
    fields: bool,
    /// The owner's colours.
    brand: &'a Brand,
    /// The processor's name.
    processor: &'a str,
    /// The client's name; none if the memo is about the library.
    client: Option<&'a str>,
    /// The clauses by their labels: what sort they are and their numbers, for the references in the text.
    labels: BTreeMap<&'a str, Label<'a>>,
    /// How many requirements have each verdict.
    verdicts: Verdicts,
    /// The requirements, in the library's order.
    requirements: Vec<Requirement<'a>>,
    /// What the text says against itself or leaves open.
    contradictions: Vec<SentenceToRead<'a>>,
    /// The sentences that give the processor a right of its own.
    rights: Vec<SentenceToRead<'a>>,
    /// The clauses that the proposals would change, in full; none if they do not go with the library.
    proposals: Option<Vec<WholeProposal<'a>>>,
    /// The terms that are set for the proposals alone.
    example_terms: &'a [String],
    /// What lawyers approved.
    approvals: Vec<ApprovedText<'a>>,
    #[serde(skip)]
    day: chrono::NaiveDate,
}

/// What a memo counts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MemoCounts {
    /// How many requirements have each verdict.
    pub verdicts: Verdicts,
    /// How many clauses have a proposal that would change them.
    pub proposals: usize,
    /// How many parts of the text are as a lawyer approved them.
    pub approved: usize,
    /// How many are not.
    pub unread: usize,
}

impl<'a> MemoPaper<'a> {
    /// Puts the paper together; the layout of the library will set it.
    pub fn new(findings: &'a Findings<'_>) -> Self {
        let contract = &findings.contract;
        let requirements = Requirement::all(findings);
        let mut verdicts = Verdicts::new();
        for requirement in &requirements {
            *verdicts.entry(requirement.verdict).or_default() += 1;
        }
        let of_lawyer = || {
            let open = findings.checked.findings.iter();
            open.filter(|finding| is_of_the_text(finding)).map(SentenceToRead::of)
        };
        // One place can have another text in each combination of services.
        let once = |reads: Vec<SentenceToRead<'a>>| {
            let mut once: Vec<SentenceToRead<'_>> = Vec::new();
            for read in reads {
                if !once.iter().any(|other| other.is_at_same_place(&read)) {
                    once.push(read);
                }
            }
            once
        };
        let gives_right = |read: &SentenceToRead<'_>| read.code == "sentence-gives-right";
        let proposed = findings.proposed.as_ref();
        let mut paper = Self {
            language: contract.language,
            title: &contract.title,
            version: &contract.version,
            digest: String::new(),
            draft: false,
            fields: true,
            brand: &contract.brand,
            processor: &contract.processor.name,
            client: findings.client.as_deref(),
            labels: compare::labels(&findings.text, proposed.map(|proposed| &proposed.text)),
            verdicts,
            contradictions: once(of_lawyer().filter(|read| !gives_right(read)).collect()),
            rights: once(of_lawyer().filter(gives_right).collect()),
            proposals: proposed.map(|proposed| WholeProposal::all(proposed, &requirements)),
            requirements,
            example_terms: proposed.map_or(&[], |proposed| &proposed.terms),
            approvals: ApprovedText::all(findings.library),
            day: contract.version.day,
        };
        let project = Project::of_paper(PaperKind::Memo, paper.json(), findings.library);
        paper.digest = project.digest();
        paper
    }

    /// What it counts.
    pub fn counts(&self) -> MemoCounts {
        let approved = self.approvals.iter().filter(|text| text.is_approved()).count();
        MemoCounts {
            verdicts: self.verdicts.clone(),
            proposals: self.proposals.as_ref().map_or(0, Vec::len),
            approved,
            unread: self.approvals.iter().filter(|text| text.is_there()).count() - approved,
        }
    }
}

/// What only the lawyer can mend and no requirement shows.
fn is_of_the_text(finding: &Finding) -> bool {
    is_open(finding)
        && finding.reader == crate::check::Reader::Lawyer
        && !finding.code.starts_with("approval")
        && (finding.requirements.is_empty() || finding.code == "sentence-gives-right")
}

impl Paper for MemoPaper<'_> {
    fn kind(&self) -> PaperKind {
        PaperKind::Memo
    }

    fn json(&self) -> String {
        json::text(self)
    }

    fn properties(&self) -> Properties {
        Properties {
            title: None,
            source: format!("{}, {}", self.title, self.version.id),
            author: self.processor.to_owned(),
            version: self.version.id.clone(),
            digest: self.digest.clone(),
            day: self.day,
        }
    }
}
