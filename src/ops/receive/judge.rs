//! What a copy comes to: whether its pages are those of the contract, who signed, what it lacks, and what the
//! owner must judge.

use chrono::NaiveDate;
use serde::Serialize;

use super::days;
use super::identify::Claim;
use super::known::AsMade;
use crate::diagnostic::signer;
use crate::ops::show::ShownChain;
use crate::pdf::{
    Change, ComparedPages, Drawing, FieldState, Inspection, Integrity, Original, PageState,
    SignatureState, SubjectKind, Trust, is_same_field,
};
use crate::store::{self, AgreementState, EntryKind, History};

/// How the bytes of a copy relate to those of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bytes {
    /// They are the same.
    Same,
    /// They begin with them.
    Extended,
    /// Another program wrote the file again.
    Rewritten,
    /// The contract as it was made is not here.
    NotCompared,
}

/// A signature of a copy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReceivedSignature {
    /// The field that it is in.
    pub field: String,
    /// The field of the contract that this is; none if it is in another.
    pub of: Option<String>,
    /// Whom its certificate names.
    pub signer: Option<String>,
    /// The organisation that the certificate names.
    pub organisation: Option<String>,
    /// What kind of holder the certificate has.
    pub names: Option<SubjectKind>,
    /// The day of signing, by the signer's clock.
    pub day: Option<String>,
    /// `intact`, `broken`, `unchecked`.
    pub integrity: &'static str,
    /// Why it is broken or unchecked.
    pub why: Option<String>,
    /// Whether what was changed after it is permitted; none if that cannot be compared.
    pub permitted: Option<bool>,
    /// SHA-256 of the certificate.
    pub certificate: Option<String>,
    /// Whether the chain of the certificate leads to one that is trusted.
    pub chain: ShownChain,
    /// Why it does not, or is indeterminate.
    pub chain_why: Option<String>,
    /// Whether it counts as the signature of its field.
    pub counts: bool,
}

/// What a copy comes to.
#[derive(Debug)]
pub struct Judgement {
    /// How its bytes relate to the contract's.
    pub bytes: Bytes,
    /// Its pages beside those of the contract; none if they cannot be compared.
    pub pages: Option<ComparedPages>,
    /// What is filled in.
    pub fields: Vec<FieldState>,
    /// The signatures.
    pub signatures: Vec<ReceivedSignature>,
    /// What an agreement lacks, by field.
    pub missing: Vec<String>,
    /// What the owner must judge.
    pub to_judge: Vec<String>,
    /// How the agreement stands by it.
    pub agreement: AgreementState,
    /// The first day of an agreement by it.
    pub from: NaiveDate,
}

/// Judges a copy. `original` is the contract as it was made, if it is here.
pub fn judge(
    claim: &Claim,
    mut copy: Inspection,
    original: Option<&AsMade>,
    history: &History,
    (on, trust): (NaiveDate, &Trust),
) -> Judgement {
    copy.look_at_what_is_printed();
    let (bytes, pages) = compare(&copy, original);
    let contract = original.map_or(&copy, |original| &original.document);
    let mut judged = Judgement {
        bytes,
        fields: Vec::new(),
        signatures: Vec::new(),
        missing: Vec::new(),
        to_judge: Vec::new(),
        agreement: AgreementState::Unknown,
        from: on,
        pages,
    };
    judged.judge_signatures(contract, copy.signatures(), &noted(history), trust);
    judged.judge_drawings();
    judged.judge_fields(contract, &copy);
    judged.judge_days(claim, on);
    judged.fields = copy.fields;
    judged.agreement = judged.agreement(claim, history);
    judged
}

/// Compares the copy with the contract: what changed since, where its bytes are there; else page by page.
fn compare(copy: &Inspection, original: Option<&AsMade>) -> (Bytes, Option<ComparedPages>) {
    let Some(original) = original else {
        return (Bytes::NotCompared, None);
    };
    let changes = copy.changes_to(&original.bytes);
    let bytes = match (&changes, copy.original) {
        (Some(changes), Original::Untouched) if changes.is_empty() => Bytes::Same,
        (Some(_), _) => Bytes::Extended,
        (None, _) => Bytes::Rewritten,
    };
    let is_kept = changes.is_some_and(|changes| changes.iter().all(Change::only_fills_in));
    let pages = if is_kept {
        ComparedPages::same(copy.page_count())
    } else {
        copy.compare_pages(&original.document)
    };
    (bytes, Some(pages))
}

/// The certificates that the processor signed with, as `sign` noted them.
fn noted(history: &History) -> Vec<String> {
    let signed = history.live().filter(|entry| entry.kind == EntryKind::Signed);
    signed.flat_map(|entry| &entry.signers).map(|signer| signer.certificate.clone()).collect()
}

/// Whether a field is the processor's.
fn is_processors(field: &str) -> bool {
    field.starts_with("processor-")
}

impl Judgement {
    fn judge_signatures(
        &mut self,
        contract: &Inspection,
        found: Vec<SignatureState>,
        noted: &[String],
        trust: &Trust,
    ) {
        let fields = contract.fields.iter().filter(|field| field.is_signature);
        let mut fields: Vec<&str> = fields.map(|field| field.id.as_str()).collect();
        if fields.is_empty() {
            fields = vec!["client-signature", "processor-signature"];
        }
        for state in found.into_iter().filter(|state| state.is_signed) {
            let of = fields.iter().find(|field| is_same_field(field, &state.field));
            let remarks = about_certificate(&state);
            let of = of.map(|field| (*field).to_owned());
            self.judge_signature(ReceivedSignature::of(state, of, trust), remarks, noted);
        }
        for field in fields {
            let is_it =
                |found: &&ReceivedSignature| found.counts && found.of.as_deref() == Some(field);
            if !self.signatures.iter().any(|found| is_it(&found)) {
                self.missing.push(field.to_owned());
            }
        }
    }

    fn judge_signature(
        &mut self,
        mut signature: ReceivedSignature,
        (was_valid, remarks): (bool, Vec<String>),
        noted: &[String],
    ) {
        let (field, signer) = (&signature.field, signature.signer());
        let is_ours = signature.of.as_deref().is_some_and(is_processors);
        let is_noted =
            signature.certificate.as_ref().is_some_and(|certificate| noted.contains(certificate));
        let is_doubtful =
            matches!(signature.chain, ShownChain::NotTrusted | ShownChain::Indeterminate);
        let why = signature.why.as_deref().unwrap_or_default();
        let remark = match (signature.integrity, signature.permitted) {
            ("broken", _) => Some(format!("the signature in `{field}` is broken: {why}")),
            ("unchecked", _) => {
                Some(format!("the signature in `{field}` cannot be checked: {why}"))
            }
            (_, Some(false)) => {
                Some(format!("it was changed after the signature in `{field}`, which forbids that"))
            }
            (_, None) => {
                Some(format!("what changed after the signature in `{field}` cannot be compared"))
            }
            _ if signature.of.is_none() => {
                Some(format!("{signer} signed in `{field}`, which is no field of the contract"))
            }
            _ if !was_valid => Some(format!(
                "the certificate of {signer} in `{field}` was not valid on the day of signing"
            )),
            _ if is_doubtful && !(is_ours && is_noted) => {
                let why = signature.chain_why.as_deref().unwrap_or_default();
                Some(format!("{signer} in `{field}` is not trusted: {why}"))
            }
            _ if is_ours && !is_noted => Some(format!(
                "the signature in `{field}` is by a certificate of {signer} that `dpa-gen sign` did not note"
            )),
            _ => {
                signature.counts = true;
                None
            }
        };
        self.to_judge.extend(remark);
        self.to_judge.extend(remarks);
        if signature.names == Some(SubjectKind::Platform) {
            self.to_judge.push(format!(
                "the certificate in `{}` names the signing platform {}, and not who signed",
                signature.field,
                signature.signer()
            ));
        }
        self.signatures.push(signature);
    }

    fn judge_drawings(&mut self) {
        let drawings = self.pages.iter().flat_map(|pages| &pages.drawings);
        let drawings: Vec<String> = drawings.map(drawn).collect();
        self.to_judge.extend(drawings);
    }

    /// What is filled in, and whether it is what is printed.
    fn judge_fields(&mut self, contract: &Inspection, copy: &Inspection) {
        for field in contract.fields.iter().filter(|field| !field.is_signature) {
            let found = copy.fields.iter().find(|found| is_same_field(&field.id, &found.id));
            let is_written = self.written(&field.id).is_some();
            if found.and_then(|found| found.value.as_ref()).is_none() && !is_written {
                self.missing.push(field.id.clone());
            }
            match found {
                Some(FieldState { printed: Some(false), value: Some(value), id, .. }) => self
                    .to_judge
                    .push(format!("what is printed in `{id}` is not its value \"{value}\"")),
                Some(FieldState { printed: Some(false), value: None, id, .. }) => {
                    self.to_judge
                        .push(format!("something is printed in `{id}`, which has no value"));
                }
                _ => {}
            }
        }
    }

    /// What stands in the box of a field as a part of the page.
    fn written(&self, field: &str) -> Option<&str> {
        let mut written = self.pages.iter().flat_map(|pages| &pages.written);
        written.find(|written| written.field == field).map(|written| written.text.as_str())
    }

    /// Days that contradict each other, and the first day of an agreement.
    fn judge_days(&mut self, claim: &Claim, on: NaiveDate) {
        let made = claim.version.as_deref().and_then(days::read);
        let mut last = None;
        for signature in self.signatures.iter().filter(|signature| signature.counts) {
            let Some(day) = signature.day.as_deref().and_then(days::read) else {
                continue;
            };
            last = last.max(Some(day));
            let field = &signature.field;
            if day > on {
                self.to_judge.push(format!("`{field}` is signed on {day}, after {on}"));
            }
            if made.is_some_and(|made| day < made) {
                self.to_judge
                    .push(format!("`{field}` is signed on {day}, before the contract's date"));
            }
        }
        let start =
            claim.contract.as_ref().and_then(|contract| contract["agreement"]["start"].as_str());
        let start = start.and_then(days::read);
        self.from = start.into_iter().chain([last.unwrap_or(on).min(on)]).max().unwrap_or(on);
    }

    /// Compares the days that were filled in with those of the signatures.
    pub fn judge_written_days(&mut self, on: NaiveDate) {
        let mut remarks = Vec::new();
        for party in ["client", "processor"] {
            let field = format!("{party}-date");
            let own = self.fields.iter().find(|found| is_same_field(&field, &found.id));
            let value = own.and_then(|own| own.value.clone());
            let value = value.or_else(|| self.written(&field).map(str::to_owned));
            let Some(written) = value.as_deref().and_then(days::read) else {
                continue;
            };
            if written > on {
                remarks.push(format!("`{field}` says {written}, which is after {on}"));
            }
            let signed = self.signatures.iter().find(|signature| {
                signature.of.as_deref().is_some_and(|of| of.starts_with(party)) && signature.counts
            });
            let signed = signed.and_then(|signature| days::read(signature.day.as_deref()?));
            if let Some(signed) = signed.filter(|signed| *signed != written) {
                remarks.push(format!("`{field}` says {written}, and the signature is of {signed}"));
            }
        }
        self.to_judge.extend(remarks);
    }

    /// Whether a page is the contract's at all.
    pub fn has_same_page(&self) -> bool {
        let mut pages = self.pages.iter().flat_map(|pages| &pages.pages);
        pages.any(|page| page.state == PageState::Same)
    }

    fn agreement(&self, claim: &Claim, history: &History) -> AgreementState {
        let Some(pages) = &self.pages else {
            return AgreementState::Unknown;
        };
        if !pages.are_same() {
            return AgreementState::Changed;
        }
        if claim.is_draft {
            return AgreementState::Unknown;
        }
        if history.standing().ended.is_some() {
            return AgreementState::Ended;
        }
        let lacks = |of_processor: bool| {
            let mut missing = self.missing.iter().filter(|field| field.contains("-signature"));
            missing.any(|field| is_processors(field) == of_processor)
        };
        if lacks(false) {
            AgreementState::WaitingClient
        } else if lacks(true) {
            AgreementState::WaitingProcessor
        } else {
            AgreementState::InForce
        }
    }
}

/// Whether the certificate was valid on the day of signing, and what else its holder should be known to be.
fn about_certificate(state: &SignatureState) -> (bool, Vec<String>) {
    let Some(subject) = &state.subject else {
        return (true, Vec::new());
    };
    let (from, until) = subject.valid;
    let was_valid = state.day.is_none_or(|day| (from..=until).contains(&day));
    let self_made = || {
        let signer = signer(state.signer.as_deref());
        format!("the certificate of {signer} is self-made: nobody else says who that is")
    };
    (was_valid, subject.is_self_made.then(self_made).into_iter().collect())
}

fn drawn(drawing: &Drawing) -> String {
    let Drawing { field, is_signature, what } = drawing;
    if *is_signature {
        format!("drawn in `{field}` ({what}): not a cryptographic signature")
    } else {
        format!("drawn in `{field}` ({what})")
    }
}

impl ReceivedSignature {
    fn of(state: SignatureState, of: Option<String>, trust: &Trust) -> Self {
        let (chain, chain_why) = ShownChain::of(state.chain(trust));
        let (integrity, why) = match state.integrity {
            Integrity::Intact => ("intact", None),
            Integrity::Broken(why) => ("broken", Some(why)),
            Integrity::Unchecked(why) => ("unchecked", Some(why)),
        };
        Self {
            field: state.field,
            of,
            signer: state.signer,
            organisation: state.subject.as_ref().and_then(|subject| subject.organisation.clone()),
            names: state.subject.map(|subject| subject.kind),
            day: state.day.map(|day| day.to_string()),
            integrity,
            why,
            permitted: state.permitted,
            certificate: state.certificate.as_deref().map(store::sha256),
            chain,
            chain_why,
            counts: false,
        }
    }

    /// Whom the certificate names.
    #[must_use]
    pub fn signer(&self) -> String {
        signer(self.signer.as_deref())
    }
}
