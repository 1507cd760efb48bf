//! A file of `dpa.lock.d`: TOML, sorted, one value a line, so that it can be read, kept in version control and
//! merged. Each entry carries a check over itself: one that was edited by hand counts as unknown, never as current.
//! What a merge left with both sides in it is read as both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::entry::{Entry, RawDraft, RawEntry, quoted};
use super::lock::{LOCK_FOLDER, Lock, Parts};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input;

/// The format that this program writes.
const FORMAT: u32 = 2;

const HEAD: &str = "# What dpa-gen made, and of what. Made by dpa-gen; keep it with the PDFs.\n";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClient {
    format: Option<u32>,
    id: Option<String>,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    gone: Vec<String>,
    #[serde(default)]
    pdf: Vec<RawEntry>,
    #[serde(default)]
    draft: Vec<RawDraft>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersions {
    format: Option<u32>,
    #[serde(default)]
    text: Vec<RawText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawText {
    version: String,
    library: String,
    parts: Parts,
}

/// Reads the file of a client, or of the general edition. `sha256` is that of a PDF, if it is there: it decides
/// between two entries of one.
///
/// # Errors
///
/// If it is damaged, a newer program wrote it, or it says two things of one PDF.
pub fn read_client(
    source: &Arc<Source>,
    sha256: &dyn Fn(&str) -> Option<String>,
    warnings: &mut impl Extend<Diagnostic>,
) -> Result<Lock, Problems> {
    let mut lock = Lock::default();
    for side in sides(source)? {
        let raw: RawClient = parse(&side, |raw: &RawClient| raw.format)?;
        let id = raw.id.as_deref();
        for raw in raw.pdf {
            let (file, check) = (raw.file.clone(), raw.check.clone());
            let entry = raw.into_entry(id);
            if entry.check(&file) == check {
                add(&mut lock, (file, entry), &source.name, sha256)?;
            } else {
                warnings.extend([edited(&file, &source.name)]);
            }
        }
        if let Some(id) = id {
            let drafts = raw.draft.into_iter().map(|raw| (raw.file.clone(), raw.into_draft()));
            lock.drafts.entry(id.to_owned()).or_default().extend(drafts);
            lock.archived.extend(raw.archived.then(|| id.to_owned()));
        }
        lock.gone.extend(raw.gone);
    }
    lock.drafts.retain(|_, drafts| !drafts.is_empty());
    Ok(lock)
}

/// Says that an entry was edited.
pub(super) fn edited(file: &str, name: &str) -> Diagnostic {
    Diagnostic::warning(format!("the entry of `{file}` in `{name}` was edited by hand"))
        .hint("it counts as unknown")
}

/// Adds an entry. Where there is another one of the same PDF, it must be of the same bytes; else a person says
/// which of the two stays.
///
/// # Errors
///
/// As said; the message says which one to keep.
pub(super) fn add(
    lock: &mut Lock,
    (file, entry): (String, Entry),
    name: &str,
    sha256: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Diagnostic> {
    if let Some(other) = lock.entries.get(&file)
        && other.sha256 != entry.sha256
    {
        let there = sha256(&file);
        let hint = match there.filter(|there| [&other.sha256, &entry.sha256].contains(&there)) {
            Some(there) => format!("keep the entry with `sha256 = \"{there}\"`: it is that of the file"),
            None => "the file is neither of the two: delete both entries, and it is known by what it holds"
                .to_owned(),
        };
        return Err(Diagnostic::error(format!("`{name}` has two entries of `{file}`")).hint(hint));
    }
    lock.insert(file, entry);
    Ok(())
}

/// Reads the texts of the versions.
///
/// # Errors
///
/// If it is damaged, a newer program wrote it, or it says two things of one text.
pub fn read_versions(source: &Arc<Source>) -> Result<Lock, Problems> {
    let mut lock = Lock::default();
    for side in sides(source)? {
        let raw: RawVersions = parse(&side, |raw: &RawVersions| raw.format)?;
        for RawText { version, library, parts } in raw.text {
            let texts = lock.versions.entry(version.clone()).or_default();
            if let Some(other) = texts.insert(library, parts.clone())
                && other != parts
            {
                let twice =
                    format!("`{}` has two texts of {version} under one digest", source.name);
                return Err(damaged(Diagnostic::error(twice), &source.name).into());
            }
        }
    }
    Ok(lock)
}

/// The file of a client, or of the general edition.
pub fn client_text(lock: &Lock, id: Option<&str>) -> String {
    let mut text = format!("{HEAD}format = {FORMAT}\n");
    if let Some(id) = id {
        let _ = writeln!(text, "id = {}", quoted(id));
        if lock.archived.contains(id) {
            text += "archived = true\n";
        }
    }
    let mut entries = lock.of(id);
    entries.sort_by_key(|(file, _)| *file);
    let gone: Vec<String> = entries
        .iter()
        .filter(|(file, _)| lock.gone.contains(*file))
        .map(|(file, _)| quoted(file))
        .collect();
    if !gone.is_empty() {
        let _ = writeln!(text, "gone = [\n    {},\n]", gone.join(",\n    "));
    }
    for (file, entry) in entries {
        text += &entry.text(file);
    }
    for (file, draft) in id.and_then(|id| lock.drafts.get(id)).into_iter().flatten() {
        text += &draft.text(file);
    }
    text
}

/// The file of the versions' texts.
pub fn versions_text(versions: &BTreeMap<String, BTreeMap<String, Parts>>) -> String {
    let mut text = format!("{HEAD}format = {FORMAT}\n");
    for (version, texts) in versions {
        for (library, parts) in texts {
            let (version, library) = (quoted(version), quoted(library));
            let _ = write!(
                text,
                "\n[[text]]\nversion = {version}\nlibrary = {library}\n\n[text.parts]\n"
            );
            for (part, digest) in parts {
                let _ = writeln!(text, "{} = {}", quoted(part), quoted(digest));
            }
        }
    }
    text
}

/// The texts of a file: one, or both sides of a merge that is not resolved.
fn sides(source: &Arc<Source>) -> Result<Vec<Arc<Source>>, Diagnostic> {
    let is_marked = source.text.lines().any(|line| line.starts_with("<<<<<<< "));
    if !is_marked {
        return Ok(vec![Arc::clone(source)]);
    }
    let (mut ours, mut theirs) = (String::new(), String::new());
    // Which sides a line belongs to: both, ours, neither (what both come from), theirs.
    let mut place = 0;
    for line in source.text.split_inclusive('\n') {
        place = match (line.get(..7), place) {
            (Some("<<<<<<<"), 0) => 1,
            (Some("|||||||"), 1) => 2,
            (Some("======="), 1 | 2) => 3,
            (Some(">>>>>>>"), 3) => 0,
            (_, place) => {
                for (text, is_of) in
                    [(&mut ours, [0, 1].contains(&place)), (&mut theirs, [0, 3].contains(&place))]
                {
                    if is_of {
                        text.push_str(line);
                    }
                }
                continue;
            }
        };
    }
    if place != 0 {
        let at = source.text.find("<<<<<<< ").unwrap_or_default();
        let unresolved = format!("`{}` has an unresolved merge conflict", source.name);
        return Err(Diagnostic::error(unresolved)
            .at(source, at..at + 7)
            .hint("the markers of it are not whole: take one side whole, with `git checkout --ours` or `--theirs`"));
    }
    Ok(vec![Source::new(&*source.name, ours), Source::new(&*source.name, theirs)])
}

fn parse<Raw: DeserializeOwned>(
    source: &Arc<Source>,
    format: impl Fn(&Raw) -> Option<u32>,
) -> Result<Raw, Problems> {
    let typed = source.text.lines().find_map(|line| line.strip_prefix("format = "));
    if typed.and_then(|typed| typed.parse().ok()).is_some_and(|format: u32| format > FORMAT) {
        return Err(newer(&source.name).into());
    }
    parse_as(source, |raw: &Raw| format(raw) == Some(FORMAT))
}

/// Says that a newer program wrote it.
pub(super) fn newer(name: &str) -> Diagnostic {
    Diagnostic::failure(format!("a newer dpa-gen wrote `{name}`"))
        .hint("use that one here, or keep its files in a folder of their own")
}

/// Reads a file whose format is as it must be.
pub(super) fn parse_as<Raw: DeserializeOwned>(
    source: &Arc<Source>,
    has_format: impl Fn(&Raw) -> bool,
) -> Result<Raw, Problems> {
    let whole = 0..source.text.len();
    let read = input::toml(source, whole, |raw: Raw, _| has_format(&raw).then_some(raw));
    read.map_err(|problems| {
        let missing = || Diagnostic::error("`format` is missing").at(source, 0..0);
        // A table that lacks a field mostly does so because of another mistake.
        let is_cause = |problem: &&Diagnostic| !problem.message.starts_with("missing field");
        let cause = problems.iter().find(is_cause).or(problems.first()).cloned();
        let mut cause = cause.unwrap_or_else(missing);
        cause.message = format!("`{}` is damaged: {}", source.name, cause.message);
        damaged(cause, &source.name).into()
    })
}

/// The first thing that is wrong with a file that cannot be read, with what is safe to do about it: nobody is
/// to repair it by hand.
pub(super) fn damaged(mut problem: Diagnostic, name: &str) -> Diagnostic {
    problem.hints = vec![format!(
        "take `{name}` back from version control; or delete it: PDFs are then known by what they hold, \
         and the text of this version counts as new"
    )];
    problem
}

/// What the file of a client is called: its id, with signs that no name of a file should have as `%2F`.
pub fn file_name(id: Option<&str>) -> String {
    let Some(id) = id else { return "general.toml".to_owned() };
    let is_reserved = ["general", "versions"].contains(&id) || id.starts_with("versions.");
    let mut name = String::new();
    for (index, letter) in id.chars().enumerate() {
        let is_plain = letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
        if is_plain && !(index == 0 && (is_reserved || letter == '.')) {
            name.push(letter);
        } else {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                let _ = write!(name, "%{byte:02X}");
            }
        }
    }
    format!("{name}.toml")
}

/// The path of a file of the lock, as messages have it.
pub fn shown(name: &str) -> String {
    format!("{LOCK_FOLDER}/{name}")
}
