//! The arguments; nothing here reads or writes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Makes a data-processing agreement (art. 28 GDPR) as a PDF.
///
/// Out of clause files and one small file per client, `dpa-gen` makes the contract to sign: the articles
/// that apply, and annexes filled in from the services that the client takes.
#[derive(Debug, Parser)]
#[command(name = "dpa-gen", version, arg_required_else_help = true, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// What to do; without a command, documents are made.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What documents to make.
    #[command(flatten)]
    pub generate: GenerateArguments,
}

/// What there is to do beyond making documents.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what a PDF is: its contract, what is filled in, what is signed, what changed since
    Show(ShowArguments),
}

/// What to show.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dpa-gen show acme-verwerkersovereenkomst-2026-06-12.pdf")]
pub struct ShowArguments {
    /// A PDF that dpa-gen made, filled in or signed or not
    #[arg(value_name = "FILE.pdf")]
    pub pdf: PathBuf,

    /// Show it as JSON
    #[arg(long)]
    pub json: bool,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen --client acme.toml              acme-verwerkersovereenkomst-2026-06-12.pdf in this folder
  dpa-gen --client acme.toml -o out/      the same in out/
  dpa-gen --general                       the edition to publish, without a client
  dpa-gen show signed.pdf                 who filled in and signed what

A `clauses/` or `layouts/` folder beside the client file, or above it, replaces the embedded library.
Exit codes: 0 done, 1 the input has problems, 2 it could not be done.";

/// What to make, of what, and where.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that the user types")]
pub struct GenerateArguments {
    /// Make the contract of the client in this file (repeatable)
    #[arg(short, long, value_name = "FILE", required_unless_present = "general")]
    pub client: Vec<PathBuf>,

    /// Make the general edition: every article, every service, no client
    #[arg(long, conflicts_with = "client")]
    pub general: bool,

    /// Write to this file (`….pdf`) or into this folder [default: the current folder]
    #[arg(short, long, value_name = "FILE-or-DIR")]
    pub output: Option<PathBuf>,

    /// Use the `clauses/` and `layouts/` in this folder
    #[arg(long, value_name = "DIR")]
    pub library: Option<PathBuf>,

    /// Use the embedded library, whatever stands beside the client file
    #[arg(long, conflicts_with = "library")]
    pub embedded: bool,

    /// Use this layout instead of the one that contract.toml names
    #[arg(long, value_name = "NAME")]
    pub layout: Option<String>,

    /// Leave the form fields out: lines to write on, for a document that is signed on paper
    #[arg(long)]
    pub no_fields: bool,

    /// Also write the Typst project into this folder; the stock Typst compiler makes the same pages of it
    #[arg(long, value_name = "DIR")]
    pub emit: Option<PathBuf>,

    /// Replace a PDF that is there and differs
    #[arg(short, long)]
    pub force: bool,

    /// Say what was made, and what is wrong, as JSON on standard output
    #[arg(long)]
    pub json: bool,

    /// Say nothing but problems
    #[arg(short, long)]
    pub quiet: bool,
}
