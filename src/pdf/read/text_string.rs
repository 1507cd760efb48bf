//! Text strings: UTF-16 or UTF-8 with a mark, else `PDFDocEncoding`.
//!
//! Source: ISO 32000-1, 7.9.2.2 and D.2.

use hayro_syntax::object::{Dict, String as PdfString};

/// The text of an entry.
pub fn entry(dictionary: &Dict<'_>, key: &[u8]) -> Option<String> {
    Some(decode(&dictionary.get::<PdfString<'_>>(key)?))
}

/// The text of a string.
pub fn decode(value: &PdfString<'_>) -> String {
    let bytes = value.as_bytes();
    if let Some(utf16) = bytes.strip_prefix(b"\xFE\xFF") {
        let units = utf16.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        String::from_utf8_lossy(utf8).into_owned()
    } else {
        bytes.iter().map(|&byte| doc_encoding(byte)).collect()
    }
}

/// A character of `PDFDocEncoding`.
fn doc_encoding(byte: u8) -> char {
    const FROM_0X80: [char; 31] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž',
    ];
    const FROM_0X18: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    match byte {
        0x18..=0x1F => FROM_0X18[usize::from(byte - 0x18)],
        0x80..=0x9E => FROM_0X80[usize::from(byte - 0x80)],
        0xA0 => '€',
        _ => char::from(byte),
    }
}
