//! What changed between two texts of an agreement: in PDFs of ours, or in what the files say now.

mod held;
mod paper;
mod sides;

use std::path::{Path, PathBuf};
use std::thread;

use serde::Serialize;

use super::paths::{check_no_input, output_path};
use super::sources::LibraryChoice;
use crate::compare::{AgreementText, Comparison, compare};
use crate::diagnostic::{Diagnostic, Problems};
use crate::store::{self, Existing};
use crate::typeset::STACK;

pub use paper::RedlinePaper;

/// What to compare.
#[derive(Debug)]
pub struct RedlineRequest {
    /// The old text: a PDF, a client file, or a client's name.
    pub old: PathBuf,
    /// The new text; none for what the files say now for the same client.
    pub new: Option<PathBuf>,
    /// Where PDFs are kept, with their lock and `agreements/`.
    pub folder: PathBuf,
    /// Which library says what the files say now.
    pub library: LibraryChoice,
    /// The paper to make: its file, or the folder that it goes into.
    pub output: Option<PathBuf>,
    /// What to do about another file in its place.
    pub existing: Existing,
}

/// One of the two texts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Side {
    /// The PDF or client file that it was read from; none for the general edition of a library.
    pub file: Option<PathBuf>,
    /// The PDF in that file which it was read from, if the file is a quote.
    pub attachment: Option<String>,
    /// Which edition it is.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// The version of its text.
    pub version: String,
    /// SHA-256 over everything that determines it.
    pub digest: String,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// Its whole text.
    #[serde(skip)]
    pub text: AgreementText,
}

/// What changed between two texts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Redline {
    /// The old text.
    pub old: Side,
    /// The new text.
    pub new: Side,
    /// Whether any detail or clause changed.
    pub changed: bool,
    /// The paper that was made.
    pub pdf: Option<PathBuf>,
    /// What changed.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// Compares two texts, and makes the paper if one is asked for; what is odd about them goes to `warnings`.
///
/// # Errors
///
/// If one of them cannot be found or read, or the paper cannot be made or written.
pub fn redline(request: &RedlineRequest, warnings: &mut Problems) -> Result<Redline, Problems> {
    let (old, new) = with_stack(|| sides::read(request, warnings))?;
    if let (Some(one), Some(other)) = (&old.client, &new.client)
        && one != other
    {
        let problem = format!("the old text is of `{one}`, the new one of `{other}`");
        warnings.push(Diagnostic::warning(problem).hint("are these the texts to compare?"));
    }
    let comparison = compare(&old.text, &new.text);
    let changed =
        !comparison.details.is_empty() || comparison.clauses.iter().any(|clause| clause.changed);
    let mut redline = Redline { old, new, changed, pdf: None, comparison };
    if let Some(output) = &request.output {
        redline.pdf = Some(make(&redline, request, output)?);
    }
    Ok(redline)
}

/// Makes the paper, with the layout of the new text's client file, or the nearest.
fn make(redline: &Redline, request: &RedlineRequest, output: &Path) -> Result<PathBuf, Problems> {
    let name = format!("redline-{}-{}", redline.old.version, redline.new.version);
    let output = output_path(Some(output), &name, "pdf");
    let files = [&redline.old, &redline.new].map(|side| side.file.as_deref());
    let inputs: Vec<&Path> = files.into_iter().flatten().collect();
    check_no_input(&output, &inputs)?;
    let new = redline.new.file.as_deref().filter(|file| !held::is_pdf_name(file));
    let library = request.library.open(new)?;
    let pdf = paper::make(redline, &library)?;
    store::put(&output, &pdf, None, request.existing)?;
    Ok(output)
}

/// Runs what evaluates clauses, which needs a large stack.
fn with_stack<T: Send>(run: impl FnOnce() -> Result<T, Problems> + Send) -> Result<T, Problems> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let thread = thread
            .map_err(|error| Diagnostic::failure(format!("cannot start a thread: {error}")))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
