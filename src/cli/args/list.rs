//! `dpa-gen list`.

use clap::{Args, ValueEnum};

use super::LibraryArguments;

/// What to list.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  dpa-gen list services\n  dpa-gen list articles --json")]
pub struct ListArguments {
    /// What to list
    #[arg(value_enum, value_name = "WHAT")]
    pub what: Listed,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// Say it as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// What a library has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// What a client can take: id, name, what is done with the data
    Services,
    /// The articles and annexes in their order: number, id, title, with which services
    Articles,
    /// The layouts there are, the one in use marked
    Layouts,
}
