//! The list of commands in `--help`, under headings, and parsing the command line with it.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

use clap::builder::styling::Style;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, FromArgMatches};

use super::args::Arguments;

/// The headings, each with its commands; a command without a heading is in no help, which a test refuses.
const HEADINGS: [(&str, &[&str]); 7] = [
    ("Make", &["new", "init", "preview"]),
    ("Send", &["sign", "attach", "mail"]),
    ("Keep", &["receive", "status", "show", "regenerate", "rename", "archive"]),
    ("Change", &["redline", "notify"]),
    ("Text", &["check", "review", "adopt", "explain", "list"]),
    ("Account", &["register", "agenda", "end"]),
    ("Set up", &["schema", "completions", "man", "help"]),
];

/// What documents are made with, which is no command.
const MAKE: [(&str, &str); 2] = [
    ("--client FILE", "Make a client's contract"),
    ("--general", "Make the general edition, without a client"),
];

/// Words that somebody may type for making documents.
const NO_COMMANDS: [&str; 6] = ["make", "generate", "create", "build", "contract", "pdf"];

/// Parses the command line.
pub fn parse() -> Result<Arguments, clap::Error> {
    let matches = with_headings(Arguments::command()).try_get_matches().map_err(explain)?;
    Arguments::from_arg_matches(&matches)
}

/// The command with its own commands listed under headings.
fn with_headings(command: Command) -> Command {
    let header = Style::new().bold().underline();
    let literal = Style::new().bold();
    let mut list = String::new();
    for (heading, names) in HEADINGS {
        let mut rows = if heading == "Make" { MAKE.map(own).to_vec() } else { Vec::new() };
        rows.extend(names.iter().filter_map(|name| {
            if *name == "help" {
                return Some(own(("help", "Print this message, or the help of a command")));
            }
            let about = command.find_subcommand(name)?.get_about()?.to_string();
            Some(((*name).to_owned(), about))
        }));
        if !rows.is_empty() {
            let _ = writeln!(list, "{header}{heading}:{header:#}");
        }
        for (name, about) in rows {
            let _ = writeln!(list, "  {literal}{name:<13}{literal:#}  {about}");
        }
        if !list.ends_with("\n\n") {
            list.push('\n');
        }
    }
    command.help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}\
         {header}Options:{header:#}\n{{options}}{{after-help}}"
    ))
}

fn own((name, about): (&str, &str)) -> (String, String) {
    (name.to_owned(), about.to_owned())
}

/// Adds what to type instead, where documents were to be made with a command.
fn explain(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return error;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let extension = Path::new(word).extension().map(OsStr::to_ascii_lowercase);
    let of_file = match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("toml") => Some(format!("to make a client's contract: dpa-gen --client {word}")),
        Some("pdf") => Some(format!("to see what a PDF is: dpa-gen show {word}")),
        _ => None,
    };
    if let Some(tip) = of_file {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    } else if NO_COMMANDS.contains(&word.as_str()) {
        error.remove(ContextKind::SuggestedSubcommand);
        let tip = "making documents needs no command: dpa-gen --client acme.toml";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_under_one_heading() {
        let listed: Vec<&str> = HEADINGS.iter().flat_map(|(_, names)| *names).copied().collect();
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            let count = listed.iter().filter(|listed| **listed == name).count();
            assert_eq!(count, 1, "`{name}` stands under {count} headings");
        }
    }
}
