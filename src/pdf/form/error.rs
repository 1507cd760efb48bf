//! Why a document could not be completed.

/// What is wrong with the fields of a document, or with the document.
#[derive(Debug)]
pub enum FormError {
    /// The fields that the layout placed and those that it declared differ.
    Fields(Vec<Misplaced>),
    /// The PDF is not built as Typst builds it; says what was looked for.
    Unexpected(&'static str),
}

/// A field that is not placed exactly once.
#[derive(Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// Its name.
    pub id: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a field's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Declared, but not to be seen on any page.
    Missing,
    /// On a page, but not declared.
    Unknown,
    /// In two places.
    Double,
    /// Broken over two lines, columns or pages.
    Broken,
    /// There is text in it.
    HoldsText,
}
