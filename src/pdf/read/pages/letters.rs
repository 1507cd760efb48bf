//! Whether the letters of two pages are the same: what they say, and then where they stand and what they look like,
//! for a font can say that its glyphs are others than those that it shows.

use std::collections::HashMap;
use std::rc::Rc;

use super::boxes::{self, FieldBox};
use crate::pdf::read::drawn::{Drawn, Letter};
use crate::pdf::read::outline::Outline;

/// How far a letter may be from where it was, in points.
const FAR: f64 = 3.0;
/// How much larger or smaller it may be.
const RESIZED: f64 = 0.1;
/// How many words of a row that differs are shown.
const WORDS: usize = 8;

/// How a letter that says the same differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Moved,
    Resized,
    Reshaped,
}

/// The letters that stand in no box.
pub fn outside<'a>(drawn: &'a Drawn, boxes: &[&FieldBox]) -> Vec<&'a Letter> {
    drawn.letters.iter().filter(|letter| boxes::at(boxes, letter.at).is_none()).collect()
}

/// Letters as they are read: line by line, from left to right.
pub fn in_lines(mut letters: Vec<&Letter>) -> Vec<&Letter> {
    letters.sort_by(|a, b| b.at.y.total_cmp(&a.at.y));
    let mut lines: Vec<Vec<&Letter>> = Vec::new();
    for letter in letters {
        match lines.last_mut() {
            Some(line) if line[0].at.y - letter.at.y < line[0].size * 0.4 => line.push(letter),
            _ => lines.push(vec![letter]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.at.x.total_cmp(&b.at.x));
    }
    lines.concat()
}

/// What must be the same of letters: blanks are seen as gaps, which differ by program.
pub fn key(letters: &[&Letter]) -> String {
    letters.iter().map(|letter| key_of(letter)).collect()
}

fn key_of(letter: &Letter) -> String {
    let mut key = String::new();
    for character in letter.text.chars() {
        match character {
            '\u{2010}' | '\u{2011}' | '\u{AD}' => key.push('-'),
            character if character.is_whitespace() || character.is_control() => {}
            character => key.push(character),
        }
    }
    if letter.is_light && !letter.text.is_empty() {
        key.push('\u{0}');
    }
    key
}

/// Whether two pages have the same letters, in the order in which they are drawn or in which they are read.
pub fn is_same_text(old: Option<&Drawn>, new: Option<&Drawn>, boxes: &[&FieldBox]) -> bool {
    let (Some(old), Some(new)) = (old, new) else {
        return false;
    };
    old.unknown == new.unknown && !orders(old, new, boxes).is_empty()
}

/// The orders in which the letters of two pages are the same.
fn orders<'a>(
    old: &'a Drawn,
    new: &'a Drawn,
    boxes: &[&FieldBox],
) -> Vec<(Vec<&'a Letter>, Vec<&'a Letter>)> {
    let (old, new) = (outside(old, boxes), outside(new, boxes));
    let read = (in_lines(old.clone()), in_lines(new.clone()));
    let mut orders = vec![(old, new), read];
    orders.retain(|(old, new)| key(old) == key(new));
    orders
}

/// What differs in the look of two pages that have the same letters, in words.
pub fn looks(old: &Drawn, new: &Drawn, boxes: &[&FieldBox]) -> Vec<String> {
    let mut known = HashMap::new();
    let orders = orders(old, new, boxes);
    let found = orders.iter().map(|(old, new)| looks_in_order(old, new, &mut known));
    found.min_by_key(Vec::len).unwrap_or_default().iter().map(in_words).collect()
}

fn in_words((look, words): &(Look, Vec<String>)) -> String {
    let end = if words.len() > WORDS { " …" } else { "" };
    let shown = words[..words.len().min(WORDS)].join(" ");
    match look {
        Look::Moved => format!("\"{shown}{end}\" is in another place"),
        Look::Resized => format!("\"{shown}{end}\" has another size"),
        Look::Reshaped => {
            format!("\"{shown}{end}\" looks different: another font, or other letters")
        }
    }
}

/// The pairs of outlines that were compared, by where they are kept.
type Known = HashMap<(*const Outline, *const Outline), bool>;

/// The rows of words that look different.
fn looks_in_order(old: &[&Letter], new: &[&Letter], known: &mut Known) -> Vec<(Look, Vec<String>)> {
    let others = partners(old, new);
    let mut rows: Vec<(Look, Vec<String>)> = Vec::new();
    let (mut is_row, mut at) = (false, 0);
    for word in old.chunk_by(|_, next| !next.begins_word) {
        let mut pairs = word.iter().zip(&others[at..]);
        let look = pairs.find_map(|(letter, other)| look(letter, *other, known));
        at += word.len();
        let text = key(word).replace('\u{0}', "");
        match (look, rows.last_mut()) {
            (Some(look), Some((last, words))) if is_row && *last == look => words.push(text),
            (Some(look), _) => rows.push((look, vec![text])),
            _ => {}
        }
        is_row = look.is_some();
    }
    rows
}

/// The letter of the new page for each of the old one; none where they are not cut in the same way.
fn partners<'a>(old: &[&Letter], new: &[&'a Letter]) -> Vec<Option<&'a Letter>> {
    let mut by_place: HashMap<(usize, usize), &Letter> = HashMap::new();
    let mut at = 0;
    for letter in new {
        let length = key_of(letter).len();
        if length > 0 {
            by_place.insert((at, length), letter);
        }
        at += length;
    }
    let mut at = 0;
    let partner = |letter: &&Letter| {
        let length = key_of(letter).len();
        at += length;
        by_place.get(&(at - length, length)).copied()
    };
    old.iter().map(partner).collect()
}

fn look(old: &Letter, new: Option<&Letter>, known: &mut Known) -> Option<Look> {
    if key_of(old).is_empty() {
        // A blank.
        return None;
    }
    let Some(new) = new else {
        return Some(Look::Reshaped);
    };
    let is_shaped = match (&old.outline, &new.outline) {
        (Some(old), Some(new)) => {
            let pair = known.entry((Rc::as_ptr(old), Rc::as_ptr(new)));
            *pair.or_insert_with(|| old.is_like(new))
        }
        _ => false,
    };
    if !is_shaped {
        Some(Look::Reshaped)
    } else if (new.size / old.size - 1.0).abs() > RESIZED {
        Some(Look::Resized)
    } else {
        (old.at.distance(new.at) > FAR).then_some(Look::Moved)
    }
}
