//! Recording what a lawyer read and approved.

use std::process::ExitCode;

use super::args::ReviewArguments;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Count, Diagnostic, Problems, Slashed};
use crate::library::LawyersVerdict;
use crate::ops::{self, ApproveRequest, ApprovedPart, Approving, Parts};

/// Records approvals, and prints them.
pub fn run(arguments: &ReviewArguments) -> ExitCode {
    report_one(arguments.print.style(), |_| ops::approve(&request(arguments)?))
}

fn request(arguments: &ReviewArguments) -> Result<ApproveRequest, Problems> {
    let named = arguments.approve.clone().unwrap_or_default();
    let parts = match (arguments.all, named.is_empty()) {
        (true, true) => Parts::All,
        (false, false) => Parts::Some(named),
        (true, false) => {
            return Err(usage("both --all and parts were given", "choose one of the two"));
        }
        (false, true) => {
            let hint = "name a part, as in --approve articles/security, or add --all";
            return Err(usage("no part is named to approve", hint));
        }
    };
    let Some(by) = arguments.by.clone() else {
        return Err(usage("nobody is named who read it", "add --by \"mr. A. Jansen\""));
    };
    Ok(ApproveRequest {
        parts,
        by,
        on: arguments.on.unwrap_or_else(|| chrono::Local::now().date_naive()),
        verdicts: arguments.verdict.clone(),
        library: arguments.library.choice(),
    })
}

fn usage(message: &str, hint: &str) -> Problems {
    Diagnostic::failure(message).hint(hint).into()
}

impl Outcome for Approving {
    fn result(&self) -> String {
        let line = |part: &ApprovedPart| {
            let verdicts = part.verdicts.iter();
            let other = verdicts.filter(|(_, verdict)| **verdict != LawyersVerdict::Met);
            let other: Vec<String> =
                other.map(|(id, verdict)| format!("{id} {}", verdict.word())).collect();
            match &other[..] {
                [] => format!("approved  {}", part.part),
                some => format!("approved  {} ({})", part.part, some.join(", ")),
            }
        };
        self.parts.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn talk(&self) -> Option<String> {
        let unread = match self.unread.len() {
            0 => "all of the text is approved".to_owned(),
            some => format!("{} not approved yet", Count(some, "part is", "parts are")),
        };
        let (file, by, on) = (self.file.slashed(), &self.by, &self.on);
        Some(format!("recorded in `{file}`: read by {by} on {on}; {unread}"))
    }
}
