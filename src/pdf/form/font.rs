//! The font that what is typed into a field is shown in: a sans-serif with all of `WinAnsiEncoding`,
//! embedded whole, so that a filled-in document is still PDF/A (ISO 19005-3, 6.2.11.4.1).

use std::sync::LazyLock;

use pdf_writer::types::FontFlags;
use pdf_writer::{Filter, Finish, Name, Rect, Ref};

use crate::pdf::file::compress::compress;
use crate::pdf::file::update::Update;

/// The name of the font among the form's resources.
pub const NAME: Name<'static> = Name(b"DpaSans");

/// The font's own name.
const BASE_FONT: Name<'static> = Name(b"ChromSansOTF");

/// Advance widths of the codes 32 to 255, in thousandths of the size; undefined codes are bullets.
const WIDTHS: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, //
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, //
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, //
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, //
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, //
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350, //
    667, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, //
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 366, 944, 350, 500, 667, //
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 612, 584, 333, 737, 333, //
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 612, 834, 834, 834, 611, //
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, //
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, //
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, //
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// The font program, deflated once for all documents.
static PROGRAM: LazyLock<Vec<u8>> = LazyLock::new(|| compress(typst_assets::pdf::SANS));

/// Adds the font to a document.
pub fn add(update: &mut Update) -> Ref {
    let [font, descriptor, program] = [update.reserve(), update.reserve(), update.reserve()];
    update.put(font, |chunk| {
        let mut dictionary = chunk.type1_font(font);
        dictionary.base_font(BASE_FONT).first_char(32).last_char(255);
        dictionary.widths(WIDTHS.map(f32::from)).font_descriptor(descriptor);
        dictionary.encoding_predefined(Name(b"WinAnsiEncoding"));
    });
    update.put(descriptor, |chunk| {
        let mut dictionary = chunk.font_descriptor(descriptor);
        dictionary
            .name(BASE_FONT)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(-166.0, -225.0, 1000.0, 945.0))
            .italic_angle(0.0)
            .ascent(718.0)
            .descent(-207.0)
            .cap_height(718.0)
            .stem_v(88.0)
            .font_file3(program);
    });
    update.put(program, |chunk| {
        let mut stream = chunk.stream(program, &PROGRAM);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Subtype"), Name(b"Type1C"));
        stream.finish();
    });
    font
}

/// The codes of a text in `WinAnsiEncoding`; an error is the letter that it does not have.
pub fn encode(text: &str) -> Result<Vec<u8>, char> {
    /// The letters from 0x80 to 0x9F; an undefined code has none.
    const FROM_0X80: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let code = |letter: char| match letter {
        ' '..='~' | '\u{A0}'..='\u{FF}' => u8::try_from(letter).ok(),
        '\0' => None,
        _ => {
            let at = FROM_0X80.iter().position(|known| *known == letter)?;
            u8::try_from(0x80 + at).ok()
        }
    };
    text.chars().map(|letter| code(letter).ok_or(letter)).collect()
}

/// How wide some codes are, in sizes of the letters.
pub fn width(codes: &[u8]) -> f32 {
    let width = |code: &u8| code.checked_sub(32).map_or(0, |index| WIDTHS[usize::from(index)]);
    codes.iter().map(|code| f32::from(width(code))).sum::<f32>() / 1000.0
}
