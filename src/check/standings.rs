//! How the parts of a library stand to what lawyers approved of them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::say::{Said, say};
use crate::compare::{Run, RunKind, word_runs};
use crate::diagnostic::Source;
use crate::library::{Approval, Library, Pinned};

/// So many changes of one text are shown.
const SHOWN: usize = 8;

/// So many words stand on either side of a change.
const AROUND: usize = 4;

/// How the parts of a library stand to what was approved.
#[derive(Debug, Default)]
pub struct Standings {
    /// By part: `articles/security`.
    pub parts: BTreeMap<String, Standing>,
    /// What was approved and is not there.
    pub gone: Vec<(String, Approval)>,
}

/// How a part stands to what was approved.
#[derive(Debug)]
pub enum Standing {
    /// The text is the one that was read.
    Same(Approval),
    /// It is another.
    Differs(Approval, Box<Difference>),
    /// Nobody approved it.
    Unread(Arc<Source>),
}

/// Where a text differs from the one that was read.
#[derive(Debug)]
pub struct Difference {
    pub source: Arc<Source>,
    /// Where the first change is.
    pub at: Range<usize>,
    pub changes: Vec<Said>,
}

impl Standings {
    /// Compares each part with what was approved of it. Without any approval nothing is compared.
    pub fn of(library: &Library) -> Self {
        let approvals = &library.approvals.all;
        if approvals.is_empty() {
            return Self::default();
        }
        let pinned = library.pinned();
        let gone = approvals.iter().filter(|(part, _)| pinned.iter().all(|it| it.part != **part));
        let gone = gone.map(|(part, approval)| (part.clone(), approval.clone())).collect();
        let parts = pinned.into_iter().map(|pinned| {
            let standing = match approvals.get(&pinned.part) {
                None => Standing::Unread(pinned.source),
                Some(approval) if approval.text == pinned.text => Standing::Same(approval.clone()),
                Some(approval) => {
                    let difference = Box::new(difference(&approval.text, &pinned));
                    Standing::Differs(approval.clone(), difference)
                }
            };
            (pinned.part, standing)
        });
        Self { parts: parts.collect(), gone }
    }

    /// The approval of a part whose text is the one that was read.
    pub fn approved(&self, part: &str) -> Option<&Approval> {
        match self.parts.get(part)? {
            Standing::Same(approval) => Some(approval),
            Standing::Differs(..) | Standing::Unread(_) => None,
        }
    }
}

fn difference(old: &str, pinned: &Pinned) -> Difference {
    let runs = word_runs(old, &pinned.text);
    Difference {
        source: Arc::clone(&pinned.source),
        at: first_change(&runs, pinned),
        changes: changes(&runs),
    }
}

/// Where in the file the first change is: its line, which stands there as the text has it.
fn first_change(runs: &[Run], pinned: &Pinned) -> Range<usize> {
    let before = runs.iter().take_while(|run| run.kind == RunKind::Equal);
    let at: usize = before.map(|run| run.text.len()).sum();
    let text = &pinned.text;
    // A change at the end of a line may begin with the blank before it.
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim();
    match pinned.source.text.find(line) {
        Some(found) if !line.is_empty() => found..found + line.len(),
        _ => 0..0,
    }
}

/// Each change with the words around it.
fn changes(runs: &[Run]) -> Vec<Said> {
    let mut changes = Vec::new();
    let mut index = 0;
    while index < runs.len() {
        if runs[index].kind == RunKind::Equal {
            index += 1;
            continue;
        }
        let mut words = Said::default();
        let before = index.checked_sub(1).map_or("", |before| runs[before].text.as_str());
        push(&mut words, &Said::same(&last_words(before)));
        while index < runs.len() && runs[index].kind != RunKind::Equal {
            let run = &runs[index];
            let key = if run.kind == RunKind::Deleted { "removed-words" } else { "added-words" };
            let text = run.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = if text.is_empty() { run.text.escape_debug().to_string() } else { text };
            push(&mut words, &say(key, &[("words", &text)]));
            index += 1;
        }
        let after = runs.get(index).map_or("", |after| after.text.as_str());
        push(&mut words, &Said::same(&first_words(after)));
        changes.push(say("changed", &[]).with("words", &words));
    }
    if changes.len() > SHOWN {
        let more = changes.len() - SHOWN;
        changes.truncate(SHOWN);
        changes.push(say("changed-more", &[("count", &more)]));
    }
    changes
}

fn push(text: &mut Said, more: &Said) {
    for (text, more) in [(&mut text.en, &more.en), (&mut text.nl, &more.nl)] {
        if !text.is_empty() && !more.is_empty() {
            text.push(' ');
        }
        text.push_str(more);
    }
}

fn last_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words[words.len().saturating_sub(AROUND)..].join(" ")
}

fn first_words(text: &str) -> String {
    text.split_whitespace().take(AROUND).collect::<Vec<_>>().join(" ")
}
