//! Checking a copy that came back, and filing it.

mod noted;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{Local, NaiveDate};

use super::args::ReceiveArguments;
use super::place;
use super::report::{Report, report_one};
use crate::diagnostic::{Diagnostic, Problems};
use crate::ops::{
    self, Acceptance, AnswerRequest, EndRequest, Ending, HandRequest, Known, Noted, ReceiveRequest,
    UndoRequest,
};

/// Checks and files what came back, or notes what a person says.
pub fn run(arguments: &ReceiveArguments) -> ExitCode {
    let mut warnings = Problems::new();
    let known = match ops::known(arguments.folder.path().as_deref(), &mut warnings) {
        Ok(known) => known,
        Err(problems) => {
            let mut report = Report::<Noted>::new(arguments.common.print.style());
            report.problems(problems);
            return report.finish();
        }
    };
    let on = arguments.on.unwrap_or_else(|| Local::now().date_naive());
    if arguments.answer.objection || arguments.answer.consent {
        let request = AnswerRequest {
            client: arguments.client.as_deref().map(place::client).unwrap_or_default(),
            folder: arguments.folder.path(),
            objection: arguments.answer.reason.clone(),
            by: arguments.by.clone(),
            on,
            dry_run: arguments.dry_run,
        };
        return report_one(arguments.common.print.style(), |problems| {
            problems.extend(warnings);
            ops::answer(&request, &known, problems)
        });
    }
    let ending = if arguments.end.refused { Ending::Refused } else { Ending::Ended };
    if arguments.end.refused || arguments.end.ended {
        let request = EndRequest {
            ending,
            client: arguments.client.as_deref().map(place::client).unwrap_or_default(),
            folder: arguments.folder.path(),
            reason: arguments.answer.reason.clone(),
            by: arguments.by.clone(),
            on,
            dry_run: arguments.dry_run,
        };
        return report_one(arguments.common.print.style(), |problems| {
            problems.extend(warnings);
            ops::note_end(&request, &known)
        });
    }
    if arguments.undo || arguments.by_hand || arguments.own_paper.is_some() {
        return note(arguments, &known, on, warnings);
    }
    let trust = match ops::trust(&arguments.trust.paths()) {
        Ok(trust) => trust,
        Err(problem) => {
            let mut report = Report::<Noted>::new(arguments.common.print.style());
            report.problem(problem);
            return report.finish();
        }
    };
    let acceptance = arguments.accept.clone().zip(arguments.by.clone());
    let request = ReceiveRequest {
        client: arguments.client.as_deref().map(place::client),
        on,
        dry_run: arguments.dry_run,
        accept: acceptance.map(|(reason, by)| Acceptance { reason, by }),
        trust,
        library: arguments.common.library.choice(),
    };
    let mut report = Report::new(arguments.common.print.style());
    report.problems(warnings);
    for file in &arguments.files {
        let mut problems = Problems::new();
        match ops::receive(&place::existing(file), &request, &known, &mut problems) {
            Ok(received) => report.result(received),
            Err(more) => problems.extend(more),
        }
        report.problems(problems);
    }
    report.finish()
}

/// Notes what a person says: of each file, or of none.
fn note(
    arguments: &ReceiveArguments,
    known: &Known,
    on: NaiveDate,
    warnings: Problems,
) -> ExitCode {
    let mut report = Report::new(arguments.common.print.style());
    report.problems(warnings);
    let files = arguments.own_paper.iter().chain(&arguments.files);
    let mut files: Vec<Option<PathBuf>> = files.map(|file| Some(place::existing(file))).collect();
    if files.is_empty() {
        files.push(None);
    }
    for file in files {
        match note_one(arguments, file, known, on) {
            Ok(noted) => report.result(noted),
            Err(problems) => report.problems(problems),
        }
    }
    report.finish()
}

fn note_one(
    arguments: &ReceiveArguments,
    file: Option<PathBuf>,
    known: &Known,
    on: NaiveDate,
) -> Result<Noted, Problems> {
    let ReceiveArguments { by, dry_run, .. } = arguments;
    let client = arguments.client.as_deref().map(place::client);
    if arguments.undo {
        if file.is_none() && client.is_none() {
            let which = Diagnostic::failure("it is not clear what to undo");
            return Err(which.hint("give the file, or the client with `--client FILE`").into());
        }
        let request = UndoRequest { file, client, by: by.clone(), on, dry_run: *dry_run };
        return ops::undo(&request, known);
    }
    let request = HandRequest {
        file,
        own_paper: arguments.own_paper.is_some(),
        client: client.unwrap_or_default(),
        version: arguments.of.clone(),
        signed_on: arguments.signed_on.unwrap_or(on),
        by: by.clone().unwrap_or_default(),
        on,
        dry_run: *dry_run,
        library: arguments.common.library.choice(),
    };
    ops::note_by_hand(&request, known)
}
