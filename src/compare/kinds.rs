//! What a change of an agreement is about, and what it needs before it holds for a client.

use serde::{Deserialize, Serialize};

/// What changed in a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// A sub-processor is new.
    SubprocessorAdded,
    /// One stands in the place of another.
    SubprocessorReplaced,
    /// One is gone.
    SubprocessorRemoved,
    /// The country in which one processes the data.
    SubprocessorCountry,
    /// The ground of the transfer to one.
    SubprocessorBasis,
    /// What else is said of one.
    SubprocessorDetails,
    /// The categories of those that have no name.
    SubprocessorCategories,
    /// The services that are taken.
    Services,
    /// What is done with which data, what for, and how long they are kept.
    Purposes,
    /// The security measures.
    Measures,
    /// The times that are set.
    Terms,
    /// The text of clauses.
    Text,
    /// What the cover says of the agreement.
    AgreementDetails,
    /// What the cover says of the client.
    ClientDetails,
    /// What the cover says of the processor.
    ProcessorDetails,
    /// A change that was notified is taken back.
    Withdrawn,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::SubprocessorAdded,
        Self::SubprocessorReplaced,
        Self::SubprocessorRemoved,
        Self::SubprocessorCountry,
        Self::SubprocessorBasis,
        Self::SubprocessorDetails,
        Self::SubprocessorCategories,
        Self::Services,
        Self::Purposes,
        Self::Measures,
        Self::Terms,
        Self::Text,
        Self::AgreementDetails,
        Self::ClientDetails,
        Self::ProcessorDetails,
        Self::Withdrawn,
    ];

    /// Its word in `notice.toml`, in histories and in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SubprocessorAdded => "subprocessor-added",
            Self::SubprocessorReplaced => "subprocessor-replaced",
            Self::SubprocessorRemoved => "subprocessor-removed",
            Self::SubprocessorCountry => "subprocessor-country",
            Self::SubprocessorBasis => "subprocessor-basis",
            Self::SubprocessorDetails => "subprocessor-details",
            Self::SubprocessorCategories => "subprocessor-categories",
            Self::Services => "services",
            Self::Purposes => "purposes",
            Self::Measures => "measures",
            Self::Terms => "terms",
            Self::Text => "text",
            Self::AgreementDetails => "agreement-details",
            Self::ClientDetails => "client-details",
            Self::ProcessorDetails => "processor-details",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether the contract's times for sub-processors are about it (art. 28(2) GDPR).
    #[must_use]
    pub fn is_of_subprocessors(self) -> bool {
        self <= Self::SubprocessorCategories
    }
}

/// What a change needs before it holds for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Nothing: it holds at once.
    Nothing,
    /// A notice: it holds once the client's time to object has passed.
    Notice,
    /// The client's consent.
    Consent,
}

impl Needs {
    /// As files and JSON have it: `consent`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Notice => "notice",
            Self::Consent => "consent",
        }
    }
}
