//! Embedded files, as PDF/A-3 has them: named, described, related to the document.
//!
//! Source: ISO 19005-3, 6.8; ISO 32000-1, 7.11.4.

use chrono::{Datelike, NaiveDate};
use hayro_syntax::object::Dict;
use hayro_syntax::xref::XRef;
use md5::{Digest, Md5};
use pdf_writer::types::AssociationKind;
use pdf_writer::{Date, Filter, Finish, Name, Ref, Str, TextStr};

use crate::pdf::file::compress::compress;
use crate::pdf::file::lookup::{array, dictionary};
use crate::pdf::file::object::{self, Entries, Same};
use crate::pdf::file::update::Update;
use crate::pdf::file::{text_string, tree};

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

/// The name of an embedded file that the document has already.
#[derive(Debug, PartialEq, Eq)]
pub struct NameInUse(pub String);

/// Adds the files to a document, after those that it has: `entries` are its catalog's.
pub fn add(
    attachments: &[Attachment],
    xref: &XRef,
    catalog: &Dict<'_>,
    entries: &mut Entries,
    update: &mut Update,
) -> Result<(), NameInUse> {
    let known = dictionary(catalog, "Names");
    let mut names =
        tree::written(tree::names(xref, &dictionary(&known, "EmbeddedFiles")), &mut Same);
    let mut associated = object::items(&array(catalog, "AF"), &mut Same);
    for attachment in attachments {
        let specification = write(attachment, update);
        let reference = format!("{} 0 R", specification.get()).into_bytes();
        associated.push(reference.clone());
        let known = names.iter().map(|(name, _)| name);
        if known.clone().any(|name| text_string::decode(name) == attachment.name) {
            return Err(NameInUse(attachment.name.clone()));
        }
        names.push((tree::key_among(&attachment.name, &known), reference));
    }
    let mut known = Entries::of(&known, &mut Same);
    known.set("EmbeddedFiles", tree::write_names(names));
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
