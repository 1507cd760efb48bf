//! Sub-processors that work before the notice of them ended.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::deadline::NoticeTerms;
use super::look::{Known, Looked, Subject, known_documents};
use super::values::{Notification, NotifyOutcome, day};
use crate::diagnostic::{Diagnostic, List, Problems};
use crate::library::Library;
use crate::ops::documents::Documents;
use crate::ops::receive::read_day;
use crate::ops::sources::assemble;
use crate::store::{Agreements, Folder};

/// A sub-processor that works before the notice of it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Breach {
    /// Its name.
    pub subprocessor: String,
    /// The day since which it works, as the files say.
    #[serde(serialize_with = "since")]
    pub since: NaiveDate,
    /// The first day on which it may work if nobody objects; none if that is not known, or the client objected.
    #[serde(serialize_with = "day")]
    pub permitted_from: Option<NaiveDate>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn since<S: Serializer>(since: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(since)
}

/// A client whose contract in force lacks a sub-processor that works already.
pub struct Lacking {
    /// The client's id.
    pub id: String,
    /// The breach.
    pub breach: Breach,
}

/// The breaches of what the files say now: those whose names the list in force lacks, and that work before the day
/// from which they may. If that day is not known, they may not work by `on`.
pub fn breaches(
    in_force: &Value,
    now: &Value,
    permitted_from: Option<NaiveDate>,
    on: NaiveDate,
) -> Vec<Breach> {
    let rows = |contract: &Value| contract["subprocessors"].as_array().cloned().unwrap_or_default();
    let agreed = rows(in_force);
    let mut found = Vec::new();
    for row in rows(now).iter().filter(|row| !agreed.iter().any(|it| it["name"] == row["name"])) {
        let Some(since) = row["since"].as_str().and_then(read_day) else { continue };
        let is_early = match permitted_from {
            Some(from) => since < from,
            None => since <= on,
        };
        if is_early {
            let subprocessor = row["name"].as_str().unwrap_or_default().to_owned();
            found.push(Breach { subprocessor, since, permitted_from });
        }
    }
    found
}

/// The breaches of each client of some documents on a day, by what is in force and what the files say now. A notice
/// that was not sent could not be sent earlier than on that day.
pub fn of_documents(
    documents: &Documents,
    on: NaiveDate,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<Lacking> {
    let agreements = Agreements::of(Path::new(""));
    let Folder { lock, path, .. } = &documents.folder;
    let known = known_documents(lock);
    let mut found = Vec::new();
    for document in &documents.all {
        let subject = Subject::of(document, lock, path, (&agreements, &known));
        let is_wanted = |subject: &Subject<'_>| agreements.has(subject.id) && is_wanted(subject.id);
        let Some(subject) = subject.filter(is_wanted) else { continue };
        let library = &documents.libraries[&document.found].library;
        let breaches = of_subject(&subject, library, on).into_iter();
        found.extend(breaches.map(|breach| Lacking { id: subject.id.to_owned(), breach }));
    }
    found
}

fn of_subject(subject: &Subject<'_>, library: &Library, on: NaiveDate) -> Vec<Breach> {
    // A history that cannot be read, and a client file, are reported by who looks at them first.
    let Ok(Known::Base(base)) = subject.base(on) else { return Vec::new() };
    let Ok(now) = assemble(library, Some(subject.path)) else { return Vec::new() };
    let now: Value = serde_json::from_str(&now.json()).unwrap_or_default();
    let in_force = &base.in_force.json;
    let Some(open) = base.standing.open_notice(on) else {
        let from = NoticeTerms::of(in_force).deadline(on, None, true).from;
        return breaches(in_force, &now, from, on);
    };
    // What the open notice does not name is not notified.
    let notified = base.notified.as_ref().map_or(in_force, |notified| &notified.json);
    let from = NoticeTerms::of(in_force).deadline(on, None, true).from;
    let mut found = breaches(notified, &now, from, on);
    let named: Value = serde_json::json!({ "subprocessors": named_in(&now, notified) });
    found.extend(breaches(in_force, &named, open.noticed_from(), on));
    found
}

/// The sub-processors of a contract that another one names too.
fn named_in(contract: &Value, other: &Value) -> Vec<Value> {
    let rows = |contract: &Value| contract["subprocessors"].as_array().cloned().unwrap_or_default();
    let others = rows(other);
    rows(contract)
        .into_iter()
        .filter(|row| others.iter().any(|other| other["name"] == row["name"]))
        .collect()
}

/// The breaches of a client that was looked at.
pub fn of_looked(looked: &Looked<'_>, row: &Notification, on: NaiveDate) -> Vec<Lacking> {
    let from = match row.outcome {
        NotifyOutcome::Objected => None,
        _ => row.in_force_from,
    };
    let found = breaches(&looked.base.in_force.json, &looked.now.json, from, on);
    found.into_iter().map(|breach| Lacking { id: row.id.clone(), breach }).collect()
}

/// What is reported of the breaches, each sub-processor once with its clients.
pub fn warnings(lacking: &[Lacking]) -> Problems {
    let mut by_name: BTreeMap<(&str, NaiveDate), Vec<&str>> = BTreeMap::new();
    for Lacking { id, breach } in lacking {
        by_name.entry((&breach.subprocessor, breach.since)).or_default().push(id);
    }
    let warning = |((name, since), clients): ((&str, NaiveDate), Vec<&str>)| {
        Diagnostic::warning(format!(
            "`{name}` works from {since}, before the notice of it ends: the list in force lacks it for {}",
            List(&clients, "and")
        ))
        .hint("it is to be notified beforehand (art. 28(2) GDPR); nothing is refused, and the day stays as it is")
    };
    by_name.into_iter().map(warning).collect()
}
