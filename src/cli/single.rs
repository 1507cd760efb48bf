//! One client's contract, made in memory, for the commands that send it along with a quote.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::LibraryArguments;
use super::fleet::{Served, open_libraries};
use super::gate::Gate;
use super::generate::{file_name, is_folder, read_client};
use super::report::{Outcome, Report, Style};
use crate::client::Client;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Severity};
use crate::input;
use crate::pdf::Host;
use crate::store::{Access, Folder};
use crate::typeset::Typesetter;

/// A client's contract.
pub struct Single {
    /// The library that it was made of.
    pub served: Served,
    /// What the client file says.
    pub client: Client,
    /// What was assembled.
    pub contract: Contract,
    /// Its usual name, without `.pdf`.
    pub name: String,
    /// Its PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

impl Single {
    /// Makes the contract of a client file.
    pub fn make(path: &Path, arguments: &LibraryArguments) -> Result<Self, Vec<Diagnostic>> {
        let from = path.parent().unwrap_or(Path::new(""));
        let found = arguments.search(from).find().map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let mut libraries = open_libraries([&found], &mut problems);
        let Some(served) = libraries.swap_remove(&found) else {
            return Err(problems);
        };
        let library = &served.library;
        let client = read_client(path, library)?;
        let contract = Contract::assemble(library, Some(&client), Form::Fields);
        let typesetter = Typesetter::new(library)?;
        let document = typesetter.lay_out(&contract)?;
        Gate::new(library).hold(&contract, &document)?;
        let (pdf, pages) = (typesetter.export(&document)?, document.pages());
        drop((document, typesetter));
        let name = file_name(&library.contents, Some(path)).to_string_lossy().into_owned();
        Ok(Self { served, client, contract, name, pdf, pages })
    }

    /// Writes what is to be sent, by the rules of the folder that it goes to: a text that changed while its
    /// version did not is refused, and the folder's lock notes the text.
    pub fn keep(
        &self,
        output: &Path,
        warnings: &mut Vec<Diagnostic>,
        write: impl FnOnce(&Folder) -> Result<(), Diagnostic>,
    ) -> Result<(), Vec<Diagnostic>> {
        let one = |problem| vec![problem];
        let parent = output.parent().unwrap_or(Path::new(""));
        let mut folder = Folder::open(parent, Access::Whole, warnings)?;
        let version = &self.contract.version.id;
        folder.check_version(version, &self.served.text).map_err(one)?;
        write(&folder).map_err(one)?;
        folder.note_version(version, &self.served.text);
        folder.save().map_err(one)
    }
}

/// Where a file goes: the one that was given, or a file of its usual name in the folder that was given.
/// Never to where one of the `inputs` is, by whatever path.
pub fn output(
    given: Option<&Path>,
    usual: &str,
    extension: &str,
    inputs: &[&Path],
) -> Result<PathBuf, Diagnostic> {
    let usual = format!("{usual}.{extension}");
    let output = match given {
        None => PathBuf::from(usual),
        Some(folder) if is_folder(folder, extension) => folder.join(usual),
        Some(file) => file.to_owned(),
    };
    let is_output = |input: &&&Path| same_file::is_same_file(input, &output).unwrap_or(false);
    match inputs.iter().find(is_output) {
        None => Ok(output),
        Some(input) => {
            let (output, input) = (output.display(), input.display());
            let same = if output.to_string() == input.to_string() {
                format!("`{output}` is what is to be read")
            } else {
                format!("`{output}` is `{input}`, which is to be read")
            };
            Err(Diagnostic::failure(same).hint("give another name with --output"))
        }
    }
}

/// Makes what is to be sent, and tells it.
pub fn tell<T: Outcome>(
    style: Style,
    make: impl FnOnce(&mut Vec<Diagnostic>) -> Result<T, Vec<Diagnostic>>,
) -> ExitCode {
    let mut report = Report::new(style);
    let mut warnings = Vec::new();
    let outcome = make(&mut warnings);
    report.problems(warnings);
    match outcome {
        Ok(outcome) => report.result(outcome),
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

/// Reads a quote.
pub fn read_quote(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    input::bytes(path).map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))
}

/// Warns if the quote that the client file names is not the one that goes along: neither its file name nor
/// its text says so. `read` is the quote, if it can be read.
pub fn check_quote(client: &Client, path: &Path, read: Option<&Host>) -> Option<Diagnostic> {
    let quote = client.agreement.quote.as_deref()?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if names(&stem, quote) || read.is_some_and(|read| names(&read.text(), quote)) {
        return None;
    }
    let shown = path.display();
    let mut warning = Diagnostic::error(format!(
        "`{quote}` is found neither in the name of `{shown}` nor in its text"
    ))
    .hint("is this the right quote for this client?");
    // Where it stands, unless it is written with escapes.
    let typed = format!("\"{quote}\"");
    if let Some(at) = client.source.text.find(&typed) {
        warning = warning.at(&client.source, at..at + typed.len());
    }
    warning.severity = Severity::Warning;
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
