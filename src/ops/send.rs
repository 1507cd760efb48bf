//! What the commands share that send a client's contract along with a quote: the contract, made in memory,
//! and the quote.

use std::path::{Path, PathBuf};

use super::current::{CurrentDocument, current};
use super::gate::Gate;
use super::owner::ContentDigests;
use super::paths::relative;
use super::settings::Settings;
use super::sources::{LoadedLibrary, read_client};
use crate::client::Client;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Count, Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::pdf::{Host, Search};
use crate::store::{Access, Draft, Folder, Inputs};
use crate::typeset::Typesetter;

/// A client's contract, ready to be sent.
pub(super) struct ContractToSend<'l> {
    /// The library that it was made of.
    pub loaded: &'l LoadedLibrary,
    /// What the client file says.
    pub client: Client<'l>,
    /// What was assembled.
    pub contract: Contract,
    /// Which document of its client it is.
    pub current: CurrentDocument,
    /// Its name, without `.pdf`.
    pub name: String,
    /// Its PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

impl<'l> ContractToSend<'l> {
    /// Makes the contract of a client file.
    pub fn make(
        path: &Path,
        loaded: &'l LoadedLibrary,
        settings: &Settings,
    ) -> Result<Self, Problems> {
        let library = &loaded.library;
        let client = read_client(path, library)?;
        // What is odd about its lock is reported when it is opened to write in it.
        let mut folder = Folder::open(&documents(settings), Access::Look, &mut Problems::new())?;
        let current = current(&mut folder, settings, loaded, Some(path))?;
        let output = folder.path.join(&current.file);
        let contract = Contract::assemble(&client, Form::Fields);
        let contract = current.contract(contract, loaded, &output)?;
        let typesetter = Typesetter::new(library)?;
        let document = typesetter.lay_out(&contract)?;
        Gate::new(library).hold(&contract, &document)?;
        let (pdf, pages) = (typesetter.export(&document)?, document.pages());
        drop((document, typesetter));
        let name = current.file.strip_suffix(".pdf").unwrap_or(&current.file).to_owned();
        Ok(Self { loaded, client, contract, current, name, pdf, pages })
    }

    /// Writes what is to be sent, by the rules of the folder of the client's documents: a text that changed while
    /// its version did not is refused, and the folder's lock notes what was written.
    pub fn keep(
        &self,
        (settings, output): (&Settings, &Path),
        warnings: &mut Problems,
        write: impl FnOnce(&Folder) -> Result<(), Diagnostic>,
    ) -> Result<(), Problems> {
        let mut folder = Folder::open(&documents(settings), Access::Whole, warnings)?;
        let path = Path::new(&self.client.source.name);
        let now = current(&mut folder, settings, self.loaded, Some(path))?;
        if !now.is(&self.current) {
            let changed =
                format!("another run made a document while `{}` was made", output.slashed());
            return Err(Diagnostic::failure(changed).hint("run it again").into());
        }
        write(&folder)?;
        let mut inputs = now.inputs.clone();
        ContentDigests::of(&self.contract, self.loaded).fill(&mut inputs);
        let Inputs { version, library, services, text, .. } = inputs;
        let draft =
            Draft { version, library, services, text, digest: self.contract.digest.clone() };
        let (id, file) = (now.id.unwrap_or_default(), relative(output, &folder.path));
        folder.note_draft(&id, &file, draft, &self.loaded.parts);
        folder.save()?;
        Ok(())
    }
}

/// The folder of the clients' documents.
fn documents(settings: &Settings) -> PathBuf {
    settings.output.clone().unwrap_or_default()
}

/// Reads a quote.
pub(super) fn read_quote(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    input::bytes(path).map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))
}

/// Warns if the quote that the client file names is not the one that goes along: neither its file name nor
/// its text says so. `read` is the quote, if it can be read.
pub(super) fn check_quote(
    client: &Client<'_>,
    path: &Path,
    read: Option<&Host>,
) -> Option<Diagnostic> {
    let quote = client.agreement.quote.as_deref()?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if names(&stem, quote) {
        return None;
    }
    let text = match read.map_or(Search::NotFound, |read| read.search(|text| names(text, quote))) {
        Search::Found => return None,
        Search::NotFound => "in its text".to_owned(),
        Search::Cut { pages } => {
            format!("on its first {}; the search stopped there", Count(pages, "page", "pages"))
        }
    };
    let shown = path.slashed();
    let mut warning = Diagnostic::warning(format!(
        "`{quote}` is found neither in the name of `{shown}` nor {text}"
    ))
    .hint("is this the right quote for this client?");
    // Where it stands, unless it is written with escapes.
    let typed = format!("\"{quote}\"");
    if let Some(at) = client.source.text.find(&typed) {
        warning = warning.at(&client.source, at..at + typed.len());
    }
    Some(warning)
}

/// Whether a text holds these words in this order, whatever stands between and around them.
fn names(text: &str, words: &str) -> bool {
    let plain = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        format!(" {} ", words.collect::<Vec<_>>().join(" ").to_lowercase())
    };
    plain(text).contains(&plain(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_known_by_its_whole_words() {
        assert!(names("Offerte_2026-041 v2", "offerte 2026-041"));
        assert!(names("Onze offerte: 2026/041.", "2026-041"));
        assert!(!names("offerte-2026-0412", "2026-041"));
    }
}
