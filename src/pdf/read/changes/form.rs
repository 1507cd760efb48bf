//! The form: what is filled in, what is signed, and which fields there are.

use hayro_syntax::object::Dict;

use super::change::{Change, Kind, Level};
use super::revision::{Revision, keys};
use crate::pdf::read::fields::{Field, Kind as FieldKind};
use crate::pdf::read::printed;
use crate::pdf::read::same::Revisions;

/// What of a field is its value, its place or its parts.
const APART: [&[u8]; 19] = [
    b"V",
    b"AP",
    b"AS",
    b"M",
    b"Rect",
    b"F",
    b"P",
    b"Parent",
    b"Kids",
    b"Type",
    b"Subtype",
    b"BS",
    b"Border",
    b"MK",
    b"DA",
    b"StructParent",
    b"A",
    b"OC",
    b"NM",
];

/// What of a form says how fields are filled in, and not what is.
const UPKEEP: [&[u8]; 5] = [b"Fields", b"SigFlags", b"DR", b"DA", b"NeedAppearances"];

/// Compares the forms.
pub fn compare<'a>(
    revisions: &mut Revisions<'a>,
    before: &Revision<'a>,
    after: &Revision<'a>,
    note: &mut dyn FnMut(Change),
) {
    for field in &after.fields {
        let page = field.widgets.first().and_then(|widget| after.page_of(widget));
        let mut note = |kind, level, what: String| {
            note(Change::new(kind, page, level, what).of_field(&field.name));
        };
        match before.fields.iter().find(|known| known.name == field.name) {
            Some(known) => compare_field(revisions, known, field, &mut note),
            None if field.signature().is_some() => {
                let is_seen = field.widgets.iter().any(|widget| !printed::is_hidden(widget));
                let level = if is_seen { Level::Placing } else { Level::Filling };
                note(Kind::Signature, level, format!("signed in a new field `{}`", field.name));
            }
            None => {
                note(Kind::Annotations, Level::Beyond, format!("field `{}` added", field.name));
            }
        }
    }
    let is_gone = |field: &&Field<'_>| !after.fields.iter().any(|other| other.name == field.name);
    for field in before.fields.iter().filter(is_gone) {
        let page = field.widgets.first().and_then(|widget| before.page_of(widget));
        let what = format!("field `{}` removed", field.name);
        note(Change::new(Kind::Annotations, page, Level::Beyond, what).of_field(&field.name));
    }
    let (one, other) = (form(before), form(after));
    for key in keys(&one, &other).iter().filter(|key| !UPKEEP.contains(&key.as_slice())) {
        if !revisions.same_entry(&one, &other, key) {
            let what = format!("`{}` of the form changed", String::from_utf8_lossy(key));
            note(Change::new(Kind::Other, None, Level::Beyond, what));
        }
    }
}

fn form<'a>(revision: &Revision<'a>) -> Dict<'a> {
    revision.catalog.get(b"AcroForm").unwrap_or_default()
}

fn compare_field<'a>(
    revisions: &mut Revisions<'a>,
    before: &Field<'a>,
    after: &Field<'a>,
    note: &mut dyn FnMut(Kind, Level, String),
) {
    let name = &after.name;
    if before.is_listed && !after.is_listed {
        note(Kind::Other, Level::Beyond, format!("field `{name}` is no longer in the form"));
    }
    let looks_the_same = before.widgets.len() == after.widgets.len()
        && before.widgets.iter().zip(&after.widgets).all(|(one, other)| {
            revisions.same_entry(one, other, b"AP") && revisions.same_entry(one, other, b"AS")
        });
    if after.kind == FieldKind::Signature {
        match (before.signature(), after.signature()) {
            (None, Some(_)) => note(Kind::Signature, Level::Filling, format!("signed in `{name}`")),
            (Some(_), None) => {
                note(Kind::Signature, Level::Beyond, format!("signature in `{name}` removed"));
            }
            (Some(one), Some(other)) if !same_signature(revisions, one, other) => {
                note(Kind::Signature, Level::Beyond, format!("signature in `{name}` replaced"));
            }
            _ if !looks_the_same => {
                note(Kind::Annotations, Level::Beyond, format!("drawn over `{name}`"));
            }
            _ => {}
        }
    } else {
        match (before.text(), after.text()) {
            (None, Some(_)) => note(Kind::Fields, Level::Filling, format!("`{name}` filled in")),
            (Some(_), None) => note(Kind::Fields, Level::Filling, format!("`{name}` emptied")),
            (one, other) if one != other => {
                note(Kind::Fields, Level::Filling, format!("`{name}` changed"));
            }
            _ if !looks_the_same => {
                note(Kind::Fields, Level::Filling, format!("how `{name}` looks changed"));
            }
            _ => {}
        }
    }
    let (one, other) = (&before.dictionary, &after.dictionary);
    for key in keys(one, other).iter().filter(|key| !APART.contains(&key.as_slice())) {
        if !revisions.same_entry(one, other, key) {
            let what = format!("`{}` of field `{name}` changed", String::from_utf8_lossy(key));
            note(Kind::Other, Level::Beyond, what);
        }
    }
}

/// Signatures are compared by what they hold: a later one must not change them.
fn same_signature<'a>(revisions: &mut Revisions<'a>, one: &Dict<'a>, other: &Dict<'a>) -> bool {
    keys(one, other).iter().all(|key| revisions.same_entry(one, other, key))
}
