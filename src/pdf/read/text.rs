//! The text of a document, as far as its fonts tell it: to look for something in it.

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, interpret_page,
};
use hayro_syntax::Pdf;
use kurbo::{Affine, BezPath, Point, Rect};

/// The text of all pages, in the order in which it is drawn.
pub fn of(pdf: &Pdf) -> String {
    let cache = InterpreterCache::new();
    let mut reader = Reader::default();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let paper = Rect::new(0.0, 0.0, width.into(), height.into());
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, paper, &cache, pdf.xref(), settings);
        interpret_page(page, &mut context, &mut reader);
        reader.text.push('\n');
        reader.end = Point::ZERO;
    }
    reader.text
}

/// Notes each glyph's text; draws nothing.
#[derive(Default)]
struct Reader {
    text: String,
    /// Where the last glyph ends.
    end: Point,
}

impl Device<'_> for Reader {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        let advance = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width().unwrap_or_default(),
            Glyph::Type3(_) => 0.0,
        };
        let to_paper = transform * glyph_transform;
        let start = to_paper * Point::ORIGIN;
        let size = (to_paper * Point::new(1000.0, 0.0)).distance(start);
        // Words are often set apart by a gap and not by a blank.
        if start.distance(self.end) > size * 0.15 {
            self.text.push(' ');
        }
        self.end = to_paper * Point::new(advance.into(), 0.0);
        match glyph.as_unicode() {
            Some(BfString::Char(character)) => match ligature(character) {
                Some(letters) => self.text.push_str(letters),
                None => self.text.push(character),
            },
            Some(BfString::String(text)) => self.text.push_str(&text),
            None => {}
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The letters of a ligature that has a character of its own: programs name the glyph so, and nobody looks
/// for it so.
fn ligature(character: char) -> Option<&'static str> {
    Some(match character {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}
