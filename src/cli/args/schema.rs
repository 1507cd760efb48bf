//! `dpa-gen schema`.

use clap::{Args, ValueEnum};

use super::shared::LibraryArguments;

/// Which schema to print.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SchemaArguments {
    /// Which file
    #[arg(value_enum, value_name = "FILE")]
    pub of: SchemaOf,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,
}

/// The files that users write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// A client file, with the ids of the library at hand
    Client,
    /// clauses/contract.toml
    Contract,
    /// clauses/services.toml
    Services,
    /// clauses/subprocessors.toml, with the categories of the library at hand
    Subprocessors,
}

const EXAMPLES: &str = "\
Example:
  dpa-gen schema client > schemas/client.schema.json

A client file whose first line is `#:schema ../schemas/client.schema.json` is then completed and
checked by editors with the Even Better TOML extension, or another that uses Taplo. Print it
again when services.toml changes.";
