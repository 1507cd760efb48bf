//! What glyphs look like, whatever their font says that they are: the same letter in the font as a program wrote it
//! again, with other numbers or rounded, is like it; another letter is not.

use std::time::Instant;

use hayro_interpret::font::Glyph;
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, GlyphDrawMode, Image, Paint, PathDrawMode, SoftMask,
};
use kurbo::{Affine, BezPath, PathEl, Point, flatten};

use super::text::TooLate;

/// How far a line may be from the curve that it stands for; lengths are parts of the font's size.
const FLAT: f64 = 0.003;
/// How far apart the points are at which two outlines are compared.
const STEP: f64 = 0.02;
/// How far programs may move an edge when they round.
const ROUNDED: f64 = 0.012;
/// At how many points two outlines that are alike may differ.
const MOST_STRAY: usize = 3;
/// How many lines an outline may have, and how far it may reach, to be compared.
const MOST_LINES: usize = 20_000;
const FARTHEST: f64 = 10.0;

/// The outline of a glyph as straight lines, in parts of the size of its font.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline(Vec<(Point, Point)>);

impl Outline {
    /// The outline of a glyph, turned and stretched by what is between its own units, a thousandth of the font's size,
    /// and the paper; none if it is more than lines and areas in the colour of its text.
    pub fn of<'a>(
        glyph: &Glyph<'a>,
        paint: &Paint<'a>,
        by: Affine,
        deadline: Instant,
    ) -> Option<Self> {
        let (path, paint_key) = (BezPath::new(), paint.cache_key());
        let mut pen = Pen { path, is_plain: true, paint: paint_key, deadline };
        pen.draw(glyph, paint, Affine::IDENTITY);
        pen.is_plain.then(|| Self::of_path(&(by * pen.path)))
    }

    fn of_path(path: &BezPath) -> Self {
        let (mut lines, mut start, mut last) = (Vec::new(), Point::ZERO, Point::ZERO);
        flatten(path, FLAT, |element| {
            let to = match element {
                PathEl::MoveTo(to) => {
                    // What is not closed is filled as if it were.
                    lines.push((last, start));
                    (start, last) = (to, to);
                    return;
                }
                PathEl::LineTo(to) => to,
                _ => start,
            };
            lines.push((last, to));
            last = to;
        });
        lines.push((last, start));
        lines.retain(|(from, to)| from != to);
        Self(lines)
    }

    /// Whether nothing is seen of it.
    pub fn is_blank(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether two outlines are those of one letter.
    pub fn is_like(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let Some((bottom, top)) = self.reach(other) else {
            return false;
        };
        let mut stray = 0;
        let mut y = (bottom / STEP).floor() * STEP;
        while y <= top {
            stray += self.beyond(other, y) + other.beyond(self, y);
            if stray > MOST_STRAY {
                return false;
            }
            y += STEP;
        }
        true
    }

    /// The lowest and the highest point of both; none if they are too large to compare.
    fn reach(&self, other: &Self) -> Option<(f64, f64)> {
        let lines = self.0.iter().chain(&other.0);
        let points = lines.flat_map(|(from, to)| [*from, *to]);
        let is_small = |point: &Point| point.x.abs() < FARTHEST && point.y.abs() < FARTHEST;
        let (mut bottom, mut top) = (f64::INFINITY, f64::NEG_INFINITY);
        for point in points {
            if !is_small(&point) {
                return None;
            }
            (bottom, top) = (bottom.min(point.y), top.max(point.y));
        }
        (self.0.len().max(other.0.len()) <= MOST_LINES).then_some((bottom, top))
    }

    /// At how many points of a row it is filled where the other is not even close.
    fn beyond(&self, other: &Self, y: f64) -> usize {
        let near = [y - ROUNDED, y, y + ROUNDED].map(|y| other.filled(y));
        let is_near = |x: f64| {
            let mut spans = near.iter().flatten();
            spans.any(|(from, to)| (from - ROUNDED..=to + ROUNDED).contains(&x))
        };
        let mut count = 0;
        for (from, to) in self.filled(y) {
            let mut x = (from / STEP).ceil() * STEP;
            while x <= to {
                count += usize::from(!is_near(x));
                x += STEP;
            }
        }
        count
    }

    /// From where to where a row is filled.
    fn filled(&self, y: f64) -> Vec<(f64, f64)> {
        let mut crossings = Vec::new();
        for (from, to) in &self.0 {
            let turn = match (from.y <= y, to.y <= y) {
                (true, false) => 1,
                (false, true) => -1,
                _ => continue,
            };
            crossings.push((from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x), turn));
        }
        crossings.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut spans, mut winding, mut begin) = (Vec::new(), 0, 0.0);
        for (x, turn) in crossings {
            if winding == 0 {
                begin = x;
            }
            winding += turn;
            if winding == 0 {
                spans.push((begin, x));
            }
        }
        spans
    }
}

/// Follows what draws a glyph.
struct Pen {
    path: BezPath,
    /// Whether all of it is lines and areas in one colour.
    is_plain: bool,
    /// That colour, by its key.
    paint: u128,
    deadline: Instant,
}

impl Pen {
    fn draw<'a>(&mut self, glyph: &Glyph<'a>, paint: &Paint<'a>, by: Affine) {
        match glyph {
            Glyph::Outline(glyph) => self.add(&glyph.outline(), by, paint),
            Glyph::Type3(glyph) => glyph.interpret(self, by, Affine::IDENTITY, paint),
        }
    }

    fn add(&mut self, path: &BezPath, by: Affine, paint: &Paint<'_>) {
        if Instant::now() > self.deadline {
            std::panic::resume_unwind(Box::new(TooLate));
        }
        self.is_plain &= paint.cache_key() == self.paint;
        self.path.extend(by * path.clone());
    }
}

impl<'a> Device<'a> for Pen {
    fn draw_path(&mut self, path: &BezPath, by: Affine, paint: &Paint<'a>, _: &PathDrawMode) {
        self.add(path, by, paint);
    }

    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        paint: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        self.draw(glyph, paint, transform * glyph_transform);
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {
        self.is_plain = false;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.is_plain = false;
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.is_plain = false;
    }

    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.is_plain &= mask.is_none();
    }

    fn set_blend_mode(&mut self, mode: BlendMode) {
        self.is_plain &= mode == BlendMode::Normal;
    }

    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(path: &str) -> Outline {
        let path = BezPath::from_svg(path).unwrap();
        Outline::of_path(&(Affine::scale(0.001) * path))
    }

    #[test]
    fn a_rounded_letter_is_like_itself_and_no_other() {
        // A ring, a ring with a gap, and the same ring rounded and begun elsewhere, its inner part turned otherwise.
        let ring = outline("M0 0H500V500H0ZM80 80V420H420V80Z");
        let rounded = outline("M501 500.6H-1V1H501ZM420 420.5V80H81V420.5Z");
        let open = outline("M0 0H500V80H80V420H500V500H0Z");
        assert!(ring.is_like(&rounded) && rounded.is_like(&ring));
        assert!(!ring.is_like(&open) && !open.is_like(&ring));
        // A stop and a comma; a letter and nothing.
        let stop = outline("M0 0H100V100H0Z");
        let comma = outline("M0 0H40V-120H100V100H0Z");
        assert!(!stop.is_like(&comma) && !comma.is_like(&stop));
        assert!(!ring.is_like(&outline("")) && !outline("").is_like(&ring));
        assert!(outline("").is_blank() && outline("").is_like(&outline("M5 5")));
        // Too large to be compared.
        assert!(!outline("M0 0H99999V9H0Z").is_like(&outline("M0 0H99999V8H0Z")));
    }
}
