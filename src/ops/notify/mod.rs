//! Notifying clients of a change: whom it affects, what it needs, until when they may object; and the drafts.

mod answer;
mod breach;
mod changes;
mod deadline;
mod draft;
mod look;
mod row;
mod tools;
mod values;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

pub use answer::{AnswerRequest, answer};
pub use changes::Change;
pub use values::{
    Notification, Notifications, NotifiedChange, NotifyAction, NotifyOutcome, NotifyRequest,
};

pub use breach::Breach;
pub(super) use breach::{Lacking, of_documents, warnings};

use super::documents::{Documents, KeptDocument};
use super::owner::ContentDigests;
use crate::diagnostic::{Diagnostic, Problems};
use crate::store::{Access, Agreements, Draft, Folder, Inputs};
use crate::typeset::{self, STACK};
use look::{Known, Subject, known_documents};
use row::Rows;
use tools::{Tools, tools};

/// A client that was looked at.
struct Done {
    notification: Notification,
    /// What the lock is to note of what was put into a draft.
    draft: Option<(String, Draft)>,
    lacking: Vec<Lacking>,
    problems: Problems,
}

/// Finds the clients that a change affects, and writes or notes the notices that are asked for.
#[must_use]
pub fn notify(request: &NotifyRequest) -> Notifications {
    let mut problems = Problems::new();
    let clients = try_notify(request, &mut problems);
    let clients = clients.unwrap_or_else(|more| {
        problems.extend(more);
        Vec::new()
    });
    Notifications { clients, problems }
}

fn try_notify(
    request: &NotifyRequest,
    problems: &mut Problems,
) -> Result<Vec<Notification>, Problems> {
    let Some(documents) = Documents::gather(&request.selection, Access::Look, None, problems)
    else {
        return Ok(Vec::new());
    };
    if let Some(until) = request.until.filter(|until| *until <= request.on) {
        let early = format!("the last day to object, {until}, is not after {}", request.on);
        let hint = "the day of sending does not count: give a later day with --until";
        return Err(Diagnostic::failure(early).hint(hint).into());
    }
    let agreements = Agreements::of(Path::new(""));
    let todo: Vec<&KeptDocument> = documents
        .all
        .iter()
        .filter(|document| document.id.as_ref().is_some_and(|id| agreements.has(id)))
        .collect();
    let tools = tools(&documents.libraries, &todo, problems);
    let known = known_documents(&documents.folder.lock);
    let run = |document: &KeptDocument| -> Option<Done> {
        let tools = tools.get(&document.found)?;
        let Folder { lock, path, .. } = &documents.folder;
        let subject = Subject::of(document, lock, path, (&agreements, &known))?;
        let done = one(&subject, tools, request, &documents);
        typeset::forget();
        done
    };
    let mut notifications = Vec::new();
    let (mut drafts, mut lacking) = (Vec::new(), Vec::new());
    for done in in_parallel(&todo, run)? {
        let Done { notification, draft, lacking: more, problems: found } = done;
        problems.extend(found);
        lacking.extend(more);
        drafts.extend(draft.map(|(file, draft)| {
            (notification.id.clone(), file, draft, notification.client_file.clone())
        }));
        notifications.push(notification);
    }
    problems.extend(warnings(&lacking));
    if !drafts.is_empty() {
        let mut folder = Folder::open(&documents.folder.path, Access::Whole, problems)?;
        for (id, file, draft, client) in drafts {
            let document =
                documents.all.iter().find(|document| document.path.as_ref() == Some(&client));
            if let Some(document) = document {
                folder.note_draft(&id, &file, draft, &documents.libraries[&document.found].parts);
            }
        }
        folder.save()?;
    }
    Ok(notifications)
}

/// Looks at one client; none if no change affects it.
fn one(
    subject: &Subject<'_>,
    tools: &Tools<'_>,
    request: &NotifyRequest,
    documents: &Documents,
) -> Option<Done> {
    let rows = Rows { subject, request };
    let library = &tools.loaded.library;
    let looked = subject.base(request.on).and_then(|known| match known {
        Known::Same => Ok(None),
        Known::Unreadable(reason) => Ok(Some(Err(reason))),
        Known::Base(base) => {
            Ok(subject.look(*base, library, &tools.typesetter, request.on)?.map(Ok))
        }
    });
    let looked = match looked {
        Ok(None) => return None,
        Ok(Some(Err(reason))) => return Some(Done::of(rows.unknown(reason))),
        Ok(Some(Ok(looked))) => looked,
        Err(problems) => {
            return Some(Done { problems, ..Done::of(rows.failed()) });
        }
    };
    let (mut notification, mut problems) = rows.looked(&looked, library);
    let lacking = breach::of_looked(&looked, &notification, request.on);
    let mut draft = None;
    if notification.outcome == NotifyOutcome::Due && request.action != NotifyAction::Report {
        let made = if notification.lacks_term {
            Err(row::no_term(&notification).into())
        } else {
            draft::make(subject, tools, &looked, &notification, documents).and_then(|made| {
                match request.action {
                    NotifyAction::NoteSent => {
                        let to = (subject, request, documents);
                        made.note(to, &mut notification, &mut problems)
                    }
                    _ => made.write(request, documents, &mut notification),
                }?;
                Ok(made)
            })
        };
        match made {
            Ok(made) => {
                let mut inputs = Inputs::default();
                ContentDigests::of(&looked.contract, tools.loaded).fill(&mut inputs);
                draft = notification.eml.as_ref().map(|eml| {
                    let file = super::paths::relative(eml, &documents.folder.path);
                    let Inputs { services, text, .. } = inputs;
                    (
                        file,
                        Draft {
                            version: looked.contract.version.id.clone(),
                            library: tools.loaded.text.clone(),
                            services,
                            text,
                            digest: made.digest,
                        },
                    )
                });
            }
            Err(more) => {
                problems.extend(more);
                notification.outcome = NotifyOutcome::Failed;
            }
        }
    }
    Some(Done { notification, draft, lacking, problems })
}

impl Done {
    fn of(notification: Notification) -> Self {
        Self { notification, draft: None, lacking: Vec::new(), problems: Problems::new() }
    }
}

/// Does something for each of some documents on several threads, which have the stack that Typst needs; the
/// results are in their order.
fn in_parallel<T: Send>(
    todo: &[&KeptDocument],
    run: impl Fn(&KeptDocument) -> Option<T> + Sync,
) -> Result<Vec<T>, Diagnostic> {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores.min(todo.len()) {
            let (send, next, run) = (send.clone(), &next, &run);
            let work = move || {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    let Some(document) = todo.get(turn) else { break };
                    if run(document).is_some_and(|result| send.send((turn, result)).is_err()) {
                        break;
                    }
                }
            };
            let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            worker
                .map_err(|error| Diagnostic::failure(format!("cannot start a thread: {error}")))?;
        }
        drop(send);
        let mut results: Vec<(usize, T)> = receive.into_iter().collect();
        results.sort_by_key(|(turn, _)| *turn);
        Ok(results.into_iter().map(|(_, result)| result).collect())
    })
}
