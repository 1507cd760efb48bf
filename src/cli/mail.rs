//! Writing draft e-mails with clients' contracts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::Local;

use super::args::MailArguments;
use super::place;
use super::report::{Outcome, Report};
use crate::diagnostic::{Diagnostic, Slashed};
use crate::ops::{self, ClientSelection, Drafted, MailRequest};

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

/// Writes the drafts, and prints where they are.
pub fn run(arguments: &MailArguments) -> ExitCode {
    let request = |clients: Vec<PathBuf>| MailRequest {
        clients,
        quote: place::existing_some(arguments.quote.as_ref()),
        to: arguments.to.clone(),
        output: arguments.output.path(),
        existing: arguments.output.existing(),
        sent: arguments.sent.day(),
        library: arguments.common.library.choice(),
    };
    let style = arguments.common.print.style();
    if let Some(client) = &arguments.client {
        return write(&request(vec![place::client(client)]), Report::new(style));
    }
    let selection = ClientSelection {
        only: arguments.only.clone(),
        library: arguments.common.library.choice(),
        ..ClientSelection::default()
    };
    let (clients, problems) = ops::clients_with_news(&selection, Local::now().date_naive());
    let mut report = Report::new(style);
    let is_looked_at = problems.is_empty();
    report.problems(problems);
    if clients.is_empty() && is_looked_at {
        report.talk("no client has something new to send");
    }
    if clients.len() > 1 && arguments.output.path().is_some_and(|output| is_file(&output)) {
        let several = "`--output` is one file, and several clients have something new";
        report.problem(Diagnostic::failure(several).hint("name a folder: -o drafts/"));
        return report.finish();
    }
    write(&request(clients), report)
}

fn write(request: &MailRequest, mut report: Report<Drafted>) -> ExitCode {
    ops::mail(request, &mut |drafted| match drafted {
        Ok(drafted) => report.result(drafted),
        Err(problems) => report.problems(problems),
    });
    report.finish()
}

/// Whether the path of an output is that of one draft.
fn is_file(output: &Path) -> bool {
    output.extension().is_some_and(|it| it.eq_ignore_ascii_case("eml")) && !output.is_dir()
}
