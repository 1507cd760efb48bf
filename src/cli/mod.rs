//! The command line: what the user may type, and one module per command.

mod args;
mod generate;
mod report;

use std::process::ExitCode;

use clap::Parser;

pub use args::{Arguments, GenerateArguments};

/// Runs the program on its command line; the exit code is 0 if all was done, 1 if the input has problems,
/// 2 if the tool could not do it or was asked in a wrong way.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    generate::run(&arguments.generate)
}
