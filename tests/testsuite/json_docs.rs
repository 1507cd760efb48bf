//! `docs/json.md` against what the commands print.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::keeping::{ANNA, fleet};
use crate::notify::{replaced, three};
use crate::support::{Folder, repository};

/// The keys of a value, at every depth.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_that_a_command_prints_is_documented_and_in_kebab_case() {
    let folder = fleet();
    folder.run(&["--client", ANNA, "-o", "quote.pdf"]);
    let commands: [&[&str]; 12] = [
        &["--client", "clients/anna.toml", "-o", "made.pdf"],
        &["regenerate"],
        &["status"],
        &["attach", "--quote", "quote.pdf", "--client", "clients/anna.toml"],
        &["mail", "--client", "clients/anna.toml", "--to", "anna@example.nl"],
        &["list", "services"],
        &["list", "articles"],
        &["list", "layouts"],
        &["explain"],
        &["check"],
        &["show", "made.pdf"],
        &["redline", "made.pdf", "clients/anna.toml"],
    ];
    assert_eq!(not_documented(&folder, &commands), BTreeSet::new());
}

#[test]
fn every_key_of_what_becomes_of_a_change_is_documented() {
    let folder = replaced(three(), "2026-09-01");
    let acme = ["--client", "acme", "--on", "2026-09-02"];
    let answer = |what: &'static str| [&["receive", what], &acme[..]].concat();
    let commands: [&[&str]; 9] = [
        &["notify", "--dry-run", "--on", "2026-09-01"],
        &["notify", "--on", "2026-09-01", "--until", "2026-10-01"],
        &["notify", "--sent", "--on", "2026-09-01", "--client", "acme"],
        &["status", "--on", "2026-12-01"],
        &[&answer("--objection")[..], &["--reason", "Nee"]].concat(),
        &["notify", "--dry-run", "--on", "2026-09-03"],
        &answer("--consent"),
        &["status", "--on", "2026-12-01"],
        &["status", "--client", "acme", "--on", "2026-12-01"],
    ];
    assert_eq!(not_documented(&folder, &commands), BTreeSet::new());
}

/// The keys that commands print and `docs/json.md` lacks, or that are not in kebab case.
fn not_documented(folder: &Folder, commands: &[&[&str]]) -> BTreeSet<String> {
    let text = std::fs::read_to_string(repository().join("docs/json.md")).unwrap();
    let mut wrong = BTreeSet::new();
    for command in commands {
        let run = folder.run(&[*command, &["--json"]].concat());
        let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
        let results = json["results"].as_array().unwrap();
        assert!(!results.is_empty(), "{run}");
        let mut found = BTreeSet::new();
        keys(&json, &mut found);
        for key in found {
            if !text.contains(&format!("`{key}`")) || key.contains('_') {
                wrong.insert(format!("{}: {key}", command[0]));
            }
        }
    }
    wrong
}
