//! PDF bytes in, PDF bytes out: form fields and attachments are added to what Typst wrote, and contracts to
//! what any program wrote, as an incremental update, so that the pages and their structure stay as they are.
//!
//! Five floors, each of which knows those before it: `file` (objects, cross-references, trailer, trees,
//! updates, encryption), `form` (fields, embedded files), `read` (inspection, text, signatures), `sign`
//! (a signature in a field), `quote` (a contract embedded in, or added to, a document of another program).

mod file;
mod form;
mod quote;
mod read;
pub mod sign;

pub use file::error::FileError;
pub use form::{
    Additions, Attachment, Field, FormError, Kind, Margin, Misplaced, Relation, SCHEME, Wrong,
    complete,
};
pub use quote::{Host, Obstacle, Search};
pub use read::{
    Chain, Change, ChangeKind, ComparedPage, ComparedPages, Drawing, FieldState, Inspection,
    Integrity, Original, PageState, Signature, SignatureState, SignedBytes, Subject, SubjectKind,
    Trust, Written, inspect, is_same_field,
};
