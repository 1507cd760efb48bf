//! One file to send: the quote with the contract in it, embedded or as further pages.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::leaving::{note_sent, signed_copy};
use super::paths::{check_output, relative};
use super::send::{ContractToSend, check_quote, read_quote};
use super::settings::Settings;
use super::show::NOT_READ;
use super::sources::{LibraryChoice, LibraryOrigin, LoadedLibrary};
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::pdf::{Attachment, FileError, Host, Obstacle, Relation};
use crate::store::{self, Existing};

/// Which contract to add to which quote, and how.
#[derive(Debug, Clone)]
pub struct AttachRequest {
    /// The client file.
    pub client: PathBuf,
    /// The quote: a PDF of any program.
    pub quote: PathBuf,
    /// A file, or a folder; none is the current folder.
    pub output: Option<PathBuf>,
    /// Embedded or as pages.
    pub placement: Placement,
    /// What to do about a file that exists and differs.
    pub existing: Existing,
    /// The day that it is sent, if that is to be noted.
    pub sent: Option<NaiveDate>,
    /// Which library.
    pub library: LibraryChoice,
}

/// How a contract is added to a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// As an embedded file.
    Embedded,
    /// As pages after those of the quote.
    Appended,
}

/// The quote with the contract in it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct QuoteWithContract {
    /// Where it is.
    pub pdf: PathBuf,
    /// The quote.
    pub quote: PathBuf,
    /// The client's name.
    pub client: String,
    /// The client file.
    pub client_file: PathBuf,
    /// The version of the contract's text.
    pub version: String,
    /// The digest of all that determines the contract.
    pub digest: String,
    /// The name of the embedded file; none if pages were added.
    pub attachment: Option<String>,
    /// How many pages it has.
    pub pages: usize,
    /// How many of them are the contract's.
    pub contract_pages: usize,
    /// The copy that was kept; none if it was not noted that it is sent.
    pub kept: Option<PathBuf>,
    /// Which library and layout were used.
    pub library: LibraryOrigin,
}

/// Adds a client's contract to a quote.
///
/// # Errors
///
/// All problems of the input; what blocks the addition; or what cannot be written.
pub fn attach(
    request: &AttachRequest,
    warnings: &mut Problems,
) -> Result<QuoteWithContract, Problems> {
    let AttachRequest { quote, client, placement, .. } = request;
    let blocked = |obstacle: Obstacle| vec![describe(&obstacle, quote)];
    let host = Host::read(read_quote(quote)?).map_err(blocked)?;
    let settings = Settings::here()?;
    let loaded = LoadedLibrary::new(request.library.open(Some(client))?);
    let mut made = ContractToSend::make(client, &loaded, &settings)?;
    if let (Placement::Embedded, Some(signed)) =
        (placement, signed_copy(client, &made.contract.digest)?)
    {
        // What the processor signed is what the client gets; pages of a file have no signature.
        made.pdf = signed;
    }
    let (attachment, bytes) = match placement {
        Placement::Appended => {
            (None, host.append(&made.pdf, &made.contract.title).map_err(blocked)?)
        }
        Placement::Embedded => {
            let attachment = attachment(&made);
            let bytes = host.embed(&attachment).map_err(blocked)?;
            (Some(attachment.name), bytes)
        }
    };
    let name = usual_name(quote, &made);
    let output = settings.output_path(request.output.as_deref(), &name, "pdf");
    check_output(&output, &[quote, client])?;
    warnings.extend(check_quote(&made.client, quote, Some(&host)));
    warnings.extend(warn(&host, quote, *placement));
    made.keep((&settings, &output), warnings, |folder| {
        let known = folder.lock.entries.get(&relative(&output, &folder.path));
        store::put(&output, &bytes, known, request.existing).map(|_| ())
    })?;
    let sent = if attachment.is_some() { &made.pdf } else { &bytes };
    let via = format!("attach to {}", quote.slashed());
    let kept = request.sent.map(|on| note_sent(&made, client, (sent, via, on))).transpose()?;
    Ok(QuoteWithContract {
        pdf: output,
        kept,
        quote: quote.clone(),
        client: made.client.party.name.clone(),
        client_file: client.clone(),
        version: made.contract.version.id.clone(),
        digest: made.contract.digest.clone(),
        pages: host.pages() + if attachment.is_none() { made.pages } else { 0 },
        attachment,
        contract_pages: made.pages,
        library: LibraryOrigin::of(&made.loaded.library),
    })
}

/// The contract as a file to embed.
fn attachment(made: &ContractToSend<'_>) -> Attachment {
    let contract = &made.contract;
    Attachment {
        relation: Relation::Supplement,
        name: format!("{}.pdf", made.name),
        description: format!(
            "{} – {}, {}",
            contract.title, made.client.party.name, contract.version.id
        ),
        media_type: "application/pdf".to_owned(),
        date: contract.version.day,
        bytes: made.pdf.clone(),
    }
}

/// The usual name of the result, without `.pdf`: `<quote>-met-<the library's name for the contract>-<version>`.
fn usual_name(quote: &Path, made: &ContractToSend<'_>) -> String {
    let stem = quote.file_stem().unwrap_or_default().to_string_lossy();
    let contents = &made.loaded.library.contents;
    let with = contents.language.with;
    format!("{stem}-{with}-{}-{}", contents.file_name, contents.version)
}

/// Warnings about an addition that is allowed.
fn warn(host: &Host, quote: &Path, placement: Placement) -> Problems {
    let quote = quote.slashed();
    let is_appended = placement == Placement::Appended;
    let mut warnings = Problems::new();
    if host.is_signed() {
        warnings.push(
            Diagnostic::warning(format!(
                "`{quote}` is signed: what was signed stays the same, but validators will report that \
                 something was added after it"
            ))
            .hint("sign the result instead, or send the two apart with `dpa-gen mail`"),
        );
    }
    // PDF/A-3 is made for attachments of any kind; the others allow none, or only PDF/A.
    match host.archival_part() {
        Some(part) if is_appended || part != '3' => {
            let what = if is_appended {
                "the result may not be"
            } else {
                "with this attachment it is not"
            };
            warnings.push(
                Diagnostic::warning(format!("`{quote}` says that it is PDF/A-{part}, and {what}"))
                    .hint("if it must be PDF/A, save the quote as PDF/A-3 and embed the contract"),
            );
        }
        _ => {}
    }
    warnings
}

/// What is in the way, and the way around it.
fn describe(obstacle: &Obstacle, path: &Path) -> Diagnostic {
    const APART: &str = "send the two apart: `dpa-gen mail` attaches both to one e-mail";
    let quote = path.slashed();
    let (message, hint) = match obstacle {
        Obstacle::File(FileError::NotPdf) => {
            (format!("`{quote}` is not a PDF"), "save the quote as a PDF first".to_owned())
        }
        Obstacle::File(FileError::Damaged) => {
            (format!("`{quote}` {NOT_READ}"), "make it again, or print it to a new PDF".to_owned())
        }
        Obstacle::File(FileError::PasswordProtected) => (
            format!("`{quote}` is password-protected"),
            format!("save the quote without a password, or {APART}"),
        ),
        Obstacle::File(FileError::UnknownEncryption) => (
            format!("`{quote}` is encrypted in a way that is not known here"),
            format!("save the quote without encryption, or {APART}"),
        ),
        Obstacle::Restricted => (
            format!("the owner of `{quote}` does not allow that it is changed"),
            format!("save the quote without this restriction, or {APART}"),
        ),
        Obstacle::Certified => (
            format!("a signature of `{quote}` forbids that anything is added"),
            format!("certify after the contract was added, or {APART}"),
        ),
        Obstacle::UsageRights => (
            format!("`{quote}` has Adobe usage rights, which any addition breaks"),
            format!("save a copy of the quote without them, or {APART}"),
        ),
        Obstacle::Signed => (
            format!("`{quote}` is signed, and pages after a signature break it"),
            format!("leave --append out: the contract is then embedded; or {APART}"),
        ),
        Obstacle::DynamicForm => (
            format!("`{quote}` has a form of a kind (XFA) that pages cannot be added to"),
            "leave --append out: the contract is then embedded".to_owned(),
        ),
        Obstacle::FieldThere(name) => (
            format!("`{quote}` has a form field `{name}`, as the contract has"),
            "leave --append out: the contract is then embedded".to_owned(),
        ),
        Obstacle::AttachmentThere(name) => (
            format!("`{quote}` has an attachment `{name}` already"),
            "take the quote as it was before a contract was added".to_owned(),
        ),
    };
    Diagnostic::error(message).of_file(path).hint(hint)
}
