//! A folder to work in: all is there, it works, and nothing of the user's is lost.

use std::fs;

use crate::support::{ACME, Folder, assert_snapshot, files_below, repository};

const SAMPLE: [&str; 2] = ["--client", "clients/voorbeeld.toml"];
const SAMPLE_PDF: &str = "voorbeeld-verwerkersovereenkomst-2026-06-12.pdf";

#[test]
fn an_empty_folder() {
    let folder = Folder::new();
    let run = folder.make(&["init"]);
    let written = folder.files().into_iter().map(|path| {
        let text = String::from_utf8(folder.read(&path)).unwrap();
        let text = if path.starts_with("schemas/") { "[…]\n".to_owned() } else { text };
        format!("──── {path} ────\n{text}")
    });
    assert_snapshot!("init", run.to_string() + &written.collect::<String>());
    for name in ["clauses", "layouts"] {
        let original = repository().join(name);
        let paths = files_below(&original);
        assert_eq!(files_below(&folder.path(name)), paths);
        for path in paths {
            let written = folder.read(&format!("{name}/{path}"));
            assert_eq!(written, fs::read(original.join(&path)).unwrap(), "{path}");
        }
    }
    for name in ["client", "contract", "services", "subprocessors"] {
        let printed = folder.make(&["schema", name]).stdout;
        assert_eq!(folder.read(&format!("schemas/{name}.schema.json")), printed.as_bytes());
    }
}

#[test]
fn the_first_contract_and_the_owners_own_text() {
    let folder = Folder::new();
    folder.make(&["init"]);
    let run = folder.make(&SAMPLE);
    assert_eq!(run.stdout, format!("{SAMPLE_PDF}\n"));
    assert!(run.stderr.contains("library `clauses`, layout `standard` (`layouts`)"), "{run}");
    assert!(folder.prose(SAMPLE_PDF).contains("Voorbeeld B.V."));

    folder.make(&["new", "acme", "--yes", "--name=Acme B.V.", "--service=hosting"]);
    assert!(folder.files().contains(&"clients/acme.toml".to_owned()));
    let folder = folder
        .edit("clauses/contract.toml", "version = 2026-06-12", "version = 2026-07-01")
        .edit("clauses/articles/liability.typ", "\ntitle", "\n# of our own\ntitle")
        .append("clauses/articles/liability.typ", "\nDit is onze eigen zin.\n");
    folder.make(&["regenerate"]);
    let pdf = "acme-verwerkersovereenkomst-2026-07-01.pdf";
    assert!(folder.prose(pdf).contains("Dit is onze eigen zin."));
}

const SUBPROCESSOR: &str = "name = \"Datacentrum B.V.\", address = \"Serverweg 1, Utrecht\", country = \"Nederland\", \
     contact = \"privacy@datacentrum.example\", categories = [\"hosting\", \"email\", \"monitoring\", \"analytics\", \
     \"payment\"], processing = \"Opslag\", since = 2026-01-01";

#[test]
fn the_processors_own_details() {
    let folder = Folder::new();
    let run = folder.make(&[
        "init",
        "--yes",
        "--name=Webbouw Nederland B.V.",
        "--short-name=Webbouw",
        "--kvk=87654321",
        "--address=Plein 1",
        "--postal-code=1234 AB",
        "--city=Utrecht",
        "--email=info@webbouw.example",
        "--website=https://webbouw.example",
        "--subprocessor",
        SUBPROCESSOR,
        "--subprocessor",
        "name = \"Model Inc.\", address = \"1 Street, Boston\", country = \"USA\", contact = \"https://m.example\", \
         categories = [\"ai\"], processing = \"Taalmodel\", since = 2026-01-01, transfer = { basis = \"scc\", module = 3 }",
    ]);
    assert!(!run.stderr.contains("owner"), "{run}");
    folder.make(&SAMPLE);
    let text = folder.prose(SAMPLE_PDF);
    assert!(!text.to_uppercase().contains("MNRV"), "{text}");
    assert!(text.contains("Datacentrum B.V."), "{text}");
    assert!(text.contains("Webbouw schakelt voor de diensten"), "{text}");
    assert!(text.contains("87654321"), "{text}");
    assert!(text.contains("Plein 1"), "{text}");
}

#[test]
fn wrong_details_write_nothing() {
    let folder = Folder::new();
    let run = folder.fail(&[
        "init",
        "--kvk=123",
        "--email=info",
        "--subprocessor=name = \"A\"",
        "--subprocessor=Datacentrum B.V.",
        "--subprocessor=naam = \"A\"",
    ]);
    assert_eq!(run.code, Some(2), "{run}");
    assert_snapshot!("init_wrong_details", run.to_string());
    assert!(folder.files().is_empty());
}

#[test]
fn a_folder_by_name() {
    let folder = Folder::new();
    let run = folder.make(&["init", "contracten/nieuw"]);
    assert_snapshot!("init_by_name", run.to_string());
    assert!(folder.path("contracten/nieuw/clients/voorbeeld.toml").is_file());
    let again = folder.make(&["init", "contracten/nieuw"]);
    assert_eq!(again.stdout, run.stdout, "what is there already is no problem");
}

#[test]
fn it_never_overwrites() {
    let folder = Folder::new()
        .file(".gitignore", "*.pdf\n")
        .file("clauses/articles/liability.typ", "onze tekst")
        .file("clients/acme.toml", ACME);
    let run = folder.fail(&["init"]);
    assert_eq!(run.code, Some(2), "{run}");
    assert_snapshot!("init_taken", run.to_string());
    folder.without(".gitignore").without("clauses/articles/liability.typ").make(&["init"]);
}

#[test]
fn where_no_folder_can_be() {
    let folder = Folder::with_acme();
    assert_snapshot!("init_in_a_file", folder.fail(&["init", "acme.toml"]).to_string());
    assert_snapshot!("init_two", folder.fail(&["init", "a", "b"]).to_string());
    assert_snapshot!("init_help", folder.make(&["init", "--help"]).to_string());
}
