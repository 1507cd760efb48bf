//! The fields of a form: nested ones with what they inherit, and those on pages that no form lists.
//!
//! Source: ISO 32000-1, 12.7.3 and 12.5.6.19.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Name, Object, String as PdfString};

use crate::pdf::file::lookup::{array, dictionary};
use crate::pdf::file::text_string::decode;
use crate::pdf::form::tree::{self, FormField};

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
    /// Whether the form lists it.
    pub is_listed: bool,
    /// Where it is shown.
    pub widgets: Vec<Dict<'a>>,
}

impl<'a> Field<'a> {
    /// What is filled in: a text, or the state of a checkbox.
    pub fn text(&self) -> Option<String> {
        let text = match self.value.as_ref()? {
            Object::String(text) => decode(text.as_bytes()),
            Object::Name(state) if state.as_ref() != b"Off" => state.as_str().to_owned(),
            Object::Stream(text) => {
                let bytes = text.decoded().ok()?;
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Object::Array(chosen) => {
                let chosen = chosen.iter::<PdfString<'_>>().map(|text| decode(text.as_bytes()));
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
    let listed = tree::fields(pdf.xref(), &dictionary(catalog, "AcroForm"));
    let mut fields: Vec<Field<'a>> =
        listed.iter().map(|field| Field::of(field, widgets(field.dictionary()), true)).collect();
    let known = fields.iter().flat_map(|field| field.widgets.iter().chain([&field.dictionary]));
    let known: HashSet<_> = known.filter_map(Dict::obj_id).collect();
    for page in pdf.pages().iter() {
        let widgets =
            array(page.raw(), "Annots").iter::<Object<'a>>().filter_map(Object::into_dict);
        let is_listed = |widget: &Dict<'a>| widget.obj_id().is_some_and(|id| known.contains(&id));
        for widget in widgets.filter(|widget| is_widget(widget) && !is_listed(widget)) {
            add_unlisted(widget, &mut fields);
        }
    }
    fields.retain(|field| !field.name.is_empty() || field.kind == Kind::Signature);
    fields
}

/// Adds the field of a widget that no form lists.
fn add_unlisted<'a>(widget: Dict<'a>, fields: &mut Vec<Field<'a>>) {
    let Some(found) = FormField::of_widget(widget.clone()) else {
        return;
    };
    let field = Field::of(&found, vec![widget.clone()], false);
    match fields.iter_mut().find(|known| known.name == field.name) {
        Some(known) => known.widgets.push(widget),
        None if field.kind != Kind::Unknown => fields.push(field),
        None => {}
    }
}

/// Where a field is shown: its own dictionary can be its widget, or its kids are.
fn widgets<'a>(field: &Dict<'a>) -> Vec<Dict<'a>> {
    if field.contains_key(b"Rect") {
        return vec![field.clone()];
    }
    array(field, "Kids").iter::<Object<'a>>().filter_map(Object::into_dict).collect()
}

fn is_widget(annotation: &Dict<'_>) -> bool {
    annotation.get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Widget")
}

impl<'a> Field<'a> {
    fn of(field: &FormField<'a>, widgets: Vec<Dict<'a>>, is_listed: bool) -> Self {
        let kind = field.inherited(b"FT").and_then(Object::into_name);
        let label = field.inherited(b"TU").and_then(Object::into_string);
        let flags = field.inherited(b"Ff").and_then(Object::into_i32);
        Self {
            name: field.name(),
            kind: match kind.as_deref() {
                Some(b"Tx") => Kind::Text,
                Some(b"Btn") => Kind::Button,
                Some(b"Ch") => Kind::Choice,
                Some(b"Sig") => Kind::Signature,
                _ => Kind::Unknown,
            },
            label: label.map(|label| decode(label.as_bytes())).unwrap_or_default(),
            dictionary: field.dictionary().clone(),
            value: field.inherited(b"V"),
            flags: flags.map(i32::cast_unsigned).unwrap_or_default(),
            is_listed,
            widgets,
        }
    }
}
