//! The agreement holds in every combination: no sentence beside the one that replaces it, no word of a service that
//! is not taken, no open list beside a closed one, no empty cell.

use std::fmt::Write as _;

use dpa_gen::client::Client;
use dpa_gen::contract::{Contract, Form};
use dpa_gen::diagnostic::Source;
use dpa_gen::library::{Files, Library};
use dpa_gen::typeset::Typesetter;

use crate::support::with_stack;

/// Each term with a number for it, and with the words that must not stand beside its sentence.
const TERMS: [(&str, u16, &[&str]); 7] = [
    ("breach-hours", 24, &["vastgesteld datalek"]),
    ("subprocessor-notice-days", 30, &[]),
    ("objection-days", 14, &[]),
    (
        "deletion-days",
        30,
        &[
            "tenzij langere bewaring",
            "noodzakelijk blijft voor bewijsvoering",
            "geschilafhandeling",
        ],
    ),
    ("backup-max-days", 90, &["gedurende een beperkte periode", "normale retentiebeleid"]),
    ("request-forward-days", 5, &["in beginsel doorsturen", "redelijkerwijs bij verzoeken"]),
    ("audit-notice-days", 14, &["redelijke informatie", "na redelijke aankondiging"]),
];

/// The words that only a service brings in, in small letters.
const WORDS: [(&str, &[&str]); 5] = [
    ("website", &["website"]),
    ("webshop", &["webshop", "klantportal", "betaalprovider"]),
    (
        "ai-agent",
        &[
            "ai-agent",
            "ai-oplossing",
            "chatbot",
            "ai-platform",
            "ai-functionaliteit",
            "ai-systemen",
        ],
    ),
    ("crm-koppeling", &["crm", "maatwerksoftware"]),
    ("support", &["support"]),
];

/// Sub-processors for all categories.
const NAMED: &str = "
[subprocessor.alles]
name = \"Datacentrum Voorbeeld B.V.\"
address = \"Serverweg 1, Utrecht\"
country = \"Nederland\"
contact = \"privacy@datacentrum.example\"
categories = [\"hosting\", \"email\", \"payment\", \"monitoring\", \"analytics\"]
processing = \"Opslag\"
since = 2026-01-01

[subprocessor.model]
name = \"Model Inc.\"
address = \"1 Example Street, Boston\"
country = \"Verenigde Staten\"
contact = \"https://model.example/privacy\"
categories = [\"ai\"]
processing = \"Antwoorden\"
since = 2026-01-01
transfer = { basis = \"scc\", module = 3 }
";

fn library(subprocessors: &str) -> Library {
    let clauses = Files::embedded_clauses().with("subprocessors.toml", subprocessors.to_owned());
    Library::read(clauses, Files::embedded_layouts(), None).unwrap()
}

/// A client file with these services and these terms, and with a sub-processor of its own or not.
fn client_file(services: &[&str], terms: u8, has_own: bool) -> String {
    let mut file = format!("services = {services:?}\n[client]\nname = \"Acme B.V.\"\n[terms]\n");
    for (index, (key, number, _)) in TERMS.iter().enumerate() {
        if terms >> index & 1 == 1 {
            let _ = writeln!(file, "{key} = {number}");
        }
    }
    if has_own {
        file += "[[subprocessor]]\nname = \"Eigen B.V.\"\ncountry = \"Belgium\"\nprocessing = \"Post\"\n";
    }
    file
}

fn check(
    library: &Library,
    typesetter: &Typesetter<'_>,
    (taken, terms, number): (&[&str], u8, usize),
) {
    let has_own = number.is_multiple_of(3);
    let file = client_file(taken, terms, has_own);
    let client = Client::read(&Source::new("client.toml", &*file), library)
        .unwrap_or_else(|problems| panic!("{problems:#?}\n{file}"));
    let form = [Form::Fields, Form::Lines, Form::Draft][number % 3];
    let contract = Contract::assemble(&client, form);
    let clauses = typesetter.texts(&contract).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut text = format!("{}\n", contract.subtitle().unwrap_or_default());
    for clause in contract.clauses() {
        let _ = writeln!(text, "{}\n{}", clause.title, clauses[&clause.path].text);
    }
    for (index, (key, number, replaced)) in TERMS.iter().enumerate() {
        let is_set = terms >> index & 1 == 1;
        for words in *replaced {
            assert_eq!(text.contains(words), !is_set, "`{words}` with {key}\n{file}\n{text}");
        }
        let unit = if key.ends_with("hours") { "uur" } else { "dagen" };
        let duration = format!("{number} {unit}");
        assert!(!is_set || text.contains(&duration), "`{duration}` of {key}\n{file}\n{text}");
    }
    let lower = text.to_lowercase();
    for (service, words) in WORDS.iter().filter(|(service, _)| !taken.contains(service)) {
        for word in *words {
            assert!(!lower.contains(word), "`{word}` without {service}\n{file}\n{text}");
        }
    }
    assert!(text.contains("trainen van eigen AI-modellen"), "{text}");
    assert!(!text.contains("tenzij partijen een afzonderlijk ondertekende"), "{text}");
    let is_closed = !library.subprocessors().is_empty();
    for words in
        ["welke leveranciers concreet", "Voorbeelden van subverwerkers", "Subverwerkerscategorieën"]
    {
        assert_eq!(text.contains(words), !is_closed, "`{words}`\n{file}\n{text}");
    }
    assert_eq!(text.contains("uitsluitend de onderstaande"), is_closed, "{text}");
    assert!(!is_closed || text.contains("Datacentrum Voorbeeld"), "{text}");
    assert_eq!(text.contains("Model Inc."), is_closed && taken.contains(&"ai-agent"), "{text}");
    assert_eq!(text.contains("Eigen B.V."), has_own);
    assert!(text.lines().all(|line| line != "–"), "an empty cell\n{text}");
    assert_eq!(text.contains("MNRV"), library.contents().processor.name == "MNRV");
}

#[test]
fn no_contract_says_two_things_or_names_what_is_not_taken() {
    with_stack(|| {
        for library in [library(""), library(NAMED)] {
            let typesetter = Typesetter::new(&library).unwrap();
            let ids: Vec<&str> = library.catalogue().services.keys().map(String::as_str).collect();
            let taken = |mask: usize| -> Vec<&str> {
                (0..ids.len()).filter(|bit| mask >> bit & 1 == 1).map(|bit| ids[bit]).collect()
            };
            let mut number = 0;
            for mask in 1..1 << ids.len() {
                for round in 0..3 {
                    number += 1;
                    // Spreads the terms over the combinations; each is met with and without.
                    let terms = u8::try_from(number * 37 % 128).unwrap();
                    check(&library, &typesetter, (&taken(mask), terms, number + round));
                }
            }
            for terms in 0..128 {
                check(&library, &typesetter, (&["website", "support"], terms, terms.into()));
            }
        }
    });
}

#[test]
fn another_processors_contract_says_nothing_of_the_owner() {
    let contract = Files::embedded_clauses().text("contract.toml").unwrap().text.clone();
    let contract = contract
        .replace("name = \"MNRV\"", "name = \"Webbouw Nederland B.V.\"\nshort-name = \"Webbouw\"")
        .replace("mnrv.nl", "webbouw.example")
        .replace("99723611", "87654321");
    let clauses = Files::embedded_clauses().with("contract.toml", contract);
    let library = Library::read(clauses, Files::embedded_layouts(), None).unwrap();
    let typesetter = Typesetter::new(&library).unwrap();
    let file = client_file(&["website", "ai-agent"], 127, true);
    let client = Client::read(&Source::new("c.toml", file), &library).unwrap();
    let general = Contract::general(&library, Form::Fields);
    for contract in [general, Contract::assemble(&client, Form::Fields)] {
        let texts = typesetter.texts(&contract).unwrap();
        for clause in contract.clauses() {
            let text = &texts[&clause.path].text;
            assert!(!text.to_uppercase().contains("MNRV"), "{}\n{text}", clause.path);
            assert!(!clause.title.contains("MNRV"), "{}", clause.title);
        }
        assert!(!contract.json().to_uppercase().contains("MNRV"), "{}", contract.json());
        let parties = &texts["/clauses/articles/parties.typ"].text;
        assert!(parties.contains("(hierna: Webbouw)"), "{parties}");
        assert!(contract.subtitle().unwrap().starts_with("Voor opdrachtgevers van Webbouw - "));
    }
}
