//! The memo for the lawyer, and recording what a lawyer read and approved.

use std::fmt::Display;
use std::process::ExitCode;

use serde::Serialize;

use super::args::ReviewArguments;
use super::lang::{self, counted};
use super::place;
use super::report::{Outcome, report_one};
use crate::check::{Lang, Verdict, say};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::LawyersVerdict;
use crate::ops::{
    self, ApproveRequest, ApprovedPart, Approving, Memo, MemoCounts, MemoRequest, Parts,
};

/// What was done, in the language that it is printed in.
#[derive(Serialize)]
struct Said<T> {
    #[serde(flatten)]
    outcome: T,
    #[serde(skip)]
    lang: Lang,
}

/// Makes the memo, or records approvals, and prints which.
pub fn run(arguments: &ReviewArguments) -> ExitCode {
    let lang = lang::or_locale(arguments.text.lang.asked());
    let style = arguments.text.print.style();
    if arguments.approve.is_some() {
        return report_one(style, |_| {
            let outcome = ops::approve(&approve_request(arguments)?)?;
            Ok(Said { outcome, lang })
        });
    }
    let request = MemoRequest {
        client: arguments.client.as_deref().map(place::client),
        output: arguments.output.path(),
        existing: arguments.output.existing(),
        dry_run: arguments.dry_run,
        library: arguments.text.library.choice(),
    };
    report_one(style, |warnings| Ok(Said { outcome: ops::memo(&request, warnings)?, lang }))
}

fn approve_request(arguments: &ReviewArguments) -> Result<ApproveRequest, Problems> {
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
        library: arguments.text.library.choice(),
    })
}

fn usage(message: &str, hint: &str) -> Problems {
    Diagnostic::failure(message).hint(hint).into()
}

impl Outcome for Said<Memo> {
    fn result(&self) -> String {
        self.outcome.pdf.on_a_line()
    }

    fn talk(&self) -> Option<String> {
        let Memo { written, client, version, counts, .. } = &self.outcome;
        let MemoCounts { verdicts, proposals, approved, unread } = counts;
        let in_lang = |key: &str, values: &[(&str, &dyn Display)]| -> String {
            say(key, values).in_lang(self.lang).to_owned()
        };
        let client = client.clone().unwrap_or_else(|| in_lang("memo-of-library", &[]));
        let verdict = |(verdict, count): (&Verdict, &usize)| {
            format!("{count} {}", verdict.word().in_lang(self.lang))
        };
        let verdicts: Vec<String> = verdicts.iter().map(verdict).collect();
        let proposals = counted(*proposals, "proposal", self.lang);
        let parts = approved + unread;
        let values: [(&str, &dyn Display); 6] = [
            ("client", &client),
            ("version", version),
            ("verdicts", &verdicts.join(", ")),
            ("proposals", &proposals),
            ("approved", approved),
            ("parts", &parts),
        ];
        let talk = in_lang("memo", &values);
        Some(if *written { talk } else { format!("{talk}; {}", in_lang("nothing-written", &[])) })
    }
}

impl Outcome for Said<Approving> {
    fn result(&self) -> String {
        let line = |part: &ApprovedPart| {
            let verdicts = part.verdicts.iter();
            let other = verdicts.filter(|(_, verdict)| **verdict != LawyersVerdict::Met);
            let other: Vec<String> = other.map(|(id, it)| self.verdict(id, *it)).collect();
            let approved = say("approved", &[("part", &part.part)]);
            let approved = approved.in_lang(self.lang);
            if other.is_empty() {
                approved.to_owned()
            } else {
                format!("{approved} ({})", other.join(", "))
            }
        };
        self.outcome.parts.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn talk(&self) -> Option<String> {
        let Approving { file, by, on, unread, .. } = &self.outcome;
        let unread = match unread.len() {
            0 => say("all-approved", &[]).in_lang(self.lang).to_owned(),
            some => counted(some, "unread", self.lang),
        };
        let values: [(&str, &dyn Display); 4] =
            [("file", &file.slashed()), ("by", by), ("on", on), ("unread", &unread)];
        Some(say("recorded", &values).in_lang(self.lang).to_owned())
    }
}

impl Said<Approving> {
    /// A requirement with the lawyer's verdict on it.
    fn verdict(&self, id: &str, verdict: LawyersVerdict) -> String {
        let word = match verdict {
            LawyersVerdict::Met => Verdict::Approved,
            LawyersVerdict::Weak => Verdict::Weak,
            LawyersVerdict::Missing => Verdict::Missing,
        };
        format!("{id} {}", word.word().in_lang(self.lang))
    }
}
