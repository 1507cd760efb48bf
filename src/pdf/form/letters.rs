//! The encoding of the form's font: a code for every letter of the languages of the EU that are written in Latin
//! letters, and of Turkish, as far as 255 codes go round.
//!
//! It is `WinAnsiEncoding`, except that other letters have the codes that it leaves undefined, and those of signs that
//! no name, place or date has. Source: ISO 32000-1, 9.6.6 and Annex D; Adobe Glyph List.

/// Codes that have another letter than in `WinAnsiEncoding`, in their order, and what its glyph is called.
pub const DIFFERENCES: [(u8, char, &str); 66] = [
    (0x01, 'Ą', "Aogonek"),
    (0x02, 'ą', "aogonek"),
    (0x03, 'Ć', "Cacute"),
    (0x04, 'ć', "cacute"),
    (0x05, 'Ę', "Eogonek"),
    (0x06, 'ę', "eogonek"),
    (0x07, 'Ł', "Lslash"),
    (0x08, 'ł', "lslash"),
    (0x0B, 'Ń', "Nacute"),
    (0x0C, 'ń', "nacute"),
    (0x0E, 'Ś', "Sacute"),
    (0x0F, 'ś', "sacute"),
    (0x10, 'Ź', "Zacute"),
    (0x11, 'ź', "zacute"),
    (0x12, 'Ż', "Zdotaccent"),
    (0x13, 'ż', "zdotaccent"),
    (0x14, 'Č', "Ccaron"),
    (0x15, 'č', "ccaron"),
    (0x16, 'Ď', "Dcaron"),
    (0x17, 'ď', "dcaron"),
    (0x18, 'Ě', "Ecaron"),
    (0x19, 'ě', "ecaron"),
    (0x1A, 'Ň', "Ncaron"),
    (0x1B, 'ň', "ncaron"),
    (0x1C, 'Ř', "Rcaron"),
    (0x1D, 'ř', "rcaron"),
    (0x1E, 'Ť', "Tcaron"),
    (0x1F, 'ť', "tcaron"),
    (0x7F, 'Ů', "Uring"),
    (0x81, 'ů', "uring"),
    (0x83, 'Ľ', "Lcaron"),
    (0x86, 'ľ', "lcaron"),
    (0x87, 'Ő', "Ohungarumlaut"),
    (0x88, 'ő', "ohungarumlaut"),
    (0x89, 'Ű', "Uhungarumlaut"),
    (0x8B, 'ű', "uhungarumlaut"),
    (0x8D, 'Ă', "Abreve"),
    (0x8F, 'ă', "abreve"),
    (0x90, 'Ș', "Scommaaccent"),
    (0x98, 'ș', "scommaaccent"),
    (0x9B, 'Ț', "uni021A"),
    (0x9D, 'ț', "uni021B"),
    (0xA1, 'Đ', "Dcroat"),
    (0xA2, 'đ', "dcroat"),
    (0xA3, 'Ğ', "Gbreve"),
    (0xA4, 'ğ', "gbreve"),
    (0xA5, 'İ', "Idotaccent"),
    (0xA6, 'ı', "dotlessi"),
    (0xA8, 'Ş', "Scedilla"),
    (0xAA, 'ş', "scedilla"),
    (0xAC, 'Ā', "Amacron"),
    (0xAF, 'ā', "amacron"),
    (0xB1, 'Ē', "Emacron"),
    (0xB2, 'ē', "emacron"),
    (0xB3, 'Ī', "Imacron"),
    (0xB5, 'ī', "imacron"),
    (0xB6, 'Ū', "Umacron"),
    (0xB8, 'ū', "umacron"),
    (0xB9, 'ģ', "gcommaaccent"),
    (0xBA, 'ķ', "kcommaaccent"),
    (0xBC, 'ļ', "lcommaaccent"),
    (0xBD, 'ņ', "ncommaaccent"),
    (0xBE, 'Ė', "Edotaccent"),
    (0xBF, 'ė', "edotaccent"),
    (0xD7, 'į', "iogonek"),
    (0xF7, 'ų', "uogonek"),
];

/// What `WinAnsiEncoding` has from 0x80 to 0x9F; an undefined code has none.
const FROM_0X80: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The letter of a code; the codes of line ends and tabs have none.
pub fn letter(code: u8) -> Option<char> {
    if let Some((_, letter, _)) = DIFFERENCES.iter().find(|(differs, ..)| *differs == code) {
        return Some(*letter);
    }
    match code {
        0x20..=0x7E | 0xA0..=0xFF => Some(char::from(code)),
        0x80..=0x9F => Some(FROM_0X80[usize::from(code - 0x80)]).filter(|letter| *letter != '\0'),
        _ => None,
    }
}

/// The code of a letter.
pub fn code(of: char) -> Option<u8> {
    (1..=u8::MAX).find(|code| letter(*code) == Some(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_has_one_code() {
        for known in (1..=u8::MAX).filter_map(letter) {
            let codes = (1..=u8::MAX).filter(|code| letter(*code) == Some(known)).count();
            assert_eq!(codes, 1, "{known:?}");
        }
        assert!(DIFFERENCES.is_sorted());
    }

    #[test]
    fn names_of_europe_have_codes() {
        for name in
            ["Zoë", "Dvořák", "Łukasiewicz", "Źrebak", "Yıldız", "Șerban", "Bērziņš", "Đorđević"]
        {
            assert!(name.chars().all(|letter| code(letter).is_some()), "{name}");
        }
        assert_eq!([code('Ω'), code('Ж'), code('½'), code('\n')], [None; 4]);
    }
}
