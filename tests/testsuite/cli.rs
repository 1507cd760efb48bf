//! The command line: flags, output, names of files, and which library is used.

use std::fs;

use serde_json::Value;

use crate::pdf;
use crate::support::{ACME, ACME_PDF, Folder, assert_snapshot, without_digests};

const MAKE: [&str; 3] = ["--embedded", "--client", "acme.toml"];
const TITLE: &str = "title = \"Verwerkersovereenkomst AVG\"";

#[test]
fn help_and_version() {
    let folder = Folder::new();
    assert_snapshot!("help", folder.make(&["--help"]).to_string());
    assert_snapshot!("short_help", folder.make(&["-h"]).to_string());
    assert_snapshot!("no_arguments", folder.fail(&[]).to_string());
    let version = folder.make(&["--version"]);
    assert_eq!(version.stdout, format!("dpa-gen {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn results_on_stdout_and_talk_on_stderr() {
    let folder = Folder::with_acme();
    let run = folder.make(&MAKE);
    assert_eq!(run.stdout, format!("{ACME_PDF}\n"));
    assert!(run.stderr.starts_with("Acme B.V.: version 2026-06-12, 17 articles, 3 annexes, "));
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines[0].ends_with(" pages; library embedded, layout `standard` (embedded) (… ms)"));
    assert_eq!(
        lines[1..],
        ["check: 4 errors, 37 warnings; sales can still fill in agreement.start, agreement.end, \
              agreement.main-agreement, processing.special-data, security.extra, client.address, \
              client.kvk in acme.toml (`dpa-gen check --for sales --client acme.toml`); the rest is \
              for the agency and the lawyer"]
    );
    assert_eq!(folder.files(), [ACME_PDF, "acme.toml"]);

    let quiet = folder.make(&["--embedded", "-q", "-c", "acme.toml"]);
    assert_eq!((quiet.stdout, quiet.stderr), (format!("{ACME_PDF}\n"), String::new()));
}

#[test]
fn json_tells_what_was_made_and_what_is_wrong() {
    let folder = Folder::with_acme().file("bad.toml", ACME.replace("website", "websit"));
    let run = folder.run(&["--embedded", "--json", "-c", "acme.toml", "-c", "bad.toml"]);
    assert_eq!((run.code, &*run.stderr), (Some(1), ""), "{run}");
    let reported: Value = serde_json::from_str(&run.stdout).unwrap();
    let pages = pdf::pages(&folder.read(ACME_PDF)).len();
    assert_eq!(reported["results"][0]["pages"], pages);
    let text = without_digests(&run.stdout);
    assert_snapshot!("json", text.replace(&format!("\"pages\": {pages}"), "\"pages\": […]"));
}

#[test]
fn json_of_a_problem_without_a_place() {
    let folder = Folder::new();
    let run = folder.fail(&["--json", "-c", "acme.toml"]);
    let reported: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(reported["problems"][0]["line"].is_null());
    assert_snapshot!("json_without_place", run.to_string());
}

#[test]
fn a_bad_client_does_not_stop_the_others() {
    let folder = Folder::with_acme()
        .file("bad.toml", ACME.replace("website", "websit"))
        .file("zorg.toml", ACME.replace("Acme", "Zorg"));
    let files = ["-c", "acme.toml", "-c", "bad.toml", "-c", "nowhere.toml", "-c", "zorg.toml"];
    let run = folder.run(&[&["--embedded", "--quiet", "-o", "out"], &files[..]].concat());
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!("batch", run.to_string());
    let zorg = "out/zorg-verwerkersovereenkomst-2026-06-12.pdf";
    assert_eq!(
        folder.files(),
        ["acme.toml", "bad.toml", &format!("out/{ACME_PDF}"), zorg, "zorg.toml"]
    );
    assert!(folder.prose(zorg).contains("Zorg B.V."));
    assert!(!folder.prose(zorg).contains("Acme"));
}

#[test]
fn a_client_that_cannot_be_set_does_not_stop_the_others() {
    let folder = Folder::with_acme().file("a.toml", ACME.replace("Acme", "漢"));
    let run = folder.run(&["--embedded", "-q", "-c", "a.toml", "-c", "acme.toml"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(folder.files(), ["a.toml", ACME_PDF, "acme.toml"]);
}

#[test]
fn names_of_files() {
    let folder = Folder::with_acme().file("klanten/Jansen & Zn.toml", ACME);
    folder.make(&["--embedded", "--general"]);
    folder.make(&["--embedded", "-c", "klanten/Jansen & Zn.toml"]);
    folder.make(&["--embedded", "-c", "acme.toml", "-o", "een/nieuwe/map"]);
    folder.make(&["--embedded", "-c", "acme.toml", "-o", "map/naam.PDF"]);
    folder.make(&["--embedded", "-c", "acme.toml", "-o", "map.pdf/"]);
    assert_eq!(
        folder.files(),
        [
            "Jansen & Zn-verwerkersovereenkomst-2026-06-12.pdf",
            "acme.toml",
            &format!("een/nieuwe/map/{ACME_PDF}"),
            "klanten/Jansen & Zn.toml",
            &format!("map.pdf/{ACME_PDF}"),
            "map/naam.PDF",
            "verwerkersovereenkomst-2026-06-12.pdf",
        ]
    );
}

#[test]
fn the_version_and_the_file_name_are_those_of_the_library() {
    let folder = Folder::with_library()
        .edit("clauses/contract.toml", "version = 2026-06-12", "version = 2027-01-31")
        .edit("clauses/contract.toml", "\"verwerkersovereenkomst\"", "\"dpa\"");
    folder.make(&["-c", "acme.toml"]);
    assert_eq!(folder.files(), ["acme-dpa-2027-01-31.pdf", "acme.toml"]);
    assert!(folder.prose("acme-dpa-2027-01-31.pdf").contains("Versie 31 januari 2027"));
}

/// The first line of the cover's title, and what the program says it used.
fn title(folder: &Folder, arguments: &[&str]) -> (String, String) {
    // A folder of its own, for two texts of one version may not stand together.
    let out = tempfile::tempdir().unwrap();
    let pdf = out.path().join("made.pdf");
    let run = folder.make(&[arguments, &["-o", pdf.to_str().unwrap()]].concat());
    let (_, used) = run.stderr.split_once("; ").unwrap();
    let used = used.lines().next().unwrap_or_default().to_owned();
    (pdf::lines(&fs::read(&pdf).unwrap())[1].clone(), used)
}

#[test]
fn a_library_beside_or_above_the_client_file_wins_over_the_embedded_one() {
    let folder = Folder::with_library()
        .edit("clauses/contract.toml", TITLE, "title = \"Eigen overeenkomst\"")
        .file("klanten/2026/beta.toml", ACME);
    let own = "Eigen overeenkomst".to_owned();
    let embedded = "Verwerkersovereenkomst AVG".to_owned();
    let used_own = "library `clauses`, layout `standard` (`layouts`) (… ms)".to_owned();
    let used_embedded = "library embedded, layout `standard` (embedded) (… ms)".to_owned();

    for arguments in [&["-c", "acme.toml"][..], &["-c", "klanten/2026/beta.toml"], &["--general"]] {
        assert_eq!(title(&folder, arguments), (own.clone(), used_own.clone()), "{arguments:?}");
    }
    for arguments in [&["--embedded", "-c", "acme.toml"][..], &["--embedded", "--general"]] {
        assert_eq!(
            title(&folder, arguments),
            (embedded.clone(), used_embedded.clone()),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_nearest_library_wins_and_each_folder_counts_on_its_own() {
    let folder = Folder::with_library()
        .edit("clauses/contract.toml", TITLE, "title = \"Ver weg\"")
        .file("klanten/acme.toml", ACME);
    crate::support::copy(&folder.path("clauses"), &folder.path("klanten/clauses"));
    let folder =
        folder.edit("klanten/clauses/contract.toml", "title = \"Ver weg\"", "title = \"Dichtbij\"");
    let (title, used) = title(&folder, &["-c", "klanten/acme.toml"]);
    assert_eq!(title, "Dichtbij");
    assert_eq!(used, "library `klanten/clauses`, layout `standard` (`layouts`) (… ms)");

    fs::remove_dir_all(folder.path("layouts")).unwrap();
    let (_, used) = self::title(&folder, &["-c", "klanten/acme.toml"]);
    assert_eq!(used, "library `klanten/clauses`, layout `standard` (embedded) (… ms)");
}

#[test]
fn library_names_the_folder_to_use() {
    let far = Folder::with_library().edit("clauses/contract.toml", TITLE, "title = \"Elders\"");
    let near = Folder::with_library();
    let path = far.path("");
    let (title, used) = title(&near, &["-c", "acme.toml", "--library", path.to_str().unwrap()]);
    assert_eq!(title, "Elders");
    assert!(used.contains(path.to_str().unwrap()), "{used}");
}

#[test]
fn each_client_gets_the_library_beside_it() {
    let folder = Folder::new().file("a/a.toml", ACME).file("b/b.toml", ACME);
    for name in ["a", "b"] {
        let from = crate::support::repository().join("clauses");
        crate::support::copy(&from, &folder.path(&format!("{name}/clauses")));
    }
    let folder = folder.edit("b/clauses/contract.toml", TITLE, "title = \"Die van b\"").edit(
        "b/clauses/contract.toml",
        "version = 2026-06-12",
        "version = 2026-06-13",
    );
    folder.make(&["-c", "a/a.toml", "-c", "b/b.toml"]);
    let title = |name: &str| {
        let pdf = folder.files().into_iter().find(|file| file.starts_with(&format!("{name}-")));
        pdf::lines(&folder.read(&pdf.expect("its PDF")))[1].clone()
    };
    assert_eq!([title("a"), title("b")], ["Verwerkersovereenkomst AVG", "Die van b"]);
}

#[test]
fn another_layout_by_name() {
    let folder = Folder::with_library();
    crate::support::copy(&folder.path("layouts/standard"), &folder.path("layouts/plain"));
    let folder = folder.edit("layouts/plain/main.typ", "#contents(contract.annexes)", "Overzicht");
    let run = folder.make(&["-c", "acme.toml", "--layout", "plain"]);
    assert!(run.stderr.contains("layout `plain` (`layouts`)"), "{run}");
    assert!(folder.prose(ACME_PDF).contains("Overzicht"));
}
