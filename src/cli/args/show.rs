//! The arguments of `show`.

use std::path::PathBuf;

use clap::Args;

/// What to show.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dpa-gen show acme-verwerkersovereenkomst-2026-06-12.pdf\n  dpa-gen show acme"
)]
pub struct ShowArguments {
    /// A PDF that dpa-gen made, filled in or signed or not; or a client's id: then its newest one
    #[arg(value_name = "FILE.pdf")]
    pub pdf: PathBuf,

    /// Follow the chain of each signer's certificate to these certificates (repeatable)
    #[arg(long, value_name = "FILE.pem")]
    pub trust: Vec<PathBuf>,

    /// Print results and problems as JSON on standard output
    #[arg(long)]
    pub json: bool,
}
