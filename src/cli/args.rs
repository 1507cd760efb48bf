//! The arguments; nothing here reads or writes.

mod adopt;
mod attach;
mod check;
mod common;
mod completions;
mod explain;
mod files;
mod init;
mod keep;
mod key;
mod lang;
mod list;
mod mail;
mod make;
mod new;
mod notify;
mod preview;
mod receive;
mod redline;
mod regenerate;
mod review;
mod schema;
mod sent;
mod shared;
mod show;
mod sign;
mod start;

use clap::{Parser, Subcommand};

pub use adopt::AdoptArguments;
pub use attach::AttachArguments;
pub use check::{CheckArguments, Format as CheckFormat, Level, Reader as CheckReader};
pub use completions::{CompletionsArguments, ManArguments, Shell};
pub use explain::ExplainArguments;
pub use init::InitArguments;
pub use keep::{ArchiveArguments, RenameArguments};
pub use key::{PassphraseArguments, SigningArguments};
pub use lang::{LangArguments, LangName};
pub use list::{ListArguments, Listed};
pub use mail::MailArguments;
pub use make::{Format, MakeArguments};
pub use new::NewArguments;
pub use notify::NotifyArguments;
pub use preview::PreviewArguments;
pub use receive::ReceiveArguments;
pub use redline::RedlineArguments;
pub use regenerate::{ClientsArguments, RegenerateArguments, StatusArguments};
pub use review::ReviewArguments;
pub use schema::{SchemaArguments, SchemaOf};
pub use sent::SentArguments;
pub use shared::{
    FolderArguments, JsonArguments, LibraryArguments, OutputArguments, PrintArguments,
};
pub use show::ShowArguments;
pub use sign::SignArguments;
use start::EXAMPLES;
pub use start::START;

/// Makes a data-processing agreement (art. 28 GDPR) as a PDF.
///
/// From clause files and one small file per client, `dpa-gen` produces the contract to sign: the articles
/// that apply, and annexes filled in with the client's services.
#[derive(Debug, Parser)]
#[command(name = "dpa-gen", version, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// The command; without one, documents are made.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Which documents to make.
    #[command(flatten)]
    pub make: MakeArguments,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a folder to work in: the contract's text, its layout, a sample client
    Init(InitArguments),

    /// Write a new client file, prompting for the details
    New(NewArguments),

    /// Show a contract in the browser while you write it
    Preview(PreviewArguments),

    /// Check the contract against art. 28 GDPR and against itself
    Check(CheckArguments),

    /// Record what a lawyer read and approved of the contract's text
    Review(ReviewArguments),

    /// Put proposals in the place of the contract's clauses
    Adopt(AdoptArguments),

    /// Explain a finding code in detail
    Explain(ExplainArguments),

    /// Bring all clients' PDFs up to date
    Regenerate(RegenerateArguments),

    /// Show which PDFs are current, stale, filled in, signed or lost
    Status(StatusArguments),

    /// Give a client another id: its file, its PDFs and its history go with it
    Rename(RenameArguments),

    /// Take a client out of daily lists, or put it back
    Archive(ArchiveArguments),

    /// Add a client's contract to a quote: one PDF to send
    Attach(AttachArguments),

    /// Write a draft e-mail with a client's contract, and the quote
    Mail(MailArguments),

    /// Sign a contract as the processor
    Sign(SignArguments),

    /// Check a copy that came back, and file it
    Receive(ReceiveArguments),

    /// Show what a PDF is: its contract, fields, signatures and changes
    Show(ShowArguments),

    /// Show what changed between two texts of an agreement, or since a PDF was made
    Redline(RedlineArguments),

    /// Notify clients of a change: whom, of what and until when; drafts of the e-mails
    Notify(NotifyArguments),

    /// List the available services, articles or layouts
    List(ListArguments),

    /// Print the JSON Schema of client files or the library, for editors
    Schema(SchemaArguments),

    /// Print a script that completes commands, client files and services
    Completions(CompletionsArguments),

    /// Write the man pages
    Man(ManArguments),
}
