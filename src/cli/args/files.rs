//! The arguments of client files, and of other files that several commands read.

use std::path::PathBuf;

use clap::Args;

use crate::cli::place;

/// Which client files a command is about.
#[derive(Debug, Args)]
pub struct ClientFilesArguments {
    /// Where the client files are, in this folder or below [default: `clients/` if there is one, else here]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Only the client files that match, by name or path: "bakker*" (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
}

impl ClientFilesArguments {
    /// Where the client files are, as seen from the root.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        place::existing_some(self.dir.as_ref())
    }
}

/// Which certificates are trusted.
#[derive(Debug, Args)]
pub struct TrustArguments {
    /// Follow the chain of each signer's certificate to these certificates (repeatable)
    #[arg(long, value_name = "FILE.pem")]
    pub trust: Vec<PathBuf>,
}

impl TrustArguments {
    /// The files with the certificates, as seen from the root.
    #[must_use]
    pub fn paths(&self) -> Vec<PathBuf> {
        self.trust.iter().map(|path| place::existing(path)).collect()
    }
}
