//! A draft of the e-mail that quote and contract are sent with. Nothing is sent.
//!
//! Source: RFC 5322, RFC 2045 to 2047, RFC 2231; `X-Unsent` is what mail programs know a draft by.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use serde::Serialize;

use super::args::MailArguments;
use super::report::{Outcome, Style};
use super::single::{self, Single};
use crate::diagnostic::Diagnostic;
use crate::library::{Filling, Fillings, MailText};
use crate::pdf::{FileError, Host, Obstacle};
use crate::store::{self, Existing};

/// A draft that was written.
#[derive(Debug, Serialize)]
struct Drafted {
    /// Where it is.
    eml: PathBuf,
    /// The client's name.
    client: String,
    /// Whom it is to.
    to: String,
    /// What it is about.
    subject: String,
    /// The names of the files that are attached.
    attachments: Vec<String>,
    /// The version of the contract's text.
    version: String,
    /// The digest of all that determines the contract.
    digest: String,
    /// Which library and layout were used.
    library: String,
}

impl Outcome for Drafted {
    fn result(&self) -> String {
        self.eml.display().to_string()
    }

    fn talk(&self) -> Option<String> {
        let attachments: Vec<String> =
            self.attachments.iter().map(|name| format!("`{name}`")).collect();
        Some(format!(
            "{}: version {}, a draft to {} with {}; {}",
            self.client,
            self.version,
            self.to,
            attachments.join(" and "),
            self.library,
        ))
    }
}

/// Writes the draft, and tells it.
pub fn run(arguments: &MailArguments) -> ExitCode {
    let style = Style::of(arguments.json, arguments.quiet);
    single::tell(style, |warnings| draft(arguments, warnings))
}

fn draft(
    arguments: &MailArguments,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Drafted, Vec<Diagnostic>> {
    let MailArguments { client, quote, .. } = arguments;
    let one = |problem| vec![problem];
    let made = Single::make(client, &arguments.library)?;
    let mut attachments = Vec::new();
    if let Some(path) = quote {
        let bytes = single::read_quote(path).map_err(one)?;
        let read = Host::read(bytes.clone());
        if matches!(read, Err(Obstacle::File(FileError::NotPdf))) {
            let problem = Diagnostic::error(format!("`{}` is not a PDF", path.display()));
            return Err(vec![problem.hint("save the quote as a PDF first")]);
        }
        warnings.extend(single::check_quote(&made.client, path, read.ok().as_ref()));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        attachments.push((name, bytes));
    }
    attachments.push((format!("{}.pdf", made.name), made.pdf.clone()));
    let names: Vec<String> = attachments.iter().map(|(name, _)| name.clone()).collect();

    let to = to(arguments, &made).map_err(one)?;
    let text = MailText::read(&made.served.library.clause_files).map_err(one)?;
    let (subject, body) = text.fill(&fillings(&made, quote.as_deref(), &names))?;
    let eml = compose(&made, to.clone(), &subject, &body, attachments);

    let inputs: Vec<&Path> =
        [Some(client.as_path()), quote.as_deref()].into_iter().flatten().collect();
    let output =
        single::output(arguments.output.as_deref(), &made.name, "eml", &inputs).map_err(one)?;
    made.keep(&output, warnings, |_| {
        store::write(&output, &eml, Existing::forced(arguments.force))
    })?;
    Ok(Drafted {
        eml: output,
        client: made.client.party.name.clone(),
        to: to.email.into_owned(),
        subject,
        attachments: names,
        version: made.contract.version.id.clone(),
        digest: made.contract.digest.clone(),
        library: made.served.library.describe(),
    })
}

/// An address with the name of who has it, if that is known.
#[derive(Debug, Clone)]
struct Mailbox<'a> {
    name: Option<Cow<'a, str>>,
    email: Cow<'a, str>,
}

impl<'a> From<Mailbox<'a>> for HeaderType<'a> {
    fn from(mailbox: Mailbox<'a>) -> Self {
        Address::new_address(mailbox.name, mailbox.email).into()
    }
}

fn to<'a>(arguments: &'a MailArguments, made: &'a Single) -> Result<Mailbox<'a>, Diagnostic> {
    let party = &made.client.party;
    if let Some(email) = &arguments.to {
        return Ok(Mailbox { name: None, email: email.into() });
    }
    let Some(email) = &party.email else {
        let client = &made.client.source.name;
        return Err(Diagnostic::error(format!("`{client}` has no address to send the e-mail to"))
            .hint("add `email = \"…\"` to `[client]`, or give an address with --to"));
    };
    Ok(Mailbox { name: Some(party.name.as_str().into()), email: email.into() })
}

/// What the places of the text are filled with.
fn fillings(made: &Single, quote: Option<&Path>, attachments: &[String]) -> Fillings {
    let (contract, client) = (&made.contract, &made.client);
    let line = |text: &str| Filling::Line(text.to_owned());
    let party = &client.party;
    let reader = party.signatory.as_ref().map_or(&party.name, |person| &person.name);
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
fn compose(
    made: &Single,
    to: Mailbox<'_>,
    subject: &str,
    body: &str,
    attachments: Vec<(String, Vec<u8>)>,
) -> Vec<u8> {
    let processor = &made.contract.processor;
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
