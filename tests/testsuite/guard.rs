//! What nobody has read is pointed at, synonyms count as evidence, and values are compared.

use std::collections::BTreeSet;

use crate::approval::CHANGES;
use crate::mutations::{complete, findings};
use crate::support::{Folder, assert_snapshot};

const CLIENT: &str = "clients/complete.toml";

fn new_findings(folder: &Folder) -> Vec<(String, String)> {
    let before = findings(&complete());
    findings(folder).into_iter().filter(|finding| !before.contains(finding)).collect()
}

fn is_of_guard(code: &str) -> bool {
    code.starts_with("sentence-")
}

#[test]
fn most_changes_of_an_unread_text_are_marked_and_little_of_the_good_text() {
    let good = findings(&complete());
    let good: Vec<_> = good.iter().filter(|(code, _)| is_of_guard(code)).collect();
    assert!(good.len() <= 12, "{good:#?}");
    assert_snapshot!("good", format!("{good:#?}"));
    let mut unmarked = Vec::new();
    for (file, part, by, _) in CHANGES {
        let folder = complete().edit(&format!("clauses/{file}"), part, by);
        if !new_findings(&folder).iter().any(|(code, _)| is_of_guard(code)) {
            unmarked.push(by);
        }
    }
    assert!(unmarked.is_empty(), "{unmarked:#?}");
    // A lawyer who read the text needs no guard.
    let folder = complete();
    folder.make(&["review", "--approve", "--all", "--by", "mr. A. Jansen", "--on", "2026-12-01"]);
    assert!(findings(&folder).iter().all(|(code, _)| !is_of_guard(code)));
}

/// Changes in words that no list has: file, part and by what.
const IN_OTHER_WORDS: [(&str, &str, &str); 6] = [
    ("confidentiality", "geldt ook na afloop van", "geldt tot een jaar na afloop van"),
    ("instructions", "gedocumenteerde instructies van", "gedocumenteerde of eigen instructies van"),
    ("obligations", "toegang noodzakelijk is voor", "toegang handig is voor"),
    (
        "data-breaches",
        "een datalek dat betrekking",
        "een datalek met duizend betrokkenen dat betrekking",
    ),
    ("subprocessors", "overeenstemming hebben bereikt", "een gesprek hebben gevoerd"),
    (
        "liability",
        "Deze bepaling laat",
        "Opdrachtgever vrijwaart #processor.short-name ook voor boetes.\nDeze bepaling laat",
    ),
];

#[test]
fn a_changed_sentence_is_marked_whatever_its_words() {
    let is_marked = |folder: &Folder| {
        let found = new_findings(folder);
        let unknown: Vec<_> = found.iter().filter(|(code, _)| is_of_guard(code)).collect();
        !unknown.is_empty()
    };
    for (file, part, by) in IN_OTHER_WORDS {
        let folder = complete().edit(&format!("clauses/articles/{file}.typ"), part, by);
        assert!(is_marked(&folder), "{by}");
    }
    // A clause of one's own is no changed clause of ours.
    let own = "/*\ntitle = \"Vertrouwelijkheid\"\ncovers = [\"avg-28-3-b\", \"avg-28-3-a-wet\"]\n*/\n\
               Wie gegevens ziet, houdt die voor zich.\nDat blijft zo.\n";
    let folder = complete().file("clauses/articles/confidentiality.typ", own);
    assert!(!is_marked(&folder), "{:#?}", new_findings(&folder));
    let reported = complete()
        .edit("clauses/articles/obligations.typ", "toegang noodzakelijk is", "toegang handig is")
        .run(&["check", "--client", "clients", "--lang", "nl"]);
    let mark = reported.stdout.split("\n\n").find(|it| it.contains("sentence-unknown"));
    assert_snapshot!("changed_sentence", mark.unwrap_or(&reported.stdout));
}

#[test]
fn synonyms_are_evidence() {
    for (file, part, by) in [
        ("instructions", "daarvan onmiddellijk", "daarvan terstond"),
        ("obligations", "gehouden zijn aan\nvertrouwelijkheid", "een geheimhoudingsplicht hebben"),
        ("subprocessors", "binnen #days(terms.objection-days) na", "binnen een maand na"),
        (
            "obligations",
            ", gegevensbeschermingseffectbeoordelingen",
            ", beoordelingen volgens artikel 35 AVG",
        ),
        (
            "subprocessors",
            "opdrachtgever volledig aansprakelijk voor",
            "opdrachtgever aansprakelijk als voor eigen handelen voor",
        ),
        ("data-breaches", "binnen #terms.breach-hours\n  uur", "binnen één werkdag"),
        ("data-subject-rights", "binnen #days(terms.request-forward-days)", "binnen één werkdag"),
        ("confidentiality", "vóór de verwerking in", "voordat de verwerking begint in"),
        ("subprocessors", "dezelfde verplichtingen inzake", "gelijkwaardige verplichtingen inzake"),
        ("liability", "onverlet", "onaangetast"),
        ("instructions", "gedocumenteerde instructies", "schriftelijke instructies"),
        ("data-breaches", "zonder onredelijke vertraging en uiterlijk", "onverwijld en uiterlijk"),
    ] {
        let folder = complete().edit(&format!("clauses/articles/{file}.typ"), part, by);
        // That the sentence is another is all that is said of it.
        let found = new_findings(&folder).into_iter();
        let found: Vec<_> = found.filter(|(code, _)| code != "sentence-unknown").collect();
        assert_eq!(found, [], "{by}");
    }
}

#[test]
fn values_of_the_client_file_are_compared() {
    let extra = "    \"Versleuteling van alle databases met een sleutel die alleen opdrachtgever beheert.\",\n    \"Jaarlijkse penetratietest door een onafhankelijke partij; het rapport gaat naar opdrachtgever.\",\n";
    let health = "special-data = [\"Gegevens over gezondheid\"]";
    let retention = "retention = \"Tot 24 maanden na het laatste contact, daarna geanonimiseerd.\"";
    for (changes, code, message) in [
        (&[(health, "special-data = [\"geen\"]")][..], "avg-9", "names no category of data"),
        (&[(health, "special-data = []")], "avg-9", "names data that are"),
        (&[(extra, "    \"Taart op vrijdag.\",\n")], "avg-9", "no additional measures"),
        (&[("breach-hours = 36", "breach-hours = 72")], "avg-33-2-termijn", "too few"),
        (
            &[
                ("deletion-days = 32", "deletion-days = 1"),
                ("backup-max-days = 91", "backup-max-days = 365"),
            ],
            "avg-28-3-g",
            "back-ups keep the data long after",
        ),
        (&[(retention, "retention = \"7 jaar\"")], "avg-28-3-g", "retention period is longer"),
        (
            &[("\"Raamovereenkomst Zorgportaal 2026\"", "\"n.v.t.\"")],
            "avg-28-3-onderwerp",
            "the main agreement is not identified by this",
        ),
        (
            &[(
                "email = \"datalek@vandenbergzorg.example\", phone = \"+31 30 123 45 69\"",
                "email = \"info@vandenbergzorg.example\"",
            )],
            "avg-33-2-termijn",
            "general mailbox",
        ),
    ] {
        let mut folder = complete();
        for (part, by) in changes {
            folder = folder.edit(CLIENT, part, by);
        }
        let found = new_findings(&folder);
        let is_it = |(own, told): &(String, String)| own == code && told.contains(message);
        assert!(found.iter().any(is_it), "{changes:?}: {found:#?}");
    }
    // These are refused when the file is read.
    for (part, by) in [
        ("transfer = { basis = \"scc\", module = 3 }", "transfer = \"nog te bepalen\""),
        ("basis = \"scc\", module = 3", "basis = \"scc\", module = 2"),
        ("objection-days = 14", "objection-days = 60"),
    ] {
        complete().edit(CLIENT, part, by).fail(&["check", "--client", "clients"]);
    }
}

#[test]
fn false_alarms_are_gone() {
    let codes = |folder: &Folder| -> BTreeSet<String> {
        new_findings(folder).into_iter().map(|(code, _)| code).collect()
    };
    // A country by another name, or with an adequacy decision.
    let swiss = complete()
        .edit(CLIENT, "country = \"Verenigde Staten\"", "country = \"Zwitserland\"")
        .edit(
            CLIENT,
            "transfer = { basis = \"scc\", module = 3 }",
            "transfer = { basis = \"adequacy\" }",
        );
    assert_eq!(codes(&swiss), BTreeSet::new());
    let irish = complete()
        .edit(CLIENT, "country = \"Verenigde Staten\"", "country = \"Ireland\"")
        .edit(CLIENT, "transfer = { basis = \"scc\", module = 3 }\n", "");
    assert_eq!(codes(&irish), BTreeSet::new());
    // Two clauses that differ are no contradiction where a sentence says which of them holds.
    let folder = Folder::with_library();
    let disagree = |folder: &Folder| {
        let run = folder.run(&["check", "-c", "acme.toml"]);
        run.stdout.contains("do not name the same grounds to keep personal data")
    };
    assert!(disagree(&folder));
    let folder = folder.append(
        "clauses/articles/retention-and-deletion.typ",
        "\nDit artikel gaat voor op wat elders over bewaren staat.\n",
    );
    assert!(!disagree(&folder));
}

#[test]
fn the_words_of_the_guard_are_data() {
    let folder = complete().edit(
        "clauses/requirements.toml",
        "turns = [\n",
        "turns = [\n    'blijft(',\n    'jegens opdrachtgever',\n",
    );
    let run = folder.fail(&["check", "--client", "clients"]);
    assert_snapshot!("pattern", run.to_string());
    let folder = folder.edit("clauses/requirements.toml", "    'blijft(',\n", "");
    let found = new_findings(&folder);
    assert!(found.iter().any(|(_, told)| told.contains("`jegens opdrachtgever`")), "{found:#?}");
}
