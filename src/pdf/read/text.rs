//! The text of a page, as far as its fonts say what it is: to look for something in it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hayro_interpret::font::{FontData, Glyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, FontResolverFn, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, interpret, interpret_page,
};
use hayro_syntax::Pdf;
use hayro_syntax::content::TypedIter;
use hayro_syntax::object::{Dict, Rect as PdfRect, Stream};
use hayro_syntax::page::{Page, Resources};
use kurbo::{Affine, BezPath, Point, Rect, Shape as _};

/// How long an appearance may take to be read: it is some words.
const LONGEST: Duration = Duration::from_secs(2);

/// The smallest font that is read on paper, in points.
const SMALLEST: f64 = 2.0;

/// The text of a page, in the order in which it is drawn; `None` if it is not read by the deadline.
pub fn of_page(pdf: &Pdf, page: &Page<'_>, deadline: Instant) -> Option<String> {
    let (width, height) = page.render_dimensions();
    let paper = Rect::new(0.0, 0.0, width.into(), height.into());
    let read = read(pdf, paper, true, Reader::new(deadline), |context, reader| {
        interpret_page(page, context, reader);
    });
    Some(read?.text)
}

/// The text that an appearance stream shows in an area of the page, without blanks; `None` if a glyph does not
/// say what it is, or if it may be too small, too light or covered.
///
/// What is invisible, or begins outside of its box, is not shown.
pub fn of_appearance<'a>(
    pdf: &'a Pdf,
    page: &Page<'a>,
    appearance: &Stream<'a>,
    area: PdfRect,
) -> Option<String> {
    let operations = appearance.decoded().ok()?;
    let paper = appearance.dict().get::<PdfRect>(b"BBox")?;
    let paper = Rect::new(paper.x0, paper.y0, paper.x1, paper.y1);
    let own = appearance.dict().get::<Dict<'a>>(b"Resources").unwrap_or_default();
    let resources = Resources::from_parent(own, page.resources().clone());
    // The box is fitted into the area.
    let scale = (area.width() * area.height() / paper.area()).sqrt();
    let smallest = (SMALLEST / scale).abs();
    let reader =
        Reader { shown_in: Some(paper), smallest, ..Reader::new(Instant::now() + LONGEST) };
    let read = read(pdf, paper, false, reader, |context, reader| {
        interpret(TypedIter::new(&operations), &resources, context, reader);
    })?;
    (!read.is_unclear).then(|| read.text.split_whitespace().collect())
}

/// Reads what is drawn, with what lies over a page or without; `None` if it takes too long.
pub fn read<'a, Reader>(
    pdf: &'a Pdf,
    paper: Rect,
    with_annotations: bool,
    mut reader: Reader,
    draw: impl FnOnce(&mut Context<'a>, &mut Reader),
) -> Option<Reader> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let cache = InterpreterCache::new();
        let settings = InterpreterSettings { render_annotations: with_annotations, ..settings() };
        let mut context = Context::new(Affine::IDENTITY, paper, &cache, pdf.xref(), settings);
        draw(&mut context, &mut reader);
        reader
    }));
    match read {
        Ok(reader) => Some(reader),
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

/// Where a glyph stands on paper.
pub struct GlyphPlace {
    /// Where it begins, on the line that it stands on.
    pub start: Point,
    /// Its middle.
    pub middle: Point,
    /// Where the next one begins.
    pub end: Point,
    /// How large its font is.
    pub size: f64,
}

impl GlyphPlace {
    /// Where a glyph stands, by the way from its own units, a thousandth of the font's size, to the paper.
    pub fn of(glyph: &Glyph<'_>, to_paper: Affine) -> Self {
        let advance: f64 = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width().unwrap_or_default().into(),
            Glyph::Type3(_) => 0.0,
        };
        let start = to_paper * Point::ORIGIN;
        Self {
            start,
            middle: to_paper * Point::new(advance / 2.0, 250.0),
            end: to_paper * Point::new(advance, 0.0),
            size: (to_paper * Point::new(1000.0, 0.0)).distance(start),
        }
    }

    /// Whether it begins a word, after a glyph that ends there: words are often set apart by a gap and not by a
    /// blank.
    pub fn begins_word(&self, end: Point) -> bool {
        self.start.distance(end) > self.size * 0.15
    }
}

/// What ends the reading of a page whose deadline is over: the interpreter has no other way to be stopped.
pub struct TooLate;

/// Notes each glyph's text; draws nothing.
struct Reader {
    text: String,
    /// Where the last glyph ends.
    end: Point,
    deadline: Instant,
    /// The part of the paper that is shown, if not all of it.
    shown_in: Option<Rect>,
    /// How large a font must be to be read.
    smallest: f64,
    /// Whether there is a glyph that does not say what it is, or that may not be seen.
    is_unclear: bool,
}

impl Reader {
    fn new(deadline: Instant) -> Self {
        let (text, end) = (String::new(), Point::ZERO);
        Self { text, end, deadline, shown_in: None, smallest: 0.0, is_unclear: false }
    }

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
        paint: &Paint<'_>,
        mode: &GlyphDrawMode,
    ) {
        self.watch();
        let place = GlyphPlace::of(glyph, transform * glyph_transform);
        let is_hidden = self.shown_in.is_some_and(|shown| {
            !shown.contains(place.start) || matches!(mode, GlyphDrawMode::Invisible)
        });
        if is_hidden {
            return;
        }
        self.is_unclear |= place.size < self.smallest || is_faint(paint);
        if place.begins_word(self.end) {
            self.text.push(' ');
        }
        self.end = place.end;
        match letters_of(glyph) {
            Some(letters) => self.text.push_str(&letters),
            None => self.is_unclear = true,
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, mode: &PathDrawMode) {
        self.watch();
        // It may cover the text that is there.
        self.is_unclear |= matches!(mode, PathDrawMode::Fill(_)) && !self.text.is_empty();
    }
    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.watch();
        self.is_unclear |= clip.path.bounding_box().area() < 1.0;
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.watch();
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {
        self.watch();
        self.is_unclear |= !self.text.is_empty();
    }
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The letters that a glyph stands for; `None` if it does not say.
pub fn letters_of(glyph: &Glyph<'_>) -> Option<String> {
    Some(match glyph.as_unicode()? {
        BfString::Char(character) => {
            ligature(character).map_or_else(|| character.to_string(), str::to_owned)
        }
        BfString::String(text) => text,
    })
}

/// Whether a paint may not be seen on white: it is light or transparent, or a pattern.
fn is_faint(paint: &Paint<'_>) -> bool {
    const LIGHT: f32 = 0.8;
    const TRANSPARENT: f32 = 0.4;
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, alpha] = color.to_rgba().components();
            alpha < TRANSPARENT || [red, green, blue].iter().all(|part| *part > LIGHT)
        }
        Paint::Pattern(_) => true,
    }
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
