//! `agreements/ID/history.toml`: what came of the agreement with a client, and exact copies of what was sent
//! and what came back.
//!
//! It is TOML to which entries are only added. Each entry carries a check over itself and the entries that it
//! follows, so that an edit shows; where two branches both added entries, both are kept, and the next one
//! follows both.

mod entry;
mod folder;
mod notice;
#[cfg(test)]
mod notice_tests;
mod read;
mod standing;

pub use entry::{AgreementState, Entry as HistoryEntry, EntryKind, HistorySigner};
pub use folder::{AgreementFolder, Agreements};
pub use notice::{Answer, Notice, NoticeState};
pub use read::{HISTORY, History};
pub use standing::{InForce, Pending, Standing};
