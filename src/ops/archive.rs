//! Taking a client out of daily lists, and back.

use serde::Serialize;

use super::settings::Settings;
use super::sources::{client_named, id_of};
use crate::diagnostic::{Diagnostic, Problems};
use crate::store::{Access, Folder};

/// A client that was taken out of daily lists, or put back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Archived {
    /// The client's id.
    pub id: String,
    /// Whether it is archived now.
    pub archived: bool,
    /// How many PDFs of it are kept.
    pub pdfs: usize,
}

/// Takes a client out of the lists of `regenerate`, `status` and `mail --all`, or puts it back; its files stay.
///
/// # Errors
///
/// If there is no such client, it is to be put back and is not archived, or the lock cannot be written.
pub fn archive(name: &str, undo: bool, warnings: &mut Problems) -> Result<Archived, Problems> {
    let settings = Settings::here()?;
    let mut folder = Folder::open(&settings.output.unwrap_or_default(), Access::Whole, warnings)?;
    let file = client_named(name.as_ref());
    let id = file.as_deref().map_or_else(|| name.to_owned(), id_of);
    if file.is_none() && !folder.lock.ids().contains(&Some(id.as_str())) {
        let unknown = Diagnostic::error(format!("there is no client `{name}` here"));
        return Err(unknown.hint("give a client's id, as `dpa-gen status` names it").into());
    }
    if undo {
        if !folder.lock.archived.remove(&id) {
            let never = Diagnostic::error(format!("`{id}` is not archived"));
            return Err(never.hint("it is in the lists: `dpa-gen status` shows it").into());
        }
    } else {
        folder.lock.archived.insert(id.clone());
    }
    folder.note_change(Some(&id));
    folder.save()?;
    let files = folder.lock.of(Some(&id)).into_iter().map(|(file, _)| folder.path.join(file));
    let pdfs = files.filter(|file| file.is_file()).count();
    Ok(Archived { archived: !undo, pdfs, id })
}
