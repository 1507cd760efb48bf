//! The arguments; nothing here reads or writes.

mod attach;
mod check;
mod completions;
mod init;
mod list;
mod mail;
mod new;
mod preview;
mod schema;
mod sign;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

pub use attach::AttachArguments;
pub use check::{CheckArguments, ExplainArguments, Format as CheckFormat, Level};
pub use completions::{CompletionsArguments, ManArguments, Shell};
pub use init::InitArguments;
pub use list::{ListArguments, Listed};
pub use mail::MailArguments;
pub use new::NewArguments;
pub use preview::PreviewArguments;
pub use schema::{SchemaArguments, SchemaOf};
pub use sign::SignArguments;

use crate::library::Search;
use crate::ops::{ClientSelection, LibraryChoice, Shard};

/// Makes a data-processing agreement (art. 28 GDPR) as a PDF.
///
/// Out of clause files and one small file per client, `dpa-gen` makes the contract to sign: the articles
/// that apply, and annexes filled in from the services that the client takes.
#[derive(Debug, Parser)]
#[command(name = "dpa-gen", version, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// What to do; without a command, documents are made.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What documents to make.
    #[command(flatten)]
    pub generate: GenerateArguments,
}

/// What there is to do beyond making documents.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a folder to work in: the contract's text, its looks, a sample client
    Init(InitArguments),

    /// Write a new client file, asking what is to be known
    New(NewArguments),

    /// Show a contract in the browser while it is written
    Preview(PreviewArguments),

    /// Check the contract: is it complete, consistent, and lawful on its face
    Check(CheckArguments),

    /// Tell the long story of a finding's code
    Explain(ExplainArguments),

    /// Bring all clients' PDFs up to date
    Regenerate(RegenerateArguments),

    /// Show which PDFs are current, stale, filled in, signed or lost
    Status(StatusArguments),

    /// Add a client's contract to a quote: one PDF to send
    Attach(AttachArguments),

    /// Write a draft e-mail with a client's contract, and the quote
    Mail(MailArguments),

    /// Sign a contract as the processor
    Sign(SignArguments),

    /// Show what a PDF is: its contract, what is filled in, what is signed, what changed since
    Show(ShowArguments),

    /// List the services, articles or layouts that there are
    List(ListArguments),

    /// Print the JSON Schema of client files or of the library, for editors
    Schema(SchemaArguments),

    /// Print what a shell reads to complete commands, client files and services
    Completions(CompletionsArguments),

    /// Write the man pages
    #[command(hide = true)]
    Man(ManArguments),
}

/// Which library to use.
#[derive(Debug, Args)]
pub struct LibraryArguments {
    /// Use the `clauses/` and `layouts/` in this folder
    #[arg(long, value_name = "DIR")]
    pub library: Option<PathBuf>,

    /// Use the embedded library, whatever stands beside the client files
    #[arg(long, conflicts_with = "library")]
    pub embedded: bool,

    /// Use this layout instead of the one that contract.toml names
    #[arg(long, value_name = "NAME")]
    pub layout: Option<String>,
}

impl LibraryArguments {
    /// The choice of a library.
    #[must_use]
    pub fn choice(&self) -> LibraryChoice {
        LibraryChoice {
            embedded: self.embedded,
            folder: self.library.clone(),
            layout: self.layout.clone(),
        }
    }

    /// The search that they ask for, from a folder.
    #[must_use]
    pub fn search<'a>(&'a self, from: &'a Path) -> Search<'a> {
        Search {
            embedded: self.embedded,
            folder: self.library.as_deref(),
            from,
            layout: self.layout.as_deref(),
        }
    }
}

/// Which clients, and where their PDFs are kept.
#[derive(Debug, Args)]
pub struct FleetArguments {
    /// Where the client files are, in this folder or below [default: `clients/` if there is one, else here]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Only the client files that match, by name or path: "bakker*" (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,

    /// Where the PDFs and their `dpa.lock` are [default: the current folder]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// Say it as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

impl FleetArguments {
    /// The clients that are selected.
    #[must_use]
    pub fn selection(&self) -> ClientSelection {
        ClientSelection {
            clients: self.dir.clone(),
            only: self.only.clone(),
            output: self.output.clone(),
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
    pub fleet: FleetArguments,

    /// Say what would be made, and make nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Make current ones too; what was filled in or signed stays all the same
    #[arg(short, long)]
    pub force: bool,

    /// How many to make at a time [default: one a core]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// Make the K-th of N parts only, for N machines or jobs that work side by side
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    pub shard: Option<Shard>,
}

const REGENERATE_EXAMPLES: &str = "\
Examples:
  dpa-gen regenerate                      all clients in clients/, or here and below
  dpa-gen regenerate clients -o pdf/ --dry-run
  dpa-gen regenerate --only 'bakker*'
  dpa-gen regenerate --shard 2/4          the second of four parts";

/// Of what to show the status.
#[derive(Debug, Args)]
#[command(after_help = STATUS_EXAMPLES)]
pub struct StatusArguments {
    /// Which clients.
    #[command(flatten)]
    pub fleet: FleetArguments,
}

const STATUS_EXAMPLES: &str = "\
Example:
  dpa-gen status || dpa-gen regenerate

Exit codes: 0 all current, 1 something to do, 2 it could not be done.";

/// Reads `2/4`: the second of four.
fn parse_shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match numbers {
        Some((number, count)) if (1..=count).contains(&number) => Ok(Shard { number, count }),
        _ => Err("write it as K/N, the K-th of N parts: 2/4".to_owned()),
    }
}

/// What to show.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dpa-gen show acme-verwerkersovereenkomst-2026-06-12.pdf")]
pub struct ShowArguments {
    /// A PDF that dpa-gen made, filled in or signed or not
    #[arg(value_name = "FILE.pdf")]
    pub pdf: PathBuf,

    /// Show it as JSON
    #[arg(long)]
    pub json: bool,
}

/// What is said to who types nothing but the program's name.
pub const START: &str = "\
dpa-gen makes a data-processing agreement (art. 28 GDPR) as a PDF. What to do next:

  dpa-gen new acme               write a client file, acme.toml; it asks what is to be known
  dpa-gen --client acme.toml     make the contract of that client
  dpa-gen init                   or first a folder to work in, with the contract's text to change
  dpa-gen --help                 all there is";

const EXAMPLES: &str = "\
Examples:
  dpa-gen new acme                        asks who the client is, and writes acme.toml
  dpa-gen --client acme.toml              acme-verwerkersovereenkomst-2026-06-12.pdf in this folder
  dpa-gen --client acme.toml -o out/      the same in out/
  dpa-gen --general                       the edition to publish, without a client
  dpa-gen regenerate                      bring the PDFs of all clients up to date
  dpa-gen preview --client acme.toml      its pages in the browser, anew with each save
  dpa-gen check                           hold the contract against art. 28 GDPR and itself
  dpa-gen show signed.pdf                 who filled in and signed what

A `clauses/` or `layouts/` folder beside the client file, or above it, replaces the embedded library.
Exit codes: 0 done, 1 the input has problems, 2 it could not be done.";

/// What to make, of what, and where.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that the user types")]
pub struct GenerateArguments {
    /// Make the contract of the client in this file (repeatable)
    #[arg(short, long, value_name = "FILE", required_unless_present = "general")]
    pub client: Vec<PathBuf>,

    /// Make the general edition: every article, every service, no client
    #[arg(long, conflicts_with = "client")]
    pub general: bool,

    /// Write to this file (`….pdf`) or into this folder [default: the current folder]
    #[arg(short, long, value_name = "FILE-or-DIR")]
    pub output: Option<PathBuf>,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// Leave the form fields out: lines to write on, for a document that is signed on paper
    #[arg(long)]
    pub no_fields: bool,

    /// Make a draft: it says so on every page and is not kept track of
    #[arg(long)]
    pub draft: bool,

    /// Also write the Typst project into this folder; the stock Typst compiler makes the same pages of it
    #[arg(long, value_name = "DIR")]
    pub emit: Option<PathBuf>,

    /// Replace a PDF that is there and differs
    #[arg(short, long)]
    pub force: bool,

    /// Say what was made, and what is wrong, as JSON on standard output
    #[arg(long)]
    pub json: bool,

    /// Say nothing but the paths, and problems
    #[arg(short, long)]
    pub quiet: bool,
}
