//! The plain text of a clause, with the place in its file where each part of it was typed.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use typst::World;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Content, StyleChain, SymbolElem};
use typst::model::{LinkElem, ListItem, ParbreakElem, RefElem, TableCell, TableElem};
use typst::syntax::{Source, Span};
use typst::text::{LinebreakElem, RawElem, SmartQuoteElem, SpaceElem, TextElem};

use super::spans::Ranges;
use super::world::{PaperWorld, file_id};
use crate::contract::{AttachedRow, AttachedText, Contract};

/// The text of a clause: a line for each paragraph, item and cell, with single blanks.
#[derive(Debug, Default, Clone)]
pub struct ClauseText {
    /// The text. A reference is its target after an at sign: `@security`.
    pub text: String,
    /// Where in the text the items of lists begin.
    pub items: Vec<usize>,
    /// The rows of tables.
    pub rows: Vec<TableRow>,
    /// Where in the text the references are.
    pub references: Vec<Range<usize>>,
    /// The labels that it gives to its paragraphs: `notice`.
    pub labels: Vec<String>,
    pieces: Vec<Piece>,
}

/// A stretch of the text that was typed in one go.
#[derive(Debug, Clone)]
struct Piece {
    /// Where in the text it begins; it ends where the next begins.
    start: usize,
    /// What was typed in the clause file; none for a value that came from elsewhere.
    typed: Option<Range<usize>>,
    /// Where in the file it begins, if the file has it letter for letter.
    literal: Option<usize>,
}

impl ClauseText {
    /// Where in the clause file a part of the text was typed, if it was typed there.
    #[must_use]
    pub fn typed(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let first = self.piece(part.start)?;
        let last = self.piece(part.end.saturating_sub(1).max(part.start))?;
        let start = match first.literal {
            Some(literal) => literal + (part.start - first.start),
            None => first.typed.clone()?.start,
        };
        let end = match last.literal {
            Some(literal) => literal + (part.end - last.start),
            None => last.typed.clone()?.end,
        };
        Some(start..end.max(start))
    }

    /// Whether a part of the text stands in the clause file letter for letter.
    #[must_use]
    pub fn is_literal(&self, part: &Range<usize>) -> bool {
        self.piece(part.start).is_some_and(|piece| piece.literal.is_some())
    }

    /// Whether any word of a part of the text stands in the clause file letter for letter.
    #[must_use]
    pub fn has_literal(&self, part: &Range<usize>) -> bool {
        let first = self.pieces.partition_point(|piece| piece.start <= part.start);
        let words = self.pieces[first.saturating_sub(1)..].iter();
        words.take_while(|piece| piece.start < part.end).any(|piece| piece.literal.is_some())
    }

    /// The lines with their place in the text.
    pub fn lines(&self) -> impl Iterator<Item = (Range<usize>, &str)> {
        let mut start = 0;
        self.text.split('\n').map(move |line| {
            let range = start..start + line.len();
            start = range.end + 1;
            (range, line)
        })
    }

    /// The text as the JSON of a contract has it: with the lines that are list items, and those that are the
    /// cells of one row, counted from 0.
    #[must_use]
    pub fn attached(&self) -> AttachedText<'_> {
        let line = |at: usize| self.text[..at].matches('\n').count();
        let attached =
            |row: &TableRow| Some(AttachedRow { line: line(row.start?), cells: row.cells.clone() });
        AttachedText {
            text: &self.text,
            items: self.items.iter().map(|at| line(*at)).collect(),
            rows: self.rows.iter().filter_map(attached).collect(),
        }
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= at);
        self.pieces.get(after.checked_sub(1)?)
    }
}

/// The text of each clause that the contract uses, by the clause's path. Nothing is laid out; what Typst
/// has evaluated before is not evaluated again. It starts at the last clause, so that a layout on another
/// thread, which starts at the first, finds half of the work done. An error in one clause does not hide those
/// in others, which the layout does not come to.
pub fn texts(
    world: &PaperWorld<'_>,
    contract: &Contract,
) -> Result<BTreeMap<String, ClauseText>, Vec<SourceDiagnostic>> {
    let mut texts = BTreeMap::new();
    let mut errors = Vec::new();
    for clause in contract.clauses().rev() {
        let Ok(source) = world.source(file_id(clause.path.trim_start_matches('/'))) else {
            continue;
        };
        match world.evaluate(&source) {
            Ok(content) => {
                let text = Writer::new(world, &source).write(&content);
                texts.insert(clause.path.clone(), text);
            }
            Err(found) => drop(errors.splice(0..0, found)),
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

/// Writes content as text.
struct Writer<'a> {
    source: &'a Source,
    ranges: Arc<Ranges>,
    clause: ClauseText,
    /// What stands between the last letter and the next.
    gap: Gap,
    begins_item: bool,
    table: Table,
    /// The last link: the text that Typst makes of an address has no place of its own.
    link: Span,
}

/// A row of a table.
#[derive(Debug, Default, Clone)]
pub struct TableRow {
    /// Where in the text it begins; none if all its cells are empty.
    pub start: Option<usize>,
    /// How many lines each of its cells has.
    pub cells: Vec<usize>,
}

/// The table that is being written.
#[derive(Default)]
struct Table {
    /// How many columns it has.
    columns: usize,
    /// How many columns of the row at hand have their cells.
    filled: usize,
    /// Whether the letters are of the last row that was begun.
    is_inside: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Blank,
    Line,
}

impl<'a> Writer<'a> {
    fn new(world: &PaperWorld<'_>, source: &'a Source) -> Self {
        Self {
            source,
            ranges: world.ranges(source),
            clause: ClauseText::default(),
            gap: Gap::None,
            begins_item: false,
            table: Table::default(),
            link: Span::detached(),
        }
    }

    fn write(mut self, content: &Content) -> ClauseText {
        let _ = content.traverse(&mut |element: Content| -> ControlFlow<()> {
            let label = element.label().map(|label| label.resolve().to_string());
            self.clause.labels.extend(label);
            let is_item = element.is::<ListItem>();
            if let Some(table) = element.to_packed::<TableElem>() {
                let columns = table.columns.get_ref(StyleChain::default()).0.len();
                self.table = Table { columns: columns.max(1), ..Table::default() };
            } else if let Some(cell) = element.to_packed::<TableCell>() {
                self.gap = Gap::Line;
                self.begins_item = false;
                self.begin_cell(cell.colspan.get(StyleChain::default()).get());
            } else if is_item || element.is::<ParbreakElem>() {
                self.gap = Gap::Line;
                self.begins_item = is_item;
                self.table.is_inside &= self.table.filled > 0;
            } else if let Some(reference) = element.to_packed::<RefElem>() {
                let text = format!("@{}", reference.target.resolve());
                self.push(&text, element.span());
                let end = self.clause.text.len();
                self.clause.references.push(end - text.len()..end);
            } else if element.is::<LinebreakElem>() {
                self.gap = self.gap.max(Gap::Blank);
            } else if element.is::<LinkElem>() {
                self.link = element.span();
            } else if is_leaf(&element) {
                self.push(&element.plain_text(), element.span());
            }
            ControlFlow::Continue(())
        });
        self.clause
    }

    /// Where a text was typed, and where it begins if the file has it letter for letter.
    fn origin(&self, text: &str, span: Span) -> (Option<Range<usize>>, Option<usize>) {
        // A span of another file is not among them.
        let typed = self.ranges.get(&span).cloned();
        let literal = typed.as_ref().and_then(|typed| {
            let written = self.source.text().get(typed.clone())?;
            // An escaped letter is itself, after the backslash.
            let escape = usize::from(written.len() > 1 && written.starts_with('\\'));
            (&written[escape..] == text).then_some(typed.start + escape)
        });
        (typed, literal)
    }

    fn push(&mut self, text: &str, span: Span) {
        let (typed, literal) = match self.origin(text, span) {
            (None, None) => match self.origin(text, self.link) {
                (typed, Some(literal)) => (typed, Some(literal)),
                (_, None) => (None, None),
            },
            known => known,
        };
        let mut is_new = true;
        for (index, letter) in text.char_indices() {
            if letter.is_whitespace() {
                let gap = if letter == '\n' { Gap::Line } else { Gap::Blank };
                self.gap = self.gap.max(gap);
                is_new = true;
                continue;
            }
            self.close_gap();
            if is_new {
                let start = self.clause.text.len();
                let literal = literal.map(|start| start + index);
                self.clause.pieces.push(Piece { start, typed: typed.clone(), literal });
                is_new = false;
            }
            self.clause.text.push(letter);
        }
    }

    /// Begins a cell that spans so many columns.
    fn begin_cell(&mut self, span: usize) {
        let table = &mut self.table;
        if table.filled == 0 {
            self.clause.rows.push(TableRow::default());
        }
        self.clause.rows.last_mut().into_iter().for_each(|row| row.cells.push(0));
        table.is_inside = true;
        table.filled += span;
        if table.filled >= table.columns {
            table.filled = 0;
        }
    }

    fn close_gap(&mut self) {
        if !self.clause.text.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Blank => self.clause.text.push(' '),
                Gap::Line => self.clause.text.push('\n'),
            }
        }
        self.gap = Gap::None;
        if std::mem::take(&mut self.begins_item) {
            self.clause.items.push(self.clause.text.len());
        }
        let length = self.clause.text.len();
        let begins_line = length == 0 || self.clause.text.ends_with('\n');
        if let Some(row) =
            self.clause.rows.last_mut().filter(|_| self.table.is_inside && begins_line)
        {
            row.start.get_or_insert(length);
            row.cells.last_mut().into_iter().for_each(|lines| *lines += 1);
        }
    }
}

/// Whether the element is text itself, and not something with text inside.
fn is_leaf(element: &Content) -> bool {
    element.is::<TextElem>()
        || element.is::<SpaceElem>()
        || element.is::<SmartQuoteElem>()
        || element.is::<RawElem>()
        || element.is::<SymbolElem>()
}
