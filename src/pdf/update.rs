//! Incremental updates: objects appended to a PDF, with a cross-reference section of their own.
//!
//! Source: ISO 32000-1, 7.5.6.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use base16ct::lower::encode_string;
use pdf_writer::{Chunk, Ref};
use sha2::{Digest, Sha256};

use super::Problem;

/// The objects to append, by number.
pub struct Update {
    objects: BTreeMap<i32, Vec<u8>>,
    next: i32,
    trailer: Trailer,
}

/// What the new trailer takes over from the one before.
struct Trailer {
    /// `/Root` and `/Info`, as they are written.
    references: String,
    /// The permanent half of `/ID`, as it is written.
    first_id: String,
    /// The byte offset of the cross-reference section before.
    previous: usize,
}

impl Update {
    /// Starts an update of a PDF with a classic cross-reference table, as Typst writes it.
    pub fn of(pdf: &[u8]) -> Result<Self, Problem> {
        let tail = &pdf[pdf.len().saturating_sub(2048)..];
        let tail = tail.windows(7).rposition(|window| window == b"trailer").map(|at| &tail[at..]);
        let trailer = tail.and_then(|tail| read_trailer(&String::from_utf8_lossy(tail)));
        let (trailer, next) = trailer.ok_or(Problem::Unexpected("a trailer"))?;
        Ok(Self { objects: BTreeMap::new(), next, trailer })
    }

    /// A number for a new object.
    pub fn reserve(&mut self) -> Ref {
        let reference = Ref::new(self.next);
        self.next += 1;
        reference
    }

    /// Adds an object, or replaces the one with its number: `write` is to write exactly that.
    pub fn put(&mut self, id: Ref, write: impl FnOnce(&mut Chunk)) {
        let mut chunk = Chunk::new();
        write(&mut chunk);
        self.objects.insert(id.get(), chunk.as_bytes().to_vec());
    }

    /// Adds or replaces an object by the bytes of its value.
    pub fn put_raw(&mut self, id: i32, value: &[u8]) {
        let object = [format!("{id} 0 obj\n").as_bytes(), value, b"\nendobj\n\n"].concat();
        self.objects.insert(id, object);
    }

    /// The PDF with the update behind it.
    pub fn append_to(self, pdf: &[u8]) -> Vec<u8> {
        let mut bytes = pdf.to_vec();
        bytes.push(b'\n');
        let mut offsets = BTreeMap::new();
        for (id, object) in &self.objects {
            offsets.insert(*id, bytes.len());
            bytes.extend_from_slice(object);
        }
        let start = bytes.len();
        let mut tail = String::from("xref\n");
        for (id, offset) in offsets {
            // 20 bytes an entry, its end-of-line two of them.
            let _ = write!(tail, "{id} 1\n{offset:010} 00000 n\r\n");
        }
        let Trailer { references, first_id, previous } = &self.trailer;
        let _ = write!(tail, "trailer\n<</Size {}{references}/ID[{first_id}<", self.next);
        bytes.extend_from_slice(tail.as_bytes());
        let id = bytes.len()..bytes.len() + ID_LENGTH;
        bytes.extend_from_slice(&[b'0'; ID_LENGTH]);
        let end = format!(">]/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n");
        bytes.extend_from_slice(end.as_bytes());
        let changed = changed_id(&bytes, id.clone());
        bytes[id].copy_from_slice(changed.as_bytes());
        bytes
    }
}

/// How many hexadecimal digits the changing half of `/ID` has.
pub const ID_LENGTH: usize = 32;

/// The changing half of `/ID`: a digest of all bytes of the file, zeros at its own place, so that a reader
/// can see that they are still the same.
pub fn changed_id(bytes: &[u8], own: Range<usize>) -> String {
    let mut hash = Sha256::new();
    hash.update(&bytes[..own.start]);
    hash.update([b'0'; ID_LENGTH]);
    hash.update(&bytes[own.end..]);
    encode_string(&hash.finalize()[..ID_LENGTH / 2])
}

/// Reads `trailer <</Size n/Root r/Info i/ID[(…)(…)]>> startxref n`.
fn read_trailer(text: &str) -> Option<(Trailer, i32)> {
    let (_, rest) = text.split_once("/Size ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (size, rest) = rest.split_at(digits);
    let (references, rest) = rest.split_once("/ID[")?;
    let end = rest.find(')')? + 1;
    let (_, previous) = rest.rsplit_once("startxref")?;
    let previous = previous.trim_start().lines().next()?.parse().ok()?;
    let trailer = Trailer {
        references: references.to_owned(),
        first_id: rest.get(..end).filter(|id| id.starts_with('('))?.to_owned(),
        previous,
    };
    Some((trailer, size.parse().ok()?))
}
