//! Links, pipes and devices where files are expected: none is followed, none is waited for.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::{ACME, ACME_PDF, Folder, Run, program};

/// Makes a pipe by a name that nobody writes to: who opens it waits forever.
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs the program, which must end by itself with this message.
fn refuse(folder: &Folder, arguments: &[&str], message: &str) -> Run {
    let mut command = Command::new("timeout");
    command.arg("60").arg(program()).args(arguments);
    let output = command.current_dir(folder.path("")).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let run = Run { code: output.status.code(), stdout, stderr };
    assert!(matches!(run.code, Some(1 | 2)), "{run}");
    assert!(run.stderr.contains(message), "{run}");
    run
}

#[test]
fn a_cache_that_is_a_link_leaves_its_target_alone() {
    let folder = Folder::with_acme().file("precious.txt", "precious");
    symlink("precious.txt", folder.path(".dpa-gen.cache")).unwrap();
    for arguments in [&["--embedded", "-c", "acme.toml"][..], &["regenerate", "--embedded"]] {
        refuse(&folder, arguments, "`.dpa-gen.cache` is not a regular file");
    }
    assert_eq!(folder.read("precious.txt"), b"precious");
    let status = folder.run(&["status", "--embedded"]);
    assert_eq!(status.code, Some(1), "looking needs no cache\n{status}");
}

#[test]
fn nothing_waits_for_a_pipe() {
    let folder = Folder::with_library();
    pipe(&folder.path("pipe.toml"));
    let no_file = "it is not a regular file";
    refuse(&folder, &["--embedded", "-c", "pipe.toml"], no_file);
    refuse(&folder, &["check", "--client", "pipe.toml"], no_file);
    refuse(&folder, &["show", "pipe.toml"], no_file);
    pipe(&folder.path("pipe.pdf"));
    refuse(&folder, &["redline", "pipe.pdf", "acme.toml"], no_file);
    refuse(&folder, &["attach", "--quote", "pipe.toml", "--client", "acme.toml"], no_file);
    refuse(&folder, &["--embedded", "-c", "acme.toml", "-o", "out.pdf", "--emit", "pipe.toml"], "");

    fs::remove_file(folder.path("clauses/articles/security.typ")).unwrap();
    pipe(&folder.path("clauses/articles/security.typ"));
    refuse(&folder, &["-c", "acme.toml"], no_file);
    refuse(&folder, &["list", "services"], no_file);
}

#[test]
fn nothing_is_written_into_a_pipe() {
    let folder = Folder::with_acme();
    pipe(&folder.path("out.pdf"));
    let arguments = ["--embedded", "-c", "acme.toml", "-o", "out.pdf", "--force"];
    refuse(&folder, &arguments, "cannot write `out.pdf`: it is not a regular file");
    fs::remove_file(folder.path(".dpa-gen.cache")).unwrap();
    pipe(&folder.path(".dpa-gen.cache"));
    refuse(&folder, &["regenerate", "--embedded"], "`.dpa-gen.cache` is not a regular file");
    refuse(&folder, &["status", "--embedded"], "");
    fs::remove_file(folder.path(".dpa-gen.cache")).unwrap();
    pipe(&folder.path("dpa.lock"));
    refuse(&folder, &["status", "--embedded"], "cannot read `dpa.lock`: it is not a regular file");
    assert!(!folder.path(ACME_PDF).exists());
}

#[test]
fn a_client_file_is_never_replaced_by_its_contract() {
    let folder = Folder::new().file("c1.pdf", ACME);
    let arguments = ["--embedded", "-c", "c1.pdf", "-o", "c1.pdf", "--force"];
    let message = "`c1.pdf` is also the input file";
    refuse(&folder, &arguments, message);
    symlink("c1.pdf", folder.path("link.pdf")).unwrap();
    let arguments = ["--embedded", "-c", "c1.pdf", "-o", "link.pdf", "--force", "--draft"];
    refuse(&folder, &arguments, "`link.pdf` is the same file as the input `c1.pdf`");
    assert_eq!(folder.read("c1.pdf"), ACME.as_bytes());
}

#[test]
fn a_schema_that_cannot_be_written_leaves_no_client_file() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("schemas/client.schema.json")).unwrap();
    let new = ["new", "acme", "--yes", "--name", "Acme B.V.", "--service", "website"];
    folder.fail(&new);
    fs::remove_dir(folder.path("schemas/client.schema.json")).unwrap();
    folder.make(&new);
}
