//! The `dpa.lock` of before, one file for all: read, so that `dpa.lock.d` takes it over.

use std::fmt::Write as _;
use std::path::Path;

use base16ct::lower::encode_string;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::entry::{Entry, quoted};
use super::inputs::Inputs;
use super::lock::{Lock, Parts};
use super::lock_file::{damaged, edited, newer, parse_as};
use crate::client::identity::stem;
use crate::diagnostic::{Diagnostic, Problems};
use crate::input;

/// The format of that file.
const FORMAT: u32 = 1;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLock {
    format: Option<u32>,
    #[serde(default)]
    version: Vec<RawVersion>,
    #[serde(default)]
    pdf: Vec<RawEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersion {
    id: String,
    text: Parts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawEntry {
    file: String,
    client: Option<String>,
    version: String,
    client_file: String,
    layout: String,
    engine: String,
    fields: bool,
    digest: String,
    sha256: String,
    check: String,
}

/// Reads the bytes of such a file; entries that were edited by hand are left out, with a warning.
///
/// # Errors
///
/// If it is damaged, or a newer program wrote it.
pub fn read(
    name: &str,
    bytes: Vec<u8>,
    warnings: &mut impl Extend<Diagnostic>,
) -> Result<Lock, Problems> {
    let source = input::text(name.to_owned(), bytes).map_err(|problem| damaged(problem, name))?;
    let typed = source.text.lines().find_map(|line| line.strip_prefix("format = "));
    if typed.and_then(|typed| typed.parse().ok()).is_some_and(|format: u32| format > FORMAT) {
        return Err(newer(name).into());
    }
    if let Some(at) = source.text.find("<<<<<<< ") {
        let unresolved = format!("`{name}` has an unresolved merge conflict");
        return Err(Diagnostic::error(unresolved)
            .at(&source, at..at + 7)
            .hint(format!(
                "take one side whole, with `git checkout --ours {name}` or `--theirs`: a PDF that it does not \
                 list is then known by what it holds"
            ))
            .into());
    }
    let raw = parse_as(&source, |raw: &RawLock| raw.format == Some(FORMAT))?;
    let mut lock = Lock::default();
    for RawVersion { id, text } in raw.version {
        lock.versions.entry(id).or_default().insert(String::new(), text);
    }
    for raw in raw.pdf {
        if raw.check() == raw.check {
            let file = raw.file.clone();
            lock.insert(file, raw.into_entry());
        } else {
            warnings.extend([edited(&raw.file, name)]);
        }
    }
    Ok(lock)
}

impl RawEntry {
    /// The check over the entry, as it was computed then.
    fn check(&self) -> String {
        let mut text = format!("file = {}\n", quoted(&self.file));
        if let Some(client) = &self.client {
            let _ = writeln!(text, "client = {}", quoted(client));
        }
        for (key, value) in [
            ("version", &self.version),
            ("client-file", &self.client_file),
            ("layout", &self.layout),
            ("engine", &self.engine),
        ] {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        let _ = writeln!(text, "fields = {}", self.fields);
        let _ = writeln!(text, "digest = {}", quoted(&self.digest));
        let _ = writeln!(text, "sha256 = {}", quoted(&self.sha256));
        encode_string(&Sha256::digest(text)[..8])
    }

    fn into_entry(self) -> Entry {
        let id = self.client.as_ref().map(|client| stem(Path::new(client)));
        let begins = id.as_ref().is_none_or(|id| self.file.starts_with(&format!("{id}-")));
        let is_usual = begins && self.file.ends_with(&format!("-{}.pdf", self.version));
        Entry {
            id,
            client: self.client,
            number: is_usual.then_some(1),
            replaces: None,
            inputs: Inputs {
                version: self.version,
                client_file: self.client_file,
                layout: self.layout,
                engine: self.engine,
                fields: self.fields,
                ..Inputs::default()
            },
            digest: self.digest,
            sha256: self.sha256,
        }
    }
}
