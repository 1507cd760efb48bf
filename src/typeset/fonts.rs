//! The fonts in the program. What they are and which characters they have is known beforehand: a document
//! reads only those that it is set in.

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use typst_kit::fonts::FontSource;

/// What each font says of itself, in the order of `typst_assets::fonts`.
const INFOS: &str = include_str!("fonts.json");

/// The file of a font in the program.
pub struct Embedded(&'static [u8]);

impl FontSource for Embedded {
    fn load(&self) -> Option<Font> {
        Font::new(Bytes::new(self.0), 0)
    }
}

/// The fonts in the program.
pub fn embedded() -> impl Iterator<Item = (Embedded, FontInfo)> {
    let infos: Vec<FontInfo> =
        serde_json::from_str(INFOS).expect("the list is part of the program, and a test reads it");
    typst_assets::fonts().map(Embedded).zip(infos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_the_fonts_is_what_they_say() {
        let said: Vec<FontInfo> = typst_assets::fonts().flat_map(FontInfo::iter).collect();
        let lines: Vec<String> =
            said.iter().map(|info| serde_json::to_string(info).expect("JSON")).collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        if text != INFOS {
            let path = std::env::temp_dir().join("fonts.json");
            std::fs::write(&path, text).expect("a temporary folder");
            panic!("other fonts came with Typst: see {}", path.display());
        }
    }
}
