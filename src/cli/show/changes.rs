//! What changed in a document, as text.

use std::fmt::{self, Display, Formatter};

use crate::diagnostic::one_line;
use crate::ops::{InLock, Knows, ShownOriginal};
use crate::pdf::{Change, Original};

/// Writes what became of the document as it was made.
pub fn write_original(f: &mut Formatter<'_>, original: &ShownOriginal) -> fmt::Result {
    if let Some(InLock { knows, pdf }) = &original.lock {
        let pdf = one_line(pdf);
        match knows {
            Knows::TheseBytes => writeln!(f, "lock        knows its bytes as made: `{pdf}`")?,
            Knows::OtherBytes => writeln!(
                f,
                "lock        knows OTHER BYTES of this contract: this is not `{pdf}` as it was made"
            )?,
            Knows::AnotherContract => {
                writeln!(f, "lock        knows ANOTHER CONTRACT under this name, `{pdf}`")?;
            }
        }
    }
    f.write_str("as made     ")?;
    match (original.bytes, &original.changes) {
        (Original::Untouched, _) => f.write_str("yes, by the digest in the file itself"),
        (Original::Rewritten, _) => f.write_str(
            "cannot be compared: another program rewrote the file, or something in it changed",
        ),
        (Original::Extended { .. }, None) => f.write_str(
            "cannot be compared: what was added since is damaged, or programs read it differently",
        ),
        (Original::Extended { .. }, Some(changes)) => {
            let is_kept = changes.iter().all(Change::keeps_the_document);
            writeln!(
                f,
                "{}",
                match (is_kept, changes.is_empty()) {
                    (true, true) => return f.write_str("yes, and nothing in it changed since"),
                    (true, false) => "yes, and since then:",
                    (false, _) => "no, it was changed since then:",
                }
            )?;
            let text = changes.iter().map(|change| format!("  {}", Line(change)));
            f.write_str(&text.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// Writes what changed, a line each.
pub fn write_changes(f: &mut Formatter<'_>, changes: &[Change], indent: usize) -> fmt::Result {
    changes.iter().try_for_each(|change| writeln!(f, "{:indent$}{}", "", Line(change)))
}

/// A change on a line.
struct Line<'a>(&'a Change);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.page {
            Some(page) => write!(f, "page {page}: {}", one_line(&self.0.what)),
            None => f.write_str(&one_line(&self.0.what)),
        }
    }
}
