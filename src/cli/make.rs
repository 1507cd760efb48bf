//! Making documents.

use std::process::ExitCode;

use super::args::MakeArguments;
use super::report::{Outcome, Report, shell_word};
use crate::contract::Form;
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, Made, MakeRequest};

impl Outcome for Made {
    fn result(&self) -> String {
        self.pdf.slashed()
    }

    fn talk(&self) -> Option<String> {
        let made = format!(
            "{}: version {}, {}, {}, {}; {} ({} ms)",
            self.client.as_deref().unwrap_or("general edition"),
            self.version,
            Count(self.articles, "article", "articles"),
            Count(self.annexes, "annex", "annexes"),
            Count(self.pages, "page", "pages"),
            self.library,
            self.time.as_millis(),
        );
        let (Some(check), Some(client)) = (&self.check, &self.client_file) else {
            return Some(made);
        };
        let client = shell_word(client);
        let counts = check.counts.worst();
        let mut lines =
            vec![made, format!("check: {counts} (`dpa-gen check --client {client}` lists them)")];
        lines.extend(check.not_approved.iter().cloned());
        Some(lines.join("\n"))
    }
}

/// Makes the documents, and prints each as it is made.
pub fn run(arguments: &MakeArguments) -> ExitCode {
    let request = MakeRequest {
        clients: arguments.client.clone(),
        form: match arguments {
            MakeArguments { draft: true, .. } => Form::Draft,
            MakeArguments { no_fields: true, .. } => Form::Lines,
            _ => Form::Fields,
        },
        output: arguments.output.output.clone(),
        emit: arguments.emit.clone(),
        existing: arguments.output.existing(),
        library: arguments.library.choice(),
        count_findings: !arguments.print.quiet,
    };
    let mut report = Report::new(arguments.print.style());
    ops::make(&request, &mut |made| match made {
        Ok(made) => report.result(made),
        Err(problems) => report.problems(problems),
    });
    report.finish()
}
