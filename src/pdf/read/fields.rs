//! The fields of a form: nested ones with what they inherit, and those on pages that no form lists.
//!
//! Source: ISO 32000-1, 12.7.3 and 12.5.6.19.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, String as PdfString};

use super::text_string;
use crate::pdf::tree::resolve;

/// How deep fields may be nested.
const DEEPEST: usize = 32;

/// What is filled into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A checkbox, or one of several.
    Button,
    /// A choice from a list.
    Choice,
    /// A digital signature.
    Signature,
    /// It does not say.
    Unknown,
}

/// A field with what it inherits.
#[derive(Clone)]
pub struct Field<'a> {
    /// Its name with those above it: `party.name`.
    pub name: String,
    /// What is filled in.
    pub kind: Kind,
    /// What a screen reader says of it.
    pub label: String,
    /// Its own dictionary.
    pub dictionary: Dict<'a>,
    /// Its value.
    pub value: Option<Object<'a>>,
    /// Its flags.
    pub flags: u32,
    /// Where it is shown.
    pub widgets: Vec<Dict<'a>>,
}

/// What a field hands down to those below it.
#[derive(Clone, Default)]
struct Above<'a> {
    name: String,
    label: String,
    kind: Option<Name<'a>>,
    value: Option<Object<'a>>,
    flags: u32,
}

impl<'a> Field<'a> {
    /// What is filled in: a text, or the state of a checkbox.
    pub fn text(&self) -> Option<String> {
        let text = match self.value.as_ref()? {
            Object::String(text) => text_string::decode(text),
            Object::Name(state) if state.as_ref() != b"Off" => state.as_str().to_owned(),
            Object::Stream(text) => {
                let bytes = text.decoded().ok()?;
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Object::Array(chosen) => {
                let chosen = chosen.iter::<PdfString<'_>>().map(|text| text_string::decode(&text));
                chosen.collect::<Vec<_>>().join(", ")
            }
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The signature in it.
    pub fn signature(&self) -> Option<&Dict<'a>> {
        match self.value.as_ref()? {
            Object::Dict(signature) if self.kind == Kind::Signature => Some(signature),
            _ => None,
        }
    }
}

/// All fields of a document, in the order of the form, then of the pages.
pub fn collect<'a>(pdf: &'a Pdf, catalog: &Dict<'a>) -> Vec<Field<'a>> {
    let mut found = Collection { pdf, fields: Vec::new(), seen: HashSet::new() };
    let form = catalog.get::<Dict<'a>>(b"AcroForm").unwrap_or_default();
    for field in form.get::<Array<'a>>(b"Fields").unwrap_or_default().raw_iter() {
        let id = field.as_obj_ref();
        if let Some(field) = resolve(pdf.xref(), field).and_then(Object::into_dict) {
            found.add(id, field, &Above::default(), 0);
        }
    }
    for page in pdf.pages().iter() {
        for annotation in page.raw().get::<Array<'a>>(b"Annots").unwrap_or_default().raw_iter() {
            found.add_widget(annotation);
        }
    }
    found.fields
}

struct Collection<'a> {
    pdf: &'a Pdf,
    fields: Vec<Field<'a>>,
    seen: HashSet<ObjRef>,
}

impl<'a> Collection<'a> {
    /// Adds a field with those below it; one that is its own descendant is added once.
    fn add(&mut self, id: Option<ObjRef>, dictionary: Dict<'a>, above: &Above<'a>, depth: usize) {
        if depth > DEEPEST || id.is_some_and(|id| !self.seen.insert(id)) {
            return;
        }
        let own = above.with(&dictionary);
        let (mut widgets, mut below) = (Vec::new(), Vec::new());
        for kid in dictionary.get::<Array<'a>>(b"Kids").unwrap_or_default().raw_iter() {
            let id = kid.as_obj_ref();
            match resolve(self.pdf.xref(), kid).and_then(Object::into_dict) {
                Some(widget) if !widget.contains_key(b"T") && !widget.contains_key(b"Kids") => {
                    self.seen.extend(id);
                    widgets.push(widget);
                }
                Some(field) => below.push((id, field)),
                None => {}
            }
        }
        if !below.is_empty() {
            for (id, field) in below {
                self.add(id, field, &own, depth + 1);
            }
            return;
        }
        if dictionary.contains_key(b"Rect") {
            widgets.push(dictionary.clone());
        }
        self.fields.push(own.field(dictionary, widgets));
    }

    /// Adds the field of a widget that no form lists.
    fn add_widget(&mut self, annotation: MaybeRef<Object<'a>>) {
        let id = annotation.as_obj_ref();
        if id.is_some_and(|id| self.seen.contains(&id)) {
            return;
        }
        let widget = resolve(self.pdf.xref(), annotation).and_then(Object::into_dict);
        let is_widget = |widget: &Dict<'a>| {
            widget.get::<Name<'a>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Widget")
        };
        let Some(widget) = widget.filter(is_widget) else {
            return;
        };
        self.seen.extend(id);
        let mut line = vec![widget.clone()];
        while let Some(parent) = line.last().and_then(|field| field.get::<Dict<'a>>(b"Parent")) {
            if line.len() > DEEPEST {
                return;
            }
            line.push(parent);
        }
        let own = line.iter().rev().fold(Above::default(), |above, field| above.with(field));
        if own.kind.is_none() {
            return;
        }
        if let Some(known) = self.fields.iter_mut().find(|field| field.name == own.name) {
            known.widgets.push(widget);
        } else {
            self.fields.push(own.field(widget.clone(), vec![widget]));
        }
    }
}

impl<'a> Above<'a> {
    fn with(&self, field: &Dict<'a>) -> Self {
        let name = match (text_string::entry(field, b"T"), self.name.as_str()) {
            (None, above) => above.to_owned(),
            (Some(own), "") => own,
            (Some(own), above) => format!("{above}.{own}"),
        };
        Self {
            name,
            label: text_string::entry(field, b"TU").unwrap_or_else(|| self.label.clone()),
            kind: field.get(b"FT").or_else(|| self.kind.clone()),
            value: field.get(b"V").or_else(|| self.value.clone()),
            flags: field.get(b"Ff").unwrap_or(self.flags),
        }
    }

    fn field(self, dictionary: Dict<'a>, widgets: Vec<Dict<'a>>) -> Field<'a> {
        let kind = match self.kind.as_deref() {
            Some(b"Tx") => Kind::Text,
            Some(b"Btn") => Kind::Button,
            Some(b"Ch") => Kind::Choice,
            Some(b"Sig") => Kind::Signature,
            _ => Kind::Unknown,
        };
        let Self { name, label, value, flags, .. } = self;
        Field { name, kind, label, dictionary, value, flags, widgets }
    }
}
