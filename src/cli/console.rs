//! The terminal: the one place that writes to standard output and standard error.
//!
//! A reader that has gone (`| head`) is no failure: the work goes on, and the exit code is that of the work.
//! A result or a problem that cannot be written for another reason (a full disk) makes the exit code 2.

#![expect(clippy::disallowed_methods, reason = "the one place that writes to the terminal")]

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::{Arc, atomic::AtomicBool, atomic::Ordering};
use std::thread;

use anstream::{AutoStream, ColorChoice};
use codespan_reporting::term::termcolor::{Ansi, NoColor};

use crate::diagnostic::{Diagnostic, Problems, Severity, io_reason, printable};
use crate::typeset::STACK;

/// Whether a result or a problem could not be written.
static IS_LOST: AtomicBool = AtomicBool::new(false);

/// Writes a line of results to standard output.
pub fn result(line: &str) {
    result_as_is(&printable(line));
}

/// Writes a line of results to standard output that may hold control characters: colours.
pub fn result_as_is(line: &str) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    drop(out);
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
        && !IS_LOST.swap(true, Ordering::Relaxed)
    {
        let reason = io_reason(&error);
        problem(&Diagnostic::failure(format!("cannot write to standard output: {reason}")));
    }
}

/// Writes a line to standard error that nobody needs to rely on.
pub fn talk(line: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(line));
}

/// Writes a problem to standard error, in colour on a terminal.
pub fn problem(problem: &Diagnostic) {
    write_problems(&Problems::from(problem.clone()));
}

/// Writes problems to standard error, in colour on a terminal; of one file at most a hundred.
pub fn write_problems(problems: &Problems) {
    let stderr = AutoStream::auto(io::stderr());
    let text = render(problems, stderr.current_choice() != ColorChoice::Never);
    if let Err(error) = stderr.into_inner().write_all(&text)
        && error.kind() != ErrorKind::BrokenPipe
    {
        IS_LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether results on standard output are shown in colour.
pub fn is_coloured() -> bool {
    AutoStream::auto(io::stdout()).current_choice() != ColorChoice::Never
}

/// Problems as a person reads them on standard output, in colour on a terminal.
pub fn for_stdout(problems: &Problems) -> String {
    let text = render(problems, is_coloured());
    String::from_utf8_lossy(&text).into_owned()
}

fn render(problems: &Problems, is_coloured: bool) -> Vec<u8> {
    let mut text = Vec::new();
    let rendered = if is_coloured {
        problems.render(&mut Ansi::new(&mut text))
    } else {
        problems.render(&mut NoColor::new(&mut text))
    };
    match rendered {
        Ok(()) => text,
        Err(_) => format!("{problems}\n").into_bytes(),
    }
}

/// What the command line's parser has to say, help or a usage error, with its exit code.
pub fn parser(said: &clap::Error) -> ExitCode {
    let rendered = said.render();
    let text = |choice| match choice {
        ColorChoice::Never => rendered.to_string(),
        _ => rendered.ansi().to_string(),
    };
    if said.use_stderr() {
        let stderr = AutoStream::auto(io::stderr());
        let text = text(stderr.current_choice());
        let _ = stderr.into_inner().write_all(text.as_bytes());
    } else {
        result_as_is(text(AutoStream::auto(io::stdout()).current_choice()).trim_end());
    }
    exit(u8::try_from(said.exit_code()).unwrap_or(Severity::Failure.exit_code()))
}

/// Whether somebody can be asked: standard input and standard error are a terminal.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Lets an interrupt end a question instead of the process, which would leave the question's lines behind.
pub fn keep_on_interrupt() {
    #[cfg(unix)]
    {
        let is_interrupted = Arc::new(AtomicBool::new(false));
        // Where it cannot be had, an interrupt ends the process.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, is_interrupted);
    }
}

/// Leaves a question that was interrupted: the cursor stands below it, and the line of help above the cursor goes.
pub fn leave_prompt() {
    let _ = write!(io::stderr(), "\x1b[1A\r\x1b[J");
}

/// The exit code of a run: the given one, or 2 if a result or a problem could not be written.
pub fn exit(code: u8) -> ExitCode {
    let is_lost = IS_LOST.load(Ordering::Relaxed);
    ExitCode::from(if is_lost { code.max(Severity::Failure.exit_code()) } else { code })
}

/// Runs a command, with a stack that is large enough for what Typst and its parser do recursively; a panic is
/// printed as a bug of ours, with exit code 2.
pub fn guard(run: impl FnOnce() -> ExitCode + Send) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("a panic without a message");
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
        let message = format!("{message}{}", place.unwrap_or_default());
        problem(&Diagnostic::bug(message));
    }));
    let ended = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        thread.map(thread::ScopedJoinHandle::join)
    });
    match ended {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => exit(Severity::Bug.exit_code()),
        Err(error) => {
            problem(&Diagnostic::failure(format!("cannot start a thread: {}", io_reason(&error))));
            exit(Severity::Failure.exit_code())
        }
    }
}
