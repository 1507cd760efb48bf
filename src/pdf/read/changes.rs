//! What a later revision of a document changed, object by object: not which bytes were added, but what a
//! reader finds otherwise than before.
//!
//! Source: ISO 32000-2, 7.5.6, 12.7 and 12.8.2.2.

mod annotations;
mod change;
mod form;
mod pages;
mod revision;

use std::collections::BTreeSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, ObjRef};

pub use change::{Change, Kind, Level};
pub use revision::annotation_ids;
use revision::{Revision, keys};

use super::attachments::attachments;
use super::same::Revisions;

/// What a later revision changed; `None` if one of them has no catalog.
pub fn between(before: &Pdf, after: &Pdf) -> Option<Vec<Change>> {
    let (before, after) = (Revision::of(before)?, Revision::of(after)?);
    let mut revisions = Revisions::new(before.pdf, after.pdf);
    for revision in [&before, &after] {
        revisions.apart.extend(pages::nodes(revision.pdf, &revision.catalog));
        for page in revision.pdf.pages().iter() {
            revisions.apart.extend(annotation_ids(page.raw()));
        }
        let fields = revision.fields.iter();
        let fields = fields.flat_map(|field| field.widgets.iter().chain([&field.dictionary]));
        revisions.apart.extend(fields.filter_map(Dict::obj_id).map(ObjRef::from));
    }
    let mut changes = BTreeSet::new();
    let mut note = |change| {
        changes.insert(change);
    };
    form::compare(&mut revisions, &before, &after, &mut note);
    pages::compare(&mut revisions, &before, &after, &mut note);
    compare_catalogs(&mut revisions, &before, &after, &mut note);
    Some(changes.into_iter().collect())
}

fn compare_catalogs<'a>(
    revisions: &mut Revisions<'a>,
    before: &Revision<'a>,
    after: &Revision<'a>,
    note: &mut dyn FnMut(Change),
) {
    // What is compared on its own.
    const APART: [&[u8]; 5] = [b"Pages", b"AcroForm", b"Names", b"AF", b"Perms"];
    const UPKEEP: [&[u8]; 4] = [b"Metadata", b"DSS", b"Extensions", b"Version"];
    let (one, other) = (&before.catalog, &after.catalog);
    for key in keys(one, other).iter().filter(|key| !APART.contains(&key.as_slice())) {
        if !revisions.same_entry(one, other, key) {
            let level =
                if UPKEEP.contains(&key.as_slice()) { Level::Upkeep } else { Level::Beyond };
            let what = match key.as_slice() {
                b"Metadata" => "metadata changed".to_owned(),
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
