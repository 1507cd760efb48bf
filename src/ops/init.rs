//! The processor's own details, written into the files of a new folder.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::library::{Contents, Files, Library, read_subprocessors};

/// Details of `[processor]` in `contract.toml`, in the order of that file.
pub const KEYS: [&str; 10] = [
    "name",
    "short-name",
    "kvk",
    "register",
    "address",
    "postal-code",
    "city",
    "country",
    "email",
    "website",
];

/// The keys of a sub-processor, in the order in which they are written.
const SUBPROCESSOR_KEYS: [&str; 8] =
    ["name", "address", "country", "contact", "categories", "processing", "since", "transfer"];

/// What is known of the processor.
#[derive(Debug, Default)]
pub struct Details {
    /// Details by their key; a `register` is its keys in TOML: `name = "…", number = "…"`.
    pub processor: Vec<(&'static str, String)>,
    /// Its sub-processors, each with its keys.
    pub subprocessors: Vec<Table>,
}

impl Details {
    /// Whether a detail is known.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.processor.iter().any(|(known, _)| *known == key)
    }

    /// The embedded clause library with the details in it.
    ///
    /// # Errors
    ///
    /// What the reader finds wrong with them; nothing wrong is ever written.
    pub fn library(&self) -> Result<Files, Problems> {
        let embedded = Files::embedded_clauses();
        let contract = contract_toml(&embedded.text("contract.toml")?.text, &self.processor);
        let subprocessors =
            subprocessors_toml(&embedded.text("subprocessors.toml")?.text, &self.subprocessors);
        let with_details =
            embedded.with("contract.toml", contract).with("subprocessors.toml", subprocessors);
        Library::read(with_details, Files::embedded_layouts(), None)
            .map(|library| library.clause_files)
    }
}

/// A sub-processor that is typed in one line: `name = "…", country = "…"`.
///
/// # Errors
///
/// What is wrong with it; places in it mean nothing to who typed it on a command line.
pub fn subprocessor(typed: &str, library: &Library) -> Result<Table, Problems> {
    let Some(table) = inline(typed) else {
        let wrong = Diagnostic::failure("this is not a sub-processor in TOML");
        return Err(wrong.hint(EXAMPLE).into());
    };
    check_subprocessor(&table, library)?;
    Ok(table)
}

/// The keys and values of a table that is typed in one line, with or without its braces.
fn inline(typed: &str) -> Option<Table> {
    let typed = typed.trim();
    let inner = typed.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(typed);
    match format!("it = {{ {inner} }}").parse::<Table>().ok()?.remove("it")? {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// A register by its name and its number, as one line of TOML.
#[must_use]
pub fn register(name: &str, number: &str) -> String {
    format!("name = {}, number = {}", Value::from(name), Value::from(number))
}

const EXAMPLE: &str = "write it as name = \"…\", address = \"…\", country = \"…\", contact = \"…\", \
    categories = [\"hosting\"], processing = \"…\", since = 2026-01-01";

/// What the reader finds wrong with a sub-processor.
///
/// # Errors
///
/// All of it.
pub fn check_subprocessor(table: &Table, library: &Library) -> Result<(), Problems> {
    let unknown = table.keys().find(|key| !SUBPROCESSOR_KEYS.contains(&key.as_str()));
    if let Some(key) = unknown {
        let wrong = Diagnostic::failure(format!("unknown key `{}`", key.escape_debug()));
        return Err(wrong.suggest(key, SUBPROCESSOR_KEYS).into());
    }
    let source = Source::new("", subprocessors_toml("", std::slice::from_ref(table)));
    let categories: Vec<&str> =
        library.catalogue.subprocessor_categories.keys().map(String::as_str).collect();
    let read = read_subprocessors(&source, &categories, &library.countries);
    read.map(drop).map_err(|problems| problems.into_iter().map(without_place).collect())
}

/// What the reader finds wrong with a detail; a `register` comes with its `country`.
///
/// # Errors
///
/// The first problem.
pub fn check(
    key: &'static str,
    value: &str,
    country: Option<&str>,
    library: &Library,
) -> Result<(), Diagnostic> {
    if key == "register" && inline(value).is_none() {
        let wrong = Diagnostic::failure("this is not a register in TOML");
        return Err(wrong.hint("write it as name = \"…\", number = \"…\""));
    }
    let country = country.filter(|_| key == "register").map(|name| ("country", name.to_owned()));
    let details: Vec<_> = country.into_iter().chain([(key, value.to_owned())]).collect();
    let text = contract_toml(&library.contents.source.text, &details);
    let source = Source::new("", text);
    match Contents::read(&source, &library.clause_files, &library.parties) {
        Ok(_) => Ok(()),
        Err(problems) => {
            problems.into_iter().next().map_or(Ok(()), |problem| Err(without_place(problem)))
        }
    }
}

fn without_place(problem: Diagnostic) -> Diagnostic {
    let severity = crate::diagnostic::Severity::Failure;
    Diagnostic { severity, place: None, file: None, related: Vec::new(), ..problem }
}

/// `contract.toml` with these details in `[processor]`, in place of those that are there.
fn contract_toml(text: &str, details: &[(&'static str, String)]) -> String {
    let Some((before, rest)) = text.split_once("\n[processor]\n") else {
        return text.to_owned();
    };
    let (table, after) = rest.split_once("\n\n").unwrap_or((rest, ""));
    let known = |key: &str| details.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
    let typed = |key: &str| {
        let line = table.lines().find(|line| line.split_once(" = ").is_some_and(|(k, _)| k == key));
        line.map(str::to_owned)
    };
    let line = |key: &str, value: &String| match inline(value).filter(|_| key == "register") {
        Some(table) => format!("{key} = {}", Value::Table(table)),
        None => format!("{key} = {}", Value::from(value.as_str())),
    };
    let mut lines = Vec::new();
    for key in KEYS {
        // The owner's number is of another register.
        let owners = || if key == "kvk" && known("register").is_some() { None } else { typed(key) };
        lines.extend(known(key).map(|value| line(key, value)).or_else(owners));
    }
    format!("{before}\n[processor]\n{}\n\n{after}", lines.join("\n"))
}

/// `subprocessors.toml` with these sub-processors at its end.
fn subprocessors_toml(text: &str, all: &[Table]) -> String {
    let mut text = text.to_owned();
    let mut ids: Vec<String> = Vec::new();
    for table in all {
        let name = table.get("name").and_then(Value::as_str).unwrap_or_default();
        let id = id(name, &ids);
        let _ = writeln!(text, "\n[subprocessor.{id}]");
        for key in SUBPROCESSOR_KEYS {
            if let Some(value) = table.get(key) {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        ids.push(id);
    }
    text
}

/// An id out of a name that is none of those that are taken.
fn id(name: &str, taken: &[String]) -> String {
    let letters = name.to_lowercase();
    let words = letters.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let id = if words.is_empty() { "subprocessor".to_owned() } else { words.join("-") };
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    [id.clone()].into_iter().chain(numbered).find(|id| !taken.contains(id)).unwrap_or(id)
}
