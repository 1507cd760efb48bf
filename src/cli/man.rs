//! The man pages, from the arguments that the program takes.

use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory};

use super::args::{Arguments, ManArguments};
use super::completions::PROGRAM;
use super::report::{Report, Style};
use crate::diagnostic::{Diagnostic, Severity};
use crate::store::{self, Existing};

/// Writes the man pages: one for the program, one for each command.
pub fn run(arguments: &ManArguments) -> ExitCode {
    let mut report: Report<String> = Report::new(Style::Human);
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    if let Err(problem) = write_pages(&command, &arguments.dir) {
        report.problem(problem);
    }
    report.finish()
}

fn write_pages(command: &Command, dir: &Path) -> Result<(), Diagnostic> {
    let name = command.get_display_name().unwrap_or(PROGRAM);
    let path = dir.join(format!("{name}.1"));
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .title(name.to_owned())
        .source(concat!("dpa-gen ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Diagnostic::io(Severity::Failure, "write", &path, &error))?;
    store::write(&path, &page, Existing::Replace)?;
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    commands.into_iter().try_for_each(|command| write_pages(command, dir))
}
