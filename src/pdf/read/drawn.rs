//! What is seen on a page: its letters with their places, its shapes and its pictures.

use std::time::{Duration, Instant};

use hayro_interpret::font::Glyph;
use hayro_interpret::{
    BlendMode, ClipPath, Device, GlyphDrawMode, Image, Paint, PathDrawMode, SoftMask,
    interpret_page,
};
use hayro_syntax::Pdf;
use hayro_syntax::page::Page;
use kurbo::{Affine, BezPath, Point, Rect, Shape};

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
    /// Pictures, by what they cover.
    pub pictures: Vec<Rect>,
    /// How many letters do not say what they are.
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
        for area in self.shapes.iter_mut().chain(&mut self.pictures) {
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
        match text::letters_of(glyph) {
            Some(text) => self.drawn.letters.push(Letter {
                begins_word: begins_word || text.starts_with(char::is_whitespace),
                text: in_order(text.trim()),
                at,
                size,
                is_light: lightness > LIGHTEST,
            }),
            None => self.drawn.unknown += 1,
        }
    }

    fn draw_path(&mut self, path: &BezPath, by: Affine, paint: &Paint<'_>, mode: &PathDrawMode) {
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

    fn draw_image(&mut self, _: Image<'_, '_>, transform: Affine) {
        self.watch();
        let area = transform.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        let area = area.intersect(self.clip());
        if self.opacity() < LEAST_OPACITY || area.area() <= 0.0 {
            return;
        }
        self.cover(area);
        self.drawn.pictures.push(area);
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

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.watch();
        self.opacities.push(opacity);
    }

    fn pop_transparency_group(&mut self) {
        if self.opacities.len() > 1 {
            self.opacities.pop();
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
}
