//! The arguments of `mail`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::common::CommonArguments;
use super::sent::SentArguments;
use super::shared::OutputArguments;
use crate::party::is_email;

/// What to send, and to whom.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("whom").required(true)))]
pub struct MailArguments {
    /// Send the contract of the client in this file
    #[arg(short, long, value_name = "FILE", group = "whom")]
    pub client: Option<PathBuf>,

    /// A draft for each client that has something new: a contract that it was not sent
    #[arg(long, group = "whom")]
    pub all: bool,

    /// The same, but only for the client files that match, by name or path: "bakker*" (repeatable)
    #[arg(long, value_name = "GLOB", group = "whom")]
    pub only: Vec<String>,

    /// The quote to send with it: a PDF of any program
    #[arg(long, value_name = "FILE.pdf", conflicts_with_all = ["all", "only"])]
    pub quote: Option<PathBuf>,

    /// The address to send it to [default: `email` of the client file]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, conflicts_with_all = ["all", "only"])]
    pub to: Option<String>,

    /// Where the result goes.
    #[command(flatten)]
    pub output: OutputArguments,

    /// Whether it is noted that it is sent.
    #[command(flatten)]
    pub sent: SentArguments,

    /// Which library, and how the result is printed.
    #[command(flatten)]
    pub common: CommonArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen mail --client acme.toml --quote offerte.pdf           a draft with both attached
  dpa-gen mail --client acme.toml --to anna@acme.nl -o drafts/
  dpa-gen mail --all -o drafts/                                 to each whose contract is new

Nothing is sent: open the draft in Outlook, Thunderbird or Apple Mail, read it, and send it there.
Its subject and its text come from `mail.txt` of the clause library.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";

fn parse_address(text: &str) -> Result<String, String> {
    if is_email(text) { Ok(text.to_owned()) } else { Err("write it as name@example.nl".to_owned()) }
}
