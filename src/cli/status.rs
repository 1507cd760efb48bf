//! The state of all clients' PDFs.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::args::{FleetArguments, StatusArguments};
use super::fleet::{Fleet, Member, name};
use super::report::{Outcome, Report, Style};
use crate::store::{Access, Touched};

/// The state of one document.
#[derive(Debug, Serialize)]
struct State {
    /// The client file; none for the general edition.
    client: Option<PathBuf>,
    /// The PDF that there is, or would be.
    pdf: PathBuf,
    /// The version that there is.
    version: Option<String>,
    standing: What,
    /// Why it is stale.
    reason: Option<String>,
    touched: Touched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Current,
    Stale,
    /// Its client file is gone.
    Orphaned,
    /// Of an earlier version, and kept.
    Earlier,
    /// Made under a name of its own, which nobody keeps up to date.
    Other,
}

impl Outcome for State {
    fn result(&self) -> String {
        let what = match self.standing {
            What::Current => "current",
            What::Stale => "stale",
            What::Orphaned => "orphaned",
            What::Earlier => "earlier",
            What::Other => "other",
        };
        let client = name(self.client.as_deref());
        let version = self.version.as_deref().unwrap_or("–");
        let reason = self.reason.as_ref().map(|reason| format!("  ({reason})")).unwrap_or_default();
        let touched = self.touched.to_string();
        format!("{what:<8}  {version:<10}  {touched:<9}  {client}  {}{reason}", self.pdf.display())
    }
}

/// Shows the state of all; the exit code says whether there is something to do.
pub fn run(arguments: &StatusArguments) -> ExitCode {
    let style = if arguments.fleet.json { Style::Json } else { Style::Human };
    let mut report = Report::new(style);
    let mut problems = Vec::new();
    let gathered = Fleet::gather(&arguments.fleet, Access::Look, None, &mut problems);
    let mut fleet = match gathered {
        Ok(fleet) => fleet,
        Err(more) => {
            report.problems(problems);
            report.problems(more);
            return report.finish();
        }
    };
    let mut states: Vec<State> = fleet.members.iter().map(|m| of_member(m, &fleet)).collect();
    let is_stale = states.iter().any(|state| state.standing == What::Stale);
    states.extend(others(&mut fleet, &arguments.fleet));
    for state in states {
        report.result(state);
    }
    report.problems(problems);
    report.finish_with(u8::from(is_stale))
}

fn of_member(member: &Member, fleet: &Fleet) -> State {
    let entries = fleet.folder.lock.entries.iter();
    let versions = entries
        .filter(|(_, entry)| entry.client == member.client)
        .map(|(_, entry)| &entry.inputs.version);
    State {
        client: member.path.clone(),
        pdf: fleet.folder.path.join(&member.file),
        version: versions.max().cloned(),
        standing: if member.kept.stale.is_some() { What::Stale } else { What::Current },
        reason: member.kept.stale.as_ref().map(ToString::to_string),
        touched: member.kept.touched,
    }
}

/// What the lock knows beyond what is kept up to date: earlier versions, other names, clients that are gone.
fn others(fleet: &mut Fleet, arguments: &FleetArguments) -> Vec<State> {
    let entries: Vec<_> = fleet.folder.lock.entries.clone().into_iter().collect();
    let mut states = Vec::new();
    for (file, entry) in entries {
        if fleet.members.iter().any(|member| member.file == file) {
            continue;
        }
        let client = entry.client.as_ref().map(|client| fleet.folder.path.join(client));
        let is_gone = client.as_ref().is_some_and(|client| !client.exists());
        let is_known = fleet.members.iter().any(|member| member.client == entry.client);
        let mut versions = fleet.libraries.values().map(|served| served.library.contents.version);
        let is_earlier = versions.all(|it| entry.inputs.version < it.to_string());
        let is_asked_for = is_known || (entry.client.is_none() && arguments.only.is_empty());
        if !is_gone && !is_asked_for {
            // Not among those that were asked for.
            continue;
        }
        states.push(State {
            pdf: fleet.folder.path.join(&file),
            client,
            version: Some(entry.inputs.version),
            standing: match (is_gone, is_earlier) {
                (true, _) => What::Orphaned,
                (false, true) => What::Earlier,
                (false, false) => What::Other,
            },
            reason: None,
            touched: fleet.folder.touched(&file),
        });
    }
    states
}
