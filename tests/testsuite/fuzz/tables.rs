//! TOML that has the structure of ours, with something in it changed: client files, the library, clause heads,
//! locks.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use dpa_gen::client::Client;
use dpa_gen::contract::{Contract, Form};
use dpa_gen::diagnostic::{Problems, Source};
use dpa_gen::library::{Files, Library};
use dpa_gen::store::{self, Access, Entry, Inputs, Lock, Replaced};
use proptest::prelude::*;
use proptest::sample::Index;
use toml::{Table, Value};

use super::hold;
use crate::support::{Folder, embedded, files_below, repository};

/// One change of a document.
#[derive(Debug, Clone)]
enum Change {
    /// A value becomes another one.
    Replace(Index, Value),
    /// A value goes.
    Remove(Index),
    /// A key gets another name, or a second one beside it has its value.
    Rename(Index, String),
    /// A value stands in a list, so often.
    Nest(Index, usize),
    /// A stretch of the text goes.
    Cut(Index, usize),
    /// Something comes into the text.
    Insert(Index, String),
    /// A line of the text stands there twice.
    Double(Index),
}

/// What is easily mistaken: syntax, white, signs that join or turn, ends of lines and of numbers.
const ODD: [&str; 24] = [
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1b}[31m",
    "\u{feff}",
    "\u{202e}",
    "\u{200d}",
    "é",
    "e\u{301}",
    "漢",
    "😀",
    "\"",
    "\"\"\"",
    "'",
    "[",
    "]]",
    "{",
    "=",
    "#",
    "1e999",
    "-0",
];

fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(&ODD[..]).prop_map(str::to_owned),
        "[a-z-]{1,12}",
        "\\PC{0,40}",
        "[0-9-]{1,10}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        odd().prop_map(Value::String),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
        (0..=9999_u16, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| Value::Datetime(
            format!("{year:04}-{month:02}-{day:02}").parse().unwrap()
        )),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z-]{1,12}", inner, 0..4)
                .prop_map(|table| Value::Table(table.into_iter().collect())),
        ]
    })
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), value()).prop_map(|(at, value)| Change::Replace(at, value)),
        2 => at().prop_map(Change::Remove),
        2 => (at(), odd()).prop_map(|(at, name)| Change::Rename(at, name)),
        1 => (at(), 1..200_usize).prop_map(|(at, depth)| Change::Nest(at, depth)),
        1 => (at(), 0..80_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        2 => (at(), odd()).prop_map(|(at, text)| Change::Insert(at, text)),
        1 => at().prop_map(Change::Double),
    ]
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec(change(), 1..4)
}

/// The text of a document after changes: those of its values first.
fn changed(text: &str, changes: &[Change]) -> String {
    let mut table: Table = toml::from_str(text).unwrap();
    let is_of_values = |change: &&Change| {
        matches!(
            change,
            Change::Replace(..) | Change::Remove(_) | Change::Rename(..) | Change::Nest(..)
        )
    };
    // What nobody asks to be changed stays as it is written, remarks and all.
    let mut text = text.to_owned();
    if changes.iter().any(|change| is_of_values(&change)) {
        for change in changes.iter().filter(is_of_values) {
            let places = places(&table);
            if let Some(place) = index(change).get_if(&places) {
                change_value(&mut table, place, change);
            }
        }
        text = toml::to_string(&table).unwrap();
    }
    for change in changes.iter().filter(|change| !is_of_values(change)) {
        change_text(&mut text, change);
    }
    text
}

fn index(change: &Change) -> &Index {
    match change {
        Change::Replace(at, _)
        | Change::Remove(at)
        | Change::Rename(at, _)
        | Change::Nest(at, _)
        | Change::Cut(at, _)
        | Change::Insert(at, _)
        | Change::Double(at) => at,
    }
}

trait GetIf {
    fn get_if<'a, T>(&self, from: &'a [T]) -> Option<&'a T>;
}

impl GetIf for Index {
    fn get_if<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        (!from.is_empty()).then(|| self.get(from))
    }
}

/// The way to each value, key by key; a number in a list.
fn places(table: &Table) -> Vec<Vec<String>> {
    fn visit(value: &Value, way: &[String], places: &mut Vec<Vec<String>>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Table(table) => table.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
            Value::Array(list) => {
                list.iter().enumerate().map(|(at, inner)| (at.to_string(), inner)).collect()
            }
            _ => return,
        };
        for (key, inner) in inner {
            let way = [way, &[key]].concat();
            visit(inner, &way, places);
            places.push(way);
        }
    }
    let mut places = Vec::new();
    visit(&Value::Table(table.clone()), &[], &mut places);
    places
}

fn change_value(table: &mut Table, place: &[String], change: &Change) {
    let mut whole = Value::Table(std::mem::take(table));
    let (key, way) = place.split_last().unwrap();
    let mut holder = &mut whole;
    for step in way {
        holder = match holder {
            Value::Table(table) => table.get_mut(step).unwrap(),
            Value::Array(list) => &mut list[step.parse::<usize>().unwrap()],
            _ => unreachable!("the way leads through tables and lists"),
        };
    }
    match holder {
        Value::Table(table) => {
            let old = table.remove(key).unwrap();
            match change {
                Change::Replace(_, new) => _ = table.insert(key.clone(), new.clone()),
                Change::Rename(_, name) => _ = table.insert(name.clone(), old),
                Change::Nest(_, depth) => _ = table.insert(key.clone(), nested(old, *depth)),
                _ => {}
            }
        }
        Value::Array(list) => {
            let at = key.parse::<usize>().unwrap();
            let old = list.remove(at);
            match change {
                Change::Replace(_, new) => list.insert(at, new.clone()),
                Change::Rename(_, name) => list.insert(at, Value::String(name.clone())),
                Change::Nest(_, depth) => list.insert(at, nested(old, *depth)),
                _ => {}
            }
        }
        _ => unreachable!("only tables and lists hold values"),
    }
    let Value::Table(changed) = whole else { unreachable!("it is a table still") };
    *table = changed;
}

fn nested(value: Value, depth: usize) -> Value {
    (0..depth).fold(value, |inner, _| Value::Array(vec![inner]))
}

fn change_text(text: &mut String, change: &Change) {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let Some(&at) = index(change).get_if(&boundaries) else { return };
    match change {
        Change::Cut(_, length) => {
            let end = boundaries.iter().find(|end| **end >= at + length);
            text.replace_range(at..end.copied().unwrap_or(text.len()), "");
        }
        Change::Insert(_, more) => text.insert_str(at, more),
        Change::Double(_) => {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
            let line = text[start..end].to_owned();
            text.insert_str(end, &line);
        }
        _ => unreachable!("this one changes values"),
    }
}

/// Each problem says what is wrong, within the text, and can be printed.
fn can_be_printed(problems: &Problems) -> Result<(), TestCaseError> {
    prop_assert!(!problems.is_empty(), "an error without a problem");
    for problem in problems {
        prop_assert!(!problem.message.trim().is_empty());
        prop_assert!(!problem.text().is_empty());
        let json = serde_json::to_value(problem);
        prop_assert!(json.is_ok(), "{:?}", json);
        if let Some(place) = &problem.place {
            let text = &place.source.text;
            prop_assert!(text.get(place.range.clone()).is_some(), "{:?} is not in it", place.range);
        }
    }
    Ok(())
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

#[test]
fn a_client_file_is_read_or_refused_with_a_place() {
    let library = embedded();
    let everything = read("fixtures/clients/everything.toml");
    hold("client", 96, &changes(), |changes| {
        let source: Arc<Source> = Source::new("client.toml", changed(&everything, changes));
        match Client::read(&source, &library) {
            Err(problems) => can_be_printed(&problems),
            Ok(client) => {
                let first = Contract::assemble(&client, Form::Fields).digest().to_owned();
                let again = Client::read(&source, &library).unwrap();
                let second = Contract::assemble(&again, Form::Fields).digest().to_owned();
                prop_assert_eq!(first, second);
                Ok(())
            }
        }
    });
}

/// Reads the library with another text in one of its files.
fn library_with(folder: &Folder, path: &str, text: &str) -> Result<Library, Problems> {
    let before = folder.read(path);
    folder.write(path, text);
    let files = |name: &str| Files::folder(&folder.path(name)).unwrap();
    let library = Library::read(files("clauses"), files("layouts"), None);
    folder.write(path, before);
    library
}

/// A file of the library, with something in it changed, is read or refused.
fn holds_of(name: &str) {
    let folder = Folder::with_library();
    let path = format!("clauses/{name}.toml");
    let text = read(&path);
    hold(name, 32, &changes(), |changes| {
        match library_with(&folder, &path, &changed(&text, changes)) {
            Err(problems) => can_be_printed(&problems),
            Ok(_) => Ok(()),
        }
    });
}

#[test]
fn a_table_of_contents_is_read_or_refused_with_a_place() {
    holds_of("contract");
}

#[test]
fn a_catalogue_is_read_or_refused_with_a_place() {
    holds_of("services");
}

#[test]
fn requirements_are_read_or_refused_with_a_place() {
    holds_of("requirements");
}

#[test]
fn the_head_of_a_clause_is_read_or_refused_with_a_place() {
    let folder = Folder::with_library();
    let paths: Vec<String> = files_below(&repository().join("clauses/articles"))
        .into_iter()
        .map(|file| format!("clauses/articles/{file}"))
        .collect();
    hold("clause", 64, &(any::<Index>(), changes()), |(which, changes)| {
        let path = which.get(&paths);
        let text = read(path);
        let (head, rest) = text.strip_prefix("/*\n").unwrap().split_once("*/").unwrap();
        let text = format!("/*\n{}*/{rest}", changed(head, changes));
        library_with(&folder, path, &text)
            .map_or_else(|problems| can_be_printed(&problems), |_| Ok(()))
    });
}

/// Writes a lock with one client's contract and the general edition, as the program does; what it says.
fn written(folder: &Folder) -> Lock {
    let digest = |letter: &str| letter.repeat(64);
    let inputs = Inputs {
        version: "2026-06-12".into(),
        client_file: digest("a"),
        library: digest("f"),
        services: vec!["hosting".into(), "website".into()],
        text: digest("1"),
        content: digest("2"),
        layout: digest("b"),
        engine: "dpa-gen 0.1.0, typst 0.15.1".into(),
        fields: true,
    };
    let entry = Entry {
        id: Some("acme".into()),
        client: Some("acme.toml".into()),
        number: Some(2),
        replaces: Some(Replaced { version: "2026-06-12".into(), number: 1, digest: digest("3") }),
        inputs,
        digest: digest("c"),
        sha256: digest("d"),
    };
    let text = BTreeMap::from([("articles/parties".to_owned(), digest("e"))]);
    let general = Entry { id: None, client: None, number: None, replaces: None, ..entry.clone() };
    let mut store =
        store::Folder::open(&folder.path(""), Access::Whole, &mut Problems::new()).unwrap();
    store.note("acme.pdf", entry, &text);
    store.note("général.pdf", general, &text);
    store.save().unwrap();
    store.lock
}

#[test]
fn an_entry_of_a_lock_is_the_one_that_was_written_or_counts_as_unknown() {
    let folder = Folder::new();
    let written = written(&folder);
    let files = ["acme.toml", "general.toml"].map(|name| format!("dpa.lock.d/{name}"));
    let texts = files.each_ref().map(|file| String::from_utf8(folder.read(file)).unwrap());
    hold("lock", 128, &(any::<bool>(), changes()), |(which, changes)| {
        let which = usize::from(*which);
        fs::write(folder.path(&files[1 - which]), &texts[1 - which]).unwrap();
        fs::write(folder.path(&files[which]), changed(&texts[which], changes)).unwrap();
        let mut warnings = Vec::new();
        match store::Folder::open(&folder.path(""), Access::Look, &mut warnings) {
            Err(problems) => can_be_printed(&problems),
            Ok(read) => {
                for (file, entry) in &read.lock.entries {
                    prop_assert_eq!(Some(entry), written.entries.get(file), "{} was changed", file);
                }
                Ok(())
            }
        }
    });
}
