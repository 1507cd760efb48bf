//! Whatever letters a client file holds, the contract shows those letters, or the run says which it cannot.

use std::collections::BTreeMap;

use dpa_gen::typeset::Typesetter;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use toml::{Table, Value, value::Datetime};

use crate::pdf;
use crate::support::{ACME, Folder, contract, embedded, join, letters, pdf as make, with_stack};

/// What a text is made of: Typst's own signs, paths, quotes, right-to-left letters and marks, ligatures,
/// accents, and words that are too long for a line.
const PARTS: [&str; 64] = [
    "*",
    "**",
    "_",
    "#",
    "##",
    "@",
    "@security",
    "$",
    "$x^2$",
    "\\",
    "\\n",
    "\\u{1F600}",
    "/",
    "//",
    "/*",
    "*/",
    "\"",
    "'",
    "`",
    "```",
    "<",
    ">",
    "<security>",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "= ",
    "- ",
    "+ ",
    "/ term: ",
    "~",
    "--",
    "---",
    "...",
    "#let x = 1",
    "#panic(\"x\")",
    "#read(\"/etc/passwd\")",
    "#import \"@preview/a:1.0.0\"",
    "../../../etc/passwd",
    "C:\\map",
    "\\u0022",
    "%s",
    "{{name}}",
    "&amp;",
    "<b>vet</b>",
    "é",
    "Ænon",
    "ßŁőñ",
    "e\u{301}",
    "ﬁ",
    "Ωμέγα",
    "Кириллица",
    "שלום",
    "עולם",
    "\u{200F}",
    "\u{200E}",
    "1234567890123",
    "€ 1.250,00",
    "https://example.nl/een/pad?met=vraag&en=nog#anker",
    "Hottentottententententoonstellingsmakersopleidingsprogrammaontwikkelaar",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// How many texts a client file can hold.
const FIELDS: usize = 38;

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => prop::sample::select(&PARTS[..]).prop_map(str::to_owned),
        2 => "[a-zA-Z]{1,12}",
        1 => "[!-~]{1,8}",
    ];
    let blank = prop::sample::select(&[" ", " ", "", "\u{A0}"][..]);
    prop::collection::vec((part, blank), 1..5)
        .prop_map(|parts| {
            let text: String = parts.into_iter().map(|(part, blank)| part + blank).collect();
            text.trim().to_owned()
        })
        .prop_filter("a text has a letter", |text| text.chars().any(|c| c.is_ascii_graphic()))
}

/// A client file with a text in every place that takes one.
fn client(texts: &[String], email: &str) -> Table {
    let mut texts = texts.iter().cloned().map(Value::String);
    let mut next = || texts.next().expect("as many texts as places");
    let mut fill =
        |keys: &[&str]| -> Table { keys.iter().map(|key| ((*key).to_owned(), next())).collect() };
    let mut party = fill(&[
        "name",
        "legal-form",
        "address",
        "postal-code",
        "city",
        "country",
        "phone",
        "website",
    ]);
    party.insert("kvk".into(), "12345678".into());
    party.insert("email".into(), email.into());
    party.insert("signatory".into(), fill(&["name", "role"]).into());
    for person in ["privacy-contact", "breach-contact", "dpo"] {
        let mut table = fill(&["name", "role", "phone"]);
        table.insert("email".into(), email.into());
        party.insert(person.into(), table.into());
    }
    let mut agreement = fill(&["quote", "main-agreement"]);
    let start: Datetime = "2026-07-01".parse().unwrap();
    agreement.insert("start".into(), start.into());
    let mut list = |length: usize| -> Value {
        Value::Array(fill(&["a", "b"][..length]).into_iter().map(|(_, text)| text).collect())
    };
    let (extra, subjects, data, special, own_subjects) =
        (list(2), list(2), list(2), list(1), list(2));
    let mut processing = fill(&["retention"]);
    processing.insert("data-subjects".into(), subjects);
    processing.insert("data-categories".into(), data);
    processing.insert("special-data".into(), special);
    let mut cells = fill(&["processing", "purpose"]);
    cells.insert("data-subjects".into(), own_subjects);
    let mut named = fill(&["name", "address", "processing"]);
    named.insert("categories".into(), Value::Array(vec!["hosting".into()]));
    named.insert("country".into(), "Nederland".into());
    let mut unnamed = fill(&["name", "processing"]);
    unnamed.insert("country".into(), "Frankrijk".into());

    assert!(texts.next().is_none(), "as many places as texts");
    let mut client = Table::new();
    client.insert("services".into(), Value::Array(vec!["website".into(), "ai-agent".into()]));
    client.insert("client".into(), party.into());
    client.insert("agreement".into(), agreement.into());
    client.insert("security".into(), Table::from_iter([("extra".into(), extra)]).into());
    client.insert("processing".into(), processing.into());
    client.insert("service".into(), Table::from_iter([("website".into(), cells.into())]).into());
    client.insert("subprocessor".into(), Value::Array(vec![named.into(), unnamed.into()]));
    client
}

/// All letters of a PDF, the running lines left out.
fn all_letters(pdf: &[u8], digest: &str) -> String {
    let lines = pdf::lines(pdf);
    letters(&lines.into_iter().filter(|line| !line.contains(&digest[..12])).collect::<String>())
}

/// Whether some stretch of `text` has exactly the letters of `wanted`, in whatever order: where letters
/// run from right to left, paper and file have them in different orders, and brackets turn round.
fn has_anagram(text: &str, wanted: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        text.chars()
            .map(|c| match c {
                ')' => '(',
                ']' => '[',
                '}' => '{',
                '>' => '<',
                other => other,
            })
            .collect()
    };
    let (text, wanted) = (plain(text), plain(wanted));
    // What `wanted` has more of than the stretch that ends here; empty if they are the same.
    let mut balance: BTreeMap<char, i32> = BTreeMap::new();
    let mut add = |letter: char, by: i32| {
        let count = balance.entry(letter).or_default();
        *count += by;
        if *count == 0 {
            balance.remove(&letter);
        }
        balance.is_empty()
    };
    for letter in &wanted {
        add(*letter, 1);
    }
    text.iter().enumerate().any(|(index, letter)| {
        let is_same = add(*letter, -1);
        match index.checked_sub(wanted.len()) {
            Some(before) => add(text[before], 1),
            None => is_same,
        }
    })
}

fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| ('\u{590}'..='\u{8FF}').contains(&c))
}

#[test]
fn every_text_comes_out_as_the_letters_it_is() {
    let library = embedded();
    let made = with_stack(|| {
        let typesetter = Typesetter::new(&library).unwrap();
        let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let made = std::cell::Cell::new(0);
        let inputs = (prop::collection::vec(text(), FIELDS), "[a-z]{1,20}(\\+[a-z]{1,9})?");
        let result = TestRunner::new_with_rng(config, rng).run(&inputs, |(texts, mailbox)| {
            let email = format!("{mailbox}@example.nl");
            let file = toml::to_string(&client(&texts, &email)).unwrap();
            let digest = match contract(&library, &file) {
                Ok(contract) => contract.digest().to_owned(),
                Err(problems) => panic!("{problems:#?}\n{file}"),
            };
            let pdf = match make(&library, &typesetter, &file) {
                Ok(pdf) => pdf,
                Err(problems) => {
                    for problem in &problems {
                        prop_assert!(problem.message.contains("U+"), "{problem:#?}");
                    }
                    return Ok(());
                }
            };
            let shown = all_letters(&pdf, &digest);
            for text in texts.iter().chain([&email]) {
                let wanted = letters(text);
                let found = if is_right_to_left(text) {
                    has_anagram(&shown, &wanted)
                } else {
                    shown.contains(&wanted)
                };
                prop_assert!(found, "`{}` should stand in the contract\n{}", text, file);
            }
            for page in pdf::pages(&pdf) {
                prop_assert_eq!(page.off_page, "", "letters off the paper\n{}", file);
            }
            made.set(made.get() + 1);
            Ok(())
        });
        if let Err(error) = result {
            panic!("{error}");
        }
        made.get()
    });
    assert!(made > 24, "most of these texts can be set, but only {made} contracts were made");
}

/// Each term with its sentence, the number left open.
const TERMS: [(&str, &str, &str); 7] = [
    ("breach-hours", "uiterlijk binnen {} uur nadat", "MNRV meldt opdrachtgever een datalek"),
    (
        "subprocessor-notice-days",
        "ten minste {} van tevoren welke subverwerker",
        "van tevoren welke subverwerker",
    ),
    ("objection-days", "binnen {} na de melding gemotiveerd bezwaar", "bezwaar maken"),
    ("deletion-days", "Binnen {} na afloop van de overeenkomst wist", "naar keuze van"),
    (
        "backup-max-days",
        "uiterlijk {} daarna overschreven of verwijderd",
        "Back-ups kunnen nog persoonsgegevens",
    ),
    ("request-forward-days", "binnen {} door naar opdrachtgever", "bijstand bij verzoeken"),
    ("audit-notice-days", "ten minste {} van tevoren aan", "gemachtigde controleur"),
];

/// A number of hours or days as the contract has it.
fn duration(key: &str, number: u32) -> String {
    match number {
        _ if key.ends_with("hours") => number.to_string(),
        1 => "1 dag".to_owned(),
        _ => format!("{number} dagen"),
    }
}

/// The text of the contract of a client file.
fn text_of(client: &str, library: &str) -> String {
    let folder = Folder::with_library()
        .file("acme.toml", format!("{ACME}{client}"))
        .append("clauses/contract.toml", library);
    folder.make(&["-q", "-c", "acme.toml", "-o", "acme.pdf"]);
    // Without what stands at the foot of each page, a sentence is whole.
    let lines = pdf::lines(&folder.read("acme.pdf"));
    let is_text = |line: &&str| !line.starts_with("Verwerkersovereenkomst AVG, ");
    join(lines.iter().map(String::as_str).filter(is_text)).replace("- ", "-")
}

#[test]
fn every_term_that_is_set_is_shown_and_no_other() {
    let without = text_of("", "");
    for (index, (key, sentence, part)) in TERMS.iter().enumerate() {
        assert!(!without.contains(part), "`{part}` stands there without a term");
        for number in [1, 21 + u32::try_from(index).unwrap()] {
            let text = text_of(&format!("\n[terms]\n{key} = {number}\n"), "");
            let sentence = sentence.replace("{}", &duration(key, number));
            assert!(text.contains(&sentence), "`{sentence}` should stand in\n{text}");
            assert!(text.contains(part), "`{part}` should stand in\n{text}");
            for (other, _, part) in TERMS.iter().filter(|(other, ..)| other != key) {
                assert!(!text.contains(part), "`{other}` is not set: `{part}`");
            }
        }
    }
}

#[test]
fn a_term_of_the_library_holds_for_all_but_who_has_its_own() {
    let library = "\n[terms]\nbreach-hours = 48\ndeletion-days = 30\n";
    let text = text_of("\n[terms]\nbreach-hours = 24\n", library);
    assert!(text.contains("uiterlijk binnen 24 uur"), "{text}");
    assert!(text.contains("Binnen 30 dagen na afloop"), "{text}");
    let folder = Folder::with_library().append("clauses/contract.toml", library);
    folder.make(&["-q", "--general", "-o", "general.pdf"]);
    assert!(folder.prose("general.pdf").contains("uiterlijk binnen 48 uur"));
}

#[test]
fn a_name_of_ten_thousand_letters_without_a_space() {
    let library = embedded();
    for letter in ["x", "é", "Ω"] {
        let name = letter.repeat(10_000);
        let file = format!("services = [\"website\"]\n[client]\nname = \"{name}\"\n");
        let (digest, pdf) = with_stack(|| {
            let typesetter = Typesetter::new(&library).unwrap();
            let digest = contract(&library, &file).unwrap().digest().to_owned();
            (digest, make(&library, &typesetter, &file).unwrap())
        });
        assert!(all_letters(&pdf, &digest).contains(&name), "the whole name stands there");
        for page in pdf::pages(&pdf) {
            assert_eq!(page.off_page, "", "of the letters {letter}");
        }
    }
}

#[test]
fn a_letter_that_no_font_has_is_named_with_its_place() {
    let library = embedded();
    with_stack(|| {
        let typesetter = Typesetter::new(&library).unwrap();
        for character in ['漢', '한', '🚲', 'ก'] {
            let file =
                format!("services = [\"website\"]\n[client]\nname = \"Acme {character} B.V.\"\n");
            let problems = make(&library, &typesetter, &file).unwrap_err();
            assert_eq!(problems.len(), 1, "{problems:#?}");
            let named = format!("U+{:04X}", u32::from(character));
            assert!(problems[0].message.contains(&named), "{problems:#?}");
            assert_eq!(problems[0].place.as_ref().unwrap().line_and_column(), (3, 8));
        }
    });
}

#[test]
fn a_letter_of_private_use_is_named_with_its_place() {
    let library = embedded();
    with_stack(|| {
        let typesetter = Typesetter::new(&library).unwrap();
        let file = "services = [\"website\"]\n[client]\nname = \"Acme \u{E000} B.V.\"\n";
        let problems = make(&library, &typesetter, file).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].message.contains("U+E000"), "{problems:#?}");
        assert_eq!(problems[0].place.as_ref().unwrap().line_and_column(), (3, 8));
    });
}

#[test]
fn a_text_that_shows_nothing_is_empty() {
    let library = embedded();
    let names = ["\u{200F}", "\u{200E}\u{200F}", "\u{A0}", "\u{3000}", "\u{2800}", "\u{3164}"];
    let taken: Vec<_> = names
        .into_iter()
        .filter(|name| {
            let file = format!("services = [\"website\"]\n[client]\nname = \"{name}\"\n");
            contract(&library, &file).is_ok()
        })
        .map(str::escape_unicode)
        .map(|name| name.to_string())
        .collect();
    assert!(taken.is_empty(), "these are no names: {taken:?}");
}

#[test]
fn the_search_for_letters_in_any_order_finds_what_is_there_and_nothing_else() {
    assert!(has_anagram("xxcbaxx", "abc"));
    assert!(has_anagram("cba", "abc"));
    assert!(has_anagram("xx)ab(", "(ab)"));
    assert!(!has_anagram("abxc", "abc"));
    assert!(!has_anagram("ab", "abc"));
}

#[test]
fn a_country_is_named_in_the_language_of_the_contract() {
    for typed in ["Belgium", "belgien", "BE"] {
        let text = text_of(&format!("country = \"{typed}\"\naddress = \"Plein 1\"\n"), "");
        assert!(text.contains("Plein 1, België"), "{typed}: {text}");
        assert!(typed == "BE" || !text.contains(typed), "{typed}: {text}");
    }
}

#[test]
fn a_misspelt_country_is_an_error_and_an_unknown_one_is_not() {
    let run = |country: &str| {
        let file = format!("{ACME}country = \"{country}\"\n");
        Folder::new().file("acme.toml", file).run(&["-q", "-c", "acme.toml"])
    };
    assert_eq!(run("Belgim").code, Some(1));
    assert_eq!(run("Freistaat Flaschenhals").code, Some(0));
}

#[test]
fn a_sole_trader_without_a_trade_name_is_a_person_who_runs_a_business() {
    let text = text_of("legal-form = \"eenmanszaak\"\n", "");
    assert!(text.contains("die een eenmanszaak drijft"), "{text}");
    assert!(!text.contains(", een eenmanszaak"), "{text}");
}

#[test]
fn whose_client_is_a_processor_leaves_the_judgement_of_a_breach_to_the_controllers() {
    let ours = "Opdrachtgever is verantwoordelijk voor de beoordeling of melding";
    let theirs = "opdrachtgever geeft hun de melding zonder onredelijke vertraging door";
    let text = text_of("", "");
    assert!(text.contains(ours) && !text.contains(theirs), "{text}");
    let text = text_of("capacity = \"processor\"\n", "");
    assert!(text.contains(theirs) && !text.contains(ours), "{text}");
}

#[test]
fn a_name_that_ends_with_a_full_stop_ends_a_sentence_with_it() {
    let text = text_of("", "short-name = \"Kade B.V.\"\n");
    assert!(text.contains("Kade B.V. is") && !text.contains("B.V.."), "{text}");
}

#[test]
fn a_representative_is_of_a_party_outside_the_european_union() {
    let run = |country: &str| {
        let person = "representative = { name = \"E. Vertegenwoordiger\", role = \"adviseur\" }";
        let file = format!("{ACME}{country}\n{person}\n");
        Folder::new().file("acme.toml", file).run(&["-q", "-c", "acme.toml"])
    };
    for inside in ["", "country = \"België\"", "country = \"Iceland\""] {
        let run = run(inside);
        assert_eq!(run.code, Some(1), "{inside}");
        assert!(run.stderr.contains("a party in the European Union has no `representative`"));
    }
    for outside in ["country = \"Zwitserland\"", "country = \"Freistaat Flaschenhals\""] {
        assert_eq!(run(outside).code, Some(0), "{outside}");
    }
}

#[test]
fn a_country_has_its_article_within_a_sentence_and_none_in_an_address() {
    let text = text_of("legal-form = \"corporation\"\ncountry = \"USA\"\n", "");
    let sentence =
        "een corporation naar het recht van de Verenigde Staten, gevestigd in de Verenigde Staten,";
    assert!(text.contains(sentence), "{text}");
    let text = text_of("country = \"UK\"\n", "");
    assert!(text.contains("gevestigd in het Verenigd Koninkrijk,"), "{text}");
    let text = text_of("country = \"UK\"\naddress = \"1 Road\"\ncity = \"Leeds\"\n", "");
    assert!(text.contains("1 Road, Leeds, Verenigd Koninkrijk,"), "{text}");
}

/// What is wrong with a client of these details.
fn refused(details: &str) -> String {
    let run = Folder::new().file("acme.toml", format!("{ACME}{details}\n")).run(&[
        "-q",
        "-c",
        "acme.toml",
    ]);
    assert_eq!(run.code, Some(1), "{details}\n{run}");
    run.stderr
}

#[test]
fn nobody_is_established_in_an_organisation_of_countries() {
    for organisation in ["EU", "EER", "European Union", "EPO"] {
        let wrong = refused(&format!("country = \"{organisation}\""));
        assert!(wrong.contains(&format!("`{organisation}` is not a country")), "{wrong}");
    }
}

#[test]
fn a_partnership_has_two_partners_at_least_and_nobody_is_named_twice() {
    for form in ["vof", "maatschap"] {
        let wrong = refused(&format!("legal-form = \"{form}\"\npartners = [\"A\"]"));
        assert!(wrong.contains("has at least two partners, not one"), "{wrong}");
    }
    let text = text_of("legal-form = \"cv\"\npartners = [\"A. Aarts\"]\n", "");
    assert!(text.contains("met als beherend vennoot A. Aarts"), "{text}");
    let wrong = refused("legal-form = \"vof\"\npartners = [\"A\", \"B\", \"A\"]");
    assert!(wrong.contains("`A` is twice in `partners`"), "{wrong}");
    let wrong = refused("signatories = [{ name = \"A\" }, { name = \"A\", role = \"lid\" }]");
    assert!(wrong.contains("`A` is twice in `signatories`"), "{wrong}");
}

#[test]
fn a_reason_says_something() {
    let named = "[[subprocessor]]\nname = \"A\"\ncountry = \"VS\"\nprocessing = \"B\"\n";
    for nothing in ["geen", "N.v.t.", "none", "-"] {
        let ground = format!("[processing]\nretention = {{ months = 84, ground = \"{nothing}\" }}");
        assert!(refused(&ground).contains("`ground` gives no reason"), "{nothing}");
        let transfer =
            format!("{named}transfer = {{ basis = \"derogation\", why = \"{nothing}\" }}");
        assert!(refused(&transfer).contains("`why` gives no reason"), "{nothing}");
    }
}

#[test]
fn a_month_is_longer_than_thirty_days() {
    let of = |days: u8| {
        format!("[processing]\nretention = {{ months = 1 }}\n[terms]\ndeletion-days = {days}\n")
    };
    assert!(refused(&of(30)).contains("goes beyond `deletion-days` (30)"));
    assert!(text_of(&of(31), "").contains("1 maand na afloop"));
}

#[test]
fn no_line_begins_with_a_hyphen() {
    // Of some of these names the line ends within the number.
    for length in 0..12 {
        let name = "Acme".to_owned() + &"m".repeat(length);
        let file = format!(
            "services = [\"ai-agent\"]\n[client]\nname = \"{name}\"\ncountry = \"Zwitserland\"\n\
             register = {{ name = \"Handelsregister\", number = \"CHE-123.456.789\" }}\n"
        );
        let folder = Folder::new().file("acme.toml", file);
        folder.make(&["-q", "-c", "acme.toml", "-o", "acme.pdf"]);
        let lines = pdf::lines(&folder.read("acme.pdf"));
        let broken: Vec<&String> = lines.iter().filter(|line| line.starts_with('-')).collect();
        assert!(broken.is_empty(), "{broken:?}");
        assert!(lines.iter().any(|line| line.contains("CHE-123.456.789")), "{lines:#?}");
    }
}

#[test]
fn a_full_stop_that_was_typed_does_not_stand_before_a_day() {
    let named = "[[subprocessor]]\nname = \"A\"\ncountry = \"België\"\nprocessing = \"Taalmodel.\"\n\
                 since = 2026-01-01\n";
    let text = text_of(named, "");
    assert!(text.contains("Taalmodel, sinds 1 januari"), "{text}");
}

#[test]
fn an_old_file_of_a_sole_trader_names_the_keys_to_write() {
    let old = format!(
        "{ACME}legal-form = \"eenmanszaak\"\nsignatory = {{ name = \"P. de Boer\", role = \"eigenaar\" }}\n"
    );
    let run = Folder::new().file("acme.toml", old).run(&["check", "acme.toml"]);
    let text = run.to_string();
    assert!(text.contains("`name` of an eenmanszaak is now the person's name"), "{text}");
    assert!(text.contains("name = \"P. de Boer\" and trade-name = \"Acme B.V.\""), "{text}");
    let new = "name = \"P. de Boer\"\ntrade-name = \"Acme\"\nlegal-form = \"eenmanszaak\"\n\
               signatory = { name = \"P. de Boer\" }\n";
    let new = ACME.replace("name = \"Acme B.V.\"\n", new);
    let text = Folder::new().file("acme.toml", new).run(&["check", "acme.toml"]).to_string();
    assert!(!text.contains("is now the person's name"), "{text}");
}

#[test]
fn a_processor_of_another_country_has_its_own_register() {
    let folder = Folder::new();
    folder.make(&[
        "init",
        "--yes",
        "--name=Webatelier BV",
        "--country=België",
        "--register",
        "name = \"Kruispuntbank van Ondernemingen (KBO)\", number = \"0123.456.749\"",
        "--address=Plein 1",
        "--city=Gent",
        "--email=info@webatelier.example",
        "--website=https://webatelier.example",
    ]);
    let folder = folder.file("acme.toml", ACME);
    folder.make(&["-q", "-c", "acme.toml", "-o", "acme.pdf"]);
    folder.make(&["-q", "--general", "-o", "general.pdf"]);
    for pdf in ["acme.pdf", "general.pdf"] {
        let text = folder.prose(pdf);
        assert!(!text.contains("KvK 99723611") && !text.contains("Kamer van Koophandel"), "{text}");
        let sentence = "Webatelier BV is ingeschreven bij Kruispuntbank van Ondernemingen (KBO) onder nummer \
                        0123.456.749 en is bereikbaar via info@webatelier.example";
        assert!(text.contains(sentence), "{text}");
        let last = "Ondernemingen (KBO) 0123.456.749";
        assert!(text.contains(last), "{text}");
    }
}

#[test]
fn a_processor_without_a_register_is_no_processor() {
    let folder = Folder::with_library().file("acme.toml", ACME).edit(
        "clauses/contract.toml",
        "kvk = \"99723611\"\n",
        "country = \"België\"\n",
    );
    let run = folder.fail(&["-c", "acme.toml"]);
    assert!(run.stderr.contains("`kvk` is missing"), "{run}");
    assert!(run.stderr.contains("outside the Netherlands, `country` and `register"), "{run}");
}

#[test]
fn five_who_sign_under_a_long_name_sign_below_the_closing_text() {
    let long =
        "Stichting voor Openbaar Primair Onderwijs in de Gemeenten Alkmaar, Bergen en Castricum";
    let file = ACME.replace("Acme B.V.", long)
        + "signatories = [{ name = \"drs. A.B.C. van der Aa-van Oldenbarneveldt tot Stoutenburg\", role = \
           \"voorzitter van het college van bestuur\" }, { name = \"B\", role = \"lid\" }, { name = \"C\", role = \
           \"lid\" }, { name = \"D\" }, { name = \"E\" }]\n";
    let folder = Folder::new().file("acme.toml", file);
    folder.make(&["-q", "-c", "acme.toml", "-o", "acme.pdf"]);
    let pages = pdf::pages(&folder.read("acme.pdf"));
    let text = "Door ondertekening gaan partijen akkoord";
    let closing = pages.iter().find(|page| page.lines.iter().any(|line| line.contains(text)));
    let lines = &closing.unwrap().lines;
    assert!(lines.iter().any(|line| line.contains("Handtekening")), "{lines:#?}");
}

#[test]
fn a_long_label_on_the_cover_prints_over_nothing() {
    let details =
        "country = \"België\"\naddress = \"Kade 1\"\ncity = \"Gent\"\nemail = \"info@acme.be\"\n";
    let file = format!("{ACME}{details}");
    let folder = Folder::new().file("acme.toml", file);
    folder.make(&["-q", "-c", "acme.toml", "-o", "acme.pdf"]);
    let cover = pdf::pages(&folder.read("acme.pdf")).swap_remove(0);
    let at = |word: &str| {
        let line = cover.lines.iter().position(|line| line.contains(word));
        cover.baselines[line.unwrap_or_else(|| panic!("{word}: {:#?}", cover.lines))]
    };
    let words = ["België", "Kruispuntbank", "Ondernemingen", "(KBO)", "info@acme.be"].map(at);
    let gaps: Vec<f64> = words.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    assert!(words.is_sorted_by(|a, b| a > b) && gaps.iter().all(|gap| *gap > 8.0), "{gaps:?}");
}

#[test]
fn a_page_for_the_screen_says_what_partners_are_called() {
    let file = format!("{ACME}legal-form = \"vof\"\npartners = [\"A. Aarts\", \"B. Bos\"]\n");
    let folder = Folder::new().file("acme.toml", file);
    folder.make(&["-q", "-c", "acme.toml", "--format", "html", "-o", "acme.html"]);
    let page = String::from_utf8(folder.read("acme.html")).unwrap();
    assert!(page.contains("Vennoten: A. Aarts en B. Bos"), "{page}");
}
