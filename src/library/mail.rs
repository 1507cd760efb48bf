//! `mail.txt`: the e-mail that a quote and a contract are sent with; `notice.txt`: the one that notifies a client of
//! a change. They are no part of the contract, so neither its digest nor its version depend on them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::files::Files;
use crate::diagnostic::{Diagnostic, Problems, Source};

/// The files in the clause library.
const MAIL: &str = "mail.txt";
const NOTICE: &str = "notice.txt";

/// An e-mail's subject and text, with places to fill in: `{client}`. A brace itself is doubled.
#[derive(Debug)]
pub struct MailText {
    source: Arc<Source>,
    subject: Range<usize>,
    body: Range<usize>,
}

/// What fills a place.
#[derive(Debug, Clone)]
pub enum Filling {
    /// A text on one line.
    Line(String),
    /// Lines, which a subject cannot have.
    Lines(String),
    /// Nothing is known; how to make it known.
    Unknown(&'static str),
}

/// What fills the places, by name.
pub type Fillings = BTreeMap<&'static str, Filling>;

impl MailText {
    /// Reads the text that a quote and a contract are sent with out of a library.
    ///
    /// # Errors
    ///
    /// If it is not there, or has no subject or no text.
    pub fn read(files: &Files) -> Result<Self, Diagnostic> {
        let source = files.text(MAIL).map_err(|problem| {
            problem.hint("`dpa-gen mail` takes its subject and its text from there; --embedded uses the one in the program")
        })?;
        Self::parse(source)
    }

    /// Reads the text that a client is notified of a change with; a library without one has that in the program.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or has no subject or no text.
    pub fn read_notice(files: &Files) -> Result<Self, Diagnostic> {
        let has_own = files.bytes(NOTICE).is_some();
        Self::parse(if has_own {
            files.text(NOTICE)?
        } else {
            Files::embedded_clauses().text(NOTICE)?
        })
    }

    fn parse(source: Arc<Source>) -> Result<Self, Diagnostic> {
        let mut at = 0;
        let mut lines = source.text.split_inclusive('\n');
        let line = loop {
            match lines.next() {
                Some(line) if line.starts_with('#') || line.trim().is_empty() => at += line.len(),
                Some(line) => break line,
                None => break "",
            }
        };
        let subject = at..at + line.trim_end().len();
        let body = at + line.len()..source.text.len();
        let empty = |what: &str, range: &Range<usize>| {
            Diagnostic::error(format!("`{}` has no {what}", source.name))
                .at(&source, range.start..range.start)
                .hint("its first line is the subject, then comes an empty line, then the text")
        };
        if subject.is_empty() {
            return Err(empty("subject", &subject));
        }
        if source.text[body.clone()].trim().is_empty() {
            return Err(empty("text", &body));
        }
        Ok(Self { source, subject, body })
    }

    /// The subject and the text with all places filled in; lines end in `\n`.
    ///
    /// # Errors
    ///
    /// Each place that is not known, or has nothing to fill it with.
    pub fn fill(&self, fillings: &Fillings) -> Result<(String, String), Problems> {
        let mut problems = Problems::new();
        let subject = self.part(self.subject.clone(), fillings, true, &mut problems);
        let body = self.part(self.body.clone(), fillings, false, &mut problems);
        let body: Vec<&str> = body.lines().map(str::trim_end).collect();
        let body = format!("{}\n", body.join("\n").trim());
        problems.or((subject, body))
    }

    fn part(
        &self,
        range: Range<usize>,
        fillings: &Fillings,
        is_line: bool,
        problems: &mut Problems,
    ) -> String {
        let text = &self.source.text[..range.end];
        let mut filled = String::new();
        let mut at = range.start;
        while let Some(brace) = text[at..].find(['{', '}']).map(|found| at + found) {
            filled.push_str(&text[at..brace]);
            let rest = &text[brace..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                filled.push_str(&rest[..1]);
                at = brace + 2;
                continue;
            }
            let line_end = rest.find('\n').unwrap_or(rest.len());
            let Some(end) = rest[..line_end].find('}').filter(|_| rest.starts_with('{')) else {
                let single = Diagnostic::error("a brace that stands alone")
                    .at(&self.source, brace..brace + 1)
                    .hint("a place to fill in is written as `{client}`; for a brace itself write it twice");
                problems.push(single);
                at = brace + 1;
                continue;
            };
            let place = brace..brace + end + 1;
            match self.filling(place.clone(), fillings, is_line) {
                Ok(text) => filled.push_str(&text),
                Err(problem) => problems.push(problem),
            }
            at = place.end;
        }
        filled + &text[at..]
    }

    fn filling(
        &self,
        place: Range<usize>,
        fillings: &Fillings,
        is_line: bool,
    ) -> Result<String, Diagnostic> {
        let name = &self.source.text[place.start + 1..place.end - 1];
        let wrong = |message: String| Err(Diagnostic::error(message).at(&self.source, place));
        match fillings.get(name) {
            Some(Filling::Line(text)) => Ok(text.clone()),
            Some(Filling::Lines(text)) if !is_line => Ok(text.clone()),
            Some(Filling::Lines(_)) => {
                wrong(format!("`{{{name}}}` is a list, and a subject is one line"))
                    .map_err(|problem| problem.hint("put it into the text"))
            }
            Some(Filling::Unknown(hint)) => wrong(format!("nothing is known for `{{{name}}}`"))
                .map_err(|problem| problem.hint(*hint)),
            None => wrong(format!("unknown place `{{{}}}`", name.escape_debug()))
                .map_err(|problem| problem.suggest(name, fillings.keys().copied())),
        }
    }
}
