//! One file to send: the quote with the contract in it, embedded or as further pages.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::args::AttachArguments;
use super::report::{Outcome, Style};
use super::single::{self, Single};
use crate::diagnostic::{Count, Diagnostic, Severity};
use crate::pdf::{Attachment, FileError, Host, Obstacle, Relation};
use crate::store::{self, Existing};

/// The quote with the contract in it.
#[derive(Debug, Serialize)]
struct QuoteWithContract {
    /// Where it is.
    pdf: PathBuf,
    /// The quote.
    quote: PathBuf,
    /// The client's name.
    client: String,
    /// The version of the contract's text.
    version: String,
    /// The digest of all that determines the contract.
    digest: String,
    /// The name of the embedded file; none if pages were added.
    attachment: Option<String>,
    /// How many pages it has.
    pages: usize,
    /// How many of them are the contract's.
    contract_pages: usize,
    /// Which library and layout were used.
    library: String,
}

impl Outcome for QuoteWithContract {
    fn result(&self) -> String {
        self.pdf.display().to_string()
    }

    fn talk(&self) -> Option<String> {
        let contract = Count(self.contract_pages, "page", "pages");
        let how = match &self.attachment {
            Some(name) => format!("`{name}` ({contract}) embedded in"),
            None => format!("{contract} added to"),
        };
        Some(format!(
            "{}: version {}, {how} `{}`; {}",
            self.client,
            self.version,
            self.quote.display(),
            self.library,
        ))
    }
}

/// Adds the contract to the quote, and tells it.
pub fn run(arguments: &AttachArguments) -> ExitCode {
    let style = Style::of(arguments.json, arguments.quiet);
    single::tell(style, |warnings| attach(arguments, warnings))
}

fn attach(
    arguments: &AttachArguments,
    warnings: &mut Vec<Diagnostic>,
) -> Result<QuoteWithContract, Vec<Diagnostic>> {
    let AttachArguments { quote, client, .. } = arguments;
    let one = |problem| vec![problem];
    let told = |obstacle: Obstacle| vec![tell(&obstacle, quote)];
    let host = Host::read(single::read_quote(quote).map_err(one)?).map_err(told)?;
    let made = Single::make(client, &arguments.library)?;
    let (attachment, bytes) = if arguments.append {
        (None, host.append(&made.pdf, &made.contract.title).map_err(told)?)
    } else {
        let attachment = attachment(&made);
        let bytes = host.embed(&attachment).map_err(told)?;
        (Some(attachment.name), bytes)
    };
    let usual = usual_name(quote, &made);
    let output = arguments.output.as_deref();
    let output = single::output(output, &usual, "pdf", &[quote, client]).map_err(one)?;
    warnings.extend(single::check_quote(&made.client, quote, Some(&host)));
    warnings.extend(warn(&host, quote, arguments.append));
    made.keep(&output, warnings, |folder| {
        let file = output.file_name().unwrap_or_default().to_string_lossy();
        let known = folder.lock.entries.get(&*file);
        store::put(&output, &bytes, known, Existing::forced(arguments.force)).map(|_| ())
    })?;
    Ok(QuoteWithContract {
        pdf: output,
        quote: quote.clone(),
        client: made.client.party.name.clone(),
        version: made.contract.version.id.clone(),
        digest: made.contract.digest.clone(),
        pages: host.pages() + if attachment.is_none() { made.pages } else { 0 },
        attachment,
        contract_pages: made.pages,
        library: made.served.library.describe(),
    })
}

/// The contract as a file to embed.
fn attachment(made: &Single) -> Attachment {
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
fn usual_name(quote: &Path, made: &Single) -> String {
    let stem = quote.file_stem().unwrap_or_default().to_string_lossy();
    let contents = &made.served.library.contents;
    let with = contents.language.with;
    format!("{stem}-{with}-{}-{}", contents.file_name, contents.version)
}

/// What the receiver may be told of an addition that is allowed.
fn warn(host: &Host, quote: &Path, append: bool) -> Vec<Diagnostic> {
    let quote = quote.display();
    let mut warnings = Vec::new();
    if host.is_signed() {
        warnings.push(
            Diagnostic::error(format!(
                "`{quote}` is signed: what was signed stays the same, and validators will tell that \
                 something was added after it"
            ))
            .hint("sign the result instead, or send the two apart with `dpa-gen mail`"),
        );
    }
    // PDF/A-3 is made for attachments of any kind; the others allow none, or only PDF/A.
    match host.archival_part() {
        Some(part) if append || part != '3' => {
            let what =
                if append { "the result may not be" } else { "with this attachment it is not" };
            warnings.push(
                Diagnostic::error(format!("`{quote}` says that it is PDF/A-{part}, and {what}"))
                    .hint("if it must be PDF/A, save the quote as PDF/A-3 and embed the contract"),
            );
        }
        _ => {}
    }
    for warning in &mut warnings {
        warning.severity = Severity::Warning;
    }
    warnings
}

/// What is in the way, and the way around it.
fn tell(obstacle: &Obstacle, quote: &Path) -> Diagnostic {
    const APART: &str = "send the two apart: `dpa-gen mail` attaches both to one e-mail";
    let quote = quote.display();
    let (message, hint) = match obstacle {
        Obstacle::File(FileError::NotPdf) => {
            (format!("`{quote}` is not a PDF"), "save the quote as a PDF first".to_owned())
        }
        Obstacle::File(FileError::Damaged) => {
            (format!("`{quote}` is damaged"), "make it again, or print it to a new PDF".to_owned())
        }
        Obstacle::File(FileError::PasswordProtected) => (
            format!("`{quote}` opens with a password only"),
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
    Diagnostic::error(message).hint(hint)
}
