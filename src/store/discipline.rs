//! One version, one text: which parts of a text changed although their version did not, and whom that concerns.

use std::collections::{BTreeMap, BTreeSet};

use super::lock::{Lock, Parts, differing};

/// The text of a library as it is now.
#[derive(Clone, Copy)]
pub struct TextNow<'a> {
    /// Its version.
    pub version: &'a str,
    /// Its digest.
    pub library: &'a str,
    /// Its parts.
    pub parts: &'a Parts,
    /// The clauses alone, as a version of dpa-gen noted them that noted no more of use.
    pub clauses: &'a Parts,
    /// The parts that a contract of these services has.
    pub used: &'a dyn Fn(&[String]) -> BTreeSet<String>,
}

/// What contracts of the version hold otherwise than the text is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discipline {
    /// The parts, and the clients that have them as they were; none is the general edition.
    changed: BTreeMap<String, BTreeSet<Option<String>>>,
    /// The texts that contracts of the same services have, and who.
    selections: BTreeMap<Vec<String>, BTreeMap<String, Option<String>>>,
}

/// Why a text may not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The parts that changed.
    pub parts: BTreeSet<String>,
    /// Who has them as they were.
    pub clients: BTreeSet<Option<String>>,
}

impl Lock {
    /// What contracts of the version hold otherwise than the text is now.
    #[must_use]
    pub fn discipline(&self, now: &TextNow<'_>) -> Discipline {
        let mut discipline = Discipline::default();
        let texts = self.versions.get(now.version).into_iter().flatten();
        let differing: BTreeMap<&str, Vec<String>> = texts
            .filter(|(library, _)| *library != now.library)
            .map(|(library, parts)| (library.as_str(), differing_parts(library, parts, now)))
            .collect();
        let mut used: BTreeMap<&[String], BTreeSet<String>> = BTreeMap::new();
        for (id, version, library, services, text) in self.uses() {
            if version != now.version {
                continue;
            }
            if !text.is_empty() {
                let texts = discipline.selections.entry(services.to_vec()).or_default();
                texts.entry(text.to_owned()).or_insert_with(|| id.map(str::to_owned));
            }
            let Some(changed) = differing.get(library).filter(|changed| !changed.is_empty()) else {
                continue;
            };
            let used = used.entry(services).or_insert_with(|| (now.used)(services));
            for part in changed.iter().filter(|part| used.contains(*part)) {
                let clients = discipline.changed.entry(part.clone()).or_default();
                clients.insert(id.map(str::to_owned));
            }
        }
        discipline
    }

    /// Every use of a text: who, the version, the library, the services, and the digest of the text for these.
    fn uses(&self) -> impl Iterator<Item = (Option<&str>, &str, &str, &[String], &str)> {
        let made = self.entries.values().map(|entry| {
            let of = &entry.inputs;
            (entry.id.as_deref(), &*of.version, &*of.library, &*of.services, &*of.text)
        });
        let drafts = self.drafts.iter().flat_map(|(id, drafts)| {
            drafts.values().map(move |of| {
                (Some(id.as_str()), &*of.version, &*of.library, &*of.services, &*of.text)
            })
        });
        made.chain(drafts)
    }
}

/// The parts that differ between a text of before and the one of now. What is new or gone is no other text: whom it
/// concerns has another selection, or other clauses.
fn differing_parts(library: &str, parts: &Parts, now: &TextNow<'_>) -> Vec<String> {
    let current = if library.is_empty() { now.clauses } else { now.parts };
    let mut changed = differing(parts, current);
    changed.retain(|part| parts.contains_key(part) && current.contains_key(part));
    changed
}

impl Discipline {
    /// Why a contract of these services may not have this text, if it may not.
    #[must_use]
    pub fn refuses(
        &self,
        services: &[String],
        text: &str,
        used: &BTreeSet<String>,
    ) -> Option<Refusal> {
        let mut refusal = Refusal::default();
        for (part, clients) in self.changed.iter().filter(|(part, _)| used.contains(*part)) {
            refusal.parts.insert(part.clone());
            refusal.clients.extend(clients.iter().cloned());
        }
        let others = self.selections.get(services).into_iter().flatten();
        refusal
            .clients
            .extend(others.filter(|(other, _)| *other != text).map(|(_, id)| id.clone()));
        (!refusal.clients.is_empty()).then_some(refusal)
    }

    /// Everything that changed, and whom it concerns.
    #[must_use]
    pub fn all(&self) -> Refusal {
        Refusal {
            parts: self.changed.keys().cloned().collect(),
            clients: self.changed.values().flatten().cloned().collect(),
        }
    }
}
