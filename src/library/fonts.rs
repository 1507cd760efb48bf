//! Whether a font file is whole: reading a damaged one may take all memory.
//!
//! Source: OpenType 1.9, "Organization of an OpenType Font": the table directory and the checksums in it.

use std::path::Path;

/// Whether a file is one of a font, by its name.
#[must_use]
pub fn is_font(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    let is_named = |known: &str| extension.is_some_and(|it| it.eq_ignore_ascii_case(known));
    ["ttf", "otf", "ttc", "otc"].into_iter().any(is_named)
}

/// The first table of a font, or of a collection's fonts, that does not have the checksum that the file says.
#[must_use]
pub fn damaged_table(font: &[u8]) -> Option<String> {
    let directories: Vec<usize> = match font.get(..4) {
        Some(b"ttcf") => {
            let count = number(font, 8).unwrap_or_default().min(u32::from(u8::MAX)) as usize;
            (0..count).filter_map(|index| Some(number(font, 12 + 4 * index)? as usize)).collect()
        }
        _ => vec![0],
    };
    directories.into_iter().find_map(|directory| damaged_in(font, directory))
}

fn damaged_in(font: &[u8], directory: usize) -> Option<String> {
    let count = usize::try_from(number(font, directory + 4)? >> 16).ok()?;
    (0..count).find_map(|index| {
        let record = directory + 12 + 16 * index;
        let tag = String::from_utf8_lossy(font.get(record..record + 4)?).trim().to_owned();
        let is_whole = || {
            let (sum, start) = (number(font, record + 4)?, number(font, record + 8)? as usize);
            let length = number(font, record + 12)? as usize;
            let mut table = font.get(start..start.checked_add(length)?)?.to_vec();
            if tag == "head" {
                // Its own field for the whole file's checksum counts as zero.
                table.get_mut(8..12)?.fill(0);
            }
            Some(checksum(&table) == sum)
        };
        (is_whole() != Some(true)).then_some(tag)
    })
}

/// A number of four bytes.
fn number(font: &[u8], at: usize) -> Option<u32> {
    let bytes = font.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// The sum of a table's numbers of four bytes; zeros fill up the last.
fn checksum(table: &[u8]) -> u32 {
    let numbers = table.chunks(4).map(|chunk| {
        let mut bytes = [0; 4];
        bytes[..chunk.len()].copy_from_slice(chunk);
        u32::from_be_bytes(bytes)
    });
    numbers.fold(0, u32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_in_the_program_are_whole_and_a_flipped_bit_is_seen() {
        for font in typst_assets::fonts() {
            assert_eq!(damaged_table(font), None);
        }
        let mut font = typst_assets::fonts().next().expect("a font").to_vec();
        let middle = font.len() / 2;
        font[middle] ^= 1;
        assert!(damaged_table(&font).is_some());
        font.truncate(middle);
        assert!(damaged_table(&font).is_some());
    }
}
