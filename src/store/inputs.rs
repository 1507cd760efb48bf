//! What a document was made of, and why it is stale.

use crate::diagnostic::List;

/// What a PDF was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The version of the text.
    pub version: String,
    /// SHA-256 of the client file; empty for the general edition.
    pub client_file: String,
    /// Digest of the whole library's text.
    pub library: String,
    /// The services that are covered, sorted.
    pub services: Vec<String>,
    /// Digest of the text that the library has for these services; empty where the lock is of a version of dpa-gen
    /// that did not note it.
    pub text: String,
    /// Digest of all that the contract holds: the text, the rows, the client's own; empty likewise.
    pub content: String,
    /// Digest of the layout, its fonts and the brand; empty where only the document itself says what it is.
    pub layout: String,
    /// The programs that made it.
    pub engine: String,
    /// Whether it has form fields.
    pub fields: bool,
}

/// Why a document must be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// There is no PDF of this client.
    NeverMade,
    /// There is a PDF, and the lock does not know it.
    Unknown,
    /// The last one is of an earlier version; which parts of the text changed since.
    NewVersion(String, Vec<String>),
    /// What the client file says changed.
    Client,
    /// The layout changed.
    Layout,
    /// Another program makes it now.
    Engine(String),
    /// It was made with fields, and is wanted without, or the other way round.
    Fields,
    /// The PDF is gone.
    Lost,
    /// The PDF is not the one that was made, and holds nothing that a person added.
    Replaced,
    /// It may not be made: its text needs a version of its own.
    Refused,
}

impl std::fmt::Display for Stale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NeverMade => f.write_str("never made"),
            Self::Unknown => f.write_str("not in dpa.lock.d"),
            Self::NewVersion(version, parts) if parts.is_empty() => {
                write!(f, "new version {version}")
            }
            Self::NewVersion(version, parts) => {
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                write!(f, "new version {version}: {} changed", List(&parts, "and"))
            }
            Self::Client => f.write_str("client file changed"),
            Self::Layout => f.write_str("layout changed"),
            Self::Engine(before) => write!(f, "made by {before}"),
            Self::Fields => f.write_str("form fields wanted or not"),
            Self::Lost => f.write_str("PDF lost"),
            Self::Replaced => f.write_str("PDF is not the one that was made"),
            Self::Refused => f.write_str("needs a new version"),
        }
    }
}

impl Inputs {
    /// Whether nothing was touched that a contract is made of.
    #[must_use]
    pub fn is_same_source(&self, now: &Self) -> bool {
        self.client_file == now.client_file && self.library == now.library
    }

    /// Why a document of `self` looks otherwise, were it made `now`.
    #[must_use]
    pub fn looks_otherwise(&self, now: &Self) -> Option<Stale> {
        if self.layout.is_empty() {
            Some(Stale::Unknown)
        } else if self.layout != now.layout {
            Some(Stale::Layout)
        } else if self.engine != now.engine {
            Some(Stale::Engine(self.engine.clone()))
        } else if self.fields != now.fields {
            Some(Stale::Fields)
        } else {
            None
        }
    }
}
