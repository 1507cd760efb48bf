//! What Typst finds wrong, as our own diagnostics: same files, same renderer.

use std::ops::Range;
use std::sync::Arc;

use typst::diag::SourceDiagnostic;
use typst::syntax::{DiagSpan, FileId, LinkedNode, Side, Span, ast};
use typst::{World, WorldExt};

use super::document::BadField;
use super::paper::Paper;
use super::world::{PaperWorld, file_id};
use crate::contract::Contract;
use crate::diagnostic::{Diagnostic, List, Problems, Source};
use crate::input;
use crate::pdf::{Field, Misplaced, Wrong};

/// Typst's errors and warnings as diagnostics, all of them errors.
pub fn of(
    world: &PaperWorld<'_>,
    paper: &dyn Paper,
    found: impl IntoIterator<Item = SourceDiagnostic>,
) -> Problems {
    found.into_iter().map(|diagnostic| convert(world, paper, &diagnostic)).collect()
}

/// The error that no font has a character that the pages need, and where it was typed.
pub fn no_glyph(
    world: &PaperWorld<'_>,
    paper: &dyn Paper,
    character: char,
    span: Span,
) -> Diagnostic {
    let client_file = paper.contract().and_then(|contract| contract.client_file.as_ref());
    let typed = client_file.and_then(|file| input::find_in_texts(file, character));
    let diagnostic = Diagnostic::error(format!(
        "no font has the character `{}` (U+{:04X})",
        character.escape_debug(),
        u32::from(character)
    ))
    .hint("write it in other letters, or put a font that has it into the layout's `fonts/`");
    match typed.map(|typed| (typed.source, typed.range)).or_else(|| place(world, span.into())) {
        Some((source, range)) => diagnostic.at(&source, range),
        None => diagnostic,
    }
}

/// The error about a field's declaration.
pub fn bad_field(world: &PaperWorld<'_>, bad: &BadField) -> Diagnostic {
    at(world, Diagnostic::error(bad.message.as_str()), bad.span)
        .hint("declare it by `field` of /contract.typ")
}

/// The error about a field that is not placed exactly once.
pub fn misplaced(
    world: &PaperWorld<'_>,
    misplaced: &Misplaced,
    declared: &[(Field, Span)],
) -> Diagnostic {
    let id = &misplaced.id;
    let (message, hint) = match misplaced.wrong {
        Wrong::Missing => {
            ("is not to be seen on any page", "give its box a width and a height, on the paper")
        }
        Wrong::Unknown => ("is placed but not declared", "place it by `field` of /contract.typ"),
        Wrong::Double => ("is there twice", "give each field an id of its own"),
        Wrong::Broken => ("is broken over lines or pages", "keep it together in a box"),
        Wrong::HoldsText => {
            ("has text in it", "make an empty box the field, and put the text beside it")
        }
    };
    let diagnostic = Diagnostic::error(format!("form field `{id}` {message}")).hint(hint);
    let mut places = declared.iter().filter(|(field, _)| field.id == *id).map(|(_, span)| *span);
    let (first, last) = (places.next(), places.next_back());
    let Some(span) = last.or(first) else {
        return diagnostic;
    };
    let diagnostic = at(world, diagnostic, span);
    match first.filter(|first| *first != span).and_then(|first| place(world, first.into())) {
        Some((source, range)) => diagnostic.related(&source, range, "first here"),
        None => diagnostic,
    }
}

fn at(world: &PaperWorld<'_>, diagnostic: Diagnostic, span: Span) -> Diagnostic {
    match place(world, span.into()) {
        Some((source, range)) => diagnostic.at(&source, range),
        None => diagnostic,
    }
}

fn convert(world: &PaperWorld<'_>, paper: &dyn Paper, found: &SourceDiagnostic) -> Diagnostic {
    let reference = paper.contract().and_then(|contract| bad_reference(world, contract, found));
    if let Some(diagnostic) = reference {
        return diagnostic;
    }
    let mut diagnostic = Diagnostic::error(found.message.as_str());
    if let Some((source, range)) = place(world, found.span) {
        diagnostic = diagnostic.at(&source, range);
    }
    // How the layout came to a clause explains nothing to who wrote the clause.
    let in_layout = |span: DiagSpan| span.id().is_none_or(|id| !is_clause(id));
    for point in &found.trace {
        if !in_layout(found.span) && in_layout(point.span.into()) {
            continue;
        }
        if let Some((source, range)) = place(world, point.span.into()) {
            diagnostic = diagnostic.related(&source, range, point.v.to_string());
        }
    }
    found.hints.iter().fold(diagnostic, |diagnostic, hint| diagnostic.hint(hint.v.as_str()))
}

fn is_clause(id: FileId) -> bool {
    id.vpath().get_with_slash().starts_with("/clauses/")
}

/// A reference that leads nowhere. One to a clause that this selection leaves out is reported with both clauses'
/// names.
fn bad_reference(
    world: &PaperWorld<'_>,
    contract: &Contract,
    found: &SourceDiagnostic,
) -> Option<Diagnostic> {
    let id = found.span.id().filter(|id| is_clause(*id))?;
    let (source, range) = place(world, found.span)?;
    let tree = world.source(id).ok()?;
    let leaf = LinkedNode::new(tree.root()).leaf_at(range.start, Side::After)?;
    let target = leaf.cast::<ast::Ref>().or_else(|| leaf.parent()?.cast())?.target();
    let clause = target.split_once('.').map_or(target, |(clause, _)| clause);
    let Some(title) = contract.left_out.get(clause) else {
        let diagnostic = Diagnostic::error(found.message.as_str()).at(&source, range);
        if let Some(hint) = paragraph_hint(world, contract, target) {
            return Some(diagnostic.hint(hint));
        }
        let articles = contract.articles.iter().map(|clause| clause.id.clone());
        let annexes = contract.annexes.iter().map(|clause| format!("annex-{}", clause.id));
        let known: Vec<String> = articles.chain(annexes).collect();
        return Some(diagnostic.suggest(target, known.iter().map(String::as_str)));
    };
    let path = id.vpath().get_with_slash();
    let from = contract.clauses().find(|clause| clause.path == path)?;
    let message = format!(
        "`{}` refers to `{target}` (\"{title}\"), which this selection of services leaves out",
        from.id
    );
    let hint =
        format!("take the reference away, or write it under the same condition as `{target}`");
    Some(Diagnostic::error(message).at(&source, range).hint(hint))
}

/// Why a paragraph is not there, of an article that is: it has a condition, or another name.
fn paragraph_hint(world: &PaperWorld<'_>, contract: &Contract, target: &str) -> Option<String> {
    let (article, name) = target.split_once('.')?;
    let clause = contract.articles.iter().find(|clause| clause.id == article)?;
    let source = world.source(file_id(&clause.path)).ok()?;
    let mut names = Vec::new();
    labels(&LinkedNode::new(source.root()), &mut names);
    Some(if names.iter().any(|known| known == name) {
        format!(
            "`{name}` of `{article}` stands under a condition that this contract does not meet: write the reference \
             under the same one, or set the time limit that it needs in [terms]"
        )
    } else if names.is_empty() {
        format!("no paragraph of `{article}` has a label: end one with `<{name}>`")
    } else {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        format!("the paragraphs of `{article}` that have a label: {}", List(&names, "and"))
    })
}

/// The labels that are typed in a file, each once.
fn labels(node: &LinkedNode<'_>, names: &mut Vec<String>) {
    if let Some(label) = node.cast::<ast::Label>()
        && !names.iter().any(|known| known == label.get())
    {
        names.push(label.get().to_owned());
    }
    node.children().for_each(|child| labels(&child, names));
}

/// Where a span is, in our terms.
fn place(world: &PaperWorld<'_>, span: DiagSpan) -> Option<(Arc<Source>, Range<usize>)> {
    let id = span.id()?;
    let range = world.range(span)?;
    let text = String::from_utf8(world.file(id).ok()?.to_vec()).ok()?;
    Some((Source::new(world.name(id), text), range))
}
