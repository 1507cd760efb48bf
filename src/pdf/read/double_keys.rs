//! Keys that stand twice in a dictionary: some programs go by the first, others by the last.
//!
//! Source: ISO 32000-2, 7.2 and 7.3.

use std::collections::HashSet;

use crate::pdf::file::open::end_of_text;

/// A dictionary or a list that is being read.
#[derive(Default)]
struct Level<'a> {
    is_dictionary: bool,
    keys: HashSet<Vec<u8>>,
    /// The parts of the value of the last key, if they are a name, a number or a word; others are empty.
    value: Vec<&'a [u8]>,
}

impl<'a> Level<'a> {
    /// Whether the last key has one value.
    fn is_whole(&self) -> bool {
        match self.value.as_slice() {
            [] => self.keys.is_empty(),
            [_] | [_, _, b"R"] => !self.keys.is_empty(),
            _ => false,
        }
    }

    /// Adds a part of a value, or a key; whether it can stand there.
    fn add(&mut self, part: &'a [u8]) -> bool {
        if !self.is_dictionary {
            return true;
        }
        let is_key = part.starts_with(b"/") && (self.keys.is_empty() || !self.value.is_empty());
        if !is_key {
            self.value.push(part);
            return true;
        }
        let is_whole = self.is_whole();
        self.value.clear();
        is_whole && self.keys.insert(name(part))
    }
}

/// Whether a dictionary in some values has a key twice, or something that is neither a key nor its value.
pub fn has_double_key(bytes: &[u8]) -> bool {
    let mut levels = vec![Level::default()];
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        let is_double = bytes.get(at) == Some(&byte);
        let mut ends = false;
        let part: &[u8] = match byte {
            b'\0' | b'\t' | b'\n' | b'\x0C' | b'\r' | b' ' => continue,
            b'%' => {
                at += bytes[at..].iter().take_while(|byte| !b"\r\n".contains(byte)).count();
                continue;
            }
            b'[' => {
                levels.push(Level::default());
                continue;
            }
            b'<' if is_double => {
                at += 1;
                levels.push(Level { is_dictionary: true, ..Level::default() });
                continue;
            }
            b'>' | b']' => {
                at += usize::from(byte == b'>' && is_double);
                ends = true;
                b""
            }
            b'(' => {
                at = end_of_text(bytes, at);
                b""
            }
            b'<' => {
                at += bytes[at..].iter().take_while(|byte| **byte != b'>').count() + 1;
                b""
            }
            _ => {
                at += bytes[at..].iter().take_while(|byte| is_regular(**byte)).count();
                &bytes[start..at]
            }
        };
        if ends {
            let Some(level) = levels.pop().filter(|_| !levels.is_empty()) else {
                return true;
            };
            if level.is_dictionary && !level.is_whole() {
                return true;
            }
        }
        if levels.last_mut().is_none_or(|level| !level.add(part)) {
            return true;
        }
    }
    false
}

fn is_regular(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"\0()<>[]{}/%".contains(&byte)
}

/// A name as it is read: characters can be written as `#` with two digits.
fn name(written: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((&byte, after)) = rest.split_first() {
        let digits = (byte == b'#').then(|| after.get(..2)).flatten();
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let character = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        name.push(character.unwrap_or(byte));
        rest = if character.is_some() { &after[2..] } else { after };
    }
    name
}

#[cfg(test)]
mod tests {
    use super::has_double_key;

    #[test]
    fn a_key_stands_once() {
        for once in [
            "<</A 1/B 2>>",
            "<</A/A/B/A>>",
            "<</A<</A 1>>/B[/A/A]>>",
            "<</A 5 0 R/B(/A \\) /A)/C<2F>>>",
            "<</A true % /A\n/B null>>",
            "<<>> [<</A 1>><</A 1>>] 7",
        ] {
            assert!(!has_double_key(once.as_bytes()), "{once}");
        }
        for twice in [
            "<</A 1/A 2>>",
            "<</A 1/#41 2>>",
            "<</B[<</A 1/A 2>>]>>",
            "<</B<</A(x)/C 1/A 5 0 R>>>>",
            "<</A 1 0 2/B 1>>",
            "<</A 1 junk/B 1>>",
            "<<junk/B 1>>",
            "<</A>>",
        ] {
            assert!(has_double_key(twice.as_bytes()), "{twice}");
        }
    }
}
