//! Embedded files, as PDF/A-3 has them: named, described, related to the document.
//!
//! Source: ISO 19005-3, 6.8; ISO 32000-1, 7.11.4.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::AssociationKind;
use pdf_writer::{Date, Filter, Finish, Name, Str, TextStr};

use super::update::Update;

/// A file to embed.
#[derive(Debug)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// What it is, for a person.
    pub description: String,
    /// Its media type: `application/json`.
    pub media_type: String,
    /// The day it is of: year, month, day.
    pub date: (u16, u8, u8),
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Adds the files as the source of the document; returns the entries for the catalog's names and for the
/// catalog itself.
pub fn add(attachments: &[Attachment], update: &mut Update) -> (String, String) {
    let mut names = Vec::new();
    let mut associated = Vec::new();
    for attachment in attachments {
        let [specification, file] = [update.reserve(), update.reserve()];
        update.put(specification, |chunk| {
            let mut dictionary = chunk.file_spec(specification);
            dictionary
                .path(Str(attachment.name.as_bytes()))
                .unic_file(TextStr(&attachment.name))
                .description(TextStr(&attachment.description))
                .association_kind(AssociationKind::Source);
            dictionary.insert(Name(b"EF")).dict().pair(Name(b"F"), file).pair(Name(b"UF"), file);
        });
        update.put(file, |chunk| {
            let bytes = compress(&attachment.bytes);
            let (year, month, day) = attachment.date;
            let mut stream = chunk.embedded_file(file, &bytes);
            stream.filter(Filter::FlateDecode);
            stream.subtype(Name(attachment.media_type.as_bytes()));
            stream
                .params()
                .size(i32::try_from(attachment.bytes.len()).unwrap_or(i32::MAX))
                .modification_date(Date::new(year).month(month).day(day));
            stream.finish();
        });
        names.push(format!("({}){} 0 R", attachment.name, specification.get()));
        associated.push(format!("{} 0 R", specification.get()));
    }
    let names = format!("/EmbeddedFiles<</Names[{}]>>", names.join(" "));
    (names, format!("/AF[{}]", associated.join(" ")))
}

/// Deflates; the level is fixed, so that the same bytes come out.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
