//! What changed in an agreement, as a person would name it: by the rows of its annexes, and by its text.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::compare::{
    ChangeKind, ClauseChange, ClauseKind, Comparison, ParagraphChange, PartKind, State,
};

/// A change of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is about.
    pub kind: ChangeKind,
    /// What it concerns: the name of a sub-processor, services, the titles of clauses.
    pub what: Option<String>,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// The sub-processor as the new `contract.json` has it.
    #[serde(skip)]
    pub row: Option<Value>,
    /// The sub-processor as the old one had it.
    #[serde(skip)]
    pub old_row: Option<Value>,
}

impl Change {
    /// A change that says nothing more yet.
    #[must_use]
    pub fn new(kind: ChangeKind) -> Self {
        Self { kind, what: None, old: None, new: None, row: None, old_row: None }
    }

    /// What changed, on a line: `subprocessor-replaced: A -> B`.
    #[must_use]
    pub fn line(&self) -> String {
        let values = match (&self.old, &self.new) {
            (Some(old), Some(new)) => Some(format!("{old} -> {new}")),
            (old, new) => old.clone().or_else(|| new.clone()),
        };
        let said: Vec<String> = self.what.clone().into_iter().chain(values).collect();
        if said.is_empty() {
            return self.kind.word().to_owned();
        }
        format!("{}: {}", self.kind.word(), said.join(", "))
    }
}

/// What changed between two contracts: `old` and `new` are their JSON, and `comparison` is that of their texts.
#[must_use]
pub fn changes(old: &Value, new: &Value, comparison: &Comparison) -> Vec<Change> {
    let (old, new) = (&without_nulls(old), &without_nulls(new));
    let mut changes = subprocessors(&rows(old, "subprocessors"), &rows(new, "subprocessors"));
    let mut words: BTreeSet<String> = BTreeSet::new();
    for change in &changes {
        words.extend(change.what.iter().chain(&change.old).chain(&change.new).cloned());
    }
    let is_unnamed = |row: &Value| row["named"] != Value::Bool(true);
    let unnamed = |contract: &Value| -> Vec<Value> {
        let mut rows = rows(contract, "subprocessor-categories");
        rows.retain(is_unnamed);
        rows
    };
    let of = |kind, what: &BTreeSet<String>| {
        let what = what.iter().cloned().collect::<Vec<_>>().join(", ");
        Change { what: Some(what), ..Change::new(kind) }
    };
    let categories = differing(&unnamed(old), &unnamed(new), "name");
    let services = {
        let (old, new) = (rows(old, "services"), rows(new, "services"));
        let is_in = |row: &Value, rows: &[Value]| rows.iter().any(|other| other["id"] == row["id"]);
        let gone = old.iter().filter(|row| !is_in(row, &new));
        let added = new.iter().filter(|row| !is_in(row, &old));
        gone.chain(added).map(|row| text(&row["name"])).collect::<BTreeSet<_>>()
    };
    let mut purposes = differing(&kept(old, new, "services"), &kept(new, old, "services"), "name");
    purposes.extend(differing(
        &kept(old, new, "data-categories"),
        &kept(new, old, "data-categories"),
        "name",
    ));
    let has_other_processing = old["processing"] != new["processing"];
    for (kind, names) in [
        (ChangeKind::SubprocessorCategories, &categories),
        (ChangeKind::Services, &services),
        (ChangeKind::Purposes, &purposes),
    ] {
        words.extend(names.iter().cloned());
        if !names.is_empty() {
            changes.push(of(kind, names));
        }
    }
    if has_other_processing && purposes.is_empty() {
        let titles = titles(comparison.clauses.iter().filter(|it| it.kind == ClauseKind::Annex));
        changes.push(of(ChangeKind::Purposes, &titles));
    }
    let measures = differing_texts(&old["measures"], &new["measures"]);
    if !measures.is_empty() {
        changes.push(Change::new(ChangeKind::Measures));
        words.extend(measures);
    }
    if old["terms"] != new["terms"] {
        changes.push(Change::new(ChangeKind::Terms));
    }
    let versions = Versions::of(old, new);
    let is_changed = |clause: &&ClauseChange| is_text_changed(clause, &words, &versions);
    let mut clauses = titles(comparison.clauses.iter().filter(is_changed));
    for (prefix, kind) in [
        ("agreement.", ChangeKind::AgreementDetails),
        ("client.", ChangeKind::ClientDetails),
        ("processor.", ChangeKind::ProcessorDetails),
    ] {
        if comparison.details.iter().any(|detail| detail.key.starts_with(prefix)) {
            changes.push(Change::new(kind));
        }
    }
    // What is left of the cover; its line on services follows these.
    for detail in comparison.details.iter().filter(|detail| !detail.key.contains('.')) {
        if detail.key != "subtitle" || services.is_empty() {
            clauses.extend(detail.new.clone().or_else(|| detail.old.clone()));
        }
    }
    if !clauses.is_empty() {
        changes.push(of(ChangeKind::Text, &clauses));
    }
    changes
}

/// A value without keys that say nothing: earlier versions of the program wrote none of some.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(keys) => {
            let said = keys.iter().map(|(key, value)| (key.clone(), without_nulls(value)));
            let said: serde_json::Map<_, _> = said.filter(|(_, value)| !value.is_null()).collect();
            if said.is_empty() { Value::Null } else { Value::Object(said) }
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn rows(contract: &Value, key: &str) -> Vec<Value> {
    contract[key].as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The rows of a contract that the other one has too, by their id.
fn kept(contract: &Value, other: &Value, key: &str) -> Vec<Value> {
    let others = rows(other, key);
    let mut rows = rows(contract, key);
    rows.retain(|row| others.iter().any(|other| other["id"] == row["id"]));
    rows
}

/// The names of the rows that only one side has as they are.
fn differing(old: &[Value], new: &[Value], name: &str) -> BTreeSet<String> {
    let gone = old.iter().filter(|row| !new.contains(row));
    let added = new.iter().filter(|row| !old.contains(row));
    gone.chain(added).map(|row| text(&row[name])).collect()
}

/// The texts in lists of lists that only one side has.
fn differing_texts(old: &Value, new: &Value) -> BTreeSet<String> {
    let all = |value: &Value| -> BTreeSet<String> {
        let lists = value.as_object().into_iter().flat_map(|lists| lists.values());
        lists.filter_map(Value::as_array).flatten().map(text).collect()
    };
    all(old).symmetric_difference(&all(new)).cloned().collect()
}

fn titles<'a>(clauses: impl Iterator<Item = &'a ClauseChange>) -> BTreeSet<String> {
    let changed = clauses.filter(|clause| clause.changed);
    changed
        .filter_map(|clause| clause.title.new.clone().or_else(|| clause.title.old.clone()))
        .collect()
}

/// The versions of both texts, as they stand in them: another one alone is no change of the text.
struct Versions {
    old: [String; 2],
    new: [String; 2],
}

impl Versions {
    fn of(old: &Value, new: &Value) -> Self {
        let of = |contract: &Value| ["text", "id"].map(|key| text(&contract["version"][key]));
        Self { old: of(old), new: of(new) }
    }

    /// Whether a part says something else, but for the version.
    fn differ_beside(&self, part: &ParagraphChange) -> bool {
        let (Some(old), Some(new)) = (&part.old, &part.new) else { return part.is_changed() };
        let mut old = old.clone();
        for (before, now) in self.old.iter().zip(&self.new).filter(|(it, _)| !it.is_empty()) {
            old = old.replace(before, now);
        }
        part.moved_from.is_some() || old != *new
    }
}

/// Whether the text of a clause changed, beside the version, and beside the rows and list items of an annex that one
/// of these words explains.
fn is_text_changed(clause: &ClauseChange, words: &BTreeSet<String>, versions: &Versions) -> bool {
    if matches!(clause.state, State::Added | State::Removed | State::Moved)
        || clause.title.old != clause.title.new
    {
        return clause.changed;
    }
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let holds_word = |text: &Option<String>| {
        let text = text.as_deref().map(plain).unwrap_or_default();
        words.iter().any(|word| !word.is_empty() && text.contains(&plain(word)))
    };
    let is_explained = |part: &ParagraphChange| {
        clause.kind == ClauseKind::Annex
            && part.kind != PartKind::Paragraph
            && (holds_word(&part.old) || holds_word(&part.new))
    };
    let mut changed = clause.paragraphs.iter().filter(|part| versions.differ_beside(part));
    changed.any(|part| !is_explained(part))
}

/// What changed of the sub-processors by name. One that is gone and one that is new are a replacement if they serve
/// in one category.
fn subprocessors(old: &[Value], new: &[Value]) -> Vec<Change> {
    let named =
        |rows: &[Value], name: &Value| rows.iter().find(|row| row["name"] == *name).cloned();
    let mut gone: Vec<&Value> =
        old.iter().filter(|row| named(new, &row["name"]).is_none()).collect();
    let mut changes = Vec::new();
    for row in new {
        if let Some(before) = named(old, &row["name"]) {
            changes.extend(of_one(&before, row));
            continue;
        }
        let shares = |other: &&Value| {
            let categories = rows(row, "categories");
            rows(other, "categories").iter().any(|category| categories.contains(category))
        };
        let replaced = gone.iter().position(shares).map(|at| gone.remove(at));
        let kind = match replaced {
            Some(_) => ChangeKind::SubprocessorReplaced,
            None => ChangeKind::SubprocessorAdded,
        };
        changes.push(Change {
            old: replaced.map(|other| text(&other["name"])),
            new: Some(text(&row["name"])),
            row: Some(row.clone()),
            ..Change::new(kind)
        });
    }
    changes.extend(gone.into_iter().map(|row| Change {
        old: Some(text(&row["name"])),
        ..Change::new(ChangeKind::SubprocessorRemoved)
    }));
    changes
}

/// What changed of one sub-processor.
fn of_one(old: &Value, new: &Value) -> Vec<Change> {
    let of = |kind| Change {
        what: Some(text(&new["name"])),
        row: Some(new.clone()),
        old_row: Some(old.clone()),
        ..Change::new(kind)
    };
    let values = |kind, before: String, now: String| Change {
        old: Some(before),
        new: Some(now),
        ..of(kind)
    };
    let mut changes = Vec::new();
    if old["country"] != new["country"] {
        let (before, now) = (text(&old["country"]), text(&new["country"]));
        changes.push(values(ChangeKind::SubprocessorCountry, before, now));
    }
    let (before, now) = (basis(old), basis(new));
    let has_other_basis = before != now;
    if has_other_basis {
        changes.push(values(ChangeKind::SubprocessorBasis, before, now));
    }
    let rest = |row: &Value| {
        let mut rest = row.clone();
        if let Some(keys) = rest.as_object_mut() {
            keys.remove("country");
            if has_other_basis {
                keys.remove("transfer");
            }
        }
        rest
    };
    if rest(old) != rest(new) {
        changes.push(of(ChangeKind::SubprocessorDetails));
    }
    changes
}

/// The ground of a transfer, with the module of the standard clauses: `scc 3`, `none`.
fn basis(row: &Value) -> String {
    let transfer = &row["transfer"];
    let basis = transfer["basis"].as_str().unwrap_or("none");
    match transfer["module"].as_u64() {
        Some(module) => format!("{basis} {module}"),
        None => basis.to_owned(),
    }
}
