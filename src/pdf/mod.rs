//! PDF bytes in, PDF bytes out: form fields and attachments are added to what Typst wrote, as an
//! incremental update, so that the pages and their structure stay as they are.

mod attachment;
mod fields;
mod font;
mod inspect;
mod margins;
mod signature;
mod update;

use hayro_syntax::Pdf;
use hayro_syntax::object::Dict;

pub use attachment::Attachment;
pub use fields::{Field, Kind, Margin, Misplaced, SCHEME, Wrong};
pub use inspect::{FieldState, Inspection, Original, inspect};
pub use signature::{Signature, SignedBytes};

use update::Update;

/// What is added to a document.
#[derive(Debug, Default)]
pub struct Additions<'a> {
    /// Form fields, in reading order.
    pub fields: &'a [Field],
    /// Embedded files.
    pub attachments: &'a [Attachment],
}

/// Why a document could not be completed.
#[derive(Debug)]
pub enum Problem {
    /// The fields that the layout placed and those that it declared differ.
    Fields(Vec<Misplaced>),
    /// The PDF is not built as Typst builds it; says what was looked for.
    Unexpected(&'static str),
}

/// Adds form fields and attachments to a PDF that Typst wrote.
///
/// Nothing random and no clock goes into it: the same input gives the same bytes.
///
/// # Errors
///
/// If a field is not placed exactly once, or the PDF is not built as Typst builds it.
pub fn complete(pdf: &[u8], additions: &Additions<'_>) -> Result<Vec<u8>, Problem> {
    let read = Pdf::new(pdf.to_vec()).map_err(|_| Problem::Unexpected("a readable PDF"))?;
    let mut update = Update::of(pdf)?;
    let catalog: Dict<'_> =
        read.xref().get(read.xref().root_id()).ok_or(Problem::Unexpected("a catalog"))?;
    let mut body = catalog.data().to_vec();
    if !additions.fields.is_empty() {
        let form = fields::add(&read, &catalog, additions.fields, &mut update)?;
        body = with_entries(&body, &form);
    }
    if !additions.attachments.is_empty() {
        let (names, associated) = attachment::add(additions.attachments, &mut update);
        body = with_entries(&body, &associated);
        body = match catalog.get::<Dict<'_>>(b"Names") {
            // Typst's named destinations are there already, in the catalog itself.
            Some(known) => replaced(&body, known.data(), &with_entries(known.data(), &names))?,
            None => with_entries(&body, &format!("/Names<<{names}>>")),
        };
    }
    update.put_raw(read.xref().root_id().obj_number, &body);
    Ok(update.append_to(pdf))
}

/// The bytes of a dictionary with further entries at its end.
fn with_entries(dictionary: &[u8], entries: &str) -> Vec<u8> {
    let body = dictionary.strip_suffix(b">>").unwrap_or(dictionary);
    [body, entries.as_bytes(), b">>"].concat()
}

/// The bytes with one part of them replaced; Typst writes small values into the dictionary that has them.
fn replaced(bytes: &[u8], part: &[u8], by: &[u8]) -> Result<Vec<u8>, Problem> {
    let at = bytes.windows(part.len()).position(|window| window == part);
    let at = at.ok_or(Problem::Unexpected("a part of itself"))?;
    Ok([&bytes[..at], by, &bytes[at + part.len()..]].concat())
}
