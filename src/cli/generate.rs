//! Making documents: read and check all, make each whole in memory, then write.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use serde::Serialize;

use super::args::GenerateArguments;
use super::report::{Outcome, Report, Style};
use crate::client::Client;
use crate::contract::{Contract, Form, Project};
use crate::diagnostic::{Count, Diagnostic};
use crate::input;
use crate::library::{Found, Library, Search};
use crate::store::{self, Existing};
use crate::typeset::Typesetter;

/// A contract that is ready to be typeset.
struct Order<'a> {
    library: &'a Library,
    contract: Contract,
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
    /// How long it took.
    #[serde(skip)]
    time: Duration,
}

impl Outcome for Made {
    fn result(&self) -> String {
        self.pdf.display().to_string()
    }

    fn talk(&self) -> Option<String> {
        Some(format!(
            "{}: version {}, {}, {}, {}; {} ({} ms)",
            self.client.as_deref().unwrap_or("general edition"),
            self.version,
            Count(self.articles, "article", "articles"),
            Count(self.annexes, "annex", "annexes"),
            Count(self.pages, "page", "pages"),
            self.library,
            self.time.as_millis(),
        ))
    }
}

/// Makes what the arguments ask for, and tells it.
pub fn run(arguments: &GenerateArguments) -> ExitCode {
    let style = match arguments {
        GenerateArguments { json: true, .. } => Style::Json,
        GenerateArguments { quiet: true, .. } => Style::Quiet,
        _ => Style::Human,
    };
    let mut report = Report::new(style);
    if let Err(problem) = check_use(arguments) {
        report.problem(problem);
        return report.finish();
    }
    let started = Instant::now();
    let requests = requests(arguments, &mut report);
    let libraries = open_libraries(&requests, &mut report);
    let orders = orders(arguments, &requests, &libraries, &mut report);
    match check_distinct(&orders) {
        Ok(()) => make_all(arguments, &libraries, &orders, started, &mut report),
        Err(problem) => report.problem(problem),
    }
    report.finish()
}

/// What one file is asked to hold for several clients.
fn check_use(arguments: &GenerateArguments) -> Result<(), Diagnostic> {
    let several = arguments.client.len() > 1;
    match &arguments.output {
        Some(output) if several && !is_folder(output) => Err(Diagnostic::failure(format!(
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
        let search = Search {
            embedded: arguments.embedded,
            folder: arguments.library.as_deref(),
            from: client.and_then(Path::parent).unwrap_or(Path::new("")),
            layout: arguments.layout.as_deref(),
        };
        match search.find() {
            Ok(found) => requests.push((client, found)),
            Err(problem) => {
                report.problem(problem);
                break;
            }
        }
    }
    requests
}

/// Reads each library once; one with problems serves nobody.
fn open_libraries(
    requests: &[(Option<&Path>, Found)],
    report: &mut Report<Made>,
) -> IndexMap<Found, Library> {
    let mut tried: Vec<&Found> = Vec::new();
    let mut libraries = IndexMap::new();
    for (_, found) in requests {
        if tried.contains(&found) {
            continue;
        }
        tried.push(found);
        match Library::open(found) {
            Ok(library) => drop(libraries.insert(found.clone(), library)),
            Err(problems) => report.problems(problems),
        }
    }
    libraries
}

/// Reads and assembles every contract; a bad client file does not stop the others.
fn orders<'a>(
    arguments: &GenerateArguments,
    requests: &[(Option<&Path>, Found)],
    libraries: &'a IndexMap<Found, Library>,
    report: &mut Report<Made>,
) -> Vec<Order<'a>> {
    let mut orders = Vec::new();
    for (path, found) in requests {
        let Some(library) = libraries.get(found) else {
            continue;
        };
        let form = if arguments.no_fields { Form::Lines } else { Form::Fields };
        let client = path.map(|path| read_client(path, library)).transpose();
        match client {
            Ok(client) => orders.push(Order {
                library,
                contract: Contract::assemble(library, client.as_ref(), form),
                output: output(arguments, library, *path),
            }),
            Err(problems) => report.problems(problems),
        }
    }
    orders
}

fn read_client(path: &Path, library: &Library) -> Result<Client, Vec<Diagnostic>> {
    let source = input::read(path).map_err(|problem| vec![problem])?;
    Client::read(&source, &library.vocabulary())
}

/// Where a document goes: `<client file's stem>-<the library's file name>-<version>.pdf`, unless a file
/// was named.
fn output(arguments: &GenerateArguments, library: &Library, client: Option<&Path>) -> PathBuf {
    let contents = &library.contents;
    let mut name = client.and_then(Path::file_stem).map(ToOwned::to_owned).unwrap_or_default();
    if !name.is_empty() {
        name.push("-");
    }
    name.push(format!("{}-{}.pdf", contents.file_name, contents.version));
    match &arguments.output {
        None => PathBuf::from(name),
        Some(folder) if is_folder(folder) => folder.join(name),
        Some(file) => file.clone(),
    }
}

/// Whether `--output` names a folder: one that is there, or a name that does not end in `.pdf`.
fn is_folder(output: &Path) -> bool {
    let is_pdf = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    output.is_dir() || !is_pdf
}

/// No two contracts may end up in one file.
fn check_distinct(orders: &[Order<'_>]) -> Result<(), Diagnostic> {
    for (index, order) in orders.iter().enumerate() {
        if orders[..index].iter().any(|earlier| earlier.output == order.output) {
            let path = order.output.display();
            return Err(Diagnostic::error(format!("two client files would both give `{path}`"))
                .hint("name the client files differently, or make them one at a time"));
        }
    }
    Ok(())
}

fn make_all(
    arguments: &GenerateArguments,
    libraries: &IndexMap<Found, Library>,
    orders: &[Order<'_>],
    mut started: Instant,
    report: &mut Report<Made>,
) {
    for library in libraries.values() {
        let typesetter = match Typesetter::new(library) {
            Ok(typesetter) => typesetter,
            Err(problems) => {
                report.problems(problems);
                continue;
            }
        };
        for order in orders.iter().filter(|order| std::ptr::eq(order.library, library)) {
            match make(arguments, &typesetter, order) {
                Ok(pages) => report.result(made(order, pages, started.elapsed())),
                Err(problems) => report.problems(problems),
            }
            started = Instant::now();
        }
    }
}

/// Makes one document and returns how many pages it has. Nothing is written before its bytes exist.
fn make(
    arguments: &GenerateArguments,
    typesetter: &Typesetter<'_>,
    order: &Order<'_>,
) -> Result<usize, Vec<Diagnostic>> {
    let document = typesetter.lay_out(&order.contract)?;
    let pdf = typesetter.export(&document)?;
    let existing = if arguments.force { Existing::Replace } else { Existing::Keep };
    store::write(&order.output, &pdf, existing).map_err(|problem| vec![problem])?;
    if let Some(folder) = &arguments.emit {
        for (path, bytes) in &Project::new(&order.contract, order.library).files {
            store::write(&folder.join(path), bytes, existing).map_err(|problem| vec![problem])?;
        }
    }
    Ok(document.pages())
}

fn made(order: &Order<'_>, pages: usize, time: Duration) -> Made {
    let Order { library, contract, output } = order;
    Made {
        pdf: output.clone(),
        client: contract.client.as_ref().map(|client| client.name.clone()),
        version: contract.version.id.clone(),
        digest: contract.digest.clone(),
        articles: contract.articles.len(),
        annexes: contract.annexes.len(),
        pages,
        library: library.describe(),
        time,
    }
}
