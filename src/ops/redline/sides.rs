//! Finding and reading the two texts.

use std::path::{Path, PathBuf};

use super::held::{self, Name, is_pdf_name};
use super::values::{RedlineRequest, Side};
use crate::client::Client;
use crate::compare::AgreementText;
use crate::contract::project::CONTRACT_JSON;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::ops::show::NOT_READ;
use crate::ops::sources::LibraryChoice;
use crate::pdf::{self, Change, Inspection};
use crate::typeset::{ClauseText, Typesetter};

/// What an argument names.
enum Given {
    /// A PDF of ours.
    Pdf(PathBuf),
    /// A client file.
    Client(PathBuf),
    /// A client's newest PDF here, or the one of a version.
    Held(Name),
}

/// Reads the old text and the new one.
pub fn read(request: &RedlineRequest, warnings: &mut Problems) -> Result<(Side, Side), Problems> {
    let (old, place) = (given(&request.old)?, request.place()?);
    match (&request.new, old) {
        // A client file alone: what is held of it, and what it says now.
        (None, Given::Client(client)) => {
            input::read(&client)?;
            let held = held::of_client(&place, &client, warnings)?;
            Ok((of_pdf(&held, warnings)?, of_files(&request.library, Some(&client))?))
        }
        (None, Given::Held(name)) => {
            let client = held::client_file(&place, &name, warnings)?;
            let held = held::pdf(&place, &name, warnings)?;
            Ok((of_pdf(&held, warnings)?, of_files(&request.library, Some(&client))?))
        }
        (None, Given::Pdf(path)) => {
            let old = of_pdf(&path, warnings)?;
            let client = held::client_of_pdf(&path, &old, warnings)?;
            Ok((old, of_files(&request.library, client.as_deref())?))
        }
        (Some(new), old) => {
            let mut side = |given: Given| match given {
                Given::Pdf(path) => of_pdf(&path, warnings),
                Given::Client(path) => of_files(&request.library, Some(&path)),
                Given::Held(name) => of_pdf(&held::pdf(&place, &name, warnings)?, warnings),
            };
            Ok((side(old)?, side(given(new)?)?))
        }
    }
}

fn given(path: &Path) -> Result<Given, Diagnostic> {
    let is_client_name =
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_pdf_name(path) {
        Ok(Given::Pdf(path.to_owned()))
    } else if is_client_name {
        Ok(Given::Client(path.to_owned()))
    } else if path.exists() {
        Err(Diagnostic::error(format!("`{}` is neither a PDF nor a client file", path.slashed()))
            .hint("give a PDF (`….pdf`), a client file (`….toml`) or a client's name: `acme`"))
    } else {
        Name::read(&path.to_string_lossy()).map(Given::Held)
    }
}

/// What the files say now: of a client, or the general edition.
fn of_files(library: &LibraryChoice, path: Option<&Path>) -> Result<Side, Problems> {
    // A client file that is not there is a plainer problem than a library that is not.
    let source = path.map(input::read).transpose()?;
    let library = library.open(path)?;
    let contract = match source {
        Some(source) => Contract::assemble(&Client::read(&source, &library)?, Form::Fields),
        None => Contract::general(&library, Form::Fields),
    };
    let texts = Typesetter::new(&library)?.texts(&contract)?;
    let json = contract.json_with_texts(|path| texts.get(path).map(ClauseText::attached));
    let text = AgreementText::read(json.as_bytes())
        .map_err(|problem| Diagnostic::bug(format!("the text as assembled: {problem}")))?;
    Ok(side(path.map(Path::to_owned), None, text))
}

/// What a PDF of ours carries, or a quote that one is embedded in.
fn of_pdf(path: &Path, warnings: &mut Problems) -> Result<Side, Problems> {
    let bytes = input::bytes(path)
        .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
    let name = path.slashed();
    let Some(inspection) = pdf::inspect(&bytes) else {
        let problem = format!("`{name}` is no PDF, needs a password, {NOT_READ}");
        return Err(Diagnostic::error(problem)
            .of_file(path)
            .hint("give a PDF that dpa-gen made, filled in or signed or not")
            .into());
    };
    let of = |inspection: &Inspection, name: Option<&str>| {
        let json = inspection.attachment(CONTRACT_JSON)?.to_vec();
        Some((json, name.map(str::to_owned), of_pages(inspection, path)))
    };
    let own = of(&inspection, None);
    let of_embedded = |(name, inner): (&str, Inspection)| of(&inner, Some(name));
    let Some((json, attachment, warning)) =
        own.or_else(|| inspection.embedded().find_map(of_embedded))
    else {
        return Err(Diagnostic::error(format!("`{name}` carries no `{CONTRACT_JSON}` of ours"))
            .hint("was it printed or scanned? give the PDF as it was made, or as it came back by e-mail")
            .into());
    };
    warnings.extend(warning);
    let text = AgreementText::read(&json)
        .map_err(|problem| Diagnostic::error(format!("`{name}` cannot be compared: {problem}")))?;
    Ok(side(Some(path.to_owned()), attachment, text))
}

/// What is to be known of a PDF whose pages may not say what the text in it says.
fn of_pages(inspection: &Inspection, path: &Path) -> Option<Diagnostic> {
    let changes = inspection.changes();
    if changes.is_some_and(|changes| changes.iter().all(Change::only_fills_in)) {
        return None;
    }
    let problem = format!(
        "the text in `{}` is compared, and its pages may say something else: not all of it is as dpa-gen wrote it",
        path.slashed()
    );
    let hint = "`dpa-gen receive --dry-run` compares the pages of a copy that came back";
    Some(Diagnostic::warning(problem).of_file(path).hint(hint))
}

/// A text as one of two to compare.
pub fn side(file: Option<PathBuf>, attachment: Option<String>, text: AgreementText) -> Side {
    Side {
        file,
        attachment,
        edition: text.edition.clone(),
        title: text.title.clone(),
        version: text.version.clone(),
        digest: text.digest.clone(),
        client: text.client.clone(),
        text,
    }
}
