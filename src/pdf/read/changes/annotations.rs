//! What lies over a page: drawings, stamps, notes, links, and the places of fields.

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object};

use super::change::{Change, Kind, Level};
use super::revision::{Revision, keys};
use crate::pdf::file::lookup::resolve;
use crate::pdf::file::text_string::text;
use crate::pdf::read::printed::{flags, is_hidden};
use crate::pdf::read::same::Revisions;

/// What filling in and signing change in a widget, and what is compared with its field.
const OF_FIELD: [&[u8]; 18] = [
    b"AP",
    b"AS",
    b"DA",
    b"DV",
    b"FT",
    b"Ff",
    b"Kids",
    b"Lock",
    b"M",
    b"MaxLen",
    b"Opt",
    b"Parent",
    b"Q",
    b"SV",
    b"T",
    b"TU",
    b"V",
    b"StructParent",
];

/// An annotation, and its number if it is an object of its own.
struct Annotation<'a> {
    id: Option<ObjRef>,
    dictionary: Dict<'a>,
}

impl Annotation<'_> {
    fn is_widget(&self) -> bool {
        kind(&self.dictionary) == "Widget"
    }
}

/// Compares the annotations of a page.
pub fn compare<'a>(
    revisions: &mut Revisions<'a>,
    before: (&Dict<'a>, &Revision<'a>),
    after: (&Dict<'a>, &Revision<'a>),
    page: usize,
    note: &mut dyn FnMut(Change),
) {
    let mut change = |level, annotation: &Annotation<'a>, how: &str| {
        let what = format!("{} {how}", describe(&annotation.dictionary));
        note(Change::new(Kind::Annotations, Some(page), level, what));
    };
    let mut known = list(before.0, before.1);
    for annotation in list(after.0, after.1) {
        let at = known.iter().position(|known| is_same_one(revisions, known, &annotation));
        match at.map(|at| known.remove(at)) {
            Some(known) => {
                let is_field = known.is_widget() && annotation.is_widget();
                let is_unseen =
                    is_field && is_signed_unseen(&annotation.dictionary, before.1, after.1);
                if is_unseen && !is_hidden(&known.dictionary) {
                    change(Level::Filling, &annotation, "made invisible by who signed in it");
                }
                let level = if is_field { Level::Beyond } else { Level::Annotating };
                if let Some(how) = difference(revisions, &known, &annotation, (is_field, is_unseen))
                {
                    change(level, &annotation, how);
                }
            }
            // A new field is reported with the form.
            None if is_of_new_field(&annotation.dictionary, before.1, after.1) => {}
            None => change(Level::Annotating, &annotation, "added"),
        }
    }
    // A field that is gone is reported with the form.
    known.retain(|gone| !is_of_new_field(&gone.dictionary, after.1, before.1));
    for gone in known {
        let level = if gone.is_widget() { Level::Beyond } else { Level::Annotating };
        change(level, &gone, "removed");
    }
}

/// Whether it is the same annotation: by its number, or by what it is, if it stands in the list itself.
fn is_same_one<'a>(
    revisions: &mut Revisions<'a>,
    known: &Annotation<'a>,
    annotation: &Annotation<'a>,
) -> bool {
    if known.id.is_some() || annotation.id.is_some() {
        return known.id == annotation.id;
    }
    let itself = |annotation: &Annotation<'a>| {
        Some(MaybeRef::NotRef(Object::Dict(annotation.dictionary.clone())))
    };
    revisions.same((itself(known), itself(annotation)))
}

/// How an annotation differs, if it does.
fn difference<'a>(
    revisions: &mut Revisions<'a>,
    before: &Annotation<'a>,
    after: &Annotation<'a>,
    (is_field, is_unseen): (bool, bool),
) -> Option<&'static str> {
    let (one, other) = (&before.dictionary, &after.dictionary);
    let key = keys(one, other).into_iter().find(|key| {
        let is_of_field = is_field && OF_FIELD.contains(&key.as_slice());
        let is_of_field = is_of_field
            || (is_unseen && key.as_slice() == b"Rect")
            || (is_field && key.as_slice() == b"F" && differ_by_locks(one, other));
        !is_of_field && !revisions.same_entry(one, other, key)
    })?;
    Some(match key.as_slice() {
        b"Rect" => "moved or resized",
        b"F" => "shown or hidden",
        _ => "changed",
    })
}

/// Whether two widgets differ in nothing that is seen: a program that signs may lock the box.
fn differ_by_locks(before: &Dict<'_>, after: &Dict<'_>) -> bool {
    /// `Locked` and `LockedContents` (ISO 32000-1, table 165).
    const LOCKS: u32 = 1 << 7 | 1 << 9;
    flags(before) & !LOCKS == flags(after) & !LOCKS
}

fn list<'a>(page: &Dict<'a>, revision: &Revision<'a>) -> Vec<Annotation<'a>> {
    let annotations = page.get::<Array<'a>>(b"Annots").unwrap_or_default();
    let annotations = annotations.raw_iter().filter_map(|annotation| {
        let id = annotation.as_obj_ref();
        let dictionary = resolve(revision.pdf.xref(), annotation)?.into_dict()?;
        Some(Annotation { id, dictionary })
    });
    annotations.collect()
}

/// Whether it is the widget of a field that is in the one revision and not in the other.
fn is_of_new_field<'a>(widget: &Dict<'a>, before: &Revision<'a>, after: &Revision<'a>) -> bool {
    let is_it = |other: &Dict<'a>| other.obj_id().is_some() && other.obj_id() == widget.obj_id();
    let field = after.fields.iter().find(|field| field.widgets.iter().any(is_it));
    field.is_some_and(|field| !before.fields.iter().any(|known| known.name == field.name))
}

/// Whether a field is signed in a box without size, and was not signed before: so programs sign without showing
/// anything. It is a part of signing; a box that moves or grows is not.
fn is_signed_unseen<'a>(widget: &Dict<'a>, before: &Revision<'a>, after: &Revision<'a>) -> bool {
    let is_it = |other: &Dict<'a>| other.obj_id().is_some() && other.obj_id() == widget.obj_id();
    let field = after.fields.iter().find(|field| field.widgets.iter().any(is_it));
    let Some(field) = field.filter(|field| field.signature().is_some()) else {
        return false;
    };
    let known = before.fields.iter().find(|known| known.name == field.name);
    known.is_some_and(|known| known.signature().is_none()) && is_hidden(widget)
}

fn kind(annotation: &Dict<'_>) -> String {
    let kind = annotation.get::<Name<'_>>(b"Subtype");
    kind.map_or_else(|| "annotation".to_owned(), |kind| kind.as_str().to_owned())
}

/// What an annotation is: `Ink`, `Stamp`, `field`.
fn describe(annotation: &Dict<'_>) -> String {
    match kind(annotation).as_str() {
        "Widget" => match text(annotation, b"T") {
            Some(name) => format!("the box of field `{name}`"),
            None => "the box of a field".to_owned(),
        },
        kind => kind.to_owned(),
    }
}
