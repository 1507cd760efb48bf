//! Explaining the codes of findings.

use std::fmt::Display;
use std::process::ExitCode;

use super::args::ExplainArguments;
use super::lang;
use super::report::{Outcome, Report, report_one};
use crate::check::say;
use crate::ops::{self, CodeTitle, Explanation};

impl Outcome for Explanation {
    fn result(&self) -> String {
        let Self { code, title, dutch, why, explain, lang, .. } = self;
        let level = match self.level {
            "required" => say("explain-required", &[]),
            "advised" => say("explain-advised", &[]),
            level => say(level, &[]),
        };
        let values: [(&str, &dyn Display); 5] = [
            ("code", code),
            ("title", title),
            ("dutch", dutch),
            ("why", why),
            ("explain", explain),
        ];
        say("explain", &values).with("level", &level).in_lang(*lang).to_owned()
    }
}

impl Outcome for CodeTitle {
    fn result(&self) -> String {
        format!("{:<27} {}", self.code, self.title)
    }
}

/// Explains a code, or lists them all.
pub fn run(arguments: &ExplainArguments) -> ExitCode {
    let lang = lang::or_locale(arguments.lang.asked());
    let (style, library) = (arguments.json.style(), arguments.library.choice());
    if let Some(code) = &arguments.code {
        return report_one(style, |_| ops::explain(code, &library, lang));
    }
    let mut report = Report::new(style);
    match ops::codes(&library, lang) {
        Ok(codes) => {
            for code in codes {
                report.result(code);
            }
        }
        Err(problems) => report.problems(problems),
    }
    report.finish()
}
