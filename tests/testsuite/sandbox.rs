//! A clause reaches the files of its own contract, and nothing else.

use crate::support::{ACME_PDF, Folder, assert_snapshot};

const SECURITY: &str = "clauses/articles/security.typ";

/// A library whose article on security ends with this Typst code.
fn with_code(code: &str) -> Folder {
    Folder::with_library()
        .file("secret.txt", "secret")
        .file("clauses/secret.txt", "secret")
        .file("layouts/other/main.typ", "other")
        .append(SECURITY, &format!("\n{code}\n"))
}

#[test]
fn a_clause_cannot_reach_outside() {
    let codes = [
        ("absolute_path", "#read(\"/etc/passwd\")"),
        ("path_above", "#read(\"../../secret.txt\")"),
        ("path_far_above", "#read(\"../../../../../../etc/passwd\")"),
        ("path_with_backslashes", r#"#read("..\\..\\secret.txt")"#),
        ("file_beside_the_clauses", "#read(\"/clauses/secret.txt\")"),
        ("client_file", "#read(\"/acme.toml\")"),
        ("library_file", "#read(\"/clauses/services.toml\")"),
        ("picture", "#image(\"/etc/logo.png\", alt: \"x\")"),
        ("web", "#read(\"https://example.nl/\")"),
        ("package", "#import \"@preview/cetz:0.3.1\": canvas"),
        ("local_package", "#import \"@local/house:1.0.0\": *"),
        ("today", "#datetime.today().display()"),
        ("clause_that_is_left_out", "#include \"/clauses/articles/ai-systems.typ\""),
        ("other_layout", "#include \"/layouts/other/main.typ\""),
        ("plugin", "#plugin(\"/clauses/secret.txt\")"),
    ];
    for (name, code) in codes {
        let run = with_code(code).fail(&["--client", "acme.toml"]);
        assert_eq!(run.code, Some(1), "{name}: {run}");
        assert_snapshot!(name, run.to_string());
    }
}

#[test]
fn a_clause_gets_no_inputs() {
    let folder = with_code("Invoer: #repr(sys.inputs).");
    folder.make(&["--client", "acme.toml"]);
    assert!(folder.prose(ACME_PDF).contains("Invoer: (:)."));
}

#[test]
fn a_clause_reaches_the_files_of_its_own_contract() {
    let folder = with_code("Titel: #json(\"/contract.json\").title.");
    folder.make(&["--client", "acme.toml"]);
    assert!(folder.prose(ACME_PDF).contains("Titel: Verwerkersovereenkomst AVG."));
}
