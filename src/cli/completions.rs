//! What shells complete, from the arguments that the program takes.
//!
//! Completion is dynamic: a shell calls the program with [`VARIABLE`] set, and the program answers what fits
//! here and now.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use clap::{Arg, Command, CommandFactory};
use clap_complete::CompleteEnv;
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::env::Shells;

use super::args::{Arguments, CompletionsArguments, Shell};
use super::report::{Outcome, Report, Style};
use crate::diagnostic::Diagnostic;
use crate::library::{Library, Search, Service};

pub(super) const PROGRAM: &str = "dpa-gen";

/// Set by a shell that asks what fits.
const VARIABLE: &str = "_DPA_GEN_COMPLETE";

/// Answers a shell that asks what fits, and ends the program; does nothing in any other run.
pub fn answer() {
    CompleteEnv::with_factory(|| with_completers(Arguments::command())).var(VARIABLE).complete();
}

/// Every argument of a name completes in the same way, whatever the command.
fn with_completers(command: Command) -> Command {
    let completed = |arg: Arg| match arg.get_id().as_str() {
        "client" => arg.add(ArgValueCompleter::new(client_files)),
        "pdf" | "quote" => arg.add(ArgValueCompleter::new(files("pdf"))),
        "services" => arg.add(ArgValueCandidates::new(services)),
        "layout" => arg.add(ArgValueCandidates::new(layouts)),
        "dir" | "library" | "emit" => arg.add(ArgValueCompleter::new(PathCompleter::dir())),
        _ => arg,
    };
    command.mut_args(completed).mut_subcommands(with_completers)
}

/// Files of a kind, and the folders on the way to them.
fn files(extension: &'static str) -> PathCompleter {
    PathCompleter::any()
        .filter(move |path| path.is_file() && path.extension() == Some(extension.as_ref()))
}

/// Client files: any TOML that is not in the library.
fn client_files(current: &OsStr) -> Vec<CompletionCandidate> {
    let is_library = |candidate: &CompletionCandidate| {
        let name = Path::new(candidate.get_value()).file_name();
        ["clauses", "layouts", "schemas"].iter().any(|folder| name == Some(OsStr::new(folder)))
    };
    let mut found = files("toml").complete(current);
    found.retain(|candidate| !is_library(candidate));
    found
}

fn services() -> Vec<CompletionCandidate> {
    let Some(library) = library() else { return Vec::new() };
    let services = library.catalogue.services.iter();
    let candidate = |(id, service): (&String, &Service)| {
        CompletionCandidate::new(id).help(Some(service.name.clone().into()))
    };
    services.map(candidate).collect()
}

fn layouts() -> Vec<CompletionCandidate> {
    let library = library();
    library.iter().flat_map(Library::layouts).map(CompletionCandidate::new).collect()
}

/// The library at hand; nothing is completed from one with problems.
fn library() -> Option<Library> {
    let search = Search { embedded: false, folder: None, from: Path::new(""), layout: None };
    Library::open(&search.find().ok()?).ok()
}

/// Prints what a shell reads to complete.
pub fn run(arguments: &CompletionsArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    match script(arguments.shell) {
        Ok(script) => report.result(script),
        Err(problem) => report.problem(problem),
    }
    report.finish()
}

impl Outcome for String {
    fn result(&self) -> String {
        self.trim_end().to_owned()
    }
}

fn script(shell: Shell) -> Result<String, Diagnostic> {
    let name = match shell {
        Shell::Bash => "bash",
        Shell::Elvish => "elvish",
        Shell::Fish => "fish",
        Shell::Powershell => "powershell",
        Shell::Zsh => "zsh",
    };
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let written = shells
        .completer(name)
        .map(|shell| shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script));
    let script = String::from_utf8_lossy(&script);
    match written {
        Some(Ok(())) => Ok(match shell {
            // With it, bash quotes what has a space in it.
            Shell::Bash => script.replace(" -o bashdefault", " -o filenames -o bashdefault"),
            Shell::Zsh => script.into_owned() + ZSH_FIRST_TAB,
            _ => script.into_owned(),
        }),
        _ => Err(Diagnostic::failure(format!("cannot complete in `{name}`"))),
    }
}

/// A script in `$fpath` is loaded by the first Tab, and should answer that one too.
const ZSH_FIRST_TAB: &str =
    "[[ $funcstack[1] != _dpa-gen ]] || _clap_dynamic_completer_dpa_gen \"$@\"\n";
