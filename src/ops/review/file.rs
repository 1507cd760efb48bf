//! The text of `approved.toml`: a table for each part, sorted, one value on a line, so that it merges like code.

use std::fmt::Write as _;

use indexmap::IndexMap;
use toml::Value;

use crate::library::{Approval, Approvals};

const HEAD: &str = "\
# The text of each part of the library as a lawyer read it, by whom, on which day, and the verdict on each
# requirement that it claims: met, weak or missing. `dpa-gen review --approve` writes this file. A part that says
# something else than here is an error of `dpa-gen check`.
";

/// The file with these approvals; what is not among the `changed` parts stays as it was typed, remarks included.
pub fn text(
    before: &Approvals,
    approvals: &IndexMap<String, Approval>,
    changed: &[&str],
) -> String {
    let mut parts: Vec<(&String, &Approval)> = approvals.iter().collect();
    parts.sort_by_key(|(part, _)| part.as_str());
    let mut text = head(before).trim_end().to_owned() + "\n";
    for (part, approval) in parts {
        text.push('\n');
        let typed = if changed.contains(&part.as_str()) { None } else { table(before, part) };
        match typed {
            Some(typed) => text.push_str(typed),
            None => write_table(&mut text, part, approval),
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// Where the tables of the file begin, each with the line of its name.
fn starts(before: &Approvals) -> Vec<usize> {
    let Some(source) = &before.source else { return Vec::new() };
    let line = |at: usize| source.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    before.all.values().map(|approval| line(approval.place.start)).collect()
}

/// What stands above the first table.
fn head(before: &Approvals) -> &str {
    match &before.source {
        Some(source) => {
            let first = starts(before).into_iter().min().unwrap_or(source.text.len());
            &source.text[..first]
        }
        None => HEAD,
    }
}

/// A table as it was typed.
fn table<'s>(before: &'s Approvals, part: &str) -> Option<&'s str> {
    let source = before.source.as_ref()?;
    let index = before.all.get_index_of(part)?;
    let starts = starts(before);
    let start = starts[index];
    let next = starts.into_iter().filter(|at| *at > start).min();
    Some(&source.text[start..next.unwrap_or(source.text.len())])
}

fn write_table(text: &mut String, part: &str, approval: &Approval) {
    let quoted = |text: &str| Value::from(text).to_string();
    let _ = writeln!(text, "[{}]", quoted(part));
    let _ = writeln!(text, "by = {}", quoted(&approval.by));
    let _ = writeln!(text, "on = {}", approval.on);
    for (id, verdict) in &approval.verdicts {
        let _ = writeln!(text, "verdict.{id} = {}", quoted(verdict.word()));
    }
    let is_plain = !approval.text.contains("'''")
        && approval
            .text
            .chars()
            .all(|letter| letter == '\n' || letter == '\t' || !letter.is_control());
    if is_plain {
        let _ = writeln!(text, "text = '''\n{}\n'''", approval.text);
    } else {
        let _ = writeln!(text, "text = {}", quoted(&approval.text));
    }
}
