//! Reading a document back: what is attached, what is filled in, what is signed, what changed since.

use hayro_syntax::object::{Dict, Object, Stream};
use hayro_syntax::xref::XRef;
use serde::Serialize;

use super::signature::{self, Signature};
use crate::pdf::file::lookup::{catalog, dictionary, resolve};
use crate::pdf::file::open::open;
use crate::pdf::file::text_string::{decode, text};
use crate::pdf::file::tree;
use crate::pdf::file::update::{ID_LENGTH, changed_id};
use crate::pdf::form::tree::{FormField, fields};

/// What a PDF holds.
#[derive(Debug)]
pub struct Inspection {
    /// The embedded files, by name.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// The form fields, in the form's order.
    pub fields: Vec<FieldState>,
    /// Whether the bytes that dpa-gen wrote are still there.
    pub original: Original,
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
}

/// A form field as it is now.
#[derive(Debug, Serialize)]
pub struct FieldState {
    /// Its name.
    pub id: String,
    /// What a screen reader says of it.
    pub label: String,
    /// What is filled in: a text, or the state of a checkbox.
    pub value: Option<String>,
    /// Whether it is a signature field.
    pub is_signature: bool,
    /// The signature in it.
    pub signature: Option<Signature>,
}

/// What became of the bytes as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Original {
    /// They are the whole file.
    Untouched,
    /// They are all there, with so many bytes after them.
    Extended {
        /// How many.
        bytes: usize,
    },
    /// They are not there: another program wrote the file anew, or something in them changed.
    Rewritten,
}

/// Reads a PDF, whatever program wrote it last; `None` if it is damaged or encrypted.
#[must_use]
pub fn inspect(bytes: &[u8]) -> Option<Inspection> {
    let pdf = open(bytes.to_vec()).ok()?;
    let xref = pdf.xref();
    let catalog = catalog(xref)?;
    let fields = fields(xref, &dictionary(&catalog, "AcroForm"));
    Some(Inspection {
        attachments: attachments(xref, &catalog),
        fields: fields.iter().filter_map(|field| read_field(field, bytes)).collect(),
        original: original(bytes),
    })
}

fn attachments(xref: &XRef, catalog: &Dict<'_>) -> Vec<(String, Vec<u8>)> {
    let files = tree::names(xref, &dictionary(&dictionary(catalog, "Names"), "EmbeddedFiles"));
    let files = files.into_iter();
    let specifications = files.filter_map(|(_, file)| resolve(xref, file)?.into_dict());
    specifications.filter_map(|specification| read_attachment(&specification)).collect()
}

fn read_attachment(specification: &Dict<'_>) -> Option<(String, Vec<u8>)> {
    let name = [b"UF".as_slice(), b"F"].iter().find_map(|key| text(specification, key))?;
    let file = dictionary(specification, "EF").get::<Stream<'_>>(b"F")?;
    Some((name, file.decoded().ok()?.into_owned()))
}

fn read_field(field: &FormField<'_>, file: &[u8]) -> Option<FieldState> {
    let dictionary = field.dictionary();
    let value = field.inherited(b"V");
    let state = value.clone().and_then(Object::into_name).map(|name| name.as_str().to_owned());
    let signature = value.clone().and_then(Object::into_dict).filter(|_| field.is_signature());
    let value = value.and_then(Object::into_string).map(|value| decode(value.as_bytes()));
    let value = value.or(state.filter(|state| state != "Off"));
    Some(FieldState {
        id: Some(field.name()).filter(|name| !name.is_empty())?,
        label: text(dictionary, b"TU").unwrap_or_default(),
        value: value.filter(|value| !value.is_empty()),
        is_signature: field.is_signature(),
        signature: signature.map(|signature| signature::read(&signature, file)),
    })
}

/// Our update ends with `/ID[…<d>]/Prev … startxref n %%EOF`, where `d` is the digest of all bytes up to
/// there: so it can be found, and seen to be whole, in whatever was appended to it.
fn original(bytes: &[u8]) -> Original {
    let mark = b">]/Prev ";
    let eof = b"%%EOF\n";
    for at in bytes.windows(mark.len()).enumerate().filter(|(_, w)| w == mark).map(|(at, _)| at) {
        let Some(length) = bytes[at..].windows(eof.len()).position(|window| window == eof) else {
            continue;
        };
        let end = at + length + eof.len();
        let Some(from) = at.checked_sub(ID_LENGTH) else {
            continue;
        };
        if changed_id(&bytes[..end], from..at).as_bytes() == &bytes[from..at] {
            return match bytes.len() - end {
                0 => Original::Untouched,
                more => Original::Extended { bytes: more },
            };
        }
    }
    Original::Rewritten
}
