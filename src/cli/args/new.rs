//! `dpa-gen new`.

use clap::Args;

use super::shared::LibraryArguments;

/// Which client file to write, and what is known of the client.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NewArguments {
    /// What to call the client file: `acme` is clients/acme.toml if there is a folder `clients/`, else acme.toml
    #[arg(value_name = "FILE")]
    pub file: String,

    /// The client's legal name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Its KvK number: 8 digits
    #[arg(long, value_name = "NUMBER")]
    pub kvk: Option<String>,

    /// A service that it takes, by id: `dpa-gen list services` (repeatable, or with commas between)
    #[arg(long = "service", value_name = "ID", value_delimiter = ',')]
    pub services: Vec<String>,

    /// Who signs for it
    #[arg(long, value_name = "NAME")]
    pub signatory: Option<String>,

    /// The position of who signs
    #[arg(long, value_name = "ROLE", requires = "signatory")]
    pub role: Option<String>,

    /// A security measure agreed beyond the base set (repeatable)
    #[arg(long = "extra", value_name = "MEASURE")]
    pub extras: Vec<String>,

    /// Ask nothing: what no flag tells stays open
    #[arg(short, long)]
    pub yes: bool,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen new acme                        asks what is to be known
  dpa-gen new acme --yes --name 'Acme B.V.' --service website,hosting

The file has every key there is; what stays open stands behind a #, with an example. A file that
is there is never overwritten.";
