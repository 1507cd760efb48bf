//! What the commands share that send a client's contract along with a quote: the contract, made in memory,
//! and the quote.

use std::path::Path;

use super::gate::Gate;
use super::settings::Settings;
use super::sources::{LoadedLibrary, read_client};
use crate::client::Client;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Count, Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::pdf::{Host, Search};
use crate::store::{Access, Folder};
use crate::typeset::Typesetter;

/// A client's contract, ready to be sent.
pub(super) struct ContractToSend<'l> {
    /// The library that it was made of.
    pub loaded: &'l LoadedLibrary,
    /// What the client file says.
    pub client: Client<'l>,
    /// What was assembled.
    pub contract: Contract,
    /// Its usual name, without `.pdf`.
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
        let contract = Contract::assemble(&client, Form::Fields);
        let typesetter = Typesetter::new(library)?;
        let document = typesetter.lay_out(&contract)?;
        Gate::new(library).hold(&contract, &document)?;
        let (pdf, pages) = (typesetter.export(&document)?, document.pages());
        drop((document, typesetter));
        let name = settings.name(&library.contents, Some(&client.id()));
        Ok(Self { loaded, client, contract, name, pdf, pages })
    }

    /// Writes what is to be sent, by the rules of the folder that it goes to: a text that changed while its
    /// version did not is refused, and the folder's lock notes the text.
    pub fn keep(
        &self,
        output: &Path,
        warnings: &mut Problems,
        write: impl FnOnce(&Folder) -> Result<(), Diagnostic>,
    ) -> Result<(), Problems> {
        let parent = output.parent().unwrap_or(Path::new(""));
        let mut folder = Folder::open(parent, Access::Whole, warnings)?;
        let version = &self.contract.version.id;
        folder.check_version(version, &self.loaded.text)?;
        write(&folder)?;
        folder.note_version(version, &self.loaded.text);
        folder.save()?;
        Ok(())
    }
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
