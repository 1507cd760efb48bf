//! Writing objects that were read: as they are, with other references, or with encrypted strings.
//!
//! Source: ISO 32000-1, 7.3.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;

use hayro_syntax::object::{Array, Dict, MaybeRef, ObjRef, Object};

/// What becomes of a value's parts when it is written again.
pub trait Change {
    /// A reference.
    fn reference(&mut self, reference: ObjRef) -> ObjRef {
        reference
    }

    /// The bytes of a string.
    fn string<'s>(&mut self, bytes: &'s [u8]) -> Cow<'s, [u8]> {
        Cow::Borrowed(bytes)
    }

    /// An entry of a dictionary, if it becomes another value.
    fn entry(&mut self, _key: &[u8], _value: &MaybeRef<Object<'_>>) -> Option<Vec<u8>> {
        None
    }
}

/// Everything stays.
pub struct Same;

impl Change for Same {}

/// A dictionary to be changed: each value as it will be written, by key.
#[derive(Debug, Clone, Default)]
pub struct Entries(BTreeMap<Vec<u8>, Vec<u8>>);

impl Entries {
    /// The entries of a dictionary that was read.
    pub fn of(dictionary: &Dict<'_>, change: &mut dyn Change) -> Self {
        let mut entries = BTreeMap::new();
        for key in dictionary.keys() {
            let mut value = Vec::new();
            match dictionary.get_raw::<Object<'_>>(key.as_ref()) {
                Some(read) => match change.entry(&key, &read) {
                    Some(other) => value = other,
                    None => write(&mut value, &read, change),
                },
                None => value.extend_from_slice(b"null"),
            }
            entries.insert(key.to_vec(), value);
        }
        Self(entries)
    }

    /// Sets an entry.
    pub fn set(&mut self, key: &str, value: impl Into<Vec<u8>>) -> &mut Self {
        self.0.insert(key.as_bytes().to_vec(), value.into());
        self
    }

    /// Adds entries; those of the same key are replaced.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Keeps the entries with these keys only.
    pub fn keep(&mut self, keys: &[&str]) -> &mut Self {
        self.0.retain(|key, _| keys.iter().any(|kept| kept.as_bytes() == key));
        self
    }

    /// The dictionary as it is written.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"<<".to_vec();
        for (key, value) in &self.0 {
            write_name(&mut out, key);
            // A blank divides a name from a number; a delimiter does so itself.
            if !value.first().is_some_and(|first| b"<[/(".contains(first)) {
                out.push(b' ');
            }
            out.extend_from_slice(value);
        }
        out.extend_from_slice(b">>");
        out
    }
}

/// A value as bytes.
pub fn bytes(value: &MaybeRef<Object<'_>>, change: &mut dyn Change) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, value, change);
    out
}

/// Writes a value. A stream can only stand on its own, so as a part of a value there is none.
fn write(out: &mut Vec<u8>, value: &MaybeRef<Object<'_>>, change: &mut dyn Change) {
    // Writing to memory does not fail.
    let _ = match value {
        MaybeRef::Ref(reference) => {
            let reference = change.reference(*reference);
            write!(out, "{} {} R", reference.obj_number, reference.gen_number)
        }
        MaybeRef::NotRef(object) => match object {
            Object::Null(_) | Object::Stream(_) => write!(out, "null"),
            Object::Boolean(value) => write!(out, "{value}"),
            Object::Number(number) => write!(out, "{}", number.as_f64()),
            Object::String(text) => {
                write_string(out, &change.string(text.as_bytes()));
                Ok(())
            }
            Object::Name(name) => {
                write_name(out, name);
                Ok(())
            }
            Object::Dict(dictionary) => out.write_all(&Entries::of(dictionary, change).bytes()),
            Object::Array(array) => out.write_all(&list(&items(array, change))),
        },
    };
}

/// The items of an array, each as it is written.
pub fn items(array: &Array<'_>, change: &mut dyn Change) -> Vec<Vec<u8>> {
    array.raw_iter().map(|item| bytes(&item, change)).collect()
}

/// An array of items.
pub fn list(items: &[Vec<u8>]) -> Vec<u8> {
    [b"[".as_slice(), &items.join(&b' '), b"]"].concat()
}

/// A reference as it is written.
pub fn reference(id: impl Into<ObjRef>) -> Vec<u8> {
    let id = id.into();
    format!("{} {} R", id.obj_number, id.gen_number).into_bytes()
}

/// Writes a name; what is no regular character is escaped.
fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

/// Writes a string: its letters, if they are plain ones.
pub fn write_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) && !b"()\\".contains(byte);
    if bytes.iter().all(is_plain) {
        out.push(b'(');
        out.extend_from_slice(bytes);
        out.push(b')');
    } else {
        out.push(b'<');
        for byte in bytes {
            let _ = write!(out, "{byte:02x}");
        }
        out.push(b'>');
    }
}

/// A string as it is written.
pub fn string(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_string(&mut out, bytes);
    out
}

#[cfg(test)]
mod tests {
    use hayro_syntax::object::FromBytes;
    use proptest::prelude::*;

    use super::*;

    fn again(text: &[u8]) -> String {
        let dictionary = Dict::from_bytes(text).unwrap();
        String::from_utf8(Entries::of(&dictionary, &mut Same).bytes()).unwrap()
    }

    #[test]
    fn a_dictionary_is_written_as_it_was_read() {
        assert_eq!(
            again(
                b"<< /B[ 1 0 R -1.50 .5 true null ] /A#20b (a\\(b) /C<</D/E /F <414243>>> /N 3>>"
            ),
            "<</A#20b<612862>/B[1 0 R -1.5 0.5 true null]/C<</D/E/F(ABC)>>/N 3>>"
        );
    }

    /// A value, as some program may write it.
    fn values() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|value| value.to_string()),
            (-1_000_000..1_000_000_i32).prop_map(|number| number.to_string()),
            (-999..999_i32, 0..1000_u32).prop_map(|(whole, part)| format!("{whole}.{part:03}")),
            (1..9999_u32).prop_map(|number| format!("{number} 0 R")),
            "[a-zA-Z0-9._-]{0,8}".prop_map(|name| format!("/{name}#20#ff")),
            "[ -'*-\\[\\]-~]{0,12}".prop_map(|text| format!("({text}\\)\\053)")),
            proptest::collection::vec(any::<u8>(), 0..9)
                .prop_map(|bytes| { format!("<{}>", base16ct::lower::encode_string(&bytes)) }),
        ];
        leaf.prop_recursive(6, 40, 5, |value| {
            prop_oneof![
                proptest::collection::vec(value.clone(), 0..5)
                    .prop_map(|items| format!("[{}]", items.join(" "))),
                proptest::collection::vec(value, 0..5).prop_map(|values| {
                    let entries = values.iter().enumerate();
                    let entries = entries.map(|(index, value)| format!("/K{index} {value}"));
                    format!("<<{}>>", entries.collect::<Vec<_>>().join(" "))
                }),
            ]
        })
    }

    proptest! {
        /// What is written is read as it was: then it is written the same.
        #[test]
        fn a_value_is_written_as_it_is_read(value in values()) {
            let once = again(format!("<</V {value}>>").as_bytes());
            prop_assert_eq!(again(once.as_bytes()), once);
        }
    }
}
