//! What a lawyer has to do with a library: reading it, and approving what was read.

mod approve;
mod file;

pub use approve::{ApproveRequest, ApprovedPart, Approving, Parts, approve};
