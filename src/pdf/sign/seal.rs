//! What is shown in a signed field: some lines in the font of the form, as large as they fit.
//!
//! Source: ISO 32000-1, 12.5.5.

use hayro_syntax::object::{Dict, Name};
use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Content, Finish, Rect, Ref, Str};

use super::SignError;
use crate::pdf::file::lookup::{array, dictionary};
use crate::pdf::file::update::Update;
use crate::pdf::form::font;

/// The largest size of the letters, in points.
const LARGEST: f32 = 10.0;
/// The distance of lines, in sizes of their letters.
const LEADING: f32 = 1.25;
/// The space around the lines, in points.
const INSET: f32 = 4.0;

/// Adds the appearance of a field.
pub fn add(
    widget: &Dict<'_>,
    form: &Dict<'_>,
    lines: &[String],
    update: &mut Update,
) -> Result<Ref, SignError> {
    let fonts = dictionary(&dictionary(form, "DR"), "Font");
    let font = fonts.get_ref(font::NAME.0).ok_or(SignError::NoFont)?;
    let is_plain = dictionary(&fonts, "DpaSans").get::<Name<'_>>(b"Encoding").is_some();
    let place: Vec<f32> = array(widget, "Rect").iter::<f32>().collect();
    let &[x1, y1, x2, y2] = place.as_slice() else {
        return Err(SignError::Unreadable);
    };
    let (width, height) = ((x2 - x1).abs(), (y2 - y1).abs());
    let lines: Vec<Vec<u8>> = lines
        .iter()
        .map(|line| font::encode(line, is_plain))
        .collect::<Result<_, _>>()
        .map_err(SignError::NoLetter)?;

    let widest = lines.iter().map(|line| font::width(line)).fold(0.0, f32::max);
    let fits_across = (width - 2.0 * INSET) / widest.max(0.001);
    let fits_down = (height - 2.0 * INSET) / lines.iter().map(|_| LEADING).sum::<f32>();
    let size = (LARGEST.min(fits_across).min(fits_down) * 100.0).floor() / 100.0;

    let mut content = Content::new();
    content.save_state().begin_text().set_text_rendering_mode(TextRenderingMode::Fill);
    content.set_fill_gray(0.0).set_font(font::NAME, size).set_leading(size * LEADING);
    content.next_line(INSET, height - INSET - size);
    for line in &lines {
        content.show(Str(line)).next_line_using_leading();
    }
    content.end_text().restore_state();

    let id = update.reserve();
    update.put(id, |chunk| {
        let bytes = content.finish();
        let mut appearance = chunk.form_xobject(id, &bytes);
        appearance.bbox(Rect::new(0.0, 0.0, width, height));
        appearance.resources().fonts().pair(font::NAME, Ref::new(font.obj_number));
        appearance.finish();
    });
    Ok(id)
}
