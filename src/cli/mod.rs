//! The command line: what the user may type, and one module per command.

mod args;
mod attach;
mod fleet;
mod generate;
mod mail;
mod regenerate;
mod report;
mod show;
mod single;
mod status;

use std::process::ExitCode;

use clap::Parser;

pub use args::{
    Arguments, AttachArguments, Command, FleetArguments, GenerateArguments, LibraryArguments,
    MailArguments, RegenerateArguments, ShowArguments, StatusArguments,
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
        Some(Command::Attach(arguments)) => attach::run(&arguments),
        Some(Command::Mail(arguments)) => mail::run(&arguments),
        Some(Command::Show(arguments)) => show::run(&arguments),
    }
}
