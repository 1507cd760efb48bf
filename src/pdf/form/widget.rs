//! A field's widget, and its element in the structure.

use pdf_writer::types::{AnnotationFlags, FieldType};
use pdf_writer::{Content, Finish, Name, Rect, Ref, Str, TextStr};

use super::field::{Field, Kind};
use super::font;
use crate::pdf::file::update::Update;

/// The greatest height of a line of text, in points: viewers fit letters to the height of their field, and those of a
/// higher one would be larger than the text around it.
const LINE_HEIGHT: f32 = 16.0;

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

/// Two decimals: longer ones are rounded again by viewers, and a signature then sees a change.
pub fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

/// Writes a field's widget.
pub fn write_widget(field: &Field, place: &Place, font: Ref, update: &mut Update) {
    let rect = match field.kind {
        Kind::Text => line(place.rect),
        Kind::Checkbox | Kind::Signature => place.rect,
    };
    let size = Rect::new(0.0, 0.0, rect.x2 - rect.x1, rect.y2 - rect.y1);
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
                // A size of 0 lets the viewer fit the text to the field (ISO 32000-1, 12.7.3.3).
                widget.vartext_default_appearance(Str(b"/DpaSans 0 Tf 0 g"));
            }
            Kind::Checkbox => {
                widget.field_type(FieldType::Button);
            }
            Kind::Signature => {
                widget.field_type(FieldType::Signature);
            }
        }
        let mut widget = widget.into_annotation();
        widget.rect(rect).page(place.page).flags(AnnotationFlags::PRINT);
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

/// The lowest part of a rectangle, one line high.
fn line(rect: Rect) -> Rect {
    Rect::new(rect.x1, rect.y1, rect.x2, round(rect.y2.min(rect.y1 + LINE_HEIGHT)))
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

/// The annotation is the element's only kid and stands there without an array: with one, validators take
/// the next signature's change for a suspicious one.
pub fn form_element(parent: i32, place: &Place) -> String {
    let (page, annotation) = (place.page.get(), place.annotation.get());
    format!(
        "<</Type/StructElem/S/Form/P {parent} 0 R/K<</Type/OBJR/Pg {page} 0 R/Obj {annotation} 0 R>>>>"
    )
}
