//! Incremental updates: objects appended to a PDF, with a cross-reference section of their own, of the kind
//! that the document has, and encrypted if the document is.
//!
//! Source: ISO 32000-1, 7.5.6 and 7.5.8.

use std::collections::BTreeMap;
use std::ops::Range;

use base16ct::lower::encode_string;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, FromBytes, MaybeRef, Name, ObjRef, Object, ObjectIdentifier};
use pdf_writer::{Chunk, Ref};
use sha2::{Digest, Sha256};

use super::encryption::{DataKind, Encryption};
use super::error::FileError;
use super::numbers::first_free;
use super::object::{self, Change, Entries};
use super::trailer::Trailer;

/// The objects to append, by number.
pub struct Update {
    objects: BTreeMap<i32, Written>,
    next: i32,
    /// What the new trailer takes over from the one before.
    kept: Vec<u8>,
    /// The permanent half of `/ID`.
    first_id: Vec<u8>,
    /// The byte offset of the cross-reference section before.
    previous: usize,
    /// Whether that is a stream.
    is_stream: bool,
    /// How the document is encrypted, if it is.
    pub encryption: Option<Encryption>,
}

/// An object to append: its generation, and its bytes from its value on.
struct Written {
    generation: i32,
    value: Vec<u8>,
}

impl Update {
    /// Starts an update of a PDF that was read.
    pub fn of(pdf: &Pdf) -> Result<Self, FileError> {
        let bytes: &[u8] = pdf.data().as_ref();
        let trailer = Trailer::read(bytes).ok_or(FileError::Damaged)?;
        let first_id = trailer.first_id();
        let encryption = match trailer.dictionary.get_raw::<Dict<'_>>(b"Encrypt") {
            None => None,
            Some(found) => {
                let dictionary = match found {
                    MaybeRef::NotRef(dictionary) => Some(dictionary),
                    // Its own strings are not encrypted: they are read without the document's key.
                    MaybeRef::Ref(id) => pdf
                        .xref()
                        .get::<Dict<'_>>(id.into())
                        .and_then(|read| Dict::from_bytes(read.data())),
                };
                let encryption = dictionary.zip(first_id.as_ref());
                let encryption = encryption.and_then(|(found, id)| Encryption::read(&found, id));
                Some(encryption.ok_or(FileError::UnknownEncryption)?)
            }
        };
        Ok(Self {
            objects: BTreeMap::new(),
            next: first_free(pdf, trailer.size().ok_or(FileError::Damaged)?),
            kept: trailer.kept(),
            // Without one, the document's own digest is.
            first_id: first_id.unwrap_or_else(|| Sha256::digest(bytes)[..16].to_vec()),
            previous: trailer.offset,
            is_stream: trailer.is_stream,
            encryption,
        })
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
        let bytes = chunk.as_bytes();
        let value = bytes.strip_prefix(format!("{} 0 obj\n", id.get()).as_bytes()).unwrap_or(bytes);
        let value = value.strip_suffix(b"\nendobj\n\n").unwrap_or(value).to_vec();
        self.objects.insert(id.get(), Written { generation: 0, value });
    }

    /// Adds or replaces an object by the bytes of its value.
    pub fn put_raw(&mut self, id: i32, value: &[u8]) {
        self.replace(ObjectIdentifier::new(id, 0), value);
    }

    /// Replaces an object, or adds one, by the bytes of its value.
    pub fn replace(&mut self, id: ObjectIdentifier, value: &[u8]) {
        let written = Written { generation: id.gen_number, value: value.to_vec() };
        self.objects.insert(id.obj_number, written);
    }

    /// The PDF with the update behind it. `before` is what stands before it in the file: offsets are counted
    /// from where the PDF begins.
    ///
    /// # Errors
    ///
    /// If it is encrypted, and what is added cannot be.
    pub fn append_to(mut self, before: &[u8], pdf: &[u8]) -> Result<Vec<u8>, FileError> {
        let mut bytes = [before, pdf].concat();
        bytes.push(b'\n');
        let mut offsets = BTreeMap::new();
        for (id, Written { generation, value }) in &self.objects {
            offsets.insert(*id, (bytes.len() - before.len(), *generation));
            bytes.extend_from_slice(format!("{id} {generation} obj\n").as_bytes());
            match &self.encryption {
                None => bytes.extend_from_slice(value),
                Some(encryption) => {
                    bytes.extend(encrypted(ObjRef::new(*id, *generation), value, encryption)?);
                }
            }
            bytes.extend_from_slice(b"\nendobj\n\n");
        }
        let start = bytes.len() - before.len();
        let id = if self.is_stream {
            let own = self.reserve().get();
            offsets.insert(own, (start, 0));
            self.write_stream(own, &offsets, &mut bytes)
        } else {
            self.write_table(&offsets, &mut bytes)
        };
        bytes.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
        let changed = changed_id(&bytes, id.clone());
        bytes[id].copy_from_slice(changed.as_bytes());
        Ok(bytes)
    }

    /// Writes the section as a table with its trailer; returns where the changing half of `/ID` is.
    fn write_table(
        &self,
        offsets: &BTreeMap<i32, (usize, i32)>,
        out: &mut Vec<u8>,
    ) -> Range<usize> {
        out.extend_from_slice(b"xref\n");
        for (id, (offset, generation)) in offsets {
            // 20 bytes an entry, its end-of-line two of them.
            let entry = format!("{id} 1\n{offset:010} {generation:05} n\r\n");
            out.extend_from_slice(entry.as_bytes());
        }
        out.extend_from_slice(b"trailer\n");
        self.write_dictionary("", out)
    }

    /// Writes the section as a stream; returns where the changing half of `/ID` is.
    fn write_stream(
        &self,
        own: i32,
        offsets: &BTreeMap<i32, (usize, i32)>,
        out: &mut Vec<u8>,
    ) -> Range<usize> {
        let index: Vec<String> = offsets.keys().map(|id| format!("{id} 1")).collect();
        let mut data = Vec::new();
        for (offset, generation) in offsets.values() {
            // In use; eight bytes of offset, two of generation.
            data.push(1);
            data.extend((*offset as u64).to_be_bytes());
            data.extend(u16::try_from(*generation).unwrap_or_default().to_be_bytes());
        }
        let more = format!("/Type/XRef/W[1 8 2]/Index[{}]/Length {}", index.join(" "), data.len());
        out.extend_from_slice(format!("{own} 0 obj\n").as_bytes());
        let id = self.write_dictionary(&more, out);
        out.extend_from_slice(b"\nstream\n");
        out.extend_from_slice(&data);
        out.extend_from_slice(b"\nendstream\nendobj");
        id
    }

    /// Writes the trailer's dictionary; returns where the changing half of `/ID` is.
    fn write_dictionary(&self, more: &str, out: &mut Vec<u8>) -> Range<usize> {
        out.extend_from_slice(format!("<<{more}/Size {}", self.next).as_bytes());
        out.extend_from_slice(&self.kept);
        out.extend_from_slice(b"/ID[");
        object::write_string(out, &self.first_id);
        out.push(b'<');
        let id = out.len()..out.len() + ID_LENGTH;
        out.extend_from_slice(&[b'0'; ID_LENGTH]);
        out.extend_from_slice(format!(">]/Prev {}>>", self.previous).as_bytes());
        id
    }
}

/// An object's value with its strings and its stream encrypted.
fn encrypted(id: ObjRef, value: &[u8], encryption: &Encryption) -> Result<Vec<u8>, FileError> {
    struct Strings<'a> {
        id: ObjRef,
        encryption: &'a Encryption,
        failed: Option<FileError>,
    }
    impl Change for Strings<'_> {
        fn string<'s>(&mut self, bytes: &'s [u8]) -> std::borrow::Cow<'s, [u8]> {
            let encrypted = self.encryption.encrypt(self.id, bytes, DataKind::String);
            encrypted
                .unwrap_or_else(|error| {
                    self.failed = Some(error);
                    Vec::new()
                })
                .into()
        }
    }
    let mut strings = Strings { id, encryption, failed: None };
    let written = if let Some(Object::Stream(stream)) = Object::from_bytes(value) {
        let dictionary = stream.dict();
        let kind = dictionary.get::<Name<'_>>(b"Type");
        let is_file = kind.is_some_and(|kind| kind.as_ref() == b"EmbeddedFile");
        let kind = if is_file { DataKind::EmbeddedFile } else { DataKind::Stream };
        let data = encryption.encrypt(id, &stream.raw_data(), kind)?;
        let mut entries = Entries::of(dictionary, &mut strings);
        entries.set("Length", data.len().to_string());
        [&entries.bytes(), b"\nstream\n".as_slice(), &data, b"\nendstream"].concat()
    } else {
        // What cannot be read cannot be encrypted, and written as it is it would not be read either.
        let read = MaybeRef::<Object<'_>>::from_bytes(value).ok_or(FileError::UnknownEncryption)?;
        object::bytes(&read, &mut strings)
    };
    strings.failed.map_or(Ok(written), Err)
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
