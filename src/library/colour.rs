//! The accent colour: read, and refused where text in it could not be read on paper.

use crate::diagnostic::Diagnostic;
use crate::input::{Checker, Text};

/// The least contrast of text with the paper it stands on (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// A colour as `#rrggbb` that text can have.
pub fn check(check: &mut Checker<'_>, colour: &Text) -> Option<String> {
    let value = colour.get_ref();
    let Some(channels) = channels(value) else {
        let wrong = Diagnostic::error(format!("`{}` is not a colour", value.escape_debug()))
            .at(check.source, colour.span())
            .hint("write it as \"#1f4e79\"");
        check.problem(wrong);
        return None;
    };
    if contrast_with_white(channels) >= LEAST_CONTRAST {
        return Some(value.clone());
    }
    let [red, green, blue] = readable(channels);
    let ratio = contrast_with_white(channels);
    let message =
        format!("`{value}` is too light to read: its contrast with white is {ratio:.1} : 1");
    let wrong = Diagnostic::error(message)
        .at(check.source, colour.span())
        .hint(format!(
            "text needs {LEAST_CONTRAST} : 1; the nearest such shade is \"#{red:02x}{green:02x}{blue:02x}\""
        ));
    check.problem(wrong);
    None
}

fn channels(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// The contrast ratio of WCAG 2.2, from 1 to 21.
fn contrast_with_white(channels: [u8; 3]) -> f64 {
    let [red, green, blue] = channels.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    1.05 / (luminance + 0.05)
}

/// The lightest shade of a colour that can be read on white: its channels in the same proportion.
fn readable(colour: [u8; 3]) -> [u8; 3] {
    let shade = |part: u16| {
        // At most the channel itself: `part` is at most 256.
        colour.map(|channel| u8::try_from(u16::from(channel) * part / 256).unwrap_or(channel))
    };
    let shades = (0..=256).rev().map(shade);
    shades
        .into_iter()
        .find(|shade| contrast_with_white(*shade) >= LEAST_CONTRAST)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast_with_white([0, 0, 0]) - 21.0).abs() < 1e-9);
        assert!((contrast_with_white([255, 255, 255]) - 1.0).abs() < 1e-9);
        // The lightest grey that passes is a known one.
        assert!(contrast_with_white([0x76; 3]) >= LEAST_CONTRAST);
        assert!(contrast_with_white([0x77; 3]) < LEAST_CONTRAST);
    }

    #[test]
    fn the_shade_that_is_named_passes_and_a_lighter_one_does_not() {
        assert_eq!(readable([255, 255, 255]), [0x76; 3]);
        let yellow = readable([0xe8, 0xb9, 0x23]);
        assert!(contrast_with_white(yellow) >= LEAST_CONTRAST);
        assert!(contrast_with_white(yellow.map(|channel| channel + 2)) < LEAST_CONTRAST);
    }
}
