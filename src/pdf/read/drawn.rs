//! What is seen on a page: its letters with their places, its shapes and its pictures.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hayro_interpret::font::Glyph;
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, GlyphDrawMode, Image, Paint, PathDrawMode, SoftMask,
    interpret_page,
};
use hayro_syntax::Pdf;
use hayro_syntax::page::Page;
use kurbo::{Affine, BezPath, Point, Rect, Shape};

use super::outline::Outline;
use super::picture::Picture;
use super::text::{self, GlyphPlace, TooLate};

/// How long a page may take to be read.
const LONGEST: Duration = Duration::from_secs(5);
/// What is less than this is not seen.
const LEAST_OPACITY: f32 = 0.1;
/// What is lighter than this is not seen on paper.
const LIGHTEST: f32 = 0.93;

/// What is seen on a page, in points from its lower left corner; what lies over it (annotations) apart.
#[derive(Debug, Default)]
pub struct Drawn {
    /// The letters, in the order in which they are drawn.
    pub letters: Vec<Letter>,
    /// Lines and filled areas, by what they reach over.
    pub shapes: Vec<Rect>,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// How many letters do not say what they are, or may not be seen.
    pub unknown: usize,
}

/// A letter, or the letters of a ligature.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// What it is.
    pub text: String,
    /// Its middle.
    pub at: Point,
    /// How large it is.
    pub size: f64,
    /// Whether a blank stands before it.
    pub begins_word: bool,
    /// Whether it is as light as paper: seen on something darker only.
    pub is_light: bool,
    /// What it looks like; none if it is more than an outline.
    pub outline: Option<Rc<Outline>>,
}

impl Drawn {
    /// Reads a page; `None` if that takes too long.
    pub fn of(pdf: &Pdf, page: &Page<'_>) -> Option<Self> {
        let paper = page.crop_box();
        let paper = Rect::new(paper.x0, paper.y0, paper.x1, paper.y1);
        let reader = Reader {
            drawn: Self::default(),
            end: Point::ZERO,
            deadline: Instant::now() + LONGEST,
            clips: vec![paper],
            opacities: vec![1.0],
            veils: vec![false],
            is_masked: false,
            is_mixed: false,
            outlines: HashMap::new(),
        };
        let read = text::read(pdf, paper, false, reader, |context, reader| {
            interpret_page(page, context, reader);
        });
        Some(read?.drawn)
    }
}

/// A text with its blanks.
pub fn text<'a>(letters: impl Iterator<Item = &'a Letter>) -> String {
    let mut text = String::new();
    for letter in letters {
        if letter.begins_word && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&letter.text);
    }
    text
}

impl Drawn {
    /// Moves and scales all of it.
    pub fn transform(&mut self, by: Affine) {
        let scale = by.determinant().abs().sqrt();
        for letter in &mut self.letters {
            letter.at = by * letter.at;
            letter.size *= scale;
        }
        let pictures = self.pictures.iter_mut().map(|picture| &mut picture.area);
        for area in self.shapes.iter_mut().chain(pictures) {
            *area = by.transform_rect_bbox(*area);
        }
    }
}

struct Reader {
    drawn: Drawn,
    /// Where the last letter ends.
    end: Point,
    deadline: Instant,
    /// What can be seen, the last is what counts.
    clips: Vec<Rect>,
    opacities: Vec<f32>,
    /// Whether the groups around are seen through a mask or mixed with what is below.
    veils: Vec<bool>,
    /// Whether what is drawn now is seen through a mask.
    is_masked: bool,
    /// Whether it is mixed with what is below.
    is_mixed: bool,
    /// The outlines that were met, by their glyph and how it is turned and stretched.
    outlines: HashMap<(u128, [i64; 4]), Option<Rc<Outline>>>,
}

impl Reader {
    fn watch(&self) {
        if Instant::now() > self.deadline {
            std::panic::resume_unwind(Box::new(TooLate));
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(Rect::ZERO)
    }

    fn opacity(&self) -> f32 {
        self.opacities.iter().product()
    }

    /// What a glyph looks like, by the way from its own units to the paper.
    fn outline<'a>(
        &mut self,
        glyph: &Glyph<'a>,
        paint: &Paint<'a>,
        (to_paper, size): (Affine, f64),
    ) -> Option<Rc<Outline>> {
        let glyph_key = match glyph {
            Glyph::Outline(glyph) => glyph.identifier().cache_key(),
            Glyph::Type3(glyph) => glyph.cache_key(),
        };
        let [a, b, c, d, ..] = to_paper.as_coeffs().map(|part| part / size);
        #[expect(clippy::cast_possible_truncation, reason = "what is larger is the largest")]
        let turn = [a, b, c, d].map(|part| (part * 1e6).round() as i64);
        let by = Affine::new([a, b, c, d, 0.0, 0.0]);
        let deadline = self.deadline;
        let known = self.outlines.entry((glyph_key, turn));
        known.or_insert_with(|| Outline::of(glyph, paint, by, deadline).map(Rc::new)).clone()
    }

    /// Takes away the letters that are covered.
    fn cover(&mut self, area: Rect) {
        self.drawn.letters.retain(|letter| !area.contains(letter.at));
    }
}

/// The letters of a ligature. Ghostscript writes the two bytes of each in the wrong order where a glyph stands for
/// several: ideographs, which no ligature of ours is.
fn in_order(text: &str) -> String {
    let swapped = |c: char| {
        let (high, low) = (u32::from(c) >> 8, u32::from(c) & 0xFF);
        char::from_u32(high).filter(|c| low == 0 && c.is_ascii_alphabetic())
    };
    let letters: Option<String> = text.chars().map(swapped).collect();
    match letters {
        Some(letters) if text.chars().count() > 1 => letters,
        _ => text.to_owned(),
    }
}

/// Whether a character is none that is seen.
fn is_no_letter(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// How much of a paint is seen, and how light it is: both from 0 to 1.
fn seen(paint: &Paint<'_>) -> (f32, f32) {
    match paint {
        Paint::Color(colour) => {
            let [red, green, blue, opacity] = colour.to_rgba().components();
            (opacity, 0.299 * red + 0.587 * green + 0.114 * blue)
        }
        Paint::Pattern(_) => (1.0, 0.0),
    }
}

impl<'a> Device<'a> for Reader {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        paint: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        self.watch();
        let to_paper = transform * glyph_transform;
        let place = GlyphPlace::of(glyph, to_paper);
        let begins_word = place.begins_word(self.end);
        self.end = place.end;
        let (at, size) = (place.middle, place.size);
        let (opacity, lightness) = seen(paint);
        let is_hidden = matches!(mode, GlyphDrawMode::Invisible)
            || opacity * self.opacity() < LEAST_OPACITY
            || !self.clip().contains(at);
        if is_hidden {
            return;
        }
        let outline = self.outline(glyph, paint, (to_paper, size));
        let may_be_hidden = self.is_masked
            || self.is_mixed
            || self.veils.contains(&true)
            || matches!(paint, Paint::Pattern(_));
        let is_blank = outline.as_ref().is_some_and(|outline| outline.is_blank());
        // What has a shape and says that it is a blank is not to be read.
        let text =
            text::letters_of(glyph).filter(|text| is_blank || !text.chars().all(is_no_letter));
        self.drawn.unknown += usize::from(text.is_none() || may_be_hidden && !is_blank);
        if let Some(text) = text {
            self.drawn.letters.push(Letter {
                begins_word: begins_word || text.starts_with(char::is_whitespace),
                text: in_order(text.trim()),
                at,
                size,
                is_light: lightness > LIGHTEST,
                outline,
            });
        }
    }

    fn draw_path(&mut self, path: &BezPath, by: Affine, paint: &Paint<'a>, mode: &PathDrawMode) {
        self.watch();
        let area = (by * path.clone()).bounding_box().intersect(self.clip());
        let (opacity, _) = seen(paint);
        let opacity = opacity * self.opacity();
        if opacity < LEAST_OPACITY || area.width() < 0.0 || area.height() < 0.0 {
            return;
        }
        if matches!(mode, PathDrawMode::Fill(_)) && opacity > 1.0 - LEAST_OPACITY {
            self.cover(area);
        }
        self.drawn.shapes.push(area);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        self.watch();
        let area = transform.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        let area = area.intersect(self.clip());
        if self.opacity() < LEAST_OPACITY || area.area() <= 0.0 {
            return;
        }
        self.cover(area);
        self.drawn.pictures.push(Picture::of(&image, area));
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.watch();
        let area = self.clip().intersect(clip.path.bounding_box());
        self.clips.push(area);
    }

    fn pop_clip_path(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.watch();
        self.opacities.push(opacity);
        self.veils.push(mask.is_some() || mode != BlendMode::Normal);
    }

    fn pop_transparency_group(&mut self) {
        if self.opacities.len() > 1 {
            self.opacities.pop();
            self.veils.pop();
        }
    }

    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.is_masked = mask.is_some();
    }

    fn set_blend_mode(&mut self, mode: BlendMode) {
        self.is_mixed = mode != BlendMode::Normal;
    }
}
