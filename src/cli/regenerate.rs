//! Bringing all clients' PDFs up to date.

use std::process::ExitCode;
use std::time::Instant;

use chrono::Local;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::RegenerateArguments;
use super::key;
use super::report::{Outcome, Report, Style};
use crate::diagnostic::{Count, Problems, Slashed};
use crate::ops::{
    self, DocumentStatus, LeftOut, RenewOutcome, RenewRequest, Renewal, Renewed, document_name,
};
use crate::pdf::sign::Identity;

impl Outcome for Renewed {
    fn result(&self) -> String {
        let outcome = match self.outcome {
            RenewOutcome::Made => "made",
            RenewOutcome::WouldMake => "would make",
            RenewOutcome::Current => "current",
            RenewOutcome::Kept => "kept",
            RenewOutcome::Failed => "failed",
        };
        let DocumentStatus { client_file, pdf, reason, touched, .. } = &self.before;
        let why = match (self.outcome, reason) {
            (RenewOutcome::Kept, _) => Some(format!("{touched}, and is not overwritten")),
            (RenewOutcome::Current, _) => touched.is_kept().then(|| touched.to_string()),
            (RenewOutcome::Failed, None) => None,
            (_, reason) => Some(reason.clone().unwrap_or_else(|| "forced".to_owned())),
        };
        let pdf = pdf.as_ref().map(|pdf| format!("  {}", pdf.on_a_line())).unwrap_or_default();
        let why = why.map(|why| format!("  ({why})")).unwrap_or_default();
        format!("{outcome:<10}  {}{pdf}{why}", document_name(client_file.as_deref()))
    }
}

/// Brings all up to date, and prints what was done.
pub fn run(arguments: &RegenerateArguments) -> ExitCode {
    let started = Instant::now();
    let style = arguments.json.style();
    let request = RenewRequest {
        selection: arguments.clients.selection(),
        dry_run: arguments.dry_run,
        force: arguments.force,
        jobs: arguments.jobs.map(usize::from),
        shard: arguments.shard,
    };
    let identity = match key::of(&arguments.signing) {
        Ok(identity) => identity,
        Err(problem) => {
            let mut report = Report::<Renewed>::new(style);
            report.problem(problem);
            return report.finish();
        }
    };
    let mut bar = None;
    let Renewal { documents, left_out, mut problems } = ops::renew(&request, &mut |done, count| {
        bar.get_or_insert_with(|| progress_bar(count, style)).set_position(done as u64);
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    if let Some(identity) = &identity {
        sign(&documents, identity, &mut problems);
    }
    let summary = summary(&request, &documents, started);
    let mut report = Report::new(style);
    let is_empty = documents.is_empty();
    for document in documents {
        report.result(document);
    }
    if is_empty && problems.is_empty() {
        report.talk(&nobody(&left_out));
    } else if !is_empty {
        report.talk(&summary);
    }
    report.problems(problems);
    report.finish()
}

/// Says why no client is looked at.
pub fn nobody(left_out: &LeftOut) -> String {
    let mut why = Vec::new();
    match left_out.samples.as_slice() {
        [] => {}
        [one] => why.push(format!("`{}` is a sample (`sample = true`)", one.on_a_line())),
        several => why.push(format!("{} are samples (`sample = true`)", several.len())),
    }
    let is_are = |count: usize| if count == 1 { "is" } else { "are" };
    if left_out.archived > 0 {
        why.push(format!("{} {} archived", left_out.archived, is_are(left_out.archived)));
    }
    if left_out.of_other_parts > 0 {
        let count = left_out.of_other_parts;
        why.push(format!("{count} {} of other parts", is_are(count)));
    }
    let why = if why.is_empty() { String::new() } else { format!(": {}", why.join(", ")) };
    format!("no client to look at{why}")
}

/// Signs what was made.
fn sign(documents: &[Renewed], identity: &Identity, problems: &mut Problems) {
    let made = documents.iter().filter(|document| document.outcome == RenewOutcome::Made);
    for DocumentStatus { pdf, client_file, .. } in made.map(|document| &document.before) {
        if let (Some(pdf), Some(client)) = (pdf, client_file) {
            let mut warnings = Problems::new();
            let signed = ops::sign_made(pdf, client, identity, Local::now(), &mut warnings);
            problems.extend(warnings.into_iter().chain(signed.err().unwrap_or_default()));
        }
    }
}

fn summary(request: &RenewRequest, documents: &[Renewed], started: Instant) -> String {
    let is_made =
        |it: &&Renewed| matches!(it.outcome, RenewOutcome::Made | RenewOutcome::WouldMake);
    let made = documents.iter().filter(is_made).count();
    let (one, several) = match documents.last() {
        Some(Renewed { before: DocumentStatus { client_file: None, .. }, .. }) => {
            ("document", "documents")
        }
        _ => ("client", "clients"),
    };
    let all = Count(documents.len(), one, several);
    let verb = if request.dry_run { "would be made" } else { "made" };
    format!("{made} of {all} {verb} ({} ms)", started.elapsed().as_millis())
}

/// A bar on a terminal; nothing elsewhere.
fn progress_bar(length: usize, style: Style) -> ProgressBar {
    if style == Style::Json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length as u64);
    let template = ProgressStyle::with_template("{bar:40} {pos}/{len}  {eta} left");
    bar.with_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
