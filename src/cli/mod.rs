//! The command line: what the user may type, and one module per command.

mod args;
mod generate;
mod report;
mod show;

use std::process::ExitCode;

use clap::Parser;

pub use args::{Arguments, Command, GenerateArguments, ShowArguments};

/// Runs the program on its command line; the exit code is 0 if all was done, 1 if the input has problems,
/// 2 if the tool could not do it or was asked in a wrong way.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        None => generate::run(&arguments.generate),
        Some(Command::Show(arguments)) => show::run(&arguments),
    }
}
