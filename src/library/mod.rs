//! The clause library: `contract.toml`, `services.toml`, `requirements.toml`, the clause files, and the
//! layout that sets them. Embedded in the program, or read from a folder that replaces it.

mod approvals;
mod brand;
mod catalogue;
mod checked;
mod clause;
mod colour;
mod contents;
mod digests;
mod files;
pub mod fonts;
mod guard;
mod language;
mod mail;
mod notice;
mod papers;
mod pictures;
mod pieces;
mod pinned;
mod places;
mod read;
mod requirements;
mod scope;
mod search;
mod subprocessors;
mod version;

pub use approvals::{APPROVED, Approval, Approvals, LawyersVerdict};
pub use brand::{Brand, Logo};
pub use catalogue::{Catalogue, Category, Measure, Service};
pub use checked::Library;
pub use clause::{Clause, Proposal};
pub use contents::{Accept, Contents};
pub use files::{BEFORE, Files, Origin};
pub use guard::GuardWords;
pub use language::Language;
pub use mail::{Filling, Fillings, MailText};
pub use notice::NoticeRules;
pub use papers::PaperKind;
pub use pieces::{first_lower, split};
pub use pinned::Pinned;
pub use read::PROPOSALS;
pub use requirements::{
    Against, Agree, Bound, Evidence, Obligation, Requirement, Requirements, Test, ValueRule, When,
};
pub use search::{Found, Search};
pub use subprocessors::{
    Subprocessors, read as read_subprocessors, schema as subprocessors_schema,
};
pub use version::TextVersion;
