//! Standard output and standard error that are closed or full: no work is lost, and the exit code is true.

use std::fs::{File, OpenOptions};
use std::io;
use std::process::{Command, Stdio};

use crate::support::{ACME, ACME_PDF, Folder, Run};

/// A pipe whose reader has gone.
fn closed() -> io::PipeWriter {
    io::pipe().unwrap().1
}

/// A device that takes nothing.
fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

/// Changes how a program runs.
type Change = Box<dyn FnOnce(&mut Command)>;

fn stdout_to(stream: impl Into<Stdio>) -> Change {
    let stream = stream.into();
    Box::new(|command| {
        command.stdout(stream);
    })
}

fn stderr_to(stream: impl Into<Stdio>) -> Change {
    let stream = stream.into();
    Box::new(|command| {
        command.stderr(stream);
    })
}

/// Both, closed.
fn all_closed() -> Change {
    Box::new(|command| {
        command.stdout(closed()).stderr(closed());
    })
}

/// Makes Acme's contract with such a stream; it must be there and in the lock.
fn make_with(change: impl FnOnce(&mut Command)) -> Run {
    let folder = Folder::with_acme();
    let run = folder.run_with(&["--embedded", "--client", "acme.toml"], change);
    assert!(folder.path(ACME_PDF).is_file(), "{run}");
    let lock = folder.lock("");
    assert!(lock.contains(ACME_PDF), "the lock knows it\n{run}");
    run
}

#[test]
fn a_reader_that_has_gone_stops_no_work() {
    let run = make_with(stderr_to(closed()));
    assert_eq!((run.code, run.stdout), (Some(0), format!("{ACME_PDF}\n")));
    let run = make_with(stdout_to(closed()));
    assert_eq!(run.code, Some(0), "{run}");
    let run = make_with(all_closed());
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn a_reader_that_has_gone_does_not_change_the_exit_code() {
    let folder = Folder::new().file("bad.toml", ACME.replace("website", "websit"));
    for arguments in
        [&["--embedded", "-c", "bad.toml"][..], &["--embedded", "--json", "-c", "bad.toml"]]
    {
        let run = folder.fail_with(arguments, all_closed());
        assert_eq!(run.code, Some(1), "{run}");
    }
    let run = folder.run_with(&["list", "services"], stdout_to(closed()));
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn results_that_cannot_be_written_are_a_failure() {
    let run = make_with(stdout_to(full()));
    assert_eq!(run.code, Some(2), "{run}");
    let lost = "error: cannot write to standard output: there is no space left\n";
    assert!(run.stderr.contains(lost), "{run}");
    let folder = Folder::new();
    for arguments in [
        &["list", "services"][..],
        &["list", "services", "--json"],
        &["--help"],
        &["schema", "client"],
    ] {
        let run = folder.run_with(arguments, stdout_to(full()));
        assert_eq!(run.code, Some(2), "{arguments:?}\n{run}");
        assert!(run.stderr.contains(lost), "{arguments:?}\n{run}");
    }
}

#[test]
fn talk_that_cannot_be_written_is_no_failure_but_a_problem_is() {
    let run = make_with(stderr_to(full()));
    assert_eq!((run.code, run.stdout), (Some(0), format!("{ACME_PDF}\n")));
    let folder = Folder::new().file("bad.toml", ACME.replace("website", "websit"));
    let run = folder.fail_with(&["--embedded", "-c", "bad.toml"], stderr_to(full()));
    assert_eq!(run.code, Some(2), "{run}");
}
