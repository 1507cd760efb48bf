//! A folder to work in: the contract's text and looks to edit, a sample client, and what editors need.

mod questions;
mod subprocessors;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use indexmap::IndexSet;
use serde::Serialize;

use super::args::InitArguments;
use super::report::{Outcome, Report, Style, shell_word};
use super::{console, place};
use crate::diagnostic::{Count, Diagnostic, Problems, Severity, Slashed};
use crate::library::{Files, Library};
use crate::ops::init::{self, Details, KEYS};
use crate::ops::working_folder::{SAMPLE, check_free, files};
use crate::store::{self, Existing};

/// A folder that was made ready.
#[derive(Debug, Serialize)]
struct Ready {
    dir: PathBuf,
    /// What stands in it now: files and folders.
    entries: IndexSet<String>,
    files: usize,
    /// What the owner's text still says of the processor.
    open: Vec<String>,
}

impl Outcome for Ready {
    fn result(&self) -> String {
        let entries = self.entries.iter().map(|entry| self.dir.join(entry).on_a_line());
        entries.collect::<Vec<_>>().join("\n")
    }

    fn talk(&self) -> Option<String> {
        let enter = if self.dir.as_os_str().is_empty() {
            String::new()
        } else {
            format!("cd {} && ", shell_word(&self.dir))
        };
        let files = Count(self.files, "file", "files");
        let next = format!("{files}; next: {enter}dpa-gen --client {SAMPLE}");
        let lines: Vec<&str> = self.open.iter().map(String::as_str).chain([&*next]).collect();
        Some(lines.join("\n"))
    }
}

/// Makes a folder ready to work in.
pub fn run(arguments: &InitArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    match init(arguments) {
        Ok(ready) => report.result(ready),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

fn init(arguments: &InitArguments) -> Result<Ready, Problems> {
    let dir = &place::typed(arguments.dir.as_deref().unwrap_or(Path::new("")));
    if dir.exists() && !dir.is_dir() {
        let dir = dir.slashed();
        let file = Diagnostic::failure(format!("`{dir}` is a file"));
        return Err(file.hint("name a folder, or one that is not there yet").into());
    }
    let owners = Library::read(Files::embedded_clauses(), Files::embedded_layouts(), None)?;
    let mut details = given(arguments, &owners)?;
    if !arguments.yes && console::is_interactive() {
        console::keep_on_interrupt();
        questions::ask(&mut details, &Rc::new(owners)).map_err(|problem| vec![problem])?;
    }
    let files = files(details.library()?)?;
    check_free(dir, &files)?;
    for (path, bytes) in &files {
        store::write(&dir.join(path), bytes, Existing::Keep).map_err(|problem| vec![problem])?;
    }
    let entry = |path: &String| {
        path.split_once('/').map_or_else(|| path.clone(), |(folder, _)| format!("{folder}/"))
    };
    Ok(Ready {
        dir: dir.to_owned(),
        entries: files.keys().map(entry).collect(),
        files: files.len(),
        open: open(&details),
    })
}

/// What the flags give, each checked as the reader checks.
fn given(arguments: &InitArguments, library: &Library) -> Result<Details, Problems> {
    let InitArguments { name, short_name, kvk, register, address, postal_code, city, .. } =
        arguments;
    let InitArguments { country, email, website, .. } = arguments;
    let values =
        [name, short_name, kvk, register, address, postal_code, city, country, email, website];
    let mut details = Details::default();
    let mut problems = Problems::new();
    let mut note = |flag: &str, problem: Diagnostic| {
        let message = format!("--{flag}: {}", problem.message);
        problems.push(Diagnostic { severity: Severity::Failure, message, ..problem });
    };
    for (key, value) in KEYS.into_iter().zip(values) {
        let Some(value) = value else { continue };
        match init::check(key, value, country.as_deref(), library) {
            Ok(()) => details.processor.push((key, value.clone())),
            Err(problem) => note(key, problem),
        }
    }
    for typed in &arguments.subprocessors {
        match init::subprocessor(typed, library) {
            Ok(table) => details.subprocessors.push(table),
            Err(found) => found.into_iter().for_each(|problem| note("subprocessor", problem)),
        }
    }
    problems.or(details)
}

/// What the owner's text still says of the processor.
fn open(details: &Details) -> Vec<String> {
    let words =
        [("name", "name"), ("kvk", "KvK number"), ("email", "e-mail"), ("website", "website")];
    let is_given = |key: &str| details.has(key) || (key == "kvk" && details.has("register"));
    let owners: Vec<&str> =
        words.iter().filter(|(key, _)| !is_given(key)).map(|(_, word)| *word).collect();
    let mut open = Vec::new();
    if !owners.is_empty() {
        let owners = owners.join(", ");
        open.push(format!("still the owner's in clauses/contract.toml, [processor]: {owners}"));
    }
    if !details.has("address") {
        open.push("no address of the processor yet: clauses/contract.toml, [processor]".to_owned());
    }
    if details.subprocessors.is_empty() {
        open.push("no sub-processor is named yet: clauses/subprocessors.toml".to_owned());
    }
    open
}
