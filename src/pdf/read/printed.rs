//! Whether what is printed of a field is its value: programs leave out letters, or the whole of it.
//!
//! Source: ISO 32000-1, 12.5.3, 12.5.5 and 12.7.3.3.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};
use hayro_syntax::page::Page;

use super::changes::annotation_ids;
use super::fields::{Field, Kind};
use super::text;

/// Flag of an annotation: it is neither shown nor printed.
const HIDDEN: u32 = 1 << 1;
/// Flag of an annotation: it is printed.
const PRINTED: u32 = 1 << 2;
/// Flag of an annotation: it is not shown on a screen.
const NOT_SHOWN: u32 = 1 << 5;
/// Flag of a text field: it shows something else than its value, on purpose.
const PASSWORD: u32 = 1 << 13;
/// Flag of a button: it has no value.
const PUSH: u32 = 1 << 16;

/// Whether a field shows its value, wherever it is shown; `None` if that cannot be seen.
pub fn shows_its_value(pdf: &Pdf, catalog: &Dict<'_>, field: &Field<'_>) -> Option<bool> {
    let value = field.text();
    let form = catalog.get::<Dict<'_>>(b"AcroForm").unwrap_or_default();
    // Viewers draw the fields again, each in its own way.
    if form.get::<bool>(b"NeedAppearances").unwrap_or_default() {
        return None;
    }
    if field.widgets.is_empty() {
        return value.is_none().then_some(true).or(Some(false));
    }
    let mut all = Some(true);
    for widget in &field.widgets {
        let shows = match field.kind {
            Kind::Text if field.flags & PASSWORD == 0 => shows_text(pdf, widget, value.as_deref()),
            Kind::Choice => shows_text(pdf, widget, value.as_deref()),
            Kind::Button if field.flags & PUSH == 0 => shows_state(field, widget, value.as_deref()),
            _ => None,
        };
        match shows {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether nothing of a widget is to be seen, on a screen or on paper.
pub fn is_hidden(widget: &Dict<'_>) -> bool {
    let area = widget.get::<Rect>(b"Rect");
    let is_empty = area.is_none_or(|area| area.width() <= 0.0 || area.height() <= 0.0);
    let flags = flags(widget);
    is_empty || flags & HIDDEN != 0 || flags & (PRINTED | NOT_SHOWN) == NOT_SHOWN
}

/// The flags of a widget (ISO 32000-1, table 165).
pub fn flags(widget: &Dict<'_>) -> u32 {
    widget.get::<u32>(b"F").unwrap_or_default()
}

/// Whether nothing of a widget comes on paper.
fn is_not_printed(widget: &Dict<'_>) -> bool {
    is_hidden(widget) || flags(widget) & PRINTED == 0
}

fn shows_text(pdf: &Pdf, widget: &Dict<'_>, value: Option<&str>) -> Option<bool> {
    let expected: String = value.unwrap_or_default().split_whitespace().collect();
    if is_not_printed(widget) {
        return Some(expected.is_empty());
    }
    let appearance = widget.get::<Dict<'_>>(b"AP").and_then(|ap| ap.get::<Stream<'_>>(b"N"));
    let Some(appearance) = appearance else {
        return Some(expected.is_empty());
    };
    let page = page_of(pdf, widget)?;
    let shown = text::of_appearance(pdf, page, &appearance, widget.get::<Rect>(b"Rect")?)?;
    Some(letters(&shown) == letters(&expected))
}

/// The letters of a text, those that look the same as one.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| match c {
            '\u{2010}' | '\u{2011}' | '\u{AD}' => '-',
            c => c,
        })
        .collect()
}

/// A checkbox shows the state that it is in; of several, each shows its own or none.
fn shows_state(field: &Field<'_>, widget: &Dict<'_>, value: Option<&str>) -> Option<bool> {
    if is_not_printed(widget) {
        return Some(value.is_none());
    }
    let state = widget.get::<Name<'_>>(b"AS");
    let state = state.as_ref().map(Name::as_str).filter(|state| *state != "Off");
    let states = widget.get::<Dict<'_>>(b"AP")?.get::<Dict<'_>>(b"N")?;
    let can_show = |state: &str| states.contains_key(state.as_bytes());
    match (value, state) {
        (None, None) => Some(true),
        (Some(value), Some(state)) => Some(value == state && can_show(state)),
        (Some(value), None) => Some(field.widgets.len() > 1 && !can_show(value)),
        (None, Some(_)) => Some(false),
    }
}

fn page_of<'a>(pdf: &'a Pdf, widget: &Dict<'_>) -> Option<&'a Page<'a>> {
    let id = widget.obj_id();
    pdf.pages().iter().find(|page| {
        let page = page.raw();
        let is_it = |annotation: Dict<'_>| annotation.data().as_ptr() == widget.data().as_ptr();
        match id {
            Some(id) => annotation_ids(page).any(|found| found == id.into()),
            None => page
                .get::<Array<'_>>(b"Annots")
                .unwrap_or_default()
                .iter::<Object<'_>>()
                .filter_map(Object::into_dict)
                .any(is_it),
        }
    })
}
