//! The files of a folder to work in: the contract's text and looks to edit, a sample client, and what editors need.

use std::path::Path;

use indexmap::IndexMap;
use toml::Table;

use super::template;
use crate::diagnostic::{Count, Diagnostic, Problems, Slashed};
use crate::library::{Catalogue, Contents, Files, Library, subprocessors_schema};
use crate::schema;
use crate::store::{self, Existing};

/// The sample client.
pub const SAMPLE: &str = "clients/voorbeeld.toml";

/// All files, by their paths.
///
/// # Errors
///
/// All problems of the clauses.
pub fn files(clauses: Files) -> Result<IndexMap<String, Vec<u8>>, Problems> {
    let mut files = IndexMap::new();
    for (folder, embedded) in [("clauses", &clauses), ("layouts", &Files::embedded_layouts())] {
        for path in embedded.paths() {
            let bytes = embedded.bytes(path).unwrap_or_default();
            files.insert(format!("{folder}/{path}"), bytes.to_vec());
        }
    }
    let library = Library::read(clauses, Files::embedded_layouts(), None)?;
    let categories = library.catalogue.subprocessor_category_ids();
    let schema = format!("../{}", template::SCHEMA);
    let sample = template::client_file(Path::new(SAMPLE), &sample(&library), &schema, &library)?;
    let ours = [
        (SAMPLE, sample),
        (template::SCHEMA, template::schema_text(&library)),
        ("schemas/contract.schema.json", schema::text(&Contents::schema()) + "\n"),
        ("schemas/services.schema.json", schema::text(&Catalogue::schema()) + "\n"),
        (
            "schemas/subprocessors.schema.json",
            schema::text(&subprocessors_schema(&categories)) + "\n",
        ),
        (".gitignore", include_str!("working-folder/gitignore").to_owned()),
        (".editorconfig", include_str!("working-folder/editorconfig").to_owned()),
        (".taplo.toml", include_str!("working-folder/taplo.toml").to_owned()),
        (".vscode/extensions.json", include_str!("working-folder/extensions.json").to_owned()),
    ];
    files.extend(ours.map(|(path, text)| (path.to_owned(), text.into_bytes())));
    Ok(files)
}

/// Refuses a folder in which other files are in the way: one error for each reason, with the first file.
///
/// # Errors
///
/// As said.
pub fn check_free(dir: &Path, files: &IndexMap<String, Vec<u8>>) -> Result<(), Problems> {
    let mut reasons: IndexMap<String, (Diagnostic, usize)> = IndexMap::new();
    for (path, bytes) in files {
        let path = dir.join(path);
        if let Err(problem) = store::check_free(&path, bytes, Existing::Keep) {
            let reason = problem.message.replace(&path.slashed(), "");
            reasons.entry(reason).or_insert((problem, 0)).1 += 1;
        }
    }
    let problems: Problems = reasons
        .into_values()
        .map(|(mut problem, count)| {
            if count > 1 {
                let others = Count(count - 1, "other file", "other files");
                problem.message = format!("{} (and {others})", problem.message);
            }
            problem.hints =
                vec!["nothing was written: choose another folder, or move it away".into()];
            problem
        })
        .collect();
    problems.or(())
}

/// A client that takes the first services of the catalogue.
fn sample(library: &Library) -> Table {
    let mut known = Table::new();
    let services = library.catalogue.services.keys().take(2).cloned();
    template::set(&mut known, "id", "voorbeeld");
    template::set(&mut known, "sample", true);
    template::set(&mut known, "services", services.collect::<Vec<_>>());
    template::set(&mut known, "client.name", "Voorbeeld B.V.");
    template::set(&mut known, "client.kvk", "12345678");
    known
}
