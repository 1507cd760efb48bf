//! Whether values of two revisions of a document are the same, with all that they refer to.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, MaybeRef, ObjRef, Object, Stream};

use crate::pdf::file::lookup::resolve;

/// Two revisions of a document.
pub struct Revisions<'a> {
    /// The earlier one.
    pub before: &'a Pdf,
    /// The later one.
    pub after: &'a Pdf,
    /// Objects that are compared on their own, as pages and fields: a reference to one is the same if it
    /// is to the same number.
    pub apart: HashSet<ObjRef>,
    /// The pairs that are the same, or are being compared.
    known: HashSet<(ObjRef, ObjRef)>,
}

/// A value before and after.
type Pair<'a> = (Option<MaybeRef<Object<'a>>>, Option<MaybeRef<Object<'a>>>);

impl<'a> Revisions<'a> {
    /// Two revisions of a document, nothing apart.
    pub fn new(before: &'a Pdf, after: &'a Pdf) -> Self {
        Self { before, after, apart: HashSet::new(), known: HashSet::new() }
    }

    /// Whether an entry of two dictionaries is the same.
    pub fn same_entry(&mut self, before: &Dict<'a>, after: &Dict<'a>, key: &[u8]) -> bool {
        self.same((before.get_raw(key), after.get_raw(key)))
    }

    /// Whether two values are the same. They are compared one after the other and not one within the other:
    /// a document may refer on and on.
    pub fn same(&mut self, pair: Pair<'a>) -> bool {
        let mut open = vec![pair];
        // What is found to differ makes all of this comparison worthless.
        let mut compared = Vec::new();
        while let Some((before, after)) = open.pop() {
            let references = (
                before.as_ref().and_then(MaybeRef::as_obj_ref),
                after.as_ref().and_then(MaybeRef::as_obj_ref),
            );
            if let (Some(one), Some(other)) = references {
                if self.apart.contains(&one) && self.apart.contains(&other) {
                    if one == other {
                        continue;
                    }
                    self.forget(compared);
                    return false;
                }
                if !self.known.insert((one, other)) {
                    continue;
                }
                compared.push((one, other));
            }
            let before = before.and_then(|value| resolve(self.before.xref(), value));
            let after = after.and_then(|value| resolve(self.after.xref(), value));
            if !alike(before.as_ref(), after.as_ref(), &mut open) {
                self.forget(compared);
                return false;
            }
        }
        true
    }

    fn forget(&mut self, compared: Vec<(ObjRef, ObjRef)>) {
        for pair in compared {
            self.known.remove(&pair);
        }
    }
}

/// Whether two values are alike, but for their parts, which are added to what is still to be compared.
fn alike<'a>(
    before: Option<&Object<'a>>,
    after: Option<&Object<'a>>,
    open: &mut Vec<Pair<'a>>,
) -> bool {
    match (before, after) {
        (None | Some(Object::Null(_)), None | Some(Object::Null(_))) => true,
        (Some(Object::Boolean(one)), Some(Object::Boolean(other))) => one == other,
        (Some(Object::Number(one)), Some(Object::Number(other))) => {
            one.as_f64().to_bits() == other.as_f64().to_bits()
        }
        (Some(Object::String(one)), Some(Object::String(other))) => {
            one.as_bytes() == other.as_bytes()
        }
        (Some(Object::Name(one)), Some(Object::Name(other))) => one.as_ref() == other.as_ref(),
        (Some(Object::Array(one)), Some(Object::Array(other))) => {
            let (one, other) = (one.raw_iter(), other.raw_iter());
            let (one, other): (Vec<_>, Vec<_>) = (one.collect(), other.collect());
            let is_as_long = one.len() == other.len();
            open.extend(one.into_iter().map(Some).zip(other.into_iter().map(Some)));
            is_as_long
        }
        (Some(Object::Dict(one)), Some(Object::Dict(other))) => {
            entries(one, other, &[], open);
            true
        }
        (Some(Object::Stream(one)), Some(Object::Stream(other))) => streams(one, other, open),
        _ => false,
    }
}

/// Adds the entries of two dictionaries, but for some, to what is still to be compared.
fn entries<'a>(one: &Dict<'a>, other: &Dict<'a>, but: &[&[u8]], open: &mut Vec<Pair<'a>>) {
    let is_compared = |key: &[u8]| !but.contains(&key);
    for key in one.keys().filter(|key| is_compared(key)) {
        open.push((one.get_raw(key.as_ref()), other.get_raw(key.as_ref())));
    }
    for key in other.keys().filter(|key| is_compared(key) && !one.contains_key(key.as_ref())) {
        open.push((None, other.get_raw(key.as_ref())));
    }
}

/// Streams are the same if their data are, however these are packed.
fn streams<'a>(one: &Stream<'a>, other: &Stream<'a>, open: &mut Vec<Pair<'a>>) -> bool {
    const PACKING: [&[u8]; 3] = [b"Length", b"Filter", b"DecodeParms"];
    if one.raw_data() == other.raw_data() {
        entries(one.dict(), other.dict(), &PACKING[..1], open);
        return true;
    }
    let (Ok(unpacked), Ok(again)) = (one.decoded(), other.decoded()) else {
        return false;
    };
    entries(one.dict(), other.dict(), &PACKING, open);
    unpacked == again
}
