//! Opening a document of another program. The reader follows object streams, page trees and nested values
//! as deep as they go, so a document in which they go round in circles, or deeper than any program writes
//! them, is refused before it is read.
//!
//! Source: ISO 32000-1, 7.3, 7.5.7, 7.5.8 and 7.7.3.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Name, Object, Stream};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use regex::bytes::Regex;

use super::cross_references::{self, Place};
use super::error::FileError;
use super::start::start;

/// How deep values, and nodes of the page tree, may be nested: programs write less than 20 levels, and each
/// needs some kilobytes of stack.
const DEEPEST: usize = 100;

/// How many pages a document may have: some bytes can stand for a number without end.
const MOST_PAGES: usize = 1_000_000;

/// Reads a document, whatever program wrote it, from where its offsets are counted.
///
/// # Errors
///
/// If it is damaged, needs a password, or is built in a way that reading it would not end.
pub fn open(mut bytes: Vec<u8>) -> Result<Pdf, FileError> {
    bytes.drain(..start(&bytes));
    if !is_bounded(&bytes) {
        return Err(FileError::Damaged);
    }
    Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            FileError::PasswordProtected
        }
        LoadPdfError::Decryption(_) => FileError::UnknownEncryption,
        LoadPdfError::Invalid => FileError::Damaged,
    })
}

/// Whether reading the document comes to an end. What is encrypted cannot be looked into here.
fn is_bounded(bytes: &[u8]) -> bool {
    let parts = outside_streams(bytes);
    if !is_shallow(parts.iter().map(|&(from, to)| &bytes[from..to])) {
        return false;
    }
    let mut found = Structure::default();
    for (from, to) in parts {
        for object in OBJECT.captures_iter(&bytes[from..to]) {
            let Some(number) = number(&object[1]) else {
                continue;
            };
            let value = bytes[from + object.get_match().end()..].trim_ascii_start();
            if !found.add(number, value) {
                return false;
            }
        }
    }
    found.is_bounded()
}

/// The beginning of an object.
pub static OBJECT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)(\d+)\s+(\d+)\s+obj\b"));

/// The beginning of a stream's data, and its end.
static STREAM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)>>\s*stream[\r\n]|endstream"));

/// A pattern of this file; its tests use each.
fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a pattern of this file: {error}"))
}

/// Where the parts of the document are that are no stream's data: from where, to where.
pub fn outside_streams(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut from = Some(0);
    for mark in STREAM.find_iter(bytes) {
        let ends = mark.as_bytes() == b"endstream";
        match from {
            Some(start) if !ends => {
                parts.push((start, mark.end()));
                from = None;
            }
            None if ends => from = Some(mark.start()),
            _ => {}
        }
    }
    parts.extend(from.map(|start| (start, bytes.len())));
    parts
}

/// Whether no value is nested too deep.
fn is_shallow<'a>(parts: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut depth = 0_usize;
    for part in parts {
        let mut at = 0;
        while let Some(&byte) = part.get(at) {
            let is_double = part.get(at + 1) == Some(&byte);
            at += 1;
            match byte {
                b'(' => at = end_of_text(part, at),
                b'%' => at += part[at..].iter().take_while(|byte| !b"\r\n".contains(byte)).count(),
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                b'<' if is_double => (at, depth) = (at + 1, depth + 1),
                b'>' if is_double => (at, depth) = (at + 1, depth.saturating_sub(1)),
                _ => {}
            }
            if depth > DEEPEST {
                return false;
            }
        }
    }
    true
}

/// Where a string ends that begins before `at`.
pub fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    let mut open = 1_usize;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    at
}

fn number(digits: &[u8]) -> Option<i32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What of a document's structure can go round in circles, in whichever revision.
#[derive(Default)]
struct Structure {
    /// The numbers of the objects in object streams.
    compressed: HashSet<i32>,
    /// The numbers of the object streams that are referred to.
    containers: HashSet<i32>,
    /// Where the lengths of object streams are.
    lengths: HashSet<i32>,
    /// The nodes of page trees, with the numbers of their kids and of the lists of their kids.
    nodes: HashMap<i32, Vec<i32>>,
    /// The numbers in lists.
    lists: HashMap<i32, Vec<i32>>,
}

impl Structure {
    /// Notes an object; whether it can be read.
    fn add(&mut self, number: i32, value: &[u8]) -> bool {
        if value.starts_with(b"[") {
            let list = Array::from_bytes(value).unwrap_or_default();
            self.lists.entry(number).or_default().extend(references(&list));
            return true;
        }
        let Some(dictionary) = Dict::from_bytes(value) else {
            return true;
        };
        let kind = dictionary.get::<Name<'_>>(b"Type");
        match kind.as_deref() {
            Some(b"ObjStm") => return self.add_object_stream(&dictionary, value),
            Some(b"XRef") => self.add_cross_references(value),
            // A kind that stands elsewhere may be any.
            Some(b"Pages") | None if dictionary.contains_key(b"Kids" as &[u8]) => {
                let is_named = kind.is_some() || dictionary.contains_key(b"Type" as &[u8]);
                if is_named {
                    self.nodes.entry(number).or_default().extend(kids(&dictionary));
                }
            }
            _ => {}
        }
        true
    }

    /// Notes the objects in an object stream; whether they can be read.
    fn add_object_stream(&mut self, dictionary: &Dict<'_>, value: &[u8]) -> bool {
        self.lengths.extend(reference(dictionary, b"Length"));
        let data = Stream::from_bytes(value).and_then(|stream| stream.decoded().ok());
        let first = dictionary.get::<usize>(b"First").unwrap_or_default();
        let Some((data, (head, body))) =
            data.as_deref().and_then(|data| Some((data, data.split_at_checked(first)?)))
        else {
            return true;
        };
        if !is_shallow(std::iter::once(body)) {
            return false;
        }
        let numbers: Vec<&[u8]> =
            head.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        for pair in numbers.chunks_exact(2) {
            let (Some(id), Some(offset)) = (number(pair[0]), number(pair[1])) else {
                continue;
            };
            self.compressed.insert(id);
            let at = usize::try_from(offset).ok().and_then(|offset| first.checked_add(offset));
            let value = at.and_then(|at| data.get(at..)).unwrap_or_default().trim_ascii_start();
            // An object stream cannot be in one.
            if !value.is_empty() {
                self.add(id, value);
            }
        }
        true
    }

    /// Notes which objects a cross-reference stream has in object streams.
    fn add_cross_references(&mut self, value: &[u8]) {
        for (id, place) in cross_references::of_stream(value).unwrap_or_default() {
            if let Place::Within(container) = place {
                self.compressed.insert(id);
                self.containers.insert(container);
            }
        }
    }

    fn is_bounded(&self) -> bool {
        let mut counted = HashMap::new();
        self.containers.is_disjoint(&self.compressed)
            && self.lengths.is_disjoint(&self.compressed)
            && self.nodes.keys().all(|&node| self.pages(node, 0, &mut counted).is_some())
    }

    /// How many pages are below a node; `None` if they are too many, or too deep.
    fn pages(&self, id: i32, depth: usize, counted: &mut HashMap<i32, usize>) -> Option<usize> {
        if let Some(&pages) = counted.get(&id) {
            return Some(pages);
        }
        if depth > DEEPEST {
            return None;
        }
        let Some(kids) = self.nodes.get(&id) else {
            return Some(1);
        };
        let mut pages = 0_usize;
        for kid in kids {
            let listed = self.lists.get(kid).map_or(std::slice::from_ref(kid), Vec::as_slice);
            for &kid in listed {
                pages += self.pages(kid, depth + 1, counted)?;
                if pages > MOST_PAGES {
                    return None;
                }
            }
        }
        counted.insert(id, pages);
        Some(pages)
    }
}

/// The numbers of the kids of a node, of those that stand in it too, or of the list of them.
fn kids(node: &Dict<'_>) -> Vec<i32> {
    match node.get_raw::<Array<'_>>(b"Kids") {
        Some(MaybeRef::Ref(list)) => vec![list.obj_number],
        Some(MaybeRef::NotRef(list)) => {
            let within = list.iter::<Dict<'_>>().flat_map(|kid| kids(&kid));
            references(&list).chain(within).collect()
        }
        None => Vec::new(),
    }
}

fn references<'a>(list: &Array<'a>) -> impl Iterator<Item = i32> + use<'a> {
    list.raw_iter().filter_map(|item| item.as_obj_ref().map(|id| id.obj_number))
}

fn reference(dictionary: &Dict<'_>, key: &[u8]) -> Option<i32> {
    let value = dictionary.get_raw::<Object<'_>>(key)?;
    value.as_obj_ref().map(|id| id.obj_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a document of these objects is read, without a cross-reference table.
    fn opens(objects: &str) -> bool {
        let catalog = "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n";
        let text = format!("%PDF-1.7\n{catalog}{objects}\ntrailer<</Root 1 0 R/Size 9>>\n");
        open(text.into_bytes()).is_ok()
    }

    #[test]
    fn values_are_nested_so_deep_and_no_deeper() {
        let nested = |depth: usize| {
            let (open, shut) = ("[".repeat(depth), "]".repeat(depth));
            format!(
                "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/X {open}{shut}>>endobj\n3 0 obj<</Type/Page>>endobj"
            )
        };
        assert!(opens(&nested(90)));
        assert!(!opens(&nested(DEEPEST)));
        assert!(!opens(&nested(1_000_000)));
        assert!(!opens(&nested(100_000).replace('[', "<</A").replace(']', ">>")));
    }

    #[test]
    fn brackets_in_texts_comments_and_streams_nest_nothing() {
        let texts = format!("({})%{}\n", "[\\)".repeat(500), "[".repeat(500));
        let stream = format!("4 0 obj<</Length 500>>stream\n{}\nendstream endobj", "[".repeat(500));
        assert!(opens(&format!(
            "2 0 obj<</Type/Pages/Kids[3 0 R]/X{texts}>>endobj\n3 0 obj<</Type/Page>>endobj\n{stream}"
        )));
    }

    #[test]
    fn page_trees_end() {
        assert!(!opens("2 0 obj<</Type/Pages/Kids[2 0 R]>>endobj"));
        assert!(!opens("2 0 obj<</Type/Pages/Kids 3 0 R>>endobj\n3 0 obj[2 0 R]endobj"));
        assert!(!opens("2 0 obj<</Type/Pages/Kids[<</Type/Pages/Kids[2 0 R]>>]>>endobj"));
        let doubled = |id| format!("{id} 0 obj<</Type/Pages/Kids[{0} 0 R {0} 0 R]>>endobj", id + 1);
        let doubled: Vec<String> = (2..40).map(doubled).collect();
        assert!(!opens(&format!("{}\n40 0 obj<</Type/Page>>endobj", doubled.join("\n"))));
    }

    #[test]
    fn object_streams_are_in_no_object_stream() {
        let circle = include_bytes!("../../../fixtures/returned/object-streams-in-a-circle.pdf");
        assert!(open(circle.to_vec()).is_err());
        let own_length =
            "2 0 obj<</Type/ObjStm/N 1/First 4/Length 5 0 R>>stream\n5 0 9\nendstream endobj\n";
        assert!(!opens(own_length));
    }
}
