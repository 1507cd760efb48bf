//! Where a PDF begins in its file: mail and web programs leave lines before it, and most readers count offsets
//! from the header on.
//!
//! Source: ISO 32000-2, 7.5.2 and C.2.

use super::trailer::Trailer;

/// How far into a file the header may stand, as viewers have it.
const HEAD: usize = 1024;

/// Where the header of a PDF stands; `None` if there is none.
pub fn header(bytes: &[u8]) -> Option<usize> {
    const HEADER: &[u8] = b"%PDF-";
    bytes.windows(HEADER.len()).take(HEAD).position(|window| window == HEADER)
}

/// From where the offsets of a PDF are counted: its header, unless only those from the file's first byte on
/// lead to a trailer.
pub fn start(bytes: &[u8]) -> usize {
    match header(bytes) {
        None | Some(0) => 0,
        Some(at) if Trailer::read(&bytes[at..]).is_some() => at,
        Some(_) if Trailer::read(bytes).is_some() => 0,
        Some(at) => at,
    }
}
