//! A change, and how far it goes.

use serde::Serialize;

/// A change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Of what kind it is.
    pub kind: Kind,
    /// The page that it is on, counted from 1; none if it is on no page, or on more than one.
    pub page: Option<usize>,
    /// What it is.
    pub what: String,
    /// How far it goes.
    #[serde(skip)]
    pub(in crate::pdf::read) level: Level,
    /// The field that it is of.
    #[serde(skip)]
    pub(in crate::pdf::read) field: Option<String>,
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A field is filled in.
    Fields,
    /// A signature.
    Signature,
    /// What lies over a page: a drawing, a stamp, a note, a field.
    Annotations,
    /// A page itself.
    PageContent,
    /// Which pages there are.
    Pages,
    /// Anything else.
    Other,
}

/// How far a change goes, by the levels of a certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What keeps signatures verifiable, and what is known of the document: nothing that is read.
    Upkeep,
    /// Filling in and signing.
    Filling,
    /// Signing in a new box on a page.
    Placing,
    /// Annotations.
    Annotating,
    /// More than a certification can permit.
    Beyond,
}

impl Change {
    pub(super) fn new(
        kind: Kind,
        page: Option<usize>,
        level: Level,
        what: impl Into<String>,
    ) -> Self {
        Self { kind, page, what: what.into(), level, field: None }
    }

    /// That a field is signed.
    pub(in crate::pdf::read) fn signing(field: &str) -> Self {
        let what = format!("signed in `{field}`");
        Self::new(Kind::Signature, None, Level::Filling, what).of_field(field)
    }

    pub(super) fn of_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Whether it is no more than filling in a field, or signing in a box that was there or is not seen.
    #[must_use]
    pub fn only_fills_in(&self) -> bool {
        self.level <= Level::Filling
    }

    /// Whether the document is as it was but for what is filled in and signed.
    #[must_use]
    pub fn keeps_the_document(&self) -> bool {
        self.level <= Level::Placing
    }
}
