//! The table of requirements: how each contract meets them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::table;
use crate::check::{Coverage, Row, Verdict};
use crate::library::{Library, Obligation};

/// A group of contracts that is shown as one column.
struct Column<'a> {
    head: String,
    rows: Vec<Vec<&'a Row>>,
}

impl Column<'_> {
    /// The verdicts of its contracts: one word, or several from good to bad.
    fn verdict(&self, index: usize) -> String {
        let verdicts: BTreeSet<Verdict> =
            self.rows.iter().map(|rows| rows[index].verdict).collect();
        verdicts.into_iter().map(Verdict::word).collect::<Vec<_>>().join("/")
    }
}

/// Of so many clients each has its column; more share one.
const MOST: usize = 6;

/// Writes the table, requirement by requirement and then article by article.
pub fn table(library: &Library, coverage: &[Coverage]) -> String {
    let columns = columns(coverage);
    let requirements: Vec<(&str, Obligation)> =
        library.requirements.all.iter().map(|(id, r)| (id.as_str(), r.level)).collect();
    let mut text = String::new();
    let mut head = vec!["requirement".to_owned(), "level".to_owned()];
    head.extend(columns.iter().map(|column| column.head.clone()));
    head.push("source".to_owned());
    let mut lines = vec![head];
    for (index, (id, level)) in requirements.iter().enumerate() {
        let level = match level {
            Obligation::Required => "required",
            Obligation::Advised => "advised",
        };
        let mut line = vec![(*id).to_owned(), level.to_owned()];
        line.extend(columns.iter().map(|column| column.verdict(index)));
        line.push(library.requirements.all[*id].source.clone());
        lines.push(line);
    }
    text += &(table::lines(&lines).join("\n") + "\n\n");
    let clauses = library.articles.iter().chain(&library.annexes).chain([&library.signature]);
    let mut lines = vec![["clause", "claims"].map(str::to_owned).to_vec()];
    for clause in clauses {
        let part = clause.path.trim_end_matches(".typ");
        if clause.covers.is_empty() {
            lines.push(vec![part.to_owned(), "–".to_owned()]);
        }
        for (position, id) in clause.covers.iter().enumerate() {
            let Some(index) = requirements.iter().position(|(known, _)| known == id) else {
                continue;
            };
            let verdicts: Vec<String> =
                columns.iter().map(|column| column.verdict(index)).collect();
            let part = if position == 0 { part } else { "" };
            lines.push(vec![part.to_owned(), id.clone(), verdicts.join(", ")]);
        }
    }
    text += &(table::lines(&lines).join("\n") + "\n\n");
    for column in &columns {
        let _ = writeln!(text, "{}: {}", column.head, sum(column, &requirements));
    }
    if !library.approvals.all.is_empty() {
        text.push_str("Approved is meant according to approved.toml, of the text that was read.\n");
    }
    text.push_str("Coverage is what the text shows on its face. It is not legal advice.");
    text
}

/// The general edition and the client editions of a library; or each client, or all together.
fn columns(coverage: &[Coverage]) -> Vec<Column<'_>> {
    let collect = |head: &str, which: &dyn Fn(&Coverage) -> bool| -> Option<Column<'_>> {
        let of = coverage.iter().filter(|coverage| which(coverage));
        let rows: Vec<Vec<&Row>> = of.map(|of| of.requirements.iter().collect()).collect();
        (!rows.is_empty()).then(|| Column { head: head.to_owned(), rows })
    };
    let is_general = |coverage: &Coverage| coverage.contract == "general edition";
    if coverage.iter().any(is_general) {
        let clients = collect("clients", &|coverage| !is_general(coverage));
        return collect("general", &is_general).into_iter().chain(clients).collect();
    }
    if coverage.len() > MOST {
        let head = format!("{} clients", coverage.len());
        return collect(&head, &|_| true).into_iter().collect();
    }
    let own = |of: &Coverage| {
        let mut column = collect(&of.contract, &|coverage| coverage.contract == of.contract)?;
        let stem = Path::new(&of.contract).file_stem().unwrap_or_default();
        column.head = stem.to_string_lossy().into_owned();
        Some(column)
    };
    coverage.iter().filter_map(own).collect()
}

/// How many requirements are met, of each level.
fn sum(column: &Column<'_>, requirements: &[(&str, Obligation)]) -> String {
    let of = |level: Obligation| {
        let mut asked = 0;
        let mut met = 0;
        for (index, (_, own)) in requirements.iter().enumerate() {
            let worst = column.rows.iter().map(|rows| rows[index].verdict).max();
            if *own == level && worst != Some(Verdict::NotAsked) {
                asked += 1;
                met +=
                    usize::from(matches!(worst, Some(Verdict::Approved | Verdict::MetOnItsFace)));
            }
        }
        (met, asked)
    };
    let (required, advised) = (of(Obligation::Required), of(Obligation::Advised));
    format!(
        "{} of {} required and {} of {} advised met",
        required.0, required.1, advised.0, advised.1
    )
}
