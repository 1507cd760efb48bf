//! Looking for something in a quote, for a bounded time: a quote may have any number of pages.

use std::time::{Duration, Instant};

use super::host::Host;
use crate::pdf::read::text;

/// How many pages are read: what names a document stands in front.
const PAGES: usize = 200;

/// How long pages are read.
const TIME: Duration = Duration::from_secs(5);

/// What came of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// It is on a page.
    Found,
    /// It is on no page whose text can be read; a scan has no text.
    NotFound,
    /// It is not on the first pages; the others were not read.
    Cut {
        /// How many pages were read.
        pages: usize,
    },
}

impl Host {
    /// Looks for a page with a text.
    pub fn search(&self, is_it: impl Fn(&str) -> bool) -> Search {
        let deadline = Instant::now() + TIME;
        for (index, page) in self.pdf.pages().iter().enumerate() {
            let text = if index < PAGES { text::of_page(&self.pdf, page, deadline) } else { None };
            match text {
                Some(text) if is_it(&text) => return Search::Found,
                Some(_) => {}
                None => return Search::Cut { pages: index },
            }
        }
        Search::NotFound
    }
}
