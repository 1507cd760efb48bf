//! The text of an agreement as its PDF carries it: `contract.json`, of this version of the program or earlier.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::details;

/// The text of an agreement.
#[derive(Debug, Clone)]
pub struct AgreementText {
    /// `client`, or `general` for the edition without a client.
    pub edition: String,
    /// ISO 639-1 code of its language.
    pub language: String,
    /// Its title.
    pub title: String,
    /// The version of the text: `2026-06-12`.
    pub version: String,
    /// The version as in running text: `12 juni 2026`.
    pub version_text: String,
    /// SHA-256 over all that determines it.
    pub digest: String,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// The processor's name.
    pub processor: String,
    /// What stands on the cover and in the signature block, by its key in the JSON.
    pub details: IndexMap<String, String>,
    /// The clauses in their order: articles, annexes, closing.
    pub clauses: Vec<Clause>,
}

/// A clause with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its label, by which other clauses refer to it.
    pub id: String,
    /// What sort of clause it is.
    pub kind: ClauseKind,
    /// Its number among those of its sort; none for the closing.
    pub number: Option<usize>,
    /// Its title.
    pub title: String,
    /// Its paragraphs, list items and table rows.
    pub parts: Vec<Part>,
}

/// What sort of clause it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClauseKind {
    /// An article.
    Article,
    /// An annex.
    Annex,
    /// The closing, above the signatures.
    Closing,
}

/// A paragraph, a list item or a table row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which of them it is.
    pub kind: PartKind,
    /// Its text; the cells of a row stand on a line each, an empty one on an empty line.
    pub text: String,
}

/// Which kind of part it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A row of a table.
    Row,
}

/// Why a `contract.json` cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no contract's JSON; says what is wrong with it.
    Json(String),
    /// It has no text of this clause.
    NoText(String),
    /// This clause has more lines than any contract.
    TooLong(String),
}

/// A clause with more lines than this is no contract's, and would take long to compare.
const MOST_LINES: usize = 5_000;

impl Display for Unreadable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(problem) => write!(f, "its contract.json cannot be read: {problem}"),
            Self::NoText(clause) => write!(f, "its contract.json lacks the text of `{clause}`"),
            Self::TooLong(clause) => {
                write!(f, "`{clause}` in its contract.json has more than {MOST_LINES} lines")
            }
        }
    }
}

#[derive(Deserialize)]
struct RawAgreement {
    edition: String,
    language: String,
    title: String,
    version: RawVersion,
    digest: String,
    client: Option<RawParty>,
    processor: RawParty,
    articles: Vec<RawClause>,
    annexes: Vec<RawClause>,
    signature: RawClause,
}

#[derive(Deserialize)]
struct RawVersion {
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct RawParty {
    name: String,
}

#[derive(Deserialize)]
struct RawClause {
    id: String,
    title: String,
    text: Option<String>,
    /// The lines of the text that are list items, from 0; earlier versions of the program wrote none.
    #[serde(default)]
    items: Vec<usize>,
    /// The rows of tables; earlier versions of the program wrote none.
    #[serde(default)]
    rows: Vec<RawRow>,
}

#[derive(Deserialize)]
struct RawRow {
    line: usize,
    cells: Vec<usize>,
}

impl AgreementText {
    /// Reads the JSON that a PDF of ours carries.
    ///
    /// # Errors
    ///
    /// If it is no contract's JSON, or a clause in it has no text.
    pub fn read(json: &[u8]) -> Result<Self, Unreadable> {
        let problem = |error: serde_json::Error| Unreadable::Json(error.to_string());
        let value: Value = serde_json::from_slice(json).map_err(problem)?;
        let details = details::of(&value);
        let raw: RawAgreement = serde_json::from_value(value).map_err(problem)?;
        let mut clauses = Vec::new();
        for (number, article) in raw.articles.into_iter().enumerate() {
            clauses.push(clause(article, "", ClauseKind::Article, Some(number + 1))?);
        }
        for (number, annex) in raw.annexes.into_iter().enumerate() {
            clauses.push(clause(annex, "annex-", ClauseKind::Annex, Some(number + 1))?);
        }
        clauses.push(clause(raw.signature, "", ClauseKind::Closing, None)?);
        Ok(Self {
            edition: raw.edition,
            language: raw.language,
            title: raw.title,
            version: raw.version.id,
            version_text: raw.version.text,
            digest: raw.digest,
            client: raw.client.map(|client| client.name),
            processor: raw.processor.name,
            details,
            clauses,
        })
    }
}

fn clause(
    raw: RawClause,
    prefix: &str,
    kind: ClauseKind,
    number: Option<usize>,
) -> Result<Clause, Unreadable> {
    let id = format!("{prefix}{}", raw.id);
    let text = raw.text.ok_or_else(|| Unreadable::NoText(id.clone()))?;
    if text.split('\n').nth(MOST_LINES).is_some() {
        return Err(Unreadable::TooLong(id));
    }
    Ok(Clause { id, kind, number, title: raw.title, parts: parts(&text, &raw.items, &raw.rows) })
}

/// The parts of a text: each line is one, except those that are the cells of one row.
fn parts(text: &str, items: &[usize], rows: &[RawRow]) -> Vec<Part> {
    if text.is_empty() {
        return Vec::new();
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let items: BTreeSet<usize> = items.iter().copied().collect();
    let rows: BTreeMap<usize, &RawRow> = rows.iter().map(|row| (row.line, row)).collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let (kind, text, count) = match rows.get(&at).and_then(|row| row_text(row, &lines[at..])) {
            Some((text, count)) => (PartKind::Row, text, count),
            None if items.contains(&at) => (PartKind::Item, lines[at].to_owned(), 1),
            None => (PartKind::Paragraph, lines[at].to_owned(), 1),
        };
        parts.push(Part { kind, text });
        at += count;
    }
    parts
}

/// The cells of a row, a line for each, and how many lines of the text they are; none if the text has fewer.
fn row_text(row: &RawRow, mut lines: &[&str]) -> Option<(String, usize)> {
    let mut cells = Vec::new();
    let mut all = 0;
    for count in &row.cells {
        let (cell, rest) = lines.split_at_checked(*count)?;
        cells.push(cell.join(" "));
        lines = rest;
        all += count;
    }
    (all > 0).then(|| (cells.join("\n"), all))
}

/// Gives a side that does not say what its rows are those of the other side: its tables are known by the head
/// that they have in common.
pub fn with_same_rows(mut old: Vec<Part>, mut new: Vec<Part>) -> (Vec<Part>, Vec<Part>) {
    let has_rows = |parts: &[Part]| parts.iter().any(|part| part.kind == PartKind::Row);
    match (has_rows(&old), has_rows(&new)) {
        (false, true) => old = with_rows_of(&old, &new),
        (true, false) => new = with_rows_of(&new, &old),
        _ => {}
    }
    (old, new)
}

fn with_rows_of(plain: &[Part], other: &[Part]) -> Vec<Part> {
    let is_head = |at: usize| {
        let is_row = |at: usize| other[at].kind == PartKind::Row;
        is_row(at) && (at == 0 || !is_row(at - 1))
    };
    let heads: Vec<&str> =
        (0..other.len()).filter(|at| is_head(*at)).map(|at| other[at].text.as_str()).collect();
    let is_prose = |part: &Part| {
        other.iter().any(|known| known.kind != PartKind::Row && known.text == part.text)
    };
    let rows: Vec<&str> = other
        .iter()
        .filter(|part| part.kind == PartKind::Row)
        .map(|part| part.text.as_str())
        .collect();
    // How many lines a row of the other side takes that stands here: its empty cells have none.
    let lines_at = |row: &str, at: usize| {
        let cells = row.split('\n').filter(|cell| !cell.is_empty());
        let count = cells.clone().count();
        let lines = plain.get(at..at + count)?;
        cells.zip(lines).all(|(cell, part)| cell == part.text).then_some(count)
    };
    let head_at = |at: usize| {
        let head = heads.iter().find(|head| lines_at(head, at).is_some());
        head.map(|head| head.split('\n').count())
    };
    let row_at = |at: usize| {
        let known = rows.iter().filter_map(|row| Some((lines_at(row, at)?, *row)));
        known.max_by_key(|(count, _)| *count)
    };
    let mut parts = Vec::new();
    let mut columns = None;
    let mut at = 0;
    while at < plain.len() {
        columns = head_at(at).or(columns);
        let known = columns.and_then(|_| row_at(at));
        let cells = columns
            .map(|columns| at..at + columns)
            .filter(|cells| cells.end <= plain.len() && !plain[cells.clone()].iter().any(is_prose));
        if let Some((count, row)) = known {
            parts.push(Part { kind: PartKind::Row, text: row.to_owned() });
            at += count;
        } else if let Some(cells) = cells {
            let texts: Vec<&str> = plain[cells.clone()].iter().map(|it| it.text.as_str()).collect();
            parts.push(Part { kind: PartKind::Row, text: texts.join("\n") });
            at = cells.end;
        } else {
            parts.push(plain[at].clone());
            columns = None;
            at += 1;
        }
    }
    parts
}
