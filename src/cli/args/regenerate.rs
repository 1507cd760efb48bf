//! The arguments of `regenerate` and `status`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::files::ClientFilesArguments;
use super::key::SigningArguments;
use super::sent::parse_day;
use super::shared::{FolderArguments, JsonArguments, LibraryArguments};
use crate::ops::{ClientSelection, Shard};

/// Which clients, and where their PDFs are kept.
#[derive(Debug, Args)]
pub struct ClientsArguments {
    /// Which client files.
    #[command(flatten)]
    pub files: ClientFilesArguments,

    /// Where the PDFs are.
    #[command(flatten)]
    pub folder: FolderArguments,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,
}

impl ClientsArguments {
    /// The clients that are selected.
    #[must_use]
    pub fn selection(&self) -> ClientSelection {
        ClientSelection {
            clients: self.files.folder(),
            only: self.files.only.clone(),
            output: self.folder.path(),
            archived: false,
            library: self.library.choice(),
        }
    }
}

/// What to bring up to date, and how.
#[derive(Debug, Args)]
#[command(after_help = REGENERATE_EXAMPLES)]
pub struct RegenerateArguments {
    /// Which clients.
    #[command(flatten)]
    pub clients: ClientsArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub json: JsonArguments,

    /// Whether what is made is signed at once.
    #[command(flatten)]
    pub signing: SigningArguments,

    /// Print what would be made, and make nothing
    #[arg(long, conflicts_with = "sign")]
    pub dry_run: bool,

    /// Make current ones too; documents that were filled in or signed still stay as they are
    #[arg(short, long)]
    pub force: bool,

    /// How many to make at a time [default: one per core]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// Make only the K-th of N parts, for N machines or jobs that work side by side
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    pub shard: Option<Shard>,
}

const REGENERATE_EXAMPLES: &str = "\
Examples:
  dpa-gen regenerate                      all clients in clients/, or here and below
  dpa-gen regenerate clients -o pdf/ --dry-run
  dpa-gen regenerate --only 'bakker*'
  dpa-gen regenerate --shard 2/4          the second of four parts";

/// Whose status to show.
#[derive(Debug, Args)]
#[command(after_help = STATUS_EXAMPLES)]
pub struct StatusArguments {
    /// Which clients.
    #[command(flatten)]
    pub clients: ClientsArguments,

    /// One client: all its documents, and all that happened (its file, or its id)
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["dir", "only", "all", "open"])]
    pub client: Option<PathBuf>,

    /// Every document of every client: earlier versions, other names, archived clients, those whose file is gone
    #[arg(long)]
    pub all: bool,

    /// Only clients with whom something is open: not sent, waiting for them or for you, to be judged
    #[arg(long)]
    pub open: bool,

    /// The day to look at what is in force [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub on: Option<NaiveDate>,

    /// How the result is printed.
    #[command(flatten)]
    pub json: JsonArguments,
}

const STATUS_EXAMPLES: &str = "\
Examples:
  dpa-gen status || dpa-gen regenerate
  dpa-gen status --open                   with whom something is open
  dpa-gen status --client acme            its documents and its history

Next is what to do: `mend` what cannot be read, set a new `version`, `make` (regenerate), `send` (mail), `sign`,
`judge` what came back, or `wait` for the client.

Exit codes: 0 all current, 1 something to do, 2 failed or invalid usage.";

/// Reads `2/4`: the second of four.
fn parse_shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match numbers {
        Some((number, count)) if (1..=count).contains(&number) => Ok(Shard { number, count }),
        _ => Err("write it as K/N, the K-th of N parts: 2/4".to_owned()),
    }
}
