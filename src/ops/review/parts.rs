//! The parts of a memo: each requirement, what is to be read, the proposals in full, and what lawyers approved.

use std::collections::BTreeMap;

use serde::Serialize;

use super::material::Findings;
use super::proposed::{Proposed, label};
use crate::check::{Coverage, Finding, Lang, Reach, Reader, Relied, Row, Verdict};
use crate::compare::{ClauseChange, ClauseKind, ParagraphChange};
use crate::library::{Clause, LawyersVerdict, Library, Obligation};

/// How many requirements have each verdict.
pub type Verdicts = BTreeMap<Verdict, usize>;

/// A requirement, with all that the lawyer must know to judge it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Requirement<'a> {
    pub id: &'a str,
    name: &'a str,
    source: &'a str,
    level: Obligation,
    /// What the law asks.
    asked: &'a str,
    /// What would satisfy it.
    satisfied: &'a str,
    pub verdict: Verdict,
    relied: &'a [Relied],
    /// What weakens it, or is not there.
    faults: Vec<SentenceToRead<'a>>,
    /// The sentences that it relies on, and that have a word which can turn them round.
    read: Vec<SentenceToRead<'a>>,
    proposals: Vec<ProposedPart<'a>>,
    /// The terms, not set, that would bring a sentence which meets it.
    terms: Vec<&'a str>,
}

/// A finding, with its sentence.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SentenceToRead<'a> {
    pub code: &'a str,
    message: &'a str,
    sentence: Option<&'a str>,
    /// The label of its clause, or the name of its file.
    place: String,
    /// For which contracts it holds; none if for all.
    holds_in: Option<&'a str>,
    hints: &'a [String],
    /// Who can mend it.
    r#for: Reader,
    /// Where in its file it begins.
    #[serde(skip)]
    start: usize,
}

/// The paragraphs of a clause that a proposal changes for a requirement.
#[derive(Debug, Serialize)]
pub struct ProposedPart<'a> {
    clause: &'a str,
    paragraphs: Vec<&'a ParagraphChange>,
}

/// A clause that the proposals change.
#[derive(Debug, Serialize)]
pub struct WholeProposal<'a> {
    clause: &'a ClauseChange,
    /// Its paragraphs; of an annex, which the client's own data fill, those that change.
    paragraphs: Vec<&'a ParagraphChange>,
    /// Why, in one sentence; none if a term alone changes it.
    why: Option<&'a str>,
    /// The requirements that it meets, by their numbers in the memo.
    meets: Vec<usize>,
}

/// A part of the library, and what a lawyer said of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ApprovedText<'a> {
    /// The label of a clause, or the name of a file.
    part: String,
    by: Option<&'a str>,
    /// On which day, in words.
    on: Option<String>,
    /// The verdicts that are not `met`, by the requirement's id.
    verdicts: BTreeMap<&'a str, LawyersVerdict>,
    state: State,
}

/// How a part stands to what was approved of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It is the text that was read.
    Approved,
    /// It is another.
    Differs,
    /// Nobody read it.
    Unread,
    /// It is there no more.
    Gone,
}

impl<'a> Requirement<'a> {
    /// Every requirement, in the library's order.
    pub fn all(findings: &'a Findings<'_>) -> Vec<Self> {
        let all = findings.library.requirements.all.keys().enumerate();
        all.map(|(index, id)| Self::of(index, id, findings)).collect()
    }

    fn of(index: usize, id: &'a str, findings: &'a Findings<'_>) -> Self {
        let requirement = &findings.library.requirements.all[id];
        let in_lang = |nl: &'a str, en: &'a str| match findings.lang {
            Lang::Nl => nl,
            Lang::En => en,
        };
        let satisfied_nl = requirement.satisfied_nl.as_deref().unwrap_or(&requirement.satisfied);
        let verdict = findings.verdict(index);
        let own = |is_fault: bool| {
            let all = findings.checked.findings.iter();
            let own = all.filter(|it| is_open(it) && it.requirements.iter().any(|own| own == id));
            own.filter(move |it| (it.code == id) == is_fault).map(SentenceToRead::of).collect()
        };
        let is_lacking = matches!(verdict, Verdict::Weak | Verdict::Missing);
        let unset = |term: &&String| {
            let proposed = findings.proposed.as_ref();
            proposed.is_some_and(|proposed| proposed.terms.contains(term))
        };
        let terms: Vec<&str> = requirement.terms.iter().filter(unset).map(String::as_str).collect();
        let proposals = if is_lacking { findings.proposals(index, id, &terms) } else { Vec::new() };
        Self {
            id,
            name: in_lang(&requirement.name_nl, &requirement.name_en),
            source: &requirement.source,
            level: requirement.level,
            asked: in_lang(&requirement.nl, &requirement.en),
            satisfied: in_lang(satisfied_nl, &requirement.satisfied),
            verdict,
            relied: findings.bearing.relied.get(index).map_or(&[], Vec::as_slice),
            faults: own(true),
            read: own(false),
            proposals,
            terms,
        }
    }
}

impl Findings<'_> {
    /// The worst verdict on a requirement, of all contracts with a client.
    fn verdict(&self, index: usize) -> Verdict {
        let row =
            |coverage: &'_ Coverage| coverage.requirements.get(index).map(|row: &Row| row.verdict);
        let with_client = self.checked.coverage.iter().skip(usize::from(self.client.is_none()));
        with_client.filter_map(row).max().unwrap_or(Verdict::NotAsked)
    }

    /// What the proposals change for a requirement.
    fn proposals(&self, index: usize, id: &str, terms: &[&str]) -> Vec<ProposedPart<'_>> {
        let Some(proposed) = &self.proposed else { return Vec::new() };
        let parts = proposed.comparison.clauses.iter().filter_map(|clause| {
            let proposal = proposed.proposals.get(&clause.id);
            let is_met = proposal.is_some_and(|it| it.meets.iter().any(|meets| meets == id));
            let has_term = !terms.is_empty() && self.claims(&clause.id, id);
            if !clause.changed || !(is_met || has_term) {
                return None;
            }
            let changed = || clause.paragraphs.iter().filter(|paragraph| paragraph.is_changed());
            let bears = |paragraph: &&ParagraphChange| {
                let ParagraphChange { old, new, .. } = paragraph;
                self.rules.bears_on(index, old.as_deref(), new.as_deref())
            };
            let mut paragraphs: Vec<_> = changed().filter(bears).collect();
            if paragraphs.is_empty() && is_met {
                paragraphs = changed().collect();
            }
            (!paragraphs.is_empty()).then_some(ProposedPart { clause: &clause.id, paragraphs })
        });
        parts.collect()
    }

    /// Whether a clause claims a requirement.
    fn claims(&self, clause: &str, id: &str) -> bool {
        let is_it = |it: &&Clause| label(it.path.trim_end_matches(".typ")) == clause;
        let clause = self.library.clauses().find(is_it);
        clause.is_some_and(|clause| clause.covers.iter().any(|covers| covers == id))
    }
}

/// Whether a finding is for the memo: the owner does not accept it, and it is of a contract with a client.
pub fn is_open(finding: &Finding) -> bool {
    finding.accepted.is_none() && finding.reach != Reach::General
}

impl<'a> SentenceToRead<'a> {
    pub fn of(finding: &'a Finding) -> Self {
        Self {
            code: &finding.code,
            message: &finding.diagnostic.message,
            sentence: finding.text.as_deref(),
            place: label(&finding.part),
            holds_in: finding.holds_in.as_deref().filter(|_| finding.reach == Reach::Some),
            hints: &finding.diagnostic.hints,
            r#for: finding.reader,
            start: finding.diagnostic.place.as_ref().map_or(0, |place| place.range.start),
        }
    }

    /// Whether two findings are of one rule at one place.
    pub fn is_at_same_place(&self, other: &Self) -> bool {
        (self.code, &self.place, self.start) == (other.code, &other.place, other.start)
    }
}

impl<'a> WholeProposal<'a> {
    /// Every clause that the proposals change, in the order of the text.
    pub fn all(proposed: &'a Proposed, requirements: &[Requirement<'_>]) -> Vec<Self> {
        let changed = proposed.comparison.clauses.iter().filter(|clause| clause.changed);
        let whole = changed.map(|clause| {
            let proposal = proposed.proposals.get(&clause.id);
            let number = |id: &String| requirements.iter().position(|own| own.id == id);
            let meets = proposal.iter().flat_map(|it| &it.meets).filter_map(number);
            let meets = meets.map(|at| at + 1).collect();
            let is_shown =
                |it: &&ParagraphChange| clause.kind != ClauseKind::Annex || it.is_changed();
            let paragraphs = clause.paragraphs.iter().filter(is_shown).collect();
            Self { clause, paragraphs, why: proposal.map(|it| it.why.as_str()), meets }
        });
        whole.collect()
    }
}

impl<'a> ApprovedText<'a> {
    /// Every part of the library, and what was approved and is there no more; none if nothing was approved.
    pub fn all(library: &'a Library) -> Vec<Self> {
        let approvals = &library.approvals.all;
        let pinned = library.pinned();
        let mut all: Vec<Self> = pinned
            .iter()
            .map(|pinned| {
                let approval = approvals.get(&pinned.part);
                let state = match approval {
                    Some(approval) if approval.text == pinned.text => State::Approved,
                    Some(_) => State::Differs,
                    None => State::Unread,
                };
                Self::of(library, &pinned.part, state)
            })
            .collect();
        let is_gone = |part: &&String| pinned.iter().all(|pinned| pinned.part != **part);
        let gone = approvals.keys().filter(is_gone);
        all.extend(gone.map(|part| Self::of(library, part, State::Gone)));
        all
    }

    fn of(library: &'a Library, part: &str, state: State) -> Self {
        let approval = library.approvals.all.get(part);
        let verdicts = approval.iter().flat_map(|approval| &approval.verdicts);
        let verdicts = verdicts.filter(|(_, verdict)| **verdict != LawyersVerdict::Met);
        Self {
            part: label(part),
            by: approval.map(|approval| approval.by.as_str()),
            on: approval.map(|approval| library.contents.language.date(approval.on)),
            verdicts: verdicts.map(|(id, verdict)| (id.as_str(), *verdict)).collect(),
            state,
        }
    }

    /// Whether it is the text that a lawyer approved.
    pub fn is_approved(&self) -> bool {
        self.state == State::Approved
    }

    /// Whether the library has it.
    pub fn is_there(&self) -> bool {
        self.state != State::Gone
    }
}
