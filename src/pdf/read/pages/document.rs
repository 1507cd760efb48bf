//! A document as its pages are compared.

use hayro_syntax::Pdf;

use super::boxes::Boxes;
use crate::pdf::file::lookup::catalog;
use crate::pdf::read::drawn::{self, Drawn};

/// The pages of a document as they are compared.
pub struct Read<'a> {
    /// The document.
    pub pdf: &'a Pdf,
    /// None of one that takes too long to read.
    pub pages: Vec<Option<Drawn>>,
    /// The boxes of its fields.
    pub boxes: Boxes,
}

impl<'a> Read<'a> {
    /// Reads a document.
    pub fn of(pdf: &'a Pdf) -> Self {
        let pages = pdf.pages().iter().map(|page| Drawn::of(pdf, page)).collect();
        let boxes = catalog(pdf.xref()).map(|catalog| Boxes::of(pdf, &catalog));
        Self { pdf, pages, boxes: boxes.unwrap_or_default() }
    }

    /// The words of each page, for finding those that belong together.
    pub fn letters(&self) -> Vec<Vec<String>> {
        let words = |drawn: &Option<Drawn>| {
            let text = drawn.as_ref().map(|drawn| drawn::text(drawn.letters.iter()));
            text.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
        };
        self.pages.iter().map(words).collect()
    }
}
