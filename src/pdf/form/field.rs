//! A form field as the layout declares it.

/// The scheme of the links that become fields.
pub const SCHEME: &str = "dpa-field:";

/// A form field as the layout declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in the form; no dots.
    pub id: String,
    /// What is filled in.
    pub kind: Kind,
    /// What a screen reader says of it, in the contract's language.
    pub label: String,
    /// Where it is, if it is in a margin, where no link can be.
    pub margin: Option<Margin>,
}

/// A place in the margin of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The page, counted from 0.
    pub page: usize,
    /// From the left edge of the page to the left of the field, in points.
    pub left: f32,
    /// From the top edge of the page to the top of the field, in points.
    pub top: f32,
    /// In points.
    pub width: f32,
    /// In points.
    pub height: f32,
}

/// What is filled into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Yes or no.
    Checkbox,
    /// A digital signature.
    Signature,
}
