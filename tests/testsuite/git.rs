//! Two people share a folder by git: what they do for different clients never conflicts.

use std::process::{Command, Output};

use crate::keeping::client;
use crate::support::{Folder, copy};
use crate::together::NAMES;

const MERGES: usize = 20;

fn git(folder: &Folder, arguments: &[&str]) -> Output {
    let settings = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    let mut git = Command::new("git");
    let git = git.args(settings).args(arguments).current_dir(folder.path(""));
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap()
}

fn done(folder: &Folder, arguments: &[&str]) {
    let output = git(folder, arguments);
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&text));
}

/// Changes a client, makes its PDF, and commits.
fn change(folder: &Folder, name: &str, round: usize) {
    folder.write(&format!("clients/{name}.toml"), client(&format!("{name} {round}")));
    folder.make(&["regenerate", "--only", name]);
    done(folder, &["add", "-A"]);
    done(folder, &["commit", "-q", "-m", &format!("Change {name}")]);
}

#[test]
fn two_clones_merge_without_a_conflict_where_different_clients_are_touched() {
    let one = Folder::new().file(".gitignore", ".dpa-gen*\n");
    for name in &NAMES[..6] {
        one.write(&format!("clients/{name}.toml"), client(name));
    }
    done(&one, &["init", "-q", "-b", "main"]);
    one.make(&["regenerate"]);
    done(&one, &["add", "-A"]);
    done(&one, &["commit", "-q", "-m", "Begin"]);
    let other = Folder::new();
    copy(&one.path(""), &other.path(""));
    let path = |folder: &Folder| folder.path("").display().to_string();

    for round in 0..MERGES {
        // Also clients that are new: neighbours in every list.
        let (mine, theirs) = (NAMES[round % 12], NAMES[(round + 1) % 12]);
        change(&one, mine, round);
        change(&other, theirs, round);
        done(&other, &["pull", "-q", "--no-rebase", "--no-edit", &path(&one), "main"]);
        done(&one, &["pull", "-q", "--no-rebase", "--no-edit", &path(&other), "main"]);
    }
    for folder in [&one, &other] {
        let run = folder.make(&["regenerate"]);
        assert!(run.stderr.starts_with("0 of 12"), "{run}");
    }
    assert_eq!(one.lock(""), other.lock(""));

    // One client of both is a conflict, and the error says which entry to keep.
    change(&one, "anna", 100);
    change(&other, "anna", 101);
    let pulled = git(&other, &["pull", "-q", "--no-rebase", "--no-edit", &path(&one), "main"]);
    assert!(!pulled.status.success());
    done(
        &other,
        &["checkout", "--ours", "clients/anna.toml", "anna-verwerkersovereenkomst-2026-06-12.pdf"],
    );
    let run = other.fail(&["status"]);
    assert!(run.stderr.contains("`dpa.lock.d/anna.toml` has two entries of"), "{run}");
    assert!(run.stderr.contains("keep the entry with `sha256 = "), "{run}");
    done(&other, &["checkout", "--ours", "dpa.lock.d/anna.toml"]);
    let run = other.make(&["regenerate"]);
    assert!(run.stderr.starts_with("0 of 12"), "{run}");
}
