//! The newest PDF of a client.

use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::sources::id_named;
use crate::store::{Access, Folder};

/// The newest document that is kept up to date of the client with this id, or whose file has this name.
#[must_use]
pub fn newest_pdf(name: &Path) -> Option<PathBuf> {
    let output = Settings::here().ok()?.output.unwrap_or_default();
    let folder = Folder::open(&output, Access::Look, &mut Vec::new()).ok()?;
    let (file, _) = folder.lock.newest(Some(&id_named(name)))?;
    Some(folder.path.join(file))
}
