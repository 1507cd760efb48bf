//! The arguments of `show`.

use std::path::PathBuf;

use clap::Args;

/// What to show.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dpa-gen show acme-verwerkersovereenkomst-2026-06-12.pdf")]
pub struct ShowArguments {
    /// A PDF that dpa-gen made, filled in or signed or not
    #[arg(value_name = "FILE.pdf")]
    pub pdf: PathBuf,

    /// Print results and problems as JSON on standard output
    #[arg(long)]
    pub json: bool,
}
