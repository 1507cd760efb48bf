//! The font that what is typed into a field is shown in: a sans-serif with the letters of an encoding of its own,
//! embedded whole, so that a filled-in document is still PDF/A (ISO 19005-3, 6.2.11.4.1).
//!
//! A simple font has 255 codes, and programs that fill in forms know simple fonts alone. What it lacks, such as Greek,
//! some show in a font of theirs and others leave out: reading the fields finds that out.

use std::sync::LazyLock;

use pdf_writer::types::{FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Rect, Ref, Str};

use super::letters::{self, DIFFERENCES};
use crate::pdf::file::compress::compress;
use crate::pdf::file::update::Update;

/// The name of the font among the form's resources.
pub const NAME: Name<'static> = Name(b"DpaSans");

/// The font's own name.
const BASE_FONT: Name<'static> = Name(b"DpaSans");

/// Advance widths of the codes 1 to 255, in thousandths of the size.
const WIDTHS: [u16; 255] = [
    667, 556, 722, 500, 667, 556, 556, 222, 0, 0, 722, 556, 0, 667, 500, 611, //
    500, 611, 500, 722, 500, 722, 615, 667, 556, 722, 556, 722, 333, 611, 375, 278, //
    278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, //
    556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, //
    667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, //
    778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, //
    556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, //
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 722, 556, //
    556, 222, 556, 333, 1000, 292, 778, 556, 722, 667, 556, 1000, 667, 611, 556, 667, //
    222, 222, 333, 333, 350, 556, 1000, 500, 1000, 500, 611, 944, 278, 500, 667, 278, //
    722, 556, 778, 556, 278, 278, 556, 667, 737, 500, 556, 667, 333, 737, 556, 400, //
    667, 556, 278, 333, 278, 722, 333, 556, 556, 500, 556, 222, 556, 667, 556, 667, //
    667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, //
    722, 778, 778, 778, 778, 778, 222, 778, 722, 722, 722, 722, 667, 667, 611, 556, //
    556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, //
    556, 556, 556, 556, 556, 556, 556, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// The font program, deflated once for all documents.
static PROGRAM: LazyLock<Vec<u8>> = LazyLock::new(|| compress(include_bytes!("font/DpaSans.cff")));

/// Adds the font to a document.
pub fn add(update: &mut Update) -> Ref {
    let [font, descriptor, program, to_unicode] = [(); 4].map(|()| update.reserve());
    update.put(font, |chunk| {
        let mut dictionary = chunk.type1_font(font);
        dictionary.base_font(BASE_FONT).first_char(1).last_char(255);
        dictionary.widths(WIDTHS.map(f32::from)).font_descriptor(descriptor);
        dictionary.to_unicode(to_unicode);
        let mut encoding = dictionary.encoding_custom();
        encoding.base_encoding(Name(b"WinAnsiEncoding"));
        let mut differences = encoding.differences();
        for (code, _, name) in DIFFERENCES {
            differences.consecutive(code, [Name(name.as_bytes())]);
        }
    });
    update.put(descriptor, |chunk| {
        let mut dictionary = chunk.font_descriptor(descriptor);
        dictionary
            .name(BASE_FONT)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(-544.0, -303.0, 1302.0, 980.0))
            .italic_angle(0.0)
            .ascent(905.0)
            .descent(-212.0)
            .cap_height(688.0)
            .stem_v(88.0)
            .font_file3(program);
    });
    update.put(program, |chunk| {
        let mut stream = chunk.stream(program, &PROGRAM);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Subtype"), Name(b"Type1C"));
        stream.finish();
    });
    update.put(to_unicode, |chunk| {
        chunk.cmap(to_unicode, &unicode());
    });
    font
}

/// Which letter each code is, for those who search and copy.
fn unicode() -> Vec<u8> {
    const SYSTEM: SystemInfo<'static> =
        SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
    let mut map = UnicodeCmap::<u8>::new(Name(b"DpaSans-UCS"), SYSTEM);
    for code in 1..=u8::MAX {
        if let Some(letter) = letters::letter(code) {
            map.pair(code, letter);
        }
    }
    map.finish().to_vec()
}

/// The codes of a text; an error is the letter that the font does not have. With `is_plain`, the font is that of an
/// earlier version, which has `WinAnsiEncoding`.
pub fn encode(text: &str, is_plain: bool) -> Result<Vec<u8>, char> {
    let is_known = |code: &u8| !is_plain || DIFFERENCES.iter().all(|(differs, ..)| differs != code);
    text.chars().map(|letter| letters::code(letter).filter(is_known).ok_or(letter)).collect()
}

/// How wide some codes are, in sizes of the letters.
pub fn width(codes: &[u8]) -> f32 {
    let width = |code: &u8| code.checked_sub(1).map_or(0, |index| WIDTHS[usize::from(index)]);
    codes.iter().map(|code| f32::from(width(code))).sum::<f32>() / 1000.0
}
