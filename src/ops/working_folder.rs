//! The files of a folder to work in: the contract's text and looks to edit, a sample client, and what editors need.

use std::path::Path;

use indexmap::IndexMap;
use toml::Table;

use super::template;
use crate::diagnostic::Problems;
use crate::library::{Catalogue, Contents, Files, Library, subprocessors_schema};
use crate::schema;

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

/// A client that takes the first services of the catalogue.
fn sample(library: &Library) -> Table {
    let mut known = Table::new();
    let services = library.catalogue.services.keys().take(2).cloned();
    template::set(&mut known, "services", services.collect::<Vec<_>>());
    template::set(&mut known, "client.name", "Voorbeeld B.V.");
    template::set(&mut known, "client.kvk", "12345678");
    known
}
