//! Making documents.

use std::process::ExitCode;

use super::args::GenerateArguments;
use super::report::{Outcome, Report, Style};
use crate::contract::Form;
use crate::diagnostic::Count;
use crate::ops::{self, Made, MakeRequest};
use crate::store::Existing;

impl Outcome for Made {
    fn result(&self) -> String {
        self.pdf.display().to_string()
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
        Some(match &self.check {
            Some(counts) => {
                format!("{made}\ncheck: {} (`dpa-gen check --client` tells them)", counts.worst())
            }
            None => made,
        })
    }
}

/// Makes the documents, and prints each as it is made.
pub fn run(arguments: &GenerateArguments) -> ExitCode {
    let request = MakeRequest {
        clients: arguments.client.clone(),
        form: match arguments {
            GenerateArguments { draft: true, .. } => Form::Draft,
            GenerateArguments { no_fields: true, .. } => Form::Lines,
            _ => Form::Fields,
        },
        output: arguments.output.clone(),
        emit: arguments.emit.clone(),
        existing: Existing::forced(arguments.force),
        library: arguments.library.choice(),
        count_findings: !arguments.quiet,
    };
    let mut report = Report::new(Style::of(arguments.json, arguments.quiet));
    ops::make(&request, &mut |made| match made {
        Ok(made) => report.result(made),
        Err(problems) => report.problems(problems),
    });
    report.finish()
}
