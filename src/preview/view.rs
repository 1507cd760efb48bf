//! What the browser shows, as the server sends it.

use serde::Serialize;

/// What the browser shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct View {
    /// The title of the window.
    pub title: String,
    /// A line about the pages.
    pub summary: String,
    /// What is wrong, as text; empty if nothing is.
    pub problems: String,
    /// The pages, each an `<svg>` element; with problems, the last ones without.
    pub pages: Vec<String>,
}
