//! What is wrong, where, and how to fix it: one type, one renderer, one form in JSON.
//!
//! Every problem of every file (client file, library, clause, Typst) becomes a [`Diagnostic`]; only this
//! module knows how one looks on a terminal or in JSON. Messages are lower-case, without a full stop, with
//! the offending value in backticks.

mod json;
mod problem;
mod problems;
mod render;
mod source;
mod words;

pub use json::{Details, Position};
pub use problem::{Diagnostic, Rule, Severity, io_reason};
pub use problems::Problems;
pub use source::{Place, Source};
pub use words::{Count, List, Quoted, Slashed, closest, one_line, printable, signer};
