//! The arguments of `adopt`.

use chrono::NaiveDate;
use clap::Args;

use super::common::TextArguments;

/// Which proposals to adopt.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AdoptArguments {
    /// The clauses to replace by their proposals: `articles/security`
    #[arg(value_name = "PATH", required_unless_present = "all", conflicts_with = "all")]
    pub parts: Vec<String>,

    /// Adopt every proposal
    #[arg(long)]
    pub all: bool,

    /// Only show what would change
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// The version of the new text: a day later than the present version
    #[arg(long, value_name = "DATE", required_unless_present = "dry_run")]
    pub version: Option<NaiveDate>,

    /// Which library, in which language, and how the result is printed.
    #[command(flatten)]
    pub text: TextArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen adopt --all --dry-run                          what every proposal would change
  dpa-gen adopt articles/security --version 2026-12-01
  dpa-gen adopt --all --version 2026-12-01

Proposals are in clauses/proposals/; no lawyer has read them. What is replaced is kept in clauses/before/VERSION/.";
