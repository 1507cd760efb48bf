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

    /// Its legal form, in Dutch: "besloten vennootschap", "eenmanszaak", "stichting" or any other
    #[arg(long, value_name = "FORM")]
    pub legal_form: Option<String>,

    /// The name that it trades under: of an eenmanszaak, whose own name is that of the person
    #[arg(long, value_name = "NAME")]
    pub trade_name: Option<String>,

    /// A partner of a partnership (repeatable)
    #[arg(long = "partner", value_name = "NAME", requires = "legal_form")]
    pub partners: Vec<String>,

    /// Its KvK number: 8 digits
    #[arg(long, value_name = "NUMBER")]
    pub kvk: Option<String>,

    /// A service that it takes, by id: `dpa-gen list services` (repeatable, or with commas between)
    #[arg(long = "service", value_name = "ID", value_delimiter = ',')]
    pub services: Vec<String>,

    /// Who signs for it (repeatable: who sign together)
    #[arg(long = "signatory", value_name = "NAME")]
    pub signatories: Vec<String>,

    /// The position of who signs (repeatable: in the order of --signatory)
    #[arg(long = "role", value_name = "ROLE", requires = "signatories")]
    pub roles: Vec<String>,

    /// As what it processes: `controller`, or `processor` if it does so for others
    #[arg(long, value_name = "CAPACITY")]
    pub capacity: Option<String>,

    /// A security measure agreed beyond the base set (repeatable)
    #[arg(long = "extra", value_name = "MEASURE")]
    pub extras: Vec<String>,

    /// Ask nothing; details without a flag stay open
    #[arg(short, long)]
    pub yes: bool,

    /// Which library.
    #[command(flatten)]
    pub library: LibraryArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen new acme                        prompts for the details
  dpa-gen new acme --yes --name 'Acme B.V.' --service website,hosting
  dpa-gen new acme --signatory 'A. de Vries' --signatory 'B. Bakker'

The file has every key there is; what stays open stands behind a #, with an example. A file that
is there is never overwritten.";
