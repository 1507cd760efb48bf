//! What a lawyer has to do with a library: reading it, and approving what was read.

mod approve;
mod file;
mod material;
mod memo;
mod paper;
mod parts;
mod proposed;

pub use approve::{ApproveRequest, ApprovedPart, Approving, Parts, approve};
pub use memo::{Memo, MemoRequest, memo};
pub use paper::MemoCounts;
