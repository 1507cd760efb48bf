//! The fields of a form, whatever program wrote it: a tree, in which a field may take over what the fields
//! above it say.
//!
//! Source: ISO 32000-1, 12.7.3.

use std::collections::HashSet;

use hayro_syntax::object::{Dict, MaybeRef, ObjRef, Object};
use hayro_syntax::xref::XRef;

use crate::pdf::file::lookup::{array, resolve};
use crate::pdf::file::text_string::text;

/// How many fields may stand above another: none of any program has nearly as many.
const DEEPEST: usize = 32;

/// A field of a form that has a value of its own: no other field stands below it.
pub struct FormField<'a> {
    /// Its dictionary, then those of the fields above it.
    line: Vec<Dict<'a>>,
}

impl<'a> FormField<'a> {
    /// The field of a widget, whether a form lists it or not; none if the fields above it do not end.
    pub fn of_widget(widget: Dict<'a>) -> Option<Self> {
        let mut line = vec![widget];
        while let Some(above) = line.last().and_then(|field| field.get::<Dict<'a>>(b"Parent")) {
            if line.len() > DEEPEST {
                return None;
            }
            line.push(above);
        }
        Some(Self { line })
    }

    /// Its own dictionary.
    pub fn dictionary(&self) -> &Dict<'a> {
        &self.line[0]
    }

    /// Whether it is a signature field.
    pub fn is_signature(&self) -> bool {
        self.inherited(b"FT")
            .and_then(Object::into_name)
            .is_some_and(|kind| kind.as_ref() == b"Sig")
    }

    /// Its full name: the partial names from the top down, with dots between them (12.7.3.2).
    pub fn name(&self) -> String {
        let names: Vec<_> = self.line.iter().rev().filter_map(|part| text(part, b"T")).collect();
        names.join(".")
    }

    /// The partial name at the top of the tree: no two fields at the top may have the same one.
    pub fn top_name(&self) -> Option<String> {
        self.line.last().and_then(|top| text(top, b"T"))
    }

    /// What it says, or else the nearest field above it that says it: `FT`, `V`, `Ff` and `DV` among others.
    pub fn inherited(&self, key: &[u8]) -> Option<Object<'a>> {
        self.line.iter().find(|part| part.contains_key(key))?.get(key)
    }
}

/// The fields of a form, in its order; a field that is its own descendant is read once.
pub fn fields<'a>(xref: &'a XRef, form: &Dict<'a>) -> Vec<FormField<'a>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for field in array(form, "Fields").raw_iter() {
        if let Some(field) = unseen(xref, field, &mut seen) {
            collect(xref, vec![field], &mut seen, &mut found);
        }
    }
    found
}

/// Adds the field at the front of a line, or the fields below it.
fn collect<'a>(
    xref: &'a XRef,
    line: Vec<Dict<'a>>,
    seen: &mut HashSet<ObjRef>,
    found: &mut Vec<FormField<'a>>,
) {
    let kids = array(&line[0], "Kids");
    let kids = kids.raw_iter().filter_map(|kid| unseen(xref, kid, seen));
    // A kid without a name is a widget of its field.
    let fields: Vec<_> = kids.filter(|kid| kid.contains_key(b"T")).collect();
    if fields.is_empty() || line.len() > DEEPEST {
        found.push(FormField { line });
        return;
    }
    for field in fields {
        collect(xref, [vec![field], line.clone()].concat(), seen, found);
    }
}

/// The dictionary of a field that was not visited yet.
fn unseen<'a>(
    xref: &'a XRef,
    field: MaybeRef<Object<'a>>,
    seen: &mut HashSet<ObjRef>,
) -> Option<Dict<'a>> {
    if field.as_obj_ref().is_some_and(|id| !seen.insert(id)) {
        return None;
    }
    resolve(xref, field)?.into_dict()
}
