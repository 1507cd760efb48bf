//! The arguments of `explain`.

use clap::Args;

use super::lang::LangArguments;
use super::shared::{JsonArguments, LibraryArguments};

/// What to explain.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dpa-gen explain avg-28-4\n  dpa-gen explain annex-unreferenced"
)]
pub struct ExplainArguments {
    /// The code of a finding, or the id of a requirement; without one, all codes are listed
    #[arg(value_name = "CODE")]
    pub code: Option<String>,

    /// In which language.
    #[command(flatten)]
    pub lang: LangArguments,

    /// Which library: its requirements are codes too.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub json: JsonArguments,
}
