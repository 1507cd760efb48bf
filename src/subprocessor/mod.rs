//! A sub-processor by name, as typed and as checked: in the library's `subprocessors.toml`, and in a client file.

mod check;
mod checked;
mod typed;

pub use check::{Asked, BASIS_NAMES, forms};
pub use checked::{Subprocessor, Transfer, TransferText};
pub use typed::RawSubprocessor;
