//! The arguments of `notify`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::common::CommonArguments;
use super::files::ClientFilesArguments;
use super::sent::parse_day;
use super::shared::ForceArguments;

/// Whom to notify, and what to do.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NotifyArguments {
    /// Which client files.
    #[command(flatten)]
    pub files: ClientFilesArguments,

    /// Only this client, by its file or its id
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["dir", "only"])]
    pub client: Option<PathBuf>,

    /// Print who is to be notified, of what and until when; write nothing
    #[arg(long, conflicts_with = "sent")]
    pub dry_run: bool,

    /// Note in `agreements/` that the notice is sent, and keep a copy of it
    #[arg(long)]
    pub sent: bool,

    /// The day that the notice is sent [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub on: Option<NaiveDate>,

    /// The last day to object, for clients whose contract gives no term
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub until: Option<NaiveDate>,

    /// Write the drafts into this folder [default: the folder of the PDFs]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// What to do about drafts that are there.
    #[command(flatten)]
    pub force: ForceArguments,

    /// Which library, and how the result is printed.
    #[command(flatten)]
    pub common: CommonArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen notify --dry-run                        who, what, until when
  dpa-gen notify --on 2026-09-01 -o drafts/       a draft for each client, to be sent on that day
  dpa-gen notify --until 2026-10-15               where a contract gives no term to object
  dpa-gen notify --sent --client acme --on 2026-09-01
  dpa-gen receive --objection --client acme --on 2026-09-10 --reason \"…\"

It compares what is in force with each client with what the files say now.
What a change needs is in `notice.toml` of the clause library, the e-mail in `notice.txt`.
The day of sending does not count, the last day does. Nothing is sent.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";
