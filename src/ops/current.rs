//! The document of one client that is current, or is to be made: its name, its number, and whether its text may be
//! used.

use std::path::Path;

use super::clients::{ClientFile, know_by_lock};
use super::owner::{Owner, numbered};
use super::paths::same_id;
use super::plan::{Plan, discipline, plan};
use super::recover::recover;
use super::refusals::{older, problem};
use super::settings::Settings;
use super::sources::LoadedLibrary;
use crate::check::Lang;
use crate::client::identity::Identity;
use crate::contract::Contract;
use crate::diagnostic::{Diagnostic, Problems};
use crate::input;
use crate::store::{Access, Entry, Folder, Inputs, Kept, Replaced};

/// Which document of a client, or of the general edition, and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CurrentDocument {
    /// The client's id.
    pub id: Option<String>,
    /// The client file as seen from the folder.
    pub seen: Option<String>,
    /// The PDF's name.
    pub file: String,
    /// Which of its client and version it is; none for one with a name of its own.
    pub number: Option<u32>,
    /// The earlier document that it replaces.
    pub replaces: Option<Replaced>,
    /// What it is made of.
    pub inputs: Inputs,
}

/// Finds the document, and refuses a text that may not be used.
///
/// # Errors
///
/// If the text may not be used under its version, or it is not clear whose documents they are.
pub(super) fn current(
    folder: &mut Folder,
    settings: &Settings,
    loaded: &LoadedLibrary,
    path: Option<&Path>,
) -> Result<CurrentDocument, Problems> {
    let version = loaded.library.contents.version.to_string();
    if let Some(later) = folder.lock.later_version(&version) {
        return Err(older(&version, later, Lang::En).into());
    }
    let client = path.map(|path| client_file(folder, path)).transpose()?;
    let owner = client.as_ref().map_or(Owner::GENERAL, ClientFile::owner);
    recover(folder, settings, loaded, std::iter::once(owner));
    let Plan { inputs, kept, refusal } =
        plan(folder, settings, loaded, &discipline(folder, loaded), owner);
    if let Some(refusal) = refusal {
        let newest = folder.lock.newest(owner.id).map_or(&kept.file, |(file, _)| file);
        let sample = kept.is_text_changed.then_some((path, newest.as_str()));
        return Err(problem(folder, loaded, &refusal, sample, Lang::En).into());
    }
    let Kept { mut file, mut number, mut replaces, .. } = kept;
    let newest = folder.lock.newest(owner.id);
    if newest.is_some_and(|(known, entry)| *known == file && entry.inputs.version < version) {
        // Asked for by name it is made, although its text is that of the last version.
        (number, replaces) = (1, None);
        file = settings.file(&loaded.library.contents, owner.id, number);
    }
    Ok(CurrentDocument {
        id: owner.id.map(str::to_owned),
        seen: client.map(|client| client.seen),
        file,
        number: Some(number),
        replaces,
        inputs,
    })
}

/// The id of a client file, as the lock of a folder knows it: a file that was renamed keeps that of its documents.
///
/// # Errors
///
/// If the file or the lock cannot be read, or it is not clear whose documents they are.
pub(super) fn client_id(folder: Option<&Path>, path: &Path) -> Result<String, Problems> {
    let set = Settings::here()?.output.unwrap_or_default();
    let folder = folder.unwrap_or(&set);
    let mut folder = Folder::open(folder, Access::Look, &mut Problems::new())?;
    Ok(client_file(&mut folder, path)?.id)
}

/// A client file by itself. Another one that is there may not have its id.
fn client_file(folder: &mut Folder, path: &Path) -> Result<ClientFile, Problems> {
    let mut clients = [ClientFile::read(folder, path)?];
    know_by_lock(folder, &mut clients)?;
    let [client] = clients;
    let before = folder.lock.newest(Some(&client.id)).and_then(|(_, entry)| entry.client.clone());
    if let Some(before) = before.filter(|before| *before != client.seen) {
        let other = folder.path.join(before);
        let text = input::read(&other).ok();
        if text.is_some_and(|text| Identity::read(&other, &text.text).id == client.id) {
            return Err(same_id(&other, path, &client.id).into());
        }
    }
    Ok(client)
}

impl CurrentDocument {
    /// The same document under a name that was given: another one of the client, if the lock knows it, else one that
    /// nobody keeps up to date.
    pub fn named(mut self, file: &str, folder: &Folder) -> Self {
        if self.file == file {
            return self;
        }
        let known = folder.lock.entries.get(file).filter(|entry| entry.id == self.id);
        (self.number, self.replaces) =
            known.map_or((None, None), |entry| (entry.number, entry.replaces.clone()));
        file.clone_into(&mut self.file);
        self
    }

    /// The contract as this document.
    ///
    /// # Errors
    ///
    /// If it is not known which earlier one it replaces.
    pub fn contract(
        &self,
        contract: Contract,
        loaded: &LoadedLibrary,
        output: &Path,
    ) -> Result<Contract, Diagnostic> {
        numbered(contract, self.number.unwrap_or(1), self.replaces.as_ref(), loaded, output)
    }

    /// Whether it is the same document as one that was found before.
    pub fn is(&self, other: &Self) -> bool {
        (&self.file, self.number, &self.replaces) == (&other.file, other.number, &other.replaces)
    }

    /// The entry of the lock.
    pub fn entry(self, inputs: Inputs, digest: String, sha256: String) -> Entry {
        let Self { id, seen, number, replaces, .. } = self;
        Entry { id, client: seen, number, replaces, inputs, digest, sha256 }
    }
}
