//! The text of a page, as far as its fonts say what it is: to look for something in it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Instant;

use hayro_interpret::font::{FontData, Glyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, FontResolverFn, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, interpret_page,
};
use hayro_syntax::Pdf;
use hayro_syntax::page::Page;
use kurbo::{Affine, BezPath, Point, Rect};

/// The text of a page, in the order in which it is drawn; `None` if it is not read by the deadline.
pub fn of_page(pdf: &Pdf, page: &Page<'_>, deadline: Instant) -> Option<String> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let (width, height) = page.render_dimensions();
        let paper = Rect::new(0.0, 0.0, width.into(), height.into());
        let cache = InterpreterCache::new();
        let mut context = Context::new(Affine::IDENTITY, paper, &cache, pdf.xref(), settings());
        let mut reader = Reader { text: String::new(), end: Point::ZERO, deadline };
        interpret_page(page, &mut context, &mut reader);
        reader.text
    }));
    match read {
        Ok(text) => Some(text),
        Err(panic) if panic.is::<TooLate>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// A font that is not in the document is one that every viewer has; of its glyphs only the text is needed.
fn settings() -> InterpreterSettings {
    let font: FontData = Arc::new(typst_assets::pdf::SANS);
    let font_resolver: FontResolverFn = Arc::new(move |_| Some((font.clone(), 0)));
    InterpreterSettings { font_resolver, ..InterpreterSettings::default() }
}

/// What ends the reading of a page whose deadline is over: the interpreter has no other way to be stopped.
struct TooLate;

/// Notes each glyph's text; draws nothing.
struct Reader {
    text: String,
    /// Where the last glyph ends.
    end: Point,
    deadline: Instant,
}

impl Reader {
    /// Stops if it is too late.
    fn watch(&self) {
        if Instant::now() > self.deadline {
            // Unlike a panic, this prints nothing.
            resume_unwind(Box::new(TooLate));
        }
    }
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
        self.watch();
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
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {
        self.watch();
    }
    fn push_clip_path(&mut self, _: &ClipPath) {
        self.watch();
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.watch();
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {
        self.watch();
    }
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
