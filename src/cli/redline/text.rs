//! A redline as text: each change with the words that are gone and those that are new.

use std::fmt::Write;

use crate::cli::console;
use crate::compare::{ClauseChange, ClauseKind, PartKind, Run, RunKind, State};
use crate::diagnostic::printable;
use crate::ops::Redline;

/// What stands around deleted and inserted words. The signs are always there, for who sees no colour.
pub struct Marks {
    deleted: [&'static str; 2],
    inserted: [&'static str; 2],
}

impl Marks {
    const PLAIN: Self = Self { deleted: ["[-", "-]"], inserted: ["{+", "+}"] };

    const COLOURED: Self =
        Self { deleted: ["\x1b[31m[-", "-]\x1b[0m"], inserted: ["\x1b[32m{+", "+}\x1b[0m"] };

    pub fn of_terminal() -> Self {
        if console::is_coloured() { Self::COLOURED } else { Self::PLAIN }
    }

    fn write(&self, text: &mut String, run: &Run) {
        let [before, after] = match run.kind {
            RunKind::Equal => ["", ""],
            RunKind::Deleted => self.deleted,
            RunKind::Inserted => self.inserted,
        };
        // The cells of a row stand on a line each.
        let words = printable(&run.text.replace('\n', " | ")).into_owned();
        let _ = write!(text, "{before}{words}{after}");
    }
}

/// What changed, clause by clause.
pub fn text(redline: &Redline, marks: &Marks) -> String {
    let mut text = String::new();
    let comparison = &redline.comparison;
    for detail in &comparison.details {
        let _ = write!(text, "{}: ", printable(&detail.key));
        let sides = [(&detail.old, RunKind::Deleted), (&detail.new, RunKind::Inserted)];
        for (value, kind) in sides {
            if let Some(value) = value {
                marks.write(&mut text, &Run { kind, text: value.clone() });
            }
        }
        text.push('\n');
    }
    for clause in comparison.clauses.iter().filter(|clause| clause.changed) {
        if !text.is_empty() {
            text.push('\n');
        }
        write_clause(&mut text, clause, marks);
    }
    if !redline.changed {
        text.push_str("nothing changed\n");
    } else if comparison.clauses.iter().any(|clause| !clause.changed) {
        text.push_str("\nall else is unchanged\n");
    }
    text.truncate(text.trim_end().len());
    text
}

fn write_clause(text: &mut String, clause: &ClauseChange, marks: &Marks) {
    let _ = writeln!(text, "{}{}", heading(clause, marks), became(clause));
    let mut unchanged = 0;
    for paragraph in &clause.paragraphs {
        if !paragraph.is_changed() {
            unchanged += 1;
            continue;
        }
        write_unchanged(text, &mut unchanged);
        text.push_str(match paragraph.kind {
            PartKind::Paragraph => "  ",
            PartKind::Item => "  - ",
            PartKind::Row => "  | ",
        });
        if let Some(from) = paragraph.moved_from {
            let _ = write!(text, "(moved, was {from}) ");
        }
        paragraph.runs.iter().for_each(|run| marks.write(text, run));
        text.push('\n');
    }
    write_unchanged(text, &mut unchanged);
}

fn write_unchanged(text: &mut String, count: &mut usize) {
    match std::mem::take(count) {
        0 => {}
        1 => text.push_str("  …\n"),
        more => {
            let _ = writeln!(text, "  … ({more} unchanged)");
        }
    }
}

fn heading(clause: &ClauseChange, marks: &Marks) -> String {
    let sort = match clause.kind {
        ClauseKind::Article => "article",
        ClauseKind::Annex => "annex",
        ClauseKind::Closing => "closing",
    };
    let number = clause.number.new.or(clause.number.old);
    let number = number.map(|number| format!(" {number}")).unwrap_or_default();
    let (old, new) = (&clause.title.old, &clause.title.new);
    let mut title = String::new();
    match (old, new) {
        (Some(old), Some(new)) if old != new => {
            marks.write(&mut title, &Run { kind: RunKind::Deleted, text: old.clone() });
            marks.write(&mut title, &Run { kind: RunKind::Inserted, text: new.clone() });
        }
        _ => title.push_str(&printable(new.as_ref().or(old.as_ref()).map_or("", |it| it))),
    }
    format!("{sort}{number} ({}): {title}", printable(&clause.id))
}

fn became(clause: &ClauseChange) -> String {
    match (clause.state, clause.number.old) {
        (State::Added, _) => ", new".to_owned(),
        (State::Removed, _) => ", gone".to_owned(),
        (State::Moved, old) if old == clause.number.new => ", moved".to_owned(),
        (State::Moved, Some(old)) => format!(", moved, was {old}"),
        _ => String::new(),
    }
}
