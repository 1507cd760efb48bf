//! Explaining the code of a finding: a rule of ours, or a requirement of the library.

use serde::Serialize;

use super::sources::LibraryChoice;
use crate::check;
use crate::diagnostic::{Diagnostic, Problems, closest};
use crate::library::{Library, Obligation, Requirement, Test};

/// A code explained in detail.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The code.
    pub code: String,
    /// `error`, `warning` or `advice`; of a requirement, `required` or `advised`.
    pub level: &'static str,
    /// What it is about, in English.
    pub title: String,
    /// The same in Dutch.
    pub dutch: String,
    /// Why it matters.
    pub why: String,
    /// What is checked.
    pub explain: String,
}

/// A code in the list of all.
#[derive(Debug, Serialize)]
pub struct CodeTitle {
    /// The code.
    pub code: String,
    /// What it is about, in English.
    pub title: String,
}

/// Explains a code.
///
/// # Errors
///
/// If it is unknown; or all problems of the library, which is only read if the code is not one of our rules.
pub fn explain(code: &str, library: &LibraryChoice) -> Result<Explanation, Problems> {
    if let Some(explanation) = rule(code) {
        return Ok(explanation);
    }
    let library = library.open(None)?;
    Ok(requirement(code, &library).ok_or_else(|| unknown(code, &library))?)
}

/// All codes: the rules, then the requirements of the library.
///
/// # Errors
///
/// All problems of the library.
pub fn codes(library: &LibraryChoice) -> Result<Vec<CodeTitle>, Problems> {
    let library = library.open(None)?;
    let rules = check::codes().iter().map(|(code, rule)| (code, &rule.title));
    let requirements = library.requirements.all.iter().map(|(id, r)| (id, &r.en));
    let all = rules.chain(requirements);
    Ok(all.map(|(code, title)| CodeTitle { code: code.clone(), title: title.clone() }).collect())
}

fn rule(code: &str) -> Option<Explanation> {
    let rule = check::codes().get(code)?;
    Some(Explanation {
        code: code.to_owned(),
        level: rule.level.word(),
        title: rule.title.clone(),
        dutch: rule.dutch.clone(),
        why: rule.why.en.clone(),
        explain: rule.explain.clone(),
    })
}

fn requirement(code: &str, library: &Library) -> Option<Explanation> {
    let requirement = library.requirements.all.get(code)?;
    Some(Explanation {
        code: code.to_owned(),
        level: match requirement.level {
            Obligation::Required => "required",
            Obligation::Advised => "advised",
        },
        title: requirement.en.clone(),
        dutch: requirement.nl.clone(),
        why: requirement.source.clone(),
        explain: story(code, requirement, library),
    })
}

/// What a requirement is judged by.
fn story(code: &str, requirement: &Requirement, library: &Library) -> String {
    let clauses = library.articles.iter().chain(&library.annexes).chain([&library.signature]);
    let claiming: Vec<&str> = clauses
        .filter(|clause| clause.covers.iter().any(|id| id == code))
        .map(|clause| clause.path.trim_end_matches(".typ"))
        .collect();
    let claiming = if claiming.is_empty() { "no clause".to_owned() } else { claiming.join(", ") };
    let mut lines = vec![
        format!("Claimed by {claiming}."),
        String::new(),
        "It is met if one of these clauses shows all of the evidence, and nothing speaks against it.".to_owned(),
        String::new(),
        "Evidence:".to_owned(),
    ];
    for evidence in &requirement.evidence {
        let tests = evidence.tests.iter().map(|test| match test {
            Test::Find(pattern) => format!("the pattern /{}/", pattern.get_ref()),
            Test::Field(path) => format!("the value `{}`", path.get_ref()),
            Test::Shown(path) => format!("the value `{}`, shown in the clause", path.get_ref()),
        });
        let verdict = if evidence.is_weak { "weak" } else { "missing" };
        let tests = tests.collect::<Vec<_>>().join(", or ");
        lines.push(format!("  {tests}; without it {verdict}: {}", evidence.otherwise));
    }
    if !requirement.against.is_empty() {
        lines.extend([String::new(), "Against it:".to_owned()]);
    }
    for against in &requirement.against {
        let unless = against.unless.as_ref();
        let unless = unless.map(|unless| format!(", unless /{}/", unless.get_ref()));
        let find = against.find.get_ref();
        lines.push(format!("  /{find}/{}: {}", unless.unwrap_or_default(), against.why));
    }
    lines.extend([String::new(), format!("It takes {}.", requirement.satisfied)]);
    lines.join("\n")
}

fn unknown(code: &str, library: &Library) -> Diagnostic {
    let known = check::codes().keys().chain(library.requirements.all.keys());
    let known: Vec<&str> = known.map(String::as_str).collect();
    let problem = Diagnostic::failure(format!("unknown code `{}`", code.escape_debug()));
    match closest(code, &known) {
        Some(close) => problem.hint(format!("did you mean `{close}`?")),
        None => problem.hint("`dpa-gen explain` lists all codes"),
    }
}
