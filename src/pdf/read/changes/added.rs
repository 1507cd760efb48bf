//! Whether all programs find the same objects in what was added to a document. Where the cross-references do
//! not lead to them, each program looks for them in its own way, and each has its own choice between two
//! entries of one name.
//!
//! Source: ISO 32000-2, 7.3.7, 7.3.10, 7.5.4, 7.5.5 and 7.5.6.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Name, ObjRef, Object, Stream};
use regex::bytes::Regex;

use crate::pdf::file::cross_references::{Place, Section};
use crate::pdf::file::lookup::resolve;
use crate::pdf::file::open::{OBJECT, outside_streams};
use crate::pdf::file::trailer::Trailer;
use crate::pdf::read::double_keys::has_double_key;

/// How far from the end of a file all programs look for `startxref`.
const TAIL: usize = 1024;

/// What stands before the byte offset of the last section.
const START: &[u8] = b"startxref";

/// What a part of a document cannot do without.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)obj|xref|trailer")
        .unwrap_or_else(|error| unreachable!("a pattern of this file: {error}"))
});

/// Whether all programs find the same in what was added; `None` if its end does not lead to it.
pub fn is_read_alike(before: &Pdf, after: &Pdf) -> Option<bool> {
    let (bytes, length) = (after.data().as_ref(), before.data().as_ref().len());
    if !PART.is_match(bytes.get(length..)?) {
        return Some(true);
    }
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let is_near = tail.windows(START.len()).any(|window| window == START);
    let trailer = Trailer::read(bytes).filter(|trailer| is_near && trailer.offset >= length)?;
    let root = ObjRef::from(after.xref().root_id());
    if trailer.dictionary.get_ref(b"Root") != Some(root) {
        return None;
    }
    let added = Added::read(bytes, length, trailer.offset)?;
    Some(added.is_clear && !added.has_hidden(bytes, length) && !added.contradicts(after))
}

/// What the cross-references in the added part say.
struct Added {
    /// Where objects are: number, generation and byte offset.
    objects: HashSet<(i32, i32, usize)>,
    /// Where sections are.
    sections: HashSet<usize>,
    /// What was said last of a number.
    last: HashMap<i32, Place>,
    /// Whether all is where it should be, and is read in one way only.
    is_clear: bool,
}

impl Added {
    fn read(bytes: &[u8], length: usize, last: usize) -> Option<Self> {
        let (objects, sections) = (HashSet::new(), HashSet::new());
        let mut added = Self { objects, sections, last: HashMap::new(), is_clear: true };
        let mut next = Some(last);
        while let Some(offset) = next.filter(|offset| *offset >= length) {
            let section = Section::at(bytes, offset)?;
            let start = bytes.len() - bytes[offset..].trim_ascii_start().len();
            // A section for other programs than those that read this one.
            let has_other = section.trailer.contains_key(b"XRefStm" as &[u8]);
            let is_new = added.sections.insert(start);
            added.is_clear &= is_new && !has_other && !has_double_key(section.trailer.data());
            if !is_new {
                break;
            }
            added.add(bytes, &section);
            next = section.previous();
        }
        Some(added)
    }

    fn add(&mut self, bytes: &[u8], section: &Section<'_>) {
        let mut own: HashMap<i32, Place> = HashMap::new();
        for &(number, place) in &section.places {
            let is_said_twice = own.insert(number, place).is_some_and(|known| known != place);
            self.is_clear &= !is_said_twice;
            if let Place::At { offset, generation } = place {
                let rest = bytes.get(offset..).unwrap_or_default().trim_ascii_start();
                let at = bytes.len() - rest.len();
                self.is_clear &= object(rest, number, generation).is_some_and(is_clear);
                self.objects.insert((number, generation, at));
            }
            self.last.entry(number).or_insert(place);
        }
    }

    /// Whether there is an object to which no cross-reference leads: programs that do not follow these find it.
    fn has_hidden(&self, bytes: &[u8], length: usize) -> bool {
        let added = &bytes[length..];
        let mut objects = outside_streams(added).into_iter().flat_map(|(from, to)| {
            let objects = OBJECT.captures_iter(&added[from..to]);
            objects.map(move |found| {
                let at = found.get_match().start() + length + from;
                (number(&found[1]), number(&found[2]), at)
            })
        });
        objects.any(|object| match object {
            (Some(number), Some(generation), at) => {
                !self.sections.contains(&at) && !self.objects.contains(&(number, generation, at))
            }
            _ => true,
        })
    }

    /// Whether the document refers to an object that was freed or has another generation now: some programs
    /// find the one that was there before.
    fn contradicts(&self, pdf: &Pdf) -> bool {
        let is_usual = |place: &Place| match place {
            Place::Free => false,
            Place::At { generation, .. } => *generation == 0,
            Place::Within(_) => true,
        };
        if self.last.iter().all(|(number, place)| *number == 0 || is_usual(place)) {
            return false;
        }
        let mut seen = HashSet::new();
        let mut open = vec![MaybeRef::Ref(ObjRef::from(pdf.xref().root_id()))];
        while let Some(value) = open.pop() {
            let reference = value.as_obj_ref();
            if reference.is_some_and(|reference| !seen.insert(reference)) {
                continue;
            }
            let Some(object) = resolve(pdf.xref(), value) else {
                continue;
            };
            let place = reference.and_then(|reference| self.last.get(&reference.obj_number));
            let is_found = match place.zip(reference) {
                Some((Place::Free, _)) => false,
                Some((Place::At { generation, .. }, reference)) => {
                    *generation == reference.gen_number
                }
                Some((Place::Within(_), reference)) => reference.gen_number == 0,
                None => true,
            };
            if !is_found {
                return true;
            }
            match object {
                Object::Dict(dictionary) => open.extend(values(&dictionary)),
                Object::Stream(stream) => open.extend(values(stream.dict())),
                Object::Array(array) => open.extend(array.raw_iter()),
                _ => {}
            }
        }
        false
    }
}

fn values<'a>(dictionary: &Dict<'a>) -> Vec<MaybeRef<Object<'a>>> {
    dictionary.keys().filter_map(|key| dictionary.get_raw(key.as_ref())).collect()
}

fn number(digits: &[u8]) -> Option<i32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The value of an object that begins with its number and its generation.
fn object(bytes: &[u8], id: i32, generation: i32) -> Option<&[u8]> {
    // Numbers are short: what is further on is no beginning.
    const LONGEST: usize = 64;
    let found = OBJECT.captures(&bytes[..bytes.len().min(LONGEST)])?;
    let is_it = number(&found[1]) == Some(id) && number(&found[2]) == Some(generation);
    let head = found.get_match();
    (is_it && head.start() == 0).then(|| bytes[head.end()..].trim_ascii_start())
}

/// Whether a value, and what is in it if it is an object stream, is read in one way only.
fn is_clear(value: &[u8]) -> bool {
    if value.starts_with(b"[") {
        return Array::from_bytes(value).is_some_and(|array| !has_double_key(array.data()));
    }
    if !value.starts_with(b"<<") {
        return true;
    }
    let Some(dictionary) = Dict::from_bytes(value) else {
        return false;
    };
    if has_double_key(dictionary.data()) {
        return false;
    }
    if dictionary.get::<Name<'_>>(b"Type").as_deref() != Some(b"ObjStm") {
        return true;
    }
    let data = Stream::from_bytes(value).and_then(|stream| stream.decoded().ok());
    let first = dictionary.get::<usize>(b"First").unwrap_or_default();
    let objects = data.as_deref().and_then(|data| data.get(first..));
    objects.is_some_and(|objects| !has_double_key(objects))
}
