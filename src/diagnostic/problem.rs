//! One problem: how bad, what, where, and how to fix it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::source::{Place, Source};
use super::words::{List, Slashed, closest, one_line};

/// How bad a problem is, and whose: it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Could be better; nobody asks for it.
    Advice,
    /// Worth knowing; nothing is refused for it.
    Warning,
    /// The input has a problem: exit code 1.
    Error,
    /// The tool could not do it, or invalid usage: exit code 2.
    Failure,
    /// A defect of dpa-gen itself: exit code 2.
    Bug,
}

impl Severity {
    /// The process' exit code for a run whose worst problem this is.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Advice | Self::Warning => 0,
            Self::Error => 1,
            Self::Failure | Self::Bug => 2,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error | Self::Failure => "error",
            Self::Bug => "bug",
        }
    }
}

/// What a rule adds to its finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's code.
    pub code: String,
    /// Explanations, each with its own word in front: `why: …`.
    pub notes: Vec<String>,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad, and whose problem it is.
    pub severity: Severity,
    /// The rule that found it, if a rule did.
    pub rule: Option<Box<Rule>>,
    /// What is wrong: lower-case, no full stop, the offending value in backticks.
    pub message: String,
    /// Where, if it is in a file that could be read.
    pub place: Option<Place>,
    /// The file that it is about, if no place in it is.
    pub file: Option<Box<PathBuf>>,
    /// Further places that explain it.
    pub related: Vec<(Place, String)>,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A problem of the input.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule: None,
            message: message.into(),
            place: None,
            file: None,
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Something worth knowing, for which nothing is refused.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Something the tool could not do.
    pub fn failure(message: impl Into<String>) -> Self {
        Self { severity: Severity::Failure, ..Self::error(message) }
    }

    /// A defect of dpa-gen itself: a state that no input should bring about.
    pub fn bug(message: impl Into<String>) -> Self {
        Self { severity: Severity::Bug, ..Self::error(message) }.hint(
            "this is a bug in dpa-gen: please report it, with the command and the files it read",
        )
    }

    /// An I/O problem with its path: ``cannot read `acme.toml`: permission denied``.
    #[must_use]
    pub fn io(severity: Severity, what: &str, path: &Path, error: &io::Error) -> Self {
        let reason = io_reason(error);
        let message = format!("cannot {what} `{}`: {reason}", path.slashed());
        Self { severity, ..Self::error(message).of_file(path) }
    }

    /// Says which file it is about, where there is no place in it to show.
    #[must_use]
    pub fn of_file(mut self, path: &Path) -> Self {
        self.file = Some(Box::new(path.to_owned()));
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, range: Range<usize>) -> Self {
        self.place = Some(Place { source: Arc::clone(source), range });
        self
    }

    /// Adds a second place that explains the first.
    #[must_use]
    pub fn related(
        mut self,
        source: &Arc<Source>,
        range: Range<usize>,
        note: impl Into<String>,
    ) -> Self {
        let source = Arc::clone(source);
        self.related.push((Place { source, range }, note.into()));
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds ``did you mean `…`?`` if one of `known` is close to `word`, else the list of what is known.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        match closest(word, &known) {
            Some(close) => self.hint(format!("did you mean `{close}`?")),
            None if known.is_empty() => self,
            None => self.hint(format!("known here: {}", List(&known, "and"))),
        }
    }
}

/// Why reading or writing failed, in our words.
#[must_use]
pub fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of the path is not a folder".to_owned()
        }
        io::ErrorKind::FileTooLarge => "it would be larger than a file may be here".to_owned(),
        io::ErrorKind::QuotaExceeded => "there is no space left for this user".to_owned(),
        io::ErrorKind::StorageFull => "there is no space left".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

impl Display for Diagnostic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            let (line, column) = place.line_and_column();
            write!(f, "{}:{line}:{column}: ", one_line(&place.source.name))?;
        }
        f.write_str(&one_line(&self.message))
    }
}

impl std::error::Error for Diagnostic {}
