//! The end of a document, laid out ahead of the rest.
//!
//! Typst lays the articles out one after the other, which is most of the work of a document, while the other
//! cores wait. It remembers each paragraph by its text and style, and not by its place. So another thread
//! lays the end out as a document of its own, which nobody sees; the layout of the whole then finds those
//! paragraphs done.

use super::pass;
use super::world::{PaperWorld, Shared};
use crate::contract::Contract;
use crate::contract::project::Project;

/// Lays the end of a contract out. What Typst finds wrong in it is reported by the layout of the whole.
pub fn lay_out(shared: &Shared<'_>, contract: &Contract) {
    let end = end_of(contract);
    let project = Project::new(&end, shared.library);
    let world = PaperWorld::new(shared, &project);
    // Only what Typst remembers of it counts.
    let _ = pass::first(&world);
}

/// A contract with the last two fifths of its articles, or some more, and all that comes after them: about as
/// much as another thread lays out while the layout of the whole does the rest.
pub fn end_of(contract: &Contract) -> Contract {
    let mut end = contract.clone();
    end.articles.drain(..contract.articles.len() * 3 / 5);
    end
}
