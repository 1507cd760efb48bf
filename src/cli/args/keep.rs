//! The arguments of `rename` and `archive`.

use clap::Args;

use super::shared::PrintArguments;

/// Which client gets which id.
#[derive(Debug, Args)]
#[command(after_help = RENAME_EXAMPLE)]
pub struct RenameArguments {
    /// The id that the client has
    #[arg(value_name = "OLD")]
    pub from: String,

    /// The id that it gets
    #[arg(value_name = "NEW")]
    pub to: String,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}

const RENAME_EXAMPLE: &str = "\
Example:
  dpa-gen rename acme acme-holding      clients/acme.toml, its PDFs, its lock and agreements/acme

A run that is stopped is taken up when it is run again.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";

/// Which client to take out of daily lists.
#[derive(Debug, Args)]
#[command(after_help = ARCHIVE_EXAMPLE)]
pub struct ArchiveArguments {
    /// The client's id
    #[arg(value_name = "ID")]
    pub id: String,

    /// Put it back into the lists
    #[arg(long)]
    pub undo: bool,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}

const ARCHIVE_EXAMPLE: &str = "\
Examples:
  dpa-gen archive acme                  regenerate, status and mail --all leave it out
  dpa-gen archive acme --undo

Its file, its PDFs and its history stay; `status --all` and `status --client acme` show it.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";
