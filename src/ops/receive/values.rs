//! What `receive` is asked, and what it finds.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::identify::{Claim, IdentifiedBy};
use super::judge::{Bytes, Judgement, ReceivedSignature};
use super::known::KnownContract;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::ops::show::NOT_READ;
use crate::ops::sources::LibraryChoice;
use crate::pdf::{ComparedPage, Drawing, FieldState, Trust};
use crate::store::AgreementState;

/// How to take in what came back.
#[derive(Debug, Clone)]
pub struct ReceiveRequest {
    /// The client file, where a copy does not say whose it is.
    pub client: Option<PathBuf>,
    /// The day that it came back.
    pub on: NaiveDate,
    /// Only report.
    pub dry_run: bool,
    /// Why it counts as agreed whatever it lacks, and who says so.
    pub accept: Option<Acceptance>,
    /// The certificates that signers are followed to; none is not to.
    pub trust: Trust,
    /// Which library, for a contract that must be made again to be compared.
    pub library: LibraryChoice,
}

/// A person's word that a copy counts as agreed.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
}

/// What came back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Received {
    /// The file.
    pub pdf: PathBuf,
    /// The client's name, or its id where the copy does not name it.
    pub client: Option<String>,
    /// What the client is called in `agreements/`.
    pub id: Option<String>,
    /// The version of the contract's text.
    pub version: Option<String>,
    /// The digest of the contract.
    pub digest: Option<String>,
    /// How it is known which contract it is.
    pub identified_by: Option<IdentifiedBy>,
    /// How its bytes relate to those of the contract.
    pub bytes: Bytes,
    /// Its pages beside those of the contract.
    pub pages: Vec<ComparedPage>,
    /// What is filled in.
    pub fields: Vec<FieldState>,
    /// The signatures.
    pub signatures: Vec<ReceivedSignature>,
    /// What is drawn in the boxes of fields.
    pub drawings: Vec<Drawing>,
    /// What an agreement still lacks, by field.
    pub missing: Vec<String>,
    /// What the owner must judge.
    pub to_judge: Vec<String>,
    /// How the agreement stands by it.
    pub agreement: AgreementState,
    /// The first day of the agreement.
    pub in_force_from: Option<String>,
    /// Why it was accepted.
    pub accepted: Option<String>,
    /// Who accepted it.
    pub by: Option<String>,
    /// The copy that was filed.
    pub filed: Option<PathBuf>,
    /// Whether the same file came back before.
    pub again: bool,
}

impl Received {
    /// A file of which nothing is known yet.
    pub(super) fn new(pdf: &Path) -> Self {
        Self {
            pdf: pdf.to_owned(),
            client: None,
            id: None,
            version: None,
            digest: None,
            identified_by: None,
            bytes: Bytes::NotCompared,
            pages: Vec::new(),
            fields: Vec::new(),
            signatures: Vec::new(),
            drawings: Vec::new(),
            missing: Vec::new(),
            to_judge: Vec::new(),
            agreement: AgreementState::Unknown,
            in_force_from: None,
            accepted: None,
            by: None,
            filed: None,
            again: false,
        }
    }

    /// Reports a file that cannot be read.
    pub(super) fn unreadable(&mut self, bytes: &[u8], problems: &mut Problems) {
        let name = self.pdf.slashed();
        let is_pdf = bytes.windows(5).take(1024).any(|window| window == b"%PDF-");
        if !is_pdf {
            let problem = Diagnostic::error(format!("`{name}` is not a PDF"));
            problems.push(problem.of_file(&self.pdf).hint(BY_HAND));
            return;
        }
        self.agreement = AgreementState::Unreadable;
        problems.push(
            Diagnostic::error(format!("`{name}` needs a password, {NOT_READ}"))
                .of_file(&self.pdf)
                .hint("ask for the password or for another copy; nothing was filed"),
        );
    }

    /// Reports a file of which it is not known what it is.
    pub(super) fn unknown(&self, has_no_text: bool, problems: &mut Problems) {
        let name = self.pdf.slashed();
        let problem = if has_no_text {
            Diagnostic::error(format!("`{name}` has no text: it may be a scan")).hint(BY_HAND)
        } else {
            Diagnostic::error(format!("`{name}` is no contract that is known here"))
                .hint("if it is one, name its client with `--client FILE`, or the folder of the PDFs with `-o`")
        };
        problems.push(problem);
    }

    /// Takes over what it was judged to be.
    pub(super) fn take(
        &mut self,
        claim: &Claim,
        contract: &KnownContract,
        judged: Judgement,
        request: &ReceiveRequest,
    ) {
        self.client = Some(claim.client.clone().unwrap_or_else(|| contract.id.clone()));
        self.id = Some(contract.id.clone());
        self.version = Some(contract.version.clone());
        self.digest = Some(contract.digest.clone());
        self.identified_by = Some(claim.by);
        self.bytes = judged.bytes;
        self.agreement = judged.agreement;
        // A draft is not for signing, whatever anybody accepts.
        if let Some(acceptance) = request.accept.as_ref().filter(|_| !claim.is_draft) {
            self.agreement = AgreementState::InForce;
            self.accepted = Some(acceptance.reason.clone());
            self.by = Some(acceptance.by.clone());
        }
        if self.agreement.is_agreed() {
            self.in_force_from = Some(judged.from.to_string());
        }
        if let Some(pages) = judged.pages {
            (self.pages, self.drawings) = (pages.pages, pages.drawings);
        }
        (self.fields, self.signatures) = (judged.fields, judged.signatures);
        (self.missing, self.to_judge) = (judged.missing, judged.to_judge);
    }

    /// What keeps it from being an agreement, as problems.
    pub(super) fn report(&self, has_original: bool, claim: &Claim, problems: &mut Problems) {
        const ACCEPT: &str = "if you agree all the same: `--accept \"reason\" --by NAME`";
        let name = self.pdf.slashed();
        if self.accepted.is_some() {
            return;
        }
        if claim.is_draft {
            problems
                .push(Diagnostic::error(format!("`{name}` is a draft, which is not for signing")));
        } else if !has_original {
            let id = self.id.as_deref().unwrap_or_default();
            problems.push(
                Diagnostic::error(format!(
                    "`{name}` cannot be compared: the contract of `{id}` as it was made is not here"
                ))
                .hint("name the folder of the PDFs with `-o`, and the client file with `--client FILE`")
                .hint(ACCEPT),
            );
        } else if self.agreement == AgreementState::Changed {
            let changed = format!("`{name}` is not the contract as it was made: its pages changed");
            problems.push(Diagnostic::error(changed).hint(ACCEPT));
        }
    }
}

/// What to do about what only a person can read.
const BY_HAND: &str = "file it by hand: `--by-hand --client FILE --signed-on DATE --by NAME`";
