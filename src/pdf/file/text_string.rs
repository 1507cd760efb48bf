//! Text strings: as they are read, and as they are written.
//!
//! Source: ISO 32000-1, 7.9.2.2 and D.2; ISO 32000-2, 7.9.2.2.1 (UTF-8).

use hayro_syntax::object::{Dict, String as PdfString};

/// The text string that stands under a key.
pub fn text(dictionary: &Dict<'_>, key: &[u8]) -> Option<String> {
    Some(decode(dictionary.get::<PdfString<'_>>(key)?.as_bytes()))
}

/// A text string: UTF-16 or UTF-8 with a mark, else `PDFDocEncoding`.
pub fn decode(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(b"\xFE\xFF") {
        let units = utf16.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        String::from_utf8_lossy(utf8).into_owned()
    } else {
        bytes.iter().map(|&byte| doc_encoding(byte)).collect()
    }
}

/// The bytes of a text string: ASCII as it is, anything else as UTF-16.
pub fn encode(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.as_bytes().to_vec();
    }
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    [0xFE, 0xFF].into_iter().chain(units).collect()
}

/// A character of `PDFDocEncoding` (ISO 32000-1, D.2).
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
