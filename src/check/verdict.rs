//! How a contract meets a requirement.

use serde::Serialize;

use super::say::{Said, say};

/// How a contract meets a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The contract is not about it.
    NotAsked,
    /// A lawyer read the text that meets it, according to `approved.toml`.
    Approved,
    /// A clause claims it, and the patterns of the evidence are found; nobody read the text.
    MetOnItsFace,
    /// There is something against it.
    Weak,
    /// No clause claims it, or the evidence is not there.
    Missing,
}

impl Verdict {
    /// What it is called.
    #[must_use]
    pub fn word(self) -> Said {
        let key = match self {
            Self::NotAsked => "verdict-not-asked",
            Self::Approved => "verdict-approved",
            Self::MetOnItsFace => "verdict-met-on-its-face",
            Self::Weak => "verdict-weak",
            Self::Missing => "verdict-missing",
        };
        say(key, &[])
    }

    /// Whether the requirement is met, according to a lawyer or on its face.
    #[must_use]
    pub fn is_met(self) -> bool {
        matches!(self, Self::Approved | Self::MetOnItsFace)
    }
}
