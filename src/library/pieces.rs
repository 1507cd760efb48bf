//! A clause's Typst, taken apart where it depends on the services: enumerations, and conditions on their words.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use typst::syntax::{LinkedNode, SyntaxKind, SyntaxNode, ast};

/// What stands between two words of an enumeration, as `scope` of contract.typ has it too.
static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r",\s+|\s+(?:en|of|and|or)\s+").expect("the pattern is right, which tests show")
});

/// The words of an enumeration.
pub fn split(enumeration: &str) -> impl Iterator<Item = &str> {
    SEPARATOR.split(enumeration.trim())
}

/// The word with a small first letter, as it is within a sentence.
#[must_use]
pub fn first_lower(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A part of a clause's Typst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// What is there for all.
    Text(String),
    /// An enumeration of which a contract keeps what its services have: its words, and what stands before the last.
    Enumeration(Vec<String>, String),
    /// Words of which a service may have one.
    Condition(Vec<String>),
}

/// A clause's Typst, taken apart where it depends on the services.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    fn visit(node: &LinkedNode<'_>, found: &mut Vec<(Range<usize>, Piece)>) {
        if let Some(call) = node.cast::<ast::FuncCall>()
            && let ast::Expr::Ident(callee) = call.callee()
        {
            let is_arguments = |child: &LinkedNode<'_>| child.kind() == SyntaxKind::Args;
            let arguments = node.children().find(is_arguments);
            let arguments = arguments.iter().flat_map(LinkedNode::children);
            let mut words = Vec::new();
            for argument in arguments {
                match callee.as_str() {
                    "scope" if argument.kind() == SyntaxKind::ContentBlock => {
                        let text = plain(argument.get());
                        let kept = split(&text).map(str::to_owned).collect();
                        let last = SEPARATOR.find_iter(text.trim()).last();
                        let last = last.map(|last| last.as_str().to_owned()).unwrap_or_default();
                        found.push((argument.range(), Piece::Enumeration(kept, last)));
                    }
                    "in-scope" => {
                        let word = argument.cast::<ast::Str>();
                        words.extend(word.map(|word| word.get().to_string()));
                    }
                    _ => {}
                }
            }
            if !words.is_empty() {
                found.push((node.range(), Piece::Condition(words)));
                return;
            }
        }
        node.children().for_each(|child| visit(&child, found));
    }
    let root = typst::syntax::parse(text);
    let mut found = Vec::new();
    visit(&LinkedNode::new(&root), &mut found);
    let mut pieces = Vec::new();
    let mut end = 0;
    for (range, piece) in found {
        // What stands within an enumeration is part of it.
        if range.start >= end {
            pieces.push(Piece::Text(text[end..range.start].to_owned()));
            pieces.push(piece);
            end = range.end;
        }
    }
    pieces.push(Piece::Text(text[end..].to_owned()));
    pieces
}

/// The Typst of a clause as it reads where the services have these words: an enumeration keeps its own of them.
pub(super) fn text_for(pieces: &[Piece], scope: &BTreeMap<String, bool>) -> String {
    let has = |word: &String| {
        let found = scope.get(word).or_else(|| scope.get(&first_lower(word)));
        found.copied().unwrap_or_default()
    };
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Enumeration(words, last) => {
            let kept: Vec<&str> =
                words.iter().filter(|word| has(word)).map(String::as_str).collect();
            format!("[{}|{}]", kept.join(", "), if kept.len() > 1 { last } else { "" })
        }
        Piece::Condition(words) => words.iter().any(has).to_string(),
    };
    pieces.iter().map(text).collect()
}

/// The Typst of a clause without the words that it asks services for.
pub(super) fn text_for_all(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Enumeration(..) => "[…]".to_owned(),
        Piece::Condition(..) => "…".to_owned(),
    };
    pieces.iter().map(text).collect()
}

/// The text of a content block, blanks as single ones.
pub(super) fn plain(node: &SyntaxNode) -> String {
    match node.kind() {
        SyntaxKind::Space | SyntaxKind::Parbreak => " ".to_owned(),
        SyntaxKind::LeftBracket
        | SyntaxKind::RightBracket
        | SyntaxKind::LineComment
        | SyntaxKind::BlockComment => String::new(),
        _ if node.children().len() == 0 => node.leaf_text().to_string(),
        _ => node.children().map(plain).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_reads_as_its_services_have_it() {
        let read = |clause: &str, taken: &[&str]| {
            let scope = ["a", "b", "c", "d"].map(|word| (word.to_owned(), taken.contains(&word)));
            text_for(&pieces(clause), &BTreeMap::from(scope))
        };
        let (old, new) =
            ("Voor #scope(otherwise: [x])[a en b].", "Voor #scope(otherwise: [x])[A, c en b].");
        assert_eq!(read(old, &["a"]), read(old, &["a", "d"]));
        assert_ne!(read(old, &["a"]), read(old, &["a", "b"]));
        assert_eq!(read("Voor #scope[a en b].", &["a"]), read("Voor #scope[a, c en b].", &["a"]));
        assert_ne!(read("Voor #scope[a en b].", &["c"]), read("Voor #scope[a, c en b].", &["c"]));
        assert_ne!(read(old, &["b"]), read(new, &["c"]));
        let condition = |words: &str| format!("#if in-scope({words}) [x]");
        assert_eq!(read(&condition("\"a\""), &["a"]), read(&condition("\"a\", \"c\""), &["a"]));
        assert_ne!(read(&condition("\"a\""), &["c"]), read(&condition("\"a\", \"c\""), &["c"]));
        assert_ne!(read("Een #scope[a].", &["a"]), read("De #scope[a].", &["a"]));
    }
}
