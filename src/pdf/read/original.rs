//! Whether the bytes that dpa-gen wrote are still there.

use serde::Serialize;

use crate::pdf::file::update::{ID_LENGTH, changed_id};

/// What became of the bytes as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Original {
    /// They are the whole file.
    Untouched,
    /// They are all there, with so many bytes after them.
    Extended {
        /// How many.
        bytes: usize,
    },
    /// They are not there: another program rewrote the file, or something in them changed.
    Rewritten,
}

impl Original {
    /// Our update ends with `/ID[…<d>]/Prev … startxref n %%EOF`, where `d` is the digest of all bytes up
    /// to there: so it can be found, and seen to be whole, in whatever was appended to it.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mark = b">]/Prev ";
        let eof = b"%%EOF\n";
        let marks = bytes.windows(mark.len()).enumerate().filter(|(_, window)| window == mark);
        for at in marks.map(|(at, _)| at) {
            let Some(length) = bytes[at..].windows(eof.len()).position(|window| window == eof)
            else {
                continue;
            };
            let end = at + length + eof.len();
            let Some(from) = at.checked_sub(ID_LENGTH) else {
                continue;
            };
            if changed_id(&bytes[..end], from..at).as_bytes() == &bytes[from..at] {
                return match bytes.len() - end {
                    0 => Self::Untouched,
                    more => Self::Extended { bytes: more },
                };
            }
        }
        Self::Rewritten
    }
}
