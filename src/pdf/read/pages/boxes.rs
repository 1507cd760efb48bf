//! The boxes of fields on the pages of a document.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Rect as PdfRect};
use kurbo::{Point, Rect};

use crate::pdf::read::changes::annotation_ids;
use crate::pdf::read::fields::{self, Kind};
use crate::pdf::read::printed::is_hidden;

/// How far beyond a box its value may reach, in points.
const MARGIN: f64 = 3.0;

/// The box of a field.
#[derive(Debug, Clone)]
pub struct FieldBox {
    /// The field, with the names above it.
    pub field: String,
    /// Whether it is for a signature.
    pub is_signature: bool,
    /// The page, from 0.
    pub page: usize,
    /// Where it is.
    pub area: Rect,
    /// Whether something is filled in.
    pub has_value: bool,
    /// Whether something is drawn in it.
    pub is_drawn: bool,
}

/// All boxes of a document.
#[derive(Debug, Default)]
pub struct Boxes(Vec<FieldBox>);

impl Boxes {
    /// Those of all fields of a document.
    pub fn of(pdf: &Pdf, catalog: &Dict<'_>) -> Self {
        let pages: Vec<Vec<_>> =
            pdf.pages().iter().map(|page| annotation_ids(page.raw()).collect()).collect();
        let mut boxes = Vec::new();
        for field in fields::collect(pdf, catalog) {
            for widget in &field.widgets {
                let id = widget.obj_id().map(hayro_syntax::object::ObjRef::from);
                let page = id.and_then(|id| pages.iter().position(|page| page.contains(&id)));
                let (Some(page), Some(area)) = (page, area(widget)) else {
                    continue;
                };
                boxes.push(FieldBox {
                    field: field.name.clone(),
                    is_signature: field.kind == Kind::Signature,
                    page,
                    area,
                    has_value: field.text().is_some(),
                    is_drawn: has_appearance(widget) && !is_hidden(widget),
                });
            }
        }
        Self(boxes)
    }

    /// Those on a page.
    pub fn on(&self, page: usize) -> Vec<&FieldBox> {
        self.0.iter().filter(|field| field.page == page).collect()
    }
}

/// Where an annotation is.
pub fn area(annotation: &Dict<'_>) -> Option<Rect> {
    let area = annotation.get::<PdfRect>(b"Rect")?;
    Some(Rect::new(area.x0, area.y0, area.x1, area.y1).abs())
}

/// Whether an annotation says itself what is drawn of it.
pub fn has_appearance(annotation: &Dict<'_>) -> bool {
    annotation.contains_key(b"AP".as_slice())
}

/// The box that a point is in.
pub fn at<'a>(boxes: &[&'a FieldBox], point: Point) -> Option<&'a FieldBox> {
    boxes.iter().find(|field| field.area.inflate(MARGIN, MARGIN).contains(point)).copied()
}
