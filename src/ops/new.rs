//! A new client file: the answers to what is asked, each checked as the reader checks it, and the file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Serialize;
use toml::{Table, Value};

use super::{ClientSelection, LibraryChoice, client_files, id_of, relative, template};
use crate::client::identity;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::library::Library;
use crate::party::Form;
use crate::store::{self, Existing};

/// A client file that is not written yet.
#[derive(Debug)]
pub struct NewClient {
    path: PathBuf,
    library: Rc<Library>,
    answers: Table,
}

/// A client file that was written.
#[derive(Debug, Serialize)]
pub struct WrittenClient {
    /// The file.
    pub file: PathBuf,
    /// What to know of such a client before a contract is made for it.
    pub note: Option<String>,
}

impl NewClient {
    /// Begins a client file called `file`: `acme` is `clients/acme.toml` where there is a folder `clients/`.
    ///
    /// # Errors
    ///
    /// If the name cannot be a client file's, if there is such a file, and all problems of the library.
    pub fn begin(file: &str, library: &LibraryChoice) -> Result<Self, Problems> {
        let path = client_path(file)?;
        let library = Rc::new(library.open(Some(&path))?);
        let mut answers = Table::new();
        // A name that is no id is one for the file alone.
        let id = Some(identity::stem(&path)).filter(|id| identity::wrong_id(id).is_none());
        answers.extend(id.map(|id| ("id".to_owned(), id.into())));
        Ok(Self { path, library, answers })
    }

    /// The library at hand.
    #[must_use]
    pub fn library(&self) -> &Rc<Library> {
        &self.library
    }

    /// What is answered already, with the keys of a client file.
    #[must_use]
    pub fn answers(&self) -> &Table {
        &self.answers
    }

    /// The answer to `key`, as in `client.name`.
    #[must_use]
    pub fn answer(&self, key: &str) -> Option<&Value> {
        let mut keys = key.split('.');
        let first = self.answers.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// Sets the answer to `key`, as in `client.name`.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        template::set(&mut self.answers, key, value);
    }

    /// What is known of the legal form that was answered.
    #[must_use]
    pub fn form(&self) -> Option<&Form> {
        self.library.parties.known_form(self.answer("client.legal-form")?.as_str()?)
    }

    /// Writes the file, and the schema beside it that it refers to; a schema of another library is kept, and
    /// is among the `warnings`.
    ///
    /// # Errors
    ///
    /// If an answer that must be there is missing, and whatever is wrong with writing.
    pub fn write(self, warnings: &mut Problems) -> Result<WrittenClient, Problems> {
        self.check_complete()?;
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let schema = template::schema_path(folder);
        let directive = relative(&schema, folder);
        let text = template::client_file(&self.path, &self.answers, &directive, &self.library)?;
        // The schema first: without it, a client file must not be left behind.
        let is_new = write_schema(&schema, &self.library, warnings)?;
        store::write(&self.path, text.as_bytes(), Existing::Keep).map_err(|problem| {
            if is_new {
                // Nothing points at it now; if it stays, it does no harm.
                let _ = fs::remove_file(&schema);
            }
            if self.path.symlink_metadata().is_ok() { taken(&self.path) } else { problem }
        })?;
        let name = self.answer("client.name").and_then(Value::as_str).unwrap_or_default();
        let note = self.library.parties.own_model(name).map(|model| model.note.clone());
        Ok(WrittenClient { file: self.path, note })
    }

    /// Sets who sign: one has a key of its own, more are a list.
    pub fn set_signatories(&mut self, mut people: Vec<Table>) {
        match people.len() {
            0 => {}
            1 => self.set("client.signatory", people.remove(0)),
            _ => {
                let people: Vec<Value> = people.into_iter().map(Value::from).collect();
                self.set("client.signatories", people);
            }
        }
    }

    /// What a client file cannot do without.
    fn check_complete(&self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for (key, what, flag) in [
            ("client.name", "the client's name", "--name \"Acme B.V.\""),
            ("services", "what the client takes", "--service website"),
        ] {
            if self.answer(key).is_none() {
                let missing = Diagnostic::failure(format!("{what} is missing"));
                problems.push(missing.hint(format!("give it with {flag}")));
            }
        }
        problems.or(())
    }
}

/// Where the client file goes.
fn client_path(file: &str) -> Result<PathBuf, Diagnostic> {
    let stem = file.strip_suffix(".toml").unwrap_or(file);
    if let Some(reason) = bad_name(stem) {
        let shown = file.escape_debug();
        return Err(Diagnostic::failure(format!(
            "`{shown}` is no name for a client file: {reason}"
        ))
        .hint("name it after the client: dpa-gen new acme"));
    }
    let mut path = PathBuf::from(format!("{stem}.toml"));
    let clients = Path::new("clients");
    if path.components().count() == 1 && clients.is_dir() {
        path = clients.join(path);
    }
    if path.symlink_metadata().is_ok() {
        return Err(taken(&path));
    }
    check_case(&path)?;
    check_id(&path)?;
    Ok(path)
}

/// Refuses a name that differs from that of a file there in upper and lower case alone.
fn check_case(path: &Path) -> Result<(), Diagnostic> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let lower = |name: Option<&OsStr>| name.map(|name| name.to_string_lossy().to_lowercase());
    let there = fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter().flatten().flatten();
    let same = there.map(|entry| path.with_file_name(entry.file_name()));
    let mut same = same.filter(|there| lower(there.file_name()) == lower(path.file_name()));
    match same.next() {
        Some(there) => Err(Diagnostic::failure(format!(
            "`{}` differs from `{}` in upper and lower case alone",
            path.slashed(),
            there.slashed()
        ))
        .hint("on macOS and Windows both are one file: choose another name")),
        None => Ok(()),
    }
}

/// Refuses the id of another client.
fn check_id(path: &Path) -> Result<(), Diagnostic> {
    let root = ClientSelection::default().folder();
    if path.is_absolute() || !(root == Path::new(".") || path.starts_with(&root)) {
        return Ok(());
    }
    let id = identity::stem(path).to_lowercase();
    // What cannot be read is reported where it is needed.
    let files = client_files(&root, &[]).unwrap_or_default();
    match files.into_iter().find(|file| id_of(file).to_lowercase() == id) {
        Some(other) => Err(Diagnostic::failure(format!(
            "`{}` has the id `{}` already",
            other.strip_prefix(".").unwrap_or(&other).slashed(),
            id_of(&other)
        ))
        .hint("choose another name: it becomes the id, by which documents and history are kept")),
        None => Ok(()),
    }
}

/// Why a name, without `.toml`, is none for a client file.
fn bad_name(stem: &str) -> Option<&'static str> {
    if stem.chars().any(char::is_control) {
        Some("it has a control character in it")
    } else if stem.ends_with(['/', '\\']) {
        Some("it names a folder")
    } else if stem.ends_with('.') {
        Some("it ends in a full stop")
    } else if Path::new(stem).file_name().is_none_or(OsStr::is_empty) {
        Some("it is empty")
    } else if Path::new(stem).file_name().is_some_and(is_hidden) {
        Some("it begins with a full stop, and such files are in no list of clients")
    } else {
        None
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

fn taken(path: &Path) -> Diagnostic {
    Diagnostic::failure(format!("`{}` exists already", path.slashed()))
        .hint("choose another name, or change that file in an editor")
}

/// Writes the schema that the client file points at, unless there is one; returns whether it did.
fn write_schema(
    path: &Path,
    library: &Library,
    warnings: &mut Problems,
) -> Result<bool, Diagnostic> {
    let text = template::schema_text(library);
    match input::bytes(path) {
        Ok(there) if there != text.as_bytes() => {
            let path = path.slashed();
            let mut old = Diagnostic::error(format!("`{path}` is of another library or version"))
                .hint(format!(
                    "bring it up to date, in the root of the folder: dpa-gen schema client > {path}"
                ));
            old.severity = Severity::Warning;
            warnings.push(old);
            Ok(false)
        }
        Ok(_) => Ok(false),
        Err(_) => store::write(path, text.as_bytes(), Existing::Keep).map(|()| true),
    }
}
