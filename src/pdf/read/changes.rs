//! What a later revision of a document changed, object by object: not which bytes were added, but what a
//! reader finds otherwise than before.
//!
//! Source: ISO 32000-2, 7.5.6, 12.7 and 12.8.2.2.

mod added;
mod annotations;
mod change;
mod form;
mod pages;
mod revision;

use std::collections::{BTreeSet, HashSet};

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, MaybeRef, ObjRef, Object};

pub use change::{Change, Kind, Level};
pub use revision::annotation_ids;
use revision::{Revision, keys};

use super::attachments::attachments;
use super::same::Revisions;
use super::signature::Signed;
use crate::pdf::file::trailer::Trailer;

const METADATA: &str = "metadata changed";

/// What a later revision changed, with the signatures in its fields; `None` if one of them has no catalog, or
/// if programs can find different ones in the file.
pub fn between(before: &Pdf, after: &Pdf, signed: &[Option<Signed>]) -> Option<Vec<Change>> {
    let is_read_alike = added::is_read_alike(before, after)?;
    let (before, after) = (Revision::of(before)?, Revision::of(after)?);
    let mut revisions = Revisions::new(before.pdf, after.pdf);
    revisions.apart = apart(&before, &after);
    let mut changes = BTreeSet::new();
    let mut note = |change| {
        changes.insert(change);
    };
    if !is_read_alike {
        let what = "objects were added that programs read differently";
        note(Change::new(Kind::Other, None, Level::Beyond, what));
    }
    form::compare(&mut revisions, &before, &after, signed, &mut note);
    pages::compare(&mut revisions, &before, &after, &mut note);
    compare_catalogs(&mut revisions, &before, &after, &mut note);
    compare_information(&mut revisions, &mut note);
    Some(changes.into_iter().collect())
}

/// What is compared on its own: a dictionary that is the catalog, a page, an annotation or a field, before as
/// well as after, if it is there after. Anything else is compared where it is referred to.
fn apart(before: &Revision<'_>, after: &Revision<'_>) -> HashSet<ObjRef> {
    let known = parts(after);
    let mut apart = parts(before);
    apart.retain(|id| {
        let object = |pdf: &Pdf| match pdf.xref().get::<Object<'_>>((*id).into()) {
            None | Some(Object::Null(_)) => None,
            Some(object) => Some(matches!(object, Object::Dict(_))),
        };
        object(before.pdf) == Some(true)
            && object(after.pdf).is_none_or(|is_dictionary| is_dictionary && known.contains(id))
    });
    apart
}

/// The numbers of the catalog, and of all pages, annotations and fields.
fn parts(revision: &Revision<'_>) -> HashSet<ObjRef> {
    let mut parts = pages::nodes(revision.pdf, &revision.catalog);
    parts.insert(revision.pdf.xref().root_id().into());
    for page in revision.pdf.pages().iter() {
        parts.extend(annotation_ids(page.raw()));
    }
    let fields = revision.fields.iter();
    let fields = fields.flat_map(|field| field.widgets.iter().chain([&field.dictionary]));
    parts.extend(fields.filter_map(Dict::obj_id).map(ObjRef::from));
    parts
}

/// Compares what the trailers say of the documents. Programs leave it out: then there is nothing else.
fn compare_information(revisions: &mut Revisions<'_>, note: &mut dyn FnMut(Change)) {
    let information = |pdf: &Pdf| Trailer::read(pdf.data().as_ref())?.dictionary.get_ref(b"Info");
    let reference = |pdf| information(pdf).map(MaybeRef::Ref);
    let (before, after) = (reference(revisions.before), reference(revisions.after));
    if after.is_some() && !revisions.same((before, after)) {
        note(Change::new(Kind::Other, None, Level::Upkeep, METADATA));
    }
}

fn compare_catalogs<'a>(
    revisions: &mut Revisions<'a>,
    before: &Revision<'a>,
    after: &Revision<'a>,
    note: &mut dyn FnMut(Change),
) {
    // What is compared on its own.
    const APART: [&[u8]; 4] = [b"Pages", b"AcroForm", b"Names", b"Perms"];
    const UPKEEP: [&[u8]; 4] = [b"Metadata", b"DSS", b"Extensions", b"Version"];
    let (one, other) = (&before.catalog, &after.catalog);
    for key in keys(one, other).iter().filter(|key| !APART.contains(&key.as_slice())) {
        if !revisions.same_entry(one, other, key) {
            let level =
                if UPKEEP.contains(&key.as_slice()) { Level::Upkeep } else { Level::Beyond };
            let what = match key.as_slice() {
                b"Metadata" => METADATA.to_owned(),
                b"DSS" => "data to verify signatures with added".to_owned(),
                b"StructTreeRoot" => "the order in which it is read aloud changed".to_owned(),
                key => format!("`{}` of the document changed", String::from_utf8_lossy(key)),
            };
            note(Change::new(Kind::Other, None, level, what));
        }
    }
    compare_names(revisions, one, other, note);
}

/// Compares embedded files by their names and bytes, and the other name trees.
fn compare_names<'a>(
    revisions: &mut Revisions<'a>,
    before: &Dict<'a>,
    after: &Dict<'a>,
    note: &mut dyn FnMut(Change),
) {
    let mut beyond = |what: String| note(Change::new(Kind::Other, None, Level::Beyond, what));
    let one = attachments(revisions.before.xref(), before);
    let other = attachments(revisions.after.xref(), after);
    for (name, bytes) in &other {
        match one.iter().find(|(known, _)| known == name) {
            None => beyond(format!("attachment `{name}` added")),
            Some((_, known)) if known != bytes => beyond(format!("attachment `{name}` changed")),
            Some(_) => {}
        }
    }
    for (name, _) in one.iter().filter(|(name, _)| !other.iter().any(|(known, _)| known == name)) {
        beyond(format!("attachment `{name}` removed"));
    }
    let (one, other) = (names(before), names(after));
    for key in keys(&one, &other).iter().filter(|key| key.as_slice() != b"EmbeddedFiles") {
        if !revisions.same_entry(&one, &other, key) {
            beyond(format!("`{}` of the document changed", String::from_utf8_lossy(key)));
        }
    }
}

fn names<'a>(catalog: &Dict<'a>) -> Dict<'a> {
    catalog.get(b"Names").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::file::open::open;
    use crate::pdf::read::fields::Field;

    /// A document, with an update behind it.
    fn documents(objects: &[&str], update: (usize, &str)) -> (Pdf, Pdf) {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut table = vec![format!("xref\n1 {}\n", objects.len())];
        for (index, object) in objects.iter().enumerate() {
            table.push(format!("{:010} 00000 n \n", bytes.len()));
            bytes.extend(format!("{} 0 obj{object}endobj\n", index + 1).as_bytes());
        }
        let start = bytes.len();
        let end = |start| format!("/Root 1 0 R/Size 9>>\nstartxref\n{start}\n%%EOF\n");
        bytes.extend(format!("{}trailer<<{}", table.concat(), end(start)).as_bytes());
        let before = bytes.clone();
        let (id, value) = update;
        bytes.extend(format!("{id} 0 obj{value}endobj\n").as_bytes());
        let table = format!("xref\n{id} 1\n{:010} 00000 n \ntrailer<</Prev {start}", before.len());
        let end = end(bytes.len());
        bytes.extend(format!("{table}{end}").as_bytes());
        (open(before).unwrap(), open(bytes).unwrap())
    }

    #[test]
    fn a_signature_that_names_the_catalog_is_the_same_when_the_catalog_changes() {
        let catalog = |more| format!("<</Pages 2 0 R/AcroForm<</Fields[4 0 R]>>{more}>>");
        let objects = [
            &catalog(""),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/Annots[4 0 R]>>",
            "<</Subtype/Widget/FT/Sig/T(it)/V 5 0 R>>",
            "<</Type/Sig/Reference[<</TransformMethod/FieldMDP/Data 1 0 R>>]>>",
        ];
        let (before, after) = documents(&objects, (1, &catalog("/Lang(nl)")));
        let fields = Revision::of(&after).unwrap().fields;
        let read =
            |field: &Field<'_>| Some(Signed::read(field.signature()?, after.data().as_ref()));
        let signed: Vec<_> = fields.iter().map(read).collect();
        let changes = between(&before, &after, &signed).unwrap();
        let changes: Vec<_> = changes.iter().map(|change| change.what.as_str()).collect();
        assert_eq!(changes, ["`Lang` of the document changed"]);
    }
}
