//! What a folder holds of a client: its PDFs by version, and the client file that they were made of.

use std::path::{Path, PathBuf};

use chrono::Local;
use walkdir::WalkDir;

use super::values::{Place, Side};
use crate::diagnostic::{Diagnostic, List, Problems, Slashed};
use crate::input;
use crate::ops::agreements::{AgreementInForce, in_force};
use crate::ops::clients::{LeftOut, identify};
use crate::ops::current::client_id;
use crate::ops::paths::from_root;
use crate::ops::sources::id_of;
use crate::ops::sources::{client_files, client_named};
use crate::store::{Access, Entry, Folder, contract_in};

/// A client by its id, and a version: `acme`, `acme@2026-06-12`.
pub struct Name {
    id: String,
    version: Option<String>,
}

impl Name {
    /// Reads a name as typed.
    pub fn read(text: &str) -> Result<Self, Diagnostic> {
        let (id, version) = match text.split_once('@') {
            Some((id, version)) => (id, Some(version.to_owned())),
            None => (text, None),
        };
        let is_name = !id.is_empty() && !id.contains(['/', '\\']) && id != "." && id != "..";
        if is_name && version.as_deref() != Some("") {
            return Ok(Self { id: id.to_owned(), version });
        }
        Err(Diagnostic::error(format!("there is no file `{text}`")).hint(
            "give a PDF, a client file, or a client's name with or without a version: \
             `acme`, `acme@2026-06-12`",
        ))
    }

    fn shown(&self) -> String {
        match &self.version {
            Some(version) => format!("{}@{version}", self.id),
            None => self.id.clone(),
        }
    }
}

/// A PDF of ours that a folder holds.
struct Held {
    path: PathBuf,
    version: String,
    /// Which document of its version it is.
    number: u32,
    /// Whether it came back: those count before what was only made.
    is_returned: bool,
}

/// The PDF that a name means: of its version, or what is in force, or the newest. What came back counts before
/// what was made.
pub fn pdf(place: &Place, name: &Name, warnings: &mut Problems) -> Result<PathBuf, Problems> {
    if let Some(signed) = signed(place, name)? {
        return Ok(signed);
    }
    let mut held = made(place, |entry| entry.id.as_ref() == Some(&name.id), warnings)?;
    held.extend(returned(place, &name.id));
    pick(held, name)
}

/// The PDF of a client file that is in force, or else the newest.
pub fn of_client(
    place: &Place,
    client: &Path,
    warnings: &mut Problems,
) -> Result<PathBuf, Problems> {
    // A file that was renamed keeps the id of its documents.
    let id = client_id(Some(&place.pdfs), client).unwrap_or_else(|_| id_of(client));
    let name = Name { id, version: None };
    if let Some(signed) = signed(place, &name)? {
        return Ok(signed);
    }
    let is_same = |entry: &Entry| {
        if entry.id.as_ref() == Some(&name.id) {
            return true;
        }
        let seen = entry.client.as_ref().map(|seen| place.pdfs.join(seen));
        seen.is_some_and(|seen| same_file::is_same_file(seen, client).unwrap_or(false))
    };
    let mut held = made(place, is_same, warnings)?;
    held.extend(returned(place, &name.id));
    pick(held, &name)
}

/// The copy of what is in force today, if it is of the version that is meant.
fn signed(place: &Place, name: &Name) -> Result<Option<PathBuf>, Problems> {
    let in_force = in_force(&place.root, &name.id, Local::now().date_naive())?;
    let is_meant = |version: &Option<String>| name.version.is_none() || name.version == *version;
    let version = |in_force: &AgreementInForce| match &in_force.notice {
        Some(notice) => notice.version.clone(),
        None => in_force.agreed.version.clone(),
    };
    let meant = in_force.filter(|in_force| is_meant(&version(in_force)));
    let text = meant.and_then(|in_force| in_force.text().cloned());
    Ok(text.filter(|pdf| contract_in(pdf).is_some()))
}

fn pick(mut held: Vec<Held>, name: &Name) -> Result<PathBuf, Problems> {
    held.sort_by(|a, b| {
        let place = |held: &Held| (held.is_returned, held.version.clone(), held.number);
        (place(a), &a.path).cmp(&(place(b), &b.path))
    });
    let mut versions: Vec<&str> = held.iter().map(|held| held.version.as_str()).collect();
    versions.dedup();
    let wanted = held
        .iter()
        .rfind(|held| name.version.as_ref().is_none_or(|version| *version == held.version));
    if let Some(held) = wanted {
        return Ok(held.path.clone());
    }
    let shown = name.shown();
    let problem = Diagnostic::error(format!("this folder holds no PDF of `{shown}`"));
    let problem = if versions.is_empty() {
        problem.hint("give a PDF or a client file, or the folder of the PDFs with --dir")
    } else {
        problem.hint(format!("of `{}` it holds {}", name.id, List(&versions, "and")))
    };
    Err(problem.into())
}

/// The PDFs that the folder's lock names for a client, as far as they are there.
fn made(
    place: &Place,
    is_of_client: impl Fn(&Entry) -> bool,
    warnings: &mut Problems,
) -> Result<Vec<Held>, Problems> {
    let lock = Folder::open(&place.pdfs, Access::Look, warnings)?.lock;
    let entries =
        lock.entries.into_iter().filter(|(_, entry)| entry.id.is_some() && is_of_client(entry));
    let held = entries.map(|(file, entry)| Held {
        path: place.pdfs.join(file),
        version: entry.inputs.version,
        number: entry.number.unwrap_or_default(),
        is_returned: false,
    });
    Ok(held.filter(|held| held.path.exists()).collect())
}

/// The PDFs of ours in a client's folder of `agreements/`.
fn returned(place: &Place, id: &str) -> Vec<Held> {
    let files = WalkDir::new(place.root.join("agreements").join(id)).sort_by_file_name();
    let paths = files.into_iter().flatten().map(walkdir::DirEntry::into_path);
    let read = |path: PathBuf| {
        let contract = contract_in(&path)?;
        let (version, number) = (contract.version, contract.number);
        Some(Held { path, version, number, is_returned: true })
    };
    paths.filter(|path| is_pdf_name(path)).filter_map(read).collect()
}

/// The client file of a name: as the lock has it, else in `clients/` or here.
pub fn client_file(
    place: &Place,
    name: &Name,
    warnings: &mut Problems,
) -> Result<PathBuf, Problems> {
    let lock = Folder::open(&place.pdfs, Access::Look, warnings)?.lock;
    let newest = lock.newest(Some(&name.id)).and_then(|(_, entry)| entry.client.clone());
    let of_lock = newest.map(|client| from_root(&place.pdfs, client)).filter(|path| path.is_file());
    // A file that was moved since is found by its id, or by the documents that are kept by it.
    let named = || client_named(Path::new(&name.id)).or_else(|| moved(place, &name.id));
    let file = format!("{}.toml", name.id);
    let usual = [Path::new("clients").join(&file), PathBuf::from(&file)];
    let mut found: Vec<PathBuf> = of_lock.or_else(named).into_iter().collect();
    if found.is_empty() {
        found.extend(usual);
        found.retain(|path| path.is_file());
    }
    found.sort();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Diagnostic::error(format!("there is no client file `{file}` here"))
            .hint("give a PDF, or the client file by its path")
            .into()),
        several => {
            let paths: Vec<String> = several.iter().map(|path| path.slashed()).collect();
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let problem = format!("`{}` may be {}", name.id, List(&paths, "or"));
            Err(Diagnostic::error(problem).hint("give the client file by its path").into())
        }
    }
}

/// The client file whose documents are kept by an id, wherever it is now.
fn moved(place: &Place, id: &str) -> Option<PathBuf> {
    let mut unused = Problems::new();
    let mut folder = Folder::open(&place.pdfs, Access::Look, &mut unused).ok()?;
    let root = if Path::new("clients").is_dir() { "clients" } else { "." };
    let paths = client_files(Path::new(root), &[]).ok()?;
    let clients =
        identify(&mut folder, (paths, true), &mut LeftOut::default(), &mut unused).ok()?;
    let found = clients.into_iter().find(|client| client.id == id)?;
    Some(found.path.strip_prefix(".").map(Path::to_owned).unwrap_or(found.path))
}

/// The client file that a PDF was made of: as the lock beside it says, else the one client file in `clients/` or
/// here that names the same client; none for the general edition.
pub fn client_of_pdf(
    pdf: &Path,
    side: &Side,
    warnings: &mut Problems,
) -> Result<Option<PathBuf>, Problems> {
    let Some(client) = &side.client else {
        return Ok(None);
    };
    let folder = pdf.parent().unwrap_or(Path::new(""));
    let lock = Folder::open(folder, Access::Look, warnings)?.lock;
    let file = pdf.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let by_digest = || lock.entries.values().find(|entry| entry.digest == side.digest);
    let entry = lock.entries.get(&file).or_else(by_digest);
    let known = entry.and_then(|entry| entry.client.as_ref());
    let known = known.map(|client| from_root(folder, client));
    if let Some(path) = known.filter(|path| path.is_file()) {
        return Ok(Some(path));
    }
    let root = if Path::new("clients").is_dir() { "clients" } else { "." };
    let is_named = |path: &PathBuf| named(path).is_some_and(|name| name == *client);
    let mut found = client_files(Path::new(root), &[])?;
    found.retain(is_named);
    let found: Vec<&Path> =
        found.iter().map(|path| path.strip_prefix(".").unwrap_or(path)).collect();
    if let [one] = found.as_slice() {
        return Ok(Some(one.to_path_buf()));
    }
    let count = if found.is_empty() { "no client file" } else { "more than one client file" };
    let problem = format!("`{}` is of `{client}`, and {count} here names it", pdf.slashed());
    let hint = "give the new text too: `dpa-gen redline OLD.pdf clients/acme.toml`";
    Err(Diagnostic::error(problem).hint(hint).into())
}

/// The client's name in a client file, whatever else is in it.
fn named(path: &Path) -> Option<String> {
    let table: toml::Table = input::read(path).ok()?.text.parse().ok()?;
    Some(table.get("client")?.get("name")?.as_str()?.to_owned())
}

/// Whether a path is that of a PDF by its name.
pub fn is_pdf_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}
