//! What a PDF of ours is: the contract in it, what is filled in, what is signed, what changed since.

use std::fmt::{self, Display, Formatter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use super::args::ShowArguments;
use super::report::{Outcome, Report, Style};
use crate::contract::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, Severity};
use crate::input;
use crate::pdf::{self, FieldState, Inspection, Original, Signature, SignedBytes};

/// What the attached contract says of itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Attached {
    edition: String,
    title: String,
    version: Version,
    digest: String,
    client: Option<Named>,
    services: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Version {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// All there is to show of a document.
#[derive(Debug, Serialize)]
struct Shown {
    pdf: PathBuf,
    /// The embedded file that it is, in a quote.
    attachment: Option<String>,
    edition: String,
    title: String,
    version: String,
    digest: String,
    client: Option<String>,
    services: Vec<String>,
    fields: Vec<FieldState>,
    /// Whether the bytes that were made are still there.
    original: Original,
}

/// Shows a document.
pub fn run(arguments: &ShowArguments) -> ExitCode {
    let style = if arguments.json { Style::Json } else { Style::Human };
    let mut report = Report::new(style);
    match show(&arguments.pdf) {
        Ok(shown) => report.result(shown),
        Err(problem) => report.problem(problem),
    }
    report.finish()
}

fn show(path: &Path) -> Result<Shown, Diagnostic> {
    let bytes = input::bytes(path)
        .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
    let name = path.display();
    if !bytes.windows(5).take(1024).any(|window| window == b"%PDF-") {
        return Err(Diagnostic::error(format!("`{name}` is not a PDF")));
    }
    let Some(inspection) = pdf::inspect(&bytes) else {
        return Err(Diagnostic::error(format!("`{name}` is damaged, or needs a password"))
            .hint("make it again from the client file, or ask for it again"));
    };
    let found = match contract(&inspection) {
        Some(attached) => Some((attached, None, inspection)),
        None => inspection
            .embedded()
            .find_map(|(name, inner)| Some((contract(&inner)?, Some(name.to_owned()), inner))),
    };
    let Some((attached, attachment, Inspection { fields, original, .. })) = found else {
        return Err(Diagnostic::error(format!("`{name}` was not made by dpa-gen"))
            .hint(format!("it carries no `{CONTRACT_JSON}` of ours")));
    };
    Ok(Shown {
        pdf: path.to_owned(),
        attachment,
        edition: attached.edition,
        title: attached.title,
        version: attached.version.id,
        digest: attached.digest,
        client: attached.client.map(|client| client.name),
        services: attached.services.into_iter().map(|service| service.name).collect(),
        fields,
        original,
    })
}

/// What a document of ours says of itself.
fn contract(inspection: &Inspection) -> Option<Attached> {
    serde_json::from_slice(inspection.attachment(CONTRACT_JSON)?).ok()
}

impl Outcome for Shown {
    fn result(&self) -> String {
        self.to_string()
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let client = self.client.as_deref().unwrap_or("none: the general edition");
        writeln!(f, "document    {}, version {}", self.title, self.version)?;
        if let Some(attachment) = &self.attachment {
            writeln!(f, "embedded    {attachment}")?;
        }
        writeln!(f, "client      {client}")?;
        writeln!(f, "services    {}", self.services.join(", "))?;
        writeln!(f, "digest      {}", self.digest)?;
        let (signatures, fields): (Vec<_>, Vec<_>) =
            self.fields.iter().partition(|field| field.is_signature);
        let filled = fields.iter().filter(|field| field.value.is_some()).count();
        writeln!(f, "filled in   {filled} of {}", fields.len())?;
        for field in fields {
            let value =
                field.value.as_deref().map_or("–".to_owned(), |value| format!("\"{value}\""));
            writeln!(f, "  {:<20} {value}", field.id)?;
        }
        let signed = signatures.iter().filter(|field| field.signature.is_some()).count();
        writeln!(f, "signed      {signed} of {}", signatures.len())?;
        for field in signatures {
            let signature = field.signature.as_ref().map_or("–".to_owned(), describe);
            writeln!(f, "  {:<20} {signature}", field.id)?;
        }
        f.write_str("as made     ")?;
        match self.original {
            Original::Untouched => f.write_str("yes, byte for byte"),
            Original::Extended { bytes } => {
                write!(f, "yes, with {bytes} bytes added (filled in or signed)")
            }
            Original::Rewritten => {
                f.write_str("no: something in it changed, or another program wrote it anew")
            }
        }
    }
}

fn describe(signature: &Signature) -> String {
    let mut text = String::new();
    let signer = signature.signer.as_deref().unwrap_or("a signer that cannot be read");
    let _ = write!(text, "{signer} (trust not checked); ");
    text += match signature.signed_bytes {
        SignedBytes::Unchanged => "unchanged since",
        SignedBytes::Changed => "CHANGED AFTER SIGNING",
        SignedBytes::Unknown => "whether it changed since cannot be told",
    };
    if signature.bytes_after > 0 {
        let _ = write!(text, ", {} bytes added later", signature.bytes_after);
    }
    text
}
