//! The arguments of `attach`.

use std::path::PathBuf;

use clap::Args;

use super::common::CommonArguments;
use super::sent::SentArguments;
use super::shared::OutputArguments;

/// Which contract to add to which quote.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AttachArguments {
    /// The quote: a PDF of any program
    #[arg(long, value_name = "FILE.pdf")]
    pub quote: PathBuf,

    /// Add the contract of the client in this file
    #[arg(short, long, value_name = "FILE")]
    pub client: PathBuf,

    /// Where the result goes.
    #[command(flatten)]
    pub output: OutputArguments,

    /// Add the contract's pages after those of the quote, instead of embedding it as a file
    #[arg(long)]
    pub append: bool,

    /// Whether it is noted that it is sent.
    #[command(flatten)]
    pub sent: SentArguments,

    /// Which library, and how the result is printed.
    #[command(flatten)]
    pub common: CommonArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen attach --quote offerte.pdf --client acme.toml            as an attachment
  dpa-gen attach --quote offerte.pdf --client acme.toml --append   as further pages

The quote itself does not change, nor do its signatures, unless pages are added.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";
