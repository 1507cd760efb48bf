//! Several runs at once in one folder, and shards side by side.

#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::process::{Child, Command, Stdio};

use crate::keeping::{ANNA, ANNA_PDF, assert_all_current, client, kept};
use crate::support::{Folder, assert_snapshot, program};

/// The clients of [`twelve`].
pub const NAMES: [&str; 12] =
    ["anna", "bob", "carla", "dirk", "els", "frank", "gea", "hans", "ilse", "jan", "karin", "leo"];

/// A folder with the client files of twelve.
pub fn twelve() -> Folder {
    let folder = Folder::new();
    for name in NAMES {
        folder.write(&format!("clients/{name}.toml"), client(name));
    }
    folder
}

/// Starts the program in the folder.
pub fn start(folder: &Folder, arguments: &[&str]) -> Child {
    Command::new(program())
        .args(arguments)
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Asks that all of them end well.
fn assert_end_well(runs: Vec<Child>) {
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{talk}");
    }
}

#[test]
fn two_runs_at_once() {
    let folder = twelve();
    assert_end_well((0..2).map(|_| start(&folder, &["regenerate"])).collect());
    assert_all_current(&folder, 12);
    let alone = twelve();
    alone.make(&["regenerate"]);
    assert!(folder.lock("") == alone.lock(""), "the lock is that of one run");
}

#[test]
fn documents_made_alone_at_once_are_all_in_the_lock() {
    let folder = twelve();
    let files = NAMES.map(|name| format!("clients/{name}.toml"));
    assert_end_well(files.iter().map(|file| start(&folder, &["-q", "-c", file])).collect());
    assert_all_current(&folder, 12);
}

#[test]
fn shards_side_by_side() {
    let folder = twelve();
    let shards = ["1/4", "2/4", "3/4", "4/4"];
    let runs = shards.map(|shard| start(&folder, &["regenerate", "--shard", shard]));
    assert_end_well(runs.into());
    assert!(!folder.path("dpa.lock.d/versions.toml").exists(), "each writes a part of its own");
    assert_snapshot!("shards_files", folder.files().join("\n"));
    assert_all_current(&folder, 12);

    let again = folder.make(&["regenerate", "--shard", "2/4"]);
    assert!(again.stderr.starts_with("0 of "), "{again}");
    folder.make(&["regenerate"]);
    assert!(!folder.lock("").contains(".part-"));
    assert_all_current(&folder, 12);
    let alone = twelve();
    alone.make(&["regenerate"]);
    assert!(folder.lock("") == alone.lock(""), "the lock is that of one run");
    for name in NAMES {
        let pdf = format!("{name}-verwerkersovereenkomst-2026-06-12.pdf");
        assert!(folder.read(&pdf) == alone.read(&pdf), "{pdf}");
    }
}

#[test]
fn each_client_is_in_one_shard() {
    let folder = twelve();
    let mut seen = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let run = folder.make(&["regenerate", "--dry-run", "--shard", shard]);
        let clients = run.stdout.lines().map(|line| line.split_whitespace().nth(2).unwrap());
        seen.extend(clients.map(ToOwned::to_owned));
    }
    seen.sort();
    assert_eq!(seen, NAMES.map(|name| format!("clients/{name}.toml")));
}

#[test]
fn a_shard_that_runs_again_keeps_what_it_noted_before() {
    let folder = twelve();
    folder.make(&["regenerate", "--shard", "1/1"]);
    let folder = folder.edit(ANNA, "anna B.V.", "Anna Nieuw B.V.");
    folder.make(&["regenerate", "--shard", "1/1"]);
    assert_all_current(&folder, 12);
    folder.make(&["regenerate"]);
    assert_all_current(&folder, 12);
}

#[test]
fn a_part_that_is_older_than_the_lock_does_not_win() {
    let folder = twelve();
    folder.make(&["regenerate", "--shard", "1/1"]);
    let part = folder.read("dpa.lock.d/versions.part-1-of-1.toml");
    let folder = folder.edit(ANNA, "anna B.V.", "Anna Nieuw B.V.");
    folder.make(&["regenerate"]);
    // As version control may bring it back.
    folder.write("dpa.lock.d/versions.part-1-of-1.toml", part);
    let run = folder.run(&["status"]);
    assert!(matches!(run.code, Some(0 | 1)), "{run}");
    folder.make(&["regenerate"]);
    assert!(folder.prose(ANNA_PDF).contains("Anna Nieuw"));
    assert_all_current(&folder, 12);
}

#[test]
fn shards_that_cannot_be() {
    let folder = twelve();
    let before = kept(&folder);
    assert_snapshot!("shard_0", folder.fail(&["regenerate", "--shard", "0/4"]).to_string());
    for shard in ["5/4", "1/0", "0/0", "1", "a/b", "1/4/2", "-1/4", "1.5/4", ""] {
        let run = folder.fail(&["regenerate", "--shard", shard]);
        assert_eq!(run.code, Some(2), "{shard}\n{run}");
    }
    assert!(kept(&folder) == before);
}

#[test]
fn what_killed_runs_left_is_taken_away_and_what_another_run_writes_is_not() {
    let folder = twelve();
    let [left, other] = [".dpa-gen-aBc123.tmp", ".dpa-gen-notes.txt"];
    for name in [left, other, "pdf/.dpa-gen-xYz789.tmp", ".dpa-gen-inUse0.tmp"] {
        folder.write(name, "half of a PDF");
    }
    let in_use = std::fs::File::open(folder.path(".dpa-gen-inUse0.tmp")).unwrap();
    in_use.lock().unwrap();
    for arguments in [&["status"][..], &["regenerate", "--dry-run"]] {
        folder.run(arguments);
        assert!(folder.path(left).exists(), "{arguments:?} writes nothing");
    }
    folder.make(&["regenerate", "--only", "anna"]);
    let stayed: Vec<String> =
        folder.files().into_iter().filter(|file| file.contains("dpa-gen-")).collect();
    assert_eq!(stayed, [".dpa-gen-inUse0.tmp", other, "pdf/.dpa-gen-xYz789.tmp"]);
    drop(in_use);
    folder.make(&["--client", ANNA, "--output", "pdf/"]);
    folder.make(&["--client", ANNA]);
    let files = folder.files();
    assert!(!files.iter().any(|file| file.contains(".tmp")), "{files:?}");
}

#[cfg(unix)]
#[test]
fn a_linked_folder_for_the_pdfs() {
    let folder = twelve();
    std::fs::create_dir_all(folder.path("far/away/pdf")).unwrap();
    symlink("far/away/pdf", folder.path("pdf")).unwrap();
    let run = folder.run(&["regenerate", "-o", "pdf"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(folder.path(&format!("far/away/pdf/{ANNA_PDF}")).exists());
    assert_eq!(folder.run(&["status", "-o", "pdf"]).code, Some(0));
}
