//! PDF bytes in, PDF bytes out: form fields and attachments are added to what Typst wrote, and contracts to
//! what any program wrote, as an incremental update, so that the pages and their structure stay as they are.

mod append;
mod attachment;
mod encryption;
mod fields;
mod font;
mod host;
mod inspect;
mod margins;
mod object;
mod open;
mod protection;
mod signature;
mod text;
mod trailer;
mod tree;
mod update;

use hayro_syntax::Pdf;
use hayro_syntax::object::Dict;

pub use attachment::{Attachment, Relation};
pub use fields::{Field, Kind, Margin, Misplaced, SCHEME, Wrong};
pub use host::{Host, Obstacle};
pub use inspect::{FieldState, Inspection, Original, inspect};
pub use signature::{Signature, SignedBytes};

use object::{Entries, Same};
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
    let mut update = Update::of(&read).map_err(|_| Problem::Unexpected("a trailer"))?;
    let xref = read.xref();
    let catalog: Dict<'_> = xref.get(xref.root_id()).ok_or(Problem::Unexpected("a catalog"))?;
    let mut entries = Entries::of(&catalog, &mut Same);
    if !additions.fields.is_empty() {
        entries.set("AcroForm", fields::add(&read, &catalog, additions.fields, &mut update)?);
    }
    if !additions.attachments.is_empty() {
        attachment::add(additions.attachments, xref, &catalog, &mut entries, &mut update)
            .map_err(|_| Problem::Unexpected("a place for an attachment"))?;
    }
    update.replace(xref.root_id(), &entries.bytes());
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
