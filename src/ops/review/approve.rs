//! Recording that a lawyer read and approved parts of the library.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Serialize;

use super::file;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::{APPROVED, Approval, LawyersVerdict, Library, Origin, Pinned};
use crate::ops::sources::LibraryChoice;
use crate::store::{self, Existing};

/// Which parts were read.
#[derive(Debug, Clone)]
pub enum Parts {
    /// All of the library.
    All,
    /// These, as `articles/security` or as the path of a file.
    Some(Vec<String>),
}

/// What to record.
#[derive(Debug, Clone)]
pub struct ApproveRequest {
    /// Which parts were read.
    pub parts: Parts,
    /// Who read them.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
    /// Verdicts that are not `met`, by the id of the requirement.
    pub verdicts: Vec<(String, LawyersVerdict)>,
    /// Which library.
    pub library: LibraryChoice,
}

/// What was recorded.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Approving {
    /// The file that it was written to.
    pub file: PathBuf,
    /// Who read the parts.
    pub by: String,
    /// On which day.
    pub on: String,
    /// The parts, sorted.
    pub parts: Vec<ApprovedPart>,
    /// The parts of the library that nobody approved as they are now.
    pub unread: Vec<String>,
}

/// A part that was approved.
#[derive(Debug, Serialize)]
pub struct ApprovedPart {
    /// Its name.
    pub part: String,
    /// The verdict on each requirement that it claims.
    pub verdicts: IndexMap<String, LawyersVerdict>,
}

/// Records that parts of a library were read and approved, in its `approved.toml`. Other approvals stay as they are.
///
/// # Errors
///
/// If the library is the embedded one or has problems, a part or verdict is of nothing, or the file cannot be
/// written.
pub fn approve(request: &ApproveRequest) -> Result<Approving, Problems> {
    let library = request.library.open(None)?;
    let Origin::Folder(folder) = library.clause_files.origin() else {
        let problem = Diagnostic::failure("the embedded library cannot be approved");
        return Err(problem.hint("create a folder with its text: `dpa-gen init`").into());
    };
    check_name(&request.by)?;
    let pinned = library.pinned();
    let chosen = chosen(&request.parts, &pinned)?;
    check_verdicts(&request.verdicts, &library, &chosen)?;
    let mut approvals = library.approvals.all.clone();
    let mut parts = Vec::new();
    for pinned in chosen {
        let verdict = |id: &String| {
            let own = request.verdicts.iter().find(|(own, _)| own == id);
            (id.clone(), own.map_or(LawyersVerdict::Met, |(_, verdict)| *verdict))
        };
        let verdicts: IndexMap<String, LawyersVerdict> =
            pinned.covers.iter().map(verdict).collect();
        let approval = Approval {
            by: request.by.clone(),
            on: request.on,
            verdicts: verdicts.clone(),
            text: pinned.text.clone(),
            place: 0..0,
        };
        approvals.insert(pinned.part.clone(), approval);
        parts.push(ApprovedPart { part: pinned.part.clone(), verdicts });
    }
    let unread = pinned.iter().filter(|pinned| {
        approvals.get(&pinned.part).is_none_or(|approval| approval.text != pinned.text)
    });
    let unread = unread.map(|pinned| pinned.part.clone()).collect();
    let path = folder.join(APPROVED);
    write(&path, &library, &approvals, &parts)?;
    Ok(Approving { file: path, by: request.by.clone(), on: request.on.to_string(), parts, unread })
}

/// Writes the file, unless somebody wrote it since it was read.
fn write(
    path: &Path,
    library: &Library,
    approvals: &IndexMap<String, Approval>,
    parts: &[ApprovedPart],
) -> Result<(), Diagnostic> {
    let before = library.approvals.source.as_ref().map(|source| source.text.as_str());
    let changed: Vec<&str> = parts.iter().map(|part| part.part.as_str()).collect();
    let text = file::text(&library.approvals, approvals, &changed);
    let Some(before) = before else {
        return store::write(path, text.as_bytes(), Existing::Keep);
    };
    let now = crate::input::read(path)?;
    if now.text != before {
        let message = format!("`{}` changed while it was read", path.slashed());
        return Err(Diagnostic::failure(message).hint("run the command again"));
    }
    store::write(path, text.as_bytes(), Existing::Replace)
}

/// Who approves is named on one line.
fn check_name(by: &str) -> Result<(), Diagnostic> {
    if by.trim().is_empty() || by.trim() != by || by.chars().any(char::is_control) {
        let message = format!("`{}` is no name of a lawyer", by.escape_debug());
        return Err(Diagnostic::failure(message).hint("write it as --by \"mr. A. Jansen\""));
    }
    Ok(())
}

/// The parts that were named; a path may be that of the file.
fn chosen<'p>(parts: &Parts, pinned: &'p [Pinned]) -> Result<Vec<&'p Pinned>, Problems> {
    let Parts::Some(named) = parts else { return Ok(pinned.iter().collect()) };
    let mut problems = Problems::new();
    let mut chosen: Vec<&Pinned> = Vec::new();
    for typed in named {
        let name = typed.replace('\\', "/");
        let name = name.trim_start_matches("./").trim_end_matches(".typ");
        let found = pinned.iter().find(|pinned| {
            name == pinned.part || name.ends_with(&format!("clauses/{}", pinned.part))
        });
        match found {
            Some(found) if chosen.iter().any(|other| other.part == found.part) => {}
            Some(found) => chosen.push(found),
            None => {
                let message = format!("there is no part `{}` to approve", typed.escape_debug());
                let known = pinned.iter().map(|pinned| pinned.part.as_str());
                problems.push(Diagnostic::failure(message).suggest(name, known));
            }
        }
    }
    chosen.sort_by(|one, other| one.part.cmp(&other.part));
    problems.or(chosen)
}

/// A verdict is on a requirement that one of the parts claims.
fn check_verdicts(
    verdicts: &[(String, LawyersVerdict)],
    library: &Library,
    chosen: &[&Pinned],
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (id, _) in verdicts {
        if chosen.iter().any(|pinned| pinned.covers.contains(id)) {
            continue;
        }
        problems.push(if library.requirements.all.contains_key(id) {
            let claiming = library.clauses().filter(|clause| clause.covers.contains(id));
            let claiming: Vec<&str> =
                claiming.map(|clause| clause.path.trim_end_matches(".typ")).collect();
            let claiming = match &claiming[..] {
                [] => "no clause claims it".to_owned(),
                some => format!("it is claimed by {}", crate::diagnostic::List(some, "and")),
            };
            let message = format!("none of these parts claims `{id}`");
            Diagnostic::failure(message).hint(claiming)
        } else {
            let known = library.requirements.all.keys().map(String::as_str);
            Diagnostic::failure(format!("unknown requirement `{}`", id.escape_debug()))
                .suggest(id, known)
        });
    }
    problems.or(())
}
