//! Comparing one page with the one that it is a copy of.

use hayro_syntax::object::{Array, Dict, Name, Object};
use hayro_syntax::page::Rotation;
use kurbo::Rect;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::boxes::{self, FieldBox, area, has_appearance};
use super::document::Read;
use super::letters::{in_lines, is_same_text, key, looks, outside};
use super::values::{Drawing, Written};
use crate::pdf::file::text_string::text as text_string;
use crate::pdf::read::drawn::{Drawn, Letter, text};
use crate::pdf::read::picture::Picture;
use crate::pdf::read::printed::is_hidden;
use crate::pdf::read::signature::PLATFORMS;

/// How far what is drawn may be from where it was, in points: programs round, and print with margins.
const TOLERANCE: f64 = 3.0;
/// How many differences of a page are shown.
const MOST: usize = 12;
/// How many words of an added or missing page are shown.
const BEGINNING: usize = 12;

/// What comparing two pages found.
#[derive(Debug, Default)]
pub struct Compared {
    /// What differs, in words.
    pub differences: Vec<String>,
    /// What is drawn in boxes of fields.
    pub drawings: Vec<Drawing>,
    /// What is written in boxes of fields.
    pub written: Vec<Written>,
}

/// Compares a page with its copy.
pub fn compare((old, old_at): (&Read<'_>, usize), (new, new_at): (&Read<'_>, usize)) -> Compared {
    let boxes = old.boxes.on(old_at);
    let mut found = Compared::default();
    let (Some(before), Some(after)) = (&old.pages[old_at], &new.pages[new_at]) else {
        found.differences.push("it cannot be read in reasonable time".to_owned());
        return found;
    };
    found.differences.extend(turned((old, old_at), (new, new_at)));
    if is_same_text(Some(before), Some(after), &boxes) {
        found.differences.extend(looks(before, after, &boxes));
    } else {
        found.differences.extend(words(before, after, &boxes));
    }
    compare_drawings(before, after, &boxes, &mut found);
    compare_annotations((old, old_at), (new, new_at), &boxes, &mut found);
    if found.differences.len() > MOST {
        let more = found.differences.len() - MOST;
        found.differences.truncate(MOST);
        found.differences.push(format!("and {more} more"));
    }
    found
}

/// How far a page is turned, if that is not as it was.
fn turned((old, old_at): (&Read<'_>, usize), (new, new_at): (&Read<'_>, usize)) -> Option<String> {
    let [before, after] =
        [(old, old_at), (new, new_at)].map(|(read, at)| match read.pdf.pages()[at].rotation() {
            Rotation::None => 0,
            Rotation::Horizontal => 90,
            Rotation::Flipped => 180,
            Rotation::FlippedHorizontal => 270,
        });
    let degrees = (after + 360 - before) % 360;
    (degrees != 0).then(|| format!("it is turned by {degrees} degrees"))
}

/// What a page begins with.
pub fn beginning(page: Option<&Drawn>) -> Vec<String> {
    let Some(page) = page else {
        return Vec::new();
    };
    let text = text(in_lines(page.letters.iter().collect()).into_iter());
    let words: Vec<&str> = text.split_whitespace().take(BEGINNING).collect();
    let begins = if words.is_empty() {
        if page.pictures.is_empty() { "it has no text".to_owned() } else { "a picture".to_owned() }
    } else {
        format!("\"{} …\"", words.join(" "))
    };
    vec![begins]
}

/// What a page that was added is, as far as its words say.
pub fn added(page: Option<&Drawn>) -> Vec<String> {
    const WORDS: [&str; 5] = [
        "audit trail",
        "certificate of completion",
        "ondertekeningsbewijs",
        "signing certificate",
        "signature certificate",
    ];
    let text = page.map(|page| text(in_lines(page.letters.iter().collect()).into_iter()));
    let text = text.unwrap_or_default().to_lowercase();
    let is_certificate = WORDS.iter().chain(&PLATFORMS).any(|word| text.contains(word));
    let mut lines = beginning(page);
    if is_certificate {
        lines.insert(0, "a signing platform's page about the signing".to_owned());
    }
    lines
}

/// Which words came and went: in the order in which they are drawn, or read, whichever is less.
fn words(old: &Drawn, new: &Drawn, boxes: &[&FieldBox]) -> Vec<String> {
    let (old_letters, new_letters) = (outside(old, boxes), outside(new, boxes));
    let drawn = word_changes(&old_letters, &new_letters);
    let read = word_changes(&in_lines(old_letters), &in_lines(new_letters));
    let length = |changes: &[String]| changes.iter().map(String::len).sum::<usize>();
    let mut differences = if length(&drawn) <= length(&read) { drawn } else { read };
    if new.unknown > old.unknown {
        differences.push(format!(
            "{} letters cannot be read, or may not be seen",
            new.unknown - old.unknown
        ));
    }
    if differences.is_empty() {
        differences.push("the order of its words changed".to_owned());
    }
    differences
}

fn word_changes(old: &[&Letter], new: &[&Letter]) -> Vec<String> {
    let split = |letters: &[&Letter]| -> Vec<String> {
        let begins = |_: &&Letter, next: &&Letter| !next.begins_word;
        let words = letters.chunk_by(begins).map(key);
        words.filter(|word| !word.is_empty()).collect()
    };
    let (old, new) = (split(old), split(new));
    let shown = |words: &[String]| {
        words.iter().map(|word| word.replace('\u{0}', "")).collect::<Vec<_>>().join(" ")
    };
    let mut differences = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => {}
            // The same letters, and other gaps between them.
            _ if gone.concat() == come.concat() => {}
            DiffOp::Delete { .. } => differences.push(format!("\"{}\" is gone", shown(gone))),
            DiffOp::Insert { .. } => differences.push(format!("\"{}\" was added", shown(come))),
            DiffOp::Replace { .. } if shown(gone) == shown(come) => {
                differences.push(format!("the colour of \"{}\" changed", shown(come)));
            }
            DiffOp::Replace { .. } => {
                differences.push(format!("\"{}\" became \"{}\"", shown(gone), shown(come)));
            }
        }
    }
    differences
}

/// Shapes and pictures that were not there, and pictures that are gone.
fn compare_drawings(old: &Drawn, new: &Drawn, boxes: &[&FieldBox], found: &mut Compared) {
    let mut added = 0;
    for shape in new.shapes.iter().filter(|shape| !is_known(**shape, &old.shapes)) {
        match boxes::at(boxes, shape.center()) {
            Some(field) => note_drawing(field, "drawing", found),
            None => added += 1,
        }
    }
    let has = |pictures: &[Picture], picture: &Picture| {
        pictures.iter().any(|other| is_at(picture.area, other.area) && picture.is_like(other))
    };
    for picture in new.pictures.iter().filter(|picture| !has(&old.pictures, picture)) {
        match boxes::at(boxes, picture.area.center()) {
            Some(field) => note_drawing(field, "picture", found),
            None => found.differences.push("a picture was added".to_owned()),
        }
    }
    if old.pictures.iter().any(|picture| !has(&new.pictures, picture)) {
        found.differences.push("a picture is gone".to_owned());
    }
    for field in boxes {
        let inside = new.letters.iter().filter(|letter| field.area.contains(letter.at));
        let text = text(inside).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        if field.is_signature {
            note_drawing(field, "text", found);
        } else {
            found.written.push(Written { field: field.field.clone(), text });
        }
    }
    match added {
        0 => {}
        1 => found.differences.push("a line or an area was added".to_owned()),
        many => found.differences.push(format!("{many} lines or areas were added")),
    }
}

/// Whether a line or an area was there: as it is, or as a part of a line, which programs cut.
fn is_known(shape: Rect, known: &[Rect]) -> bool {
    known.iter().any(|known| {
        let is_line = known.width().min(known.height()) < TOLERANCE;
        let reach = known.inflate(TOLERANCE, TOLERANCE);
        is_at(shape, *known) || is_line && reach.union(shape) == reach
    })
}

/// Whether two areas are the same.
fn is_at(one: Rect, other: Rect) -> bool {
    let sides = [one.x0 - other.x0, one.x1 - other.x1, one.y0 - other.y0, one.y1 - other.y1];
    sides.iter().all(|side| side.abs() < TOLERANCE)
}

fn note_drawing(field: &FieldBox, what: &str, found: &mut Compared) {
    let drawing = Drawing {
        field: field.field.clone(),
        is_signature: field.is_signature,
        what: what.to_owned(),
    };
    // The outline of a value that was made part of the page is nothing of its own.
    if (field.is_signature || what == "picture") && !found.drawings.contains(&drawing) {
        found.drawings.push(drawing);
    }
}

/// What lies over the page: notes, drawings, stamps, and boxes that are not where they were.
fn compare_annotations(
    (old, old_at): (&Read<'_>, usize),
    (new, new_at): (&Read<'_>, usize),
    boxes: &[&FieldBox],
    found: &mut Compared,
) {
    let (before, fields) = (annotations(old, old_at), new.boxes.on(new_at));
    for annotation in annotations(new, new_at) {
        let kind = kind(&annotation);
        let Some(place) = area(&annotation).filter(|_| !is_hidden(&annotation)) else {
            continue;
        };
        let is_not_drawn = match kind.as_str() {
            // The boxes of fields are compared below.
            "Widget" => !has_appearance(&annotation) || fields.iter().any(|it| it.area == place),
            "Link" => !has_appearance(&annotation) && border(&annotation) <= TOLERANCE,
            kind => kind == "Popup",
        };
        if is_not_drawn || before.iter().any(|known| known.data() == annotation.data()) {
            continue;
        }
        if let Some(field) = boxes::at(boxes, place.center()) {
            found.drawings.push(Drawing {
                field: field.field.clone(),
                is_signature: field.is_signature,
                what: kind,
            });
        } else {
            let contents = text_string(&annotation, b"Contents").filter(|text| !text.is_empty());
            let contents = contents.map(|text| format!(": \"{text}\"")).unwrap_or_default();
            found.differences.push(format!("{kind} over the page{contents}"));
        }
    }
    let own = old.boxes.on(old_at);
    for field in fields {
        let known = own.iter().find(|known| is_same_field(&known.field, &field.field));
        match known {
            Some(known) if !near(known.area, field.area) && field.area.area() > 1.0 => {
                found.differences.push(format!("field `{}` is in another place", field.field));
            }
            None if !field.is_signature && (field.has_value || field.is_drawn) => {
                found.differences.push(format!("field `{}` was added", field.field));
            }
            None if field.is_signature && lies_over_words(new, new_at, field.area) => {
                found.differences.push(format!("the box of `{}` lies over words", field.field));
            }
            _ => {}
        }
    }
}

/// How wide the line around an annotation is, in points.
fn border(annotation: &Dict<'_>) -> f64 {
    let style = annotation.get::<Dict<'_>>(b"BS").and_then(|style| style.get::<f64>(b"W"));
    let border = annotation.get::<Array<'_>>(b"Border");
    style.or_else(|| border?.iter::<f64>().nth(2)).unwrap_or(1.0)
}

fn lies_over_words(read: &Read<'_>, page: usize, area: Rect) -> bool {
    let letters = read.pages[page].iter().flat_map(|drawn| &drawn.letters);
    letters.into_iter().any(|letter| !letter.text.is_empty() && area.contains(letter.at))
}

fn annotations<'a>(read: &Read<'a>, page: usize) -> Vec<Dict<'a>> {
    let page = read.pdf.pages()[page].raw();
    let annotations = page.get::<Array<'a>>(b"Annots").unwrap_or_default();
    annotations.iter::<Object<'a>>().filter_map(Object::into_dict).collect()
}

fn kind(annotation: &Dict<'_>) -> String {
    let kind = annotation.get::<Name<'_>>(b"Subtype");
    kind.map_or_else(|| "annotation".to_owned(), |kind| kind.as_str().to_owned())
}

fn near(one: Rect, other: Rect) -> bool {
    const FAR: f64 = 6.0;
    (one.center() - other.center()).hypot() < FAR
        && other.width() <= one.width() + FAR
        && other.height() <= one.height() + FAR
}

/// Whether a field is the one of this name, also where a program put a name above it or behind it.
#[must_use]
pub fn is_same_field(own: &str, found: &str) -> bool {
    found == own
        || found.rsplit('.').next() == Some(own)
        || found.strip_prefix(own).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_line_was_there_and_what_is_drawn_on_an_area_was_not() {
        let line = Rect::new(60.0, 100.0, 540.0, 101.0);
        let area = Rect::new(60.0, 200.0, 540.0, 260.0);
        assert!(is_known(Rect::new(60.0, 100.0, 300.0, 101.0), &[line, area]));
        assert!(is_known(Rect::new(61.0, 199.0, 540.0, 260.0), &[line, area]));
        assert!(!is_known(Rect::new(80.0, 210.0, 300.0, 240.0), &[line, area]));
        assert!(!is_known(Rect::new(60.0, 100.0, 540.0, 130.0), &[line, area]));
    }
}
