//! Signing a contract as the processor.

use std::path::Path;
use std::process::ExitCode;

use chrono::Local;

use super::args::SignArguments;
use super::key::{self, unusable};
use super::place;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed, signer};
use crate::input;
use crate::ops::{self, Completion, PreparedDocument, SignRequest, SignedDocument};
use crate::pdf::sign::Certificates;

impl Outcome for SignedDocument {
    fn result(&self) -> String {
        self.pdf.on_a_line()
    }

    fn talk(&self) -> Option<String> {
        let signer = signer(self.signer.as_deref());
        let certifies = if self.certifies {
            ", certified: only filling in and signing are permitted"
        } else {
            ""
        };
        Some(format!("signed in `{}` by {signer}{certifies}", self.field))
    }
}

impl Outcome for PreparedDocument {
    fn result(&self) -> String {
        format!(
            "{}\nsigned attributes  {}\n{:<19}{}",
            self.pdf.on_a_line(),
            self.signed_attributes,
            self.hash,
            self.digest
        )
    }

    fn talk(&self) -> Option<String> {
        let signer = signer(self.signer.as_deref());
        Some(format!("prepared for {signer} to sign in `{}`", self.field))
    }
}

/// Signs, prepares or completes a document.
pub fn run(arguments: &SignArguments) -> ExitCode {
    let style = arguments.print.style();
    if let Some(output) = &arguments.prepare {
        return report_one(style, |warnings| {
            let certificate = arguments.certificate.as_deref().unwrap_or(Path::new(""));
            let certificates = Certificates::read(&read(certificate)?)
                .map_err(|error| unusable(certificate, &error.to_string()))?;
            let output = Some(place::typed(output));
            let request = SignRequest { output, ..request(arguments) };
            Ok(ops::prepare(&request, &certificates, warnings)?)
        });
    }
    report_one(style, |warnings| sign(arguments, warnings))
}

fn sign(arguments: &SignArguments, warnings: &mut Problems) -> Result<SignedDocument, Problems> {
    let SignArguments { pdf, output, embed, embed_value, key, .. } = arguments;
    let completion = match (embed, embed_value) {
        (Some(message), _) => Some(Completion::Message(read(message)?)),
        (_, Some(value)) => Some(Completion::Value(read(value)?)),
        (None, None) => None,
    };
    if let Some(completion) = completion {
        let output = place::typed_some(output.as_ref());
        return ops::complete(&place::existing(pdf), output.as_deref(), &completion, warnings);
    }
    let identity = key::open(key.as_deref().unwrap_or(Path::new("")), &arguments.passphrase)?;
    ops::sign(&request(arguments), &identity, warnings)
}

fn request(arguments: &SignArguments) -> SignRequest {
    SignRequest {
        pdf: place::existing(&arguments.pdf),
        output: place::typed_some(arguments.output.as_ref()),
        certify: arguments.certify,
        name: arguments.name.clone(),
        time: Local::now(),
        client: None,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let path = place::existing(path);
    input::bytes(&path).map_err(|error| Diagnostic::io(Severity::Error, "read", &path, &error))
}
