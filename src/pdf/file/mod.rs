//! A PDF as a file: opening it, objects, cross-references, trailer, trees of names and numbers, updates, encryption.

pub mod compress;
pub mod cross_references;
pub mod encryption;
pub mod error;
pub mod lookup;
mod numbers;
pub mod object;
pub mod open;
pub mod page_tree;
pub mod start;
pub mod text_string;
pub mod trailer;
pub mod tree;
pub mod update;
