//! Adding a client's contract to a quote.

use std::process::ExitCode;

use super::args::AttachArguments;
use super::place;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Count, Slashed};
use crate::ops::{self, AttachRequest, Placement, QuoteWithContract};

impl Outcome for QuoteWithContract {
    fn result(&self) -> String {
        self.pdf.on_a_line()
    }

    fn talk(&self) -> Option<String> {
        let contract = Count(self.contract_pages, "page", "pages");
        let how = match &self.attachment {
            Some(name) => format!("`{name}` ({contract}) embedded in"),
            None => format!("{contract} added to"),
        };
        Some(format!(
            "{}: version {}, {how} `{}`; {}",
            self.client,
            self.version,
            self.quote.on_a_line(),
            self.library,
        ))
    }
}

/// Adds the contract, and prints where the result is.
pub fn run(arguments: &AttachArguments) -> ExitCode {
    let request = AttachRequest {
        client: place::client(&arguments.client),
        quote: place::existing(&arguments.quote),
        output: arguments.output.path(),
        placement: if arguments.append { Placement::Appended } else { Placement::Embedded },
        existing: arguments.output.existing(),
        sent: arguments.sent.day(),
        library: arguments.common.library.choice(),
    };
    report_one(arguments.common.print.style(), |warnings| ops::attach(&request, warnings))
}
