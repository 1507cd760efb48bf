//! Making documents: read and check all, make each whole in memory, then write.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use indexmap::map::Entry::{Occupied, Vacant};
use serde::Serialize;

use super::agreements::check_not_sent;
use super::emit::emit;
use super::format::Format;
use super::gate::{CheckSummary, Gate};
use super::paths::{check_output, is_folder, relative, same_output};
use super::settings::Settings;
use super::sign::SignedDocument;
use super::sources::{
    LibraryChoice, LibraryOrigin, LoadedLibrary, clashing, open_libraries, read_client,
};
use crate::check::Lang;
use crate::client::Client;
use crate::contract::{Contract, ENGINE, Form};
use crate::diagnostic::{Diagnostic, Problems, Slashed, Source};
use crate::library::Found;
use crate::store::{self, Access, Entry, Existing, Folder, Inputs};
use crate::typeset::Typesetter;

/// Which documents to make, and where.
#[derive(Debug, Clone)]
pub struct MakeRequest {
    /// The client files to make contracts of; none for the general edition.
    pub clients: Vec<PathBuf>,
    /// A PDF, or a page for the screen.
    pub format: Format,
    /// Fields to fill in, lines to write on, or a draft.
    pub form: Form,
    /// A file, or a folder; none is the current folder.
    pub output: Option<PathBuf>,
    /// The folder for the Typst project, if it is wanted too.
    pub emit: Option<PathBuf>,
    /// What to do about a PDF that exists and differs.
    pub existing: Existing,
    /// Which library.
    pub library: LibraryChoice,
    /// Whether to check each client's contract and count the findings; without it, only what the library
    /// denies is checked.
    pub count_findings: bool,
    /// The language of what is said of them.
    pub lang: Lang,
}

/// A document that was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Made {
    /// Where the PDF is, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdf: Option<PathBuf>,
    /// Where the page for the screen is, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<PathBuf>,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// The client file; none for the general edition.
    pub client_file: Option<PathBuf>,
    /// The version of the text.
    pub version: String,
    /// The digest of all that determines the text.
    pub digest: String,
    /// How many articles it has.
    pub articles: usize,
    /// How many annexes it has.
    pub annexes: usize,
    /// How many pages it has.
    pub pages: usize,
    /// Which library and layout were used.
    pub library: LibraryOrigin,
    /// How many findings the check of a client's contract has.
    pub check: Option<CheckSummary>,
    /// The signature, if it was signed at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedDocument>,
    /// How long it took.
    #[serde(skip)]
    pub time: Duration,
}

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
        Ok(()) => make_all(request, &libraries, &orders, started, report),
        Err(problem) => report(Err(problem.into())),
    }
}

/// A contract that is ready to be typeset.
struct Order<'a> {
    loaded: &'a LoadedLibrary,
    contract: Contract,
    /// The client file; none for the general edition.
    client: Option<Arc<Source>>,
    /// Its usual name, without an extension.
    name: String,
    output: PathBuf,
}

impl MakeRequest {
    /// Refuses one output for several clients.
    fn check(&self) -> Result<(), Diagnostic> {
        let clients = &self.clients;
        let is_several = clients.len() > 1;
        let twice =
            clients.iter().enumerate().find(|(index, path)| clients[..*index].contains(path));
        if let Some((_, path)) = twice {
            let twice = format!("`{}` was given twice", path.slashed());
            return Err(Diagnostic::failure(twice).hint("give it once"));
        }
        if let Some(output) = &self.output {
            self.format.check_name(output)?;
        }
        match &self.output {
            Some(output) if is_several && !is_folder(output, self.format.extension()) => {
                Err(Diagnostic::failure(format!(
                    "`{}` is one file, and several clients were given",
                    output.slashed()
                ))
                .hint("give a folder with --output"))
            }
            _ if is_several && self.emit.is_some() => Err(Diagnostic::failure(
                "--emit writes one project, and several clients were given",
            )
            .hint("emit one client at a time")),
            _ => Ok(()),
        }
    }

    /// Refuses an output that is one of the client files.
    fn check_output(&self, output: &Path) -> Result<(), Problems> {
        let inputs: Vec<&Path> = self.clients.iter().map(PathBuf::as_path).collect();
        Ok(check_output(output, &inputs)?)
    }

    /// Where a document goes.
    fn output(&self, settings: &Settings, name: &str) -> PathBuf {
        let mut name = name.to_owned();
        if self.form == Form::Draft {
            name += "-draft";
        }
        settings.output_path(self.output.as_deref(), &name, self.format.extension())
    }
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
    for (path, found) in subjects {
        let Some(loaded) = libraries.get(found) else {
            continue;
        };
        let library = &loaded.library;
        let client = path.map(|path| read_client(path, library)).transpose();
        let placed = client.and_then(|client| {
            let id = client.as_ref().map(Client::id);
            let name = settings.name(&library.contents, id.as_deref());
            let output = request.output(settings, &name);
            request.check_output(&output).map(|()| (client, name, output))
        });
        match placed {
            Ok((client, name, output)) => orders.push(Order {
                loaded,
                contract: match &client {
                    Some(client) => Contract::assemble(client, request.form),
                    None => Contract::general(library, request.form),
                },
                client: client.map(|client| client.source),
                name,
                output,
            }),
            Err(problems) => report(Err(problems)),
        }
    }
    orders
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
    request: &MakeRequest,
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
                let made = make_one(request, tools, order, &mut folders, &mut warnings);
                report(made.map(|(pages, check)| {
                    order.made(request.format, pages, check, started.elapsed())
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
    request: &MakeRequest,
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
        let html = typesetter.screen(&order.contract, &format!("{}.pdf", order.name), &pdf)?;
        store::put(&order.output, html.as_bytes(), None, request.existing)?;
        return Ok((document.pages(), counts));
    }
    if request.form == Form::Draft {
        store::put(&order.output, &pdf, None, request.existing)?;
        return Ok((document.pages(), counts));
    }
    let parent = order.output.parent().unwrap_or(Path::new("")).to_owned();
    let folder = match folders.entry(parent) {
        Occupied(folder) => folder.into_mut(),
        Vacant(place) => {
            let folder = Folder::open(place.key(), Access::Whole, warnings)?;
            place.insert(folder)
        }
    };
    order.keep(&pdf, folder, request.existing)?;
    Ok((document.pages(), counts))
}

impl Order<'_> {
    /// Writes the document into a folder, and notes it in the folder's lock.
    fn keep(&self, pdf: &[u8], folder: &mut Folder, existing: Existing) -> Result<(), Problems> {
        let Self { loaded, contract, client, output, .. } = self;
        folder.check_version(&contract.version.id, &loaded.text)?;
        let file = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let known = folder.lock.entries.get(&file);
        check_not_sent(output, known, &contract.digest)?;
        let sha256 = store::put(output, pdf, known, existing)?;
        let inputs = Inputs {
            version: contract.version.id.clone(),
            client_file: client
                .as_ref()
                .map(|client| store::sha256(client.text.as_bytes()))
                .unwrap_or_default(),
            layout: loaded.look.clone(),
            engine: ENGINE.to_owned(),
            fields: contract.fields,
        };
        let entry = Entry {
            client: client.as_ref().map(|client| relative(Path::new(&client.name), &folder.path)),
            inputs,
            digest: contract.digest.clone(),
            sha256,
        };
        folder.note(&file, entry, &loaded.text);
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
