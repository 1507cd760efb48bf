//! The arguments of `receive`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};

use super::common::CommonArguments;
use super::files::TrustArguments;
use super::sent::parse_day;
use super::shared::FolderArguments;

/// What a client answered to a notice of a change.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// Note that the client objects to the change that it was notified of
    #[arg(
        long, requires = "client", requires = "reason",
        conflicts_with_all = ["files", "by_hand", "own_paper", "undo", "accept", "consent"]
    )]
    pub objection: bool,

    /// Note that the client agrees to the change that it was notified of
    #[arg(
        long, requires = "client",
        conflicts_with_all = ["files", "by_hand", "own_paper", "undo", "accept", "reason"]
    )]
    pub consent: bool,

    /// Why the client objects or refuses, or the agreement ended
    #[arg(long, value_name = "REASON", requires = "reasoned", value_parser = NonEmptyStringValueParser::new())]
    pub reason: Option<String>,
}

/// What came to an end.
#[derive(Debug, Args)]
pub struct EndArguments {
    /// Note that the client refused the contract that waits for it
    #[arg(
        long, requires = "client", requires = "reason",
        conflicts_with_all = ["files", "by_hand", "own_paper", "undo", "accept", "consent"]
    )]
    pub refused: bool,

    /// Note that the agreement ended
    #[arg(
        long, requires = "client",
        conflicts_with_all = ["files", "by_hand", "own_paper", "undo", "accept", "consent"]
    )]
    pub ended: bool,
}

/// What came back, and what a person says of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("reasoned").args(["objection", "refused", "ended"])))]
pub struct ReceiveArguments {
    /// What came back: a contract that was filled in, signed, printed to a PDF or merged with others
    #[arg(value_name = "FILE.pdf", required_unless_present_any = ["by_hand", "own_paper", "undo", "objection", "consent", "refused", "ended"])]
    pub files: Vec<PathBuf>,

    /// The client, where the file does not say whose it is
    #[arg(short, long, value_name = "FILE.toml")]
    pub client: Option<PathBuf>,

    /// Count it as agreed whatever it lacks, for this reason
    #[arg(long, value_name = "REASON", requires = "by", conflicts_with_all = ["by_hand", "own_paper", "undo"])]
    pub accept: Option<String>,

    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,

    /// Which certificates are trusted.
    #[command(flatten)]
    pub trust: TrustArguments,

    /// Note that it was signed on paper; a scan of it is filed, if there is one
    #[arg(
        long,
        requires = "client",
        requires = "signed_on",
        requires = "by",
        conflicts_with = "undo"
    )]
    pub by_hand: bool,

    /// Note that the client's own paper was signed instead, and file it
    #[arg(
        long, value_name = "FILE", requires = "client", requires = "signed_on", requires = "by",
        conflicts_with_all = ["files", "by_hand", "undo"]
    )]
    pub own_paper: Option<PathBuf>,

    /// The day of the last signature on paper
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub signed_on: Option<NaiveDate>,

    /// The version that was signed on paper, if there are several; or the digits at the foot of its pages
    #[arg(long, value_name = "VERSION", requires = "by_hand")]
    pub of: Option<String>,

    /// What the client answered to a notice.
    #[command(flatten)]
    pub answer: AnswerArguments,

    /// What came to an end.
    #[command(flatten)]
    pub end: EndArguments,

    /// Note that what was received last, or of this file, was wrong; the entry stays
    #[arg(long)]
    pub undo: bool,

    /// The day that it came back, or that it ended [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub on: Option<NaiveDate>,

    /// Only report; file nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Where the PDFs are.
    #[command(flatten)]
    pub folder: FolderArguments,

    /// Which library, and how the result is printed.
    #[command(flatten)]
    pub common: CommonArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen receive returned.pdf                      what it is, and file it in agreements/
  dpa-gen receive returned.pdf --dry-run --json
  dpa-gen receive returned.pdf --accept \"page 3 is only scaled\" --by \"R. Verwerker\"
  dpa-gen receive scan.pdf --by-hand --client clients/acme.toml --signed-on 2026-07-03 --by \"R. Verwerker\"
  dpa-gen receive returned.pdf --undo               the filing was a mistake
  dpa-gen receive --objection --client acme --on 2026-09-10 --reason \"the data would leave the EEA\"
  dpa-gen receive --consent --client acme
  dpa-gen receive --refused --client acme --on 2026-07-09 --reason \"they want their own paper\"
  dpa-gen receive --ended --client acme --on 2027-01-01

It is in force if every page is the same, and each signature field holds an intact signature that is permitted, the
processor's by the certificate that `dpa-gen sign` noted.
Exit codes: 0 done, 1 something is wrong with a file, 2 failed or invalid usage.";
