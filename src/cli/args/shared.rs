//! The options that several commands share.

use std::path::PathBuf;

use clap::Args;

use crate::cli::place;
use crate::cli::report::Style;
use crate::ops::LibraryChoice;
use crate::store::Existing;

/// Which library to use.
#[derive(Debug, Args)]
pub struct LibraryArguments {
    /// Use the `clauses/` and `layouts/` in this folder
    #[arg(long, value_name = "DIR")]
    pub library: Option<PathBuf>,

    /// Use the embedded library, even if there is one beside the client file
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
            folder: place::existing_some(self.library.as_ref()),
            layout: self.layout.clone(),
        }
    }
}

/// What to do about a file that is there.
#[derive(Debug, Args)]
pub struct ForceArguments {
    /// Overwrite an existing file that differs
    #[arg(short, long)]
    pub force: bool,
}

impl ForceArguments {
    /// What to do about a file that exists and differs.
    #[must_use]
    pub fn existing(&self) -> Existing {
        Existing::forced(self.force)
    }
}

/// Where the result goes.
#[derive(Debug, Args)]
pub struct OutputArguments {
    /// Write to this file, or into this folder [default: the current folder]
    #[arg(short, long, value_name = "FILE-or-DIR")]
    pub output: Option<PathBuf>,

    /// What to do about a file that is there.
    #[command(flatten)]
    pub force: ForceArguments,
}

impl OutputArguments {
    /// Where the result goes, as seen from the root.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        place::typed_some(self.output.as_ref())
    }

    /// What to do about a file that exists and differs.
    #[must_use]
    pub fn existing(&self) -> Existing {
        self.force.existing()
    }
}

/// Where the PDFs are kept.
#[derive(Debug, Args)]
pub struct FolderArguments {
    /// The folder of the PDFs and their `dpa.lock.d` [default: the current folder]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

impl FolderArguments {
    /// The folder, as seen from the root.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        place::typed_some(self.output.as_ref())
    }
}

/// How the result is printed.
#[derive(Debug, Args)]
pub struct PrintArguments {
    /// Print only paths and problems
    #[arg(short, long)]
    pub quiet: bool,

    /// Or as JSON.
    #[command(flatten)]
    pub json: JsonArguments,
}

impl PrintArguments {
    /// The style of the report.
    #[must_use]
    pub(in crate::cli) fn style(&self) -> Style {
        Style::of(self.json.json, self.quiet)
    }
}

/// Whether the result is printed as JSON.
#[derive(Debug, Args)]
pub struct JsonArguments {
    /// Print results and problems as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

impl JsonArguments {
    /// The style of the report.
    #[must_use]
    pub(in crate::cli) fn style(&self) -> Style {
        Style::of(self.json, false)
    }
}
