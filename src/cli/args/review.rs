//! The arguments of `review`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::common::TextArguments;
use super::shared::OutputArguments;
use crate::library::LawyersVerdict;

/// The memo for the lawyer, or what the lawyer read.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReviewArguments {
    /// Make the memo about this client's contract [default: about the library]
    #[arg(short, long, value_name = "FILE", conflicts_with = "approve")]
    pub client: Option<PathBuf>,

    /// Where the memo goes.
    #[command(flatten)]
    pub output: OutputArguments,

    /// Make the memo, and write nothing
    #[arg(short = 'n', long, conflicts_with = "approve")]
    pub dry_run: bool,

    /// Make no memo, but record that a lawyer read and approved these parts of the library: `articles/security`
    #[arg(long, value_name = "PATH", num_args = 0.., conflicts_with_all = ["output", "force"])]
    pub approve: Option<Vec<String>>,

    /// With --approve: all parts
    #[arg(long, requires = "approve")]
    pub all: bool,

    /// Who read them
    #[arg(long, value_name = "NAME", requires = "approve")]
    pub by: Option<String>,

    /// On which day [default: today]
    #[arg(long, value_name = "DATE", requires = "approve")]
    pub on: Option<NaiveDate>,

    /// A verdict that is not `met`: of a requirement that the parts claim, `weak` or `missing`
    #[arg(long, value_name = "ID=weak|missing", requires = "approve", value_parser = verdict)]
    pub verdict: Vec<(String, LawyersVerdict)>,

    /// Which library, in which language, and how the result is printed.
    #[command(flatten)]
    pub text: TextArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen review                                toets-verwerkersovereenkomst-2026-06-12.pdf in this folder
  dpa-gen review --client acme -o papers/       about the contract of clients/acme.toml
  dpa-gen review --approve articles/security --by \"mr. A. Jansen\" --on 2026-12-01
  dpa-gen review --approve --all --by \"mr. A. Jansen\" --verdict avg-28-3-h=weak

The memo is for the lawyer, in the language of the contract: the verdicts, and for each requirement what the law asks,
the sentence relied on, what weakens it and a proposal with its changes marked, with a place to tick and initial.
clauses/approved.toml keeps the text that was read, who read it and when. From then on a text that differs is an
error of `dpa-gen check`, with the changed words.";

/// Reads `avg-28-3-h=weak`.
fn verdict(typed: &str) -> Result<(String, LawyersVerdict), String> {
    let (id, word) = typed.split_once('=').ok_or("write it as avg-28-3-h=weak")?;
    let verdict = LawyersVerdict::named(word).ok_or("a verdict is `met`, `weak` or `missing`")?;
    Ok((id.to_owned(), verdict))
}
