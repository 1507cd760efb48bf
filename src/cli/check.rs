//! Checking: the library in all its combinations, or the contracts of clients.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use serde::Serialize;

use super::args::{CheckArguments, CheckFormat};
use super::console;
use super::fleet::{Served, clients_below, open_libraries};
use super::gate::Sum;
use super::generate::read_client;
use super::report::{Outcome, Report, Style};
use super::table;
use crate::check::{self, Checked, Coverage, Finding, Rules, Scope, Subject};
use crate::contract::{Contract, Form};
use crate::diagnostic::{Count, Diagnostic, Severity};
use crate::library::{Found, Library, Search};
use crate::store::{Access, Folder, LOCK};
use crate::typeset::{self, Typesetter};

/// What the check of one library came to.
#[derive(Serialize)]
struct Result<'a> {
    library: String,
    contracts: usize,
    findings: &'a [Finding],
    coverage: &'a [Coverage],
    /// What a person reads: findings, or the table.
    #[serde(skip)]
    shown: String,
    #[serde(skip)]
    time: Duration,
}

impl Outcome for Result<'_> {
    fn result(&self) -> String {
        self.shown.clone()
    }

    fn is_rendered(&self) -> bool {
        true
    }
}

impl Result<'_> {
    /// What is said at the end, on standard error.
    fn sum(&self) -> String {
        let accepted = self.findings.iter().filter(|finding| finding.accepted.is_some()).count();
        let accepted = if accepted > 0 { format!(", {accepted} accepted") } else { String::new() };
        format!(
            "{} checked: {}{accepted}; {} ({} ms)",
            Count(self.contracts, "contract", "contracts"),
            Sum::of(self.findings).all(),
            self.library,
            self.time.as_millis(),
        )
    }
}

/// Checks what the arguments ask for, and tells it.
pub fn run(arguments: &CheckArguments) -> ExitCode {
    let format = if arguments.json { CheckFormat::Json } else { arguments.format };
    let style = match format {
        CheckFormat::Terminal => Style::Human,
        CheckFormat::Json => Style::Json,
        CheckFormat::Sarif => Style::Quiet,
    };
    let started = Instant::now();
    let mut problems = Vec::new();
    let requests = match requests(arguments) {
        Ok(requests) => requests,
        Err(problem) => {
            problems.push(problem);
            IndexMap::new()
        }
    };
    let libraries = open_libraries(requests.keys(), &mut problems);
    let folder = lock_folder(arguments, &mut problems);
    let mut checked = Vec::new();
    for (found, clients) in &requests {
        let Some(served) = libraries.get(found) else { continue };
        let others = folder.as_ref().and_then(|folder| version_problem(folder, served));
        match check_library(&served.library, clients, others, &mut problems) {
            Ok(result) => checked.push((&served.library, result)),
            Err(more) => problems.extend(more),
        }
    }
    let is_denied = checked.iter().any(|(library, result)| {
        let deny = match arguments.deny {
            Some(level) => level.severity(),
            None => Some(library.contents.deny.unwrap_or(Severity::Error)),
        };
        let open = result.findings.iter().filter(|finding| finding.accepted.is_none());
        deny.is_some_and(|deny| open.map(Finding::level).any(|level| level >= deny))
    });
    let mut report = Report::new(style);
    if format == CheckFormat::Sarif {
        let libraries: Vec<&Library> = checked.iter().map(|(library, _)| *library).collect();
        let findings: Vec<&Finding> = checked.iter().flat_map(|(_, r)| &r.findings).collect();
        console::result(&format!("{:#}", check::sarif(&libraries, &findings)));
    } else {
        for (library, result) in &checked {
            let result = Result {
                library: library.describe(),
                contracts: result.coverage.len(),
                shown: shown(arguments, library, result),
                findings: &result.findings,
                coverage: &result.coverage,
                time: started.elapsed(),
            };
            let sum = result.sum();
            report.result(result);
            report.talk(&sum);
        }
    }
    report.problems(problems);
    report.finish_with(u8::from(is_denied))
}

/// The client files of each library; none is for a check of the library itself.
fn requests(
    arguments: &CheckArguments,
) -> std::result::Result<IndexMap<Found, Vec<PathBuf>>, Diagnostic> {
    let mut requests: IndexMap<Found, Vec<PathBuf>> = IndexMap::new();
    let find = |from: &Path| -> std::result::Result<Found, Diagnostic> {
        let search: Search<'_> = arguments.library.search(from);
        search.find()
    };
    if arguments.client.is_empty() {
        requests.insert(find(Path::new(""))?, Vec::new());
    }
    for path in &arguments.client {
        let files = if path.is_dir() { clients_below(path, &[])? } else { vec![path.clone()] };
        if files.is_empty() {
            let message = format!("there is no client file in `{}`", path.display());
            return Err(Diagnostic::error(message).hint("client files end in .toml"));
        }
        for file in files {
            let found = find(file.parent().unwrap_or(Path::new("")))?;
            let clients = requests.entry(found).or_default();
            if !clients.contains(&file) {
                clients.push(file);
            }
        }
    }
    Ok(requests)
}

/// The folder with the lock, if there is one.
fn lock_folder(arguments: &CheckArguments, problems: &mut Vec<Diagnostic>) -> Option<Folder> {
    let path = arguments.output.clone().unwrap_or_default();
    if !path.join(LOCK).is_file() {
        return None;
    }
    let opened = Folder::open(&path, Access::Look, problems);
    opened.map_err(|more| problems.extend(more)).ok()
}

fn version_problem(folder: &Folder, served: &Served) -> Option<(&'static str, Diagnostic)> {
    let version = served.library.contents.version.to_string();
    let problem = folder.check_version(&version, &served.text).err()?;
    Some(("version-unchanged", problem))
}

fn check_library(
    library: &Library,
    clients: &[PathBuf],
    version: Option<(&'static str, Diagnostic)>,
    problems: &mut Vec<Diagnostic>,
) -> std::result::Result<Checked, Vec<Diagnostic>> {
    let rules = Rules::new(library)?;
    let typesetter = Typesetter::new(library)?;
    let others = version.into_iter().collect();
    if clients.is_empty() {
        let subjects = check::combinations(library, &typesetter)?;
        return Ok(check::check(library, &rules, subjects, Scope::Library, others));
    }
    let mut subjects = Vec::new();
    for path in clients {
        let subject = read_client(path, library).and_then(|client| {
            let contract = Contract::assemble(library, Some(&client), Form::Fields);
            let texts = typesetter.texts(&contract)?;
            typeset::forget();
            Ok(Subject { name: path.display().to_string(), contract, texts })
        });
        match subject {
            Ok(subject) => subjects.push(subject),
            Err(more) => problems.extend(more),
        }
    }
    if subjects.is_empty() {
        return Err(Vec::new());
    }
    Ok(check::check(library, &rules, subjects, Scope::Clients, others))
}

/// What a person reads on standard output.
fn shown(arguments: &CheckArguments, library: &Library, checked: &Checked) -> String {
    if arguments.coverage {
        return table::coverage(library, &checked.coverage);
    }
    let open = checked.findings.iter().filter(|finding| finding.accepted.is_none());
    let problems = open.map(|finding| finding.diagnostic.clone()).collect();
    console::for_stdout(&problems).trim_end().to_owned()
}
