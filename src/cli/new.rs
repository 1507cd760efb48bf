//! Writing a new client file: the answers come from flags or from questions, each checked as the reader checks.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use inquire::validator::Validation;
use inquire::{InquireError, MultiSelect, Text};
use serde::Serialize;
use toml::{Table, Value};

use super::args::NewArguments;
use super::console;
use super::report::{Outcome, Report, Style, shell_word};
use super::template;
use crate::diagnostic::{Diagnostic, Severity};
use crate::input;
use crate::library::Library;
use crate::ops::relative;
use crate::store::{self, Existing};

/// A client file that was written.
#[derive(Debug, Serialize)]
struct Written {
    file: PathBuf,
}

impl Outcome for Written {
    fn result(&self) -> String {
        self.file.display().to_string()
    }

    fn talk(&self) -> Option<String> {
        Some(format!("next: dpa-gen --client {}", shell_word(&self.file)))
    }
}

/// Asks and writes.
pub fn run(arguments: &NewArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    match new(arguments, &mut report) {
        Ok(file) => report.result(Written { file }),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

fn new(arguments: &NewArguments, report: &mut Report<Written>) -> Result<PathBuf, Vec<Diagnostic>> {
    let one = |problem| vec![problem];
    let path = client_path(&arguments.file).map_err(one)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let found = arguments.library.search(folder).find().map_err(one)?;
    let library = Rc::new(Library::open(&found)?);
    let mut known = told(arguments, &library)?;
    if !arguments.yes && questions_left(arguments) {
        check_terminal().map_err(one)?;
        ask(arguments, &mut known, &library).map_err(one)?;
    }
    check_complete(&known)?;

    let schema = template::schema_path(folder);
    let directive = relative(&schema, folder);
    let text = template::client_file(&path, &known, &directive, &library)?;
    // The schema first: without it, a client file must not be left behind.
    let is_new = write_schema(&schema, &library, report).map_err(one)?;
    store::write(&path, text.as_bytes(), Existing::Keep).map_err(|problem| {
        if is_new {
            // Nothing points at it now; if it stays, it does no harm.
            let _ = fs::remove_file(&schema);
        }
        one(if path.symlink_metadata().is_ok() { taken(&path) } else { problem })
    })?;
    Ok(path)
}

/// Where the client file goes.
fn client_path(file: &str) -> Result<PathBuf, Diagnostic> {
    let stem = file.strip_suffix(".toml").unwrap_or(file);
    if let Some(reason) = bad_name(stem) {
        let shown = file.escape_debug();
        return Err(Diagnostic::failure(format!(
            "`{shown}` is no name for a client file: {reason}"
        ))
        .hint("name it after the client: dpa-gen new acme"));
    }
    let mut path = PathBuf::from(format!("{stem}.toml"));
    let clients = Path::new("clients");
    if path.components().count() == 1 && clients.is_dir() {
        path = clients.join(path);
    }
    if path.symlink_metadata().is_ok() { Err(taken(&path)) } else { Ok(path) }
}

/// Why a name, without `.toml`, is none for a client file.
fn bad_name(stem: &str) -> Option<&'static str> {
    if stem.chars().any(char::is_control) {
        Some("it has a control character in it")
    } else if stem.ends_with(['/', '\\']) {
        Some("it names a folder")
    } else if stem.ends_with('.') {
        Some("it ends in a full stop")
    } else if Path::new(stem).file_name().is_none_or(OsStr::is_empty) {
        Some("it is empty")
    } else {
        None
    }
}

fn taken(path: &Path) -> Diagnostic {
    Diagnostic::failure(format!("`{}` is there already", path.display()))
        .hint("choose another name, or change that file in an editor")
}

/// What the flags tell, as a client file would; all that is wrong with them is told at once.
fn told(arguments: &NewArguments, library: &Library) -> Result<Table, Vec<Diagnostic>> {
    let NewArguments { name, kvk, services, signatory, role, extras, .. } = arguments;
    let list = |items: Vec<&str>| (!items.is_empty()).then(|| Value::from(items));
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let mut known = Table::new();
    let mut problems = Vec::new();
    for (flag, key, value) in [
        ("--name", "client.name", text(name)),
        ("--kvk", "client.kvk", text(kvk)),
        ("--service", "services", list(services.iter().map(|id| id.trim()).collect())),
        ("--signatory", "client.signatory.name", text(signatory)),
        ("--role", "client.signatory.role", text(role)),
        ("--extra", "security.extra", list(extras.iter().map(String::as_str).collect())),
    ] {
        let Some(value) = value else { continue };
        if let Err(problem) = template::check(key, value.clone(), library) {
            let message = format!("{flag}: {}", problem.message);
            problems.push(Diagnostic { severity: Severity::Failure, message, ..problem });
        }
        template::set(&mut known, key, value);
    }
    if problems.is_empty() { Ok(known) } else { Err(problems) }
}

/// Whether there is a question that no flag answers.
fn questions_left(arguments: &NewArguments) -> bool {
    let NewArguments { name, kvk, services, signatory, role, extras, .. } = arguments;
    let texts = [name, kvk, signatory, role];
    texts.into_iter().any(Option::is_none) || services.is_empty() || extras.is_empty()
}

fn check_terminal() -> Result<(), Diagnostic> {
    if console::is_interactive() {
        return Ok(());
    }
    Err(Diagnostic::failure("there is no terminal to ask on")
        .hint("tell it with flags: dpa-gen new acme --yes --name \"Acme B.V.\" --service website"))
}

/// What a client file cannot do without.
fn check_complete(known: &Table) -> Result<(), Vec<Diagnostic>> {
    let has_name = known.get("client").and_then(|client| client.get("name")).is_some();
    let mut problems = Vec::new();
    for (is_there, what, flag) in [
        (has_name, "the client's name", "--name \"Acme B.V.\""),
        (known.contains_key("services"), "what the client takes", "--service website"),
    ] {
        if !is_there {
            let missing = Diagnostic::failure(format!("{what} is missing"));
            problems.push(missing.hint(format!("tell it with {flag}")));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Asks what no flag told.
fn ask(
    arguments: &NewArguments,
    known: &mut Table,
    library: &Rc<Library>,
) -> Result<(), Diagnostic> {
    if arguments.name.is_none() {
        let name = question("Legal name of the client", None, "client.name", library)?;
        template::set(known, "client.name", name);
    }
    if arguments.kvk.is_none() {
        let kvk = question("KvK number", Some(OPEN), "client.kvk", library)?;
        set_unless_empty(known, "client.kvk", kvk);
    }
    if arguments.services.is_empty() {
        template::set(known, "services", choose_services(library)?);
    }
    if arguments.signatory.is_none() {
        let name = question("Who signs", Some(OPEN), "client.signatory.name", library)?;
        set_unless_empty(known, "client.signatory.name", name);
    }
    let has_signatory = known.get("client").and_then(|client| client.get("signatory")).is_some();
    if arguments.role.is_none() && has_signatory {
        let role = question("Position of who signs", Some(OPEN), "client.signatory.role", library)?;
        set_unless_empty(known, "client.signatory.role", role);
    }
    if arguments.extras.is_empty() {
        let mut extras = Vec::new();
        while let Some(measure) = another_measure(&extras, library)? {
            extras.push(measure);
        }
        if !extras.is_empty() {
            template::set(known, "security.extra", extras);
        }
    }
    Ok(())
}

const OPEN: &str = "Enter leaves it open";

fn set_unless_empty(known: &mut Table, key: &str, answer: String) {
    if !answer.is_empty() {
        template::set(known, key, answer);
    }
}

/// Asks for a text until the reader would take it; with `open`, which says so, it may be empty.
fn question(
    prompt: &str,
    open: Option<&str>,
    key: &'static str,
    library: &Rc<Library>,
) -> Result<String, Diagnostic> {
    let library = Rc::clone(library);
    let may_be_empty = open.is_some();
    let is_list = key == "security.extra";
    let mut question = Text::new(prompt).with_validator(move |answer: &str| {
        if may_be_empty && answer.is_empty() {
            return Ok(Validation::Valid);
        }
        let value = if is_list { vec![answer].into() } else { Value::from(answer) };
        Ok(verdict(template::check(key, value, &library)))
    });
    question.help_message = open;
    question.prompt().map_err(stopped)
}

/// Asks for one measure; none if there is no other.
fn another_measure(
    earlier: &[String],
    library: &Rc<Library>,
) -> Result<Option<String>, Diagnostic> {
    let (prompt, help) = if earlier.is_empty() {
        ("A security measure agreed beyond the base set", "Enter if there is none")
    } else {
        ("Another one", "Enter if there is no other")
    };
    let measure = question(prompt, Some(help), "security.extra", library)?;
    Ok((!measure.is_empty()).then_some(measure))
}

/// The catalogue as a checklist.
fn choose_services(library: &Rc<Library>) -> Result<Vec<String>, Diagnostic> {
    let services = &library.catalogue.services;
    let names = services.values().map(|service| service.name.clone()).collect();
    let chosen = MultiSelect::new("What the client takes", names)
        .with_help_message("arrows to move, space to mark, type to search, Enter when done")
        .with_validator(|chosen: &[inquire::list_option::ListOption<&String>]| {
            Ok(if chosen.is_empty() {
                Validation::Invalid("mark at least one with space".into())
            } else {
                Validation::Valid
            })
        })
        .raw_prompt()
        .map_err(stopped)?;
    let id = |index: usize| services.get_index(index).map(|(id, _)| id.clone());
    Ok(chosen.into_iter().filter_map(|option| id(option.index)).collect())
}

/// Says what the reader says.
fn verdict(checked: Result<(), Diagnostic>) -> Validation {
    match checked {
        Ok(()) => Validation::Valid,
        Err(Diagnostic { message, hints, .. }) => {
            let parts: Vec<_> = [message].into_iter().chain(hints).collect();
            Validation::Invalid(parts.join("; ").into())
        }
    }
}

pub fn stopped(error: InquireError) -> Diagnostic {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            Diagnostic::failure("stopped: nothing was written")
        }
        other => Diagnostic::failure(format!("cannot ask: {other}"))
            .hint("tell it with flags, and --yes: dpa-gen new --help"),
    }
}

/// Writes the schema that the client file points at, unless there is one; returns whether it did.
fn write_schema(
    path: &Path,
    library: &Library,
    report: &mut Report<Written>,
) -> Result<bool, Diagnostic> {
    let text = template::schema_text(library);
    match input::bytes(path) {
        Ok(there) if there != text.as_bytes() => {
            let path = path.display();
            let mut old = Diagnostic::error(format!("`{path}` is of another library or version"))
                .hint(format!("bring it up to date: dpa-gen schema client > {path}"));
            old.severity = Severity::Warning;
            report.problem(old);
            Ok(false)
        }
        Ok(_) => Ok(false),
        Err(_) => store::write(path, text.as_bytes(), Existing::Keep).map(|()| true),
    }
}
