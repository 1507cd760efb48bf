//! The memo for the lawyer: how a text meets the law, sentence by sentence, with a place to tick and initial.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::material::{self, Findings};
use super::paper::{MemoCounts, MemoPaper};
use crate::check::say;
use crate::diagnostic::Problems;
use crate::input;
use crate::library::Library;
use crate::ops::paths::check_output;
use crate::ops::settings::Settings;
use crate::ops::sources::LibraryChoice;
use crate::ops::sources::id_of;
use crate::ops::stack::with_stack;
use crate::store::{self, Existing};
use crate::typeset::Typesetter;

/// What the memo is to be about, and where it goes.
#[derive(Debug)]
pub struct MemoRequest {
    /// The client whose contract it is about; none is about the library.
    pub client: Option<PathBuf>,
    /// Its file, or the folder that it goes into; none is the usual place.
    pub output: Option<PathBuf>,
    /// What to do about another file in its place.
    pub existing: Existing,
    /// Make it, and write nothing.
    pub dry_run: bool,
    /// Which library.
    pub library: LibraryChoice,
}

/// A memo that was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Memo {
    /// Its file.
    pub pdf: PathBuf,
    /// Whether it was written, or already there as it is; false in a dry run.
    pub written: bool,
    /// The client's name; none if it is about the library.
    pub client: Option<String>,
    /// The version of the text.
    pub version: String,
    /// What it counts.
    #[serde(flatten)]
    pub counts: MemoCounts,
}

/// Makes the memo; what is odd goes to `warnings`.
///
/// # Errors
///
/// If the library or the client file has problems, or the memo cannot be made or written.
pub fn memo(request: &MemoRequest, warnings: &mut Problems) -> Result<Memo, Problems> {
    with_stack(|| {
        let client = request.client.as_deref();
        // A client file that is not there is a plainer problem than a library that is not.
        client.map(input::read).transpose()?;
        let library = request.library.open(client)?;
        let output = output(request, &library)?;
        let findings = Findings::of(&library, client, warnings)?;
        let paper = MemoPaper::new(&findings);
        let typesetter = Typesetter::new(&library)?;
        let pdf = typesetter.lay_out(&paper).and_then(|document| typesetter.export(&document))?;
        if !request.dry_run {
            store::put(&output, &pdf, None, request.existing)?;
        }
        Ok(Memo {
            pdf: output,
            written: !request.dry_run,
            client: findings.client.clone(),
            version: library.contents.version.to_string(),
            counts: paper.counts(),
        })
    })
}

/// Where the memo goes.
fn output(request: &MemoRequest, library: &Library) -> Result<PathBuf, Problems> {
    let client = request.client.as_deref();
    let settings = Settings::here()?;
    let id = client.map(id_of);
    let name = settings.name(&library.contents, id.as_deref());
    let lang = material::lang(library);
    let name = say("memo-file", &[("document", &name)]).in_lang(lang).to_owned();
    let output = settings.output_path(request.output.as_deref(), &name, "pdf");
    let inputs: Vec<&Path> = client.into_iter().collect();
    check_output(&output, &inputs)?;
    Ok(output)
}
