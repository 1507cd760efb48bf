//! The arguments of making documents, which needs no command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::key::SigningArguments;
use super::shared::{LibraryArguments, OutputArguments, PrintArguments};

/// What to make, and where.
#[derive(Debug, Args)]
pub struct MakeArguments {
    /// Make the contract of the client in this file (repeatable)
    #[arg(short, long, value_name = "FILE", required_unless_present = "general")]
    pub client: Vec<PathBuf>,

    /// Make the general edition: every article, every service, no client
    #[arg(long, conflicts_with_all = ["client", "sign"])]
    pub general: bool,

    /// Where the PDF goes.
    #[command(flatten)]
    pub output: OutputArguments,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// Make a PDF, or one HTML page to read on a screen, with the PDF in it
    #[arg(long, value_name = "FORMAT", default_value = "pdf")]
    pub format: Format,

    /// Print lines to write on instead of form fields, for a document that is signed on paper
    #[arg(long, conflicts_with = "sign")]
    pub no_fields: bool,

    /// Make a draft: marked on every page, and not recorded in `dpa.lock.d`
    #[arg(long, conflicts_with = "sign")]
    pub draft: bool,

    /// Whether it is signed at once.
    #[command(flatten)]
    pub signing: SigningArguments,

    /// Also write the Typst project into this folder; the stock Typst compiler makes the same pages from it
    #[arg(long, value_name = "DIR")]
    pub emit: Option<PathBuf>,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}

/// What a contract is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A PDF to sign
    Pdf,
    /// One HTML page to read on a screen
    Html,
}
