//! BER made DER: values of indefinite length get a length, strings in parts become one. Only what needs it
//! is written again, so that what was signed keeps its bytes.
//!
//! `der` reads indefinite lengths too, but not where they are inside of what is not known beforehand, as in
//! attributes and certificates, and no strings in parts.
//!
//! Source: ITU-T X.690, 8.1, 8.7, 8.23.

/// How deep values may be nested.
const DEEPEST: usize = 64;

/// The end of a value of indefinite length.
const END: &[u8] = &[0, 0];

/// The first value as DER, without what stands behind it; `None` if it is neither.
pub fn to_der(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(value(bytes, 0)?.der.unwrap_or_else(<[u8]>::to_vec))
}

/// A value that was read.
struct Value<'a> {
    /// As DER: written again, or as it stands.
    der: Result<Vec<u8>, &'a [u8]>,
    /// Its contents as DER.
    contents: Vec<u8>,
    rest: &'a [u8],
}

fn value(bytes: &[u8], depth: usize) -> Option<Value<'_>> {
    if depth > DEEPEST {
        return None;
    }
    let (tag, after_tag) = bytes.split_at_checked(tag_length(bytes)?)?;
    let (length, body) = length(after_tag)?;
    let is_constructed = tag[0] & 0x20 != 0;
    let (body, rest) = match length {
        Some(length) => body.split_at_checked(length)?,
        None if is_constructed => (body, body),
        None => return None,
    };
    let as_it_stands = &bytes[..bytes.len() - rest.len()];
    if !is_constructed {
        return Some(Value { der: Err(as_it_stands), contents: body.to_vec(), rest });
    }
    let is_string = is_string(tag);
    let (mut contents, mut rest, mut is_same) = (Vec::new(), rest, length.is_some() && !is_string);
    let mut open = body;
    loop {
        if length.is_none() && open.starts_with(END) {
            rest = &open[END.len()..];
            break;
        }
        if open.is_empty() {
            // Without a length there must be an end.
            length?;
            break;
        }
        let part = value(open, depth + 1)?;
        open = part.rest;
        is_same &= part.der.is_err();
        if is_string {
            contents.extend(part.contents);
        } else {
            match part.der {
                Ok(der) => contents.extend(der),
                Err(same) => contents.extend_from_slice(same),
            }
        }
    }
    if is_same {
        return Some(Value { der: Err(as_it_stands), contents, rest });
    }
    let mut der = tag.to_vec();
    if is_string {
        der[0] &= !0x20;
    }
    write_length(&mut der, contents.len());
    der.extend_from_slice(&contents);
    Some(Value { der: Ok(der), contents, rest })
}

/// Whether a tag is that of a string that may stand in parts; those of bits are not joined.
fn is_string(tag: &[u8]) -> bool {
    matches!(tag, [first] if matches!(first & 0xDF, 4 | 12 | 18..=22 | 25..=30))
}

fn tag_length(bytes: &[u8]) -> Option<usize> {
    if bytes.first()? & 0x1F != 0x1F {
        return Some(1);
    }
    Some(bytes[1..].iter().position(|byte| byte & 0x80 == 0)? + 2)
}

/// The length that bytes begin with, if it is definite, and what follows.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0..0x80 => Some((Some(first.into()), rest)),
        0x80 => Some((None, rest)),
        _ => {
            let (digits, rest) = rest.split_at_checked((first & 0x7F).into())?;
            let length = digits.iter().try_fold(0_usize, |length, &digit| {
                length.checked_mul(256)?.checked_add(digit.into())
            })?;
            Some((Some(length), rest))
        }
    }
}

/// Writes a length as DER has it.
pub fn write_length(out: &mut Vec<u8>, length: usize) {
    if let Ok(short @ 0..0x80) = u8::try_from(length) {
        out.push(short);
        return;
    }
    let bytes = length.to_be_bytes();
    let digits = &bytes[bytes.iter().take_while(|&&byte| byte == 0).count()..];
    // A `usize` has at most 8 bytes.
    out.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
    out.extend_from_slice(digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_get_one() {
        let ber = [0x30, 0x80, 0xA0, 0x80, 0x02, 0x01, 0x07, 0, 0, 0x05, 0x00, 0, 0, 0xFF];
        let der = [0x30, 0x07, 0xA0, 0x03, 0x02, 0x01, 0x07, 0x05, 0x00];
        assert_eq!(to_der(&ber).unwrap(), der);
        assert_eq!(to_der(&der).unwrap(), der);
    }

    #[test]
    fn strings_in_parts_become_one() {
        let ber = [0x24, 0x80, 0x04, 0x01, b'a', 0x24, 0x03, 0x04, 0x01, b'b', 0, 0];
        assert_eq!(to_der(&ber).unwrap(), [0x04, 0x02, b'a', b'b']);
    }

    #[test]
    fn what_is_der_in_an_odd_way_keeps_its_bytes() {
        let long = [0x30, 0x81, 0x03, 0x02, 0x01, 0x07];
        assert_eq!(to_der(&long).unwrap(), long);
    }

    #[test]
    fn what_does_not_end_is_none() {
        assert_eq!(to_der(&[]), None);
        assert_eq!(to_der(&[0x30, 0x80, 0x02, 0x01]), None);
        assert_eq!(to_der(&[0x04, 0x80, 0, 0]), None);
        assert_eq!(to_der(&[0x30, 0x80].repeat(100_000)), None);
    }

    #[test]
    fn lengths_of_any_size() {
        let mut bytes = vec![0x04];
        write_length(&mut bytes, 300);
        assert_eq!(bytes, [0x04, 0x82, 0x01, 0x2C]);
    }
}
