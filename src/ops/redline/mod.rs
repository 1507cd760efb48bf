//! What changed between two texts of an agreement: in PDFs of ours, or in what the files say now.

mod held;
mod paper;
mod sides;
mod values;

use std::path::{Path, PathBuf};

use super::paths::{check_output, output_path};
use super::stack::with_stack;
use crate::compare::compare;
use crate::diagnostic::{Diagnostic, Problems};
use crate::store;
use crate::typeset::Typesetter;

pub use paper::RedlinePaper;
pub(super) use paper::make as make_paper;
pub(super) use sides::side;
pub use values::{Redline, RedlineRequest, Side};

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
    check_output(&output, &inputs)?;
    let new = redline.new.file.as_deref().filter(|file| !held::is_pdf_name(file));
    let library = request.library.open(new)?;
    let pdf = paper::make(redline, &library, &Typesetter::new(&library)?)?;
    store::put(&output, &pdf, None, request.existing)?;
    Ok(output)
}
