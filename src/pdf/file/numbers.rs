//! Which object numbers a document uses, whatever its trailer says: one number too low, and a new object takes
//! the place of one that is there.
//!
//! Source: ISO 32000-1, 7.3.10 and 7.5.7.

use std::sync::LazyLock;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Name, ObjectIdentifier, Stream};
use regex::bytes::Regex;

/// The highest number that a program writes (ISO 32000-1, C.2): higher ones only look like numbers of objects.
const HIGHEST: i32 = 8_388_607;

/// An object or a reference to one, which need not be there.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)\b(\d{1,10})[\s\x00]+(\d{1,5})[\s\x00]+(obj\b|R\b)")
        .unwrap_or_else(|error| unreachable!("a pattern of this file: {error}"))
});

/// The number of the first object that a document neither has nor refers to; `size` is what its trailer says.
pub fn first_free(pdf: &Pdf, size: i32) -> i32 {
    let mut highest = if size <= HIGHEST { size - 1 } else { 0 };
    for found in NUMBERED.captures_iter(pdf.data().as_ref()) {
        highest = highest.max(number(&found[1]).unwrap_or(0));
        let id = number(&found[1]).zip(number(&found[2])).filter(|_| &found[3] == b"obj");
        if let Some((id, generation)) = id {
            highest = highest.max(highest_within(pdf, ObjectIdentifier::new(id, generation)));
        }
    }
    highest + 1
}

/// The highest number in an object stream; 0 for any other object.
fn highest_within(pdf: &Pdf, id: ObjectIdentifier) -> i32 {
    let Some(stream) = pdf.xref().get::<Stream<'_>>(id) else {
        return 0;
    };
    let dictionary = stream.dict();
    if dictionary.get::<Name<'_>>(b"Type").as_deref() != Some(b"ObjStm") {
        return 0;
    }
    let Ok(data) = stream.decoded() else {
        return 0;
    };
    let first = dictionary.get::<usize>(b"First").unwrap_or_default().min(data.len());
    let (head, body) = data.split_at(first);
    // The number of each object, and where it begins.
    let head = head.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let own = head.step_by(2).filter_map(number);
    let others = NUMBERED.captures_iter(body).filter_map(|found| number(&found[1]));
    own.chain(others).max().unwrap_or(0)
}

/// A number that an object may have.
fn number(digits: &[u8]) -> Option<i32> {
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (0..=HIGHEST).contains(&number).then_some(number)
}
