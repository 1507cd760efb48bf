//! An entry of the lock: one PDF, and what it was made of.

use std::fmt::Write as _;

use base16ct::lower::encode_string;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::inputs::Inputs;

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The client's id; `None` for the general edition.
    pub id: Option<String>,
    /// The client file, as seen from the folder; `None` for the general edition.
    pub client: Option<String>,
    /// Which document of its client and version it is, from 1; `None` for one with a name of its own.
    pub number: Option<u32>,
    /// The earlier document that it replaces.
    pub replaces: Option<Replaced>,
    /// What it was made of.
    pub inputs: Inputs,
    /// The digest that the document shows.
    pub digest: String,
    /// SHA-256 of the PDF.
    pub sha256: String,
}

/// A document that a later one replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its version.
    pub version: String,
    /// Which document of its version it is.
    pub number: u32,
    /// The digest that it shows.
    pub digest: String,
}

/// A contract that was put into an e-mail or a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The version of its text.
    pub version: String,
    /// Digest of the whole library's text.
    pub library: String,
    /// The services that it covers, sorted.
    pub services: Vec<String>,
    /// Digest of the text that the library has for these services.
    pub text: String,
    /// The digest that the contract shows.
    pub digest: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawEntry {
    pub file: String,
    client: Option<String>,
    version: String,
    number: Option<u32>,
    replaces: Option<RawReplaced>,
    client_file: String,
    library: String,
    services: Vec<String>,
    text: String,
    content: String,
    layout: String,
    engine: String,
    fields: bool,
    digest: String,
    sha256: String,
    pub check: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReplaced {
    version: String,
    number: u32,
    digest: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDraft {
    pub file: String,
    version: String,
    library: String,
    services: Vec<String>,
    text: String,
    digest: String,
}

impl RawEntry {
    pub(super) fn into_entry(self, id: Option<&str>) -> Entry {
        let replaces = self.replaces.map(|RawReplaced { version, number, digest }| Replaced {
            version,
            number,
            digest,
        });
        Entry {
            id: id.map(str::to_owned),
            client: self.client,
            number: self.number,
            replaces,
            inputs: Inputs {
                version: self.version,
                client_file: self.client_file,
                library: self.library,
                services: self.services,
                text: self.text,
                content: self.content,
                layout: self.layout,
                engine: self.engine,
                fields: self.fields,
            },
            digest: self.digest,
            sha256: self.sha256,
        }
    }
}

impl RawDraft {
    pub(super) fn into_draft(self) -> Draft {
        let Self { version, library, services, text, digest, .. } = self;
        Draft { version, library, services, text, digest }
    }
}

impl Entry {
    /// The entry as TOML, with a check over itself.
    pub(super) fn text(&self, file: &str) -> String {
        format!("\n[[pdf]]\n{}check = {}\n", self.lines(file), quoted(&self.check(file)))
    }

    fn lines(&self, file: &str) -> String {
        let inputs = &self.inputs;
        let mut text = format!("file = {}\n", quoted(file));
        if let Some(client) = &self.client {
            let _ = writeln!(text, "client = {}", quoted(client));
        }
        let _ = writeln!(text, "version = {}", quoted(&inputs.version));
        if let Some(number) = self.number {
            let _ = writeln!(text, "number = {number}");
        }
        if let Some(Replaced { version, number, digest }) = &self.replaces {
            for (key, value) in [
                ("version", quoted(version)),
                ("number", number.to_string()),
                ("digest", quoted(digest)),
            ] {
                let _ = writeln!(text, "replaces.{key} = {value}");
            }
        }
        for (key, value) in [("client-file", &inputs.client_file), ("library", &inputs.library)] {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        let _ = writeln!(text, "services = {}", list(&inputs.services));
        for (key, value) in [
            ("text", &inputs.text),
            ("content", &inputs.content),
            ("layout", &inputs.layout),
            ("engine", &inputs.engine),
        ] {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        let _ = writeln!(text, "fields = {}", inputs.fields);
        let _ = writeln!(text, "digest = {}", quoted(&self.digest));
        let _ = writeln!(text, "sha256 = {}", quoted(&self.sha256));
        text
    }

    /// The check over the entry and whose it is: 16 hexadecimal digits.
    pub(super) fn check(&self, file: &str) -> String {
        let id = self.id.as_deref().map(|id| format!("id = {}\n", quoted(id)));
        let lines = id.unwrap_or_default() + &self.lines(file);
        encode_string(&Sha256::digest(lines)[..8])
    }
}

impl Draft {
    /// The entry as TOML.
    pub(super) fn text(&self, file: &str) -> String {
        let Self { version, library, services, text, digest } = self;
        let mut lines = format!("\n[[draft]]\nfile = {}\n", quoted(file));
        for (key, value) in [("version", version), ("library", library)] {
            let _ = writeln!(lines, "{key} = {}", quoted(value));
        }
        let _ = writeln!(lines, "services = {}", list(services));
        for (key, value) in [("text", text), ("digest", digest)] {
            let _ = writeln!(lines, "{key} = {}", quoted(value));
        }
        lines
    }
}

/// A text as TOML.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// SHA-256 of some bytes, as 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    encode_string(&Sha256::digest(bytes))
}
