//! What a lawyer read and approved is held to, word by word.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::mutations::{complete, findings, verdicts};
use crate::support::{Folder, Run, assert_snapshot};

const APPROVED: &str = "clauses/approved.toml";

/// A text that says the opposite, or more: file, part, by what, and the words that must be shown.
pub type Change = (&'static str, &'static str, &'static str, &'static str);

/// Changes to a complete contract that say the opposite of what the law asks, or give the processor a right.
pub const CHANGES: [Change; 20] = [
    (
        "articles/instructions.typ",
        "uitsluitend op basis van",
        "niet uitsluitend op basis van",
        "[added: niet]",
    ),
    (
        "articles/instructions.typ",
        "internationale organisatie.",
        "internationale organisatie, tenzij MNRV een andere verwerking wenselijk acht.",
        "tenzij MNRV een andere verwerking wenselijk acht",
    ),
    (
        "articles/instructions.typ",
        "stelt #processor.short-name\nopdrachtgever daarvan onmiddellijk in kennis.",
        "is #processor.short-name\nniet gehouden opdrachtgever daarvan onmiddellijk in kennis te stellen.",
        "niet gehouden",
    ),
    (
        "articles/subprocessors.typ",
        "opdrachtgever volledig aansprakelijk",
        "opdrachtgever nimmer volledig aansprakelijk",
        "[added: nimmer]",
    ),
    (
        "articles/subprocessors.typ",
        "legt iedere subverwerker bij overeenkomst dezelfde",
        "legt grote cloudleveranciers niet dezelfde",
        "grote cloudleveranciers niet",
    ),
    (
        "articles/retention-and-deletion.typ",
        "naar keuze van\n  opdrachtgever",
        "naar keuze van MNRV en niet naar keuze van\n  opdrachtgever",
        "MNRV en niet naar keuze van",
    ),
    (
        "articles/confidentiality.typ",
        "vóór de verwerking in kennis",
        "ná de verwerking, nooit vooraf, in kennis",
        "ná de verwerking, nooit vooraf,",
    ),
    (
        "articles/assistance-and-audits.typ",
        "#processor.short-name kan naleving",
        "#processor.short-name mag een audit zonder opgave van redenen weigeren.\n#processor.short-name kan naleving",
        "mag een audit zonder opgave van redenen weigeren",
    ),
    (
        "articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "#processor.short-name kan deze overeenkomst eenzijdig wijzigen.\nOp deze overeenkomst is",
        "eenzijdig wijzigen",
    ),
    (
        "articles/nature-and-purpose.typ",
        "Per dienst staan",
        "#processor.short-name gebruikt persoonsgegevens ook voor de verbetering van eigen producten.\nPer dienst staan",
        "verbetering van eigen producten",
    ),
    (
        "articles/data-breaches.typ",
        "zonder onredelijke vertraging en uiterlijk",
        "waar mogelijk zonder onredelijke vertraging en uiterlijk",
        "[added: waar mogelijk]",
    ),
    (
        "articles/data-subject-rights.typ",
        "verleent opdrachtgever met passende",
        "kan opdrachtgever desgewenst met passende",
        "kan opdrachtgever desgewenst",
    ),
    (
        "articles/assistance-and-audits.typ",
        "alle informatie ter beschikking die",
        "alle informatie ter beschikking die naar haar oordeel",
        "naar haar oordeel",
    ),
    (
        "articles/obligations.typ",
        "gehouden zijn aan\nvertrouwelijkheid",
        "niet gehouden zijn aan\nvertrouwelijkheid",
        "[added: niet]",
    ),
    (
        "articles/liability.typ",
        "laat dwingendrechtelijke",
        "laat geen dwingendrechtelijke",
        "[added: geen]",
    ),
    (
        "articles/subprocessors.typ",
        "Opdrachtgever kan binnen",
        "Opdrachtgever kan, alleen voor zover #processor.short-name daarmee instemt, binnen",
        "alleen voor zover",
    ),
    (
        "articles/retention-and-deletion.typ",
        "wist\n  #processor.short-name alle persoonsgegevens",
        "wist\n  #processor.short-name alle persoonsgegevens, behalve die welke zij zelf nodig heeft,",
        "behalve die welke",
    ),
    (
        "articles/confidentiality.typ",
        "Deze verplichting geldt ook na afloop van de overeenkomst.",
        "Deze verplichting eindigt bij afloop van de overeenkomst.",
        "eindigt bij",
    ),
    (
        "articles/final-provisions.typ",
        "Op deze overeenkomst is",
        "#processor.short-name behoudt zich het recht voor persoonsgegevens voor eigen onderzoek te gebruiken.\nOp deze overeenkomst is",
        "behoudt zich het recht voor",
    ),
    (
        "articles/assistance-and-audits.typ",
        "houdt een register bij",
        "houdt geen register bij",
        "[removed: een] [added: geen]",
    ),
];

/// The complete library, approved as a whole.
fn approved() -> Folder {
    let folder = complete();
    folder.make(&["review", "--approve", "--all", "--by", "mr. A. Jansen", "--on", "2026-12-01"]);
    folder
}

fn told(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"))
}

#[test]
fn every_change_of_an_approved_text_is_an_error_that_shows_the_changed_words() {
    let mut first = String::new();
    for (file, part, by, words) in CHANGES {
        let folder = approved().edit(&format!("clauses/{file}"), part, by);
        let run = folder.run(&["check", "--client", "clients"]);
        assert_eq!(run.code, Some(1), "{file}: {by}\n{run}");
        let part = file.trim_end_matches(".typ");
        let error = format!(
            "error[approval-differs]: `{part}` is not the text that mr. A. Jansen approved on 2026-12-01"
        );
        let start = run.stdout.find(&error).unwrap_or_else(|| panic!("{file}: {by}\n{run}"));
        let finding = run.stdout[start..].split("\n\n").next().unwrap();
        assert!(finding.contains(words), "{words}\n{finding}");
        if first.is_empty() {
            first = finding.to_owned();
        }
        let made = folder.make(&["--client", "clients/complete.toml"]);
        assert!(made.stderr.contains(&error[error.find('`').unwrap()..]), "{made}");
    }
    assert_snapshot!("differs", first);
}

#[test]
fn a_requirement_is_approved_if_every_clause_that_serves_it_was_read() {
    let clients = &["--client", "clients"][..];
    let folder = approved();
    let all = verdicts(&folder, clients);
    assert_eq!(all.values().filter(|verdict| *verdict == "approved").count(), 29, "{all:#?}");
    assert_eq!(all["avg-28-4-keten"], "not-asked");
    assert!(findings(&folder).iter().all(|(code, _)| !code.starts_with("approval")));
    let run = folder.make(&["check", "--coverage", "--client", "clients"]);
    assert!(run.stdout.contains("complete: 23 of 23 required and 6 of 6 advised met"), "{run}");
    assert!(run.stdout.contains("according to approved.toml"), "{run}");

    // Of a clause that changed, patterns judge again.
    let folder = folder.edit("clauses/articles/liability.typ", "Deze bepaling laat", "Dit laat");
    assert_eq!(verdicts(&folder, clients)["avg-82"], "met");
    // What the client file fills in, no lawyer can have read.
    let folder = approved().edit("clients/complete.toml", "kvk = \"8765 4321\"\n", "");
    assert_eq!(verdicts(&folder, clients)["avg-28-3-partijen"], "weak");
    // A sentence that is not in the contract, because its term is not set, is not what was approved.
    let folder = approved().edit("clients/complete.toml", "breach-hours = 36\n", "");
    assert_eq!(verdicts(&folder, clients)["avg-33-2-termijn"], "missing");
    assert_eq!(verdicts(&folder, clients)["avg-28-3-f"], "approved");
}

#[test]
fn the_lawyers_own_verdict_holds() {
    let folder = complete();
    let by = ["--by", "mr. B. de Vries", "--on", "2026-12-02"];
    let some = ["review", "--approve", "clauses/articles/assistance-and-audits.typ"];
    let run = folder.make(&[&some[..], &by, &["--verdict", "avg-28-3-h=weak"]].concat());
    assert_snapshot!("approve", run.to_string());
    assert_snapshot!("file", String::from_utf8(folder.read(APPROVED)).unwrap());
    let all = verdicts(&folder, &["--client", "clients"]);
    assert_eq!(all["avg-28-3-h"], "weak");
    assert_eq!(all["avg-30-2"], "approved");
    let run = folder.run(&["check", "--client", "clients"]);
    assert!(
        run.stdout.contains("weak: according to approved.toml, mr. B. de Vries found"),
        "{run}"
    );
    assert!(
        run.stdout.contains("warning[approval-missing]: nobody approved `articles/ai-systems`")
    );
    // A second reading of another part leaves the first as it is, remarks included.
    let folder =
        folder.edit(APPROVED, "by = \"mr. B. de Vries\"", "by = \"mr. B. de Vries\" # telefonisch");
    let next = ["review", "--approve", "articles/security", "--by", "mr. A. Jansen"];
    folder.make(&[&next[..], &["--on", "2026-12-03"]].concat());
    let text = String::from_utf8(folder.read(APPROVED)).unwrap();
    assert!(text.contains("# telefonisch"), "{text}");
    assert!(text.find("assistance-and-audits\"]") < text.find("[\"articles/security\"]"), "{text}");
    let listed = told(&folder.make(&[&next[..], &["--on", "2026-12-03", "--json"]].concat()));
    assert_eq!(listed["results"][0]["parts"][0]["verdicts"]["avg-28-3-c"], "met");
}

#[test]
fn files_with_contract_text_are_approved_too() {
    for (file, part, by, words) in [
        ("clauses/services.toml", "Contact, beveiliging, verbetering", "Verkoop", "Verkoop"),
        ("clauses/services.toml", "Toegangsintrekking bij", "Toegang na", "Toegang na"),
        ("clauses/subprocessors.toml", "Datacentrum Zuid", "Datacentrum Oost", "Oost"),
        ("clauses/contract.toml", "    \"liability\",\n", "", "liability"),
        ("layouts/parts/words/nl.toml", "\"Handtekening\"", "\"Paraaf\"", "Paraaf"),
    ] {
        let folder = approved().edit(file, part, by);
        if words == "liability" {
            fs::remove_file(folder.path("clauses/articles/liability.typ")).unwrap();
        }
        let run = folder.run(&["check", "--client", "clients"]);
        let name = file.trim_start_matches("clauses/");
        assert!(
            run.stdout.contains(&format!("`{name}` is not the text that mr. A. Jansen")),
            "{run}"
        );
        assert!(run.stdout.contains(words), "{run}");
    }
    // A remark, the version and the processor's own details are no text that a lawyer reads.
    let folder = approved()
        .edit(
            "clauses/articles/liability.typ",
            "De aansprakelijkheid",
            "// opmerking\nDe aansprakelijkheid",
        )
        .edit("clauses/contract.toml", "version = 2026-06-12", "version = 2026-12-01")
        .edit("clauses/contract.toml", "info@mnrv.nl", "privacy@mnrv.nl");
    assert!(findings(&folder).iter().all(|(code, _)| !code.starts_with("approval")));
}

#[test]
fn what_was_approved_cannot_be_taken_away_or_accepted_away() {
    let folder = approved();
    let contract = "clauses/contract.toml";
    let folder = folder.edit("clauses/articles/security.typ", "binnen redelijke", "ooit binnen redelijke").append(
        contract,
        "\n[check]\ndeny = \"error\"\n\n[[accept]]\ncode = \"approval-differs\"\nplace = \"articles/security\"\nreason = \"Haast.\"\n",
    );
    let run = folder.run(&["check"]);
    assert!(run.stdout.contains("`approval-differs` cannot be accepted"), "{run}");
    let run = folder.fail(&["--client", "clients/complete.toml"]);
    assert!(run.stderr.contains("error[approval-differs]"), "{run}");
    let folder = approved()
        .edit(contract, "    \"liability\",\n", "")
        .without("clauses/articles/liability.typ");
    let run = folder.run(&["check"]);
    assert!(run.stdout.contains("warning[approval-unused]: `articles/liability`"), "{run}");
    let unread = complete().run(&["check", "--client", "clients"]);
    assert!(unread.stderr.ends_with("no lawyer approved this text (there is no approved.toml)\n"));
}

#[test]
fn what_cannot_be_approved_changes_nothing() {
    let mut story = String::new();
    let folder = complete();
    let by = ["--by", "mr. A. Jansen"];
    for arguments in [
        &["articles/secruity"][..],
        &["articles/security", "--verdict", "avg-28-3-h=weak"],
        &["articles/security", "--verdict", "avg-28-5=weak"],
        &["articles/security", "--verdict", "avg-28-3-c=good"],
        &["articles/security", "--all"],
        &[],
        &["--all", "--embedded"],
    ] {
        let run = folder.fail(&[&["review", "--approve"], arguments, &by].concat());
        let _ = write!(story, "{arguments:?}\n{run}\n\n");
    }
    for by in [&[][..], &["--by", " "]] {
        let run = folder.fail(&[&["review", "--approve", "--all"], by].concat());
        let _ = write!(story, "{by:?}\n{run}\n\n");
    }
    let bad =
        "[\"articles/security\"]\nby = \"\"\nop = 2026-12-01\nverdict.avg-28-3-c = \"good\"\n";
    let folder = folder.file(APPROVED, bad);
    let run = folder.fail(&["review", "--approve", "--all", "--by", "mr. A. Jansen"]);
    story += &run.to_string();
    assert_snapshot!("wrong", story);
}

#[test]
fn a_sentence_in_the_layout_and_a_decision_on_a_country_are_text_that_was_read() {
    let folder = complete();
    folder.make(&["review", "--approve", "--all", "--by", "mr. A. Jansen", "--on", "2026-12-01"]);
    let folder = folder
        .append("layouts/standard/main.typ", "\nDe verwerker is nergens voor aansprakelijk.\n")
        .edit("clauses/countries.toml", "besluit 2010/625/EU", "besluit 2010/626/EU");
    let found = findings(&folder);
    for (code, part) in
        [("approval-missing", "layouts/standard/main.typ"), ("approval-differs", "countries.toml")]
    {
        let is_it = |(own, told): &(String, String)| own == code && told.contains(part);
        assert!(found.iter().any(is_it), "{part}: {found:#?}");
    }
}
