//! The words by which clauses say what a contract covers: `#scope[websites en webshops]`, `#in-scope("chatbots")`.
//! Each must be in the `scope` of a service, and each word of a `scope` must be used.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use typst::syntax::{LinkedNode, ast};

use super::catalogue::Catalogue;
use super::checked::Library;
use super::contents::Contents;
use super::pieces::{first_lower, plain, split};
use crate::diagnostic::{Diagnostic, Source, closest};
use crate::input;

/// The words of a clause file that ask for a service, with their places.
fn words(source: &str) -> Vec<(String, Range<usize>)> {
    fn visit(node: &LinkedNode<'_>, words: &mut Vec<(String, Range<usize>)>) {
        if let Some(call) = node.cast::<ast::FuncCall>()
            && let ast::Expr::Ident(callee) = call.callee()
        {
            for argument in call.args().items() {
                let ast::Arg::Pos(value) = argument else { continue };
                match (callee.as_str(), value) {
                    ("scope", ast::Expr::ContentBlock(block)) => {
                        let text = plain(ast::AstNode::to_untyped(block));
                        words.extend(split(&text).map(|word| (word.to_owned(), node.range())));
                    }
                    ("in-scope", ast::Expr::Str(word)) => {
                        words.push((word.get().to_string(), node.range()));
                    }
                    _ => {}
                }
            }
        }
        node.children().for_each(|child| visit(&child, words));
    }
    let root = typst::syntax::parse(source);
    let mut words = Vec::new();
    visit(&LinkedNode::new(&root), &mut words);
    words
}

/// The words of `scope` as a clause may have them: as they are, or with a capital.
fn known<'a>(catalogue: &'a Catalogue, word: &str) -> Option<&'a str> {
    let lower = first_lower(word);
    let mut all = catalogue.services.values().flat_map(|service| &service.scope);
    all.find(|known| *known == word || **known == lower).map(String::as_str)
}

/// Clauses, and the subtitle, that ask for a word that no service has in its `scope`.
pub fn check(
    clauses: &[Arc<Source>],
    contents: &Contents,
    catalogue: &Catalogue,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut note = |word: &str, source: &Arc<Source>, range: Range<usize>| {
        if known(catalogue, word).is_some() {
            return;
        }
        let all = catalogue.services.values().flat_map(|service| &service.scope);
        let all: Vec<&str> = all.map(String::as_str).collect();
        let shown = word.escape_debug();
        let unknown =
            Diagnostic::error(format!("no service has `{shown}` in its `scope`")).at(source, range);
        problems.push(match closest(word, &all) {
            Some(close) => unknown.hint(format!("did you mean `{close}`?")),
            None => unknown.hint("add it in services.toml to each service that it is about"),
        });
    };
    for source in clauses {
        for (word, range) in words(&source.text) {
            note(&word, source, range);
        }
    }
    let listed = input::values(&contents.source);
    for word in &contents.scope {
        let at = listed.iter().find(|(_, value)| value == word).map_or(0..0, |(at, _)| at.clone());
        note(word, &contents.source, at);
    }
    problems
}

impl Library {
    /// The words of each service's `scope` that no clause, no example and no subtitle uses: service and word.
    #[must_use]
    pub fn unused_scope(&self) -> Vec<(&str, &str)> {
        let catalogue = &self.catalogue;
        let mut used: BTreeSet<String> = self.contents.scope.iter().cloned().collect();
        for clause in self.clauses() {
            used.extend(words(&clause.text).into_iter().map(|(word, _)| word));
        }
        let rows =
            catalogue.data_categories.values().chain(catalogue.subprocessor_categories.values());
        used.extend(rows.flat_map(|row| split(&row.examples)).map(str::to_owned));
        let used: BTreeSet<&str> = used.iter().filter_map(|word| known(catalogue, word)).collect();
        let mut unused = Vec::new();
        for (id, service) in &catalogue.services {
            let words = service.scope.iter().filter(|word| !used.contains(word.as_str()));
            unused.extend(words.map(|word| (id.as_str(), word.as_str())));
        }
        unused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_a_clause_asks() {
        let clause = "Voor\n#scope(otherwise: [de rest])[websites,\n webshops of AI-agents].\n#if in-scope(\"a\", \"b\") [x #scope[c]]";
        let found: Vec<String> = words(clause).into_iter().map(|(word, _)| word).collect();
        assert_eq!(found, ["websites", "webshops", "AI-agents", "a", "b", "c"]);
    }
}
