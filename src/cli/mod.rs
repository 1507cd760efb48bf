//! The command line: what the user may type, and one module per command.

mod args;
mod check;
mod explain;
mod fleet;
mod gate;
mod generate;
mod regenerate;
mod report;
mod show;
mod status;
mod table;

use std::process::ExitCode;

use clap::Parser;

pub use args::{
    Arguments, CheckArguments, CheckFormat, Command, ExplainArguments, FleetArguments,
    GenerateArguments, Level, LibraryArguments, RegenerateArguments, ShowArguments,
    StatusArguments,
};

/// Runs the program on its command line; the exit code is 0 if all was done, 1 if the input has problems,
/// 2 if the tool could not do it or was asked in a wrong way.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        None => generate::run(&arguments.generate),
        Some(Command::Regenerate(arguments)) => regenerate::run(&arguments),
        Some(Command::Status(arguments)) => status::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Explain(arguments)) => explain::run(&arguments),
        Some(Command::Show(arguments)) => show::run(&arguments),
    }
}
