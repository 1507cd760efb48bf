//! The newest PDF of a client.

use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::sources::{client_named, id_of};
use crate::store::{Access, Folder};

/// The newest document that is kept up to date of the client with this id, or whose file has this name.
#[must_use]
pub fn newest_pdf(name: &Path) -> Option<PathBuf> {
    let output = Settings::here().ok()?.output.unwrap_or_default();
    let folder = Folder::open(&output, Access::Look, &mut Vec::new()).ok()?;
    let id =
        client_named(name).map_or_else(|| name.to_string_lossy().into_owned(), |path| id_of(&path));
    let (file, _) = folder.lock.newest(Some(&id))?;
    Some(folder.path.join(file))
}
