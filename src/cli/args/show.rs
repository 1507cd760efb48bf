//! The arguments of `show`.

use std::path::PathBuf;

use clap::Args;

use super::files::TrustArguments;
use super::shared::JsonArguments;

/// What to show.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dpa-gen show acme-verwerkersovereenkomst-2026-06-12.pdf\n  dpa-gen show acme"
)]
pub struct ShowArguments {
    /// A PDF that dpa-gen made, filled in or signed or not; or a client's id: then its newest one
    #[arg(value_name = "FILE.pdf")]
    pub pdf: PathBuf,

    /// Which certificates are trusted.
    #[command(flatten)]
    pub trust: TrustArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub json: JsonArguments,
}
