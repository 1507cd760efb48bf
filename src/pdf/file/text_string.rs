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
    encode_utf_16(text)
}

/// The bytes of a text string in UTF-16.
pub fn encode_utf_16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    [0xFE, 0xFF].into_iter().chain(units).collect()
}

/// A character of `PDFDocEncoding` (ISO 32000-1, D.2); three codes stand for none.
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
        0x7F | 0x9F | 0xAD => char::REPLACEMENT_CHARACTER,
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO 32000-1, D.2, from octal 030 on, row by row.
    #[test]
    fn the_document_encoding_is_that_of_its_table() {
        let codes: Vec<u8> = (0x18..=0x1F).chain(0x80..=0x9E).chain(0xA0..=0xAC).collect();
        let table = "\u{2d8}\u{2c7}\u{2c6}\u{2d9}\u{2dd}\u{2db}\u{2da}\u{2dc}\
            \u{2022}\u{2020}\u{2021}\u{2026}\u{2014}\u{2013}\u{192}\u{2044}\u{2039}\u{203a}\u{2212}\u{2030}\
            \u{201e}\u{201c}\u{201d}\u{2018}\u{2019}\u{201a}\u{2122}\u{fb01}\u{fb02}\u{141}\u{152}\u{160}\
            \u{178}\u{17d}\u{131}\u{142}\u{153}\u{161}\u{17e}\
            \u{20ac}\u{a1}\u{a2}\u{a3}\u{a4}\u{a5}\u{a6}\u{a7}\u{a8}\u{a9}\u{aa}\u{ab}\u{ac}";
        assert_eq!(decode(&codes), table);
        let latin: Vec<u8> = (0x20..0x7F).chain(0xAE..=0xFF).collect();
        assert!(decode(&latin).chars().eq(latin.iter().map(|&byte| char::from(byte))));
        assert_eq!(decode(b"\x7F\x9F\xAD"), "\u{fffd}\u{fffd}\u{fffd}");
    }

    /// RFC 2781, 5 (UTF-16 with surrogates); RFC 3629, 7 (UTF-8).
    #[test]
    fn unicode_is_that_of_its_test_vectors() {
        let utf_16 = b"\xFE\xFF\xD8\x08\xDF\x45\x00\x3D\x00\x52\x00\x61";
        assert_eq!(decode(utf_16), "\u{12345}=Ra");
        assert_eq!(encode("\u{12345}=Ra"), utf_16);
        assert_eq!(decode(b"\xEF\xBB\xBF\x41\xE2\x89\xA2\xCE\x91\x2E"), "A\u{2262}\u{391}.");
        // Half of a pair, and half of a unit.
        assert_eq!(decode(b"\xFE\xFF\xD8\x08\x00\x61\x00"), "\u{fffd}a");
    }

    #[test]
    fn texts_beyond_ascii_are_utf_16() {
        assert_eq!(encode("a"), b"a");
        assert_eq!(encode("ë"), b"\xFE\xFF\0\xEB");
    }
}
