//! Checking: the library in all its combinations, or the contracts of clients.

use std::fmt::Display;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::args::{CheckArguments, CheckFormat, CheckReader};
use super::report::{Outcome, Report, Style};
use super::{console, coverage, findings, lang};
use crate::check::{self, Checked, Coverage, Finding, Lang, say};
use crate::diagnostic::{Problems, Severity};
use crate::library::Library;
use crate::ops::{self, CheckRequest, FindingCounts, LibraryCheck, LibraryOrigin};

/// What the check of one library came to.
#[derive(Serialize)]
struct CheckResult<'a> {
    library: LibraryOrigin,
    contracts: usize,
    findings: &'a [Finding],
    coverage: &'a [Coverage],
    /// What a person reads: findings, or the table.
    #[serde(skip)]
    shown: String,
    #[serde(skip)]
    lang: Lang,
    #[serde(skip)]
    time: Duration,
}

impl Outcome for CheckResult<'_> {
    fn result(&self) -> String {
        self.shown.clone()
    }

    fn is_rendered(&self) -> bool {
        true
    }
}

impl CheckResult<'_> {
    /// The last line, on standard error.
    fn summary(&self) -> String {
        let lang = self.lang;
        let accepted = self.findings.iter().filter(|finding| finding.accepted.is_some()).count();
        let mut counts = lang::counts(FindingCounts::of(self.findings), lang);
        if accepted > 0 {
            let open = counts;
            let values: [(&str, &dyn Display); 2] = [("counts", &open), ("accepted", &accepted)];
            counts = say("counts-accepted", &values).in_lang(lang).into();
        }
        let contracts = lang::counted(self.contracts, "contract", lang);
        let values: [(&str, &dyn Display); 4] = [
            ("contracts", &contracts),
            ("counts", &counts),
            ("library", &self.library),
            ("time", &self.time.as_millis()),
        ];
        say("summary", &values).in_lang(lang).to_owned()
    }
}

/// Checks, and prints the findings.
pub fn run(arguments: &CheckArguments) -> ExitCode {
    let format = if arguments.json.json { CheckFormat::Json } else { arguments.format };
    let style = match format {
        CheckFormat::Terminal => Style::Human,
        CheckFormat::Json => Style::Json,
        CheckFormat::Sarif => Style::Quiet,
    };
    let started = Instant::now();
    let lang = lang::or_locale(arguments.lang.asked());
    let request = CheckRequest {
        clients: arguments.clients(),
        output: arguments.folder.path(),
        library: arguments.library.choice(),
        lang,
        reader: arguments.reader.map(CheckReader::of_findings),
    };
    let mut problems = Problems::new();
    let checks = ops::check(&request, &mut problems);
    let is_denied = checks.iter().any(|check| {
        let deny = match arguments.deny {
            Some(level) => level.severity(),
            None => Some(check.library.contents.deny.unwrap_or(Severity::Error)),
        };
        deny.is_some_and(|deny| check.has(deny))
    });
    let mut report = Report::new(style);
    if format == CheckFormat::Sarif {
        let libraries: Vec<&Library> = checks.iter().map(|check| &check.library).collect();
        let findings = checks.iter().flat_map(|check| &check.checked.findings);
        let findings: Vec<&Finding> = findings.collect();
        console::result(&format!("{:#}", check::sarif(&libraries, &findings)));
    } else {
        for LibraryCheck { library, checked } in &checks {
            let result = CheckResult {
                library: LibraryOrigin::of(library),
                contracts: checked.coverage.len(),
                shown: shown(arguments, library, checked, lang),
                lang,
                findings: &checked.findings,
                coverage: &checked.coverage,
                time: started.elapsed(),
            };
            let summary = result.summary();
            report.result(result);
            report.talk(&summary);
            for key in ends(arguments, library, checked) {
                report.talk(say(key, &[]).in_lang(lang));
            }
        }
    }
    report.problems(problems);
    report.finish_with(u8::from(is_denied))
}

/// The last lines of the output: whether a lawyer read the text, and whether the library is as good as it can be.
fn ends(arguments: &CheckArguments, library: &Library, checked: &Checked) -> Vec<&'static str> {
    let mut ends = Vec::new();
    if library.approvals.all.is_empty() {
        ends.push("unapproved-library");
    }
    let open = checked.findings.iter().filter(|finding| finding.accepted.is_none());
    let is_whole = arguments.client.is_empty() && arguments.reader.is_none();
    let is_lacking = |finding: &Finding| {
        finding.level() > Severity::Warning || library.requirements.all.contains_key(&finding.code)
    };
    if is_whole && !open.into_iter().any(is_lacking) {
        ends.push("library-done");
    }
    ends
}

/// What a person reads on standard output: the table, or the findings by who can mend them.
fn shown(arguments: &CheckArguments, library: &Library, checked: &Checked, lang: Lang) -> String {
    if arguments.coverage {
        return coverage::table(library, &checked.coverage, lang);
    }
    findings::grouped(&checked.findings, lang)
}
