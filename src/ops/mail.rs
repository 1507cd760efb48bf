//! A draft of the e-mail that quote and contract are sent with. Nothing is sent.
//!
//! Source: RFC 5322, RFC 2045 to 2047, RFC 2231; `X-Unsent` is what mail programs know a draft by.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use indexmap::IndexMap;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use serde::Serialize;

use super::leaving::{note_sent, signed_copy};
use super::paths::check_output;
use super::send::{ContractToSend, check_quote, read_quote};
use super::settings::Settings;
use super::sources::{LibraryChoice, LibraryOrigin, LoadedLibrary};
use crate::client::Client;
use crate::diagnostic::{Diagnostic, Problems, Slashed};
use crate::library::{Filling, Fillings, Found, Library, MailText};
use crate::party::Party;
use crate::pdf::{FileError, Host, Obstacle};
use crate::store::{self, Existing};

/// Which contracts to send, and to whom.
#[derive(Debug, Clone)]
pub struct MailRequest {
    /// The client files.
    pub clients: Vec<PathBuf>,
    /// The quote to send with it: a PDF of any program.
    pub quote: Option<PathBuf>,
    /// The address to send it to; none is that of the client file.
    pub to: Option<String>,
    /// A file, or a folder; none is the current folder.
    pub output: Option<PathBuf>,
    /// What to do about a draft that exists and differs.
    pub existing: Existing,
    /// The day that it is sent, if that is to be noted.
    pub sent: Option<NaiveDate>,
    /// Which library.
    pub library: LibraryChoice,
}

/// A draft that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Drafted {
    /// Where it is.
    pub eml: PathBuf,
    /// The client's name.
    pub client: String,
    /// The client file.
    pub client_file: PathBuf,
    /// The quote that goes with it.
    pub quote: Option<PathBuf>,
    /// The address it is to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// The names of the files that are attached.
    pub attachments: Vec<String>,
    /// The version of the contract's text.
    pub version: String,
    /// The digest of all that determines the contract.
    pub digest: String,
    /// The copy that was kept; none if it was not noted that it is sent.
    pub kept: Option<PathBuf>,
    /// Which library and layout were used.
    pub library: LibraryOrigin,
}

/// Writes a draft of the e-mail to each client, and reports each as it is written, and each problem. A client file with
/// problems does not stop the others; each library is opened once.
pub fn mail(request: &MailRequest, report: &mut dyn FnMut(Result<Drafted, Problems>)) {
    let settings = match Settings::here() {
        Ok(settings) => settings,
        Err(problems) => return report(Err(problems)),
    };
    let mut libraries: IndexMap<Found, Option<LoadedLibrary>> = IndexMap::new();
    for client in &request.clients {
        let found = match request.library.find(Some(client)) {
            Ok(found) => found,
            Err(problem) => {
                report(Err(problem.into()));
                continue;
            }
        };
        let loaded = libraries.entry(found).or_insert_with_key(|found| {
            let opened = Library::open(found).map(LoadedLibrary::new);
            opened.map_err(|problems| report(Err(problems))).ok()
        });
        // The problems of a library are reported once.
        let Some(loaded) = loaded else { continue };
        let mut warnings = Problems::new();
        let drafted = draft(request, client, (&settings, loaded), &mut warnings);
        report(Err(warnings));
        report(drafted);
    }
}

fn draft(
    request: &MailRequest,
    client: &Path,
    (settings, loaded): (&Settings, &LoadedLibrary),
    warnings: &mut Problems,
) -> Result<Drafted, Problems> {
    let quote = &request.quote;
    let made = ContractToSend::make(client, loaded, settings)?;
    let mut attachments = Vec::new();
    if let Some(path) = quote {
        let bytes = read_quote(path)?;
        let read = Host::read(bytes.clone());
        if matches!(read, Err(Obstacle::File(FileError::NotPdf))) {
            let problem = Diagnostic::error(format!("`{}` is not a PDF", path.slashed()));
            return Err(problem.of_file(path).hint("save the quote as a PDF first").into());
        }
        warnings.extend(check_quote(&made.client, path, read.ok().as_ref()));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        attachments.push((name, bytes));
    }
    // What the processor signed is what the client gets.
    let contract = signed_copy(client, &made.contract.digest)?.unwrap_or_else(|| made.pdf.clone());
    attachments.push((format!("{}.pdf", made.name), contract.clone()));
    let names: Vec<String> = attachments.iter().map(|(name, _)| name.clone()).collect();

    let to = match &request.to {
        Some(email) => Mailbox { name: None, email: email.into() },
        None => mailbox(&made.client)?,
    };
    let text = MailText::read(&made.loaded.library.clause_files)?;
    let (subject, body) = text.fill(&fillings(&made, quote.as_deref(), &names))?;
    let eml = compose(&made.contract.processor, to.clone(), &subject, &body, attachments);

    let inputs: Vec<&Path> = [Some(client), quote.as_deref()].into_iter().flatten().collect();
    let output = settings.output_path(request.output.as_deref(), &made.name, "eml");
    check_output(&output, &inputs)?;
    made.keep((settings, &output), warnings, |_| store::write(&output, &eml, request.existing))?;
    let kept = match request.sent {
        Some(on) => {
            let via = format!("mail to {}", to.email);
            Some(note_sent(&made, client, (&contract, via, on))?)
        }
        None => None,
    };
    Ok(Drafted {
        eml: output,
        kept,
        client: made.client.party.name.clone(),
        client_file: client.to_owned(),
        quote: quote.clone(),
        to: to.email.into_owned(),
        subject,
        attachments: names,
        version: made.contract.version.id.clone(),
        digest: made.contract.digest.clone(),
        library: LibraryOrigin::of(&made.loaded.library),
    })
}

/// An address with the name of who has it, if that is known.
#[derive(Debug, Clone)]
pub(super) struct Mailbox<'a> {
    /// The name.
    pub name: Option<Cow<'a, str>>,
    /// The address.
    pub email: Cow<'a, str>,
}

impl<'a> From<Mailbox<'a>> for HeaderType<'a> {
    fn from(mailbox: Mailbox<'a>) -> Self {
        Address::new_address(mailbox.name, mailbox.email).into()
    }
}

/// The address of a client.
pub(super) fn mailbox<'a>(client: &'a Client<'_>) -> Result<Mailbox<'a>, Diagnostic> {
    let party = &client.party;
    let Some(email) = &party.email else {
        let client = &client.source.name;
        return Err(Diagnostic::error(format!("`{client}` has no address to send the e-mail to"))
            .hint("add `email = \"…\"` to `[client]`, or give an address with --to"));
    };
    Ok(Mailbox { name: Some(party.name.as_str().into()), email: email.into() })
}

/// What the places of the text are filled with.
fn fillings(made: &ContractToSend<'_>, quote: Option<&Path>, attachments: &[String]) -> Fillings {
    let (contract, client) = (&made.contract, &made.client);
    let line = |text: &str| Filling::Line(text.to_owned());
    let party = &client.party;
    let reader = party.signatory_name().unwrap_or(&party.name);
    let stem = quote.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    let lines: Vec<String> = attachments.iter().map(|name| format!("- {name}")).collect();
    Fillings::from([
        ("client", line(&party.name)),
        ("contact", line(reader)),
        ("title", line(&contract.title)),
        ("version", line(&contract.version.id)),
        ("date", line(&contract.version.text)),
        (
            "quote",
            client.agreement.quote.clone().or(stem).map_or(
                Filling::Unknown(
                    "give the quote with --quote, or name it in `[agreement]` as `quote`",
                ),
                Filling::Line,
            ),
        ),
        ("attachments", Filling::Lines(lines.join("\n"))),
        ("processor", line(&contract.processor.name)),
        ("processor-email", line(contract.processor.email.as_deref().unwrap_or_default())),
    ])
}

/// The draft. No clock and nothing random goes into it: it has no date and no id before it is sent, and what
/// divides its parts is a digest of them.
pub(super) fn compose(
    processor: &Party,
    to: Mailbox<'_>,
    subject: &str,
    body: &str,
    attachments: Vec<(String, Vec<u8>)>,
) -> Vec<u8> {
    let from = Mailbox {
        name: Some(processor.name.as_str().into()),
        email: processor.email.as_deref().unwrap_or_default().into(),
    };
    let digests = attachments.iter().map(|(name, bytes)| name.clone() + &store::sha256(bytes));
    let digest = store::sha256((digests.collect::<String>() + subject + body).as_bytes());
    let boundary = format!("dpa-gen-{}", &digest[..32]);
    let mut parts = vec![MimePart::new("text/plain", body)];
    parts.extend(attachments.into_iter().map(|(name, bytes)| {
        let kind = ContentType::new("application/pdf").attribute("name", name.clone());
        MimePart::new(kind, bytes).attachment(name)
    }));
    let kind = ContentType::new("multipart/mixed").attribute("boundary", boundary);
    let headers: [(&str, HeaderType<'_>); 6] = [
        ("From", from.into()),
        ("To", to.into()),
        ("Subject", Text::new(subject).into()),
        ("X-Unsent", Raw::new("1").into()),
        ("MIME-Version", Raw::new("1.0").into()),
        ("Content-Type", kind.into()),
    ];
    let headers = headers.into_iter().map(|(name, value)| (name.into(), value)).collect();
    let mut eml = Vec::new();
    MimePart { headers, contents: BodyPart::Multipart(parts) }.write_part(&mut eml);
    eml
}
