//! Keeping what was made, and what came of it: files written whole or not at all, `dpa.lock.d`, what is stale and
//! why, what must not be touched, and the history of each agreement.

mod before;
mod discipline;
mod entry;
mod folder;
mod history;
mod inputs;
mod lock;
mod lock_file;
mod look;
mod reading;
mod stamps;
mod touched;
mod write;

pub use discipline::{Discipline, Refusal, TextNow};
pub use entry::{Draft, Entry, Replaced, sha256};
pub use folder::{Access, Folder};
pub use history::{
    AgreementFolder, AgreementState, Agreements, Answer, EntryKind, HISTORY, History, HistoryEntry,
    HistorySigner, InForce, Notice, NoticeState, Pending, Standing,
};
pub use inputs::{Inputs, Stale};
pub use lock::{LOCK, LOCK_FOLDER, Lock, Parts, differing};
pub use look::{Kept, Says, Wanted};
pub use touched::{ContractInPdf, Touched, contract_in, put};
pub use write::{Existing, check_free, write};
