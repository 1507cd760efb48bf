//! All problems of a piece of work, as one error.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::ops::Deref;

use codespan_reporting::term::termcolor::WriteColor;
use serde::Serialize;

use super::problem::{Diagnostic, Severity};
use super::words::{Count, one_line};

/// How many problems of one file are printed in full.
const SHOWN_PER_FILE: usize = 100;

/// All problems of a piece of work, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Diagnostic>);

impl Problems {
    /// No problems yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a problem.
    pub fn push(&mut self, problem: Diagnostic) {
        self.0.push(problem);
    }

    /// The value, if there is no problem.
    ///
    /// # Errors
    ///
    /// The problems, if there is one.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    /// The severity of the worst one.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.iter().map(|problem| problem.severity).max()
    }

    /// Writes them for a person. Of one file at most 100 are written, then how many more it has.
    ///
    /// # Errors
    ///
    /// If the text cannot be written to `out`.
    pub fn render(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut files = Vec::new();
        for problem in self {
            let Some(place) = &problem.place else {
                problem.render(out)?;
                continue;
            };
            let count = counts.entry(&place.source.name).or_default();
            *count += 1;
            match *count {
                1..=SHOWN_PER_FILE => problem.render(out)?,
                _ if *count == SHOWN_PER_FILE + 1 => files.push(place.source.name.as_str()),
                _ => {}
            }
        }
        for file in files {
            let more = Count(counts[file] - SHOWN_PER_FILE, "more problem", "more problems");
            writeln!(out, "{more} in `{}`\n", one_line(file))?;
        }
        Ok(())
    }
}

impl Deref for Problems {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl Display for Problems {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.iter().enumerate() {
            write!(f, "{}{problem}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl Error for Problems {}

impl From<Diagnostic> for Problems {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl From<Vec<Diagnostic>> for Problems {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self(problems)
    }
}

impl From<Problems> for Vec<Diagnostic> {
    fn from(problems: Problems) -> Self {
        problems.0
    }
}

impl FromIterator<Diagnostic> for Problems {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(problems: I) -> Self {
        Self(problems.into_iter().collect())
    }
}

impl Extend<Diagnostic> for Problems {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, problems: I) {
        self.0.extend(problems);
    }
}

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use codespan_reporting::term::termcolor::NoColor;

    use super::*;
    use crate::diagnostic::source::Source;

    #[test]
    fn a_file_with_many_problems_shows_a_hundred_and_counts_the_rest() {
        let source = Source::new("a.toml", "x\n".repeat(2_000));
        let wrong = |line: usize| Diagnostic::error("wrong").at(&source, 2 * line..2 * line + 1);
        let problems: Problems = (0..2_000).map(wrong).collect();
        let mut text = Vec::new();
        problems.render(&mut NoColor::new(&mut text)).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches("error: wrong").count(), SHOWN_PER_FILE);
        assert!(text.ends_with("\n1900 more problems in `a.toml`\n\n"), "{text}");
    }

    #[test]
    fn problems_are_an_error_of_the_standard_library() {
        let source = Source::new("a.toml", "x");
        let problems = Problems::from(vec![
            Diagnostic::error("one").at(&source, 0..1),
            Diagnostic::bug("two").hint("a hint"),
        ]);
        assert_eq!(problems.worst(), Some(Severity::Bug));
        let error: Box<dyn Error> = problems.into();
        assert_eq!(error.to_string(), "a.toml:1:1: one\ntwo");
    }
}
