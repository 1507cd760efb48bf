//! The patterns of the rules, ready for use: those of the library's requirements, and those of its language.

use std::sync::Arc;

use indexmap::IndexMap;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::standings::Standings;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::Text;
use crate::library::{Agree, Library, Requirement, Test};

/// The patterns of a library's rules.
#[derive(Debug)]
pub struct Rules {
    /// The patterns of each requirement, in the order of `requirements.toml`.
    pub(super) requirements: Vec<Patterns>,
    pub(super) words: Words,
    /// What lawyers approved.
    pub(super) standings: Standings,
    pub(super) guard: Guard,
}

/// The patterns of a requirement, in the order of its evidence.
#[derive(Debug)]
pub(super) struct Patterns {
    pub evidence: Vec<Vec<Look>>,
    pub against: Vec<(Regex, Option<Regex>)>,
    pub agree: Vec<(Option<Regex>, Option<Regex>)>,
    pub values: Vec<ValuePatterns>,
}

/// The patterns of a rule for a value.
#[derive(Debug, Default)]
pub struct ValuePatterns {
    /// What is not to be in it.
    pub not: Option<Regex>,
}

/// A way to look for evidence.
#[derive(Debug)]
pub(super) enum Look {
    Text(Regex),
    /// Values of `contract.json` of which one must be filled in, and whether the text must show it.
    Field {
        paths: Vec<Vec<String>>,
        is_shown: bool,
        /// What one of its texts must have.
        like: Option<Regex>,
    },
}

impl Look {
    /// Whether it looks for a value.
    pub fn is_field(&self) -> bool {
        matches!(self, Self::Field { .. })
    }
}

/// The patterns of the guard, ready for use.
#[derive(Debug, Default)]
pub struct Guard {
    /// Words that turn a sentence round or narrow it.
    pub turns: Option<Regex>,
    /// Words that give the processor a right of its own.
    pub rights: Option<Regex>,
    /// Phrases in which such words do no harm.
    pub harmless: Option<Regex>,
}

/// What the rules know of a language.
#[derive(Debug)]
pub(super) struct Words {
    pub definitions: Vec<Regex>,
    pub names: Vec<String>,
    pub abbreviations: Vec<String>,
    pub lead_in: Regex,
    pub placeholder: Regex,
    pub time_limit: Regex,
    pub numbered: Regex,
    pub law: Regex,
    pub scope: Regex,
    pub separator: Regex,
    pub date: Regex,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawWords {
    definitions: Vec<String>,
    names: Vec<String>,
    abbreviations: Vec<String>,
    lead_in: String,
    placeholder: String,
    time_limit: String,
    numbered: String,
    law: String,
    scope: String,
    separator: String,
    date: String,
}

impl Rules {
    /// Reads the patterns that a library's contracts are checked by.
    ///
    /// # Errors
    ///
    /// Each pattern of `requirements.toml` that cannot be read.
    pub fn new(library: &Library) -> Result<Self, Problems> {
        let mut reader = Reader { source: &library.requirements.source, problems: Problems::new() };
        let all = library.requirements.all.values();
        let requirements = all.map(|requirement| reader.patterns(requirement)).collect();
        let words = Words::of(library.contents.language.code);
        let standings = Standings::of(library);
        let guard = reader.guard(library);
        reader.problems.or(Self { requirements, words, standings, guard })
    }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: Problems,
}

impl Reader<'_> {
    fn patterns(&mut self, requirement: &Requirement) -> Patterns {
        let evidence = requirement.evidence.iter().map(|evidence| {
            let like = evidence.like.as_ref().and_then(|like| self.pattern(like));
            let tests = evidence.tests.iter();
            tests.filter_map(|test| self.look(test, like.as_ref())).collect::<Vec<_>>()
        });
        let evidence = evidence.collect();
        let against = requirement.against.iter().filter_map(|against| {
            let unless = against.unless.as_ref().map(|unless| self.pattern(unless));
            Some((self.pattern(&against.find)?, unless.flatten()))
        });
        let against = against.collect();
        let agree = requirement.agree.iter();
        let agree = agree.map(|Agree { find, unless, .. }| {
            let mut pattern = |text: &Option<Text>| text.as_ref().and_then(|it| self.pattern(it));
            (pattern(find), pattern(unless))
        });
        let agree = agree.collect();
        let values = requirement
            .values
            .iter()
            .map(|rule| ValuePatterns { not: rule.not.as_ref().and_then(|not| self.pattern(not)) });
        let values = values.collect();
        Patterns { evidence, against, agree, values }
    }

    /// The words of the guard, each list as one pattern.
    fn guard(&mut self, library: &Library) -> Guard {
        let words = &library.requirements.guard;
        let processor = &library.contents.processor;
        let name = processor.short_name.as_ref().unwrap_or(&processor.name);
        let mut joined = |patterns: &[Text]| {
            let filled = patterns.iter().map(|pattern| {
                let filled = pattern.get_ref().replace("{processor}", &regex::escape(name));
                Text::new(pattern.span(), filled)
            });
            let filled: Vec<Text> = filled.collect();
            let all: Vec<&str> = filled.iter().map(|it| it.get_ref().as_str()).collect();
            let mut joined = RegexBuilder::new(&all.join("|"));
            let joined = joined.case_insensitive(true).multi_line(true).build().ok();
            if joined.is_none() {
                // Each is read on its own, so that what is wrong with it has its place.
                for pattern in &filled {
                    self.pattern(pattern);
                }
            }
            joined.filter(|_| !all.is_empty())
        };
        Guard {
            turns: joined(&words.turns),
            rights: joined(&words.rights),
            harmless: joined(&words.harmless),
        }
    }

    fn look(&mut self, test: &Test, like: Option<&Regex>) -> Option<Look> {
        let field = |paths: &Text, is_shown| {
            let paths = paths.get_ref().split('|');
            let paths = paths.map(|path| path.split('.').map(str::to_owned).collect()).collect();
            Look::Field { paths, is_shown, like: like.cloned() }
        };
        match test {
            Test::Find(pattern) => self.pattern(pattern).map(Look::Text),
            Test::Field(paths) => Some(field(paths, false)),
            Test::Shown(paths) => Some(field(paths, true)),
        }
    }

    fn pattern(&mut self, pattern: &Text) -> Option<Regex> {
        let built =
            RegexBuilder::new(pattern.get_ref()).case_insensitive(true).multi_line(true).build();
        let reason = |error: &regex::Error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        };
        built
            .map_err(|error| {
                let message = format!("this is not a pattern: {}", reason(&error));
                let problem = Diagnostic::error(message).at(self.source, pattern.span());
                let hint = "patterns are those of the regex crate: https://docs.rs/regex";
                self.problems.push(problem.hint(hint));
            })
            .ok()
    }
}

impl Words {
    /// What is known of a language; each language of contracts has its table, which a test holds.
    fn of(language: &str) -> Self {
        let all: IndexMap<String, toml::Table> = toml::from_str(include_str!("words.toml"))
            .expect("words.toml is part of the program, and tests read it");
        let raw: RawWords = all[language]
            .clone()
            .try_into()
            .expect("words.toml is part of the program, and tests read it");
        let pattern = |pattern: &str| {
            Regex::new(pattern)
                .expect("the patterns of words.toml are constant, and tests compile them")
        };
        let lines = |pattern: &str| {
            let built = RegexBuilder::new(pattern).multi_line(true).build();
            built.expect("the patterns of words.toml are constant, and tests compile them")
        };
        Self {
            definitions: raw.definitions.iter().map(|definition| pattern(definition)).collect(),
            names: raw.names,
            abbreviations: raw.abbreviations,
            lead_in: lines(&raw.lead_in),
            placeholder: pattern(&raw.placeholder),
            time_limit: pattern(&raw.time_limit),
            numbered: pattern(&raw.numbered),
            law: pattern(&raw.law),
            scope: pattern(&raw.scope),
            separator: pattern(&raw.separator),
            date: pattern(&raw.date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Language;

    #[test]
    fn every_language_has_its_words() {
        for language in Language::ALL {
            Words::of(language.code);
        }
    }
}
