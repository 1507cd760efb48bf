//! Writing a draft e-mail with a client's contract.

use std::process::ExitCode;

use super::args::MailArguments;
use super::report::{Outcome, Style, report_one};
use crate::ops::{self, Drafted, MailRequest};
use crate::store::Existing;

impl Outcome for Drafted {
    fn result(&self) -> String {
        self.eml.display().to_string()
    }

    fn talk(&self) -> Option<String> {
        let attachments: Vec<String> =
            self.attachments.iter().map(|name| format!("`{name}`")).collect();
        Some(format!(
            "{}: version {}, a draft to {} with {}; {}",
            self.client,
            self.version,
            self.to,
            attachments.join(" and "),
            self.library,
        ))
    }
}

/// Writes the draft, and prints where it is.
pub fn run(arguments: &MailArguments) -> ExitCode {
    let request = MailRequest {
        client: arguments.client.clone(),
        quote: arguments.quote.clone(),
        to: arguments.to.clone(),
        output: arguments.output.clone(),
        existing: Existing::forced(arguments.force),
        library: arguments.library.choice(),
    };
    let style = Style::of(arguments.json, arguments.quiet);
    report_one(style, |warnings| ops::mail(&request, warnings))
}
