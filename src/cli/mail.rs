//! Writing a draft e-mail with a client's contract.

use std::process::ExitCode;

use super::args::MailArguments;
use super::place;
use super::report::{Outcome, report_one};
use crate::diagnostic::Slashed;
use crate::ops::{self, Drafted, MailRequest};

impl Outcome for Drafted {
    fn result(&self) -> String {
        self.eml.on_a_line()
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
        client: place::client(&arguments.client),
        quote: place::typed_some(arguments.quote.as_ref()),
        to: arguments.to.clone(),
        output: arguments.output.path(),
        existing: arguments.output.existing(),
        sent: arguments.sent.day(),
        library: arguments.library.choice(),
    };
    report_one(arguments.print.style(), |warnings| ops::mail(&request, warnings))
}
