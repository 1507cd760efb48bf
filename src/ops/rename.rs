//! Giving a client another id: its file, its PDFs, what the lock says of it, and its history go with it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::clients::ClientSelection;
use super::paths::relative;
use super::settings::Settings;
use super::sources::{client_files, client_named, id_of};
use crate::client::identity::{Identity, stem, wrong_id};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::store::{self, Access, Agreements, Entry, Existing, Folder, LOCK_FOLDER, sha256};

/// A client that has another id now.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Renamed {
    /// The id that it had.
    pub from: String,
    /// The id that it has.
    pub to: String,
    /// Its client file; none if there is none.
    pub client_file: Option<PathBuf>,
    /// Those of its PDFs that are there, by the names that they have now.
    pub pdfs: Vec<PathBuf>,
    /// The folder of its history; none if there is none.
    pub history: Option<PathBuf>,
}

/// Gives a client another id: nothing is moved before all is checked, and what cannot be done in full is undone. A run that
/// is stopped is taken up when it is run again: what was moved stays moved.
///
/// # Errors
///
/// If there is no such client, the id is taken, a file is in the way, or something cannot be written.
pub fn rename(from: &str, to: &str, warnings: &mut Problems) -> Result<Renamed, Problems> {
    if let Some(reason) = wrong_id(to) {
        let wrong = format!("`{}` is no id of a client: {reason}", to.escape_debug());
        return Err(Diagnostic::failure(wrong).hint("write it as a short name: acme").into());
    }
    let settings = Settings::here()?;
    let mut folder = Folder::open(&settings.output.unwrap_or_default(), Access::Whole, warnings)?;
    let file = client_named(from.as_ref()).filter(|file| id_of(file) == from);
    let moves: Vec<Move> =
        folder.lock.of(Some(from)).into_iter().map(|(file, _)| Move::of(file, from, to)).collect();
    if file.is_none() && moves.is_empty() {
        let unknown = Diagnostic::error(format!("there is no client `{from}` here"));
        return Err(unknown.hint("give a client's id, as `dpa-gen status` names it").into());
    }
    check_not_taken(&folder, (from, to), !moves.is_empty())?;
    let file = file.map(|path| NewFile::of(&path, from, to)).transpose()?;
    let agreements = Agreements::of(Path::new(""));
    let history = (agreements.folder(from), agreements.folder(to));
    let pdfs = moves.iter().map(|it| (folder.path.join(&it.from), folder.path.join(&it.to)));
    let all = pdfs.chain([history.clone()]).filter(|(a, b)| a != b);
    let steps = Steps { from, to, all: all.collect(), file };
    steps.check(&folder)?;
    steps.take(&mut folder, &moves)?;
    let is_there = |path: &PathBuf| path.symlink_metadata().is_ok();
    Ok(Renamed {
        from: from.to_owned(),
        to: to.to_owned(),
        client_file: steps.file.map(|file| file.new),
        pdfs: moves.iter().map(|it| folder.path.join(&it.to)).filter(is_there).collect(),
        history: Some(history.1).filter(is_there),
    })
}

/// Refuses an id that another client has, also in another case: where a file system knows no difference between letters,
/// their files would be one.
fn check_not_taken(
    folder: &Folder,
    (from, to): (&str, &str),
    has_documents: bool,
) -> Result<(), Diagnostic> {
    let is_taken = |id: &str| id.to_lowercase() == to.to_lowercase() && (id != from || from == to);
    let root = ClientSelection::default().folder();
    if let Some(other) = client_files(&root, &[])?.iter().find(|file| is_taken(&id_of(file))) {
        let shown = other.strip_prefix(".").unwrap_or(other).slashed();
        let taken = format!("`{shown}` has the id `{}`", id_of(other));
        return Err(Diagnostic::error(taken).hint("choose another id"));
    }
    let kept = folder.lock.ids().into_iter().flatten();
    let mut others = kept.filter(|id| is_taken(id) && folder.lock.newest(Some(id)).is_some());
    if let Some(other) = others.next().filter(|_| has_documents) {
        let taken = format!("documents of a client `{other}` are kept here");
        return Err(Diagnostic::error(taken)
            .hint(format!("choose another id; `dpa-gen status --client {other}` shows them")));
    }
    Ok(())
}

/// What is to be done for a client to have another id.
struct Steps<'a> {
    from: &'a str,
    to: &'a str,
    /// The PDFs and the history that get another name: the old one, and the new one.
    all: Vec<(PathBuf, PathBuf)>,
    file: Option<NewFile>,
}

impl Steps<'_> {
    /// Finds out whether it can be done, before anything is.
    fn check(&self, folder: &Folder) -> Result<(), Diagnostic> {
        let file = self.file.as_ref().map(|file| (&file.old, &file.new));
        for (old, new) in self.all.iter().map(|(old, new)| (old, new)).chain(file) {
            check_free(old, new)?;
            if old.symlink_metadata().is_ok() {
                let parent = |path: &Path| path.parent().unwrap_or(Path::new("")).to_owned();
                check_writable(&parent(old))?;
                check_writable(&parent(new))?;
            }
        }
        check_writable(&folder.path.join(LOCK_FOLDER))
    }

    /// Does it, the client file last. What was done is undone if something cannot be.
    fn take(&self, folder: &mut Folder, moves: &[Move]) -> Result<(), Problems> {
        let before = folder.lock.clone();
        let mut done = Vec::new();
        let mut result = self.all.iter().try_for_each(|(old, new)| {
            move_file(old, new)?.then(|| done.push((new, old)));
            Ok(())
        });
        if result.is_ok() {
            note(folder, (self.from, self.to), moves, self.file.as_ref());
            result = folder.save();
        }
        if result.is_ok() {
            result = self.file.as_ref().map_or(Ok(()), NewFile::write);
        }
        let Err(problem) = result else { return Ok(()) };
        folder.lock = before;
        folder.note_change(Some(self.from));
        folder.note_change(Some(self.to));
        let mut left: Vec<Diagnostic> = folder.save().err().into_iter().collect();
        let back = done.into_iter().rev();
        left.extend(back.filter_map(|(new, old)| move_file(new, old).err()));
        if left.is_empty() {
            return Err(problem.hint("nothing was renamed: what was moved is back").into());
        }
        let (from, to) = (self.from, self.to);
        let again = format!(
            "a part has its new name: mend what is in the way and run `dpa-gen rename {from} {to}` again, which does the rest"
        );
        let mut problems = Problems::from(problem.hint(again));
        problems.extend(left);
        Err(problems)
    }
}

/// A PDF that gets another name.
struct Move {
    from: String,
    to: String,
}

impl Move {
    /// The id in the name gives way to the new one; a name without it stays.
    fn of(file: &str, from: &str, to: &str) -> Self {
        let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let mut places = file.match_indices(from).filter(|(at, _)| {
            is_end(file[..*at].chars().next_back())
                && is_end(file[at + from.len()..].chars().next())
        });
        let new =
            places.next().map(|(at, _)| format!("{}{to}{}", &file[..at], &file[at + from.len()..]));
        Self { from: file.to_owned(), to: new.unwrap_or_else(|| file.to_owned()) }
    }
}

/// A client file with its new id.
struct NewFile {
    old: PathBuf,
    new: PathBuf,
    before: String,
    text: String,
}

impl NewFile {
    fn of(path: &Path, from: &str, to: &str) -> Result<Self, Problems> {
        let source = input::read(path)?;
        let new = if stem(path) == from {
            path.with_file_name(format!("{to}.toml"))
        } else {
            path.to_owned()
        };
        let text = with_id(&source.text, to);
        if Identity::read(&new, &text).id != to {
            let shown = path.slashed();
            return Err(Diagnostic::error(format!("the id in `{shown}` cannot be changed"))
                .hint("mend the file first: `dpa-gen check` says what is wrong with it")
                .into());
        }
        Ok(Self { old: path.to_owned(), new, before: source.text.clone(), text })
    }

    /// Writes the new file, then takes the old one away; the new one does not stay without that.
    fn write(&self) -> Result<(), Diagnostic> {
        let existing = if self.old == self.new { Existing::Replace } else { Existing::Keep };
        store::write(&self.new, self.text.as_bytes(), existing)?;
        if self.old == self.new {
            return Ok(());
        }
        fs::remove_file(&self.old).map_err(|error| {
            // If it stays, it is the client file with its new id, beside the old one.
            let _ = fs::remove_file(&self.new);
            Diagnostic::io(Severity::Failure, "remove", &self.old, &error)
        })
    }
}

/// The text of a client file with this id: in place of the one that it has, or as its first key.
fn with_id(text: &str, id: &str) -> String {
    let line = format!("id = {}\n", toml::Value::from(id));
    let mut at = 0;
    // Keys of the file itself stand before its first table.
    for old in text.split_inclusive('\n').take_while(|old| !old.starts_with('[')) {
        let key = old.split_once('=').map_or("", |(key, _)| key.trim());
        if key == "id" {
            return format!("{}{line}{}", &text[..at], &text[at + old.len()..]);
        }
        at += old.len();
    }
    let schema = text.split_inclusive('\n').next().filter(|first| first.starts_with("#:schema"));
    let at = schema.map_or(0, str::len);
    format!("{}{line}{}", &text[..at], &text[at..])
}

/// Refuses to put something in the place of what is there already.
fn check_free(old: &Path, new: &Path) -> Result<(), Diagnostic> {
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    if old != new && is_there(old) && is_there(new) {
        return Err(Diagnostic::failure(format!("`{}` is there already", new.slashed()))
            .hint("move it away, or choose another id; nothing was renamed"));
    }
    Ok(())
}

/// Moves a file or a folder; says whether it was there.
fn move_file(old: &Path, new: &Path) -> Result<bool, Diagnostic> {
    match fs::rename(old, new) {
        Ok(()) => Ok(true),
        // It was moved before, or is lost, which `status` reports.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Diagnostic::io(Severity::Failure, "rename", old, &error)),
    }
}

/// Refuses a folder that nothing can be written in, if it is there.
fn check_writable(folder: &Path) -> Result<(), Diagnostic> {
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match tempfile::tempfile_in(shown) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Diagnostic::io(Severity::Failure, "write in", shown, &error)
                .hint("nothing was renamed"))
        }
        _ => Ok(()),
    }
}

/// Notes the new names in the lock.
fn note(folder: &mut Folder, (from, to): (&str, &str), moves: &[Move], file: Option<&NewFile>) {
    for Move { from: old, to: new } in moves {
        let Some(entry) = folder.lock.remove(old) else { continue };
        let mut entry = Entry { id: Some(to.to_owned()), ..entry };
        if let Some(file) = file {
            let is_of_file = entry.inputs.client_file == sha256(file.before.as_bytes());
            if is_of_file {
                entry.inputs.client_file = sha256(file.text.as_bytes());
            }
            entry.client = Some(relative(&file.new, &folder.path));
        }
        folder.lock.insert(new.clone(), entry);
        if folder.lock.gone.remove(old) {
            folder.lock.gone.insert(new.clone());
        }
    }
    if let Some(drafts) = folder.lock.drafts.remove(from) {
        folder.lock.drafts.entry(to.to_owned()).or_default().extend(drafts);
    }
    if folder.lock.archived.remove(from) {
        folder.lock.archived.insert(to.to_owned());
    }
    folder.note_change(Some(from));
    folder.note_change(Some(to));
}
