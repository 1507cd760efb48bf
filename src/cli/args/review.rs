//! The arguments of `review`.

use chrono::NaiveDate;
use clap::Args;

use super::shared::{LibraryArguments, PrintArguments};
use crate::library::LawyersVerdict;

/// What a lawyer read.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReviewArguments {
    /// Record that a lawyer read and approved these parts of the library: `articles/security`
    #[arg(long, value_name = "PATH", num_args = 0.., required = true)]
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

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen review --approve articles/security --by \"mr. A. Jansen\" --on 2026-12-01
  dpa-gen review --approve --all --by \"mr. A. Jansen\" --verdict avg-28-3-h=weak

clauses/approved.toml keeps the text that was read, who read it and when. From then on a text that differs is an
error of `dpa-gen check`, with the changed words.";

/// Reads `avg-28-3-h=weak`.
fn verdict(typed: &str) -> Result<(String, LawyersVerdict), String> {
    let (id, word) = typed.split_once('=').ok_or("write it as avg-28-3-h=weak")?;
    let verdict = LawyersVerdict::named(word).ok_or("a verdict is `met`, `weak` or `missing`")?;
    Ok((id.to_owned(), verdict))
}
