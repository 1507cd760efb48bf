//! Showing a document in the browser while it is written: its pages follow each save.

use std::convert::Infallible;
use std::num::NonZeroU64;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use typst::diag::StrResult;
use typst_kit::watcher::Watcher;

use super::args::PreviewArguments;
use super::{console, place};
use crate::diagnostic::{Count, Diagnostic, Problems, io_reason};
use crate::ops::PreviewRequest;
use crate::preview::{Server, View};
use crate::typeset;

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
    let request = PreviewRequest {
        client: arguments.client.as_deref().map(place::client),
        library: arguments.library.choice(),
    };
    let mut view = request.empty_view();
    loop {
        // Before anything is read: what changes while the pages are made is seen too. A new one each time,
        // for a folder that was replaced is another one.
        let mut watcher = watch(&request).map_err(Diagnostic::failure)?;
        let started = Instant::now();
        match view_within(&request, arguments.limit)? {
            // What is the same is not printed again: the output may go to a file in a watched folder.
            Ok(made) if made == view => {}
            Ok(made) => {
                let time = started.elapsed().as_millis();
                console::talk(&format!("{} ({time} ms)", made.summary));
                view = made;
            }
            // The pages stay below the problems, and so does the place where one was reading.
            Err(problems) => {
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

/// Makes the pages on a thread of its own. One that does not end cannot be stopped but with the process.
fn view_within(
    request: &PreviewRequest,
    limit: NonZeroU64,
) -> Result<Result<View, Problems>, Diagnostic> {
    let (send, receive) = mpsc::channel();
    let request = request.clone();
    let make = move || {
        // Nobody receives it if the limit has passed.
        let _ = send.send(request.view());
    };
    thread::Builder::new().stack_size(typeset::STACK).spawn(make).map_err(|error| {
        Diagnostic::failure(format!("cannot start a thread: {}", io_reason(&error)))
    })?;
    receive.recv_timeout(Duration::from_secs(limit.get())).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => {
            let seconds =
                Count(usize::try_from(limit.get()).unwrap_or(usize::MAX), "second", "seconds");
            Diagnostic::error(format!("the pages were not made in {seconds}"))
                .hint("a clause or the layout may never end; --limit allows more time")
        }
        mpsc::RecvTimeoutError::Disconnected => Diagnostic::bug("the pages ended in a panic"),
    })
}

fn watch(request: &PreviewRequest) -> StrResult<Watcher> {
    let mut watcher = Watcher::new(None)?;
    watcher.update(request.folders()).map(|()| watcher)
}
