//! Giving a client another id: its file, its PDFs, what the lock says of it, and its history go with it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::paths::relative;
use super::settings::Settings;
use super::sources::{client_named, id_of};
use crate::client::identity::{Identity, stem, wrong_id};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::store::{self, Access, Agreements, Entry, Existing, Folder, sha256};

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
    /// Its PDFs, by the names that they have now.
    pub pdfs: Vec<PathBuf>,
}

/// Gives a client another id. A run that is stopped is taken up when it is run again: what was moved stays moved.
///
/// # Errors
///
/// If there is no such client, the id is taken, or a file is in the way.
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
    if let Some(taken) = client_named(to.as_ref()).filter(|file| id_of(file) == to) {
        let taken = format!("`{}` has the id `{to}`", taken.slashed());
        return Err(Diagnostic::error(taken).hint("choose another id").into());
    }
    if from != to && !moves.is_empty() && folder.lock.newest(Some(to)).is_some() {
        let taken = format!("documents of a client `{to}` are kept here");
        return Err(Diagnostic::error(taken)
            .hint(format!("choose another id; `dpa-gen status --client {to}` shows them"))
            .into());
    }
    let file = file.map(|path| NewFile::of(&path, from, to)).transpose()?;
    let agreements = Agreements::of(Path::new(""));
    let history = (agreements.folder(from), agreements.folder(to));
    let pdfs = moves.iter().map(|it| (folder.path.join(&it.from), folder.path.join(&it.to)));
    let all: Vec<(PathBuf, PathBuf)> = pdfs.chain([history]).filter(|(a, b)| a != b).collect();
    for (old, new) in &all {
        check_free(old, new)?;
    }
    if let Some(file) = &file {
        check_free(&file.old, &file.new)?;
    }
    for (old, new) in &all {
        move_file(old, new)?;
    }
    note(&mut folder, (from, to), &moves, file.as_ref());
    folder.save()?;
    if let Some(file) = &file {
        file.write()?;
    }
    Ok(Renamed {
        from: from.to_owned(),
        to: to.to_owned(),
        client_file: file.map(|file| file.new),
        pdfs: moves.iter().map(|it| folder.path.join(&it.to)).collect(),
    })
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

    /// Writes the new file, then takes the old one away.
    fn write(&self) -> Result<(), Diagnostic> {
        let existing = if self.old == self.new { Existing::Replace } else { Existing::Keep };
        store::write(&self.new, self.text.as_bytes(), existing)?;
        if self.old != self.new {
            fs::remove_file(&self.old)
                .map_err(|error| Diagnostic::io(Severity::Failure, "remove", &self.old, &error))?;
        }
        Ok(())
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

fn move_file(old: &Path, new: &Path) -> Result<(), Diagnostic> {
    match fs::rename(old, new) {
        // It was moved before, or is lost, which `status` reports.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result.map_err(|error| Diagnostic::io(Severity::Failure, "rename", old, &error)),
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
