//! Whether the lock beside a document knows it.

use std::path::Path;

use serde::Serialize;

use crate::diagnostic::{Problems, Slashed};
use crate::store::{self, Access, Folder, LOCK, LOCK_FOLDER};

/// What the lock of the folder that a document is in knows of it.
#[derive(Debug, Serialize)]
pub struct InLock {
    /// What it is to the lock.
    pub knows: Knows,
    /// The PDF that the lock knows.
    pub pdf: String,
}

/// What a document is to a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Knows {
    /// It is, or begins with, the very bytes of a PDF that was made.
    TheseBytes,
    /// A PDF of the same contract was made, of other bytes.
    OtherBytes,
    /// The PDF that was made under its name is of another contract.
    AnotherContract,
}

impl InLock {
    /// What the lock knows of the document at a path: the digest of the contract in it, and its bytes as made, if
    /// they can be found. None without a lock, or if that knows nothing of it.
    ///
    /// A lock that cannot be read says nothing here; every command that needs it reports that.
    pub(super) fn of(path: &Path, digest: &str, as_made: Option<&[u8]>) -> Option<Self> {
        let has_lock =
            |folder: &&Path| folder.join(LOCK_FOLDER).is_dir() || folder.join(LOCK).is_file();
        let folder = path.ancestors().skip(1).find(has_lock)?;
        let lock = Folder::open(folder, Access::Look, &mut Problems::new()).ok()?.lock;
        let of_contract = || lock.entries.iter().filter(|(_, entry)| entry.digest == digest);
        if let Some(sha256) = as_made.map(store::sha256) {
            let same = of_contract().find(|(_, entry)| entry.sha256 == sha256);
            if let Some((pdf, _)) = same {
                return Some(Self { knows: Knows::TheseBytes, pdf: pdf.clone() });
            }
            if let Some((pdf, _)) = of_contract().next() {
                return Some(Self { knows: Knows::OtherBytes, pdf: pdf.clone() });
            }
        }
        let name = path.strip_prefix(folder).ok()?.slashed();
        let entry = lock.entries.get(&name)?;
        (entry.digest != digest).then_some(Self { knows: Knows::AnotherContract, pdf: name })
    }
}
