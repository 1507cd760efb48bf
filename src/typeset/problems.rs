//! What Typst finds wrong, told as our own diagnostics: same files, same renderer.

use std::ops::Range;
use std::sync::Arc;

use typst::diag::SourceDiagnostic;
use typst::syntax::{DiagSpan, LinkedNode, Side, Span, ast};
use typst::{World, WorldExt};

use super::document::BadField;
use super::world::ContractWorld;
use crate::contract::Contract;
use crate::diagnostic::{Diagnostic, Source};
use crate::input;
use crate::pdf::{Field, Misplaced, Wrong};

/// Tells Typst's errors and warnings, all of them as errors.
pub fn of(
    world: &ContractWorld<'_>,
    contract: &Contract,
    found: impl IntoIterator<Item = SourceDiagnostic>,
) -> Vec<Diagnostic> {
    found.into_iter().map(|diagnostic| tell(world, contract, &diagnostic)).collect()
}

/// Tells that no font has a character that the pages need, and where it was typed.
pub fn no_glyph(
    world: &ContractWorld<'_>,
    contract: &Contract,
    character: char,
    span: Span,
) -> Diagnostic {
    let typed =
        contract.client_file.as_ref().and_then(|file| input::find_in_texts(file, character));
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

/// Tells what is wrong with a field's declaration.
pub fn bad_field(world: &ContractWorld<'_>, bad: &BadField) -> Diagnostic {
    at(world, Diagnostic::error(bad.message.as_str()), bad.span)
        .hint("declare it by `field` of /contract.typ")
}

/// Tells which field is not placed exactly once.
pub fn misplaced(
    world: &ContractWorld<'_>,
    misplaced: &Misplaced,
    declared: &[(Field, Span)],
) -> Diagnostic {
    let id = &misplaced.id;
    let (message, hint) = match misplaced.wrong {
        Wrong::Missing => ("is on no page", "give the box of the field a width and a height"),
        Wrong::Unknown => ("is placed but not declared", "place it by `field` of /contract.typ"),
        Wrong::Double => ("is there twice", "give each field an id of its own"),
        Wrong::Broken => ("is broken over lines or pages", "keep it together in a box"),
        Wrong::HoldsText => {
            ("has text in it", "make an empty box the field, and put the text beside it")
        }
    };
    let diagnostic = Diagnostic::error(format!("form field `{id}` {message}")).hint(hint);
    match declared.iter().rfind(|(field, _)| field.id == *id) {
        Some((_, span)) => at(world, diagnostic, *span),
        None => diagnostic,
    }
}

fn at(world: &ContractWorld<'_>, diagnostic: Diagnostic, span: Span) -> Diagnostic {
    match place(world, span.into()) {
        Some((source, range)) => diagnostic.at(&source, range),
        None => diagnostic,
    }
}

fn tell(world: &ContractWorld<'_>, contract: &Contract, found: &SourceDiagnostic) -> Diagnostic {
    if let Some(told) = left_out_reference(world, contract, found.span) {
        return told;
    }
    let mut diagnostic = Diagnostic::error(found.message.as_str());
    if let Some((source, range)) = place(world, found.span) {
        diagnostic = diagnostic.at(&source, range);
    }
    for point in &found.trace {
        if let Some((source, range)) = place(world, point.span.into()) {
            diagnostic = diagnostic.related(&source, range, point.v.to_string());
        }
    }
    found.hints.iter().fold(diagnostic, |diagnostic, hint| diagnostic.hint(hint.v.as_str()))
}

/// A reference to a clause that this selection leaves out is told by both clauses' names.
fn left_out_reference(
    world: &ContractWorld<'_>,
    contract: &Contract,
    span: DiagSpan,
) -> Option<Diagnostic> {
    let id = span.id()?;
    let (source, range) = place(world, span)?;
    let tree = world.source(id).ok()?;
    let leaf = LinkedNode::new(tree.root()).leaf_at(range.start, Side::After)?;
    let target = leaf.cast::<ast::Ref>().or_else(|| leaf.parent()?.cast())?.target();
    let title = contract.left_out.get(target)?;
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

/// Where a span is, in our terms.
fn place(world: &ContractWorld<'_>, span: DiagSpan) -> Option<(Arc<Source>, Range<usize>)> {
    let id = span.id()?;
    let range = world.range(span)?;
    let text = String::from_utf8(world.file(id).ok()?.to_vec()).ok()?;
    Some((Source::new(world.name(id), text), range))
}
