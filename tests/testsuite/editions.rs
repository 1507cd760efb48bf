//! The client edition: what each sample client's contract says, and what it leaves out.

use std::fs;

use crate::pdf;
use crate::support::{Folder, assert_snapshot, letters, sample, without_digests};

/// Makes the PDF of a sample client.
fn made(name: &str) -> Vec<u8> {
    let folder = Folder::new();
    let file = sample(&format!("{name}.toml"));
    folder.make(&["--embedded", "--client", file.to_str().unwrap(), "-o", "made.pdf"]);
    folder.read("made.pdf")
}

fn assert_text(name: &str) {
    assert_snapshot!(name, without_digests(&pdf::text(&made(name))));
}

#[test]
fn smallest() {
    assert_text("smallest");
}

#[test]
fn everything() {
    assert_text("everything");
}

#[test]
fn webshop_without_ai() {
    assert_text("webshop-without-ai");
}

#[test]
fn ai_only() {
    assert_text("ai-only");
}

#[test]
fn hostile() {
    assert_text("hostile");
}

#[test]
fn acme() {
    assert_text("acme");
}

/// A client file's kind of client: each is a fixture of its own.
macro_rules! kinds_of_client {
    ($($test:ident: $name:literal),*) => {
        const KINDS: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                assert_text($name);
            }
        )*
    };
}

kinds_of_client! {
    a_private_company_with_two_directors: "two-directors",
    a_sole_trader: "eenmanszaak",
    a_partnership_of_three: "vof",
    a_school: "school",
    a_municipality: "municipality",
    a_german_company: "gmbh",
    a_client_that_is_a_processor: "processor",
    health_data: "health-care"
}

#[test]
fn every_sample_client_has_a_test_above() {
    let mut names: Vec<String> = fs::read_dir(sample(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut tested =
        vec!["acme", "ai-only", "everything", "hostile", "smallest", "webshop-without-ai"];
    tested.extend(KINDS);
    tested.sort_unstable();
    let tested: Vec<String> = tested.into_iter().map(|name| format!("{name}.toml")).collect();
    assert_eq!(names, tested);
}

/// The texts of a client file, dates as the contract writes them; ids left out.
fn texts(value: &toml::Value, key: &str, texts: &mut Vec<String>) {
    match value {
        // Ids, and ways to write what the contract writes in its own way.
        toml::Value::String(_)
            if ["categories", "basis", "capacity", "legal-form"].contains(&key) => {}
        toml::Value::String(text) if key == "kvk" => texts.push(text.replace(' ', "")),
        toml::Value::String(text) => texts.push(text.clone()),
        toml::Value::Datetime(date) => {
            let date = date.date.unwrap();
            let month = ["januari", "februari", "maart", "april", "mei", "juni", "juli"]
                [usize::from(date.month) - 1];
            texts.push(format!("{} {month} {}", date.day, date.year));
        }
        toml::Value::Integer(number) => texts.push(number.to_string()),
        toml::Value::Array(values) => {
            for value in values {
                self::texts(value, key, texts);
            }
        }
        toml::Value::Table(table) => {
            for (key, value) in table {
                let is_ids =
                    key == "services" || key == "data-categories" && table.contains_key("purpose");
                if !is_ids {
                    self::texts(value, key, texts);
                }
            }
        }
        other => panic!("a client file should have no {other}"),
    }
}

#[test]
fn every_text_of_a_client_file_stands_in_its_contract() {
    let others = ["smallest", "everything", "webshop-without-ai", "ai-only", "acme"];
    for name in others.iter().chain(KINDS) {
        let file = fs::read_to_string(sample(&format!("{name}.toml"))).unwrap();
        let mut wanted = Vec::new();
        texts(&toml::Value::Table(file.parse().unwrap()), "", &mut wanted);
        assert!(!wanted.is_empty());
        // Letters only: a narrow column breaks an e-mail address without a hyphen.
        let shown = letters(&pdf::lines(&made(name)).concat());
        let missing: Vec<_> =
            wanted.iter().filter(|text| !shown.contains(&letters(text))).collect();
        assert!(missing.is_empty(), "{name}: not in the contract: {missing:#?}");
    }
}

#[test]
fn client_text_is_never_code() {
    let file = fs::read_to_string(sample("hostile.toml")).unwrap();
    let mut wanted = Vec::new();
    texts(&toml::Value::Table(file.parse().unwrap()), "", &mut wanted);
    let shown = letters(&pdf::lines(&made("hostile")).concat());
    for wanted in &wanted {
        let is_right_to_left = wanted.starts_with('ש');
        let wanted = if is_right_to_left { wanted.chars().rev().collect() } else { wanted.clone() };
        assert!(shown.contains(&letters(&wanted)), "`{wanted}` should stand there as typed");
    }
}

#[test]
fn a_contract_without_ai_has_no_article_on_it_and_no_gap() {
    let lines = pdf::lines(&made("webshop-without-ai"));
    let text = lines.join("\n");
    assert!(!text.contains("AI-systemen, chatbots en agents"));
    assert!(!text.contains("Verwerking binnen AI-chatbots"));
    assert!(text.contains("12.   Datalekken"));
    let all: Vec<usize> = (1..=17).collect();
    assert_eq!(pdf::article_numbers(&lines), (all.clone(), all));
}

#[test]
fn the_annexes_hold_the_services_taken_and_what_they_bring() {
    let lines = pdf::lines(&made("webshop-without-ai"));
    let services = ["Website", "Webshop", "Hosting", "AI-agent", "CRM-koppeling", "Support"];
    assert_eq!(
        pdf::rows(&lines, "Bijlage 1", "Bijlage 2", &services),
        ["Webshop", "Hosting", "Support"]
    );
    let categories = [
        "Hosting en cloud",
        "E-mail en transactieberichten",
        "Betaalproviders",
        "AI-platformen",
        "Monitoring en logging",
        "Analyse",
    ];
    let all_but_ai: Vec<&str> =
        categories.into_iter().filter(|name| *name != "AI-platformen").collect();
    assert_eq!(
        pdf::rows(&lines, "Bijlage 3", "Ondertekening en acceptatie", &categories),
        all_but_ai
    );
}

#[test]
fn no_letter_of_any_sample_stands_off_the_paper() {
    for name in ["everything", "hostile"] {
        for page in pdf::pages(&made(name)) {
            assert_eq!(page.off_page, "", "{name}");
        }
    }
}
