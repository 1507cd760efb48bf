//! What pictures look like, roughly: a picture as a program packed it again is like it, another picture is not.

use hayro_interpret::{Image, ImageData};
use kurbo::Rect;

/// Into how many squares a picture is cut, along each side.
const SQUARES: usize = 8;
/// The most pixels that a picture may have to be looked at.
const MOST_PIXELS: u64 = 16_000_000;
/// How much lighter or darker a square may be, of 255.
const PACKED: u8 = 24;

/// A picture on a page.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What it covers.
    pub area: Rect,
    /// How light its squares are; none if that cannot be seen.
    look: Option<[u8; SQUARES * SQUARES]>,
}

impl Picture {
    /// A picture that covers an area.
    pub fn of(image: &Image<'_, '_>, area: Rect) -> Self {
        let is_small = u64::from(image.width()) * u64::from(image.height()) <= MOST_PIXELS;
        let mut look = None;
        match image {
            _ if !is_small => {}
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, _| look = squares(&mask.data, mask.width, |&pixel| pixel),
                None,
            ),
            Image::Raster(raster) => raster.with_rgba(
                |image, alpha| {
                    look = match &image {
                        ImageData::Luma(grey) => squares(&grey.data, grey.width, |&grey| grey),
                        ImageData::Rgb(colours) => {
                            let (pixels, _) = colours.data.as_chunks();
                            squares(pixels, colours.width, |&pixel| lightness(pixel))
                        }
                    };
                    let alpha = alpha.and_then(|mask| squares(&mask.data, mask.width, |&it| it));
                    if let (Some(look), Some(alpha)) = (&mut look, alpha) {
                        look.iter_mut()
                            .zip(alpha)
                            .for_each(|(it, alpha)| *it = on_paper(*it, alpha));
                    }
                },
                None,
            ),
        }
        Self { area, look }
    }

    /// Whether two pictures look alike, wherever they are.
    pub fn is_like(&self, other: &Self) -> bool {
        match (&self.look, &other.look) {
            (Some(one), Some(other)) => {
                one.iter().zip(other).all(|(one, other)| one.abs_diff(*other) <= PACKED)
            }
            (None, None) => true,
            _ => false,
        }
    }
}

fn lightness([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

/// How light something is that is seen through to white.
fn on_paper(light: u8, alpha: u8) -> u8 {
    let dark = u16::from(u8::MAX - light) * u16::from(alpha) / u16::from(u8::MAX);
    u8::MAX - u8::try_from(dark).unwrap_or(u8::MAX)
}

/// How light the squares of a picture are on average.
fn squares<Pixel>(
    pixels: &[Pixel],
    width: u32,
    light: impl Fn(&Pixel) -> u8,
) -> Option<[u8; SQUARES * SQUARES]> {
    let width = usize::try_from(width).ok().filter(|width| *width > 0)?;
    let height = pixels.len() / width;
    let (mut sums, mut counts) = ([0_u64; SQUARES * SQUARES], [0_u64; SQUARES * SQUARES]);
    for (at, pixel) in pixels.iter().take(width * height).enumerate() {
        let (row, column) = (at / width * SQUARES / height, at % width * SQUARES / width);
        sums[row * SQUARES + column] += u64::from(light(pixel));
        counts[row * SQUARES + column] += 1;
    }
    let mut look = [u8::MAX; SQUARES * SQUARES];
    for ((look, sum), count) in look.iter_mut().zip(sums).zip(counts) {
        *look = u8::try_from(sum.checked_div(count).unwrap_or(255)).unwrap_or(u8::MAX);
    }
    Some(look)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(pixels: &[u8], width: u32) -> Picture {
        Picture { area: Rect::ZERO, look: squares(pixels, width, |&pixel| pixel) }
    }

    #[test]
    fn a_picture_is_like_itself_in_another_size_and_no_other() {
        let half: Vec<u8> = (0..64 * 64).map(|at| if at % 64 < 32 { 20 } else { 240 }).collect();
        let small: Vec<u8> = (0..16 * 16).map(|at| if at % 16 < 8 { 25 } else { 235 }).collect();
        let turned: Vec<u8> = half.iter().rev().copied().collect();
        assert!(picture(&half, 64).is_like(&picture(&small, 16)));
        assert!(!picture(&half, 64).is_like(&picture(&turned, 64)));
        assert_eq!((on_paper(0, 255), on_paper(0, 0), on_paper(255, 99)), (0, 255, 255));
        // Fewer pixels than squares, or none.
        assert!(picture(&[0], 1).is_like(&picture(&[0], 1)));
        assert!(picture(&[], 0).is_like(&picture(&[], 5)) || picture(&[], 0).look.is_none());
    }
}
