//! `dpa-gen adopt`: proposals in the place of clauses, and nothing lost.

use std::fmt::Write;
use std::fs;

use crate::mutations::verdicts;
use crate::support::{Folder, assert_snapshot, copy, files_below, repository};

const NEXT: [&str; 2] = ["--version", "2026-12-01"];

/// A folder as `init` makes it, with the details that only the processor knows, and a complete client file.
fn fresh() -> Folder {
    let folder = Folder::new();
    folder.make(&[
        "init",
        "--yes",
        "--address",
        "Voorbeeldweg 2",
        "--postal-code",
        "1234 AB",
        "--city",
        "Utrecht",
    ]);
    fs::remove_dir_all(folder.path("clients")).unwrap();
    copy(&repository().join("fixtures/complete/clients"), &folder.path("clients"));
    let names =
        fs::read(repository().join("fixtures/complete/clauses/subprocessors.toml")).unwrap();
    folder.write("clauses/subprocessors.toml", names);
    folder.edit(
        "clauses/contract.toml",
        "\nwebsite = ",
        "\nbreach-contact = { role = \"meldpunt datalekken\", email = \"datalek@mnrv.nl\" }\nwebsite = ",
    )
}

/// The parts that have a proposal.
fn proposals() -> Vec<String> {
    let files = files_below(&repository().join("clauses/proposals"));
    files.iter().map(|path| path.trim_end_matches(".typ").to_owned()).collect()
}

#[test]
fn with_all_proposals_a_complete_client_meets_every_requirement() {
    let clients = &["--client", "clients"][..];
    let folder = fresh();
    folder.make(&["adopt", "--all", NEXT[0], NEXT[1]]);
    let met = |folder: &Folder, word: &str| {
        verdicts(folder, clients).values().filter(|verdict| *verdict == word).count()
    };
    assert_eq!(met(&folder, "met"), 29, "{:#?}", verdicts(&folder, clients));
    folder.make(&["review", "--approve", "--all", "--by", "mr. A. Jansen", "--on", "2026-12-02"]);
    assert_eq!(met(&folder, "approved"), 29, "{:#?}", verdicts(&folder, clients));
}

#[test]
fn without_a_proposal_its_requirements_are_not_met() {
    for left_out in proposals() {
        let folder = fresh();
        let others = proposals().into_iter().filter(|part| *part != left_out);
        let others: Vec<String> = others.collect();
        let mut arguments = vec!["adopt"];
        arguments.extend(others.iter().map(String::as_str));
        arguments.extend(NEXT);
        folder.make(&arguments);
        let text =
            fs::read_to_string(repository().join(format!("clauses/proposals/{left_out}.typ")))
                .unwrap();
        let meets = text.lines().find_map(|line| line.strip_prefix("meets = ")).unwrap();
        let all = verdicts(&folder, &["--client", "clients"]);
        let lost = meets.trim_matches(['[', ']']).split(", ").map(|id| id.trim_matches('"'));
        for id in lost {
            assert_ne!(all[id], "met", "{left_out} is said to meet {id}");
        }
        assert!(text.contains("// proposal for the lawyer: "), "{left_out}");
    }
}

#[test]
fn what_is_replaced_is_kept_and_nothing_reads_it() {
    let folder = fresh();
    let old = folder.read("clauses/articles/liability.typ");
    let security = folder.read("clauses/articles/security.typ");
    let run = folder.make(&["adopt", "--dry-run", "articles/security"]);
    assert_snapshot!("dry_run", run.to_string());
    assert_eq!(folder.read("clauses/articles/security.typ"), security);
    assert!(!folder.path("clauses/before").exists());

    let run = folder.make(&["adopt", "articles/security", "--json", NEXT[0], NEXT[1]]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["results"][0]["before"], "2026-06-12");
    assert_eq!(json["results"][0]["version"], "2026-12-01");
    assert_eq!(json["results"][0]["clauses"][0]["part"], "articles/security");
    assert_eq!(folder.read("clauses/before/2026-06-12/articles/security.typ"), security);
    assert_eq!(folder.read("clauses/articles/liability.typ"), old, "nothing else changes");
    let contract = String::from_utf8(folder.read("clauses/contract.toml")).unwrap();
    assert!(contract.contains("\nversion = 2026-12-01\n"), "{contract}");

    // What is kept is no part of the library, whatever stands in it.
    folder.write("clauses/before/2026-06-12/articles/other.typ", "#onbekend");
    folder.make(&["list", "articles"]);
    let again = folder.make(&["adopt", "articles/security", "--version", "2026-12-02"]);
    assert_eq!(again.stdout, "unchanged  articles/security\n");
    let contract = String::from_utf8(folder.read("clauses/contract.toml")).unwrap();
    assert!(contract.contains("\nversion = 2026-12-01\n"), "nothing changed: {contract}");
}

#[test]
fn what_cannot_be_adopted_changes_nothing() {
    let folder = fresh();
    let mut story = String::new();
    for arguments in [
        &["articles/secruity", NEXT[0], NEXT[1]][..],
        &["articles/liability", NEXT[0], NEXT[1]],
        &["--all", "--version", "2026-06-12"],
        &["--all", "--version", "morgen"],
        &["--all"],
        &[NEXT[0], NEXT[1]],
        &["--all", "--embedded", NEXT[0], NEXT[1]],
    ] {
        let run = folder.fail(&[&["adopt"], arguments].concat());
        let _ = write!(story, "{arguments:?}\n{run}\n\n");
    }
    // Another text that is kept already is never replaced.
    let folder = folder.file("clauses/before/2026-06-12/articles/security.typ", "iets anders");
    let run = folder.fail(&["adopt", "articles/security", NEXT[0], NEXT[1]]);
    story += &run.to_string();
    assert_snapshot!("wrong", story);
}
