//! Putting proposals in the place of the owner's clauses. What is replaced is kept, and nothing is written before all
//! of it is known to be in order.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Serialize;

use super::sources::LibraryChoice;
use crate::compare::{Run, word_runs};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::input;
use crate::library::{BEFORE, Clause, Files, Library, Origin, PROPOSALS};
use crate::store::{self, Existing};

/// What to adopt.
#[derive(Debug, Clone)]
pub struct AdoptRequest {
    /// The clauses to replace, as `articles/security`; none adopts every proposal.
    pub parts: Vec<String>,
    /// The version of the new text; none only shows what would change.
    pub version: Option<NaiveDate>,
    /// Which library.
    pub library: LibraryChoice,
}

/// What was adopted, or would be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Adoption {
    /// The version of the text that was replaced.
    pub before: String,
    /// The version of the new text; none if nothing was written.
    pub version: Option<String>,
    /// The folder that keeps what was replaced.
    pub kept: PathBuf,
    /// The clauses, sorted.
    pub clauses: Vec<AdoptedClause>,
    /// The clauses that already say what their proposal says.
    pub same: Vec<String>,
}

/// A clause that a proposal replaces.
#[derive(Debug, Serialize)]
pub struct AdoptedClause {
    /// Its name: `articles/security`.
    pub part: String,
    /// The requirements that the proposal meets.
    pub meets: Vec<String>,
    /// Why, in the language of the contract.
    pub why: String,
    /// What changes, word by word.
    pub changes: Vec<Run>,
    #[serde(skip)]
    old: Vec<u8>,
    #[serde(skip)]
    new: Vec<u8>,
}

/// Replaces clauses of a library by their proposals, or says what would change.
///
/// # Errors
///
/// If the library is the embedded one or has problems, there is no such proposal, the version is no later one, or a
/// file cannot be written.
pub fn adopt(request: &AdoptRequest) -> Result<Adoption, Problems> {
    let library = request.library.open(None)?;
    let Origin::Folder(folder) = library.clause_files.origin() else {
        let problem = Diagnostic::failure("the embedded library cannot be changed");
        return Err(problem.hint("create a folder with its text: `dpa-gen init`").into());
    };
    let (proposals, files) = proposals(&library)?;
    let (clauses, same) = chosen(&request.parts, &proposals, &files, &library)?;
    let before = library.contents.version;
    let kept = folder.join(BEFORE).join(before.to_string());
    let mut adoption = Adoption { before: before.to_string(), version: None, kept, clauses, same };
    let Some(version) = request.version else { return Ok(adoption) };
    if adoption.clauses.is_empty() {
        return Ok(adoption);
    }
    if version <= before.day {
        let message = format!("version {version} is not later than {before}, that of the text");
        let hint = "a new text needs a new version: --version with a later day";
        return Err(Diagnostic::failure(message).hint(hint).into());
    }
    write(&adoption, folder, &library, version)?;
    adoption.version = Some(version.to_string());
    Ok(adoption)
}

/// The proposals of the library's folder; of one that has none, those in the program.
pub(super) fn proposals(library: &Library) -> Result<(IndexMap<String, Clause>, Files), Problems> {
    let (clauses, files) = if library.proposals.is_empty() {
        let embedded = Library::read(Files::embedded_clauses(), Files::embedded_layouts(), None)?;
        (embedded.proposals, embedded.clause_files)
    } else {
        let again = library.clause_files.clone();
        (library.proposals.clone(), again)
    };
    Ok((clauses.into_iter().map(|clause| (clause.id.clone(), clause)).collect(), files))
}

/// The clauses that the proposals with these names would change, and those that they would not.
fn chosen(
    parts: &[String],
    proposals: &IndexMap<String, Clause>,
    files: &Files,
    library: &Library,
) -> Result<(Vec<AdoptedClause>, Vec<String>), Problems> {
    let mut problems = Problems::new();
    let mut names: Vec<&String> = Vec::new();
    for typed in parts {
        let name = typed.replace('\\', "/");
        let name = name.trim_start_matches("./").trim_start_matches("clauses/");
        let name = name.trim_start_matches(PROPOSALS).trim_end_matches(".typ");
        match proposals.get_key_value(name) {
            Some((known, _)) if names.contains(&known) => {}
            Some((known, _)) => names.push(known),
            None => {
                let message = format!("there is no proposal for `{}`", typed.escape_debug());
                let known = proposals.keys().map(String::as_str);
                problems.push(Diagnostic::failure(message).suggest(name, known));
            }
        }
    }
    if parts.is_empty() {
        names = proposals.keys().collect();
    }
    names.sort();
    let (mut clauses, mut same) = (Vec::new(), Vec::new());
    for name in names {
        let path = format!("{name}.typ");
        let (Some(clause), Some(old)) = (library.clause(&path), library.clause_files.bytes(&path))
        else {
            let message = format!("the library has no `{name}` that a proposal could replace");
            problems.push(Diagnostic::failure(message));
            continue;
        };
        let proposal = &proposals[name];
        let new = files.bytes(&proposal.path).unwrap_or_default();
        if new == old {
            same.push(name.clone());
            continue;
        }
        let (meets, why) = match &proposal.proposal {
            Some(own) => (own.meets.clone(), own.why.clone()),
            None => (Vec::new(), String::new()),
        };
        clauses.push(AdoptedClause {
            part: name.clone(),
            meets,
            why,
            changes: word_runs(&clause.text, &proposal.text),
            old: old.to_vec(),
            new: new.to_vec(),
        });
    }
    problems.or((clauses, same))
}

/// Keeps what is replaced first, then writes the clauses, and the version last: a run that is cut short leaves
/// every text in one place or the other, and can be run again.
fn write(
    adoption: &Adoption,
    folder: &Path,
    library: &Library,
    version: NaiveDate,
) -> Result<(), Problems> {
    let contract = folder.join("contract.toml");
    let source = &library.contents.source;
    for clause in &adoption.clauses {
        unchanged(&folder.join(format!("{}.typ", clause.part)), &clause.old)?;
    }
    unchanged(&contract, source.text.as_bytes())?;
    let text = with_version(&source.text, version);
    let text = text.ok_or_else(|| {
        Diagnostic::error("`version` cannot be found in contract.toml")
            .at(source, 0..0)
            .hint("write it on a line of its own: version = 2026-06-12")
    })?;
    for clause in &adoption.clauses {
        let kept = adoption.kept.join(format!("{}.typ", clause.part));
        keep(&kept, &clause.old)?;
    }
    keep(&adoption.kept.join("contract.toml"), source.text.as_bytes())?;
    for clause in &adoption.clauses {
        let path = folder.join(format!("{}.typ", clause.part));
        store::write(&path, &clause.new, Existing::Replace)?;
    }
    store::write(&contract, text.as_bytes(), Existing::Replace)?;
    Ok(())
}

/// Keeps a text that is about to be replaced. Another one that is kept there already is never replaced.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    store::write(path, bytes, Existing::Keep).map_err(|problem| {
        let hints = vec![format!("move `{}` away: it keeps another text", path.slashed())];
        Diagnostic { hints, ..problem }
    })
}

/// Whether a file is still the one that was read.
fn unchanged(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    match input::bytes(path) {
        Ok(now) if now == bytes => Ok(()),
        Ok(_) => {
            let message = format!("`{}` changed while it was read", path.slashed());
            Err(Diagnostic::failure(message).hint("run the command again"))
        }
        Err(error) => {
            let severity = crate::diagnostic::Severity::Failure;
            Err(Diagnostic::io(severity, "read", path, &error))
        }
    }
}

/// The text of contract.toml with another version.
fn with_version(text: &str, version: NaiveDate) -> Option<String> {
    let source = crate::diagnostic::Source::new("contract.toml", text);
    let key = input::locate(&source, &["version"])?;
    let start =
        key.end + text[key.end..].find(|letter: char| letter.is_ascii_digit() || letter == '"')?;
    let is_part = |letter: char| {
        letter.is_ascii_digit() || letter.is_ascii_lowercase() || matches!(letter, '-' | '"')
    };
    let length = text[start..].find(|letter: char| !is_part(letter));
    let end = start + length.unwrap_or(text.len() - start);
    Some(format!("{}{version}{}", &text[..start], &text[end..]))
}
