//! A paragraph of both texts, and what changed in it.

use serde::Serialize;

use super::text::PartKind;
use super::words::{Run, RunKind};

/// A paragraph, list item or table row in both texts, or in one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ParagraphChange {
    /// What it is.
    pub kind: PartKind,
    /// The old text; none if it is new. The cells of a row stand on a line each.
    pub old: Option<String>,
    /// The new text; none if it is gone.
    pub new: Option<String>,
    /// Stretches that are equal, deleted or inserted: without the inserted ones the old text, without the
    /// deleted ones the new.
    pub runs: Vec<Run>,
    /// Which paragraph of the old clause it was, counted from 1, if it now stands elsewhere among them.
    pub moved_from: Option<usize>,
}

impl ParagraphChange {
    /// Whether anything about it changed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.moved_from.is_some() || self.runs.iter().any(|run| run.kind != RunKind::Equal)
    }
}
