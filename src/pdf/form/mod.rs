//! Form fields and embedded files: read from any PDF, added to what Typst wrote.

pub mod attachments;
pub mod complete;
mod error;
mod field;
mod fields;
pub mod font;
mod letters;
mod margins;
pub mod tree;
mod widget;

pub use attachments::{Attachment, Relation};
pub use complete::{Additions, complete};
pub use error::{FormError, Misplaced, Wrong};
pub use field::{Field, Kind, Margin, SCHEME};
