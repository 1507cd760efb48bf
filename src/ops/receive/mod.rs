//! What comes back: which contract it is, whether it is as it was made, who signed; and filing it.

mod by_hand;
mod days;
mod ending;
mod file;
mod identify;
mod judge;
mod known;
mod values;

use std::path::Path;

pub use by_hand::{HandRequest, Noted, UndoRequest, note_by_hand, undo};
pub(super) use days::read as read_day;
pub use ending::{EndRequest, Ending, note_end};
pub use identify::IdentifiedBy;
pub use judge::{Bytes, ReceivedSignature};
pub use known::Known;
pub use values::{Acceptance, ReceiveRequest, Received};

use crate::diagnostic::{Diagnostic, Problems, Severity};
use crate::input;
use crate::ops::settings::Settings;
use crate::pdf;

/// What is known here: of the PDFs in a folder, or else in the one that is set, and of the agreements.
///
/// # Errors
///
/// If the lock or the settings cannot be read.
pub fn known(folder: Option<&Path>, warnings: &mut Problems) -> Result<Known, Problems> {
    let set = Settings::here()?.output.unwrap_or_default();
    Known::open(folder.unwrap_or(&set), Path::new(""), warnings)
}

/// Takes in a file that came back. What keeps it from being an agreement goes to `problems` too.
///
/// # Errors
///
/// If it cannot be read, may be of several clients, or cannot be filed.
pub fn receive(
    pdf: &Path,
    request: &ReceiveRequest,
    known: &Known,
    problems: &mut Problems,
) -> Result<Received, Problems> {
    if let Some(client) = &request.client {
        known::check_client_file(client)?;
    }
    let bytes =
        input::bytes(pdf).map_err(|error| Diagnostic::io(Severity::Error, "read", pdf, &error))?;
    let mut received = Received::new(pdf);
    let Some(document) = pdf::inspect(&bytes) else {
        received.unreadable(&bytes, problems);
        return Ok(received);
    };
    let (mut claim, document) = identify::claim(document, known);
    if let (None, Some(client)) = (&claim, &request.client) {
        claim = identify::by_client(&document, known, client, &request.library)?;
    }
    let contract = match &claim {
        Some(claim) => {
            let client = request.client.as_deref();
            identify::contract(pdf, claim, known, client, &request.library)?
        }
        None => None,
    };
    let (Some(claim), Some(contract)) = (claim, contract) else {
        problems.extend(known.unreadable.clone());
        received.unknown(document.page_texts().iter().all(|text| text.trim().is_empty()), problems);
        return Ok(received);
    };
    let history = known.agreements.history(&contract.id)?;
    received.again = file::is_known(&history, &bytes);
    let original = contract.as_made(&document, &request.library);
    let mut judged =
        judge::judge(&claim, document, original.as_ref(), &history, (request.on, &request.trust));
    judged.judge_written_days(request.on);
    if claim.by == IdentifiedBy::ClientFile && !judged.has_same_page() {
        received.unknown(false, problems);
        return Ok(received);
    }
    received.take(&claim, &contract, judged, request);
    received.report(original.is_some(), &claim, problems);
    if !request.dry_run {
        file::file(&mut received, &bytes, request, known)?;
    }
    Ok(received)
}
