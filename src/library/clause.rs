//! A clause file: plain Typst whose opening block comment is TOML.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use typst::syntax::{SyntaxKind, SyntaxNode, is_newline};

use super::pieces::{self, Piece};
use super::places::{self, PROCESSOR};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Spanned, Text};

/// A clause: an article, an annex or the closing.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its id: the file's stem.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its heading in a contract that names all its sub-processors.
    pub title_closed_list: Option<String>,
    /// The services of which one must be taken; empty for a clause that always applies.
    pub when: Vec<String>,
    /// The ids of the requirements that it speaks to.
    pub covers: Vec<String>,
    /// Its path in the clause library.
    pub path: String,
    /// Its Typst without remarks: what determines the text of a contract.
    pub text: String,
    /// The same, taken apart where it depends on the services.
    pub(super) pieces: Vec<Piece>,
    /// What it repairs, if it was written as a proposal.
    pub proposal: Option<Proposal>,
}

/// What a clause says of itself that was written as a proposal for the lawyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The requirements that it meets and the clause in its place does not.
    pub meets: Vec<String>,
    /// Why, in one sentence in the language of the contract.
    pub why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawMetadata {
    title: Option<Text>,
    title_closed_list: Option<Text>,
    when: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    covers: Vec<Text>,
    proposal: Option<Spanned<RawProposal>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProposal {
    #[serde(default)]
    meets: Vec<Text>,
    why: Option<Text>,
}

/// What a clause's metadata may name.
#[derive(Debug)]
pub struct Known<'a> {
    /// Services.
    pub services: Vec<&'a str>,
    /// Requirements.
    pub requirements: Vec<&'a str>,
    /// The processor's name in running text.
    pub processor: &'a str,
}

impl Clause {
    /// Reads a clause's metadata; its text is Typst's to read.
    ///
    /// # Errors
    ///
    /// All problems of the metadata.
    pub fn read(
        id: &str,
        path: String,
        source: &Arc<Source>,
        known: &Known<'_>,
    ) -> Result<Self, Problems> {
        let start = source.text.len() - source.text.trim_start().len();
        let comment = source.text[start..].strip_prefix("/*").and_then(|rest| rest.find("*/"));
        let Some(length) = comment else {
            let (message, hint) = if source.text[start..].starts_with("/*") {
                ("the clause's metadata has no end", "end the comment with */")
            } else {
                ("the clause has no metadata", "begin the file with a comment: /* title = \"…\" */")
            };
            return Err(Diagnostic::error(message).at(source, start..start).hint(hint).into());
        };
        let metadata = start + 2..start + 2 + length;
        let opening = start..start + 2;
        input::toml(source, metadata, |raw: RawMetadata, check| {
            if let Some(when) = &raw.when
                && when.get_ref().is_empty()
            {
                let never = Diagnostic::error("`when` is empty: the clause would never apply")
                    .at(source, when.span())
                    .hint("name a service, or leave the key out for a clause that always applies");
                check.problem(never);
            }
            for title in [&raw.title, &raw.title_closed_list].into_iter().flatten() {
                places::check(check, title, &[PROCESSOR]);
            }
            let fill = |title: String| places::fill(&title, &[(PROCESSOR, known.processor)]);
            let title = check.required("title", raw.title, opening).map(fill);
            let title_closed_list =
                check.optional("title-closed-list", raw.title_closed_list).map(fill);
            let when = raw.when.map(Spanned::into_inner).unwrap_or_default();
            let when = check.ids("service", &when, &known.services);
            let covers = check.ids("requirement", &raw.covers, &known.requirements);
            let proposal = raw.proposal.and_then(|raw| {
                let table = raw.span();
                let raw = raw.into_inner();
                check.not_empty("meets", &raw.meets, table.clone());
                let meets = check.ids("requirement", &raw.meets, &known.requirements);
                let why = check.required("why", raw.why, table)?;
                Some(Proposal { meets, why })
            });
            let text = without_remarks(&source.text);
            let id = id.to_owned();
            let pieces = pieces::pieces(&text);
            title.map(|title| Self {
                id,
                title,
                title_closed_list,
                when,
                covers,
                path,
                text,
                pieces,
                proposal,
            })
        })
    }
}

impl Clause {
    /// Its Typst as it reads where the services have these words: an enumeration keeps its own of them.
    #[must_use]
    pub fn text_for(&self, scope: &BTreeMap<String, bool>) -> String {
        pieces::text_for(&self.pieces, scope)
    }

    /// Its Typst without the words that it asks services for.
    #[must_use]
    pub fn text_for_all(&self) -> String {
        pieces::text_for_all(&self.pieces)
    }
}

/// A clause's Typst without its remarks, of which the metadata is one, and without the blanks around them.
/// What stands in quotes or is set raw does not change.
fn without_remarks(source: &str) -> String {
    let mut text = String::new();
    let mut blank = Blank::None;
    for leaf in leaves(&typst::syntax::parse(source)) {
        match leaf.kind() {
            SyntaxKind::LineComment | SyntaxKind::BlockComment => {}
            SyntaxKind::Space | SyntaxKind::Parbreak => blank = blank.and(leaf),
            _ => {
                blank.write(&mut text);
                blank = Blank::None;
                text.push_str(leaf.leaf_text());
            }
        }
    }
    text
}

/// The tokens of a Typst text.
pub(super) fn leaves(node: &SyntaxNode) -> Vec<&SyntaxNode> {
    if node.children().len() == 0 { vec![node] } else { node.children().flat_map(leaves).collect() }
}

/// The blanks between two words, remarks among them or not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blank<'a> {
    None,
    /// On one line.
    Space,
    /// To the next line, indented so.
    Line(&'a str),
    /// To the next paragraph, indented so.
    Paragraph(&'a str),
}

impl<'a> Blank<'a> {
    fn and(self, leaf: &'a SyntaxNode) -> Self {
        let indent = leaf.leaf_text().rsplit_once(is_newline).map(|(_, indent)| indent);
        match (self, indent) {
            (_, Some(indent)) if leaf.kind() == SyntaxKind::Parbreak => Self::Paragraph(indent),
            (Self::Paragraph(_), Some(indent)) => Self::Paragraph(indent),
            (_, Some(indent)) => Self::Line(indent),
            (before, None) => before.max(Self::Space),
        }
    }

    fn write(self, text: &mut String) {
        let (newlines, indent) = match self {
            Self::None => return,
            Self::Space => ("", " "),
            Self::Line(indent) => ("\n", indent),
            Self::Paragraph(indent) => ("\n\n", indent),
        };
        if !text.is_empty() {
            text.push_str(newlines);
            text.push_str(indent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_remarks;

    #[test]
    fn remarks_are_no_text_nor_are_the_blanks_that_they_leave() {
        let plain = without_remarks("Een zin.\n\n- punt\n  - onder\n");
        assert_eq!(plain, "Een zin.\n\n- punt\n  - onder");
        for same in [
            "/* title */\nEen zin. // voorstel\n\n\n- punt\n  - onder\n",
            "// a\n\n/* title */\nEen zin.\n\n// b\n- punt // c\n  // d\n  - onder // e\n\n\n",
            "Een /* voor */ zin.\r\n\r\n- punt\n /* f */ \n  - onder",
        ] {
            assert_eq!(without_remarks(same), plain, "{same}");
        }
        for other in ["Een andere zin.\n\n- punt\n  - onder", "Een zin.\n\n- punt\n- onder"] {
            assert_ne!(without_remarks(other), plain, "{other}");
        }
    }

    #[test]
    fn what_is_quoted_or_raw_stays_as_it_is() {
        for text in ["#\"a // b\\n\\n\\nc\"", "```\na\n\n\n// b  \nc\n```", "https://mnrv.nl"] {
            assert_eq!(without_remarks(text), text);
        }
    }
}
