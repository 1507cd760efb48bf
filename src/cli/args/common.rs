//! The groups of options that most commands have together.

use clap::Args;

use super::lang::LangArguments;
use super::shared::{LibraryArguments, PrintArguments};

/// What most commands have: which library, and how the result is printed.
#[derive(Debug, Args)]
pub struct CommonArguments {
    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}

/// What commands about the text have: the same, and in which language it is reported.
#[derive(Debug, Args)]
pub struct TextArguments {
    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// In which language.
    #[command(flatten)]
    pub lang: LangArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}
