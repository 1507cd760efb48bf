//! Signing a contract as the processor.

use std::fs;
use std::io::{IsTerminal, Read as _, stdin};
use std::path::Path;
use std::process::ExitCode;

use chrono::Local;
use inquire::{Password, PasswordDisplayMode};
use zeroize::Zeroizing;

use super::args::SignArguments;
use super::place;
use super::report::{Outcome, report_one};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::ops::{self, Completion, PreparedDocument, SignRequest, SignedDocument};
use crate::pdf::sign::{Certificates, Identity};

impl Outcome for SignedDocument {
    fn result(&self) -> String {
        self.pdf.slashed()
    }

    fn talk(&self) -> Option<String> {
        let signer = self.signer.as_deref().unwrap_or("a signer without a name");
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
            self.pdf.slashed(),
            self.signed_attributes,
            self.hash,
            self.digest
        )
    }

    fn talk(&self) -> Option<String> {
        let signer = self.signer.as_deref().unwrap_or("a signer without a name");
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
        return ops::complete(&place::typed(pdf), output.as_deref(), &completion, warnings);
    }
    let key = key.as_deref().unwrap_or(Path::new(""));
    forbid_core_dumps();
    let store = Zeroizing::new(read(key)?);
    let passphrase = passphrase(arguments, key)?;
    let identity =
        Identity::open(&store, &passphrase).map_err(|error| unusable(key, &error.to_string()))?;
    ops::sign(&request(arguments), &identity, warnings)
}

fn request(arguments: &SignArguments) -> SignRequest {
    SignRequest {
        pdf: place::typed(&arguments.pdf),
        output: place::typed_some(arguments.output.as_ref()),
        certify: arguments.certify,
        name: arguments.name.clone(),
        time: Local::now(),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let path = place::typed(path);
    input::bytes(&path).map_err(|error| Diagnostic::io(Severity::Error, "read", &path, &error))
}

fn unusable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(format!("cannot sign with `{}`: {why}", path.slashed()))
}

/// The pass phrase: from where the arguments say, else from the terminal, where it is not shown.
fn passphrase(arguments: &SignArguments, key: &Path) -> Result<Zeroizing<String>, Diagnostic> {
    if let Some(name) = &arguments.passphrase_env {
        return std::env::var(name).map(Zeroizing::new).map_err(|_| {
            Diagnostic::error(format!(
                "there is no pass phrase in the environment variable `{name}`"
            ))
        });
    }
    if let Some(number) = arguments.passphrase_fd {
        let mut text = Zeroizing::new(String::new());
        let file = fs::File::open(format!("/dev/fd/{number}"));
        file.and_then(|mut file| file.read_to_string(&mut text)).map_err(|error| {
            Diagnostic::error(format!(
                "cannot read the pass phrase from file descriptor {number}: {error}"
            ))
        })?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        return Ok(Zeroizing::new(line.strip_suffix('\r').unwrap_or(line).to_owned()));
    }
    if !stdin().is_terminal() {
        return Err(Diagnostic::error("there is no terminal to ask for the pass phrase on")
            .hint("name where it is with `--passphrase-env NAME` or `--passphrase-fd N`"));
    }
    Password::new(&format!("Pass phrase of {}:", key.slashed()))
        .without_confirmation()
        .with_display_mode(PasswordDisplayMode::Hidden)
        .prompt()
        .map(Zeroizing::new)
        .map_err(|_| Diagnostic::failure("stopped before the pass phrase was given"))
}

/// While a key is in memory, a crash writes no memory to the disk.
fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it cannot be forbidden, signing goes on as everything does there.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
