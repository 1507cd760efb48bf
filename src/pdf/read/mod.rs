//! Reading a document back: what is attached, what is filled in and whether it is printed, what is signed,
//! and what changed since.

mod attachments;
mod changes;
mod double_keys;
mod drawn;
pub mod fields;
mod original;
mod outline;
mod pages;
mod picture;
mod printed;
pub mod same;
pub mod signature;
pub mod text;

use chrono::NaiveDate;
use hayro_syntax::Pdf;
use hayro_syntax::object::Dict;
use serde::Serialize;

pub use changes::{Change, Kind as ChangeKind};
pub use original::Original;
pub use pages::{ComparedPage, ComparedPages, Drawing, PageState, Written, is_same_field};
pub use signature::{
    Chain, Integrity, Signature, Signed, SignedBytes, Subject, SubjectKind, Trust,
};

use crate::pdf::file::lookup::catalog;
use crate::pdf::file::open::open;
use crate::pdf::file::text_string::decode;
use attachments::attachments;
use fields::{Field, Kind};
use signature::Permissions;

/// What a PDF holds.
pub struct Inspection {
    /// The embedded files, by name.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// The form fields, in the form's order.
    pub fields: Vec<FieldState>,
    /// Whether the bytes that dpa-gen wrote are still there.
    pub original: Original,
    /// The signatures in the fields, in the same order.
    signed: Vec<Option<Signed>>,
    pdf: Pdf,
}

/// A form field as it is now.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FieldState {
    /// Its name, with those of the fields above it.
    pub id: String,
    /// What a screen reader says of it.
    pub label: String,
    /// What is filled in: a text, or the state of a checkbox.
    pub value: Option<String>,
    /// Whether what is printed is what is filled in; none if that cannot be seen.
    pub printed: Option<bool>,
    /// Whether it is a signature field.
    pub is_signature: bool,
    /// The signature in it.
    pub signature: Option<Signature>,
}

/// A signature field, signed or not.
#[derive(Debug)]
pub struct SignatureState {
    /// Its name, with those of the fields above it.
    pub field: String,
    /// Whether it is signed.
    pub is_signed: bool,
    /// Whom the certificate names; none if it cannot be read.
    pub signer: Option<String>,
    /// Whether the signature fits what was signed.
    pub integrity: Integrity,
    /// What was changed after it; none if the file cannot be compared with what was signed.
    pub changes_after: Option<Vec<Change>>,
    /// Whether that is permitted; none if it is not signed, or cannot be compared.
    pub permitted: Option<bool>,
    /// Whether it certifies the document: it says what is permitted after it.
    pub certifies: bool,
    /// The day of signing, as the signer's clock had it.
    pub day: Option<NaiveDate>,
    /// Whom the certificate is of.
    pub subject: Option<Subject>,
    /// The certificate, in DER.
    pub certificate: Option<Vec<u8>>,
    /// All certificates beside it, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// What it permits to be changed later.
    permissions: Permissions,
}

impl SignatureState {
    /// Whether its chain leads to certificates that are trusted; none if none are.
    #[must_use]
    pub fn chain(&self, trust: &Trust) -> Option<Chain> {
        let own = self.certificate.as_ref().filter(|_| !trust.is_empty())?;
        Some(match self.day {
            Some(day) => trust.judge(own, &self.certificates, day),
            None => Chain::Indeterminate("it does not say when it was made".to_owned()),
        })
    }

    /// Whether it forbids that another field is signed after it.
    #[must_use]
    pub fn forbids_signing(&self, field: &str) -> bool {
        !self.permissions.permit(&[Change::signing(field)], None)
    }
}

impl Inspection {
    /// An embedded file.
    #[must_use]
    pub fn attachment(&self, name: &str) -> Option<&[u8]> {
        let mut attachments = self.attachments.iter();
        attachments.find(|(found, _)| found == name).map(|(_, bytes)| bytes.as_slice())
    }

    /// The embedded files that are PDFs, by name.
    pub fn embedded(&self) -> impl Iterator<Item = (&str, Inspection)> {
        let attachments = self.attachments.iter();
        attachments.filter_map(|(name, bytes)| Some((name.as_str(), inspect(bytes)?)))
    }

    /// What changed since the document was made, as a reader finds it; none if it cannot be compared, as
    /// another program rewrote it.
    #[must_use]
    pub fn changes(&self) -> Option<Vec<Change>> {
        match self.original {
            Original::Untouched => Some(Vec::new()),
            Original::Extended { bytes } => self.changes_since(self.bytes().len() - bytes),
            Original::Rewritten => None,
        }
    }

    /// What changed since the file was so long.
    fn changes_since(&self, length: usize) -> Option<Vec<Change>> {
        let before = self.bytes().get(..length)?;
        if length == self.bytes().len() {
            return Some(Vec::new());
        }
        // A revision ends as a file does.
        before.trim_ascii_end().ends_with(b"%%EOF").then_some(())?;
        changes::between(&open(before.to_vec()).ok()?, &self.pdf, &self.signed)
    }

    /// The bytes as dpa-gen made them, which the file begins with; none if another program rewrote it.
    #[must_use]
    pub fn as_made(&self) -> Option<&[u8]> {
        match self.original {
            Original::Untouched => Some(self.bytes()),
            Original::Extended { bytes } => Some(&self.bytes()[..self.bytes().len() - bytes]),
            Original::Rewritten => None,
        }
    }

    /// What changed since the file was these bytes; none if it does not begin with them, or they cannot be
    /// compared.
    #[must_use]
    pub fn changes_to(&self, before: &[u8]) -> Option<Vec<Change>> {
        self.bytes().starts_with(before).then(|| self.changes_since(before.len()))?
    }

    /// Compares the pages of this copy with those of the document as it was made.
    #[must_use]
    pub fn compare_pages(&self, original: &Self) -> ComparedPages {
        pages::compare(&original.pdf, &self.pdf)
    }

    /// How many pages there are.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    /// The text of each page, its annotations apart; empty where there is none, or it takes too long.
    #[must_use]
    pub fn page_texts(&self) -> Vec<String> {
        pages::texts(&self.pdf)
    }

    /// The keywords of the document.
    #[must_use]
    pub fn keywords(&self) -> Option<String> {
        self.pdf.metadata().keywords.as_deref().map(decode)
    }

    /// The document as it was read.
    pub(super) fn pdf(&self) -> &Pdf {
        &self.pdf
    }

    /// The signatures that there are.
    pub(super) fn signed(&self) -> impl Iterator<Item = &Signed> {
        self.signed.iter().flatten()
    }

    /// The signature fields, signed or not.
    #[must_use]
    pub fn signatures(&self) -> Vec<SignatureState> {
        let Some(catalog) = catalog(self.pdf.xref()) else {
            return Vec::new();
        };
        let fields = fields::collect(&self.pdf, &catalog);
        // A certification holds for all that is changed after it.
        let certified =
            self.signed().find_map(|signed| Some((signed.end?, signed.permissions.certifies?)));
        let states = fields.iter().zip(&self.signed);
        let states = states.filter(|(field, _)| field.kind == Kind::Signature);
        states.map(|(field, signed)| self.signature(field, signed.as_ref(), certified)).collect()
    }

    fn signature(
        &self,
        field: &Field<'_>,
        signed: Option<&Signed>,
        certified: Option<(usize, u8)>,
    ) -> SignatureState {
        let changes_after = match signed {
            None => Some(Vec::new()),
            Some(signed) => signed.end.and_then(|end| self.changes_since(end)),
        };
        let permitted = signed.zip(changes_after.as_ref()).map(|(signed, changes)| {
            let certified = certified.filter(|(end, _)| signed.end.is_some_and(|own| own >= *end));
            signed.permissions.permit(changes, certified.map(|(_, level)| level))
        });
        SignatureState {
            field: field.name.clone(),
            is_signed: signed.is_some(),
            signer: signed.and_then(|signed| signed.signer.clone()),
            integrity: signed.map_or_else(
                || Integrity::Unchecked("it is not signed".to_owned()),
                |signed| signed.integrity.clone(),
            ),
            changes_after,
            permitted,
            certifies: signed.is_some_and(|signed| signed.permissions.certifies.is_some()),
            day: signed.and_then(|signed| signed.day),
            subject: signed.and_then(|signed| signed.subject.clone()),
            certificate: signed.and_then(|signed| signed.certificate.clone()),
            certificates: signed.map(|signed| signed.certificates.clone()).unwrap_or_default(),
            permissions: signed.map(|signed| signed.permissions.clone()).unwrap_or_default(),
        }
    }

    /// Whether it has a form of ours: fields to fill in, or signature fields with a place in the structure.
    /// A platform takes out the form, and adds a signature field of its own.
    #[must_use]
    pub fn has_form(&self) -> bool {
        let is_ours = |field: &Field<'_>| {
            let has_place = |widget: &Dict<'_>| widget.contains_key(b"StructParent");
            field.kind != Kind::Signature || field.widgets.iter().any(has_place)
        };
        catalog(self.pdf.xref())
            .is_some_and(|catalog| fields::collect(&self.pdf, &catalog).iter().any(is_ours))
    }

    /// Notes of each field whether what is printed is what is filled in.
    pub fn look_at_what_is_printed(&mut self) {
        let Some(catalog) = catalog(self.pdf.xref()) else {
            return;
        };
        let fields = fields::collect(&self.pdf, &catalog);
        for (state, field) in self.fields.iter_mut().zip(&fields) {
            state.printed = printed::shows_its_value(&self.pdf, &catalog, field);
        }
    }

    fn bytes(&self) -> &[u8] {
        self.pdf.data().as_ref()
    }
}

/// Reads a PDF, whatever program wrote it last; `None` if it is damaged or encrypted.
#[must_use]
pub fn inspect(bytes: &[u8]) -> Option<Inspection> {
    let pdf = open(bytes.to_vec()).ok()?;
    let catalog = catalog(pdf.xref())?;
    let found = fields::collect(&pdf, &catalog);
    // What is signed is counted from the first byte of the file, even if the document begins later.
    let signed = |field: &Field<'_>| Some(Signed::read(field.signature()?, bytes));
    let signed: Vec<_> = found.iter().map(signed).collect();
    let fields = found.iter().zip(&signed);
    let fields = fields.map(|(field, signed)| state(field, signed.as_ref(), bytes)).collect();
    let attachments = attachments(pdf.xref(), &catalog);
    drop((found, catalog));
    Some(Inspection { attachments, fields, original: Original::of(bytes), signed, pdf })
}

fn state(field: &Field<'_>, signed: Option<&Signed>, file: &[u8]) -> FieldState {
    FieldState {
        id: field.name.clone(),
        label: field.label.clone(),
        value: field.text().filter(|_| field.kind != Kind::Signature),
        printed: None,
        is_signature: field.kind == Kind::Signature,
        signature: signed.map(|signed| Signature::of(signed, file.len())),
    }
}
