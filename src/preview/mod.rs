//! A page in the browser that follows what it shows, and its server. Typst's own server in `typst-kit`
//! answers to any host name, so that a web page elsewhere could have the contract read to it.

mod server;

use serde::Serialize;

pub use server::Server;

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
