//! Keeping what was made, and what came of it: files written whole or not at all, `dpa.lock`, what is stale and
//! why, what must not be touched, and the history of each agreement.

mod folder;
mod history;
mod inputs;
mod lock;
mod parts;
mod stamps;
mod touched;
mod write;

pub use folder::{Access, Folder, Kept};
pub use history::{
    AgreementFolder, AgreementState, Agreements, EntryKind, HISTORY, History, HistoryEntry,
    HistorySigner, InForce, Pending, Standing,
};
pub use inputs::{Inputs, Stale};
pub use lock::{Entry, LOCK, LOCK_FOLDER, Lock, sha256};
pub use touched::{ContractInPdf, Touched, contract_in, put};
pub use write::{Existing, check_free, write};
