//! `dpa-gen.toml`: the root of a folder to work in, where its PDFs go, and how they are named.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::paths::output_path;
use crate::diagnostic::{Diagnostic, Problems};
use crate::input::{self, Checker, Text};
use crate::library::Contents;

/// The file's name; it marks the root.
pub const SETTINGS: &str = "dpa-gen.toml";

/// What marks a root that has no [`SETTINGS`]: the text of the contract.
const CLAUSES: &str = "clauses/contract.toml";

/// The places of a pattern for names.
const PLACES: [&str; 3] = ["{id}", "{document}", "{version}"];

/// What is set for a folder to work in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where PDFs go; none is the root itself.
    pub output: Option<PathBuf>,
    /// How a client's PDF is named, with its places, and without `.pdf`; none is `{id}-{document}-{version}`.
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawSettings {
    output: Option<Text>,
    name: Option<Text>,
}

/// The root of a folder to work in, from anywhere in it: the nearest folder at or above `from` that has a
/// `dpa-gen.toml`, or else `clauses/contract.toml`.
#[must_use]
pub fn root(from: &Path) -> Option<&Path> {
    let holds = |name: &str| from.ancestors().find(|folder| folder.join(name).is_file());
    holds(SETTINGS).or_else(|| holds(CLAUSES))
}

impl Settings {
    /// The settings of the current folder; without a file, the usual ones.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn here() -> Result<Self, Problems> {
        let path = Path::new(SETTINGS);
        if path.symlink_metadata().is_err() {
            return Ok(Self::default());
        }
        let source = input::read(path)?;
        let whole = 0..source.text.len();
        input::toml(&source, whole, |raw: RawSettings, check| Some(raw.check(check)))
    }

    /// Where a file goes: to the path that was given, or under its usual name into the folder that was given, or
    /// else into the one that is set.
    #[must_use]
    pub fn output_path(&self, given: Option<&Path>, usual_name: &str, extension: &str) -> PathBuf {
        match (given, &self.output) {
            (None, Some(folder)) => folder.join(format!("{usual_name}.{extension}")),
            _ => output_path(given, usual_name, extension),
        }
    }

    /// The name of the document of this number of a client, or of the general edition.
    #[must_use]
    pub fn file(&self, contents: &Contents, id: Option<&str>, number: u32) -> String {
        format!("{}.pdf", numbered(self.name(contents, id), number))
    }

    /// The usual name of a document, without `.pdf`: a client's by its id, or the general edition's.
    #[must_use]
    pub fn name(&self, contents: &Contents, id: Option<&str>) -> String {
        self.versioned_name(contents, id, &contents.version.to_string())
    }

    /// The usual name of a document of another version, without `.pdf`.
    #[must_use]
    pub fn versioned_name(&self, contents: &Contents, id: Option<&str>, version: &str) -> String {
        let Some(id) = id else {
            return format!("{}-{version}", contents.file_name);
        };
        let pattern = self.name.as_deref().unwrap_or("{id}-{document}-{version}");
        let mut name = String::new();
        let mut rest = pattern;
        while let Some((before, place)) = rest.split_once('{') {
            let (place, after) = place.split_once('}').unwrap_or((place, ""));
            name += before;
            name += match place {
                "id" => id,
                "version" => version,
                _ => &contents.file_name,
            };
            rest = after;
        }
        name + rest
    }
}

/// The name of a document, without `.pdf`, as that of its number: the first has none in its name.
#[must_use]
pub fn numbered(name: String, number: u32) -> String {
    if number == 1 { name } else { format!("{name}-{number}") }
}

impl RawSettings {
    fn check(self, check: &mut Checker<'_>) -> Settings {
        let name = self.name.and_then(|name| check_name(check, &name));
        let output = check.optional("output", self.output).map(PathBuf::from);
        Settings { output, name }
    }
}

/// A pattern has the two places without which two documents would have one name, and no others than there are.
fn check_name(check: &mut Checker<'_>, name: &Text) -> Option<String> {
    let value = name.get_ref();
    let hint = "as in `{id}-{document}-{version}`";
    let mut wrong = |message: String| {
        check.problem(Diagnostic::error(message).at(check.source, name.span()).hint(hint));
    };
    let mut bare = value.clone();
    for place in PLACES {
        bare = bare.replace(place, "");
    }
    if let Some(place) = ["{id}", "{version}"].iter().find(|place| !value.contains(**place)) {
        wrong(format!("`name` has no place `{place}`: two PDFs would have one name"));
    } else if bare.contains(['{', '}']) {
        wrong(format!("`name` has another place than {}: `{value}`", PLACES.join(", ")));
    } else if !bare.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c)) {
        wrong(format!("`name` cannot be part of a file name: `{}`", value.escape_debug()));
    } else {
        return Some(value.clone());
    }
    None
}
