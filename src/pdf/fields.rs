//! Form fields. Typst writes none, so the layout places a link with a scheme of ours, and its annotation
//! is rewritten into a widget and its structure element into a form: the parent tree, the pages and the
//! reading order stay as Typst made them.
//!
//! Source: ISO 32000-1, 12.7; ISO 14289-1, 7.18; ISO 19005-3, 6.4.

use std::collections::BTreeMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Object, String as PdfString};
use pdf_writer::types::{AnnotationFlags, FieldType};
use pdf_writer::{Content, Finish, Name, Rect, Ref, Str, TextStr};

use super::Problem;
use super::font;
use super::margins::Margins;
use super::update::Update;

/// The least width and height of a field, in points: one that is smaller cannot be hit.
const SMALLEST: f32 = 1.0;

/// The scheme of the links that become fields.
pub const SCHEME: &str = "dpa-field:";

/// A form field as the layout declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in the form; no dots.
    pub id: String,
    /// What is filled in.
    pub kind: Kind,
    /// What a screen reader says of it, in the contract's language.
    pub label: String,
    /// Where it is, if it is in a margin, where no link can be.
    pub margin: Option<Margin>,
}

/// A place in the margin of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The page, counted from 0.
    pub page: usize,
    /// From the left edge of the page to the left of the field, in points.
    pub left: f32,
    /// From the top edge of the page to the top of the field, in points.
    pub top: f32,
    /// In points.
    pub width: f32,
    /// In points.
    pub height: f32,
}

/// What is filled into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Yes or no.
    Checkbox,
    /// A digital signature.
    Signature,
}

/// A field that is not placed exactly once.
#[derive(Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// Its name.
    pub id: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a field's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Declared, but not to be seen on any page.
    Missing,
    /// On a page, but not declared.
    Unknown,
    /// In two places.
    Double,
    /// Broken over two lines, columns or pages.
    Broken,
    /// There is text in it.
    HoldsText,
}

/// Where Typst put a field's link.
struct Link<'a> {
    place: Place,
    /// Whether it has a size and is on the paper.
    is_visible: bool,
    element: Dict<'a>,
}

/// Where a field's widget is, on the page and in the structure.
#[derive(Clone, Copy)]
pub struct Place {
    /// The widget.
    pub annotation: Ref,
    /// Its page.
    pub page: Ref,
    /// Its rectangle on the page, in points, from the lower left.
    pub rect: Rect,
    /// Its key in the parent tree.
    pub struct_parent: i32,
}

/// Turns the links into fields; returns the form, for the catalog.
pub fn add(
    pdf: &Pdf,
    catalog: &Dict<'_>,
    fields: &[Field],
    update: &mut Update,
) -> Result<String, Problem> {
    let mut links = find(pdf, catalog)?;
    let mut margins = Margins::of(pdf, catalog)?;
    let mut wrong = Vec::new();
    let mut misplaced = |id: &str, what| wrong.push(Misplaced { id: id.to_owned(), wrong: what });
    let mut placed = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let same = |other: &Field| other.id == field.id;
        if fields[..index].iter().any(same) {
            misplaced(&field.id, Wrong::Double);
            continue;
        }
        if fields[index + 1..].iter().any(same) {
            // Told at the second one.
            links.remove(field.id.as_bytes());
            continue;
        }
        if let Some(margin) = &field.margin {
            placed.push((field, margins.place(margin, update)?));
            continue;
        }
        let mut found = links.remove(field.id.as_bytes()).unwrap_or_default();
        match (found.pop(), found.is_empty()) {
            (None, _) => misplaced(&field.id, Wrong::Missing),
            (Some(_), false) => misplaced(&field.id, Wrong::Broken),
            (Some(link), true) if !link.is_visible => misplaced(&field.id, Wrong::Missing),
            (Some(link), true) if holds_text(&link.element) => {
                misplaced(&field.id, Wrong::HoldsText);
            }
            (Some(link), true) => {
                write_element(&link, update)?;
                placed.push((field, link.place));
            }
        }
    }
    for id in links.keys() {
        misplaced(&String::from_utf8_lossy(id), Wrong::Unknown);
    }
    if !wrong.is_empty() {
        return Err(Problem::Fields(wrong));
    }
    margins.write(update)?;
    let font = font::add(update);
    for (field, place) in &placed {
        write_widget(field, place, font, update);
    }
    let references = placed.iter().map(|(_, place)| format!("{} 0 R", place.annotation.get()));
    Ok(format!(
        "<</Fields[{}]/DR<</Font<</DpaSans {} 0 R>>>>/DA(/DpaSans 0 Tf 0 g)/SigFlags 1>>",
        references.collect::<Vec<_>>().join(" "),
        font.get()
    ))
}

/// All links of ours, by the field's name.
fn find<'a>(pdf: &'a Pdf, catalog: &Dict<'a>) -> Result<BTreeMap<Vec<u8>, Vec<Link<'a>>>, Problem> {
    let parents = parent_tree(catalog).ok_or(Problem::Unexpected("a parent tree"))?;
    let mut links: BTreeMap<Vec<u8>, Vec<Link<'a>>> = BTreeMap::new();
    for page in pdf.pages().iter() {
        let paper = page.media_box();
        let page = page.raw();
        let annotations = page.get::<Array<'a>>(b"Annots").unwrap_or_default();
        for annotation in annotations.iter::<Dict<'a>>() {
            let uri = annotation.get::<Dict<'a>>(b"A").and_then(|a| a.get::<PdfString<'a>>(b"URI"));
            let Some(uri) = uri else {
                continue;
            };
            let Some(id) = uri.as_bytes().strip_prefix(SCHEME.as_bytes()) else {
                continue;
            };
            let link = link(page, paper, &annotation, &parents);
            let link = link.ok_or(Problem::Unexpected("a link with a place in the structure"))?;
            links.entry(id.to_vec()).or_default().push(link);
        }
    }
    Ok(links)
}

fn link<'a>(
    page: &Dict<'a>,
    paper: hayro_syntax::object::Rect,
    annotation: &Dict<'a>,
    parents: &BTreeMap<i32, Dict<'a>>,
) -> Option<Link<'a>> {
    let corners: Vec<f32> = annotation.get::<Array<'a>>(b"Rect")?.iter::<f32>().collect();
    let &[x1, y1, x2, y2] = corners.as_slice() else {
        return None;
    };
    let struct_parent = annotation.get::<i32>(b"StructParent")?;
    let place = Place {
        annotation: Ref::new(annotation.obj_id()?.obj_number),
        page: Ref::new(page.obj_id()?.obj_number),
        rect: Rect::new(round(x1), round(y1), round(x2), round(y2)),
        struct_parent,
    };
    let Rect { x1, y1, x2, y2 } = place.rect;
    let is_on_paper = f64::from(x1) >= paper.x0
        && f64::from(y1) >= paper.y0
        && f64::from(x2) <= paper.x1
        && f64::from(y2) <= paper.y1;
    let is_visible = is_on_paper && x2 - x1 >= SMALLEST && y2 - y1 >= SMALLEST;
    Some(Link { place, is_visible, element: parents.get(&struct_parent)?.clone() })
}

/// Two decimals: longer ones are rounded again by viewers, and a signature then sees a change.
pub fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

/// The structure elements of annotations, by `StructParent`; Typst writes the tree in one piece.
fn parent_tree<'a>(catalog: &Dict<'a>) -> Option<BTreeMap<i32, Dict<'a>>> {
    let root = catalog.get::<Dict<'a>>(b"StructTreeRoot")?;
    let numbers = root.get::<Dict<'a>>(b"ParentTree")?.get::<Array<'a>>(b"Nums")?;
    let items: Vec<Object<'a>> = numbers.iter::<Object<'a>>().collect();
    let pairs = items
        .chunks_exact(2)
        .filter_map(|pair| Some((pair[0].clone().into_i32()?, pair[1].clone().into_dict()?)));
    Some(pairs.collect())
}

/// Whether the structure element has anything but the annotation in it.
fn holds_text(element: &Dict<'_>) -> bool {
    element.get::<Array<'_>>(b"K").is_some_and(|kids| kids.raw_iter().count() > 1)
}

fn write_widget(field: &Field, place: &Place, font: Ref, update: &mut Update) {
    let size = Rect::new(0.0, 0.0, place.rect.x2 - place.rect.x1, place.rect.y2 - place.rect.y1);
    let mut appearance = |content: Content| {
        let id = update.reserve();
        update.put(id, |chunk| {
            let bytes = content.finish();
            let mut form = chunk.form_xobject(id, &bytes);
            form.bbox(size);
            form.resources().fonts().pair(font::NAME, font);
        });
        id
    };
    let mut empty = Content::new();
    if field.kind == Kind::Text {
        empty.begin_marked_content(Name(b"Tx")).end_marked_content();
    }
    let off = appearance(empty);
    let on = (field.kind == Kind::Checkbox).then(|| appearance(cross(size)));
    update.put(place.annotation, |chunk| {
        let mut widget = chunk.form_field(place.annotation);
        widget.partial_name(TextStr(&field.id)).alternate_name(TextStr(&field.label));
        match field.kind {
            Kind::Text => {
                widget.field_type(FieldType::Text);
                widget.vartext_default_appearance(Str(b"/DpaSans 10 Tf 0 g"));
            }
            Kind::Checkbox => {
                widget.field_type(FieldType::Button);
            }
            Kind::Signature => {
                widget.field_type(FieldType::Signature);
            }
        }
        let mut widget = widget.into_annotation();
        widget.rect(place.rect).page(place.page).flags(AnnotationFlags::PRINT);
        widget.struct_parent(place.struct_parent);
        let mut appearance = widget.appearance();
        if let Some(on) = on {
            appearance.normal().streams().pairs([(Name(b"Off"), off), (Name(b"Yes"), on)]);
            appearance.finish();
            widget.appearance_state(Name(b"Off"));
        } else {
            appearance.normal().stream(off);
        }
    });
}

/// A cross from corner to corner.
fn cross(size: Rect) -> Content {
    let inset = 2.0;
    let mut content = Content::new();
    content.set_line_width(1.2);
    content.move_to(inset, inset).line_to(size.x2 - inset, size.y2 - inset);
    content.move_to(inset, size.y2 - inset).line_to(size.x2 - inset, inset);
    content.stroke();
    content
}

/// Makes the link's structure element a form's.
fn write_element(link: &Link<'_>, update: &mut Update) -> Result<(), Problem> {
    let unexpected = || Problem::Unexpected("a structure element of a link");
    let id = link.element.obj_id().ok_or_else(unexpected)?.obj_number;
    let parent = link.element.get_ref(b"P").ok_or_else(unexpected)?;
    update.put_raw(id, form_element(parent.obj_number, &link.place).as_bytes());
    Ok(())
}

/// The annotation is the element's only kid and stands there without an array: with one, validators take
/// the next signature's change for a suspicious one.
pub fn form_element(parent: i32, place: &Place) -> String {
    let (page, annotation) = (place.page.get(), place.annotation.get());
    format!(
        "<</Type/StructElem/S/Form/P {parent} 0 R/K<</Type/OBJR/Pg {page} 0 R/Obj {annotation} 0 R>>>>"
    )
}
