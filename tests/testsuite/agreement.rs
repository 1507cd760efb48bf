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
            "verzoeken om retourlevering",
            "voor zover technisch mogelijk en redelijk",
        ],
    ),
    ("backup-max-days", 90, &["gedurende een beperkte periode", "normale retentiebeleid"]),
    ("request-forward-days", 5, &["in beginsel doorsturen", "redelijkerwijs bij verzoeken"]),
    ("audit-notice-days", 14, &["redelijke informatie", "na redelijke aankondiging"]),
];

/// The words that only a service brings in, in small letters.
const WORDS: [(&str, &[&str]); 6] = [
    ("hosting", &["hosting,", "hosting-", "hosting.", "hosting en", "gehoste omgeving"]),
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

[subprocessor.tweede]
name = \"Tweede Datacentrum B.V.\"
address = \"Serverweg 2, Utrecht\"
country = \"Nederland\"
contact = \"privacy@tweede.example\"
categories = [\"monitoring\"]
processing = \"Bewaking.\"
since = 2026-01-01
";

/// Who the client is: keys of its table, words that stand in its contract, and in no other.
const FORMS: [(&str, &[&str]); 5] = [
    ("", &[]),
    ("legal-form = \"bv\"\n", &["een besloten vennootschap"]),
    (
        "legal-form = \"eenmanszaak\"\ntrade-name = \"Kapsalon Noord\"\n",
        &["handelend onder de naam Kapsalon Noord"],
    ),
    (
        "legal-form = \"vof\"\npartners = [\"A. Aarts\", \"B. Bos\"]\n",
        &["een vennootschap onder firma", "met als vennoten A. Aarts en B. Bos"],
    ),
    (
        "legal-form = \"corporation\"\ncountry = \"USA\"\n\
         register = { name = \"Division of Corporations\", number = \"123\" }\n",
        &[
            "een corporation naar het recht van de Verenigde Staten, gevestigd in de Verenigde Staten",
            "ingeschreven bij Division of Corporations onder nummer 123",
        ],
    ),
];

/// Who sign for the client, and the words for it.
const SIGNATORIES: [(&str, &str); 3] = [
    ("", ""),
    ("signatory = { name = \"C. Smit\" }\n", ", vertegenwoordigd door C. Smit"),
    (
        "signatories = [{ name = \"C. Smit\" }, { name = \"D. Mol\" }]\n",
        "gezamenlijk vertegenwoordigd door C. Smit en D. Mol",
    ),
];

/// How long data are kept, and whether a law asks for it.
const RETENTIONS: [(&str, bool); 4] = [
    ("", false),
    ("retention = \"Zeven jaar\"\n", false),
    ("retention = { months = 84, ground = \"artikel 52 AWR\" }\n", true),
    ("retention = { months = 1 }\n", false),
];

/// What a contract is made of.
#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    taken: &'a [&'a str],
    terms: u8,
    has_own: bool,
    form: usize,
    signatories: usize,
    retention: usize,
    is_processor: bool,
    is_narrowed: bool,
    paper: Form,
}

impl<'a> Case<'a> {
    /// One of many: `number` picks each of the rest by itself.
    fn new(taken: &'a [&'a str], terms: u8, number: usize, library: &Library) -> Self {
        let deletes = terms >> 3 & 1 == 1;
        Self {
            taken,
            terms,
            has_own: number.is_multiple_of(3),
            form: number % FORMS.len(),
            signatories: number / 2 % SIGNATORIES.len(),
            // A month is longer than the time to delete.
            retention: number / 3 % if deletes { 3 } else { 4 },
            is_processor: number % 7 < 3,
            is_narrowed: number % 11 < 5 && !library.subprocessors().is_empty(),
            paper: [Form::Fields, Form::Lines, Form::Draft][number % 3],
        }
    }

    fn has(&self, term: &str) -> bool {
        let index = TERMS.iter().position(|(key, ..)| *key == term).unwrap();
        self.terms >> index & 1 == 1
    }

    fn file(&self) -> String {
        let mut file = format!("services = {:?}\n[client]\nname = \"Acme B.V.\"\n", self.taken);
        file += FORMS[self.form].0;
        file += SIGNATORIES[self.signatories].0;
        if self.is_processor {
            file += "capacity = \"processor\"\ncontrollers = [\"haar klanten\"]\n";
        }
        let _ = writeln!(file, "[processing]\n{}[terms]", RETENTIONS[self.retention].0);
        for (index, (key, number, _)) in TERMS.iter().enumerate() {
            if self.terms >> index & 1 == 1 {
                let _ = writeln!(file, "{key} = {number}");
            }
        }
        if self.is_narrowed {
            file += "[subprocessors]\nmonitoring = [\"alles\"]\n";
        }
        if self.has_own {
            file += "[[subprocessor]]\nname = \"Eigen B.V.\"\ncountry = \"Belgium\"\nprocessing = \"Post\"\n";
        }
        file
    }
}

fn library(subprocessors: &str) -> Library {
    let clauses = Files::embedded_clauses().with("subprocessors.toml", subprocessors.to_owned());
    Library::read(clauses, Files::embedded_layouts(), None).unwrap()
}

/// The subtitle, headings and texts of a contract.
fn text(case: &Case<'_>, library: &Library, typesetter: &Typesetter<'_>) -> String {
    let file = case.file();
    let client = Client::read(&Source::new("client.toml", &*file), library)
        .unwrap_or_else(|problems| panic!("{problems:#?}\n{file}"));
    let contract = Contract::assemble(&client, case.paper);
    let clauses = typesetter.texts(&contract).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut text = format!("{}\n", contract.subtitle().unwrap_or_default());
    for clause in contract.clauses() {
        let _ = writeln!(text, "{}\n{}", clause.title, clauses[&clause.path].text);
    }
    text
}

fn check(case: &Case<'_>, library: &Library, typesetter: &Typesetter<'_>) {
    let text = text(case, library, typesetter);
    let holds = |words: &str, is_there: bool| {
        assert_eq!(text.contains(words), is_there, "`{words}`\n{case:#?}\n{text}");
    };
    terms(case, &holds);
    scope(case, &text, &holds);
    parties(case, &holds);
    subprocessors(case, library, &holds);
    holds("tenzij partijen een afzonderlijk ondertekende", false);
    holds("voorgaat", false);
    assert!(text.lines().all(|line| line != "–"), "an empty cell\n{text}");
    holds("MNRV", library.contents().processor.name == "MNRV");
}

/// Each term's sentence stands in place of the vaguer one, and a retention period keeps within the time to delete.
fn terms(case: &Case<'_>, holds: &dyn Fn(&str, bool)) {
    for (key, number, replaced) in TERMS {
        for words in replaced {
            holds(words, !case.has(key));
        }
        let unit = if key.ends_with("hours") { "uur" } else { "dagen" };
        if case.has(key) {
            holds(&format!("{number} {unit}"), true);
        }
    }
    let (retention, has_ground) = RETENTIONS[case.retention];
    let deletes = case.has("deletion-days");
    holds("\nBewaartermijn\n", !retention.is_empty());
    holds("met haar wettelijke grondslag noemt", deletes && has_ground);
    let ends = deletes && !retention.is_empty() && !has_ground;
    holds("zonder wettelijke grondslag noemt, eindigt uiterlijk met deze termijn", ends);
}

/// What is taken is covered, and nothing else is named.
fn scope(case: &Case<'_>, text: &str, holds: &dyn Fn(&str, bool)) {
    // A category of sub-processors is no service.
    let lower = text.to_lowercase().replace("hosting en cloud", "");
    for (service, words) in WORDS.iter().filter(|(service, _)| !case.taken.contains(service)) {
        for word in *words {
            assert!(!lower.contains(word), "`{word}` without {service}\n{case:#?}\n{text}");
        }
    }
    for service in case.taken {
        let is_heading = |line: &str| line == *service;
        assert!(lower.lines().any(is_heading), "{service}\n{case:#?}\n{text}");
    }
    holds("in het kader van de diensten die in @annex-processing staan, waaronder", true);
    holds("trainen van eigen AI-modellen", true);
}

/// Each client is said to be what it is, and nothing that another is.
fn parties(case: &Case<'_>, holds: &dyn Fn(&str, bool)) {
    for (index, (_, words)) in FORMS.iter().enumerate() {
        for words in *words {
            holds(words, index == case.form);
        }
    }
    for (index, (_, words)) in SIGNATORIES.iter().enumerate().skip(1) {
        holds(words, index == case.signatories);
    }
    holds("vertegenwoordigd door", case.signatories > 0);
    for words in [
        "als subverwerker",
        "toestemming voor verdere subverwerkers",
        "Waar deze overeenkomst verder van een subverwerker spreekt",
        "door opdrachtgever of de verwerkingsverantwoordelijken bepaalde",
        "bepalen het doel en de middelen",
    ] {
        holds(words, case.is_processor);
    }
    for words in [
        "als verwerkingsverantwoordelijke en",
        "Subverwerker betekent",
        "door opdrachtgever bepaalde",
        "Opdrachtgever bepaalt het doel",
    ] {
        holds(words, !case.is_processor);
    }
}

/// A list is open or closed, and all that is said of it fits that.
fn subprocessors(case: &Case<'_>, library: &Library, holds: &dyn Fn(&str, bool)) {
    let is_closed = !library.subprocessors().is_empty();
    let notice = case.has("subprocessor-notice-days");
    let objection = case.has("objection-days");
    for words in ["Voorbeelden van subverwerkers", "Subverwerkerscategorieën"] {
        holds(words, !is_closed);
    }
    holds("welke leveranciers concreet", !is_closed && !notice && !objection);
    holds("uitsluitend de onderstaande", is_closed);
    holds("voor wijzigingen geldt @subprocessors.notice", is_closed);
    holds("dagen van tevoren welke subverwerker", notice);
    holds("meldt opdrachtgever vooraf welke subverwerker", !notice && (objection || is_closed));
    holds("Datacentrum Voorbeeld", is_closed);
    let has_transfer = is_closed && case.taken.contains(&"ai-agent");
    holds("Model Inc.", has_transfer);
    let uses_cloud = case.taken != ["support"];
    holds("kan verwerking buiten de EER plaatsvinden", uses_cloud && (!is_closed || has_transfer));
    holds("Tweede Datacentrum", is_closed && !case.is_narrowed);
    holds("Bewaking., sinds", false);
    holds("Eigen B.V.", case.has_own);
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
                    let taken = taken(mask);
                    check(
                        &Case::new(&taken, terms, number + round, &library),
                        &library,
                        &typesetter,
                    );
                }
            }
            for terms in 0..128 {
                let taken = ["website", "support"];
                check(&Case::new(&taken, terms, terms.into(), &library), &library, &typesetter);
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
    let file = Case::new(&["website", "ai-agent"], 127, 0, &library).file();
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
