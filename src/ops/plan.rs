//! What is to be done about a client's documents: which one is current, or is to be made, and whether its text may be
//! used.

use std::path::Path;

use super::comparer::{Comparer, is_same};
use super::owner::{ContentDigests, Owner};
use super::settings::Settings;
use super::sources::{LoadedLibrary, assemble};
use crate::contract::ENGINE;
use crate::store::{Agreements, Discipline, Folder, Inputs, Kept, Refusal, Stale, TextNow, Wanted};

/// What is to be done.
#[derive(Debug)]
pub(super) struct Plan {
    /// What the document would be made of now.
    pub inputs: Inputs,
    /// What there is of it, and which document is to be made.
    pub kept: Kept,
    /// Why the text may not be used.
    pub refusal: Option<Refusal>,
}

/// What contracts in the folder hold otherwise than the library says now, although its version is the same.
pub(super) fn discipline(folder: &Folder, loaded: &LoadedLibrary) -> Discipline {
    let version = loaded.library.contents.version.to_string();
    folder.lock.discipline(&TextNow {
        version: &version,
        library: &loaded.text,
        parts: &loaded.parts,
        clauses: &loaded.clauses,
        used: &|services| loaded.library.parts_of(services),
    })
}

/// Finds out what is to be done about the documents of a client, or the general edition.
pub(super) fn plan(
    folder: &mut Folder,
    settings: &Settings,
    loaded: &LoadedLibrary,
    discipline: &Discipline,
    owner: Owner<'_>,
) -> Plan {
    let contents = &loaded.library.contents;
    let mut inputs = Inputs {
        version: contents.version.to_string(),
        client_file: owner.sha256.to_owned(),
        library: loaded.text.clone(),
        layout: loaded.look.clone(),
        engine: ENGINE.to_owned(),
        fields: owner.path.is_some(),
        ..Inputs::default()
    };
    know_again(folder, loaded, owner);
    let made_of = format!("{} {} {}", inputs.client_file, inputs.library, ENGINE);
    let digests = |folder: &mut Folder| {
        folder.remembered(&made_of, || {
            let contract = assemble(&loaded.library, owner.path).ok()?;
            Some(ContentDigests::of(&contract, loaded))
        })
    };
    let newest = folder.lock.newest(owner.id).map(|(_, entry)| &entry.inputs);
    let is_plain =
        newest.is_some_and(|made| made.is_same_source(&inputs) && !made.content.is_empty());
    let mut known = if is_plain { None } else { digests(folder) };
    let mut kept = folder.look(&Wanted {
        id: owner.id,
        file: &|number| settings.file(contents, owner.id, number),
        now: &inputs,
        content: known.as_ref().map(|digests| digests.content.as_str()),
        parts: &loaded.parts,
        clauses: &loaded.clauses,
        agreements: &Agreements::of(Path::new("")),
        says: &|made| Comparer::new(loaded).says(made, owner),
    });
    let mut refusal = None;
    if !kept.is_same {
        known = known.or_else(|| digests(folder));
        refusal = known.as_ref().and_then(|now| {
            let used = loaded.library.parts_of(&now.services);
            discipline.refuses(&now.services, &now.text, &used)
        });
        if kept.is_text_changed && refusal.is_none() {
            let clients = [owner.id.map(str::to_owned)].into();
            refusal = Some(Refusal { clients, ..Refusal::default() });
        }
    }
    if let Some(digests) = known {
        if let Some(Stale::NewVersion(_, parts)) = &mut kept.stale {
            let used = loaded.library.parts_of(&digests.services);
            parts.retain(|part| used.contains(part) || !loaded.parts.contains_key(part));
        }
        digests.fill(&mut inputs);
    }
    Plan { inputs, kept, refusal }
}

/// Fills in what a lock of before did not note of a client's newest document, if the document says what it would say
/// now: by the digest that it shows, or by what it carries and the clauses that the lock noted.
fn know_again(folder: &mut Folder, loaded: &LoadedLibrary, owner: Owner<'_>) {
    let Some((file, entry)) = folder.lock.newest(owner.id) else { return };
    if !entry.inputs.content.is_empty() {
        return;
    }
    let (file, mut entry) = (file.clone(), entry.clone());
    let Ok(contract) = assemble(&loaded.library, owner.path) else { return };
    let is_client_same = entry.inputs.client_file == owner.sha256;
    let says_the_same = || {
        let made = folder.contract_in(&file)?;
        let before = folder.lock.versions.get(&entry.inputs.version)?.get("")?;
        let clause =
            |path: &str| path.strip_prefix("/clauses/")?.strip_suffix(".typ").map(str::to_owned);
        let has_same_clauses = contract.clauses().all(|row| {
            clause(&row.path).is_some_and(|part| before.get(&part) == loaded.clauses.get(&part))
        });
        Some(has_same_clauses && is_same(&made.json, &contract.rows(), is_client_same))
    };
    if entry.digest != contract.digest && says_the_same() != Some(true) {
        return;
    }
    ContentDigests::of(&contract, loaded).fill(&mut entry.inputs);
    owner.sha256.clone_into(&mut entry.inputs.client_file);
    if entry.inputs.version == contract.version.id {
        entry.inputs.library.clone_from(&loaded.text);
    }
    folder.note_again(&file, entry, &loaded.parts);
}
