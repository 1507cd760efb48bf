//! The arguments of `attach`.

use std::path::PathBuf;

use clap::Args;

use super::LibraryArguments;

/// What to add to which quote.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that the user types")]
pub struct AttachArguments {
    /// The quote: a PDF of any program
    #[arg(long, value_name = "FILE.pdf")]
    pub quote: PathBuf,

    /// Add the contract of the client in this file
    #[arg(short, long, value_name = "FILE")]
    pub client: PathBuf,

    /// Write to this file (`….pdf`) or into this folder [default: the current folder]
    #[arg(short, long, value_name = "FILE-or-DIR")]
    pub output: Option<PathBuf>,

    /// Add the contract's pages after those of the quote, instead of embedding it as a file
    #[arg(long)]
    pub append: bool,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// Replace a PDF that is there and differs
    #[arg(short, long)]
    pub force: bool,

    /// Say what was made, and what is wrong, as JSON on standard output
    #[arg(long)]
    pub json: bool,

    /// Say nothing but the path, and problems
    #[arg(short, long)]
    pub quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen attach --quote offerte.pdf --client acme.toml            as an attachment
  dpa-gen attach --quote offerte.pdf --client acme.toml --append   as further pages

The quote itself stays as it is; so do its signatures, unless pages are added.
Exit codes: 0 done, 1 the input has problems, 2 it could not be done.";
