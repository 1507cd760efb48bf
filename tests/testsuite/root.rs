//! One folder, found from anywhere in it; and who a client is, whatever its file is called.

use std::process::Command;

use crate::keeping::client;
use crate::support::{Folder, assert_snapshot, program};

const PDF: &str = "acme-verwerkersovereenkomst-2026-06-12.pdf";

fn with_id(id: &str, name: &str) -> String {
    format!("id = \"{id}\"\n{}", client(name))
}

/// Runs the program in a folder below; what it prints, and its exit code.
fn run_in(folder: &Folder, below: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let mut program = Command::new(program());
    let output = program.args(arguments).current_dir(folder.path(below)).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code())
}

#[test]
fn every_command_sees_the_same_from_anywhere_in_the_folder() {
    let folder = Folder::new()
        .file("dpa-gen.toml", "output = \"pdf\"\nname = \"{version} {document} {id}\"\n")
        .file("clients/acme.toml", client("Acme"))
        .file("clients/noord/bakker.toml", client("Bakker"));
    let pdfs = [
        "pdf/2026-06-12 verwerkersovereenkomst acme.pdf",
        "pdf/2026-06-12 verwerkersovereenkomst bakker.pdf",
    ];
    for (below, typed) in [
        ("clients", "acme.toml"),
        ("clients/noord", "../acme.toml"),
        ("clients/noord", "acme"),
        ("", "acme"),
        ("", "clients/acme.toml"),
    ] {
        let (said, code) = run_in(&folder, below, &["--client", typed, "-q"]);
        assert_eq!((said.trim(), code), (pdfs[0], Some(0)), "{below}: {typed}");
    }
    let from_root = run_in(&folder, "", &["status"]);
    assert_eq!(run_in(&folder, "clients/noord", &["status"]), from_root);
    let (made, code) = run_in(&folder, "clients", &["regenerate"]);
    assert_eq!(code, Some(0), "{made}");
    assert!(
        made.contains(&format!("made        clients/noord/bakker.toml  {}", pdfs[1])),
        "{made}"
    );
    let files = folder.files();
    assert!(pdfs.iter().all(|pdf| files.iter().any(|file| file == pdf)), "{files:?}");
    assert!(!files.iter().any(|file| file.starts_with("clients/") && !file.ends_with("toml")));

    // Where it is typed counts, for what is given and for what is written.
    let (said, _) = run_in(&folder, "clients/noord", &["-c", "bakker.toml", "-q", "-o", "x.pdf"]);
    assert_eq!(said.trim(), "clients/noord/x.pdf");
    let (said, code) = run_in(&folder, "clients", &["show", "noord/x.pdf"]);
    assert!(code == Some(0) && said.contains("Bakker"), "{said}");
}

#[test]
fn the_folder_of_the_clauses_is_the_root_too() {
    let folder =
        Folder::with_library().without("acme.toml").file("clients/acme.toml", client("Acme"));
    for below in ["clients", "clauses/articles", ""] {
        let (said, code) = run_in(&folder, below, &["-c", "acme", "-q"]);
        assert_eq!((said.trim(), code), (PDF, Some(0)), "{below}");
    }
    let (checked, _) = run_in(&folder, "clients", &["check", "acme"]);
    assert!(checked.contains("1 contract checked"), "{checked}");
}

#[test]
fn settings_with_mistakes_are_reported() {
    for (name, text) in [
        ("settings_unknown", "outptu = \"pdf\"\n"),
        ("settings_without_id", "name = \"{document}-{version}\"\n"),
        ("settings_unknown_place", "name = \"{id}-{versie}-{version}\"\n"),
        ("settings_slash", "name = \"pdf/{id}-{version}\"\n"),
    ] {
        let folder = Folder::with_acme().file("dpa-gen.toml", text);
        let run = folder.fail(&["--client", "acme.toml"]);
        assert_snapshot!(name, run.to_string());
        assert_eq!(folder.fail(&["regenerate"]).stderr, run.stderr);
        assert!(!folder.path(PDF).exists());
    }
}

#[test]
fn an_id_names_the_documents_whatever_the_file_is_called() {
    let folder = Folder::new().file("clients/old-name.toml", with_id("acme", "Acme"));
    folder.make(&["regenerate"]);
    assert!(folder.path(PDF).exists());
    let run = folder.make(&["--client", "acme", "-q"]);
    assert_eq!(run.stdout.trim(), PDF);
    assert!(
        folder.make(&["mail", "-c", "acme", "--to", "a@b.nl", "-q"]).stdout.starts_with("acme-")
    );

    let wrong = folder.file("clients/bad.toml", with_id("a/b", "Bad"));
    assert_snapshot!("id_wrong", wrong.fail(&["--client", "clients/bad.toml"]).to_string());
}

#[test]
fn two_files_with_one_id_are_refused() {
    let folder = Folder::new()
        .file("clients/a.toml", with_id("acme", "Acme"))
        .file("clients/b.toml", with_id("Acme", "Bakker"));
    assert_snapshot!("id_twice", folder.fail(&["regenerate"]).to_string());
    assert_eq!(folder.files().len(), 2, "nothing was written");
}

#[test]
fn a_sample_is_in_no_list() {
    let folder = Folder::new()
        .file("clients/acme.toml", client("Acme"))
        .file("clients/voorbeeld.toml", format!("sample = true\n{}", client("Voorbeeld")));
    let run = folder.make(&["regenerate"]);
    assert!(run.stdout.contains("acme") && !run.stdout.contains("voorbeeld"), "{run}");
    assert!(!folder.make(&["status"]).stdout.contains("voorbeeld"));
    folder.make(&["--client", "voorbeeld"]);
}

#[test]
fn a_file_alone_is_answered_with_what_to_type() {
    let folder = Folder::with_acme();
    assert_snapshot!("type_client", folder.fail(&["clients/acme.toml"]).to_string());
    assert_snapshot!("type_show", folder.fail(&["acme.pdf"]).to_string());
}

#[test]
fn what_a_message_says_can_be_typed_from_anywhere_in_the_folder() {
    let folder = Folder::new()
        .file("dpa-gen.toml", "output = \"pdf\"\n")
        .file("clients/noord/acme.toml", client("Acme"));
    let (said, _) = run_in(&folder, "clients", &["--client", "acme"]);
    assert!(
        said.contains("`dpa-gen check --for sales --client clients/noord/acme.toml`"),
        "{said}"
    );
    for below in ["clients", "clients/noord", "pdf", ""] {
        let typed = ["check", "--for", "sales", "--client", "clients/noord/acme.toml"];
        let (said, _) = run_in(&folder, below, &typed);
        assert!(said.contains("1 contract checked"), "{below}: {said}");
        let (said, code) = run_in(&folder, below, &["show", &format!("pdf/{PDF}")]);
        assert!(code == Some(0) && said.contains("Acme"), "{below}: {said}");
        let (said, code) = run_in(&folder, below, &["regenerate", "clients"]);
        assert!(code == Some(0) && said.contains("clients/noord/acme.toml"), "{below}: {said}");
    }
    // Where something is there under the path, that is meant; and what is written goes where it is typed.
    let folder = folder.file("clients/clients/noord/acme.toml", client("Inner"));
    let typed = ["--client", "clients/noord/acme.toml", "-q", "-o", "pdf/x.pdf"];
    let (said, _) = run_in(&folder, "clients", &typed);
    assert_eq!(said.trim(), "clients/pdf/x.pdf");
    assert!(folder.prose("clients/pdf/x.pdf").contains("Inner"));
}

#[test]
fn a_library_is_found_by_its_path_as_typed() {
    let folder = Folder::new()
        .file("dpa-gen.toml", "")
        .file("clients/acme.toml", client("Acme"))
        .file("lib/remark", "");
    crate::support::copy(
        &crate::support::repository().join("clauses"),
        &folder.path("lib/clauses"),
    );
    let typed = ["schema", "client", "--library", "../lib"];
    let (from_below, code) = run_in(&folder, "clients", &typed);
    assert_eq!(code, Some(0), "{from_below}");
    assert_eq!(run_in(&folder, "", &["schema", "client", "--library", "lib"]).0, from_below);
}

#[test]
fn where_no_client_is_looked_at_it_is_said_why() {
    let sample = format!("sample = true\n{}", client("Voorbeeld"));
    let folder = Folder::new().file("clients/voorbeeld.toml", &sample);
    let mut said = String::new();
    let mut note = |folder: &Folder, arguments: &[&str]| {
        let run = folder.make(arguments);
        assert_eq!(run.stdout, "", "{run}");
        said += &[arguments.join(" "), ": ".to_owned(), run.stderr].concat();
    };
    note(&folder, &["status"]);
    note(&folder, &["regenerate"]);
    let folder = folder.file("clients/more.toml", &sample).file("clients/acme.toml", client("A"));
    folder.make(&["regenerate"]);
    folder.make(&["archive", "acme"]);
    note(&folder, &["status"]);
    folder.make(&["archive", "acme", "--undo"]);
    let shards = ["1/2", "2/2"].map(|shard| ["regenerate", "--shard", shard]);
    let empty = shards.iter().find(|shard| folder.make(&shard[..]).stdout.is_empty()).unwrap();
    note(&folder, empty);
    assert_snapshot!("nobody_is_looked_at", said);
    let run = folder.make(&[&empty[..], &["--json"]].concat());
    assert_eq!(run.stderr, "", "{run}");
}

#[test]
fn what_changed_is_found_where_the_pdfs_are_set_to_go() {
    let folder = Folder::new()
        .file("dpa-gen.toml", "output = \"pdf\"\n")
        .file("clients/acme.toml", client("Acme"));
    folder.make(&["regenerate"]);
    for below in ["", "clients", "pdf"] {
        for typed in [&["redline", "acme"][..], &["redline", "acme@2026-06-12", "acme"]] {
            let (said, code) = run_in(&folder, below, typed);
            assert_eq!(code, Some(0), "{below}: {said}");
            assert!(said.contains(&format!("(`pdf/{PDF}`)")), "{below}: {said}");
        }
    }
    // What is in force is in `agreements/` of the root, and counts before what was only made.
    folder.make(&["receive", &format!("pdf/{PDF}"), "--accept", "is fine", "--by", "R. Verwerker"]);
    let (said, _) = run_in(&folder, "clients", &["redline", "acme"]);
    assert!(said.contains("(`agreements/acme/"), "{said}");
    assert!(said.contains("(`clients/acme.toml`)"), "{said}");
    let (said, _) = run_in(&folder, "", &["redline", "acme", "--dir", "pdf"]);
    assert!(said.contains(&format!("(`pdf/{PDF}`)")), "{said}");
}
