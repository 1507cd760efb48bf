//! Cross-reference sections: where objects are.
//!
//! Source: ISO 32000-2, 7.5.4, 7.5.6 and 7.5.8.

use hayro_syntax::object::{Array, Dict, FromBytes, Stream};

use super::trailer::Trailer;

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: there is none with this number.
    Free,
    /// In the file.
    At {
        /// The byte offset.
        offset: usize,
        /// The generation.
        generation: i32,
    },
    /// In an object stream, of which this is the number.
    Within(i32),
}

/// A section, with its trailer.
pub struct Section<'a> {
    /// The numbers of objects, and where these are.
    pub places: Vec<(i32, Place)>,
    /// The entries of its trailer.
    pub trailer: Dict<'a>,
}

impl<'a> Section<'a> {
    /// Reads the section at a byte offset; `None` if there is none.
    pub fn at(pdf: &'a [u8], offset: usize) -> Option<Self> {
        let Trailer { dictionary, is_stream, .. } = Trailer::at(pdf, offset)?;
        let section = pdf[offset..].trim_ascii_start();
        let places = if is_stream {
            let at = section.windows(2).position(|window| window == b"<<")?;
            of_stream(&section[at..])
        } else {
            of_table(section)
        };
        Some(Self { places: places?, trailer: dictionary })
    }

    /// Where the section before it is.
    pub fn previous(&self) -> Option<usize> {
        self.trailer.get::<usize>(b"Prev")
    }
}

/// What a table says.
fn of_table(section: &[u8]) -> Option<Vec<(i32, Place)>> {
    const TRAILER: &[u8] = b"trailer";
    let end = section.windows(TRAILER.len()).position(|window| window == TRAILER)?;
    let words = section[..end].strip_prefix(b"xref")?.split(u8::is_ascii_whitespace);
    let mut words = words.filter(|word| !word.is_empty());
    let mut places = Vec::new();
    while let Some(first) = words.next() {
        let (first, count): (i32, i32) = (number(first)?, number(words.next()?)?);
        for id in first..first.checked_add(count)? {
            let (offset, generation) = (number(words.next()?)?, number(words.next()?)?);
            let place = match words.next()? {
                b"n" => Place::At { offset, generation },
                b"f" => Place::Free,
                _ => return None,
            };
            places.push((id, place));
        }
    }
    Some(places)
}

fn number<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What a cross-reference stream says.
pub fn of_stream(value: &[u8]) -> Option<Vec<(i32, Place)>> {
    let stream = Stream::from_bytes(value)?;
    let data = stream.decoded().ok()?;
    let dictionary = stream.dict();
    let widths = dictionary.get::<Array<'_>>(b"W").unwrap_or_default();
    let widths: Vec<usize> = widths.iter::<usize>().collect();
    let &[kind, field, index] = widths.as_slice() else {
        return None;
    };
    let length = kind.checked_add(field)?.checked_add(index).filter(|length| *length > 0)?;
    let size = dictionary.get::<i32>(b"Size").unwrap_or_default();
    let ranges: Vec<i32> = match dictionary.get::<Array<'_>>(b"Index") {
        Some(ranges) => ranges.iter::<i32>().collect(),
        None => vec![0, size],
    };
    let ids = ranges.chunks_exact(2).flat_map(|range| range[0]..range[0].saturating_add(range[1]));
    let places = ids.zip(data.chunks_exact(length)).map(|(id, entry)| {
        let (first, rest) = entry.split_at(kind);
        let (second, third) = rest.split_at(field);
        let place = match (first.is_empty(), value_of(first)) {
            (true, _) | (_, 1) => Place::At {
                offset: usize::try_from(value_of(second)).unwrap_or(usize::MAX),
                generation: i32::try_from(value_of(third)).unwrap_or(i32::MAX),
            },
            (_, 2) => Place::Within(i32::try_from(value_of(second)).unwrap_or(i32::MAX)),
            _ => Place::Free,
        };
        (id, place)
    });
    Some(places.collect())
}

/// The number that bytes stand for, the highest one first.
fn value_of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| (number << 8) | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let pdf =
            b"xref\n0 1\n0000000000 65535 f \n7 2\n0000000012 00000 n \n0000000034 00002 n \n\
                    trailer\n<</Size 9/Prev 5>>";
        let section = Section::at(pdf, 0).unwrap();
        let at = |offset, generation| Place::At { offset, generation };
        assert_eq!(section.places, [(0, Place::Free), (7, at(12, 0)), (8, at(34, 2))]);
        assert_eq!(section.previous(), Some(5));
        assert!(Section::at(b"xref\n0 9\n0000000000 65535 f \ntrailer\n<<>>", 0).is_none());
    }

    #[test]
    fn a_stream_is_read() {
        let data = [[0, 0, 0], [1, 7, 0], [2, 5, 1]].concat();
        let head = "4 0 obj\n<</Type/XRef/W[1 1 1]/Size 3/Length 9>>stream\n";
        let pdf = [head.as_bytes(), &data, b"\nendstream"].concat();
        let section = Section::at(&pdf, 0).unwrap();
        let at = Place::At { offset: 7, generation: 0 };
        assert_eq!(section.places, [(0, Place::Free), (1, at), (2, Place::Within(5))]);
    }
}
