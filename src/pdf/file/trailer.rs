//! The trailer of a document: where its objects begin, and what an update takes over from it.
//!
//! Source: ISO 32000-1, 7.5.5, 7.5.6 and 7.5.8.

use hayro_syntax::object::{Array, Dict, FromBytes, String as PdfString};

use super::object::{Entries, Same};

/// The last trailer of a document.
pub struct Trailer<'a> {
    /// Its entries, or those of the cross-reference stream.
    pub dictionary: Dict<'a>,
    /// Whether it is that of a cross-reference stream.
    pub is_stream: bool,
    /// The byte offset of its cross-reference section.
    pub offset: usize,
}

/// How far from the end `startxref` may stand, as viewers have it.
const TAIL: usize = 2048;

impl<'a> Trailer<'a> {
    /// Finds the last trailer; `None` if the end of the document does not lead to one.
    pub fn read(pdf: &'a [u8]) -> Option<Self> {
        const START: &[u8] = b"startxref";
        let tail = pdf.len().saturating_sub(TAIL);
        let at = pdf[tail..].windows(START.len()).rposition(|window| window == START)?;
        let (offset, _) = number(pdf[tail + at + START.len()..].trim_ascii_start())?;
        Self::at(pdf, offset)
    }

    /// The trailer of the cross-reference section at a byte offset; `None` if there is none.
    pub fn at(pdf: &'a [u8], offset: usize) -> Option<Self> {
        let section = pdf.get(offset..)?.trim_ascii_start();
        if section.starts_with(b"xref") {
            const TRAILER: &[u8] = b"trailer";
            let at = section.windows(TRAILER.len()).position(|window| window == TRAILER)?;
            let dictionary = section[at + TRAILER.len()..].trim_ascii_start();
            let dictionary = Dict::from_bytes(dictionary)?;
            return Some(Self { dictionary, is_stream: false, offset });
        }
        let (_, rest) = number(section)?;
        let (_, rest) = number(rest.trim_ascii_start())?;
        let rest = rest.trim_ascii_start().strip_prefix(b"obj")?;
        let dictionary = Dict::from_bytes(rest.trim_ascii_start())?;
        Some(Self { dictionary, is_stream: true, offset })
    }

    /// The number that is one higher than all others, as the document says: it may be wrong.
    pub fn size(&self) -> Option<i32> {
        self.dictionary.get::<i32>(b"Size").filter(|size| *size > 0)
    }

    /// The permanent half of `/ID`; not every program writes one.
    pub fn first_id(&self) -> Option<Vec<u8>> {
        let id = self.dictionary.get::<Array<'_>>(b"ID")?.iter::<PdfString<'_>>().next()?;
        Some(id.as_bytes().to_vec())
    }

    /// What the next trailer says too: where the document begins, what is known of it, how it is encrypted.
    pub fn kept(&self) -> Vec<u8> {
        let mut entries = Entries::of(&self.dictionary, &mut Same);
        let kept = entries.keep(&["Root", "Info", "Encrypt"]).bytes();
        kept[2..kept.len() - 2].to_vec()
    }
}

/// The number that bytes begin with, and what follows.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = bytes.split_at(digits);
    Some((std::str::from_utf8(number).ok()?.parse().ok()?, rest))
}
