//! Making documents.

use std::process::ExitCode;

use super::args::{self, MakeArguments};
use super::place;
use super::report::{Outcome, Report, shell_word};
use crate::contract::Form;
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, Format, Made, MakeRequest};

impl Outcome for Made {
    fn result(&self) -> String {
        self.pdf.as_ref().or(self.html.as_ref()).map(|path| path.on_a_line()).unwrap_or_default()
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
        let (Some(counts), Some(client)) = (&self.check, &self.client_file) else {
            return Some(made);
        };
        let client = shell_word(client);
        let counts = counts.worst();
        Some(format!("{made}\ncheck: {counts} (`dpa-gen check --client {client}` lists them)"))
    }
}

/// Makes the documents, and prints each as it is made.
pub fn run(arguments: &MakeArguments) -> ExitCode {
    let request = MakeRequest {
        clients: arguments.client.iter().map(|path| place::client(path)).collect(),
        format: match arguments.format {
            args::Format::Pdf => Format::Pdf,
            args::Format::Html => Format::Html,
        },
        form: match arguments {
            MakeArguments { draft: true, .. } => Form::Draft,
            MakeArguments { no_fields: true, .. } => Form::Lines,
            _ => Form::Fields,
        },
        output: arguments.output.path(),
        emit: place::typed_some(arguments.emit.as_ref()),
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
