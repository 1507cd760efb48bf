//! Embedded files, as PDF/A-3 has them: named, described, related to the document.
//!
//! Source: ISO 19005-3, 6.8; ISO 32000-1, 7.11.4.

use std::io::Write;

use chrono::{Datelike, NaiveDate};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hayro_syntax::object::{Array, Dict};
use hayro_syntax::xref::XRef;
use md5::{Digest, Md5};
use pdf_writer::types::AssociationKind;
use pdf_writer::{Date, Filter, Finish, Name, Ref, Str, TextStr};

use super::object::{self, Entries, Same};
use super::tree;
use super::update::Update;

/// A file to embed.
#[derive(Debug)]
pub struct Attachment {
    /// What it is to the document.
    pub relation: Relation,
    /// Its file name.
    pub name: String,
    /// What it is, for a person.
    pub description: String,
    /// Its media type: `application/json`.
    pub media_type: String,
    /// The day it is of: year, month, day.
    pub date: NaiveDate,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What an embedded file is to its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// What the document was made of.
    Source,
    /// A part that goes with it.
    Supplement,
}

/// An embedded file whose name is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken(pub String);

/// Adds the files to a document, after those that it has: `entries` are its catalog's.
pub fn add(
    attachments: &[Attachment],
    xref: &XRef,
    catalog: &Dict<'_>,
    entries: &mut Entries,
    update: &mut Update,
) -> Result<(), Taken> {
    let known = catalog.get::<Dict<'_>>(b"Names").unwrap_or_default();
    let tree = known.get::<Dict<'_>>(b"EmbeddedFiles").unwrap_or_default();
    let mut names = tree::names(xref, &tree, &mut Same);
    let associated = catalog.get::<Array<'_>>(b"AF").unwrap_or_default();
    let mut associated = object::items(&associated, &mut Same);
    for attachment in attachments {
        let specification = write(attachment, update);
        let reference = format!("{} 0 R", specification.get()).into_bytes();
        associated.push(reference.clone());
        if names.insert(object::text(&attachment.name), reference).is_some() {
            return Err(Taken(attachment.name.clone()));
        }
    }
    let mut known = Entries::of(&known, &mut Same);
    known.set("EmbeddedFiles", tree::write_names(&names));
    entries.set("Names", known.bytes()).set("AF", object::list(&associated));
    Ok(())
}

/// Writes an embedded file; returns its file specification.
fn write(attachment: &Attachment, update: &mut Update) -> Ref {
    let [specification, file] = [update.reserve(), update.reserve()];
    // For old viewers a name in ASCII; all others show the right one.
    let plain: String =
        attachment.name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    update.put(specification, |chunk| {
        let mut dictionary = chunk.file_spec(specification);
        dictionary
            .path(Str(plain.as_bytes()))
            .unic_file(TextStr(&attachment.name))
            .description(TextStr(&attachment.description))
            .association_kind(match attachment.relation {
                Relation::Source => AssociationKind::Source,
                Relation::Supplement => AssociationKind::Supplement,
            });
        dictionary.insert(Name(b"EF")).dict().pair(Name(b"F"), file).pair(Name(b"UF"), file);
    });
    update.put(file, |chunk| {
        let bytes = compress(&attachment.bytes);
        let part = |part: u32| u8::try_from(part).unwrap_or_default();
        let day = attachment.date;
        let year = u16::try_from(day.year()).unwrap_or_default();
        let mut stream = chunk.embedded_file(file, &bytes);
        stream.filter(Filter::FlateDecode);
        stream.subtype(Name(attachment.media_type.as_bytes()));
        stream
            .params()
            .size(i32::try_from(attachment.bytes.len()).unwrap_or(i32::MAX))
            .checksum(Str(&Md5::digest(&attachment.bytes)))
            .modification_date(Date::new(year).month(part(day.month())).day(part(day.day())));
        stream.finish();
    });
    specification
}

/// Deflates; the level is fixed, so that the same bytes come out.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
