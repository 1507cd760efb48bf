//! Form fields. Typst writes none, so the layout places a link with a scheme of ours, and its annotation
//! is rewritten into a widget and its structure element into a form: the parent tree, the pages and the
//! reading order stay as Typst made them.
//!
//! Source: ISO 32000-1, 12.7; ISO 14289-1, 7.18; ISO 19005-3, 6.4.

use std::collections::BTreeMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, String as PdfString};
use pdf_writer::{Rect, Ref};

use super::error::{FormError, Misplaced, Wrong};
use super::field::{Field, SCHEME};
use super::font;
use super::margins::Margins;
use super::widget::{Place, form_element, round, write_widget};
use crate::pdf::file::lookup::{array, dictionary, resolve};
use crate::pdf::file::tree;
use crate::pdf::file::update::Update;

/// The least width and height of a field, in points: one that is smaller cannot be hit.
const SMALLEST: f32 = 1.0;

/// Where Typst put a field's link.
struct Link<'a> {
    place: Place,
    /// Whether it has a size and is on the paper.
    is_visible: bool,
    element: Dict<'a>,
}

/// Turns the links into fields; returns the form, for the catalog.
pub fn add(
    pdf: &Pdf,
    catalog: &Dict<'_>,
    fields: &[Field],
    update: &mut Update,
) -> Result<String, FormError> {
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
            // Reported at the second one.
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
        return Err(FormError::Fields(wrong));
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
fn find<'a>(
    pdf: &'a Pdf,
    catalog: &Dict<'a>,
) -> Result<BTreeMap<Vec<u8>, Vec<Link<'a>>>, FormError> {
    let xref = pdf.xref();
    let root = dictionary(catalog, "StructTreeRoot");
    let parents = tree::numbers(xref, &dictionary(&root, "ParentTree")).into_iter();
    let parents: BTreeMap<i32, Dict<'a>> = parents
        .filter_map(|(key, element)| Some((key, resolve(xref, element)?.into_dict()?)))
        .collect();
    let mut links: BTreeMap<Vec<u8>, Vec<Link<'a>>> = BTreeMap::new();
    for page in pdf.pages().iter() {
        let paper = page.media_box();
        let page = page.raw();
        for annotation in array(page, "Annots").iter::<Dict<'a>>() {
            let uri = annotation.get::<Dict<'a>>(b"A").and_then(|a| a.get::<PdfString<'a>>(b"URI"));
            let Some(uri) = uri else {
                continue;
            };
            let Some(id) = uri.as_bytes().strip_prefix(SCHEME.as_bytes()) else {
                continue;
            };
            let link = link(page, paper, &annotation, &parents);
            let link = link.ok_or(FormError::Unexpected("a link with a place in the structure"))?;
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

/// Whether the structure element has anything but the annotation in it.
fn holds_text(element: &Dict<'_>) -> bool {
    element.get::<Array<'_>>(b"K").is_some_and(|kids| kids.raw_iter().count() > 1)
}

/// Makes the link's structure element a form's.
fn write_element(link: &Link<'_>, update: &mut Update) -> Result<(), FormError> {
    let unexpected = || FormError::Unexpected("a structure element of a link");
    let id = link.element.obj_id().ok_or_else(unexpected)?.obj_number;
    let parent = link.element.get_ref(b"P").ok_or_else(unexpected)?;
    update.put_raw(id, form_element(parent.obj_number, &link.place).as_bytes());
    Ok(())
}
