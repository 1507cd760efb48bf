//! Documents that the lock does not list, as after it was lost: they say themselves what they are, and are entered in it
//! again. The PDFs stay as they are.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::clients::ClientSelection;
use super::comparer::Comparer;
use super::owner::{ContentDigests, Owner};
use super::settings::{Settings, numbered};
use super::sources::{LoadedLibrary, client_files};
use crate::client::identity::Identity;
use crate::contract::{Contract, ENGINE};
use crate::input;
use crate::store::{Agreements, ContractInPdf, Entry, Folder, Inputs, Says, Touched};

/// Enters the documents of the owners of whom the lock lists none. Where there is nothing but a first one of this version
/// that nobody has worked on and nobody was sent, it is left: making it again gives the same.
pub(super) fn recover<'a>(
    folder: &mut Folder,
    settings: &Settings,
    loaded: &LoadedLibrary,
    owners: impl Iterator<Item = Owner<'a>>,
) {
    let owners: Vec<Owner<'_>> =
        owners.filter(|owner| folder.lock.newest(owner.id).is_none()).collect();
    if owners.is_empty() {
        return;
    }
    let contents = &loaded.library.contents;
    let now = contents.version.to_string();
    let comparer = Comparer::new(loaded);
    let mut names: HashMap<(String, u32), HashMap<String, usize>> = HashMap::new();
    let mut found: BTreeMap<usize, Vec<(String, Entry)>> = BTreeMap::new();
    for file in folder.unlisted() {
        let made = folder.contract_in(&file);
        let Some(made) = made.filter(|made| !made.is_draft && made.version <= now) else {
            continue;
        };
        let usual = |owner: &Owner<'_>| {
            let name = settings.versioned_name(contents, owner.id, &made.version);
            format!("{}.pdf", numbered(name, made.number))
        };
        let names = names.entry((made.version.clone(), made.number)).or_insert_with(|| {
            owners.iter().enumerate().map(|(index, owner)| (usual(owner), index)).collect()
        });
        let Some(&index) = names.get(&file) else { continue };
        if let Some(entry) = entry(folder, &comparer, owners[index], &made) {
            found.entry(index).or_default().push((file, entry));
        }
    }
    for (index, mut entries) in found {
        entries.sort_by(|(_, a), (_, b)| {
            (&a.inputs.version, a.number).cmp(&(&b.inputs.version, b.number))
        });
        if let [(file, entry)] = entries.as_slice()
            && (&entry.inputs.version, entry.number) == (&now, Some(1))
            && folder.touched(file) == Touched::MadeOtherwise
            && !was_sent(entry)
        {
            continue;
        }
        let last = entries.last().filter(|(_, entry)| entry.inputs.version == now);
        let next = last.and_then(|(_, entry)| entry.number).unwrap_or_default() + 1;
        // What stands in the place of the next one, and does not say what it is, may be that one, signed on paper.
        let next = settings.file(contents, owners[index].id, next);
        if folder.path.join(&next).symlink_metadata().is_ok()
            && !entries.iter().any(|(file, _)| *file == next)
        {
            continue;
        }
        for (file, entry) in entries {
            folder.note_again(&file, entry, &loaded.parts);
        }
    }
}

fn was_sent(entry: &Entry) -> bool {
    let Some(id) = &entry.id else { return false };
    // A history that cannot be read may say so.
    Agreements::of(Path::new("")).history(id).map_or(true, |it| it.was_sent(&entry.digest))
}

/// The entry of a document, by what it says; none if it may be another client's.
fn entry(
    folder: &Folder,
    comparer: &Comparer<'_>,
    owner: Owner<'_>,
    made: &ContractInPdf,
) -> Option<Entry> {
    let contract = comparer.again(made, owner)?;
    if !is_of(made, &contract, owner) {
        return None;
    }
    let says = comparer.compare(made, &contract);
    let services = made.json["services"].as_array().into_iter().flatten();
    let services = services.filter_map(|row| Some(row["id"].as_str()?.to_owned()));
    let mut inputs = Inputs {
        version: made.version.clone(),
        services: services.collect(),
        fields: made.json["fields"] == true,
        ..Inputs::default()
    };
    inputs.services.sort();
    if says != Says::Other {
        // With another text under the same version, it is the library that changed.
        owner.sha256.clone_into(&mut inputs.client_file);
    }
    if says == Says::Same {
        ContentDigests::of(&contract, comparer.loaded).fill(&mut inputs);
        if made.version == comparer.loaded.library.contents.version.to_string() {
            inputs.library.clone_from(&comparer.loaded.text);
        }
        if comparer.is_exact(made, &contract) {
            inputs.layout.clone_from(&comparer.loaded.look);
            ENGINE.clone_into(&mut inputs.engine);
        }
    }
    let number = (Some(made.number), made.replaces.clone());
    let digests = (made.digest.clone(), made.sha256.clone().unwrap_or_default());
    Some(owner.entry(&folder.path, number, inputs, digests))
}

/// Whether a document under the name of an owner is the owner's, as far as it is known: it does not name another client that
/// has a file here.
fn is_of(made: &ContractInPdf, contract: &Contract, owner: Owner<'_>) -> bool {
    let Some(path) = owner.path.filter(|_| !made.is_general) else {
        return made.is_general && owner.id.is_none();
    };
    let Some(client) = &contract.client else { return false };
    let said = |key: &str| made.json["client"][key].as_str();
    let has_same_number = client.kvk.is_some() && client.kvk.as_deref() == said("kvk");
    if said("name") == Some(&client.name) || has_same_number {
        return true;
    }
    let is_same_file = |other: &Path| same_file::is_same_file(other, path).unwrap_or(false);
    let names_it = |other: &PathBuf| {
        let source = input::read(other).ok();
        let name = source.and_then(|source| Identity::read(other, &source.text).name);
        name.as_deref() == said("name") && !is_same_file(other)
    };
    let others = client_files(&ClientSelection::default().folder(), &[]);
    !others.unwrap_or_default().iter().any(names_it)
}
