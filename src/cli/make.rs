//! Making documents.

use std::process::ExitCode;

use chrono::Local;

use super::args::{self, MakeArguments};
use super::key;
use super::place;
use super::report::{Outcome, Report, shell_word};
use crate::contract::Form;
use crate::diagnostic::{Count, Problems, Slashed};
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
        let signed = self.signed.as_ref().and_then(|signed| signed.signer.as_ref());
        let made = made + &signed.map(|by| format!("; signed by {by}")).unwrap_or_default();
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
    let identity = match key::of(&arguments.signing) {
        Ok(identity) => identity,
        Err(problem) => {
            report.problem(problem);
            return report.finish();
        }
    };
    // What is signed is noted beside what is made, so that all must be made before.
    let mut to_sign = Vec::new();
    ops::make(&request, &mut |made| match made {
        Ok(made) if identity.is_some() => to_sign.push(made),
        Ok(made) => report.result(made),
        Err(problems) => report.problems(problems),
    });
    for (mut made, identity) in to_sign.into_iter().zip(identity.iter().cycle()) {
        let mut problems = Problems::new();
        if let (Some(pdf), Some(client)) = (&made.pdf, &made.client_file) {
            match ops::sign_made(pdf, client, identity, Local::now(), &mut problems) {
                Ok(signed) => made.signed = Some(signed),
                Err(more) => problems.extend(more),
            }
        }
        report.result(made);
        report.problems(problems);
    }
    report.finish()
}
