//! `dpa-gen list`.

use clap::{Args, ValueEnum};

use super::shared::{JsonArguments, LibraryArguments};

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

    /// How the result is printed.
    #[command(flatten)]
    pub json: JsonArguments,
}

/// What a library holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Available services: id, name, processing
    Services,
    /// The articles and annexes in order: number, id, title, services they are for
    Articles,
    /// Available layouts, with the one in use marked
    Layouts,
}
