//! The form: what is filled in, what is signed, and which fields there are.

use hayro_syntax::object::Dict;

use super::change::{Change, Kind, Level};
use super::revision::{Revision, keys};
use crate::pdf::read::fields::{Field, Kind as FieldKind};
use crate::pdf::read::printed;
use crate::pdf::read::same::Revisions;
use crate::pdf::read::signature::{Integrity, Signed};

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

/// What of a form is compared elsewhere, or says nothing of what is read.
const UPKEEP: [&[u8]; 3] = [b"Fields", b"SigFlags", b"DR"];

/// What of a form makes viewers show a field otherwise than before.
const LOOKS: [&[u8]; 2] = [b"DA", b"NeedAppearances"];

/// Compares the forms.
pub fn compare<'a>(
    revisions: &mut Revisions<'a>,
    before: &Revision<'a>,
    after: &Revision<'a>,
    signed: &[Option<Signed>],
    note: &mut dyn FnMut(Change),
) {
    for (field, signed) in after.fields.iter().zip(signed) {
        let page = field.widgets.first().and_then(|widget| after.page_of(widget));
        let integrity = signed.as_ref().map(|signed| &signed.integrity);
        match (before.fields.iter().find(|known| known.name == field.name), integrity) {
            (Some(known), integrity) => {
                let mut note = |kind, level, what: String| {
                    note(Change::new(kind, page, level, what).of_field(&field.name));
                };
                compare_field(revisions, (known, field), integrity, &mut note);
            }
            (None, Some(integrity)) => add_signature(after, field, integrity, note),
            (None, None) => {
                let what = format!("field `{}` added", field.name);
                let change = Change::new(Kind::Annotations, page, Level::Beyond, what);
                note(change.of_field(&field.name));
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
        let is_of_looks = LOOKS.contains(&key.as_slice());
        if revisions.same_entry(&one, &other, key) || is_of_looks && other.is_empty() {
            continue;
        }
        note(if is_of_looks {
            Change::new(Kind::Fields, None, Level::Filling, "how fields look changed")
        } else {
            let what = format!("`{}` of the form changed", String::from_utf8_lossy(key));
            Change::new(Kind::Other, None, Level::Beyond, what)
        });
    }
}

fn form<'a>(revision: &Revision<'a>) -> Dict<'a> {
    revision.catalog.get(b"AcroForm").unwrap_or_default()
}

/// Notes a signature in a field that was not there, with each page on which it is seen: what stands in its box
/// lies over the page, and only a signature that fits gives it a reason to.
fn add_signature<'a>(
    after: &Revision<'a>,
    field: &Field<'a>,
    integrity: &Integrity,
    note: &mut dyn FnMut(Change),
) {
    let seen = field.widgets.iter().filter(|widget| !printed::is_hidden(widget));
    let pages: Vec<_> = seen.flat_map(|widget| after.pages_of(widget)).collect();
    let is_seen = !pages.is_empty();
    let (kind, level) = match integrity {
        Integrity::Intact if is_seen => (Kind::Signature, Level::Placing),
        Integrity::Unchecked(_) if is_seen => (Kind::Annotations, Level::Annotating),
        Integrity::Intact | Integrity::Unchecked(_) => (Kind::Signature, Level::Filling),
        Integrity::Broken(_) => (Kind::Annotations, Level::Beyond),
    };
    let what = signing(integrity, &format!("a new field `{}`", field.name));
    let unseen = (!is_seen).then_some(None);
    for page in pages.into_iter().map(Some).chain(unseen) {
        note(Change::new(kind, page, level, what.clone()).of_field(&field.name));
    }
}

/// That a field has a signature now, and whether it fits.
fn signing(integrity: &Integrity, field: &str) -> String {
    match integrity {
        Integrity::Intact => format!("signed in {field}"),
        Integrity::Unchecked(why) => format!("signature in {field} that cannot be checked: {why}"),
        Integrity::Broken(_) => format!("broken signature in {field}"),
    }
}

fn compare_field<'a>(
    revisions: &mut Revisions<'a>,
    (before, after): (&Field<'a>, &Field<'a>),
    integrity: Option<&Integrity>,
    note: &mut dyn FnMut(Kind, Level, String),
) {
    let name = &after.name;
    if before.is_listed && !after.is_listed {
        note(Kind::Other, Level::Beyond, format!("field `{name}` is no longer in the form"));
    }
    let (one, other) = (&before.dictionary, &after.dictionary);
    let looks_the_same = before.widgets.len() == after.widgets.len()
        && before.widgets.iter().zip(&after.widgets).all(|(one, other)| {
            revisions.same_entry(one, other, b"AP") && revisions.same_entry(one, other, b"AS")
        });
    if after.kind == FieldKind::Signature {
        match (before.signature(), after.signature().zip(integrity)) {
            (None, Some((_, integrity))) => {
                let is_broken = matches!(integrity, Integrity::Broken(_));
                let level = if is_broken { Level::Beyond } else { Level::Filling };
                note(Kind::Signature, level, signing(integrity, &format!("`{name}`")));
            }
            (Some(_), None) => {
                note(Kind::Signature, Level::Beyond, format!("signature in `{name}` removed"));
            }
            (Some(one), Some((other, _))) if !same_signature(revisions, one, other) => {
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
            _ if !looks_the_same || !revisions.same_entry(one, other, b"DA") => {
                note(Kind::Fields, Level::Filling, format!("how `{name}` looks changed"));
            }
            _ => {}
        }
    }
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
