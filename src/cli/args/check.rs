//! The arguments of `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::lang::LangArguments;
use super::shared::{FolderArguments, JsonArguments, LibraryArguments};
use crate::check;
use crate::cli::place;
use crate::diagnostic::Severity;

/// What to check, and how to report it.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArguments {
    /// Check the contracts of these client files, or of all in these folders [default: the library itself, in
    /// every combination of services]
    #[arg(short, long, value_name = "FILE-or-DIR", num_args = 1..)]
    pub client: Vec<PathBuf>,

    /// The same: `check acme` is `check --client acme`
    #[arg(value_name = "CLIENT", conflicts_with = "client")]
    pub named: Vec<PathBuf>,

    /// Where the PDFs are.
    #[command(flatten)]
    pub folder: FolderArguments,

    /// Fail on findings of this level or worse [default: `[check] deny` of contract.toml, else error]
    #[arg(long, value_name = "LEVEL")]
    pub deny: Option<Level>,

    /// Show the table of requirements instead of the findings
    #[arg(long)]
    pub coverage: bool,

    /// Only what this reader can mend: the client file, the library's data, or the text
    #[arg(long = "for", value_name = "READER")]
    pub reader: Option<Reader>,

    /// In which language.
    #[command(flatten)]
    pub lang: LangArguments,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "terminal", conflicts_with = "json")]
    pub format: Format,

    /// Or as JSON.
    #[command(flatten)]
    pub json: JsonArguments,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,
}

impl CheckArguments {
    /// The client files, or folders of them, as seen from the root.
    #[must_use]
    pub fn clients(&self) -> Vec<PathBuf> {
        self.client.iter().chain(&self.named).map(|path| place::client(path)).collect()
    }
}

const CHECK_EXAMPLES: &str = "\
Examples:
  dpa-gen check                           the library, in every combination of services
  dpa-gen check acme                      the contract of clients/acme.toml
  dpa-gen check --client clients/ --deny warning
  dpa-gen check --coverage                which requirements of art. 28 GDPR are met
  dpa-gen check --for sales --client acme.toml  what the client file still lacks
  dpa-gen check --lang nl                 the findings in Dutch
  dpa-gen check --format sarif > dpa-gen.sarif

The check shows what is covered; it is not legal advice.
Exit codes: 0 nothing that is denied, 1 findings or a bad file, 2 failed or invalid usage.";

/// From which level on findings make the run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Errors only
    Error,
    /// Warnings too
    Warning,
    /// Advice too
    Advice,
    /// Never
    None,
}

impl Level {
    /// The mildest level that is denied, if any is.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Advice => Some(Severity::Advice),
            Self::None => None,
        }
    }
}

/// Who can mend what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// What is in the client file
    Sales,
    /// What is in the library's data
    Agency,
    /// What is in the text
    Lawyer,
}

impl Reader {
    /// The reader of findings.
    #[must_use]
    pub fn of_findings(self) -> check::Reader {
        match self {
            Self::Sales => check::Reader::Sales,
            Self::Agency => check::Reader::Agency,
            Self::Lawyer => check::Reader::Lawyer,
        }
    }
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person
    Terminal,
    /// One JSON value
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}
