//! What is signed, and how.

use chrono::{DateTime, Local};

/// What is signed, and how.
#[derive(Debug)]
pub struct SigningRequest<'a> {
    /// The field to sign.
    pub field: &'a str,
    /// The lines that are shown in the field.
    pub shown: &'a [String],
    /// The time of signing.
    pub time: DateTime<Local>,
    /// Whether the signature certifies the document: nothing but filling in and signing is permitted then.
    pub certifies: bool,
}
