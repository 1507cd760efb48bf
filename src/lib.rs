//! `dpa-gen` makes data-processing agreements (art. 28 GDPR) out of clause files and client files.

pub mod cli;
pub mod client;
pub mod contract;
pub mod diagnostic;
pub mod input;
pub mod library;
pub mod party;
pub mod pdf;
pub mod store;
pub mod typeset;
