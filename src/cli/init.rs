//! A folder to work in: the contract's text and looks to edit, a sample client, and what editors need.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use toml::Table;

use super::args::InitArguments;
use super::report::{Outcome, Report, Style, shell_word};
use crate::diagnostic::{Count, Diagnostic, Slashed};
use crate::library::{Catalogue, Contents, Files, Library};
use crate::ops::template;
use crate::schema;
use crate::store::{self, Existing};

const SAMPLE: &str = "clients/voorbeeld.toml";

/// A folder that was made ready.
#[derive(Debug, Serialize)]
struct Ready {
    dir: PathBuf,
    /// What stands in it now: files and folders.
    entries: IndexSet<String>,
    files: usize,
}

impl Outcome for Ready {
    fn result(&self) -> String {
        let entries = self.entries.iter().map(|entry| self.dir.join(entry).slashed());
        entries.collect::<Vec<_>>().join("\n")
    }

    fn talk(&self) -> Option<String> {
        let enter = if self.dir.as_os_str().is_empty() {
            String::new()
        } else {
            format!("cd {} && ", shell_word(&self.dir))
        };
        let files = Count(self.files, "file", "files");
        Some(format!("{files}; next: {enter}dpa-gen --client {SAMPLE}"))
    }
}

/// Makes a folder ready to work in.
pub fn run(arguments: &InitArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    match init(arguments.dir.as_deref().unwrap_or(Path::new(""))) {
        Ok(ready) => report.result(ready),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

fn init(dir: &Path) -> Result<Ready, Vec<Diagnostic>> {
    if dir.exists() && !dir.is_dir() {
        let dir = dir.slashed();
        let file = Diagnostic::failure(format!("`{dir}` is a file"));
        return Err(vec![file.hint("name a folder, or one that is not there yet")]);
    }
    let files = files()?;
    let problems: Vec<Diagnostic> = files
        .iter()
        .filter_map(|(path, bytes)| store::check_free(&dir.join(path), bytes, Existing::Keep).err())
        .map(|mut problem| {
            problem.hints =
                vec!["nothing was written: choose another folder, or move it away".into()];
            problem
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    for (path, bytes) in &files {
        store::write(&dir.join(path), bytes, Existing::Keep).map_err(|problem| vec![problem])?;
    }
    let entry = |path: &String| {
        path.split_once('/').map_or_else(|| path.clone(), |(folder, _)| format!("{folder}/"))
    };
    Ok(Ready {
        dir: dir.to_owned(),
        entries: files.keys().map(entry).collect(),
        files: files.len(),
    })
}

/// All files, by their paths.
fn files() -> Result<IndexMap<String, Vec<u8>>, Vec<Diagnostic>> {
    let mut files = IndexMap::new();
    for (folder, embedded) in
        [("clauses", Files::embedded_clauses()), ("layouts", Files::embedded_layouts())]
    {
        for path in embedded.paths() {
            let bytes = embedded.bytes(path).unwrap_or_default();
            files.insert(format!("{folder}/{path}"), bytes.to_vec());
        }
    }
    let library = Library::read(Files::embedded_clauses(), Files::embedded_layouts(), None)?;
    let schema = format!("../{}", template::SCHEMA);
    let sample = template::client_file(Path::new(SAMPLE), &sample(&library), &schema, &library)?;
    let ours = [
        (SAMPLE, sample),
        (template::SCHEMA, template::schema_text(&library)),
        ("schemas/contract.schema.json", schema::text(&Contents::schema()) + "\n"),
        ("schemas/services.schema.json", schema::text(&Catalogue::schema()) + "\n"),
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
