//! Making documents: read and check all, make each whole in memory, then write.

use std::ffi::OsString;
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use indexmap::map::Entry::{Occupied, Vacant};
use serde::Serialize;

use super::args::GenerateArguments;
use super::fleet::{Served, open_libraries, relative, same_name};
use super::gate::{Gate, Sum};
use super::report::{Outcome, Report, Style};
use crate::client::Client;
use crate::contract::{Contract, ENGINE, Form, Project};
use crate::diagnostic::{Count, Diagnostic, Problems, Source};
use crate::input;
use crate::library::{Contents, Files, Found, Library};
use crate::store::{self, Access, Entry, Existing, Folder, Inputs};
use crate::typeset::Typesetter;

/// A contract that is ready to be typeset.
struct Order<'a> {
    served: &'a Served,
    contract: Contract,
    /// The client file; none for the general edition.
    client: Option<Arc<Source>>,
    output: PathBuf,
}

/// A document that was made.
#[derive(Debug, Serialize)]
struct Made {
    /// Where it is.
    pdf: PathBuf,
    /// The client's name; none in the general edition.
    client: Option<String>,
    /// The version of the text.
    version: String,
    /// The digest of all that determines the text.
    digest: String,
    /// How many articles it has.
    articles: usize,
    /// How many annexes it has.
    annexes: usize,
    /// How many pages it has.
    pages: usize,
    /// Which library and layout were used.
    library: String,
    /// What the check of a client's contract comes to.
    check: Option<Sum>,
    /// How long it took.
    #[serde(skip)]
    time: Duration,
}

impl Outcome for Made {
    fn result(&self) -> String {
        self.pdf.display().to_string()
    }

    fn talk(&self) -> Option<String> {
        let made = format!(
            "{}: version {}, {}, {}, {}; {} ({} ms)",
            self.client.as_deref().unwrap_or("general edition"),
            self.version,
            Count(self.articles, "article", "articles"),
            Count(self.annexes, "annex", "annexes"),
            Count(self.pages, "page", "pages"),
            self.library,
            self.time.as_millis(),
        );
        Some(match &self.check {
            Some(sum) => {
                format!("{made}\ncheck: {} (`dpa-gen check --client` tells them)", sum.worst())
            }
            None => made,
        })
    }
}

/// Makes what the arguments ask for, and tells it.
pub fn run(arguments: &GenerateArguments) -> ExitCode {
    let style = Style::of(arguments.json, arguments.quiet);
    let mut report = Report::new(style);
    if let Err(problem) = check_use(arguments) {
        report.problem(problem);
        return report.finish();
    }
    let started = Instant::now();
    let requests = requests(arguments, &mut report);
    let mut problems = Vec::new();
    let libraries = open_libraries(requests.iter().map(|(_, found)| found), &mut problems);
    report.problems(problems);
    let orders = orders(arguments, &requests, &libraries, &mut report);
    match check_distinct(&orders) {
        Ok(()) => make_all(arguments, &libraries, &orders, started, &mut report),
        Err(problem) => report.problem(problem),
    }
    report.finish()
}

/// What one file is asked to hold for several clients.
fn check_use(arguments: &GenerateArguments) -> Result<(), Diagnostic> {
    let clients = &arguments.client;
    let several = clients.len() > 1;
    let twice = clients.iter().enumerate().find(|(index, path)| clients[..*index].contains(path));
    if let Some((_, path)) = twice {
        let path = path.display();
        return Err(Diagnostic::failure(format!("`{path}` was given twice")).hint("give it once"));
    }
    match &arguments.output {
        Some(output) if several && !is_folder(output, "pdf") => Err(Diagnostic::failure(format!(
            "`{}` is one file, and several clients were given",
            output.display()
        ))
        .hint("give a folder with --output")),
        _ if several && arguments.emit.is_some() => {
            Err(Diagnostic::failure("--emit writes one project, and several clients were given")
                .hint("emit one client at a time"))
        }
        _ => Ok(()),
    }
}

/// Each client file, or none for the general edition, with the library that serves it.
fn requests<'a>(
    arguments: &'a GenerateArguments,
    report: &mut Report<Made>,
) -> Vec<(Option<&'a Path>, Found)> {
    let clients = arguments.client.iter().map(|path| Some(path.as_path()));
    let general = arguments.general.then_some(None);
    let mut requests = Vec::new();
    for client in clients.chain(general) {
        let from = client.and_then(Path::parent).unwrap_or(Path::new(""));
        match arguments.library.search(from).find() {
            Ok(found) => requests.push((client, found)),
            Err(problem) => {
                report.problem(problem);
                break;
            }
        }
    }
    requests
}

/// Reads and assembles every contract; a bad client file does not stop the others.
fn orders<'a>(
    arguments: &GenerateArguments,
    requests: &[(Option<&Path>, Found)],
    libraries: &'a IndexMap<Found, Served>,
    report: &mut Report<Made>,
) -> Vec<Order<'a>> {
    let mut orders = Vec::new();
    for (path, found) in requests {
        let Some(served) = libraries.get(found) else {
            continue;
        };
        let form = match arguments {
            GenerateArguments { draft: true, .. } => Form::Draft,
            GenerateArguments { no_fields: true, .. } => Form::Lines,
            _ => Form::Fields,
        };
        let library = &served.library;
        let client = path.map(|path| read_client(path, library)).transpose();
        match client {
            Ok(client) => orders.push(Order {
                served,
                contract: Contract::assemble(library, client.as_ref(), form),
                client: client.map(|client| client.source),
                output: output(arguments, library, *path),
            }),
            Err(problems) => report.problems(problems),
        }
    }
    orders
}

/// Reads and checks a client file.
pub fn read_client(path: &Path, library: &Library) -> Result<Client, Problems> {
    let source = input::read(path)?;
    Client::read(&source, &library.vocabulary())
}

/// Where a document goes: a file of its usual name, unless another was given.
fn output(arguments: &GenerateArguments, library: &Library, client: Option<&Path>) -> PathBuf {
    let mut name = file_name(&library.contents, client);
    if arguments.draft {
        name.push("-draft");
    }
    name.push(".pdf");
    match &arguments.output {
        None => PathBuf::from(name),
        Some(folder) if is_folder(folder, "pdf") => folder.join(name),
        Some(file) => file.clone(),
    }
}

/// The usual name of a document, without `.pdf`: `<client file's stem>-<the library's name for
/// it>-<version>`.
pub fn file_name(contents: &Contents, client: Option<&Path>) -> OsString {
    let mut name = client.and_then(Path::file_stem).map(ToOwned::to_owned).unwrap_or_default();
    if !name.is_empty() {
        name.push("-");
    }
    name.push(format!("{}-{}", contents.file_name, contents.version));
    name
}

/// Whether `--output` names a folder: one that is there, or a name that ends in a slash or has not the
/// extension of the file.
pub fn is_folder(output: &Path, extension: &str) -> bool {
    let is_file = output.extension().is_some_and(|given| given.eq_ignore_ascii_case(extension));
    output.is_dir() || !is_file || output.to_string_lossy().ends_with(path::is_separator)
}

/// No two contracts may end up in one file.
fn check_distinct(orders: &[Order<'_>]) -> Result<(), Diagnostic> {
    for (index, order) in orders.iter().enumerate() {
        let Some(earlier) = orders[..index].iter().find(|earlier| earlier.output == order.output)
        else {
            continue;
        };
        let name = |order: &Order<'_>| order.client.as_ref().map(|client| client.name.clone());
        let (one, other) = (name(earlier).unwrap_or_default(), name(order).unwrap_or_default());
        return Err(same_name(&one, &other, &order.output.display().to_string()));
    }
    Ok(())
}

fn make_all(
    arguments: &GenerateArguments,
    libraries: &IndexMap<Found, Served>,
    orders: &[Order<'_>],
    mut started: Instant,
    report: &mut Report<Made>,
) {
    let mut folders = IndexMap::new();
    for served in libraries.values() {
        let mut orders =
            orders.iter().filter(|order| std::ptr::eq(order.served, served)).peekable();
        if orders.peek().is_none() {
            continue;
        }
        let typesetter = match Typesetter::new(&served.library) {
            Ok(typesetter) => typesetter,
            Err(problems) => {
                report.problems(problems);
                continue;
            }
        };
        // Who asks for quiet is told nothing; then only what the library denies matters.
        let is_asked = !arguments.quiet || served.library.contents.deny.is_some();
        let is_checked = is_asked && !arguments.client.is_empty();
        let gate = is_checked.then(|| Gate::new(&served.library));
        thread::scope(|scope| {
            if let Some(gate) = &gate {
                scope.spawn(|| gate.rules());
            }
            for order in orders {
                let mut warnings = Vec::new();
                let tools = (&typesetter, gate.as_ref());
                match make(arguments, tools, order, &mut folders, &mut warnings) {
                    Ok((pages, sum)) => report.result(made(order, pages, sum, started.elapsed())),
                    Err(problems) => report.problems(problems),
                }
                report.problems(warnings);
                started = Instant::now();
            }
        });
    }
    for folder in folders.values_mut() {
        if let Err(problem) = folder.save() {
            report.problem(problem);
        }
    }
}

/// Makes one document and returns how many pages it has, and what the check of it comes to. Nothing is
/// written before its bytes exist.
fn make(
    arguments: &GenerateArguments,
    (typesetter, gate): (&Typesetter<'_>, Option<&Gate<'_>>),
    order: &Order<'_>,
    folders: &mut IndexMap<PathBuf, Folder>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<(usize, Option<Sum>), Vec<Diagnostic>> {
    let document = typesetter.lay_out(&order.contract)?;
    let (pdf, sum) = thread::scope(|scope| -> Result<_, Vec<Diagnostic>> {
        let checked = gate.map(|gate| scope.spawn(|| gate.pass(&order.contract, &document)));
        let pdf = typesetter.export(&document)?;
        let sum = checked.map(|checked| checked.join().expect("a check does not panic"));
        Ok((pdf, sum.transpose()?))
    })?;
    let existing = Existing::forced(arguments.force);
    let one = |problem| vec![problem];
    if let Some(folder) = &arguments.emit {
        emit(order, folder, existing).map_err(one)?;
    }
    if arguments.draft {
        store::put(&order.output, &pdf, None, existing).map_err(one)?;
        return Ok((document.pages(), sum));
    }
    let parent = order.output.parent().unwrap_or(Path::new("")).to_owned();
    let folder = match folders.entry(parent) {
        Occupied(folder) => folder.into_mut(),
        Vacant(place) => {
            let folder = Folder::open(place.key(), Access::Whole, warnings)?;
            place.insert(folder)
        }
    };
    keep(order, &pdf, folder, existing).map_err(one)?;
    Ok((document.pages(), sum))
}

/// Writes the Typst project, all of it or nothing. What else is in its folders would be compiled with it,
/// or seem to belong to it, so there may be nothing else.
fn emit(order: &Order<'_>, folder: &Path, existing: Existing) -> Result<(), Diagnostic> {
    let project = Project::new(&order.contract, &order.served.library);
    for part in ["clauses", "layouts"].map(|part| (part, folder.join(part))) {
        let there = if part.1.is_dir() { Files::folder(&part.1)? } else { continue };
        let strange =
            there.paths().find(|path| !project.files.contains_key(&format!("{}/{path}", part.0)));
        if let Some(path) = strange {
            let path = part.1.join(path);
            return Err(Diagnostic::failure(format!(
                "`{}` is not of this project",
                path.display()
            ))
            .hint("emit into an empty folder"));
        }
    }
    for (path, bytes) in &project.files {
        store::check_free(&folder.join(path), bytes, existing)?;
    }
    for (path, bytes) in &project.files {
        store::write(&folder.join(path), bytes, existing)?;
    }
    Ok(())
}

/// Writes a document into a folder, and notes it in the folder's lock.
fn keep(
    order: &Order<'_>,
    pdf: &[u8],
    folder: &mut Folder,
    existing: Existing,
) -> Result<(), Diagnostic> {
    let Order { served, contract, client, output } = order;
    folder.check_version(&contract.version.id, &served.text)?;
    let file = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sha256 = store::put(output, pdf, folder.lock.entries.get(&file), existing)?;
    let inputs = Inputs {
        version: contract.version.id.clone(),
        client_file: client
            .as_ref()
            .map(|client| store::sha256(client.text.as_bytes()))
            .unwrap_or_default(),
        layout: served.look.clone(),
        engine: ENGINE.to_owned(),
        fields: contract.fields,
    };
    let entry = Entry {
        client: client.as_ref().map(|client| relative(Path::new(&client.name), &folder.path)),
        inputs,
        digest: contract.digest.clone(),
        sha256,
    };
    folder.note(&file, entry, &served.text);
    Ok(())
}

fn made(order: &Order<'_>, pages: usize, check: Option<Sum>, time: Duration) -> Made {
    let Order { served, contract, output, .. } = order;
    Made {
        pdf: output.clone(),
        client: contract.client.as_ref().map(|client| client.name.clone()),
        version: contract.version.id.clone(),
        digest: contract.digest.clone(),
        articles: contract.articles.len(),
        annexes: contract.annexes.len(),
        pages,
        library: served.library.describe(),
        check,
        time,
    }
}
