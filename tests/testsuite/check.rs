//! `dpa-gen check`: what it finds in the library in the program, and in one small library for each rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::support::{ACME, Folder, Run, assert_snapshot, copy, repository};

/// What a lawyer says of the base text, requirement by requirement.
const SEED: [(&str, &str); 30] = [
    ("avg-28-3-partijen", "missing"),
    ("avg-28-9", "weak"),
    ("avg-28-3-onderwerp", "weak"),
    ("avg-28-3-duur", "weak"),
    ("avg-28-3-aard", "weak"),
    ("avg-28-3-doel", "weak"),
    ("avg-28-3-gegevens", "weak"),
    ("avg-28-3-betrokkenen", "missing"),
    ("avg-28-3-rechten-plichten", "weak"),
    ("avg-28-3-a", "weak"),
    ("avg-28-3-a-wet", "weak"),
    ("avg-28-3-b", "met-on-its-face"),
    ("avg-28-3-c", "weak"),
    ("avg-32-concreet", "weak"),
    ("avg-28-2", "missing"),
    ("avg-28-2-lijst", "missing"),
    ("avg-28-4", "weak"),
    ("avg-28-4-keten", "not-asked"),
    ("avg-28-3-e", "weak"),
    ("avg-28-3-f", "weak"),
    ("avg-28-3-g", "missing"),
    ("avg-28-3-h", "weak"),
    ("avg-28-3-instructie", "weak"),
    ("avg-33-2", "weak"),
    ("avg-33-2-termijn", "missing"),
    ("avg-9", "weak"),
    ("avg-44", "weak"),
    ("avg-28-10", "weak"),
    ("avg-30-2", "missing"),
    ("avg-82", "met-on-its-face"),
];

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"))
}

/// The findings of a run in JSON, as code and message.
fn findings(reported: &Value) -> BTreeSet<(String, String)> {
    let results = reported["results"].as_array().unwrap().iter();
    let findings = results.flat_map(|result| result["findings"].as_array().unwrap());
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings.map(|finding| (text(finding, "code"), text(finding, "message"))).collect()
}

/// The verdict on each requirement for one of the contracts.
fn verdicts(reported: &Value, contract: usize) -> BTreeMap<String, String> {
    let rows = reported["results"][0]["coverage"][contract]["requirements"].as_array().unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "requirement"), text(row, "verdict"))).collect()
}

/// A library out of `fixtures/check`: the base, and what another folder has instead.
fn library(overlay: &str) -> Folder {
    let folder = Folder::new();
    let fixtures = repository().join("fixtures/check");
    copy(&fixtures.join("base"), &folder.path(""));
    copy(&fixtures.join(overlay), &folder.path(""));
    folder
}

/// All codes of rules, as the program lists them, those of the library's requirements left out.
fn rules() -> Vec<String> {
    let listed = Folder::new().make(&["explain", "--embedded"]);
    let codes = listed.stdout.lines().filter_map(|line| line.split_whitespace().next());
    codes.filter(|code| !code.starts_with("avg-")).map(str::to_owned).collect()
}

#[test]
fn the_general_edition_comes_to_the_verdicts_of_a_lawyer() {
    let run = Folder::new().run(&["check", "--embedded", "--json"]);
    assert_eq!(run.code, Some(1), "there are errors");
    let reported = json(&run);
    assert_eq!(reported["results"][0]["contracts"], 64);
    assert_eq!(reported["results"][0]["coverage"][0]["contract"], "general edition");
    let expected = SEED.map(|(id, verdict)| (id.to_owned(), verdict.to_owned()));
    assert_eq!(verdicts(&reported, 0), BTreeMap::from(expected));
}

#[test]
fn of_a_client_that_is_a_processor_it_is_asked_for_whom_it_processes() {
    let file = fs::read_to_string(crate::support::sample("processor.toml")).unwrap();
    let verdict = |text: &str| {
        let folder = Folder::new().file("acme.toml", text);
        let run = folder.run(&["check", "--embedded", "--json", "--client", "acme.toml"]);
        verdicts(&json(&run), 0)["avg-28-4-keten"].clone()
    };
    assert_eq!(verdict(&file), "met-on-its-face");
    let without: Vec<&str> = file.lines().filter(|line| !line.starts_with("controllers")).collect();
    assert_eq!(verdict(&without.join("\n")), "weak");
    let controller: Vec<&str> =
        without.into_iter().filter(|line| !line.starts_with("capacity")).collect();
    assert_eq!(verdict(&controller.join("\n")), "not-asked");
}

#[test]
fn what_is_found_in_the_library_in_the_program() {
    let run = Folder::new().run(&["check", "--embedded"]);
    assert_snapshot!("library", run.to_string());
    let table = Folder::new().run(&["check", "--embedded", "--coverage"]);
    assert_snapshot!("library_coverage", table.to_string());
}

#[test]
fn each_rule_finds_the_bad_library_and_not_the_good_one() {
    let folders = fs::read_dir(repository().join("fixtures/check")).unwrap();
    let names = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut codes: Vec<String> = names.filter(|name| name != "base").collect();
    codes.sort();
    for code in &codes {
        for kind in ["good", "bad"] {
            let folder = library(&format!("{code}/{kind}"));
            let mut arguments = vec!["check"];
            if folder.path("clients").is_dir() {
                arguments.extend(["--client", "clients"]);
            }
            let run = folder.run(&arguments);
            let reported = folder.run(&[&arguments[..], &["--json"]].concat());
            let found = findings(&json(&reported));
            if kind == "good" {
                assert!(found.iter().all(|(found, _)| found != code), "{code}\n{run}");
                assert_eq!(run.stdout, "", "{code}: nothing else either\n{run}");
            } else {
                assert!(found.iter().any(|(found, _)| found == code), "{code}\n{run}");
            }
            assert_snapshot!(format!("{code}_{kind}"), run.to_string());
        }
    }
    // These need a lock, approvals or more beside the library: they have tests of their own.
    let without: Vec<String> = rules().into_iter().filter(|code| !codes.contains(code)).collect();
    let elsewhere = [
        "approval-differs",
        "approval-missing",
        "approval-unused",
        "sentence-turned",
        "sentence-gives-right",
        "sentence-unknown",
        "own-model",
        "version-unchanged",
    ];
    assert_eq!(without, elsewhere, "rules without a library in fixtures/check");
}

#[test]
fn each_code_is_explained() {
    let folder = Folder::new();
    assert_snapshot!("explain_all", folder.make(&["explain", "--embedded"]).to_string());
    for code in rules() {
        let run = folder.make(&["explain", "--embedded", &code]);
        assert!(run.stdout.contains("To satisfy it: "), "{run}");
    }
    for code in ["annex-unreferenced", "avg-28-3-e"] {
        let run = folder.make(&["explain", "--embedded", code]);
        assert_snapshot!(format!("explain_{code}"), run.to_string());
    }
    let run = folder.fail(&["explain", "--embedded", "avg-28-5"]);
    assert_snapshot!("explain_unknown", run.to_string());
    let run = folder.make(&["explain", "--embedded", "--json", "avg-82"]);
    assert_eq!(json(&run)["results"][0]["code"], "avg-82");
}

#[test]
fn what_is_denied_decides_the_exit_code() {
    let code = |folder: &Folder, deny: &str| folder.run(&["check", "--deny", deny]).code;
    let advice = library("double-space/bad");
    let warning = library("term-spelling/bad");
    let error = library("placeholder/bad");
    for (folder, codes) in [(advice, [0, 0, 1]), (warning, [0, 1, 1]), (error, [1, 1, 1])] {
        let run = ["error", "warning", "advice"].map(|deny| code(&folder, deny));
        assert_eq!(run, codes.map(Some));
        assert_eq!(code(&folder, "none"), Some(0));
    }
    let denied = library("double-space/bad")
        .append("clauses/contract.toml", "\n[check]\ndeny = \"advice\"\n");
    assert_eq!(denied.run(&["check"]).code, Some(1));
    assert_eq!(denied.run(&["check", "--deny", "error"]).code, Some(0), "the command line wins");
}

#[test]
fn bad_settings_are_told_with_their_place() {
    let folder = library("double-space/good").append(
        "clauses/contract.toml",
        "\n[check]\ndeny = \"warnings\"\n\n[[accept]]\ncode = \"placeholder\"\nplaats = \"x\"\n",
    );
    assert_snapshot!("settings", folder.fail(&["check"]).to_string());
    let folder = library("double-space/good")
        .edit("clauses/requirements.toml", "find = 'geheimhouding'", "find = 'geheim(houding'")
        .edit(
            "clauses/requirements.toml",
            "evidence = [{ shown = \"measures.base\", else = \"no measures are listed\" }]\n",
            "",
        );
    assert_snapshot!("evidence_missing", folder.fail(&["check"]).to_string());
    let folder = library("double-space/good").edit(
        "clauses/requirements.toml",
        "find = 'geheimhouding'",
        "find = 'geheim(houding'",
    );
    assert_snapshot!("pattern", folder.fail(&["check"]).to_string());
}

#[test]
fn a_clause_that_typst_cannot_read_is_told_once() {
    let folder =
        library("double-space/good").append("clauses/articles/security.typ", "\n#onbekend\n");
    assert_snapshot!("typst", folder.fail(&["check"]).to_string());
}

#[test]
fn each_clause_that_typst_cannot_read_is_told() {
    let folder = Folder::with_library()
        .append("clauses/articles/liability.typ", "\n#onbekend\n")
        .append("clauses/articles/parties.typ", "\n#ook-onbekend\n");
    assert_snapshot!("typst_twice", folder.fail(&["-c", "acme.toml"]).to_string());
    let run = folder.fail(&["check"]);
    for variable in ["unknown variable: onbekend", "unknown variable: ook-onbekend"] {
        assert_eq!(run.stderr.matches(variable).count(), 1, "{run}");
    }
}

#[test]
fn categories_that_nothing_brings_in_are_no_library() {
    let folder = library("double-space/good").append(
        "clauses/services.toml",
        "\n[data-category.extra]\nname = \"Extra\"\nexamples = \"Niets\"\n",
    );
    assert_snapshot!("category_unused", folder.fail(&["check"]).to_string());
}

#[test]
fn clients_are_found_in_folders_and_told_together() {
    let folder = library("double-space/bad")
        .file("clients/acme.toml", ACME)
        .file("clients/nl/bakker.toml", ACME.replace("Acme", "Bakker"))
        .file("clients/bad.toml", ACME.replace("website", "websit"))
        .file("zorg.toml", ACME.replace("Acme", "TODO"));
    let run = folder.run(&["check", "--client", "clients", "zorg.toml"]);
    assert_eq!(run.code, Some(1), "one file is bad\n{run}");
    assert_snapshot!("clients", run.to_string());
    let run =
        folder.run(&["check", "--coverage", "--client", "clients/acme.toml", "-c", "zorg.toml"]);
    assert_snapshot!("clients_coverage", run.to_string());
    let run = folder.fail(&["check", "--client", "nowhere"]);
    assert_snapshot!("clients_nowhere", run.to_string());
    let run = folder.fail(&["check", "--client", "clauses/articles"]);
    assert_snapshot!("clients_none", run.to_string());
}

#[test]
fn what_only_some_have_says_which() {
    let gap =
        "[[subprocessor]]\nname = \"Overseas Inc.\"\ncountry = \"België\"\npurpose = \"Opslag\"\n";
    let folder =
        library("double-space/good").file("a.toml", ACME).file("b.toml", format!("{ACME}\n{gap}"));
    let run = folder.make(&["check", "-c", "a.toml", "-c", "b.toml"]);
    assert!(run.stdout.contains("= in: b.toml\n"), "{run}");
    assert!(run.stdout.contains("─ b.toml:9:"), "{run}");
}

#[test]
fn sarif_has_rules_places_and_what_was_accepted() {
    let folder = library("accept-unused/good").edit(
        "clauses/articles/definitions.typ",
        "binnen 14 dagen",
        "binnen 14 dagen, zie artikel 2",
    );
    let run = folder.make(&["check", "--format", "sarif"]);
    assert_eq!(run.stderr, "");
    let mut log = json(&run);
    let driver = &log["runs"][0]["tool"]["driver"];
    let rules = driver["rules"].as_array().unwrap().clone();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    assert!(rules.iter().all(|rule| rule["shortDescription"]["text"].is_string()));
    log["runs"][0]["tool"]["driver"]["rules"] = Value::Array(rules[..1].to_vec());
    assert_snapshot!("sarif", format!("{log:#}"));
}

#[test]
fn json_has_every_finding_with_its_place() {
    let run = library("accept-unused/good").make(&["check", "--json"]);
    let mut reported = json(&run);
    reported["results"][0]["coverage"].as_array_mut().unwrap().truncate(1);
    assert_snapshot!("json_findings", format!("{reported:#}"));
}

#[test]
fn a_text_that_changed_under_its_version_is_a_finding() {
    let folder = Folder::with_library();
    folder.make(&["-q", "-c", "acme.toml", "-o", "pdf/"]);
    let folder =
        folder.edit("clauses/articles/liability.typ", "is beperkt conform", "is beperkt volgens");
    let codes = |arguments: &[&str]| -> BTreeSet<String> {
        let reported = json(&folder.run(&[&["check", "--json"], arguments].concat()));
        findings(&reported).into_iter().map(|(code, _)| code).collect()
    };
    assert!(!codes(&[]).contains("version-unchanged"), "no lock is at hand");
    assert!(codes(&["-o", "pdf"]).contains("version-unchanged"));
    assert!(codes(&["-o", "pdf", "-c", "acme.toml"]).contains("version-unchanged"));
    let run = folder.run(&["check", "-o", "pdf", "-c", "acme.toml"]);
    let at = run.stdout.find("error[version-unchanged]").expect("a finding");
    let finding = run.stdout[at..].split("\n\n").next().unwrap();
    assert_snapshot!("version-unchanged", finding);
    let run = folder.run(&["check", "-o", "pdf", "-c", "acme.toml", "--lang", "nl"]);
    let at = run.stdout.find("fout[version-unchanged]").expect("a finding");
    let finding = run.stdout[at..].split("\n\n").next().unwrap();
    assert_snapshot!("version-unchanged-nl", finding);
    let folder = folder.append(
        "clauses/contract.toml",
        "\n[[accept]]\ncode = \"version-unchanged\"\nplace = \"contract.toml\"\nreason = \"Haast.\"\n",
    );
    let run = folder.run(&["check", "-o", "pdf"]);
    assert!(run.stdout.contains("error[version-unchanged]"), "{run}");
    assert!(run.stdout.contains("`version-unchanged` cannot be accepted"), "{run}");
    let folder =
        folder.edit("clauses/contract.toml", "version = 2026-06-12", "version = 2026-01-01");
    let run = folder.run(&["check", "-o", "pdf"]);
    assert!(run.stdout.contains("version 2026-01-01 is older than 2026-06-12"), "{run}");
    let run = folder.run(&["check", "-o", "pdf", "--lang", "nl"]);
    assert!(run.stdout.contains("versie 2026-01-01 is ouder dan 2026-06-12"), "{run}");
    let folder =
        folder.edit("clauses/contract.toml", "version = 2026-01-01", "version = 2026-07-01");
    assert!(!folder.run(&["check", "-o", "pdf"]).stdout.contains("error[version-unchanged]"));
}

#[test]
fn making_a_contract_prints_a_summary_of_the_check_and_continues() {
    let folder = library("placeholder/bad").file("acme.toml", ACME);
    let run = folder.make(&["-c", "acme.toml"]);
    let sum = run.stderr.lines().last().unwrap();
    assert_eq!(
        sum,
        "check: 2 errors, 0 warnings; the client file is complete, and the rest is for the agency and the lawyer (`dpa-gen check --client acme.toml`)",
        "{run}"
    );
    assert!(folder.path("acme-verwerkersovereenkomst-2026-06-12.pdf").is_file());
    let run = folder.make(&["-c", "acme.toml", "--json"]);
    let reported = json(&run);
    assert_eq!(reported["results"][0]["check"]["errors"], 2);
    let general = folder.make(&["--general"]);
    assert!(!general.stderr.contains("check: "), "{general}");
    let quiet = folder.make(&["-q", "-c", "acme.toml"]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn what_the_library_denies_is_not_made() {
    let pdf = "acme-verwerkersovereenkomst-2026-06-12.pdf";
    let deny = |level: &str| {
        library("placeholder/bad")
            .file("clients/acme.toml", ACME)
            .append("clauses/contract.toml", &format!("\n[check]\ndeny = \"{level}\"\n"))
    };
    let folder = deny("error");
    assert_snapshot!("denied", folder.fail(&["-c", "clients/acme.toml"]).to_string());
    let run = folder.run(&["regenerate"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("the contract of `Acme B.V.` is not made"), "{run}");
    assert!(!folder.path(pdf).exists());
    let quote = fs::read(repository().join("fixtures/quotes/cairo.pdf")).unwrap();
    let folder = folder.file("offerte.pdf", quote);
    let sends = [
        &["attach", "--quote", "offerte.pdf", "--client", "clients/acme.toml"][..],
        &["mail", "--quote", "offerte.pdf", "--client", "clients/acme.toml"],
        &["mail", "--client", "clients/acme.toml"],
    ];
    let files = folder.files();
    for send in sends {
        let run = folder.run(send);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("the contract of `Acme B.V.` is not made"), "{run}");
        assert_eq!(folder.files(), files, "nothing is written");
    }
    folder.make(&["--draft", "-c", "clients/acme.toml"]);
    folder.make(&["--general"]);
    let next = folder
        .edit("clauses/contract.toml", "version = 2026-06-12", "version = 2026-07-01")
        .append("clauses/articles/security.typ", "\nEen nieuwe zin.\n");
    let run = next.run(&["regenerate"]);
    assert!(run.stdout.contains("made        (general edition)"), "no client, no check: {run}");
    let accepted = deny("warning").append(
        "clauses/contract.toml",
        "\n[[accept]]\ncode = \"placeholder\"\nplace = \"articles/security\"\nreason = \"Een proef.\"\n",
    );
    accepted.make(&["regenerate"]);
    assert!(accepted.path(pdf).is_file());
}

#[test]
fn deeply_nested_content_is_checked_or_refused_and_never_a_crash() {
    for depth in [250, 5_000] {
        for (open, close) in [("#[", "]"), ("#strong[", "]"), ("#{", "}"), ("_*", "*_")] {
            let nested = format!("\n{}diep{}\n", open.repeat(depth), close.repeat(depth));
            let folder = Folder::with_library().append("clauses/articles/security.typ", &nested);
            for arguments in [&["check"][..], &["list", "articles"], &["-c", "acme.toml"]] {
                let run = folder.run(arguments);
                assert!(
                    run.code.is_some_and(|code| code <= 2),
                    "{open} {depth} {arguments:?}\n{run}"
                );
                assert!(
                    !run.stderr.contains("bug in dpa-gen"),
                    "{open} {depth} {arguments:?}\n{run}"
                );
            }
        }
    }
}
