//! `redline`: what changed between two texts, against lists of changes that were written by hand.

use std::fmt::Write as _;
use std::fs;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object};
use serde::Deserialize;
use serde_json::Value;

use crate::support::{ACME_PDF, Folder, assert_snapshot, copy, repository};
use crate::touched::{filled_in, foreign};

/// Two texts and what changed between them.
#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    old: Vec<[String; 3]>,
    #[serde(default)]
    new: Vec<[String; 3]>,
    changes: String,
}

#[derive(Deserialize)]
struct Pairs {
    pair: Vec<Pair>,
}

fn with_edits(mut folder: Folder, side: &str, edits: &[[String; 3]]) -> Folder {
    copy(&repository().join("fixtures/redline/base"), &folder.path(side));
    for [file, part, by] in edits {
        let path = format!("{side}/{file}");
        folder = match (part.as_str(), by.as_str()) {
            ("", "# gone") => folder.without(&path),
            ("", text) => folder.file(&path, text),
            (part, by) => folder.edit(&path, part, by),
        };
    }
    folder
}

/// The changes in a result of `--json`, in the notation of `pairs.toml`.
fn changes(result: &Value) -> String {
    let mut text = String::new();
    let or_dash = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    for detail in result["details"].as_array().unwrap() {
        let (old, new) = (or_dash(&detail["old"]), or_dash(&detail["new"]));
        writeln!(text, "{}: {old} -> {new}", detail["key"].as_str().unwrap()).unwrap();
    }
    for clause in result["clauses"].as_array().unwrap() {
        if clause["changed"] == false {
            continue;
        }
        let (id, state) = (clause["id"].as_str().unwrap(), clause["state"].as_str().unwrap());
        write!(text, "{id} {state}").unwrap();
        let title = &clause["title"];
        if title["old"] != title["new"] && !title["old"].is_null() && !title["new"].is_null() {
            write!(text, ", title {} -> {}", or_dash(&title["old"]), or_dash(&title["new"]))
                .unwrap();
        }
        text.push('\n');
        for part in clause["paragraphs"].as_array().unwrap() {
            let runs = part["runs"].as_array().unwrap();
            if part["moved-from"].is_null() && runs.iter().all(|run| run["kind"] == "equal") {
                continue;
            }
            write!(text, "  {} ", part["kind"].as_str().unwrap()).unwrap();
            if let Some(from) = part["moved-from"].as_u64() {
                write!(text, "moved from {from} ").unwrap();
            }
            for run in runs {
                let words = run["text"].as_str().unwrap().replace('\n', " | ");
                match run["kind"].as_str().unwrap() {
                    "equal" => text.push('…'),
                    "deleted" => write!(text, "[-{words}-]").unwrap(),
                    _ => write!(text, "{{+{words}+}}").unwrap(),
                }
            }
            text.push('\n');
        }
    }
    text
}

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    let run = folder.make(&[&["redline", "--json"], arguments].concat());
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn every_pair_has_the_changes_that_a_person_sees() {
    let pairs = fs::read_to_string(repository().join("fixtures/redline/pairs.toml")).unwrap();
    let Pairs { pair: pairs } = toml::from_str(&pairs).unwrap();
    assert!(pairs.len() >= 30);
    let mut wrong = String::new();
    for Pair { name, old, new, changes: expected } in pairs {
        let folder = with_edits(with_edits(Folder::new(), "old", &old), "new", &new);
        let reported = json(&folder, &["old/acme.toml", "new/acme.toml"]);
        let found = changes(&reported["results"][0]);
        if found != expected {
            writeln!(wrong, "──── {name}\n{expected}──── but found\n{found}").unwrap();
        }
        let is_changed = !expected.is_empty();
        assert_eq!(reported["results"][0]["changed"], is_changed, "{name}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A folder with a PDF of the base, and a later text.
fn with_change() -> Folder {
    let folder = with_edits(Folder::new(), ".", &[]);
    folder.make(&["--client", "acme.toml"]);
    folder
        .edit("clauses/contract.toml", "2026-06-12", "2026-07-01")
        .edit("clauses/contract.toml", "breach-hours = 24", "breach-hours = 36")
        .edit(
            "clauses/contract.toml",
            "\"definitions\", \"security\"",
            "\"security\", \"definitions\"",
        )
        .edit("clauses/articles/security.typ", "per jaar, en", "per jaar en")
        .edit("acme.toml", "België", "Luxemburg")
        .edit("acme.toml", "Dorpsstraat 1", "Dorpsstraat 2")
}

#[test]
fn on_a_terminal() {
    let folder = with_change();
    assert_snapshot!("redline", folder.make(&["redline", "acme"]).to_string());
    let coloured = folder.run_with(&["redline", "acme"], |command| {
        command.env("CLICOLOR_FORCE", "1");
    });
    assert!(coloured.stdout.contains("\u{1b}[31m[-24-]\u{1b}[0m"), "{coloured}");
    folder.make(&["--client", "acme.toml"]);
    assert_snapshot!("redline_nothing", folder.make(&["redline", "acme"]).to_string());
}

#[test]
fn pages_that_may_say_something_else_are_reported() {
    let folder = with_change();
    let pdf = folder.read(ACME_PDF);
    let folder = folder
        .file("filled.pdf", filled_in(&pdf, "client-place", "Ede"))
        .file("painted.pdf", crate::returned::painted_over(&pdf, 1));
    assert_eq!(json(&folder, &[ACME_PDF, "filled.pdf"])["problems"], serde_json::json!([]));
    assert_snapshot!(
        "redline_painted",
        folder.make(&["redline", ACME_PDF, "painted.pdf"]).to_string()
    );
}

#[test]
fn a_pdf_is_read_whatever_became_of_it() {
    let folder = with_change();
    let pdf = folder.read(ACME_PDF);
    let folder = folder
        .file("filled.pdf", filled_in(&pdf, "client-place", "Ede"))
        .file("offerte.pdf", crate::attach::sample("libreoffice"));
    // A quote with the contract of the old text embedded.
    let old = with_edits(Folder::new(), ".", &[]);
    let old = old.file("offerte.pdf", crate::attach::sample("libreoffice"));
    old.make(&["attach", "--quote", "offerte.pdf", "--client", "acme.toml", "-o", "quote.pdf"]);
    let folder = folder.file("quote.pdf", old.read("quote.pdf"));
    let expected = changes(&json(&folder, &["acme"])["results"][0]);
    assert!(expected.contains("[-24-]{+36+}"), "{expected}");
    for old in [ACME_PDF, "filled.pdf", "quote.pdf", "acme@2026-06-12", "acme.toml"] {
        assert_eq!(changes(&json(&folder, &[old])["results"][0]), expected, "{old}");
        if old != "acme.toml" {
            let reported = json(&folder, &[old, "acme.toml"]);
            assert_eq!(changes(&reported["results"][0]), expected, "{old}");
        }
    }
    folder.make(&["--client", "acme.toml"]);
    let reported = json(&folder, &["acme@2026-06-12", "acme"]);
    assert_eq!(changes(&reported["results"][0]), expected);
    let reported = json(&folder, &["acme@2026-06-12", "acme@2026-07-01", "--dir", "."]);
    assert_eq!(changes(&reported["results"][0]), expected);
}

#[test]
fn what_came_back_counts_before_what_was_made() {
    let folder = with_change();
    let signed = filled_in(&folder.read(ACME_PDF), "client-place", "Ede");
    folder.make(&["--client", "acme.toml"]);
    assert!(changes(&json(&folder, &["acme"])["results"][0]).is_empty());
    let folder = folder.file("agreements/acme/getekend.pdf", signed);
    let reported = json(&folder, &["acme"]);
    assert_eq!(reported["results"][0]["old"]["file"], "agreements/acme/getekend.pdf");
    assert_eq!(reported["results"][0]["old"]["version"], "2026-06-12");
    assert_eq!(reported["results"][0]["new"]["version"], "2026-07-01");
}

#[test]
fn the_general_edition_is_compared_with_what_it_says_now() {
    let folder = with_edits(Folder::new(), ".", &[]);
    folder.make(&["--general", "-o", "general.pdf"]);
    let folder =
        folder.edit("clauses/articles/liability.typ", "haar verzekeraar", "de verzekeraar");
    let reported = json(&folder, &["general.pdf"]);
    assert_eq!(
        changes(&reported["results"][0]),
        "liability changed\n  paragraph …[-haar-]{+de+}…\n"
    );
}

#[test]
fn the_paper_says_in_words_what_is_struck_and_what_is_underlined() {
    let folder = with_change();
    assert_snapshot!(
        "redline_paper",
        folder.make(&["redline", "acme", "-o", "changes.pdf"]).to_string()
    );
    let pdf = folder.read("changes.pdf");
    assert_snapshot!("redline_paper_text", crate::pdf::text(&pdf));
    folder.make(&["redline", "acme", "-o", "again.pdf"]);
    assert!(folder.read("again.pdf") == pdf, "the same bytes");
    let inspection = dpa_gen::pdf::inspect(&pdf).unwrap();
    let attached: Value =
        serde_json::from_slice(inspection.attachment("redline.json").unwrap()).unwrap();
    assert_eq!(attached["clauses"], json(&folder, &["acme"])["results"][0]["clauses"]);
}

/// The roles in the structure of a document, each with what it stands in.
fn roles(element: &Dict<'_>, within: &str, found: &mut Vec<(String, String)>) {
    let role = element.get::<Name<'_>>(b"S").map_or_else(String::new, |it| it.as_str().to_owned());
    let kids = element.get::<Array<'_>>(b"K").unwrap_or_default();
    let kid = element.get::<Dict<'_>>(b"K");
    for kid in kids.iter::<Object<'_>>().filter_map(Object::into_dict).chain(kid) {
        roles(&kid, &role, found);
    }
    found.push((within.to_owned(), role));
}

#[test]
fn each_paragraph_of_the_paper_is_one_to_a_screen_reader() {
    let folder = with_change();
    folder.make(&["redline", "acme", "-o", "changes.pdf"]);
    let pdf = Pdf::new(folder.read("changes.pdf")).unwrap();
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap();
    let (tree, mut found) = (catalog.get::<Dict<'_>>(b"StructTreeRoot").unwrap(), Vec::new());
    roles(&tree, "", &mut found);
    let has = |within: &str, role: &str| {
        found.iter().any(|(outer, inner)| outer == within && inner == role)
    };
    assert!(has("Document", "P") && has("P", "Span"), "{found:?}");
    assert!(!has("Document", "Span"), "a paragraph is none: {found:?}");
}

#[test]
fn a_paper_overwrites_nothing_unasked() {
    let folder = with_change().file("changes.pdf", "my own");
    assert_snapshot!(
        "redline_there_already",
        folder.fail(&["redline", "acme", "-o", "changes.pdf"]).to_string()
    );
    assert_snapshot!(
        "redline_over_its_input",
        folder.fail(&["redline", ACME_PDF, "-o", ACME_PDF, "--force"]).to_string()
    );
    folder.make(&["redline", "acme", "-o", "changes.pdf", "--force"]);
    folder.make(&["redline", "acme", "-o", "papers/"]);
    assert!(folder.path("papers/redline-2026-06-12-2026-07-01.pdf").exists());
}

#[test]
fn what_cannot_be_compared_is_reported() {
    let folder = with_change();
    let pdf = folder.read(ACME_PDF);
    let folder = folder
        .file("foreign.pdf", foreign())
        .file("damaged.pdf", &pdf[..2000])
        .file("notes.txt", "x")
        .file("other.toml", "services = [\"website\"]\n[client]\nname = \"Beta B.V.\"")
        .file("twice/beta.toml", "services = [\"website\"]\n[client]\nname = \"Beta B.V.\"")
        .file("elsewhere/acme.pdf", &pdf);
    folder.make(&["--client", "other.toml", "-o", "elsewhere/other.pdf"]);
    fs::remove_dir_all(folder.path("elsewhere/dpa.lock.d")).unwrap();
    let mut reported = String::new();
    for arguments in [
        vec!["none.pdf"],
        vec!["none.toml"],
        vec!["nobody"],
        vec!["acme@2020-01-01"],
        vec!["acme@"],
        vec!["foreign.pdf"],
        vec!["damaged.pdf"],
        vec!["notes.txt"],
        vec!["elsewhere/other.pdf"],
        vec!["other.toml"],
    ] {
        let run = folder.fail(&[&["redline"], arguments.as_slice()].concat());
        writeln!(reported, "──── redline {}\n{run}", arguments.join(" ")).unwrap();
    }
    assert_snapshot!("redline_problems", reported);
    let run = folder.make(&["redline", "elsewhere/acme.pdf"]);
    assert!(run.stdout.contains("[-24-]{+36+}"), "found by the client's name: {run}");
    let run = folder.make(&["redline", "acme.toml", "other.toml"]);
    assert_snapshot!("redline_of_two_clients", run.to_string());
}
