//! The arguments of a key to sign with.

use std::path::PathBuf;

use clap::Args;

/// Where the pass phrase of a key store is.
#[derive(Debug, Args)]
pub struct PassphraseArguments {
    /// Read the pass phrase of the key store from this environment variable [default: ask on the terminal]
    #[arg(long, value_name = "NAME", requires = "key")]
    pub passphrase_env: Option<String>,

    /// Read the pass phrase of the key store from this file descriptor
    #[arg(long, value_name = "N", requires = "key", conflicts_with = "passphrase_env")]
    pub passphrase_fd: Option<u32>,
}

/// Whether what is made is signed at once.
#[derive(Debug, Args)]
pub struct SigningArguments {
    /// Sign what is made at once, as `dpa-gen sign` does
    #[arg(long, requires = "key")]
    pub sign: bool,

    /// Sign with the key in this key store (PKCS #12)
    #[arg(long, value_name = "FILE.p12", requires = "sign")]
    pub key: Option<PathBuf>,

    /// Where its pass phrase is.
    #[command(flatten)]
    pub passphrase: PassphraseArguments,
}
