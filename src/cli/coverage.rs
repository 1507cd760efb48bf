//! The table of requirements: how each contract meets them.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};
use std::path::Path;

use super::table;
use crate::check::{Coverage, Lang, Row, Verdict, say};
use crate::library::{Library, Obligation};

/// A group of contracts that is shown as one column.
struct Column<'a> {
    head: String,
    rows: Vec<Vec<&'a Row>>,
}

impl Column<'_> {
    /// The verdicts of its contracts: one word, or several from good to bad.
    fn verdict(&self, index: usize, lang: Lang) -> String {
        let verdicts: BTreeSet<Verdict> =
            self.rows.iter().map(|rows| rows[index].verdict).collect();
        let words = verdicts.into_iter().map(|it| it.word().in_lang(lang).to_owned());
        words.collect::<Vec<_>>().join("/")
    }
}

/// Of so many clients each has its column; more share one.
const MOST: usize = 6;

/// Writes the table, requirement by requirement and then article by article.
pub fn table(library: &Library, coverage: &[Coverage], lang: Lang) -> String {
    let text_of = |key: &str| say(key, &[]).in_lang(lang).to_owned();
    let columns = columns(coverage, lang);
    let requirements: Vec<(&str, Obligation)> =
        library.requirements.all.iter().map(|(id, r)| (id.as_str(), r.level)).collect();
    let mut text = String::new();
    let mut head = vec![text_of("head-requirement"), text_of("head-level")];
    head.extend(columns.iter().map(|column| column.head.clone()));
    head.push(text_of("head-source"));
    let mut lines = vec![head];
    for (index, (id, level)) in requirements.iter().enumerate() {
        let level = match level {
            Obligation::Required => "level-required",
            Obligation::Advised => "level-advised",
        };
        let mut line = vec![(*id).to_owned(), text_of(level)];
        line.extend(columns.iter().map(|column| column.verdict(index, lang)));
        line.push(library.requirements.all[*id].source.clone());
        lines.push(line);
    }
    text += &(table::lines(&lines).join("\n") + "\n\n");
    let clauses = library.articles.iter().chain(&library.annexes).chain([&library.signature]);
    let mut lines = vec![vec![text_of("head-clause"), text_of("head-claims")]];
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
                columns.iter().map(|column| column.verdict(index, lang)).collect();
            let part = if position == 0 { part } else { "" };
            lines.push(vec![part.to_owned(), id.clone(), verdicts.join(", ")]);
        }
    }
    text += &(table::lines(&lines).join("\n") + "\n\n");
    for column in &columns {
        let _ = writeln!(text, "{}", sum(column, &requirements, lang));
    }
    if !library.approvals.all.is_empty() {
        let _ = writeln!(text, "{}", text_of("coverage-approved"));
    }
    text.push_str(&text_of("coverage-foot"));
    text
}

/// The general edition and the client editions of a library; or each client, or all together.
fn columns(coverage: &[Coverage], lang: Lang) -> Vec<Column<'_>> {
    let collect = |head: &str, which: &dyn Fn(&Coverage) -> bool| -> Option<Column<'_>> {
        let of = coverage.iter().filter(|coverage| which(coverage));
        let rows: Vec<Vec<&Row>> = of.map(|of| of.requirements.iter().collect()).collect();
        (!rows.is_empty()).then(|| Column { head: head.to_owned(), rows })
    };
    let is_general = |coverage: &Coverage| coverage.contract == "general edition";
    if coverage.iter().any(is_general) {
        let (general, clients) = (say("head-general", &[]), say("head-clients", &[]));
        let clients = collect(clients.in_lang(lang), &|coverage| !is_general(coverage));
        return collect(general.in_lang(lang), &is_general).into_iter().chain(clients).collect();
    }
    if coverage.len() > MOST {
        let head = say("head-many-clients", &[("count", &coverage.len())]);
        return collect(head.in_lang(lang), &|_| true).into_iter().collect();
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
fn sum(column: &Column<'_>, requirements: &[(&str, Obligation)], lang: Lang) -> String {
    let of = |level: Obligation| {
        let mut asked = 0;
        let mut met = 0;
        for (index, (_, own)) in requirements.iter().enumerate() {
            let worst = column.rows.iter().map(|rows| rows[index].verdict).max();
            if *own == level && worst != Some(Verdict::NotAsked) {
                asked += 1;
                met += usize::from(worst.is_some_and(Verdict::is_met));
            }
        }
        (met, asked)
    };
    let (required, advised) = (of(Obligation::Required), of(Obligation::Advised));
    let values: [(&str, &dyn Display); 5] = [
        ("column", &column.head),
        ("met", &required.0),
        ("asked", &required.1),
        ("met-advised", &advised.0),
        ("asked-advised", &advised.1),
    ];
    say("coverage-sum", &values).in_lang(lang).to_owned()
}
