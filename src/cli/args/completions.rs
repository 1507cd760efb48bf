//! `dpa-gen completions` and `dpa-gen man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// For which shell to print the completions.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArguments {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// A shell that can complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen completions bash > ~/.local/share/bash-completion/completions/dpa-gen
  dpa-gen completions fish > ~/.config/fish/completions/dpa-gen.fish
  dpa-gen completions zsh > ~/.zfunc/_dpa-gen      where ~/.zfunc is in $fpath

The shell asks dpa-gen for candidates: client files, service ids, layouts.";

/// Where to write the man pages.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dpa-gen man target/man")]
pub struct ManArguments {
    /// The folder to write them into; existing pages are overwritten
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}
