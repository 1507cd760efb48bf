//! Making documents.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use chrono::Local;

use super::args::{self, MakeArguments};
use super::report::{Outcome, Report, shell_word};
use super::{key, lang, place};
use crate::check::say;
use crate::contract::Form;
use crate::diagnostic::{Count, Problems, Quoted, Slashed};
use crate::ops::{self, CheckSummary, Format, Made, MakeRequest};

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
        let made =
            made + &signed.map(|by| format!("; signed by {}", Quoted(by))).unwrap_or_default();
        let (Some(check), Some(client)) = (&self.check, &self.client_file) else {
            return Some(made);
        };
        let mut lines = vec![made, to_do(check, client)];
        lines.extend(check.not_approved.iter().cloned());
        Some(lines.join("\n"))
    }
}

/// What sales can still fill in, and whose the rest is.
fn to_do(check: &CheckSummary, client: &Path) -> String {
    let lang = check.lang;
    let counts = lang::worst(check.counts, lang);
    let keys = check.fill_in.join(", ");
    let (file, path) = (client.slashed(), shell_word(client));
    let values: [(&str, &dyn Display); 4] =
        [("counts", &counts), ("keys", &keys), ("file", &file), ("path", &path)];
    let key = match (check.counts.total(), check.fill_in.is_empty(), check.for_sales) {
        (0, ..) => "client-done",
        (_, false, _) => "client-fill-in",
        (_, true, 0) => "client-rest",
        (_, true, _) => "client-sales",
    };
    say(key, &values).in_lang(lang).to_owned()
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
        lang: lang::or_locale(None),
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
