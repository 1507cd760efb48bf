//! A clause, a phrase or a field that is taken away turns on the finding that is about it, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::support::{Folder, assert_snapshot, copy, files_below, repository, sample};

const CLIENT: &str = "clients/complete.toml";
const CONTRACT: &str = "clauses/contract.toml";

/// What is changed (file, part, by what), and the codes that this turns on.
type Mutation = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// Fields of the client file.
const FIELDS: [Mutation; 19] = [
    (CLIENT, "kvk = \"8765 4321\"\n", "", &["avg-28-3-partijen"]),
    (CLIENT, "address = \"Oude Gracht 123-b\"\n", "", &["avg-28-3-partijen"]),
    (CONTRACT, "address = \"Voorbeeldweg 2\"\n", "", &["avg-28-3-partijen"]),
    (
        CLIENT,
        "quote = \"OFF-2026-077\"\nmain-agreement = \"Raamovereenkomst Zorgportaal 2026\"\n",
        "",
        &["avg-28-3-onderwerp"],
    ),
    (CLIENT, "start = 2026-07-01\nend = 2028-06-30\n", "", &["avg-28-3-duur"]),
    (CLIENT, "special-data = [\"Gegevens over gezondheid\"]\n", "", &["avg-9"]),
    (CLIENT, "breach-hours = 36\n", "", &["avg-33-2", "avg-33-2-termijn"]),
    (CLIENT, "subprocessor-notice-days = 31\n", "", &["avg-28-2"]),
    (CLIENT, "objection-days = 14\n", "", &["avg-28-2"]),
    (CLIENT, "deletion-days = 32\n", "", &["avg-28-3-g", "clauses-disagree"]),
    (CLIENT, "backup-max-days = 91\n", "", &["avg-28-3-g"]),
    (CLIENT, "request-forward-days = 4\n", "", &["avg-28-3-e"]),
    // The proposal gives the right to audit without a time too.
    (CLIENT, "audit-notice-days = 13\n", "", &[]),
    (
        CLIENT,
        "breach-contact = { role = \"servicedesk\", email = \"datalek@vandenbergzorg.example\", phone = \"+31 30 123 45 69\" }\n",
        "",
        &["avg-33-2-termijn"],
    ),
    (CLIENT, "address = \"1 Example Street, San Francisco, CA 94105\"\n", "", &["avg-28-2-lijst"]),
    (CLIENT, "\"Taalmodel voor de chatbot\"", "\"[doel]\"", &["placeholder"]),
    (
        CLIENT,
        "    \"Versleuteling van alle databases",
        "    \"Gebruik van HTTPS en TLS-certificaten\",\n    \"Versleuteling van alle databases",
        &["says-the-same"],
    ),
    (CONTRACT, "email = \"info@mnrv.nl\"", "email = \"privacy@mnrv.nl\"", &[]),
    // No clause says the processor's name itself.
    (CONTRACT, "name = \"MNRV\"", "name = \"Webbouw\"", &[]),
];

/// Phrases of the clauses.
const PHRASES: [Mutation; 39] = [
    ("clauses/signature.typ", "ondertekend.\n]", "bekrachtigd.\n]", &["avg-28-9"]),
    (
        "clauses/articles/subject-and-duration.typ",
        "Het onderwerp van de verwerking",
        "De dienstverlening",
        &["avg-28-3-onderwerp"],
    ),
    (
        "clauses/articles/subject-and-duration.typ",
        "De duur van de verwerking",
        "De looptijd",
        &["avg-28-3-duur"],
    ),
    (
        "clauses/annexes/processing.typ",
        "[Verwerking], value(row, \"processing\"),",
        "[Verwerking], [–],",
        &["avg-28-3-aard"],
    ),
    (
        "clauses/annexes/processing.typ",
        "[Doel], value(row, \"purpose\"),",
        "[Doel], [–],",
        &["avg-28-3-doel"],
    ),
    (
        "clauses/annexes/processing.typ",
        "[Persoonsgegevens], value(",
        "[Soorten], value(",
        &["avg-28-3-gegevens"],
    ),
    (
        "clauses/annexes/processing.typ",
        "[Betrokkenen], value(row, \"data-subjects\"),",
        "[Betrokkenen], [–],",
        &["avg-28-3-betrokkenen"],
    ),
    (
        "clauses/articles/nature-and-purpose.typ",
        "niet voor het trainen van eigen modellen.",
        "niet voor het trainen van eigen AI-modellen, tenzij partijen dat overeenkomen.",
        &["avg-28-10", "clauses-disagree"],
    ),
    (
        "clauses/articles/instructions.typ",
        "gedocumenteerde instructies van",
        "redelijke wensen van",
        &["avg-28-3-a"],
    ),
    (
        "clauses/articles/instructions.typ",
        ", ook waar het gaat om doorgifte van persoonsgegevens aan een derde land of een\ninternationale organisatie",
        "",
        &["avg-28-3-a"],
    ),
    (
        "clauses/articles/instructions.typ",
        "daarvan onmiddellijk",
        "daarvan tijdig",
        &["avg-28-3-instructie"],
    ),
    ("clauses/articles/confidentiality.typ", "vóór de verwerking in", "in", &["avg-28-3-a-wet"]),
    (
        "clauses/articles/obligations.typ",
        "gehouden zijn aan\nvertrouwelijkheid",
        "discreet zijn",
        &["avg-28-3-b"],
    ),
    (
        "clauses/articles/obligations.typ",
        "alle passende technische en organisatorische maatregelen die artikel 32 AVG vereist",
        "alle maatregelen die artikel 32 AVG vereist",
        &["avg-28-3-c"],
    ),
    (
        "clauses/articles/security.typ",
        "; zij worden jaarlijks getest en zo nodig herzien",
        "",
        &["avg-32-concreet"],
    ),
    (
        "clauses/articles/security.typ",
        "#processor.short-name houdt een passend beveiligingsniveau in stand",
        "#processor.short-name spant zich in voor een passend beveiligingsniveau",
        &["avg-28-3-c"],
    ),
    ("clauses/articles/subprocessors.typ", "algemene toestemming", "ruimte", &["avg-28-2"]),
    (
        "clauses/articles/subprocessors.typ",
        "iedere subverwerker bij",
        "iedere subverwerker die structureel verwerkt bij",
        &["avg-28-4"],
    ),
    (
        "clauses/articles/subprocessors.typ",
        "opdrachtgever volledig aansprakelijk",
        "opdrachtgever aansprakelijk",
        &["avg-28-4"],
    ),
    (
        "clauses/articles/subprocessors.typ",
        "staan in @annex-subprocessors",
        "",
        // The article on transfers refers to it as well.
        &[],
    ),
    (
        "clauses/articles/international-transfers.typ",
        "passende waarborgen",
        "zorgvuldigheid",
        &["avg-44"],
    ),
    (
        "clauses/articles/obligations.typ",
        ", gegevensbeschermingseffectbeoordelingen",
        "",
        &["avg-28-3-f"],
    ),
    (
        "clauses/articles/obligations.typ",
        " en voorafgaande raadpleging van de\ntoezichthouder",
        "",
        &["avg-28-3-f"],
    ),
    (
        "clauses/articles/data-breaches.typ",
        "nadat #processor.short-name er kennis van heeft genomen",
        "",
        &["avg-33-2"],
    ),
    (
        "clauses/articles/assistance-and-audits.typ",
        "#processor.short-name houdt een register bij",
        "#processor.short-name houdt aantekening",
        &["avg-30-2"],
    ),
    ("clauses/articles/liability.typ", "onverlet", "bestaan", &["avg-82"]),
    (
        "clauses/articles/data-subject-rights.typ",
        "verleent opdrachtgever met passende technische en organisatorische maatregelen\n  bijstand bij",
        "helpt opdrachtgever redelijkerwijs bij",
        &["avg-28-3-e"],
    ),
    (
        "clauses/articles/definitions.typ",
        "Onder verwerking wordt verstaan",
        "Onder profilering wordt verstaan",
        &["term-unused"],
    ),
    (
        "clauses/articles/definitions.typ",
        "Subverwerker betekent",
        "Sub-verwerker betekent",
        &["term-spelling"],
    ),
    (
        "clauses/articles/parties.typ",
        "Verordening Gegevensbescherming (AVG)",
        "Verordening Gegevensbescherming",
        &[],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Op deze overeenkomst  is",
        &["double-space"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Vragen gaan naar info\\@mnr.nl. Op deze overeenkomst is",
        &["detail-differs"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Vragen gaan naar info\\@mnrv.nl. Op deze overeenkomst is",
        &["detail-typed"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Vragen worden binnen 36 uur beantwoord. Op deze overeenkomst is",
        &["detail-typed"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "De Voorbeeldweg 2 is het kantoor. Op deze overeenkomst is",
        &["detail-typed"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Zie ook artikel 4. Op deze overeenkomst is",
        &["ref-by-number"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Zie ook @veiligheid. Op deze overeenkomst is",
        &["ref-dangling"],
    ),
    (
        "clauses/articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "Zie het Beveiligingsprotocol. Op deze overeenkomst is",
        &["term-undefined"],
    ),
    (
        "clauses/articles/ai-systems.typ",
        "opvolgacties.\n",
        "opvolgacties.\nDaarbij geldt het volgende.\n",
        &[],
    ),
];

/// The library in which a complete client file meets every requirement, and that file.
pub fn complete() -> Folder {
    let folder = Folder::with_library().without("acme.toml");
    copy(&repository().join("clauses/proposals"), &folder.path("clauses"));
    copy(&repository().join("fixtures/complete"), &folder.path(""));
    folder
}

/// The findings on the client's contract, as code and message.
pub fn findings(folder: &Folder) -> BTreeSet<(String, String)> {
    let run = folder.run(&["check", "--json", "--client", "clients"]);
    let reported: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    let findings = reported["results"][0]["findings"].as_array().unwrap_or_else(|| panic!("{run}"));
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings.iter().map(|finding| (text(finding, "code"), text(finding, "message"))).collect()
}

/// What a mutation turns on, as lines, with its codes.
fn turned_on(
    before: &BTreeSet<(String, String)>,
    folder: &Folder,
) -> (Vec<String>, BTreeMap<String, usize>) {
    let mut codes = BTreeMap::new();
    let mut lines = Vec::new();
    // What the guard marks has tests of its own.
    let changed = findings(folder);
    let changed = changed.difference(before).filter(|(code, _)| !code.starts_with("sentence-"));
    for (code, message) in changed {
        *codes.entry(code.clone()).or_default() += 1;
        lines.push(format!("  {code}: {message}"));
    }
    (lines, codes)
}

fn mutate(name: &str, mutations: &[Mutation]) {
    let before = findings(&complete());
    let mut story = String::new();
    for (file, part, by, expected) in mutations {
        let (lines, codes) = turned_on(&before, &complete().edit(file, part, by));
        let _ = writeln!(story, "{file}\n- {part:?}\n+ {by:?}\n{}\n", lines.join("\n"));
        let codes: Vec<&str> = codes.keys().map(String::as_str).collect();
        assert_eq!(codes, *expected, "{file}: {part:?} by {by:?}\n{}", lines.join("\n"));
    }
    assert_snapshot!(name, story);
}

#[test]
fn a_complete_client_file_and_a_repaired_library_meet_every_requirement() {
    let folder = complete();
    let run = folder.make(&["check", "--coverage", "--client", "clients"]);
    assert!(run.stdout.contains("complete: 23 of 23 required and 6 of 6 advised met"), "{run}");
    assert_snapshot!("complete_coverage", run.to_string());
    let run = folder.run(&["check", "--client", "clients"]);
    assert_snapshot!("complete", run.to_string());
}

/// The verdict on each requirement for the first contract of a run.
pub fn verdicts(folder: &Folder, arguments: &[&str]) -> BTreeMap<String, String> {
    let run = folder.run(&[&["check", "--json"], arguments].concat());
    let reported: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    let rows = reported["results"][0]["coverage"][0]["requirements"].as_array().unwrap().clone();
    let word = |verdict: &str| {
        if verdict == "met-on-its-face" { "met".to_owned() } else { verdict.to_owned() }
    };
    let row = |row: &Value| {
        let id = row["requirement"].as_str().unwrap().to_owned();
        (id, word(row["verdict"].as_str().unwrap()))
    };
    rows.iter().map(row).collect()
}

#[test]
fn the_table_in_the_documents_is_what_the_check_says() {
    let everything = sample("everything.toml");
    let columns = [
        verdicts(&Folder::new(), &["--embedded"]),
        verdicts(&Folder::new(), &["--embedded", "-c", everything.to_str().unwrap()]),
        verdicts(&complete(), &["--client", "clients"]),
    ];
    let document = fs::read_to_string(repository().join("docs/checking.md")).unwrap();
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| line.starts_with("| `avg-"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), columns[0].len());
    for row in rows {
        let id = row[1].trim_matches('`');
        let expected = [&columns[0][id], &columns[1][id], &columns[2][id]];
        assert_eq!(row[3..6], expected, "{id}");
    }
}

#[test]
fn a_field_that_is_taken_away() {
    mutate("fields", &FIELDS);
}

#[test]
fn a_phrase_that_is_changed() {
    mutate("phrases", &PHRASES);
}

#[test]
fn a_requirement_that_no_clause_claims() {
    let before = findings(&complete());
    let requirements = fs::read_to_string(complete().path("clauses/requirements.toml")).unwrap();
    let ids = requirements.lines().filter_map(|line| line.strip_prefix("[requirement."));
    let ids: Vec<&str> = ids.filter_map(|id| id.strip_suffix(']')).collect();
    assert_eq!(ids.len(), 30);
    // It is asked of a client that is itself a processor alone.
    for id in ids.into_iter().filter(|id| *id != "avg-28-4-keten") {
        let folder = complete();
        for file in files_below(&folder.path("clauses")) {
            let path = format!("clauses/{file}");
            let text = String::from_utf8(folder.read(&path)).unwrap();
            if file != "requirements.toml" {
                // What a proposal is said to meet is no claim.
                let (head, rest) = text.split_once("[proposal]").unwrap_or((&text, ""));
                let head =
                    head.replace(&format!("\"{id}\","), "").replace(&format!("\"{id}\""), "");
                let proposal = if rest.is_empty() { "" } else { "[proposal]" };
                folder.write(&path, format!("{head}{proposal}{rest}"));
            }
        }
        let (lines, _) = turned_on(&before, &folder);
        assert_eq!(lines, [format!("  {id}: missing: no clause claims it")], "{id}");
    }
}

#[test]
fn a_clause_that_is_taken_away() {
    let before = findings(&complete());
    let contract = fs::read_to_string(complete().path(CONTRACT)).unwrap();
    let (articles, annexes) = contract.split_once("annexes = [").unwrap();
    let mut story = String::new();
    for (folder, list, other) in [("articles", articles, annexes), ("annexes", annexes, articles)] {
        for line in list.lines().filter(|line| line.starts_with("    \"")) {
            let list = list.replacen(&format!("{line}\n"), "", 1);
            let contract = match folder {
                "articles" => format!("{list}annexes = [{other}"),
                _ => format!("{other}annexes = [{list}"),
            };
            let id = line.trim().trim_matches([',', '"']);
            let library = complete().without(&format!("clauses/{folder}/{id}.typ"));
            library.write(CONTRACT, contract);
            let (lines, _) = turned_on(&before, &library);
            let _ = writeln!(story, "without {folder}/{id}\n{}\n", lines.join("\n"));
        }
    }
    assert_snapshot!("clauses", story);
}
