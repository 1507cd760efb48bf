//! The arguments of `sign`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::PrintArguments;
use super::key::PassphraseArguments;

/// What to sign, and with what.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("how").required(true).args(["key", "prepare", "embed", "embed_value"])))]
pub struct SignArguments {
    /// A contract that dpa-gen made, or with --embed one that is prepared
    #[arg(value_name = "FILE.pdf")]
    pub pdf: PathBuf,

    /// Sign with the key in this key store (PKCS #12)
    #[arg(long, value_name = "FILE.p12")]
    pub key: Option<PathBuf>,

    /// Where its pass phrase is.
    #[command(flatten)]
    pub passphrase: PassphraseArguments,

    /// The signer's certificate, and those above it, of a key that is elsewhere
    #[arg(long, value_name = "CERT.pem", requires = "prepare")]
    pub certificate: Option<PathBuf>,

    /// Write a file to be signed elsewhere, and print what to sign
    #[arg(long, value_name = "OUT.pdf", requires = "certificate", conflicts_with = "output")]
    pub prepare: Option<PathBuf>,

    /// Put this signed message (CMS) into a file that is prepared
    #[arg(long, value_name = "SIGNATURE.p7s")]
    pub embed: Option<PathBuf>,

    /// Put this signature value over the signed attributes into a file that is prepared
    #[arg(long, value_name = "VALUE.bin")]
    pub embed_value: Option<PathBuf>,

    /// Certify the contract: only filling in and signing are permitted then [default for the first signature]
    #[arg(long)]
    pub certify: bool,

    /// Show this name in the field, instead of the certificate's
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Write to this file [default: in place of a contract as it was made]
    #[arg(short, long, value_name = "FILE.pdf")]
    pub output: Option<PathBuf>,

    /// What to print.
    #[command(flatten)]
    pub print: PrintArguments,
}

const EXAMPLES: &str = "\
Examples:
  dpa-gen sign acme-verwerkersovereenkomst-2026-06-12.pdf --key mnrv.p12
  dpa-gen sign acme.pdf --certificate mnrv.pem --prepare acme-to-sign.pdf   the key is on a card
  dpa-gen sign acme-to-sign.pdf --embed-value value.bin                     … and signed this

The field `processor-signature` is signed, by the profile PAdES B-B. The day is the clock's.
Exit codes: 0 done, 1 the input has problems, 2 it could not be done.";
