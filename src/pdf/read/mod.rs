//! Reading a document back: its text, its form, its signatures.

pub mod inspect;
mod signature;
pub mod text;

pub use inspect::{FieldState, Inspection, Original, inspect};
pub use signature::{Signature, SignedBytes};
