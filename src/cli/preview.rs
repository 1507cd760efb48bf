//! Showing a document in the browser while it is written: its pages follow each save.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use typst::diag::StrResult;
use typst_kit::watcher::Watcher;

use super::args::PreviewArguments;
use super::console;
use super::fleet::{assemble, name};
use crate::diagnostic::{Count, Diagnostic, Problems};
use crate::library::Library;
use crate::preview::{Server, View};
use crate::typeset::{self, Typesetter};

/// Serves the pages until it is stopped, which takes nothing but an end of the process: nothing is written.
pub fn run(arguments: &PreviewArguments) -> ExitCode {
    let Err(problem) = serve(arguments);
    console::problem(&problem);
    console::exit(problem.severity.exit_code())
}

fn serve(arguments: &PreviewArguments) -> Result<Infallible, Diagnostic> {
    let server = Server::start(arguments.port)?;
    let address = server.address();
    console::result(&address);
    if arguments.open
        && let Err(error) = open::that_detached(&address)
    {
        console::problem(&Diagnostic::warning(format!("cannot open a browser: {error}")));
    }
    let mut view = View { title: name(arguments.client.as_deref()), ..View::default() };
    loop {
        // Before anything is read: what changes while the pages are made is seen too. A new one each time,
        // for a folder that was replaced is another one.
        let mut watcher = watch(arguments).map_err(Diagnostic::failure)?;
        let started = Instant::now();
        match make(arguments) {
            // What is the same is not told again: the telling may go to a file in a watched folder.
            Ok(made) if made == view => {}
            Ok(made) => {
                let time = started.elapsed().as_millis();
                console::talk(&format!("{} ({time} ms)", made.summary));
                view = made;
            }
            // The pages stay below the problems, and so does the place where one was reading.
            Err(problems) => {
                let problems = Problems::from(problems);
                let texts: String = problems.iter().map(Diagnostic::text).collect();
                if texts != view.problems {
                    console::write_problems(&problems);
                    view.problems = texts;
                }
            }
        }
        typeset::forget();
        server.show(&view);
        watcher.wait().map_err(Diagnostic::failure)?;
    }
}

/// Watches all that the pages depend on. Folders rather than files: a file that is saved by putting another
/// in its place is still seen.
fn watch(arguments: &PreviewArguments) -> StrResult<Watcher> {
    let mut folders = arguments.library.search(from(arguments)).folders();
    if let Some(client) = &arguments.client {
        let linked = client.canonicalize().ok();
        let files = [Some(client.clone()), linked].into_iter().flatten();
        folders.extend(files.filter_map(|file| Some(here(file.parent()?))));
    }
    let mut watcher = Watcher::new(None)?;
    watcher.update(folders).map(|()| watcher)
}

/// Where the library is looked for.
fn from(arguments: &PreviewArguments) -> &Path {
    arguments.client.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
}

/// A folder by a name that it can be opened by.
fn here(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// Makes the pages, and the PDF too: what would be wrong with that is to be told.
fn make(arguments: &PreviewArguments) -> Result<View, Vec<Diagnostic>> {
    let found =
        arguments.library.search(from(arguments)).find().map_err(|problem| vec![problem])?;
    let library = Library::open(&found)?;
    let contract = assemble(&library, arguments.client.as_deref())?;
    let typesetter = Typesetter::new(&library)?;
    let document = typesetter.lay_out(&contract)?;
    typesetter.export(&document)?;
    let client = contract.client.as_ref().map_or("general edition", |client| &client.name);
    Ok(View {
        title: format!("{client} – {}", contract.title),
        summary: format!(
            "{client}: version {}, {}; {}",
            contract.version.id,
            Count(document.pages(), "page", "pages"),
            library.describe()
        ),
        problems: String::new(),
        pages: document.pictures(),
    })
}
