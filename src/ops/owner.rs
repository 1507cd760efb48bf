//! Whose documents, what a contract holds, and which document of its owner it is.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::paths::relative;
use super::sources::LoadedLibrary;
use crate::contract::content::selection_digest;
use crate::contract::{Contract, ReplacedDocument, Version};
use crate::diagnostic::{Diagnostic, Slashed};
use crate::library::TextVersion;
use crate::store::{Entry, Inputs, Replaced};

/// Whose documents, and what their file is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'a> {
    /// The client's id; none for the general edition.
    pub id: Option<&'a str>,
    /// The client file.
    pub path: Option<&'a Path>,
    /// SHA-256 of the client file; empty for the general edition.
    pub sha256: &'a str,
}

/// The digests of what a contract holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ContentDigests {
    /// The services that it covers, sorted.
    pub services: Vec<String>,
    /// Of the text that the library has for these services.
    pub text: String,
    /// Of all that it holds.
    pub content: String,
}

impl ContentDigests {
    /// Those of a contract.
    pub fn of(contract: &Contract, loaded: &LoadedLibrary) -> Self {
        let services = contract.service_ids();
        Self {
            text: selection_digest(&loaded.library, &services),
            content: contract.content_digest(&loaded.library),
            services,
        }
    }

    /// Fills them in.
    pub fn fill(self, inputs: &mut Inputs) {
        (inputs.services, inputs.text, inputs.content) = (self.services, self.text, self.content);
    }
}

impl Owner<'_> {
    /// That of the general edition.
    pub const GENERAL: Self = Self { id: None, path: None, sha256: "" };

    /// The entry of a document that was made.
    pub fn entry(
        &self,
        folder: &Path,
        (number, replaces): (Option<u32>, Option<Replaced>),
        inputs: Inputs,
        (digest, sha256): (String, String),
    ) -> Entry {
        Entry {
            id: self.id.map(str::to_owned),
            client: self.path.map(|path| relative(path, folder)),
            number,
            replaces,
            inputs,
            digest,
            sha256,
        }
    }
}

/// The contract as the document that is to be made: a further one says which earlier one it replaces.
///
/// # Errors
///
/// If that is known neither from the lock nor from the PDF.
pub(super) fn numbered(
    contract: Contract,
    number: u32,
    replaces: Option<&Replaced>,
    loaded: &LoadedLibrary,
    output: &Path,
) -> Result<Contract, Diagnostic> {
    if number == 1 {
        return Ok(contract);
    }
    let version = replaces.and_then(|replaced| TextVersion::parse(&replaced.version));
    let (Some(Replaced { number: earlier, digest, .. }), Some(version)) = (replaces, version)
    else {
        let unknown =
            format!("which earlier document `{}` replaces is not known", output.slashed());
        return Err(Diagnostic::error(unknown).hint(
            "take `dpa.lock.d` back from version control, or the PDF itself: either says it",
        ));
    };
    let language = loaded.library.contents.language;
    let version = Version::of(version, language);
    let earlier = ReplacedDocument { version, number: *earlier, digest: digest.clone() };
    Ok(contract.replacing(number, earlier, &loaded.library))
}
