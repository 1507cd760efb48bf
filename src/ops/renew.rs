//! Bringing all documents of a folder up to date: only what is stale, on several threads, and nothing that
//! somebody filled in or signed.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use super::agreements::check_not_sent;
use super::clients::{ClientSelection, LeftOut};
use super::documents::{DocumentStatus, Documents, KeptDocument, Shard};
use super::gate::Gate;
use super::owner::{ContentDigests, Owner, numbered};
use super::sources::{LoadedLibrary, assemble, read_client};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::Found;
use crate::store::{self, Access, Entry, Existing, Kept, Stale, Touched};
use crate::typeset::{self, Settled, Typesetter};

/// How often the lock is written while a run goes on, so that one that is stopped loses little.
const SAVE_EVERY: Duration = Duration::from_secs(2);

/// Which documents to bring up to date, and how.
#[derive(Debug, Clone, Default)]
pub struct RenewRequest {
    /// Which clients, and where their PDFs are kept.
    pub selection: ClientSelection,
    /// Find out what would be made, and make nothing.
    pub dry_run: bool,
    /// Make current documents too.
    pub force: bool,
    /// How many to make at a time; none is one for each core.
    pub jobs: Option<usize>,
    /// Only one part of the clients, beside runs that make the other parts.
    pub shard: Option<Shard>,
}

/// What a renewal did.
#[derive(Debug)]
pub struct Renewal {
    /// Each document that is kept up to date, in the order of the client files.
    pub documents: Vec<Renewed>,
    /// The client files that are not among them.
    pub left_out: LeftOut,
    /// What is wrong.
    pub problems: Problems,
}

/// What was done about one document.
#[derive(Debug, Serialize)]
pub struct Renewed {
    /// What was done.
    pub outcome: RenewOutcome,
    /// How it stood before.
    #[serde(flatten)]
    pub before: DocumentStatus,
}

/// What a renewal does about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RenewOutcome {
    /// It was stale, and was made.
    Made,
    /// It is stale, and would be made if this were no dry run.
    WouldMake,
    /// There is nothing to do.
    Current,
    /// It is stale, and is not overwritten, because somebody's work is in it.
    Kept,
    /// It is stale, and could not be made.
    Failed,
}

/// Brings the documents of a folder up to date. `progress` is called with how many are done, and of how many.
pub fn renew(request: &RenewRequest, progress: &mut dyn FnMut(usize, usize)) -> Renewal {
    let access = match request.shard {
        _ if request.dry_run => Access::Look,
        Some(Shard { number, count }) => Access::Shard(number, count),
        None => Access::Whole,
    };
    let mut problems = Problems::new();
    let gathered = Documents::gather(&request.selection, access, request.shard, &mut problems);
    let Some(mut documents) = gathered else {
        return Renewal { documents: Vec::new(), left_out: LeftOut::default(), problems };
    };
    if access == Access::Whole && request.selection.only.is_empty() {
        report_gone(&mut documents, &mut problems);
    }
    let plan: Vec<RenewOutcome> = documents.all.iter().map(|it| request.plan(it)).collect();
    let planned =
        |&index: &usize| matches!(plan[index], RenewOutcome::Made | RenewOutcome::WouldMake);
    let todo: Vec<usize> = (0..plan.len()).filter(planned).collect();
    let before: Vec<DocumentStatus> = documents.statuses();
    let mut done = make(&mut documents, todo, request, progress, &mut problems);
    if let Err(problem) = documents.folder.save() {
        problems.push(problem);
    }
    let mut renewed = Vec::new();
    for (index, (before, planned)) in before.into_iter().zip(plan).enumerate() {
        let outcome = match (planned, done.remove(&index)) {
            // Only what was done is said to be: without a result, it was not made.
            (RenewOutcome::Made | RenewOutcome::WouldMake, Some(Ok(()))) => planned,
            (RenewOutcome::Made | RenewOutcome::WouldMake, result) => {
                problems.extend(result.and_then(Result::err).unwrap_or_default());
                RenewOutcome::Failed
            }
            (RenewOutcome::Kept, _) => {
                problems.push(kept(&before));
                planned
            }
            _ => planned,
        };
        renewed.push(Renewed { outcome, before });
    }
    let left_out = documents.left_out;
    let unknown = left_out.unknown.iter().cloned().map(|client_file| Renewed {
        outcome: RenewOutcome::Failed,
        before: DocumentStatus::unknown(client_file),
    });
    renewed.extend(unknown);
    Renewal { documents: renewed, left_out, problems }
}

/// Reports, once, the clients whose file and PDFs are all gone: from then on daily lists leave them out.
fn report_gone(documents: &mut Documents, problems: &mut Problems) {
    let there: HashSet<&str> =
        documents.all.iter().filter_map(|document| document.id.as_deref()).collect();
    let folder = &mut documents.folder;
    let ids = folder.lock.ids().into_iter().flatten().filter(|id| !there.contains(id));
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    for id in ids {
        let entries = folder.lock.of(Some(&id)).into_iter();
        let mut files = Vec::new();
        let mut is_gone = !folder.lock.archived.contains(&id);
        for (file, entry) in entries {
            let client = entry.client.as_ref().map(|client| folder.path.join(client));
            is_gone &= client.is_some_and(|client| client.symlink_metadata().is_err());
            is_gone &= folder.path.join(file).symlink_metadata().is_err();
            files.push(file.clone());
        }
        if !is_gone || files.iter().all(|file| folder.lock.gone.contains(file)) {
            continue;
        }
        let gone =
            format!("the client file of `{id}` is gone, and so are its PDFs: it leaves the lists");
        problems.push(
            Diagnostic::warning(gone).hint(format!(
                "`dpa-gen status --all` still shows it, and so does `--client {id}`"
            )),
        );
        folder.lock.gone.extend(files);
        folder.note_change(Some(&id));
    }
}

impl RenewRequest {
    /// What is to be done about a document.
    fn plan(&self, document: &KeptDocument) -> RenewOutcome {
        if document.kept.stale == Some(Stale::Refused) {
            return RenewOutcome::Failed;
        }
        let wanted = document.kept.stale.is_some() || self.force;
        match (wanted, document.kept.touched.is_kept()) {
            (false, _) => RenewOutcome::Current,
            // Forcing a current one that somebody worked on has nothing to do.
            (true, true) if document.kept.stale.is_none() => RenewOutcome::Current,
            (true, true) => RenewOutcome::Kept,
            (true, false) if self.dry_run => RenewOutcome::WouldMake,
            (true, false) => RenewOutcome::Made,
        }
    }
}

fn kept(document: &DocumentStatus) -> Diagnostic {
    let path = document.pdf.as_deref().unwrap_or(Path::new("")).slashed();
    let why = document.reason.as_deref().unwrap_or_default();
    Diagnostic::error(match document.touched {
        Touched::Foreign => {
            format!("`{path}` is not the PDF that was made, and is not overwritten")
        }
        touched => {
            format!("`{path}` was {touched} since it was made, and is not overwritten: {why}")
        }
    })
    .hint("set a new `version`: the new text then gets a name of its own; or move the PDF away")
}

/// What came of each document that was to be made, by its index.
type Done = BTreeMap<usize, Result<(), Problems>>;

/// Makes these documents on several threads; in a dry run, reads their client files only.
fn make(
    documents: &mut Documents,
    mut todo: Vec<usize>,
    request: &RenewRequest,
    progress: &mut dyn FnMut(usize, usize),
    problems: &mut Problems,
) -> Done {
    let Documents { folder, libraries, all, .. } = documents;
    let tools = tools(libraries, todo.iter().map(|&index| &all[index].found), problems);
    todo.retain(|&index| tools.contains_key(&all[index].found));
    if request.dry_run {
        let library = |index: usize| &libraries[&all[index].found].library;
        let read = |index: usize| assemble(library(index), all[index].path.as_deref()).map(|_| ());
        return todo.into_iter().map(|index| (index, read(index))).collect();
    }
    let mut done = Done::new();
    if todo.is_empty() {
        return done;
    }
    todo.sort_by_cached_key(|&index| services(&all[index], libraries));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = request.jobs.unwrap_or(cores).min(todo.len());
    let work = Work {
        documents: all,
        libraries,
        tools: &tools,
        known: todo
            .iter()
            .map(|&index| folder.lock.entries.get(&all[index].file).cloned())
            .collect(),
        folder: folder.path.clone(),
        todo: &todo,
        next: AtomicUsize::new(0),
    };
    progress(0, todo.len());
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (send, work) = (send.clone(), &work);
            let worker =
                thread::Builder::new().stack_size(typeset::STACK).spawn_scoped(scope, move || {
                    let mut last = None;
                    while let Some(result) = work.next(&mut last) {
                        if send.send(result).is_err() {
                            break;
                        }
                    }
                });
            if let Err(error) = worker {
                problems.push(Diagnostic::failure(format!("cannot start a thread: {error}")));
            }
        }
        drop(send);
        let mut saved = Instant::now();
        for (index, result) in receive {
            let document = &all[index];
            let noted = result
                .map(|entry| folder.note(&document.file, entry, &libraries[&document.found].parts));
            done.insert(index, noted);
            progress(done.len(), todo.len());
            if saved.elapsed() > SAVE_EVERY {
                // If it cannot be saved now, the end of the run reports it.
                let _ = folder.save();
                saved = Instant::now();
            }
        }
    });
    done
}

/// The services of a client: documents that are alike are made one after the other, because Typst
/// uses again what it laid out for the last ones.
fn services(document: &KeptDocument, libraries: &IndexMap<Found, LoadedLibrary>) -> Vec<String> {
    // The problems of a file are reported when its document is made.
    let read = |path: &PathBuf| read_client(path, &libraries[&document.found].library).ok();
    let client = document.path.as_ref().and_then(read);
    let mut services = client.map(|client| client.services).unwrap_or_default();
    services.sort_unstable();
    services
}

/// What the pages of a worker's last document say of its parts, with the library and the services that it has.
type Last<'a> = ((&'a Found, Vec<String>), Settled);

/// What the workers share.
struct Work<'a> {
    documents: &'a [KeptDocument],
    libraries: &'a IndexMap<Found, LoadedLibrary>,
    tools: &'a IndexMap<&'a Found, Tools<'a>>,
    /// What the lock says of each PDF to be made.
    known: Vec<Option<Entry>>,
    folder: PathBuf,
    todo: &'a [usize],
    next: AtomicUsize,
}

impl<'a> Work<'a> {
    /// Makes the next document, if there is one.
    fn next(&self, last: &mut Option<Last<'a>>) -> Option<(usize, Result<Entry, Problems>)> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let index = *self.todo.get(turn)?;
        let result = self.make(&self.documents[index], self.known[turn].as_ref(), last);
        typeset::forget();
        Some((index, result))
    }

    fn make(
        &self,
        document: &'a KeptDocument,
        known: Option<&Entry>,
        last: &mut Option<Last<'a>>,
    ) -> Result<Entry, Problems> {
        let library = &self.libraries[&document.found].library;
        let loaded = &self.libraries[&document.found];
        let path = self.folder.join(&document.file);
        let contract = assemble(library, document.path.as_deref())?;
        let mut inputs = document.inputs.clone();
        ContentDigests::of(&contract, loaded).fill(&mut inputs);
        // What was read now counts, if the file changed since it was looked at.
        if let Some(file) = &contract.client_file {
            inputs.client_file = store::sha256(file.text.as_bytes());
        }
        let Kept { number, replaces, .. } = &document.kept;
        let contract = numbered(contract, *number, replaces.as_ref(), loaded, &path)?;
        let (typesetter, gate) = &self.tools[&document.found];
        let kind = (&document.found, contract.services.iter().map(|it| it.id.clone()).collect());
        let like = last.as_ref().filter(|(of, _)| *of == kind).map(|(_, settled)| settled);
        let pages = typesetter.lay_out_like(&contract, like)?;
        *last = Some((kind, pages.settled()));
        gate.hold(&contract, &pages)?;
        let pdf = typesetter.export(&pages)?;
        check_not_sent(&path, known, &contract.digest)?;
        let sha256 = store::put(&path, &pdf, known, Existing::Replace)?;
        let owner =
            Owner { id: document.id.as_deref(), path: document.path.as_deref(), sha256: "" };
        let number = (Some(*number), replaces.clone());
        Ok(owner.entry(&self.folder, number, inputs, (contract.digest, sha256)))
    }
}

/// What makes and checks the documents of a library.
type Tools<'a> = (Typesetter<'a>, Gate<'a>);

/// The tools of each library; one that they cannot be made for is reported and left out.
fn tools<'a>(
    libraries: &'a IndexMap<Found, LoadedLibrary>,
    needed: impl Iterator<Item = &'a Found>,
    problems: &mut Problems,
) -> IndexMap<&'a Found, Tools<'a>> {
    let mut tools = IndexMap::new();
    for found in needed.collect::<IndexSet<_>>() {
        let library = &libraries[found].library;
        match Typesetter::new(library) {
            Ok(typesetter) => {
                tools.insert(found, (typesetter, Gate::new(library)));
            }
            Err(more) => problems.extend(more),
        }
    }
    tools
}
