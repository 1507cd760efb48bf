//! Checking: the library in all its combinations, or the contracts of clients.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::args::{CheckArguments, CheckFormat};
use super::report::{Outcome, Report, Style};
use super::{console, coverage};
use crate::check::{self, Checked, Coverage, Finding, Lang};
use crate::diagnostic::{Count, Problems, Severity};
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
        let accepted = self.findings.iter().filter(|finding| finding.accepted.is_some()).count();
        let accepted = if accepted > 0 { format!(", {accepted} accepted") } else { String::new() };
        format!(
            "{} checked: {}{accepted}; {} ({} ms)",
            Count(self.contracts, "contract", "contracts"),
            FindingCounts::of(self.findings).all(),
            self.library,
            self.time.as_millis(),
        )
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
    let request = CheckRequest {
        clients: arguments.client.clone(),
        output: arguments.folder.output.clone(),
        library: arguments.library.choice(),
        lang: Lang::default(),
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
                shown: shown(arguments, library, checked),
                findings: &checked.findings,
                coverage: &checked.coverage,
                time: started.elapsed(),
            };
            let summary = result.summary();
            report.result(result);
            report.talk(&summary);
            if library.approvals.all.is_empty() {
                report.talk("no lawyer approved this text (there is no approved.toml)");
            }
        }
    }
    report.problems(problems);
    report.finish_with(u8::from(is_denied))
}

/// What a person reads on standard output.
fn shown(arguments: &CheckArguments, library: &Library, checked: &Checked) -> String {
    if arguments.coverage {
        return coverage::table(library, &checked.coverage);
    }
    let open = checked.findings.iter().filter(|finding| finding.accepted.is_none());
    let problems = open.map(|finding| finding.diagnostic.clone()).collect();
    console::for_stdout(&problems).trim_end().to_owned()
}
