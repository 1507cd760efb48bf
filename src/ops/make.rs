//! Making documents: read and check all, make each whole in memory, then write.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use indexmap::map::Entry::{Occupied, Vacant};

use super::agreements::check_not_sent;
use super::current::{CurrentDocument, current};
use super::emit::emit;
use super::format::Format;
use super::gate::{CheckSummary, Gate};
use super::make_request::{Made, MakeRequest};
use super::owner::ContentDigests;
use super::paths::{check_output, same_output};
use super::settings::Settings;
use super::sources::{LibraryOrigin, LoadedLibrary, clashing, open_libraries, read_client};
use crate::client::Client;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems, Slashed, Source};
use crate::library::Found;
use crate::store::{self, Access, Existing, Folder};
use crate::typeset::Typesetter;

/// Makes documents, and reports each as soon as it is made, and each problem. A client file with problems
/// does not stop the others.
pub fn make(request: &MakeRequest, report: &mut dyn FnMut(Result<Made, Problems>)) {
    if let Err(problem) = request.check() {
        return report(Err(problem.into()));
    }
    let settings = match Settings::here() {
        Ok(settings) => settings,
        Err(problems) => return report(Err(problems)),
    };
    let started = Instant::now();
    let subjects = subjects(request, report);
    let mut problems = Problems::new();
    let mut libraries = open_libraries(subjects.iter().map(|(_, found)| found), &mut problems);
    if request.form != Form::Draft {
        let clashing = clashing(libraries.iter(), &mut problems);
        libraries.retain(|found, _| !clashing.contains(found));
    }
    report(Err(problems));
    let orders = orders((request, &settings), &subjects, &libraries, report);
    match check_outputs(&orders, &request.clients) {
        Ok(()) => make_all((request, &settings), &libraries, &orders, started, report),
        Err(problem) => report(Err(problem.into())),
    }
}

/// A contract that is ready to be typeset.
struct Order<'a> {
    loaded: &'a LoadedLibrary,
    contract: Contract,
    /// The client file; none for the general edition.
    client: Option<Arc<Source>>,
    /// Which document it is; none if it is not kept, as a draft is not.
    current: Option<CurrentDocument>,
    /// Its usual file name.
    name: String,
    output: PathBuf,
}

/// Each client file, or none for the general edition, with the library that serves it.
fn subjects<'a>(
    request: &'a MakeRequest,
    report: &mut dyn FnMut(Result<Made, Problems>),
) -> Vec<(Option<&'a Path>, Found)> {
    let clients = request.clients.iter().map(|path| Some(path.as_path()));
    let general = request.clients.is_empty().then_some(None);
    let mut subjects = Vec::new();
    for client in clients.chain(general) {
        match request.library.find(client) {
            Ok(found) => subjects.push((client, found)),
            Err(problem) => {
                report(Err(problem.into()));
                break;
            }
        }
    }
    subjects
}

/// Reads and assembles every contract; a bad client file does not stop the others.
fn orders<'a>(
    (request, settings): (&MakeRequest, &Settings),
    subjects: &[(Option<&Path>, Found)],
    libraries: &'a IndexMap<Found, LoadedLibrary>,
    report: &mut dyn FnMut(Result<Made, Problems>),
) -> Vec<Order<'a>> {
    let mut orders = Vec::new();
    let mut warnings = Problems::new();
    let folder = request.is_kept().then(|| {
        // What is odd about its lock is reported when it is opened to write in it.
        Folder::open(&request.folder(settings), Access::Look, &mut warnings)
    });
    let mut folder = match folder.transpose() {
        Ok(folder) => folder,
        Err(problems) => {
            report(Err(problems));
            return orders;
        }
    };
    for (path, found) in subjects {
        let Some(loaded) = libraries.get(found) else {
            continue;
        };
        match order((request, settings), loaded, *path, folder.as_mut()) {
            Ok(order) => orders.push(order),
            Err(problems) => report(Err(problems)),
        }
    }
    orders
}

fn order<'a>(
    (request, settings): (&MakeRequest, &Settings),
    loaded: &'a LoadedLibrary,
    path: Option<&Path>,
    folder: Option<&mut Folder>,
) -> Result<Order<'a>, Problems> {
    let library = &loaded.library;
    let client = path.map(|path| read_client(path, library)).transpose()?;
    let contract = match &client {
        Some(client) => Contract::assemble(client, request.form),
        None => Contract::general(library, request.form),
    };
    let id = client.as_ref().map(Client::id);
    let client = client.map(|client| client.source);
    let usual = settings.file(&library.contents, id.as_deref(), 1);
    let Some(folder) = folder else {
        let output = request.output(settings, &usual);
        request.check_output(&output)?;
        return Ok(Order { loaded, contract, client, current: None, name: usual, output });
    };
    let current = current(folder, settings, loaded, path)?;
    let output = request.output(settings, &current.file);
    request.check_output(&output)?;
    let current = current.named(&file_name(&output), folder);
    let contract = current.contract(contract, loaded, &output)?;
    Ok(Order { loaded, contract, client, current: Some(current), name: usual, output })
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// No two contracts may end up in one file, and none in a client file.
fn check_outputs(orders: &[Order<'_>], clients: &[PathBuf]) -> Result<(), Diagnostic> {
    let clients: Vec<&Path> = clients.iter().map(PathBuf::as_path).collect();
    for (index, order) in orders.iter().enumerate() {
        check_output(&order.output, &clients)?;
        let Some(earlier) = orders[..index].iter().find(|earlier| earlier.output == order.output)
        else {
            continue;
        };
        let name = |order: &Order<'_>| order.client.as_ref().map(|client| client.name.clone());
        let (one, other) = (name(earlier).unwrap_or_default(), name(order).unwrap_or_default());
        return Err(same_output(&one, &other, &order.output.slashed()));
    }
    Ok(())
}

fn make_all(
    (request, settings): (&MakeRequest, &Settings),
    libraries: &IndexMap<Found, LoadedLibrary>,
    orders: &[Order<'_>],
    mut started: Instant,
    report: &mut dyn FnMut(Result<Made, Problems>),
) {
    let mut folders = IndexMap::new();
    for loaded in libraries.values() {
        let mut orders =
            orders.iter().filter(|order| std::ptr::eq(order.loaded, loaded)).peekable();
        if orders.peek().is_none() {
            continue;
        }
        let typesetter = match Typesetter::new(&loaded.library) {
            Ok(typesetter) => typesetter,
            Err(problems) => {
                report(Err(problems));
                continue;
            }
        };
        let is_asked = request.count_findings || loaded.library.contents.deny.is_some();
        let is_checked = is_asked && !request.clients.is_empty();
        let gate = is_checked.then(|| Gate::new(&loaded.library).in_lang(request.lang));
        thread::scope(|scope| {
            if let Some(gate) = &gate {
                scope.spawn(|| gate.rules());
            }
            for order in orders {
                let mut warnings = Problems::new();
                let tools = (&typesetter, gate.as_ref());
                let request = (request, settings);
                let made = make_one(request, tools, order, &mut folders, &mut warnings);
                report(made.map(|(pages, check)| {
                    order.made(request.0.format, pages, check, started.elapsed())
                }));
                report(Err(warnings));
                started = Instant::now();
            }
        });
    }
    for folder in folders.values_mut() {
        if let Err(problem) = folder.save() {
            report(Err(problem.into()));
        }
    }
}

/// Makes one document and returns how many pages and findings it has. Nothing is written before its bytes
/// exist.
fn make_one(
    (request, settings): (&MakeRequest, &Settings),
    (typesetter, gate): (&Typesetter<'_>, Option<&Gate<'_>>),
    order: &Order<'_>,
    folders: &mut IndexMap<PathBuf, Folder>,
    warnings: &mut Problems,
) -> Result<(usize, Option<CheckSummary>), Problems> {
    let document = typesetter.lay_out(&order.contract)?;
    let (pdf, counts) = thread::scope(|scope| -> Result<_, Problems> {
        let checked = gate.map(|gate| scope.spawn(|| gate.pass(&order.contract, &document)));
        let pdf = typesetter.export(&document)?;
        let counts = checked
            .map(|checked| checked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        Ok((pdf, counts.transpose()?))
    })?;
    if let Some(folder) = &request.emit {
        emit(&order.contract, &order.loaded.library, folder, request.existing)?;
    }
    if request.format == Format::Html {
        let html = typesetter.screen(&order.contract, &order.name, &pdf)?;
        store::put(&order.output, html.as_bytes(), None, request.existing)?;
        return Ok((document.pages(), counts));
    }
    let Some(current) = &order.current else {
        store::put(&order.output, &pdf, None, request.existing)?;
        return Ok((document.pages(), counts));
    };
    let parent = order.output.parent().unwrap_or(Path::new("")).to_owned();
    let is_first = !folders.contains_key(&parent);
    let folder = match folders.entry(parent.clone()) {
        Occupied(folder) => folder.into_mut(),
        Vacant(place) => {
            let folder = Folder::open(place.key(), Access::Whole, warnings)?;
            place.insert(folder)
        }
    };
    let kept = order.keep((current, settings), &pdf, folder, request.existing);
    if kept.is_err() && is_first {
        // Where nothing is made, nothing is written.
        folders.shift_remove(&parent);
    }
    kept?;
    Ok((document.pages(), counts))
}

impl Order<'_> {
    /// Writes the document into a folder, and notes it in the folder's lock.
    fn keep(
        &self,
        (found, settings): (&CurrentDocument, &Settings),
        pdf: &[u8],
        folder: &mut Folder,
        existing: Existing,
    ) -> Result<(), Problems> {
        let Self { loaded, contract, client, output, .. } = self;
        let path = client.as_ref().map(|client| Path::new(&client.name));
        let now = current(folder, settings, loaded, path)?.named(&found.file, folder);
        if !now.is(found) {
            let changed =
                format!("another run made a document while `{}` was made", output.slashed());
            return Err(Diagnostic::failure(changed).hint("run it again").into());
        }
        let known = folder.lock.entries.get(&now.file);
        check_not_sent(output, known, &contract.digest)?;
        let sha256 = store::put(output, pdf, known, existing)?;
        let mut inputs = now.inputs.clone();
        ContentDigests::of(contract, loaded).fill(&mut inputs);
        inputs.fields = contract.fields;
        inputs.client_file =
            client.as_ref().map(|client| store::sha256(client.text.as_bytes())).unwrap_or_default();
        let (file, digest) = (now.file.clone(), contract.digest.clone());
        folder.note(&file, now.entry(inputs, digest, sha256), &loaded.parts);
        Ok(())
    }

    fn made(
        &self,
        format: Format,
        pages: usize,
        check: Option<CheckSummary>,
        time: Duration,
    ) -> Made {
        let Self { loaded, contract, client, output, .. } = self;
        Made {
            pdf: (format == Format::Pdf).then(|| output.clone()),
            html: (format == Format::Html).then(|| output.clone()),
            client: contract.client.as_ref().map(|client| client.name.clone()),
            client_file: client.as_ref().map(|client| PathBuf::from(&client.name)),
            version: contract.version.id.clone(),
            digest: contract.digest.clone(),
            articles: contract.articles.len(),
            annexes: contract.annexes.len(),
            pages,
            library: LibraryOrigin::of(&loaded.library),
            check,
            signed: None,
            time,
        }
    }
}
