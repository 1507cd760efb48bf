//! `[guard]` of `requirements.toml`: the words that the guard for unread text looks for.

use serde::Deserialize;

use crate::input::Text;

/// The words that the guard for unread text looks for.
#[derive(Debug, Default)]
pub struct GuardWords {
    /// Patterns of words that turn a sentence round or narrow it.
    pub turns: Vec<Text>,
    /// Patterns of words that give the processor a right of its own; `{processor}` is its name.
    pub rights: Vec<Text>,
    /// Patterns of phrases in which such words do no harm.
    pub harmless: Vec<Text>,
}

/// The words as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGuard {
    #[serde(default)]
    turns: Vec<Text>,
    #[serde(default)]
    rights: Vec<Text>,
    #[serde(default)]
    harmless: Vec<Text>,
}

impl RawGuard {
    /// The words; their patterns are read where the rules are.
    pub fn words(self) -> GuardWords {
        let Self { turns, rights, harmless } = self;
        GuardWords { turns, rights, harmless }
    }
}
