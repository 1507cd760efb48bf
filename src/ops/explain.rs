//! Explaining the code of a finding: a rule of ours, or a requirement of the library.

use serde::Serialize;

use super::sources::LibraryChoice;
use crate::check::{self, Lang, Said, Verdict, say};
use crate::diagnostic::{Diagnostic, Problems, closest};
use crate::library::{Evidence, Library, Obligation, Requirement, Test};

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
    /// The language of it.
    #[serde(skip)]
    pub lang: Lang,
}

/// A code in the list of all.
#[derive(Debug, Serialize)]
pub struct CodeTitle {
    /// The code.
    pub code: String,
    /// What it is about, in the language that was asked for.
    pub title: String,
}

/// Explains a code.
///
/// # Errors
///
/// If it is unknown; or all problems of the library, which is only read if the code is not one of our rules.
pub fn explain(code: &str, library: &LibraryChoice, lang: Lang) -> Result<Explanation, Problems> {
    if let Some(explanation) = rule(code, lang) {
        return Ok(explanation);
    }
    let library = library.open(None)?;
    Ok(requirement(code, &library, lang).ok_or_else(|| unknown(code, &library))?)
}

/// All codes: the rules, then the requirements of the library.
///
/// # Errors
///
/// All problems of the library.
pub fn codes(library: &LibraryChoice, lang: Lang) -> Result<Vec<CodeTitle>, Problems> {
    let library = library.open(None)?;
    let one = |en, nl| match lang {
        Lang::En => en,
        Lang::Nl => nl,
    };
    let rules = check::codes().iter().map(|(code, rule)| (code, one(&rule.title, &rule.dutch)));
    let requirements = library.requirements.all.iter().map(|(id, r)| (id, one(&r.en, &r.nl)));
    let all = rules.chain(requirements);
    Ok(all.map(|(code, title)| CodeTitle { code: code.clone(), title: title.clone() }).collect())
}

fn rule(code: &str, lang: Lang) -> Option<Explanation> {
    let rule = check::codes().get(code)?;
    Some(Explanation {
        code: code.to_owned(),
        level: rule.level.word(),
        title: rule.title.clone(),
        dutch: rule.dutch.clone(),
        why: rule.said_why().in_lang(lang).to_owned(),
        explain: match lang {
            Lang::En => rule.explain.clone(),
            Lang::Nl => rule.explain_nl.clone(),
        },
        lang,
    })
}

fn requirement(code: &str, library: &Library, lang: Lang) -> Option<Explanation> {
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
        explain: story(code, requirement, library).in_lang(lang).to_owned(),
        lang,
    })
}

/// What a requirement is judged by.
fn story(code: &str, requirement: &Requirement, library: &Library) -> Said {
    let claiming = library.clauses().filter(|clause| clause.covers.iter().any(|id| id == code));
    let claiming: Vec<&str> = claiming.map(|it| it.path.trim_end_matches(".typ")).collect();
    let nothing = Said::default();
    let mut lines = vec![
        match &claiming[..] {
            [] => say("explain-unclaimed", &[]),
            some => say("explain-claimed", &[("clauses", &some.join(", "))]),
        },
        nothing.clone(),
        say("explain-met", &[]),
        nothing.clone(),
        say("explain-evidence", &[]),
    ];
    lines.extend(requirement.evidence.iter().map(evidence));
    if !requirement.against.is_empty() {
        lines.extend([nothing.clone(), say("explain-against", &[])]);
    }
    for against in &requirement.against {
        let find = against.find.get_ref();
        let line = match &against.unless {
            None => say("explain-against-one", &[("find", find)]),
            Some(unless) => {
                say("explain-against-unless", &[("find", find), ("unless", unless.get_ref())])
            }
        };
        let why = Said::or_english(&against.why, against.why_nl.as_deref());
        lines.push(line.with("why", &why));
    }
    if !requirement.values.is_empty() {
        lines.extend([nothing.clone(), say("explain-values", &[])]);
    }
    for rule in &requirement.values {
        let why = Said::or_english(&rule.why, rule.why_nl.as_deref());
        let line = say("explain-value-rule", &[("field", &rule.fields.join("`, `"))]);
        lines.push(line.with("why", &why));
    }
    let what = Said::or_english(&requirement.satisfied, requirement.satisfied_nl.as_deref());
    lines.extend([nothing, say("explain-takes", &[]).with("what", &what)]);
    Said::joined(&lines, &Said::same("\n"))
}

fn evidence(evidence: &Evidence) -> Said {
    let tests: Vec<Said> = evidence
        .tests
        .iter()
        .map(|test| match test {
            Test::Find(pattern) => say("explain-pattern", &[("pattern", pattern.get_ref())]),
            Test::Field(path) => say("explain-value", &[("path", path.get_ref())]),
            Test::Shown(path) => say("explain-shown", &[("path", path.get_ref())]),
        })
        .collect();
    let verdict = if evidence.is_weak { Verdict::Weak } else { Verdict::Missing };
    let fault = Said::or_english(&evidence.otherwise, evidence.otherwise_nl.as_deref());
    say("explain-without", &[])
        .with("tests", &Said::joined(&tests, &say("explain-or", &[])))
        .with("verdict", &verdict.word())
        .with("fault", &fault)
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
