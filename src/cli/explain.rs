//! Explaining the codes of findings.

use std::process::ExitCode;

use super::args::ExplainArguments;
use super::report::{Outcome, Report, report_one};
use crate::ops::{self, CodeTitle, Explanation};

impl Outcome for Explanation {
    fn result(&self) -> String {
        let Self { code, level, title, dutch, why, explain } = self;
        let level = match *level {
            "required" => "required: missing is an error, weak a warning",
            "advised" => "advised: missing and weak are advice",
            level => level,
        };
        format!("{code} ({level}): {title}\n{dutch}\n\nWhy it matters: {why}\n\n{explain}")
    }
}

impl Outcome for CodeTitle {
    fn result(&self) -> String {
        format!("{:<27} {}", self.code, self.title)
    }
}

/// Explains a code, or lists them all.
pub fn run(arguments: &ExplainArguments) -> ExitCode {
    let (style, library) = (arguments.json.style(), arguments.library.choice());
    if let Some(code) = &arguments.code {
        return report_one(style, |_| ops::explain(code, &library));
    }
    let mut report = Report::new(style);
    match ops::codes(&library) {
        Ok(codes) => {
            for code in codes {
                report.result(code);
            }
        }
        Err(problems) => report.problems(problems),
    }
    report.finish()
}
