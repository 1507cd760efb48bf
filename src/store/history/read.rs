//! Reading a history, and whether each entry is as it was written.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::entry::{AgreementState, Entry, EntryKind, HistorySigner};
use crate::compare::Needs;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed, Source};
use crate::input::{self, Checker, Date, Spanned, Text};

/// The file's name.
pub const HISTORY: &str = "history.toml";

/// The format that this program writes.
pub(super) const FORMAT: u32 = 1;

/// What came of an agreement, in the order in which it was noted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The entries.
    pub entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHistory {
    format: Option<u32>,
    entry: Option<Vec<Spanned<RawEntry>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    kind: Option<EntryKind>,
    on: Option<Date>,
    version: Option<Text>,
    digest: Option<Text>,
    file: Option<Text>,
    sha256: Option<Text>,
    via: Option<Text>,
    agreement: Option<AgreementState>,
    reason: Option<Text>,
    by: Option<Text>,
    undoes: Option<Text>,
    from: Option<Date>,
    until: Option<Date>,
    needs: Option<Needs>,
    #[serde(default)]
    changes: Vec<String>,
    mail: Option<Text>,
    signers: Option<Vec<HistorySigner>>,
    checked: Option<Vec<String>>,
    missing: Option<Vec<String>>,
    follows: Option<Vec<String>>,
    check: Option<Text>,
}

impl History {
    /// Reads the history of a client's folder; an empty one if there is none yet.
    ///
    /// # Errors
    ///
    /// If it cannot be read, was edited, or a newer program wrote it.
    pub fn open(folder: &Path) -> Result<Self, Problems> {
        Ok(Self::open_text(folder)?.0)
    }

    /// The history with its text.
    pub(super) fn open_text(folder: &Path) -> Result<(Self, String), Problems> {
        let path = folder.join(HISTORY);
        let bytes = match input::bytes(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Default::default());
            }
            Err(error) => {
                return Err(Diagnostic::io(Severity::Error, "read", &path, &error).into());
            }
        };
        let source = input::text(path.slashed(), bytes)?;
        Ok((Self::parse(&source)?, source.text.clone()))
    }

    fn parse(source: &Arc<Source>) -> Result<Self, Problems> {
        let format = source.text.lines().find_map(|line| line.strip_prefix("format = "));
        if format.and_then(|format| format.parse().ok()).is_some_and(|format: u32| format > FORMAT)
        {
            let newer = format!("a newer dpa-gen wrote `{}`", source.name);
            return Err(Diagnostic::failure(newer).hint("use that one here").into());
        }
        let is_marker = |line: &&str| line.starts_with("<<<<<<< ");
        if let Some(marker) = source.text.lines().find(is_marker) {
            let start = source.text.find(marker).unwrap_or_default();
            let conflict = format!("`{}` has an unresolved merge conflict", source.name);
            return Err(Diagnostic::error(conflict)
                .at(source, start..start + marker.len())
                .hint("keep the entries of both sides, and remove the three lines of the conflict")
                .into());
        }
        input::toml(source, 0..source.text.len(), |raw: RawHistory, checker| {
            let mut entries: Vec<Entry> = Vec::new();
            let mut known = HashSet::new();
            for raw in raw.entry.unwrap_or_default() {
                let place = raw.span();
                let (entry, check) = raw.into_inner().into_entry(source, &place, checker)?;
                let missing = entry.follows.iter().find(|check| !known.contains(*check));
                let is_first = entries.is_empty();
                let lost = match missing {
                    Some(_) => Some("follows an entry that is gone or was edited"),
                    None if entry.follows.is_empty() != is_first => {
                        Some("does not say which entries it follows")
                    }
                    None => None,
                };
                if let Some(lost) = lost {
                    let lost = format!("this entry of `{}` {lost}", source.name);
                    checker.problem(Diagnostic::error(lost).at(source, place).hint(RESTORE));
                }
                known.insert(check);
                entries.push(entry);
            }
            if raw.format.is_none() {
                let missing = Diagnostic::error("`format` is missing").at(source, 0..0);
                checker.problem(missing.hint(RESTORE));
            }
            Some(Self { entries })
        })
    }

    /// The entries that no later one undid.
    #[must_use]
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        let undone: HashSet<&str> =
            self.entries.iter().filter_map(|entry| entry.undoes.as_deref()).collect();
        self.entries.iter().filter(move |entry| {
            let is_undone = !undone.is_empty() && undone.contains(entry.check().as_str());
            entry.kind != EntryKind::Undone && !is_undone
        })
    }

    /// The checks of the entries that none follows yet: one, or those of the branches that were merged.
    pub(super) fn ends(&self) -> Vec<String> {
        let followed: HashSet<&String> =
            self.entries.iter().flat_map(|entry| &entry.follows).collect();
        let checks = self.entries.iter().map(Entry::check);
        checks.filter(|check| !followed.contains(check)).collect()
    }
}

/// What to do about a history that was edited.
const RESTORE: &str = "take the file back from version control or a copy: entries are only added, and a \
                       wrong one is corrected with `dpa-gen receive --undo`";

impl RawEntry {
    fn into_entry(
        self,
        source: &Arc<Source>,
        place: &std::ops::Range<usize>,
        checker: &mut Checker<'_>,
    ) -> Option<(Entry, String)> {
        // As it stands: an edit to it is what the check is for.
        let text = |text: Option<Text>| text.map(Spanned::into_inner);
        let on = checker.date("on", self.on);
        let from = checker.date("from", self.from);
        let until = checker.date("until", self.until);
        let (Some(kind), Some(on)) = (self.kind, on) else {
            let lacks = format!("this entry of `{}` lacks `kind` or `on`", source.name);
            checker.problem(Diagnostic::error(lacks).at(source, place.clone()).hint(RESTORE));
            return None;
        };
        let entry = Entry {
            kind,
            on,
            version: text(self.version),
            digest: text(self.digest),
            file: text(self.file),
            sha256: text(self.sha256),
            agreement: self.agreement,
            from,
            until,
            needs: self.needs,
            changes: self.changes,
            mail: text(self.mail),
            via: text(self.via),
            signers: self.signers.unwrap_or_default(),
            checked: self.checked.unwrap_or_default(),
            missing: self.missing.unwrap_or_default(),
            reason: text(self.reason),
            by: text(self.by),
            undoes: text(self.undoes),
            follows: self.follows.unwrap_or_default(),
        };
        let (check, own) = (self.check, entry.check());
        if check.as_ref().map(Spanned::get_ref) != Some(&own) {
            let edited = format!("this entry of `{}` was edited", source.name);
            let at = check.map_or(place.clone(), |check| check.span());
            checker.problem(Diagnostic::error(edited).at(source, at).hint(RESTORE));
        }
        Some((entry, own))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
    }

    fn entry(kind: EntryKind, on: u32, follows: &[&Entry]) -> Entry {
        Entry {
            version: Some("2026-06-12".into()),
            reason: Some("\"quoted\" é\nand more".into()),
            missing: vec!["client-name".into()],
            signers: vec![HistorySigner {
                field: "client-signature".into(),
                name: "Ann \\ B".into(),
                certificate: "ab".into(),
                integrity: "intact".into(),
            }],
            follows: follows.iter().map(|entry| entry.check()).collect(),
            ..Entry::new(kind, day(on))
        }
    }

    fn text(entries: &[&Entry]) -> String {
        entries.iter().fold("format = 1\n".to_owned(), |text, entry| text + &entry.text())
    }

    fn parse(text: &str) -> Result<History, Problems> {
        History::parse(&Source::new(HISTORY, text))
    }

    #[test]
    fn a_history_is_read_as_it_was_written() {
        let first = entry(EntryKind::Sent, 1, &[]);
        let second = entry(EntryKind::Received, 2, &[&first]);
        let read = parse(&text(&[&first, &second])).unwrap();
        assert_eq!(read.entries, [first, second.clone()]);
        assert_eq!(read.ends(), [second.check()]);
    }

    #[test]
    fn branches_are_merged_by_keeping_both_sides() {
        let first = entry(EntryKind::Sent, 1, &[]);
        let one = entry(EntryKind::Received, 2, &[&first]);
        let other = entry(EntryKind::Received, 3, &[&first]);
        let both = entry(EntryKind::Accepted, 4, &[&other, &one]);
        let read = parse(&text(&[&first, &other, &one])).unwrap();
        assert_eq!(read.ends(), [other.check(), one.check()]);
        parse(&text(&[&first, &other, &one, &both])).unwrap();
    }

    #[test]
    fn an_edit_and_a_removed_entry_show_with_their_place() {
        let first = entry(EntryKind::Sent, 1, &[]);
        let second = entry(EntryKind::Received, 2, &[&first]);
        let third = entry(EntryKind::Accepted, 3, &[&second]);
        let whole = text(&[&first, &second, &third]);
        let edited = whole.replacen("2026-07-02", "2026-07-05", 1);
        let problems = parse(&edited).unwrap_err();
        assert_eq!(problems[0].message, "this entry of `history.toml` was edited");
        assert_eq!(problems[0].place.as_ref().unwrap().line_and_column().0, 24);
        let problems = parse(&text(&[&first, &third])).unwrap_err();
        let gone = "this entry of `history.toml` follows an entry that is gone or was edited";
        assert_eq!(problems[0].message, gone);
        assert!(parse(&text(&[&second, &third])).is_err());
        let problems = parse(&whole.replacen("missing", "mising", 1)).unwrap_err();
        assert!(problems[0].message.contains("mising"), "{problems}");
    }

    #[test]
    fn what_was_undone_is_not_live() {
        let first = entry(EntryKind::Received, 1, &[]);
        let mut second = entry(EntryKind::Undone, 2, &[&first]);
        second.undoes = Some(first.check());
        let history = parse(&text(&[&first, &second])).unwrap();
        assert_eq!(history.live().count(), 0);
    }
}
