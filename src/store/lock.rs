//! `dpa.lock`: what was made of what, one entry per PDF, and the text of each version.
//!
//! It is TOML, sorted, one value a line, so that it can be read, kept in version control and merged. Each
//! entry carries a check over itself: one that was edited by hand counts as unknown, never as current.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use base16ct::lower::encode_string;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::inputs::Inputs;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed, Source};
use crate::input;

/// The file's name.
pub const LOCK: &str = "dpa.lock";

/// The folder that holds what was made for each client.
pub const LOCK_FOLDER: &str = "dpa.lock.d";

/// The format that this program writes.
const FORMAT: u32 = 1;

/// The contents of a `dpa.lock`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The digests of the text of each version, by part of the text.
    pub versions: BTreeMap<String, BTreeMap<String, String>>,
    /// What was made, by the PDF's file name.
    pub entries: BTreeMap<String, Entry>,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The client file, as seen from the lock; `None` for the general edition.
    pub client: Option<String>,
    /// What it was made of.
    pub inputs: Inputs,
    /// The digest that the document shows.
    pub digest: String,
    /// SHA-256 of the PDF.
    pub sha256: String,
}

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
    text: BTreeMap<String, String>,
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

impl Lock {
    /// Reads a lock file; entries that were edited by hand are left out, with a warning.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is damaged, or a newer program wrote it.
    pub fn open(path: &Path, warnings: &mut impl Extend<Diagnostic>) -> Result<Self, Problems> {
        let bytes = input::bytes(path)
            .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
        Self::read(path.slashed(), bytes, warnings)
    }

    /// Reads the bytes of a lock file that has this name.
    pub(super) fn read(
        name: String,
        bytes: Vec<u8>,
        warnings: &mut impl Extend<Diagnostic>,
    ) -> Result<Self, Problems> {
        let source = input::text(name, bytes).map_err(damaged)?;
        Self::parse(&source, warnings)
    }

    fn parse(
        source: &Arc<Source>,
        warnings: &mut impl Extend<Diagnostic>,
    ) -> Result<Self, Problems> {
        let format = source.text.lines().find_map(|line| line.strip_prefix("format = "));
        if format.and_then(|format| format.parse().ok()).is_some_and(|format: u32| format > FORMAT)
        {
            let newer = Diagnostic::failure(format!("a newer dpa-gen wrote `{}`", source.name))
                .hint("use that one here, or keep its files in a folder of their own");
            return Err(newer.into());
        }
        check_merged(source)?;
        let whole = 0..source.text.len();
        let read = input::toml(source, whole, |raw: RawLock, _| raw.format.map(|_| raw));
        let raw = read.map_err(|problems| {
            let missing = || Diagnostic::error("`format` is missing").at(source, 0..0);
            // A table that lacks a field mostly does so because of another mistake.
            let is_cause = |problem: &&Diagnostic| !problem.message.starts_with("missing field");
            let cause = problems.iter().find(is_cause).or(problems.first()).cloned();
            let mut cause = cause.unwrap_or_else(missing);
            cause.message = format!("`{}` is damaged: {}", source.name, cause.message);
            damaged(cause)
        })?;
        let mut lock = Self::default();
        for version in raw.version {
            lock.versions.insert(version.id, version.text);
        }
        for raw in raw.pdf {
            let (file, check) = (raw.file.clone(), raw.check.clone());
            let entry = raw.into_entry();
            if entry.check(&file) == check {
                lock.entries.insert(file, entry);
            } else {
                let edited =
                    format!("the entry of `{file}` in `{}` was edited by hand", source.name);
                let mut warning = Diagnostic::error(edited).hint("it counts as unknown");
                warning.severity = Severity::Warning;
                warnings.extend([warning]);
            }
        }
        Ok(lock)
    }

    /// The text of the lock.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "# What dpa-gen made here, and of what. Made by dpa-gen; keep it with the PDFs.\n\
             format = {FORMAT}\n"
        );
        for (id, parts) in &self.versions {
            let _ = write!(text, "\n[[version]]\nid = {}\n\n[version.text]\n", quoted(id));
            for (part, digest) in parts {
                let _ = writeln!(text, "{} = {}", quoted(part), quoted(digest));
            }
        }
        for (file, entry) in &self.entries {
            let _ = writeln!(
                text,
                "\n[[pdf]]\n{}check = {}",
                entry.lines(file),
                quoted(&entry.check(file))
            );
        }
        text
    }

    /// Takes over what another part of a run noted.
    pub fn merge(&mut self, part: Self) {
        self.versions.extend(part.versions);
        self.entries.extend(part.entries);
    }

    /// Which parts of the text differ from what the lock knows of this version; none if it does not know
    /// the version.
    #[must_use]
    pub fn changed_parts(&self, version: &str, text: &BTreeMap<String, String>) -> Vec<String> {
        self.versions.get(version).map(|known| differing(known, text)).unwrap_or_default()
    }

    /// The latest version that the lock knows.
    #[must_use]
    pub fn latest_version(&self) -> Option<&str> {
        self.versions.keys().next_back().map(String::as_str)
    }
}

/// The first thing that is wrong with a lock that cannot be read, with what is safe to do about it: nobody is
/// to repair it by hand.
fn damaged(mut problem: Diagnostic) -> Diagnostic {
    problem.hints = vec![format!(
        "take `{LOCK}` back from version control; or delete it: PDFs are then known by what they hold, \
         and the text of this version counts as new"
    )];
    problem
}

/// Refuses a lock that a merge left with both sides in it.
fn check_merged(source: &Arc<Source>) -> Result<(), Diagnostic> {
    let is_marker = |line: &&str| line.starts_with("<<<<<<< ");
    let Some(marker) = source.text.lines().find(is_marker) else {
        return Ok(());
    };
    let start = source.text.find(marker).unwrap_or_default();
    Err(Diagnostic::error(format!("`{}` has an unresolved merge conflict", source.name))
        .at(source, start..start + marker.len())
        .hint(format!(
            "take one side whole, with `git checkout --ours {LOCK}` or `--theirs`: a PDF that it does not \
             list is then known by what it holds"
        )))
}

/// The parts that are not the same in both.
pub fn differing(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> Vec<String> {
    let parts: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    parts.into_iter().filter(|part| a.get(*part) != b.get(*part)).cloned().collect()
}

impl RawEntry {
    fn into_entry(self) -> Entry {
        Entry {
            client: self.client,
            inputs: Inputs {
                version: self.version,
                client_file: self.client_file,
                layout: self.layout,
                engine: self.engine,
                fields: self.fields,
            },
            digest: self.digest,
            sha256: self.sha256,
        }
    }
}

impl Entry {
    fn lines(&self, file: &str) -> String {
        let Self { client, inputs, digest, sha256 } = self;
        let mut text = format!("file = {}\n", quoted(file));
        if let Some(client) = client {
            let _ = writeln!(text, "client = {}", quoted(client));
        }
        for (key, value) in [
            ("version", &inputs.version),
            ("client-file", &inputs.client_file),
            ("layout", &inputs.layout),
            ("engine", &inputs.engine),
        ] {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        let _ = writeln!(text, "fields = {}", inputs.fields);
        let _ = writeln!(text, "digest = {}", quoted(digest));
        let _ = writeln!(text, "sha256 = {}", quoted(sha256));
        text
    }

    /// The check over the entry: 16 hexadecimal digits.
    fn check(&self, file: &str) -> String {
        encode_string(&Sha256::digest(self.lines(file))[..8])
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// SHA-256 of some bytes, as 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    encode_string(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let inputs = Inputs {
            version: "2026-06-12".into(),
            client_file: "aa".into(),
            layout: "bb".into(),
            engine: "dpa-gen 0.1.0".into(),
            fields: true,
        };
        let entry = Entry {
            client: Some("clients/a \"b\" é.toml".into()),
            inputs,
            digest: "cc".into(),
            sha256: "dd".into(),
        };
        let text = BTreeMap::from([("articles/security".into(), "ee".into())]);
        Lock {
            versions: BTreeMap::from([("2026-06-12".into(), text)]),
            entries: BTreeMap::from([("a.pdf".into(), entry)]),
        }
    }

    #[test]
    fn a_lock_is_read_as_it_was_written() {
        let mut warnings = Problems::new();
        let read = Lock::parse(&Source::new(LOCK, lock().text()), &mut warnings).unwrap();
        assert_eq!(read, lock());
        assert_eq!(warnings, Problems::new());
    }

    #[test]
    fn an_entry_that_was_edited_by_hand_counts_as_unknown() {
        let edited = lock().text().replace("sha256 = \"dd\"", "sha256 = \"d0\"");
        let mut warnings = Problems::new();
        let read = Lock::parse(&Source::new(LOCK, edited), &mut warnings).unwrap();
        assert!(read.entries.is_empty());
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn a_lock_of_a_newer_program_is_refused() {
        let newer = lock().text().replace("format = 1", "format = 2\nunheard-of = true");
        let problems = Lock::parse(&Source::new(LOCK, newer), &mut Problems::new()).unwrap_err();
        assert_eq!(problems[0].message, "a newer dpa-gen wrote `dpa.lock`");
    }
}
