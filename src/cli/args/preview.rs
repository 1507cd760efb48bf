//! The arguments of `dpa-gen preview`.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

use super::shared::LibraryArguments;

/// What to show in the browser, and how.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PreviewArguments {
    /// Show the contract of the client in this file
    #[arg(short, long, value_name = "FILE", required_unless_present = "general")]
    pub client: Option<PathBuf>,

    /// Show the general edition: every article, every service, no client
    #[arg(long, conflicts_with = "client")]
    pub general: bool,

    /// Serve on this port of 127.0.0.1 [default: a free one]
    #[arg(short, long, value_name = "N")]
    pub port: Option<u16>,

    /// Open the pages in the browser
    #[arg(long)]
    pub open: bool,

    /// Stop if the pages take longer than this, as those of a clause that never ends do
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    pub limit: NonZeroU64,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen preview --client acme.toml --open
  dpa-gen preview --general --port 8080     at http://127.0.0.1:8080/

The pages follow each save of the client file, a clause or the layout, until Ctrl-C ends it.
Nothing is written.";
