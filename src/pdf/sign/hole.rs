//! A document with a signature whose message is still to come: the hole, and what is signed around it.
//!
//! Source: ISO 32000-2, 12.8.1 (`ByteRange`), 12.8.2.2 (`DocMDP`); ETSI EN 319 142-1, 5.3.

use std::ops::Range;

use hayro_syntax::Pdf;
use hayro_syntax::object::Dict;

use super::request::SigningRequest;
use super::{SignError, seal};
use crate::pdf::file::lookup::{catalog, dictionary};
use crate::pdf::file::object::{Entries, Same};
use crate::pdf::file::update::Update;
use crate::pdf::read::fields::{self, Kind};
use crate::pdf::read::{Signed, inspect};

/// The byte range, as long as it will be, before its numbers are known.
const NO_RANGE: &[u8] = b"/ByteRange[0 0000000000 0000000000 0000000000]";

/// A document with a hole.
pub struct Hole {
    /// The file.
    pub bytes: Vec<u8>,
    /// What the hole holds now.
    pub contents: Vec<u8>,
    /// Where the hexadecimal digits are.
    digits: Range<usize>,
}

impl Hole {
    /// Writes an update with a signature in a field, and room for so many bytes in it.
    pub fn dig(pdf: &Pdf, request: &SigningRequest<'_>, room: usize) -> Result<Self, SignError> {
        let xref = pdf.xref();
        let document = catalog(xref).ok_or(SignError::Unreadable)?;
        let fields = fields::collect(pdf, &document);
        let named = |field: &&fields::Field<'_>| {
            field.name == request.field && field.kind == Kind::Signature
        };
        let field = fields.iter().find(named);
        let field = field.ok_or_else(|| SignError::NoField(request.field.to_owned()))?;
        if field.value.is_some() {
            return Err(SignError::Signed(request.field.to_owned()));
        }
        let mut update = Update::of(pdf)?;
        if update.encryption.is_some() {
            return Err(SignError::Encrypted);
        }
        let form = dictionary(&document, "AcroForm");
        let signature = update.reserve();
        let id = |dictionary: &Dict<'_>| dictionary.obj_id().ok_or(SignError::Unreadable);

        let mut widget = Entries::of(&field.dictionary, &mut Same);
        widget.set("V", format!("{} 0 R", signature.get()));
        let appearance = seal::add(&field.dictionary, &form, request.shown, &mut update)?;
        widget.set("AP", format!("<</N {} 0 R>>", appearance.get()));
        update.replace(id(&field.dictionary)?, &widget.bytes());

        let mut entries = Entries::of(&form, &mut Same);
        entries.set("SigFlags", "3");
        let mut catalog = Entries::of(&document, &mut Same);
        match document.get_ref(b"AcroForm") {
            Some(form) => update.replace(form.into(), &entries.bytes()),
            None => drop(catalog.set("AcroForm", entries.bytes())),
        }
        if request.certifies {
            let mut permissions = Entries::of(&dictionary(&document, "Perms"), &mut Same);
            permissions.set("DocMDP", format!("{} 0 R", signature.get()));
            catalog.set("Perms", permissions.bytes());
        }
        update.replace(xref.root_id(), &catalog.bytes());

        update.put_raw(signature.get(), &signature_dictionary(request, room));
        let bytes = update.append_to(b"", pdf.data().as_ref())?;
        Self::measured(bytes).ok_or(SignError::Unreadable)
    }

    /// Fills in the byte range of the last signature, which is empty.
    fn measured(mut bytes: Vec<u8>) -> Option<Self> {
        let range = last(&bytes, NO_RANGE, bytes.len())?;
        let start = range + bytes[range..].iter().position(|&byte| byte == b'<')?;
        let end = start + bytes[start..].iter().position(|&byte| byte == b'>')? + 1;
        let after = bytes.len() - end;
        let numbers = format!("/ByteRange[0 {start:010} {end:010} {after:010}]");
        bytes[range..range + NO_RANGE.len()].copy_from_slice(numbers.as_bytes());
        Some(Self { bytes, contents: Vec::new(), digits: start + 1..end - 1 })
    }

    /// The hole of a document that is prepared: its last signature covers it, and has no value yet.
    pub fn find(bytes: &[u8]) -> Option<Self> {
        let inspection = inspect(bytes)?;
        let is_open = |signed: &&Signed| signed.is_empty && signed.end == Some(bytes.len());
        let signed = inspection.signed().find(is_open)?;
        let digits = signed.digits.clone()?;
        Some(Self { bytes: bytes.to_vec(), contents: signed.contents.clone(), digits })
    }

    /// The bytes around the hole.
    pub fn signed(&self) -> Vec<u8> {
        let Range { start, end } = self.digits;
        [&self.bytes[..start - 1], &self.bytes[end + 1..]].concat()
    }

    /// Fills the hole; what is left of it is zeros.
    pub fn fill(&mut self, message: &[u8]) -> Result<(), SignError> {
        let room = &mut self.bytes[self.digits.clone()];
        let digits = base16ct::lower::encode_string(message);
        let (used, free) = room.split_at_mut_checked(digits.len()).ok_or(SignError::NoRoom)?;
        used.copy_from_slice(digits.as_bytes());
        free.fill(b'0');
        self.contents = message.to_vec();
        Ok(())
    }
}

fn signature_dictionary(request: &SigningRequest<'_>, room: usize) -> Vec<u8> {
    let time = request.time.format("%Y%m%d%H%M%S");
    // An offset is written with apostrophes: `+01'00'`.
    let offset = request.time.format("%:z").to_string().replace(':', "'");
    let mut dictionary = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:{time}{offset}')"
    );
    if request.certifies {
        dictionary += "/Reference[<</Type/SigRef/TransformMethod/DocMDP\
                       /TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]";
    }
    let mut bytes = dictionary.into_bytes();
    bytes.extend_from_slice(NO_RANGE);
    bytes.extend_from_slice(b"/Contents<");
    bytes.resize(bytes.len() + 2 * room, b'0');
    bytes.extend_from_slice(b">>>");
    bytes
}

/// Where some bytes stand last, before a place.
fn last(bytes: &[u8], needle: &[u8], end: usize) -> Option<usize> {
    bytes[..end].windows(needle.len()).rposition(|window| window == needle)
}
