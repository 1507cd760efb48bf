//! The client file that `new` and `init` write: every key there is, with those that are not known behind a `#`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::client::Client;
use crate::client::identity::stem;
use crate::diagnostic::{Diagnostic, Problems, Slashed, Source};
use crate::library::Library;
use crate::schema;

const TEMPLATE: &str = include_str!("template/client.toml");

/// Where editors find the schema of client files, from the folder of `clients/`.
pub const SCHEMA: &str = "schemas/client.schema.json";

/// A client file with what is known filled in: `known` has its keys as a client file has them.
///
/// # Errors
///
/// What the reader finds wrong with it; nothing wrong is ever written.
pub fn client_file(
    path: &Path,
    known: &Table,
    schema: &str,
    library: &Library,
) -> Result<String, Problems> {
    let mut text = String::new();
    let mut table = "";
    for line in TEMPLATE.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        if bare.starts_with('[') {
            table = bare.trim_matches(['[', ']']);
        }
        let key = bare.split_once(" = ").map(|(key, _)| key);
        let filled = match key.and_then(|key| Some((key, find(known, table, key)?))) {
            Some(("services", taken)) => services(taken, library),
            Some((key, value)) => format!("{key} = {value}"),
            None => example(line, path, known, schema, library),
        };
        text += &filled;
        text.push('\n');
    }
    let source = Source::new(path.slashed(), &*text);
    Client::read(&source, library)?;
    Ok(text)
}

/// The value of a key in a table; the table without a name is the file itself.
fn find<'a>(known: &'a Table, table: &str, key: &str) -> Option<&'a Value> {
    let table = if table.is_empty() { known } else { known.get(table)?.as_table()? };
    table.get(key)
}

/// The whole catalogue as a list, what is not taken behind a `#`.
fn services(taken: &Value, library: &Library) -> String {
    let taken = taken.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut text = "services = [\n".to_owned();
    for (id, service) in &library.catalogue.services {
        let id = Value::from(id.as_str());
        let mark = if taken.contains(&id) { "" } else { "# " };
        let _ = writeln!(text, "    {:<24}# {}", format!("{mark}{id},"), service.name);
    }
    text + "]"
}

/// A line of the template with the library's own ids in it.
fn example(line: &str, path: &Path, known: &Table, schema: &str, library: &Library) -> String {
    let service = known.get("services").and_then(|taken| taken.get(0)).and_then(Value::as_str);
    let service = service.unwrap_or_default();
    let quoted = |id: &String| Value::from(id.as_str()).to_string();
    let categories =
        library.catalogue.services.get(service).map(|service| {
            service.data_categories.iter().map(quoted).collect::<Vec<_>>().join(", ")
        });
    let subprocessors = library.catalogue.subprocessor_categories.keys().next().map(quoted);
    line.replace("{schema}", schema)
        .replace("{file}", &path.slashed())
        .replace("{id}", &stem(path))
        .replace("{service}", service)
        .replace("{data-categories}", &categories.unwrap_or_default())
        .replace("{subprocessor-category}", &subprocessors.unwrap_or_default())
}

/// What the reader would say of a single answer beside those that are `known`, its key as in `client.name`.
///
/// # Errors
///
/// The first problem.
pub fn check(
    key: &str,
    value: impl Into<Value>,
    known: &Table,
    library: &Library,
) -> Result<(), Diagnostic> {
    let mut file = known.clone();
    let services = library.catalogue.services.keys().take(1).cloned();
    file.insert("services".into(), services.collect::<Vec<_>>().into());
    if key.starts_with("client.signator")
        && let Some(client) = file.get_mut("client").and_then(Value::as_table_mut)
    {
        client.retain(|key, _| !key.starts_with("signator"));
    }
    if known.get("client").and_then(|client| client.get("name")).is_none() {
        set(&mut file, "client.name", "x");
    }
    set(&mut file, key, value);
    let source = Source::new("", toml::to_string(&file).unwrap_or_default());
    match Client::read(&source, library) {
        Ok(_) => Ok(()),
        Err(problems) => {
            // The place is none that the user knows.
            problems.into_iter().next().map_or(Ok(()), |problem| {
                Err(Diagnostic { place: None, file: None, related: Vec::new(), ..problem })
            })
        }
    }
}

/// Sets a key, its path as in `client.signatory.name`.
pub fn set(table: &mut Table, path: &str, value: impl Into<Value>) {
    match path.split_once('.') {
        None => drop(table.insert(path.to_owned(), value.into())),
        Some((name, rest)) => {
            let inner = table.entry(name).or_insert_with(|| Table::new().into());
            if let Some(inner) = inner.as_table_mut() {
                set(inner, rest, value);
            }
        }
    }
}

/// The schema that serves a folder of client files: the nearest there is at or above it, else where to put one.
#[must_use]
pub fn schema_path(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let there = absolute.ancestors().map(|above| above.join(SCHEMA)).find(|path| path.is_file());
    let base = match folder.file_name() {
        Some(name) if name == "clients" => folder.parent().unwrap_or(Path::new("")),
        _ => folder,
    };
    let here = std::env::current_dir().unwrap_or_default();
    let short = |path: PathBuf| path.strip_prefix(here).map(Path::to_owned).unwrap_or(path);
    there.map_or_else(|| base.join(SCHEMA), short)
}

/// The schema's text, as `dpa-gen schema client` prints it.
#[must_use]
pub fn schema_text(library: &Library) -> String {
    schema::text(&Client::schema(library)) + "\n"
}
