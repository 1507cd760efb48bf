//! Bringing all clients' PDFs up to date: only what is stale, on several threads, nothing signed touched.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::args::RegenerateArguments;
use super::fleet::{Fleet, Member, Served, assemble, name};
use super::gate::Gate;
use super::generate::read_client;
use super::report::{Outcome, Report, Style};
use crate::diagnostic::{Count, Diagnostic};
use crate::library::Found;
use crate::store::{self, Access, Entry, Existing, Folder, Stale, Touched};
use crate::typeset::{self, Typesetter};

/// How often the lock is written while a run goes on, so that one that is stopped loses little.
const SAVE_EVERY: Duration = Duration::from_secs(2);

/// What was done for a client.
#[derive(Debug, Serialize)]
struct Done {
    /// The client file; none for the general edition.
    client: Option<PathBuf>,
    pdf: PathBuf,
    outcome: What,
    /// Why.
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Made,
    WouldMake,
    Current,
    Kept,
    Failed,
}

impl Outcome for Done {
    fn result(&self) -> String {
        let what = match self.outcome {
            What::Made => "made",
            What::WouldMake => "would make",
            What::Current => "current",
            What::Kept => "kept",
            What::Failed => "failed",
        };
        let reason =
            if self.reason.is_empty() { String::new() } else { format!("  ({})", self.reason) };
        format!("{what:<10}  {}  {}{reason}", name(self.client.as_deref()), self.pdf.display())
    }
}

/// Brings all up to date, and tells what was done.
pub fn run(arguments: &RegenerateArguments) -> ExitCode {
    let started = Instant::now();
    let style = if arguments.fleet.json { Style::Json } else { Style::Human };
    let mut report = Report::new(style);
    let access = match arguments.shard {
        _ if arguments.dry_run => Access::Look,
        Some((number, count)) => Access::Shard(number, count),
        None => Access::Whole,
    };
    let mut problems = Vec::new();
    let gathered = Fleet::gather(&arguments.fleet, access, arguments.shard, &mut problems);
    let mut fleet = match gathered {
        Ok(fleet) => fleet,
        Err(more) => {
            report.problems(problems);
            report.problems(more);
            return report.finish();
        }
    };
    let plan: Vec<What> = fleet.members.iter().map(|member| plan(member, arguments)).collect();
    let todo: Vec<usize> = (0..plan.len()).filter(|&i| plan[i] == What::Made).collect();
    let mut failed = if arguments.dry_run {
        unreadable(&fleet, &plan)
    } else {
        make(&mut fleet, &todo, arguments.jobs.map(usize::from), style)
    };
    if let Err(problem) = fleet.folder.save() {
        problems.push(problem);
    }
    let mut made = 0;
    for (index, (member, what)) in fleet.members.iter().zip(plan).enumerate() {
        let failure = failed.swap_remove(&index);
        let outcome = if failure.is_some() { What::Failed } else { what };
        made += usize::from(matches!(outcome, What::Made | What::WouldMake));
        problems.extend(failure.unwrap_or_default());
        if outcome == What::Kept {
            problems.push(kept(member, &fleet.folder));
        }
        report.result(done(member, &fleet.folder, outcome));
    }
    {
        let (one, several) = match fleet.members.last() {
            Some(Member { path: None, .. }) => ("document", "documents"),
            _ => ("client", "clients"),
        };
        let all = Count(fleet.members.len(), one, several);
        let made_now = if arguments.dry_run { "would be made" } else { "made" };
        report.talk(&format!("{made} of {all} {made_now} ({} ms)", started.elapsed().as_millis()));
    }
    report.problems(problems);
    report.finish()
}

/// What is to be done for a client.
fn plan(member: &Member, arguments: &RegenerateArguments) -> What {
    if member.kept.stale == Some(Stale::Refused) {
        return What::Failed;
    }
    let wanted = member.kept.stale.is_some() || arguments.force;
    match (wanted, member.kept.touched.is_kept()) {
        (false, _) => What::Current,
        // Forcing a current one that somebody worked on has nothing to do.
        (true, true) if member.kept.stale.is_none() => What::Current,
        (true, true) => What::Kept,
        (true, false) if arguments.dry_run => What::WouldMake,
        (true, false) => What::Made,
    }
}

fn done(member: &Member, folder: &Folder, outcome: What) -> Done {
    let touched = member.kept.touched;
    let reason = match (&member.kept.stale, outcome) {
        (_, What::Kept) => format!("{touched}, and stays as it is"),
        (_, What::Current) if touched.is_kept() => touched.to_string(),
        (_, What::Current) => String::new(),
        (Some(stale), _) => stale.to_string(),
        (None, _) => "forced".to_owned(),
    };
    Done { client: member.path.clone(), pdf: folder.path.join(&member.file), outcome, reason }
}

fn kept(member: &Member, folder: &Folder) -> Diagnostic {
    let path = folder.path.join(&member.file);
    let Member { kept, .. } = member;
    let why = kept.stale.as_ref().map(ToString::to_string).unwrap_or_default();
    let path = path.display();
    Diagnostic::error(match kept.touched {
        Touched::Foreign => format!("`{path}` was not made by dpa-gen, and stays as it is"),
        touched => format!("`{path}` was {touched} since it was made, and stays as it is: {why}"),
    })
    .hint("set a new `version`: the new text then gets a name of its own; or move the PDF away")
}

/// The client files with problems among those whose documents would be made, with what is wrong, by member.
fn unreadable(fleet: &Fleet, plan: &[What]) -> IndexMap<usize, Vec<Diagnostic>> {
    let read = |member: &Member| {
        let library = &fleet.libraries[&member.found].library;
        member.path.as_ref().and_then(|path| read_client(path, library).err())
    };
    let members = fleet.members.iter().zip(plan).enumerate();
    let planned = members.filter(|(_, (_, what))| **what == What::WouldMake);
    planned.filter_map(|(index, (member, _))| Some((index, read(member)?.into()))).collect()
}

/// Makes those members on several threads; returns what went wrong, by member.
fn make(
    fleet: &mut Fleet,
    todo: &[usize],
    jobs: Option<usize>,
    style: Style,
) -> IndexMap<usize, Vec<Diagnostic>> {
    let mut failed = IndexMap::new();
    if todo.is_empty() {
        return failed;
    }
    let Fleet { folder, libraries, members } = fleet;
    let needed = todo.iter().map(|&index| &members[index].found);
    let tools = match tools(libraries, needed) {
        Ok(tools) => tools,
        Err(problems) => {
            failed.insert(todo[0], problems);
            return failed;
        }
    };
    let mut todo = todo.to_vec();
    todo.sort_by_cached_key(|&index| services(&members[index], libraries));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = jobs.unwrap_or(cores).min(todo.len());
    let work = Work {
        members,
        libraries,
        tools: &tools,
        known: todo
            .iter()
            .map(|&index| folder.lock.entries.get(&members[index].file).cloned())
            .collect(),
        folder: folder.path.clone(),
        todo: &todo,
        next: AtomicUsize::new(0),
    };
    let progress = progress(todo.len(), style);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (send, work) = (send.clone(), &work);
            let worker =
                thread::Builder::new().stack_size(typeset::STACK).spawn_scoped(scope, move || {
                    while let Some(result) = work.next() {
                        if send.send(result).is_err() {
                            break;
                        }
                    }
                });
            if let Err(error) = worker {
                let problem = Diagnostic::failure(format!("cannot start a thread: {error}"));
                failed.insert(todo[0], vec![problem]);
            }
        }
        drop(send);
        let mut saved = Instant::now();
        for (index, result) in receive {
            let member = &members[index];
            match result {
                Ok(entry) => folder.note(&member.file, entry, &libraries[&member.found].text),
                Err(problems) => {
                    failed.insert(index, problems);
                }
            }
            progress.inc(1);
            if saved.elapsed() > SAVE_EVERY {
                // What cannot be saved now is told when the run ends.
                let _ = folder.save();
                saved = Instant::now();
            }
        }
    });
    progress.finish_and_clear();
    failed
}

/// The services that a client takes: documents that are alike are made one after the other, because Typst
/// uses again what it laid out for the last ones.
fn services(member: &Member, libraries: &IndexMap<Found, Served>) -> Vec<String> {
    // A file with problems is told of when its document is made.
    let read = |path: &PathBuf| read_client(path, &libraries[&member.found].library).ok();
    let client = member.path.as_ref().and_then(read);
    let mut services = client.map(|client| client.services).unwrap_or_default();
    services.sort_unstable();
    services
}

/// What the workers share.
struct Work<'a> {
    members: &'a [Member],
    libraries: &'a IndexMap<Found, Served>,
    tools: &'a IndexMap<&'a Found, Tools<'a>>,
    /// What the lock says of each PDF to be made.
    known: Vec<Option<Entry>>,
    folder: PathBuf,
    todo: &'a [usize],
    next: AtomicUsize,
}

impl Work<'_> {
    /// Makes the next document, if there is one.
    fn next(&self) -> Option<(usize, Result<Entry, Vec<Diagnostic>>)> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let index = *self.todo.get(turn)?;
        let result = self.make(&self.members[index], self.known[turn].as_ref());
        typeset::forget();
        Some((index, result))
    }

    fn make(&self, member: &Member, known: Option<&Entry>) -> Result<Entry, Vec<Diagnostic>> {
        let library = &self.libraries[&member.found].library;
        let contract = assemble(library, member.path.as_deref())?;
        let (typesetter, gate) = &self.tools[&member.found];
        let document = typesetter.lay_out(&contract)?;
        gate.hold(&contract, &document)?;
        let pdf = typesetter.export(&document)?;
        let path = self.folder.join(&member.file);
        let sha256 =
            store::put(&path, &pdf, known, Existing::Replace).map_err(|problem| vec![problem])?;
        Ok(Entry {
            client: member.client.clone(),
            inputs: member.inputs.clone(),
            digest: contract.digest,
            sha256,
        })
    }
}

/// What makes and checks the documents of a library.
type Tools<'a> = (Typesetter<'a>, Gate<'a>);

fn tools<'a>(
    libraries: &'a IndexMap<Found, Served>,
    needed: impl Iterator<Item = &'a Found>,
) -> Result<IndexMap<&'a Found, Tools<'a>>, Vec<Diagnostic>> {
    let mut tools = IndexMap::new();
    for found in needed {
        if !tools.contains_key(found) {
            let library = &libraries[found].library;
            tools.insert(found, (Typesetter::new(library)?, Gate::new(library)));
        }
    }
    Ok(tools)
}

/// A bar on a terminal; nothing elsewhere.
fn progress(length: usize, style: Style) -> ProgressBar {
    if style == Style::Json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length as u64);
    let template = ProgressStyle::with_template("{bar:40} {pos}/{len}  {eta} left");
    bar.with_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
