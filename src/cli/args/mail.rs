//! The arguments of `mail`.

use std::path::PathBuf;

use clap::Args;

use super::sent::SentArguments;
use super::shared::{LibraryArguments, OutputArguments, PrintArguments};
use crate::party::is_email;

/// What to send, and to whom.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct MailArguments {
    /// Send the contract of the client in this file
    #[arg(short, long, value_name = "FILE")]
    pub client: PathBuf,

    /// The quote to send with it: a PDF of any program
    #[arg(long, value_name = "FILE.pdf")]
    pub quote: Option<PathBuf>,

    /// The address to send it to [default: `email` of the client file]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub to: Option<String>,

    /// Where the result goes.
    #[command(flatten)]
    pub output: OutputArguments,

    /// Whether it is noted that it is sent.
    #[command(flatten)]
    pub sent: SentArguments,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,

    /// How the result is printed.
    #[command(flatten)]
    pub print: PrintArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen mail --client acme.toml --quote offerte.pdf           a draft with both attached
  dpa-gen mail --client acme.toml --to anna@acme.nl -o drafts/

Nothing is sent: open the draft in Outlook, Thunderbird or Apple Mail, read it, and send it there.
Its subject and its text come from `mail.txt` of the clause library.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";

fn parse_address(text: &str) -> Result<String, String> {
    if is_email(text) { Ok(text.to_owned()) } else { Err("write it as name@example.nl".to_owned()) }
}
