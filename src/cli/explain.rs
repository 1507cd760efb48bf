//! The long story of a code.

use std::process::ExitCode;

use serde::Serialize;

use super::args::ExplainArguments;
use super::report::{Outcome, Report, Style};
use crate::check;
use crate::diagnostic::{Diagnostic, Problems};
use crate::library::{Library, Obligation, Requirement, Test};

/// What there is to tell of a code.
#[derive(Debug, Serialize)]
struct Explained {
    code: String,
    level: String,
    title: String,
    dutch: String,
    why: String,
    explain: String,
}

impl Outcome for Explained {
    fn result(&self) -> String {
        let Self { code, level, title, dutch, why, explain } = self;
        format!("{code} ({level}): {title}\n{dutch}\n\nWhy it matters: {why}\n\n{explain}")
    }
}

/// A code in the list of all.
#[derive(Debug, Serialize)]
struct Listed {
    code: String,
    title: String,
}

impl Outcome for Listed {
    fn result(&self) -> String {
        format!("{:<27} {}", self.code, self.title)
    }
}

/// Explains a code, or lists them all.
pub fn run(arguments: &ExplainArguments) -> ExitCode {
    let style = if arguments.json { Style::Json } else { Style::Human };
    // What a rule is about is known without a library.
    if let Some(explained) = arguments.code.as_deref().and_then(rule) {
        let mut report = Report::new(style);
        report.result(explained);
        return report.finish();
    }
    let found = arguments.library.search(std::path::Path::new("")).find();
    let library = found.map_err(Problems::from).and_then(|found| Library::open(&found));
    let library = match library {
        Ok(library) => library,
        Err(problems) => {
            let mut report = Report::<Explained>::new(style);
            report.problems(problems);
            return report.finish();
        }
    };
    let Some(code) = &arguments.code else {
        return list(&library, style);
    };
    let mut report = Report::new(style);
    match requirement(code, &library) {
        Some(explained) => report.result(explained),
        None => report.problem(unknown(code, &library)),
    }
    report.finish()
}

/// Lists all codes.
fn list(library: &Library, style: Style) -> ExitCode {
    let mut report = Report::new(style);
    let rules = check::codes().iter().map(|(code, rule)| (code, &rule.title));
    let requirements = library.requirements.all.iter().map(|(id, r)| (id, &r.en));
    for (code, title) in rules.chain(requirements) {
        report.result(Listed { code: code.clone(), title: title.clone() });
    }
    report.finish()
}

fn rule(code: &str) -> Option<Explained> {
    let rule = check::codes().get(code)?;
    Some(Explained {
        code: code.to_owned(),
        level: rule.level.word().to_owned(),
        title: rule.title.clone(),
        dutch: rule.dutch.clone(),
        why: rule.why.clone(),
        explain: rule.explain.clone(),
    })
}

fn requirement(code: &str, library: &Library) -> Option<Explained> {
    let requirement = library.requirements.all.get(code)?;
    Some(Explained {
        code: code.to_owned(),
        level: match requirement.level {
            Obligation::Required => "required: missing is an error, weak a warning",
            Obligation::Advised => "advised: missing and weak are advice",
        }
        .to_owned(),
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
    match crate::diagnostic::closest(code, &known) {
        Some(close) => problem.hint(format!("did you mean `{close}`?")),
        None => problem.hint("`dpa-gen explain` lists all codes"),
    }
}
