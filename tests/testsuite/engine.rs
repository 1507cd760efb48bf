//! What a run over several clients and libraries says of itself: only what was done is said to be done, and
//! no input is overwritten.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{ACME, ACME_PDF, Folder, Run, assert_snapshot, copy, repository};

/// Two folders of clients, each with a library of its own.
fn two_libraries() -> Folder {
    let folder = Folder::new();
    for name in ["a", "b"] {
        for part in ["clauses", "layouts"] {
            copy(&repository().join(part), &folder.path(&format!("{name}/{part}")));
        }
    }
    folder.file("a/anna.toml", ACME).file("b/bob.toml", ACME).file("b/carla.toml", ACME)
}

fn with_another_text(folder: Folder) -> Folder {
    let title = "title = \"Verwerkersovereenkomst AVG\"";
    folder.edit("b/clauses/contract.toml", title, "title = \"Die van b\"")
}

fn outcomes(run: &Run) -> Vec<String> {
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    let results = value["results"].as_array().unwrap();
    results.iter().map(|result| result["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_font_that_cannot_be_read_fails_all_documents_of_its_library() {
    let folder = two_libraries().file("b/layouts/standard/fonts/Huisstijl.ttf", "no font");
    assert_snapshot!("font_dry_run", folder.fail(&["regenerate", ".", "--dry-run"]).to_string());
    let run = folder.run(&["regenerate", "."]);
    assert_eq!(run.code, Some(1));
    assert_snapshot!("font", run.to_string());
    let made = folder.files().into_iter().filter(|file| file.contains("-verwerkers")).count();
    assert_eq!(made, 1, "only the client of the other library");
    let run = folder.run(&["regenerate", ".", "--json", "--force"]);
    assert_eq!(outcomes(&run), ["made", "failed", "failed"]);
}

#[test]
fn clients_whose_library_cannot_be_read_fail_too() {
    let folder = two_libraries().without("b/clauses/signature.typ");
    let run = folder.run(&["regenerate", "."]);
    assert_eq!(run.code, Some(1));
    assert_snapshot!("library_broken", run.to_string());
    assert_snapshot!("library_broken_status", folder.run(&["status", "."]).to_string());
}

#[test]
fn two_texts_of_one_version_are_refused_at_once() {
    let folder = with_another_text(two_libraries());
    assert_snapshot!("two_texts", folder.fail(&["regenerate", "."]).to_string());
    let run = folder.fail(&["-c", "a/anna.toml", "-c", "b/bob.toml"]);
    assert_snapshot!("two_texts_made", run.to_string());
    folder.make(&["-c", "a/anna.toml", "-c", "b/bob.toml", "--draft"]);
    folder.make(&["-c", "a/anna.toml"]);
    let run = folder.run(&["regenerate", ".", "--json"]);
    assert_eq!(outcomes(&run), ["failed", "failed", "failed"], "neither is used, though one was");
}

#[test]
fn the_output_is_never_one_of_the_client_files() {
    let folder = Folder::new().file("acme.pdf", ACME).file("other.pdf", ACME);
    let run = folder.fail(&["-c", "acme.pdf", "-o", "acme.pdf", "--force"]);
    assert_snapshot!("output_is_the_client_file", run.to_string());
    std::fs::hard_link(folder.path("acme.pdf"), folder.path("link.pdf")).unwrap();
    folder.fail(&["-c", "acme.pdf", "-o", "link.pdf", "--force", "--draft"]);
}

#[cfg(unix)]
#[test]
fn a_document_whose_client_file_cannot_be_read_is_not_made() {
    let folder = Folder::with_acme().file("b.toml", ACME);
    let secret = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(folder.path("b.toml"), secret).unwrap();
    if std::fs::read(folder.path("b.toml")).is_ok() {
        return; // Root reads everything.
    }
    let run = folder.run(&["regenerate", "--json"]);
    assert_eq!(outcomes(&run), ["made", "failed"]);
    assert!(folder.path(ACME_PDF).exists());
}

#[test]
fn a_word_for_making_documents_is_answered_with_the_way_to_do_it() {
    assert_snapshot!("no_such_command", Folder::new().fail(&["make"]).to_string());
    let run = Folder::new().fail(&["statu"]);
    assert!(run.stderr.contains("a similar subcommand exists: 'status'"), "{run}");
}
