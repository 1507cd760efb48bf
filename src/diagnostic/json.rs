//! The one form that a problem has in JSON; `docs/json.md` documents it.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::problem::Diagnostic;
use super::source::Place;
use super::words::Slashed;

/// A place as lines and columns, both counted from 1; the end is that of the character after the last.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Position<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl<'a> From<&'a Place> for Position<'a> {
    fn from(place: &'a Place) -> Self {
        let (line, column) = place.line_and_column();
        let (end_line, end_column) = place.end_line_and_column();
        Self { file: &place.source.name, line, column, end_line, end_column }
    }
}

/// A further place that explains a problem.
#[derive(Debug, Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    position: Position<'a>,
}

/// What every problem has in JSON, whatever found it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Details<'a> {
    message: &'a str,
    file: Option<Cow<'a, str>>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    related: Vec<Related<'a>>,
    notes: &'a [String],
    hints: &'a [String],
}

impl<'a> From<&'a Diagnostic> for Details<'a> {
    fn from(problem: &'a Diagnostic) -> Self {
        let position = problem.place.as_ref().map(Position::from);
        let position = position.as_ref();
        let unread = || Some(problem.file.as_ref()?.slashed().into());
        let related = problem.related.iter();
        Self {
            message: &problem.message,
            file: position.map(|position| position.file.into()).or_else(unread),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            end_line: position.map(|position| position.end_line),
            end_column: position.map(|position| position.end_column),
            related: related
                .map(|(place, message)| Related { message, position: place.into() })
                .collect(),
            notes: problem.rule.as_ref().map_or(&[], |rule| &rule.notes),
            hints: &problem.hints,
        }
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Problem<'a> {
            severity: &'static str,
            code: Option<&'a str>,
            #[serde(flatten)]
            details: Details<'a>,
        }
        let code = self.rule.as_ref().map(|rule| rule.code.as_str());
        Problem { severity: self.severity.word(), code, details: self.into() }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::problem::Rule;
    use crate::diagnostic::source::Source;

    #[test]
    fn nothing_of_a_problem_is_lost_in_json() {
        let source = Source::new("a.toml", "één = 1\ntwee = 2");
        let mut problem = Diagnostic::warning("wrong")
            .at(&source, 10..14)
            .related(&source, 0..5, "first here")
            .hint("a hint");
        let notes = vec!["why: so".to_owned()];
        problem.rule = Some(Box::new(Rule { code: "a-code".to_owned(), notes }));
        let place = json!({
            "message": "first here", "file": "a.toml",
            "line": 1, "column": 1, "end-line": 1, "end-column": 4,
        });
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            json!({
                "severity": "warning", "code": "a-code", "message": "wrong", "file": "a.toml",
                "line": 2, "column": 1, "end-line": 2, "end-column": 5,
                "related": [place], "notes": ["why: so"], "hints": ["a hint"],
            })
        );
    }
}
