//! The documents that are not kept up to date: of earlier versions, under other names, of clients that are gone, and
//! those that a lost lock does not list.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::clients::ClientSelection;
use super::documents::{DocumentState, DocumentStatus, Documents};
use super::paths::from_root;
use crate::library::Found;
use crate::store::{Entry, Stale};

/// The documents of these clients under the usual names of other versions that the lock does not list: it may
/// be lost. They say themselves what they are.
pub(super) fn unlisted(
    documents: &mut Documents,
    selection: &ClientSelection,
) -> Vec<DocumentStatus> {
    let mut states = Vec::new();
    for file in documents.folder.unlisted() {
        let is_listed = documents.all.iter().any(|document| document.file == file);
        let contract = documents.folder.contract_in(&file).filter(|_| !is_listed);
        let Some(contract) = contract.filter(|contract| !contract.is_draft) else {
            continue;
        };
        let usual_name = |found: &Found, id: Option<&str>| {
            let contents = &documents.libraries.get(found)?.library.contents;
            Some((
                documents.settings.versioned_name(contents, id, &contract.version),
                contents.version.to_string(),
            ))
        };
        let names = documents.all.iter().filter_map(|document| {
            let id = document.id.as_deref();
            Some(((id, document.path.as_deref()), usual_name(&document.found, id)?))
        });
        let general = documents.libraries.keys();
        let general = general.filter_map(|found| Some(((None, None), usual_name(found, None)?)));
        let general = general.filter(|_| selection.only.is_empty());
        let mut owners = names.chain(general).filter(|((id, _), (name, _))| {
            id.is_none() == contract.is_general && is_named(&file, name)
        });
        let Some(((id, client), (_, version))) = owners.next() else {
            continue;
        };
        let (id, client_file) = (id.map(str::to_owned), client.map(Path::to_owned));
        let is_earlier = contract.version < version;
        drop(owners);
        states.push(DocumentStatus {
            id,
            client_file,
            pdf: Some(documents.folder.path.join(&file)),
            version: Some(contract.version),
            state: if is_earlier { DocumentState::Earlier } else { DocumentState::Other },
            reason: Some(Stale::Unknown.to_string()),
            is_refused: false,
            touched: documents.folder.touched(&file),
            renamed_from: None,
        });
    }
    states
}

/// Whether a PDF has this usual name, or that of a further document of its version: `name-2.pdf`.
fn is_named(file: &str, name: &str) -> bool {
    let rest = file.strip_prefix(name).and_then(|rest| rest.strip_suffix(".pdf"));
    let number = |rest: &str| rest.strip_prefix('-').is_some_and(|it| it.parse::<u32>().is_ok());
    rest.is_some_and(|rest| rest.is_empty() || number(rest))
}

/// What the lock knows beyond what is kept up to date: earlier versions, other names, clients that are gone.
pub(super) fn others(
    documents: &mut Documents,
    selection: &ClientSelection,
) -> Vec<DocumentStatus> {
    let kept: HashSet<&str> = documents.all.iter().map(|document| document.file.as_str()).collect();
    let numbers: HashMap<Option<&str>, u32> = documents
        .all
        .iter()
        .map(|document| (document.id.as_deref(), document.kept.number))
        .collect();
    let latest = documents.libraries.values().map(|it| it.library.contents.version.to_string());
    let oldest = latest.min();
    let mut rows = Vec::new();
    for (file, entry) in &documents.folder.lock.entries {
        if kept.contains(file.as_str()) {
            continue;
        }
        let client = entry.client.as_ref().map(|client| from_root(&documents.folder.path, client));
        let current = numbers.get(&entry.id.as_deref());
        let is_gone = current.is_none() && client.as_ref().is_some_and(|client| !client.exists());
        let is_selected = current.is_some() || (entry.id.is_none() && selection.only.is_empty());
        if !is_gone && !is_selected {
            continue;
        }
        let is_replaced = entry.number.zip(current.copied()).is_some_and(|(it, now)| it < now);
        let is_earlier =
            is_replaced || oldest.as_ref().is_none_or(|oldest| entry.inputs.version < *oldest);
        let state = match (is_gone, is_earlier) {
            (true, _) => DocumentState::Orphaned,
            (false, true) => DocumentState::Earlier,
            (false, false) => DocumentState::Other,
        };
        rows.push((file.clone(), client, state, entry.clone()));
    }
    let row = |(file, client_file, state, entry): (String, _, _, Entry)| DocumentStatus {
        id: entry.id,
        client_file,
        pdf: Some(documents.folder.path.join(&file)),
        version: Some(entry.inputs.version),
        state,
        reason: None,
        is_refused: false,
        touched: documents.folder.touched(&file),
        renamed_from: None,
    };
    rows.into_iter().map(row).collect()
}
