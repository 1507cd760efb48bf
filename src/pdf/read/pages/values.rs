//! What comparing the pages of two documents comes to.

use serde::Serialize;

/// A page of a copy beside the one that it is a copy of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ComparedPage {
    /// Its number in the copy, from 1; none if it is missing.
    pub page: Option<usize>,
    /// Its number in the document as it was made, from 1; none if it was added.
    pub original: Option<usize>,
    /// Whether it is the same.
    pub state: PageState,
    /// What differs, in words.
    pub differences: Vec<String>,
}

/// Whether a page is as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageState {
    /// What is seen on it is the same.
    Same,
    /// It differs.
    Changed,
    /// It was added.
    Added,
    /// It is gone.
    Missing,
}

/// A drawing, a stamp or a picture in the box of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Drawing {
    /// The field.
    pub field: String,
    /// Whether it is the box of a signature.
    pub is_signature: bool,
    /// What it is: `Ink`, `Stamp`, `picture`, `text`.
    pub what: String,
}

/// What stands in the box of a field as a part of the page: a program made the form a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The field.
    pub field: String,
    /// The text.
    pub text: String,
}

/// What a copy shows beside the document as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedPages {
    /// The pages of the copy in their order, each missing one where it stood.
    pub pages: Vec<ComparedPage>,
    /// What is drawn in the boxes of fields.
    pub drawings: Vec<Drawing>,
    /// What is written in the boxes of other fields.
    pub written: Vec<Written>,
}

impl ComparedPages {
    /// A copy of so many pages that are all the same.
    #[must_use]
    pub fn same(count: usize) -> Self {
        let page = |number| ComparedPage {
            page: Some(number),
            original: Some(number),
            state: PageState::Same,
            differences: Vec::new(),
        };
        Self { pages: (1..=count).map(page).collect(), drawings: Vec::new(), written: Vec::new() }
    }

    /// Whether every page is there and the same, and none was added.
    #[must_use]
    pub fn are_same(&self) -> bool {
        self.pages.iter().all(|page| page.state == PageState::Same)
    }
}
