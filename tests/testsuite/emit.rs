//! `--emit` writes the Typst project of a contract, whole and nothing else.

use std::fs;

use crate::support::{ACME, Folder, assert_snapshot, files_below, repository, without_digests};

const EMIT: [&str; 5] = ["--embedded", "--client", "acme.toml", "--emit", "project"];

#[test]
fn exactly_the_files_of_the_contract() {
    let folder = Folder::with_acme();
    folder.make(&EMIT);
    let files = files_below(&folder.path("project"));
    assert_snapshot!("files", files.join("\n"));
    for path in files.iter().filter(|path| path.contains('/')) {
        let original = fs::read(repository().join(path)).unwrap();
        assert!(folder.read(&format!("project/{path}")) == original, "{path} is a copy");
    }
    let json = String::from_utf8(folder.read("project/contract.json")).unwrap();
    assert_snapshot!("contract_json", without_digests(&json));
}

#[test]
fn of_the_general_edition_too() {
    let folder = Folder::new();
    folder.make(&["--embedded", "--general", "--emit", "project"]);
    let json: serde_json::Value =
        serde_json::from_slice(&folder.read("project/contract.json")).unwrap();
    assert_eq!(json["edition"], "general");
    assert!(json["client"].is_null());
    assert!(folder.path("project/clauses/articles/ai-systems.typ").is_file());
}

#[test]
fn a_file_that_is_there_and_differs_is_kept_without_force() {
    let folder = Folder::with_acme().file("project/clauses/signature.typ", "mine");
    let run = folder.fail(&EMIT);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("`project/clauses/signature.typ` already exists"), "{run}");

    folder.make(&[&EMIT[..], &["--force"]].concat());
    assert_ne!(folder.read("project/clauses/signature.typ"), b"mine");
    folder.make(&EMIT);
}

#[test]
fn a_run_that_fails_emits_nothing() {
    let folder = Folder::new().file("acme.toml", ACME.replace("website", "websit"));
    folder.fail(&EMIT);
    let folder = Folder::with_acme().file("project", "a file, not a folder");
    let run = folder.fail(&EMIT);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("a part of the path is not a folder"), "{run}");
}

#[test]
fn what_an_earlier_contract_left_there_does_not_stay_unnoticed() {
    let folder = Folder::new().file("acme.toml", ACME.replace("website", "ai-agent"));
    folder.make(&EMIT);
    folder.write("acme.toml", ACME);
    let run = folder.run(&[&EMIT[..], &["--force"]].concat());
    let left_over = folder.path("project/clauses/articles/ai-systems.typ");
    assert!(
        run.code == Some(2) || !left_over.is_file(),
        "the project should hold the files of this contract only, or the run should say so\n{run}"
    );
}
