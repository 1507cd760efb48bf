//! Comparing the pages of a copy that came back with those of the document as it was made, whatever program
//! wrote it since: by what is seen on them, and not by their bytes.
//!
//! What stands in the box of a field is its value or a signature, and no change of the page.

mod align;
mod boxes;
mod document;
mod fit;
mod letters;
mod page;
mod values;

use hayro_syntax::Pdf;

use super::drawn::{self, Drawn};
use document::Read;
use page::Compared;

pub use page::is_same_field;
pub use values::{ComparedPage, ComparedPages, Drawing, PageState, Written};

/// Compares the pages of a copy with those of the document as it was made.
pub fn compare(original: &Pdf, copy: &Pdf) -> ComparedPages {
    let (old, mut new) = (Read::of(original), Read::of(copy));
    let are_as_many = old.pages.len() == new.pages.len();
    if are_as_many {
        for (old, new) in old.pages.iter().zip(&mut new.pages) {
            if let (Some(old), Some(new)) = (old, new) {
                fit::fit(old, new);
            }
        }
    }
    let aligned = align::align(&old.letters(), &new.letters(), |old_at, new_at| {
        let boxes = old.boxes.on(old_at);
        letters::is_same_text(old.pages[old_at].as_ref(), new.pages[new_at].as_ref(), &boxes)
    });
    let mut compared =
        ComparedPages { drawings: Vec::new(), pages: Vec::new(), written: Vec::new() };
    for pair in aligned {
        let mut found = Compared::default();
        if let (Some(old_at), Some(new_at)) = pair {
            if let (false, Some(old), Some(new)) =
                (are_as_many, &old.pages[old_at], &mut new.pages[new_at])
            {
                fit::fit(old, new);
            }
            found = page::compare((&old, old_at), (&new, new_at));
        }
        compared.drawings.append(&mut found.drawings);
        compared.written.append(&mut found.written);
        compared.pages.push(ComparedPage {
            page: pair.1.map(|at| at + 1),
            original: pair.0.map(|at| at + 1),
            state: match pair {
                (Some(_), Some(_)) if found.differences.is_empty() => PageState::Same,
                (Some(_), Some(_)) => PageState::Changed,
                (None, _) => PageState::Added,
                (_, None) => PageState::Missing,
            },
            differences: match pair {
                (None, Some(at)) => page::added(new.pages[at].as_ref()),
                (Some(at), None) => page::beginning(old.pages[at].as_ref()),
                _ => found.differences,
            },
        });
    }
    compared
}

/// The text of each page, its annotations apart; empty where there is none, or it takes too long.
pub fn texts(pdf: &Pdf) -> Vec<String> {
    let drawn = pdf.pages().iter().map(|page| Drawn::of(pdf, page).unwrap_or_default());
    drawn.map(|drawn| drawn::text(drawn.letters.iter())).collect()
}
