//! The embedded files of a document.

use hayro_syntax::object::{Dict, Stream};
use hayro_syntax::xref::XRef;

use crate::pdf::file::lookup::{dictionary, resolve};
use crate::pdf::file::text_string::text;
use crate::pdf::file::tree;

/// The embedded files, each with its name.
pub fn attachments(xref: &XRef, catalog: &Dict<'_>) -> Vec<(String, Vec<u8>)> {
    let files = tree::names(xref, &dictionary(&dictionary(catalog, "Names"), "EmbeddedFiles"));
    let files = files.into_iter();
    let specifications = files.filter_map(|(_, file)| resolve(xref, file)?.into_dict());
    specifications.filter_map(|specification| attachment(&specification)).collect()
}

fn attachment(specification: &Dict<'_>) -> Option<(String, Vec<u8>)> {
    let name = [b"UF".as_slice(), b"F"].iter().find_map(|key| text(specification, key))?;
    let file = dictionary(specification, "EF").get::<Stream<'_>>(b"F")?;
    Some((name, file.decoded().ok()?.into_owned()))
}
