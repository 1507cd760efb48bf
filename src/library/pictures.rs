//! Pictures of a library: none so large that decoding it takes all memory.

use std::path::Path;

use super::files::Files;
use crate::diagnostic::{Diagnostic, printable};

/// How many pixels a picture may have: those of an A4 page at 600 dots per inch, and some.
const MOST: usize = 40_000_000;

/// The pictures that are too large.
pub fn too_large(files: &Files) -> impl Iterator<Item = Diagnostic> {
    files.paths().filter_map(|path| {
        let extension = Path::new(path).extension()?.to_str()?.to_lowercase();
        if !["png", "jpg", "jpeg", "gif", "webp"].contains(&extension.as_str()) {
            return None;
        }
        // What is no picture, Typst reports where it is used.
        let size = imagesize::blob_size(files.bytes(path)?).ok()?;
        if size.width.saturating_mul(size.height) <= MOST {
            return None;
        }
        let name = files.name(path);
        let message = format!(
            "`{}` has {} × {} pixels, and a picture may have 40 million",
            printable(&name),
            size.width,
            size.height
        );
        Some(Diagnostic::error(message).hint("save it smaller: 2,000 pixels are enough for a page"))
    })
}
