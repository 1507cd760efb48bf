//! Making documents.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use super::args::{self, MakeArguments};
use super::report::{Outcome, Report, shell_word};
use super::{lang, place};
use crate::check::say;
use crate::contract::Form;
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, CheckSummary, Format, Made, MakeRequest};

impl Outcome for Made {
    fn result(&self) -> String {
        self.pdf.as_ref().or(self.html.as_ref()).map(|path| path.slashed()).unwrap_or_default()
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
    ops::make(&request, &mut |made| match made {
        Ok(made) => report.result(made),
        Err(problems) => report.problems(problems),
    });
    report.finish()
}
