//! The arguments of `redline`.

use std::path::PathBuf;

use clap::Args;

use super::common::CommonArguments;
use super::shared::ForceArguments;

/// Which texts to compare.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RedlineArguments {
    /// The old text: a PDF that dpa-gen made, a client file, or a client's name (`acme`, `acme@2026-06-12`)
    #[arg(value_name = "OLD")]
    pub old: PathBuf,

    /// The new text, given likewise [default: what the files say now, for the same client]
    #[arg(value_name = "NEW")]
    pub new: Option<PathBuf>,

    /// Where the PDFs of a client's name are, with `dpa.lock.d` and `agreements/` [default: as dpa-gen.toml
    /// says, else the current folder]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Also make the paper that shows the changes: write to this file (`….pdf`) or into this folder
    #[arg(short, long, value_name = "FILE-or-DIR")]
    pub output: Option<PathBuf>,

    /// What to do about a file that is there.
    #[command(flatten)]
    pub force: ForceArguments,

    /// Which library, and how the result is printed.
    #[command(flatten)]
    pub common: CommonArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen redline acme                          the newest PDF of acme against what the files say now
  dpa-gen redline acme@2026-06-12 acme          one version against the newest
  dpa-gen redline old.pdf new.pdf -o changes.pdf
  dpa-gen redline signed.pdf clients/acme.toml --json

A PDF may be filled in or signed, and a quote with the contract embedded will do too: the text is in it.
Exit codes: 0 done, changes or not; 1 the input has problems, 2 failed or invalid usage.";
