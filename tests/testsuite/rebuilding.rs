//! A redline holds both texts whole: applied to the old one it gives the new one, word for word.

use dpa_gen::compare::{AgreementText, Comparison, ParagraphChange, RunKind, compare};
use dpa_gen::contract::Contract;
use dpa_gen::typeset::{ClauseText, Typesetter};
use serde_json::{Value, json};

use crate::stress::Random;
use crate::support::{contract, embedded, sample, with_stack};

/// The JSON that the PDF of a client carries.
fn attached(client: &str) -> Value {
    let library = embedded();
    let client = std::fs::read_to_string(sample(client)).unwrap();
    let made: Contract = contract(&library, &client).unwrap();
    let texts =
        with_stack(|| Typesetter::new(&library).unwrap().texts(&made).map_err(|_| ())).unwrap();
    let json = made.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
    serde_json::from_str(&json).unwrap()
}

fn read(value: &Value) -> AgreementText {
    AgreementText::read(value.to_string().as_bytes()).unwrap()
}

/// The text of a clause in the JSON.
fn text_of<'a>(contract: &'a Value, id: &str) -> &'a str {
    let lists = [("articles", ""), ("annexes", "annex-")];
    let listed = lists.iter().flat_map(|(list, prefix)| {
        contract[list].as_array().unwrap().iter().map(move |clause| (prefix, clause))
    });
    let mut clauses = listed.chain([(&"", &contract["signature"])]);
    let is_it = |(prefix, clause): &(&&str, &Value)| {
        format!("{prefix}{}", clause["id"].as_str().unwrap()) == id
    };
    clauses.find(is_it).map_or("", |(_, clause)| clause["text"].as_str().unwrap())
}

fn side(paragraph: &ParagraphChange, without: RunKind) -> String {
    let runs = paragraph.runs.iter().filter(|run| run.kind != without);
    runs.map(|run| run.text.as_str()).collect()
}

/// The old text as the redline has it: what moved is put back to its place.
fn old_text(paragraphs: &[ParagraphChange]) -> String {
    let is_old = |paragraph: &&ParagraphChange| paragraph.old.is_some();
    let count = paragraphs.iter().filter(is_old).count();
    let mut places: Vec<Option<String>> = vec![None; count];
    for paragraph in paragraphs.iter().filter(is_old) {
        if let Some(from) = paragraph.moved_from {
            places[from - 1] = Some(side(paragraph, RunKind::Inserted));
        }
    }
    let mut free: Vec<usize> = (0..count).rev().filter(|at| places[*at].is_none()).collect();
    for paragraph in paragraphs.iter().filter(is_old).filter(|it| it.moved_from.is_none()) {
        places[free.pop().unwrap()] = Some(side(paragraph, RunKind::Inserted));
    }
    lines(places.into_iter().flatten())
}

/// Texts as the lines of a clause, in which an empty cell has none.
fn lines(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.collect();
    let lines = texts.iter().flat_map(|text| text.split('\n')).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn new_text(paragraphs: &[ParagraphChange]) -> String {
    let new = paragraphs.iter().filter(|paragraph| paragraph.new.is_some());
    lines(new.map(|paragraph| side(paragraph, RunKind::Deleted)))
}

/// Holds a comparison against both texts.
fn assert_rebuilds(comparison: &Comparison, old: &Value, new: &Value, what: &str) {
    for clause in &comparison.clauses {
        let paragraphs = &clause.paragraphs;
        assert_eq!(old_text(paragraphs), text_of(old, &clause.id), "{what}: old {}", clause.id);
        assert_eq!(new_text(paragraphs), text_of(new, &clause.id), "{what}: new {}", clause.id);
        for paragraph in paragraphs {
            let sides = [(&paragraph.old, RunKind::Inserted), (&paragraph.new, RunKind::Deleted)];
            for (text, without) in sides {
                assert_eq!(text.clone().unwrap_or_default(), side(paragraph, without), "{what}");
            }
            let is_merged = paragraph.runs.windows(2).all(|two| two[0].kind != two[1].kind);
            assert!(is_merged && paragraph.runs.iter().all(|run| !run.text.is_empty()), "{what}");
        }
    }
}

/// Edits a text at random, as a person could: words and lines added, taken out, moved, copied.
fn edit(random: &mut Random, text: &str, other: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let pick = |random: &mut Random, count: usize| random.below(count.max(1));
    for _ in 0..=random.below(4) {
        if lines.is_empty() {
            lines.push("Nieuw.".to_owned());
        }
        let at = pick(random, lines.len());
        match random.below(9) {
            0 => drop(lines.remove(at)),
            1 => {
                let line = lines.remove(at);
                let to = pick(random, lines.len() + 1);
                lines.insert(to, line);
            }
            2 => {
                let lent: Vec<&str> = other.split('\n').collect();
                let line = lent[pick(random, lent.len())].to_owned();
                lines.insert(at, line);
            }
            3 => {
                let copy = lines[at].clone();
                lines.insert(at, copy);
            }
            4 if at + 1 < lines.len() => {
                let next = lines.remove(at + 1);
                lines[at] = format!("{} {next}", lines[at]);
            }
            _ => {
                let mut words: Vec<&str> = lines[at].split(' ').collect();
                let place = pick(random, words.len());
                match random.below(4) {
                    0 => drop(words.remove(place)),
                    1 => words.insert(place, "desgewenst"),
                    2 => words[place] = "anders,",
                    _ => words.insert(place, "(ten minste)"),
                }
                lines[at] = words.join(" ");
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

#[test]
fn a_redline_applied_to_the_old_text_gives_the_new_one() {
    let old = attached("everything.toml");
    let mut random = Random(7);
    for round in 0..150 {
        let mut new = old.clone();
        for list in ["articles", "annexes"] {
            let count = new[list].as_array().unwrap().len();
            let lent = text_of(&old, "security").to_owned();
            for _ in 0..=random.below(3) {
                let clause = &mut new[list][random.below(count)];
                let edited = edit(&mut random, clause["text"].as_str().unwrap(), &lent);
                clause["text"] = edited.into();
                if random.below(2) == 0 {
                    // As an earlier version of the program wrote it.
                    clause["rows"] = json!([]);
                    clause["items"] = json!([]);
                }
            }
            if random.below(4) == 0 {
                let clauses = new[list].as_array_mut().unwrap();
                let clause = clauses.remove(random.below(count));
                if random.below(2) == 0 {
                    clauses.insert(random.below(clauses.len() + 1), clause);
                }
            }
        }
        let (one, other) = (read(&old), read(&new));
        assert_rebuilds(&compare(&one, &other), &old, &new, &format!("round {round}"));
        assert_rebuilds(&compare(&other, &one), &new, &old, &format!("round {round}, back"));
    }
}

#[test]
fn a_text_is_the_same_as_itself() {
    let text = attached("everything.toml");
    let comparison = compare(&read(&text), &read(&text));
    assert!(comparison.details.is_empty());
    assert!(comparison.clauses.iter().all(|clause| !clause.changed));
}

#[test]
fn a_pdf_of_an_earlier_version_of_the_program_is_compared_too() {
    let new = attached("everything.toml");
    let mut old = new.clone();
    for list in ["articles", "annexes"] {
        for clause in old[list].as_array_mut().unwrap() {
            let clause = clause.as_object_mut().unwrap();
            clause.remove("rows");
            clause.remove("items");
        }
    }
    let same = compare(&read(&old), &read(&new));
    let changed: Vec<&str> =
        same.clauses.iter().filter(|clause| clause.changed).map(|clause| &*clause.id).collect();
    assert!(changed.is_empty(), "{changed:?}");

    // A cell is found in its row.
    let text = text_of(&old, "annex-subprocessors").replace("Verenigde Staten", "Canada");
    let at = old["annexes"].as_array().unwrap().iter().position(|it| it["id"] == "subprocessors");
    old["annexes"][at.unwrap()]["text"] = text.into();
    let comparison = compare(&read(&old), &read(&new));
    let clause = comparison.clauses.iter().find(|it| it.id == "annex-subprocessors").unwrap();
    let changed: Vec<_> = clause.paragraphs.iter().filter(|it| it.is_changed()).collect();
    assert_eq!(changed.len(), 1);
    let row = changed[0].new.as_ref().unwrap();
    assert!(row.starts_with("Example Language Models Inc."), "{row}");
    assert_rebuilds(&comparison, &old, &new, "an older shape");
}
