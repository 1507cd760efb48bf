//! Reading a document back: what is attached, what is filled in, what is signed, what changed since.

use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use serde::Serialize;

use super::open::open;
use super::update::{ID_LENGTH, changed_id};

use super::signature::{self, Signature};

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
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    let form = catalog.get::<Dict<'_>>(b"AcroForm").unwrap_or_default();
    let mut fields = Vec::new();
    for field in form.get::<Array<'_>>(b"Fields").unwrap_or_default().iter::<Dict<'_>>() {
        read_field(&field, bytes, &mut fields);
    }
    Some(Inspection { attachments: attachments(&catalog), fields, original: original(bytes) })
}

fn attachments(catalog: &Dict<'_>) -> Vec<(String, Vec<u8>)> {
    let files = catalog.get::<Dict<'_>>(b"Names").and_then(|n| n.get::<Dict<'_>>(b"EmbeddedFiles"));
    let mut found = Vec::new();
    if let Some(files) = files {
        read_name_tree(&files, 0, &mut found);
    }
    found
}

/// Reads a name tree; other programs than ours may have split it (ISO 32000-1, 7.9.6).
fn read_name_tree(node: &Dict<'_>, depth: usize, found: &mut Vec<(String, Vec<u8>)>) {
    const DEEPEST: usize = 8;
    let names = node.get::<Array<'_>>(b"Names").unwrap_or_default();
    for specification in names.iter::<Object<'_>>().filter_map(Object::into_dict) {
        let name = [b"UF".as_slice(), b"F"].iter().find_map(|key| text(&specification, key));
        let file = specification.get::<Dict<'_>>(b"EF").and_then(|ef| ef.get::<Stream<'_>>(b"F"));
        let bytes = file.and_then(|file| Some(file.decoded().ok()?.into_owned()));
        found.extend(name.zip(bytes));
    }
    if depth < DEEPEST {
        for kid in node.get::<Array<'_>>(b"Kids").unwrap_or_default().iter::<Dict<'_>>() {
            read_name_tree(&kid, depth + 1, found);
        }
    }
}

fn read_field(field: &Dict<'_>, file: &[u8], found: &mut Vec<FieldState>) {
    let Some(id) = text(field, b"T") else {
        return;
    };
    let is_signature = field.get::<Name<'_>>(b"FT").is_some_and(|kind| kind.as_ref() == b"Sig");
    let state = field.get::<Name<'_>>(b"V").map(|name| name.as_str().to_owned());
    let value = text(field, b"V").or(state.filter(|state| state != "Off"));
    let signature = field.get::<Dict<'_>>(b"V").filter(|_| is_signature);
    found.push(FieldState {
        id,
        label: text(field, b"TU").unwrap_or_default(),
        value: value.filter(|value| !value.is_empty()),
        is_signature,
        signature: signature.map(|signature| signature::read(&signature, file)),
    });
}

/// A text string: UTF-16 or UTF-8 with a mark, else `PDFDocEncoding`, whose few differences from Latin-1
/// matter to nobody's name or date (ISO 32000-1, 7.9.2.2).
pub fn text(dictionary: &Dict<'_>, key: &[u8]) -> Option<String> {
    let value = dictionary.get::<PdfString<'_>>(key)?;
    let bytes = value.as_bytes();
    Some(if let Some(utf16) = bytes.strip_prefix(b"\xFE\xFF") {
        let units = utf16.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        String::from_utf8_lossy(utf8).into_owned()
    } else {
        bytes.iter().map(|&byte| doc_encoding(byte)).collect()
    })
}

/// A character of `PDFDocEncoding` (ISO 32000-1, D.2).
fn doc_encoding(byte: u8) -> char {
    const FROM_0X80: [char; 31] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž',
    ];
    const FROM_0X18: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    match byte {
        0x18..=0x1F => FROM_0X18[usize::from(byte - 0x18)],
        0x80..=0x9E => FROM_0X80[usize::from(byte - 0x80)],
        0xA0 => '€',
        _ => char::from(byte),
    }
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
