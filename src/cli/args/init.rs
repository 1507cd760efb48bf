//! `dpa-gen init`.

use std::path::PathBuf;

use clap::Args;

/// Where to start, and what is known of the processor.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArguments {
    /// The folder to work in; it is made if it is not there [default: the current folder]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// The processor's legal name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Its name in the contract's running text [default: the legal name]
    #[arg(long, value_name = "NAME")]
    pub short_name: Option<String>,

    /// Its KvK number: 8 digits
    #[arg(long, value_name = "NUMBER")]
    pub kvk: Option<String>,

    /// Its register of another country, in place of a KvK number: its name and number, as in TOML
    #[arg(long, value_name = "KEYS", conflicts_with = "kvk", requires = "country")]
    pub register: Option<String>,

    /// Its street and number
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,

    /// Its postal code
    #[arg(long, value_name = "CODE")]
    pub postal_code: Option<String>,

    /// Its city
    #[arg(long, value_name = "CITY")]
    pub city: Option<String>,

    /// Its country, if that is not the Netherlands
    #[arg(long, value_name = "COUNTRY")]
    pub country: Option<String>,

    /// Its e-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,

    /// Its website
    #[arg(long, value_name = "ADDRESS")]
    pub website: Option<String>,

    /// A sub-processor of its own, its keys as in clauses/subprocessors.toml (repeatable)
    #[arg(long = "subprocessor", value_name = "KEYS")]
    pub subprocessors: Vec<String>,

    /// Ask nothing: details that no flag gives stay those of the text's owner
    #[arg(short, long)]
    pub yes: bool,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen init contracts                  asks for the processor's details
  dpa-gen init contracts --yes --name 'Webbouw B.V.' --kvk 12345678 --email info@webbouw.example
  dpa-gen init --yes --country België --register 'name = \"KBO\", number = \"0123.456.749\"'
  dpa-gen init --yes --subprocessor 'name = \"Datacentrum B.V.\", address = \"Serverweg 1, Utrecht\",
    country = \"Nederland\", contact = \"privacy@datacentrum.example\", categories = [\"hosting\"],
    processing = \"Opslag\", since = 2026-01-01'

It writes the contract's text (clauses/), its looks (layouts/), a sample client (clients/), and
what editors need. No file is ever overwritten: if one is in the way, nothing is written. Without
a terminal it asks nothing, as with --yes.";
