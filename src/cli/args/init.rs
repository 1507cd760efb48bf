//! `dpa-gen init`.

use std::path::PathBuf;

use clap::Args;

/// Where to start.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArguments {
    /// The folder to work in; it is made if it is not there [default: the current folder]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Example:
  dpa-gen init contracts
  cd contracts
  dpa-gen --client clients/voorbeeld.toml

It writes the contract's text (clauses/), its looks (layouts/), a sample client (clients/), and
what editors need. No file is ever overwritten: if one is in the way, nothing is written.";
