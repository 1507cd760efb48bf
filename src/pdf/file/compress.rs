//! Deflating streams.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Deflates; the level is fixed, so that the same bytes come out.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
