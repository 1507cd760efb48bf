//! A paper that is laid out: its pages, the fields that the layout declared, and the text of its
//! clauses.

use std::collections::BTreeMap;
use std::sync::Arc;

use typst::foundations::{Content, Dict, Label, NativeElement, Selector, Str, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::model::{Destination, LinkElem, LinkTarget};
use typst::syntax::Span;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_svg::SvgOptions;

use super::paper::Paper;
use super::pass::Settled;
use super::text::ClauseText;
use super::world::file_id;
use crate::contract::project::INTERFACE_FILE;
use crate::pdf::{Field, Kind, Margin, SCHEME};

/// A paper that is laid out.
pub struct Document<'a> {
    /// The paper.
    pub(super) paper: &'a dyn Paper,
    /// Its pages.
    pub(super) pages: PagedDocument,
    /// The form fields in reading order, with the place where the layout declares each.
    pub(super) fields: Vec<(Field, Span)>,
    /// The text of each clause, by its path.
    pub(super) texts: BTreeMap<String, ClauseText>,
}

impl Document<'_> {
    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.pages().len()
    }

    /// Its pages as pictures, each an `<svg>` element.
    #[must_use]
    pub fn pictures(&self) -> Vec<String> {
        let options = SvgOptions::default();
        self.pages.pages().iter().map(|page| typst_svg::svg(page, &options)).collect()
    }

    /// What its pages say of its parts.
    #[must_use]
    pub fn settled(&self) -> Settled {
        Settled(Arc::clone(self.pages.introspector()))
    }

    /// The text of each clause, by its path.
    #[must_use]
    pub fn texts(&self) -> &BTreeMap<String, ClauseText> {
        &self.texts
    }
}

/// A field whose declaration says something else than a name, a kind and a label.
pub struct BadField {
    /// Where it is declared.
    pub span: Span,
    /// What is wrong with it.
    pub message: String,
}

/// The fields that the layout declares.
pub fn declared_fields(pages: &PagedDocument) -> Result<Vec<(Field, Span)>, Vec<BadField>> {
    let Some(label) = Label::new(PicoStr::intern("dpa-field")) else {
        return Ok(Vec::new());
    };
    let mut fields = Vec::new();
    let mut bad = links_by_hand(pages);
    for content in pages.introspector().query(&Selector::Label(label)) {
        match field(pages, &content) {
            Ok(field) => fields.push((field, declared_at(&content))),
            Err(message) => bad.push(BadField { span: declared_at(&content), message }),
        }
    }
    if bad.is_empty() { Ok(fields) } else { Err(bad) }
}

/// The links with our scheme that `field` of `/contract.typ` did not make: fields that nobody declared.
fn links_by_hand(pages: &PagedDocument) -> Vec<BadField> {
    let interface = file_id(INTERFACE_FILE);
    let links = pages.introspector().query(&LinkElem::ELEM.select());
    let by_hand = links.iter().filter(|link| link.span().id() != Some(interface));
    by_hand
        .filter_map(|link| {
            let LinkTarget::Dest(Destination::Url(url)) = &link.to_packed::<LinkElem>()?.dest
            else {
                return None;
            };
            let id = url.as_str().strip_prefix(SCHEME)?;
            let message = format!("a link to `{SCHEME}{id}` was written by hand");
            Some(BadField { span: link.span(), message })
        })
        .collect()
}

/// What `field` of `/contract.typ` notes of a field.
fn declaration(content: &Content) -> Option<Dict> {
    content.to_packed::<MetadataElem>()?.value.clone().cast().ok()
}

/// Where the layout declares a field: where the box stands that it becomes, if it is known.
fn declared_at(content: &Content) -> Span {
    let place = declaration(content)
        .and_then(|declared| declared.get("place").ok()?.clone().cast::<Content>().ok());
    place.map(|place| place.span()).filter(|span| !span.is_detached()).unwrap_or(content.span())
}

fn field(pages: &PagedDocument, content: &Content) -> Result<Field, String> {
    let declared =
        declaration(content).ok_or("`<dpa-field>` labels something that is not a field")?;
    let text = |key: &str| {
        let value =
            declared.get(key).ok().cloned().and_then(|value: Value| value.cast::<Str>().ok());
        value.map(|text| text.to_string()).filter(|text| !text.is_empty())
    };
    let id = text("id").ok_or("a field has no id")?;
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Err(format!("`{id}` is not a field's id: use letters, digits and hyphens"));
    }
    let label = text("label").ok_or_else(|| format!("field `{id}` has no label"))?;
    let kind = match text("kind").as_deref() {
        Some("text") => Kind::Text,
        Some("checkbox") => Kind::Checkbox,
        Some("signature") => Kind::Signature,
        _ => {
            return Err(format!(
                "the kind of field `{id}` is none of \"text\", \"checkbox\", \"signature\""
            ));
        }
    };
    let number = |key: &str| declared.get(key).ok()?.clone().cast::<f64>().ok();
    let margin = match (number("width"), number("height")) {
        (Some(width), Some(height)) => {
            Some(margin(pages, content, width, height).ok_or("a field has no place")?)
        }
        _ => None,
    };
    Ok(Field { id, kind, label, margin })
}

/// Where a field in a margin is: where its declaration stands.
#[expect(clippy::cast_possible_truncation, reason = "a PDF's coordinates are f32")]
fn margin(pages: &PagedDocument, content: &Content, width: f64, height: f64) -> Option<Margin> {
    let position = pages.introspector().position(content.location()?)?;
    Some(Margin {
        page: position.page.get().checked_sub(1)?,
        left: position.point.x.to_pt() as f32,
        top: position.point.y.to_pt() as f32,
        width: width as f32,
        height: height as f32,
    })
}
