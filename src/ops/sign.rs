//! Signing a contract as the processor: with a key at hand, or with one elsewhere, in two steps.

use std::path::{Path, PathBuf};

use base16ct::lower::encode_string;
use chrono::{DateTime, Local, NaiveDate};
use serde::Serialize;

use super::leaving::{Leaving, note_signed};
use super::show::{Attached, Ours, read_ours};
use crate::contract::project::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::input;
use crate::library::Language;
use crate::pdf::sign::{self, Certificates, Identity, SignError, SigningRequest};
use crate::pdf::{Change, Inspection, Integrity, Original, SignatureState};
use crate::store::{self, EntryKind, Existing};

/// The field that the processor signs.
pub const PROCESSOR_SIGNATURE: &str = "processor-signature";

/// What to sign.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// The contract.
    pub pdf: PathBuf,
    /// Where the signed file goes; none is in place of the contract.
    pub output: Option<PathBuf>,
    /// Whether the signature must certify the document; if not, it does so if it is the first.
    pub certify: bool,
    /// The name that is shown in the field; none is the certificate's.
    pub name: Option<String>,
    /// The time of signing.
    pub time: DateTime<Local>,
    /// The client file that it was made of, if that is known.
    pub client: Option<PathBuf>,
}

/// What fills a prepared document.
#[derive(Debug, Clone)]
pub enum Completion {
    /// A finished signed message (CMS).
    Message(Vec<u8>),
    /// The signature value over the signed attributes.
    Value(Vec<u8>),
}

/// A signed document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignedDocument {
    /// Where it is.
    pub pdf: PathBuf,
    /// The field that is signed.
    pub field: String,
    /// Whom the certificate names.
    pub signer: Option<String>,
    /// Whether the signature certifies the document.
    pub certifies: bool,
    /// The copy that was kept; none if it is not known here whose contract it is.
    pub kept: Option<PathBuf>,
}

/// A document that is ready to be signed elsewhere.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PreparedDocument {
    /// Where it is.
    pub pdf: PathBuf,
    /// The field that is to be signed.
    pub field: String,
    /// Whom the certificate names.
    pub signer: Option<String>,
    /// Whether the signature will certify the document.
    pub certifies: bool,
    /// The hash function of the digests.
    pub hash: &'static str,
    /// The signed attributes, in DER, as hexadecimal digits.
    pub signed_attributes: String,
    /// Their digest.
    pub digest: String,
    /// The digest of the document's bytes, for a message that is made elsewhere.
    pub document_digest: String,
}

/// Signs a contract with a key from a key store (PKCS #12).
///
/// # Errors
///
/// If the contract must not be signed, or cannot be; the contract stays as it is.
pub fn sign(
    request: &SignRequest,
    identity: &Identity,
    warnings: &mut Problems,
) -> Result<SignedDocument, Problems> {
    let contract = Contract::read(request, identity.certificates(), warnings)?;
    let bytes = sign::sign(&contract.document, &contract.request(request), identity)
        .map_err(|error| cannot_sign(&request.pdf, &error))?;
    contract.target.check()?;
    let on = request.time.date_naive();
    let kept = note((&request.pdf, request.client.as_deref()), &bytes, on, warnings)?;
    contract.target.write(&bytes)?;
    Ok(SignedDocument {
        pdf: contract.target.path,
        field: PROCESSOR_SIGNATURE.to_owned(),
        signer: identity.certificates().name(),
        certifies: contract.certifies,
        kept,
    })
}

/// Signs a contract that was just made of a client file; nothing else that is made is signed.
///
/// # Errors
///
/// As [`sign()`].
pub fn sign_made(
    pdf: &Path,
    client: &Path,
    identity: &Identity,
    time: DateTime<Local>,
    warnings: &mut Problems,
) -> Result<SignedDocument, Problems> {
    let request = SignRequest {
        pdf: pdf.to_owned(),
        output: None,
        certify: false,
        name: None,
        time,
        client: Some(client.to_owned()),
    };
    sign(&request, identity, warnings)
}

/// Writes a contract that is to be signed elsewhere.
///
/// # Errors
///
/// If the contract must not be signed, or cannot be.
pub fn prepare(
    request: &SignRequest,
    certificates: &Certificates,
    warnings: &mut Problems,
) -> Result<PreparedDocument, Diagnostic> {
    let contract = Contract::read(request, certificates, warnings)?;
    let prepared = sign::prepare(&contract.document, &contract.request(request), certificates)
        .map_err(|error| cannot_sign(&request.pdf, &error))?;
    contract.target.write(&prepared.bytes)?;
    Ok(PreparedDocument {
        pdf: contract.target.path,
        field: PROCESSOR_SIGNATURE.to_owned(),
        signer: certificates.name(),
        certifies: contract.certifies,
        hash: prepared.hash,
        signed_attributes: encode_string(&prepared.attributes),
        digest: encode_string(&prepared.digest),
        document_digest: encode_string(&prepared.document_digest),
    })
}

/// Completes a prepared document.
///
/// # Errors
///
/// If it is not prepared, or the signature does not fit; the document stays as it is.
pub fn complete(
    pdf: &Path,
    output: Option<&Path>,
    completion: &Completion,
    warnings: &mut Problems,
) -> Result<SignedDocument, Problems> {
    let bytes =
        input::bytes(pdf).map_err(|error| Diagnostic::io(Severity::Error, "read", pdf, &error))?;
    let completed = match completion {
        Completion::Message(message) => sign::embed_message(&bytes, message),
        Completion::Value(value) => sign::embed_value(&bytes, value),
    };
    let completed = completed.map_err(|error| cannot_sign(pdf, &error))?;
    let target = Target {
        path: output.unwrap_or(pdf).to_owned(),
        // What is replaced is the prepared file, which is the beginning and the frame of the signed one.
        existing: if output.is_none() { Existing::Replace } else { Existing::Keep },
    };
    target.check()?;
    let kept = note((pdf, None), &completed, Local::now().date_naive(), warnings)?;
    target.write(&completed)?;
    // What was filled in last is what nothing changed after.
    let states =
        crate::pdf::inspect(&completed).map(|found| found.signatures()).unwrap_or_default();
    let is_last = |state: &SignatureState| {
        state.is_signed && state.changes_after.as_ref().is_some_and(Vec::is_empty)
    };
    let last = states.into_iter().find(is_last);
    let (field, signer, certifies) =
        last.map(|last| (last.field, last.signer, last.certifies)).unwrap_or_default();
    Ok(SignedDocument { pdf: target.path, field, signer, certifies, kept })
}

/// Keeps what was signed, and notes it: before the file is written, so that nothing signed is unknown.
fn note(
    (path, client): (&Path, Option<&Path>),
    bytes: &[u8],
    on: NaiveDate,
    warnings: &mut Problems,
) -> Result<Option<PathBuf>, Problems> {
    let inspection = crate::pdf::inspect(bytes);
    let json = inspection.as_ref().and_then(|found| found.attachment(CONTRACT_JSON));
    let contract: Option<Attached> = json.and_then(|json| serde_json::from_slice(json).ok());
    let Some(contract) = contract else {
        return Ok(None);
    };
    let leaving = Leaving {
        kind: EntryKind::Signed,
        on,
        version: &contract.version.id,
        digest: &contract.digest,
        bytes,
        via: None,
    };
    match client {
        Some(client) => leaving.note_for(client).map(Some),
        None => note_signed(path, &leaving, warnings),
    }
}

/// A contract that may be signed.
struct Contract {
    document: Inspection,
    shown: Vec<String>,
    certifies: bool,
    target: Target,
}

/// Where a file goes.
struct Target {
    path: PathBuf,
    existing: Existing,
}

impl Target {
    /// Refuses a file that is there already: it is a contract, and is kept.
    fn check(&self) -> Result<(), Diagnostic> {
        if self.existing == Existing::Keep && self.path.symlink_metadata().is_ok() {
            let path = self.path.slashed();
            return Err(Diagnostic::failure(format!("`{path}` is there already"))
                .hint("give another name, or remove it yourself"));
        }
        Ok(())
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.check()?;
        store::write(&self.path, bytes, self.existing)
    }
}

impl Contract {
    fn read(
        request: &SignRequest,
        certificates: &Certificates,
        warnings: &mut Problems,
    ) -> Result<Self, Diagnostic> {
        let path = &request.pdf;
        certificates.check_at(request.time).map_err(|error| {
            Diagnostic::error(format!("the certificate cannot sign `{}`: {error}", path.slashed()))
        })?;
        let ours = read_ours(path)?;
        let certifies = check_signatures(request, &ours.document, warnings)?;
        check_document(path, &ours, warnings)?;
        let target = target(request, &ours)?;
        let language =
            Language::ALL.iter().find(|language| language.code == ours.attached.language);
        let day = request.time.date_naive();
        let day = language.map_or_else(|| day.to_string(), |language| language.date(day));
        let name = request.name.clone().or_else(|| certificates.name());
        let shown = name.into_iter().chain([day]).collect();
        Ok(Self { document: ours.document, shown, certifies, target })
    }

    fn request(&self, request: &SignRequest) -> SigningRequest<'_> {
        SigningRequest {
            field: PROCESSOR_SIGNATURE,
            shown: &self.shown,
            time: request.time,
            certifies: self.certifies,
        }
    }
}

/// Where the signed file goes. Only a contract as it was made is replaced: its bytes are the beginning of
/// the signed one.
fn target(request: &SignRequest, ours: &Ours) -> Result<Target, Diagnostic> {
    let output = request.output.as_ref().filter(|output| {
        !same_file::is_same_file(output, &request.pdf).unwrap_or(**output == request.pdf)
    });
    if let Some(output) = output {
        return Ok(Target { path: output.clone(), existing: Existing::Keep });
    }
    let name = request.pdf.slashed();
    if ours.document.original != Original::Untouched {
        return Err(Diagnostic::error(format!(
            "`{name}` holds more than dpa-gen made: it is never replaced"
        ))
        .hint("write the signed file elsewhere with `-o FILE`"));
    }
    Ok(Target { path: request.pdf.clone(), existing: Existing::Replace })
}

/// Checks the signatures that are there; whether the new one certifies the document.
fn check_signatures(
    request: &SignRequest,
    document: &Inspection,
    warnings: &mut Problems,
) -> Result<bool, Diagnostic> {
    let name = request.pdf.slashed();
    let signatures = document.signatures();
    let signed: Vec<_> = signatures.iter().filter(|signature| signature.is_signed).collect();
    for signature in &signed {
        let field = &signature.field;
        if field == PROCESSOR_SIGNATURE {
            let by = signature.signer.as_deref().unwrap_or("a signer that cannot be read");
            return Err(Diagnostic::error(format!("`{name}` is signed already, by {by}"))
                .hint("one signature of the processor is enough"));
        }
        let problem = match &signature.integrity {
            Integrity::Broken(why) => Some(format!("the signature in `{field}` is broken: {why}")),
            _ if signature.permitted == Some(false) => {
                Some(format!("it was changed after the signature in `{field}`, which forbids that"))
            }
            _ if signature.forbids_signing(PROCESSOR_SIGNATURE) => {
                Some(format!("the signature in `{field}` permits no other after it"))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(Diagnostic::error(format!("`{name}` cannot be signed: {problem}"))
                .hint("see it with `dpa-gen show`"));
        }
        if let Integrity::Unchecked(why) = &signature.integrity {
            warnings.push(Diagnostic::warning(format!(
                "the signature in `{field}` of `{name}` cannot be checked: {why}"
            )));
        }
    }
    if request.certify && !signed.is_empty() {
        return Err(Diagnostic::error(format!(
            "`{name}` cannot be certified: it holds a signature already"
        ))
        .hint("sign it without `--certify`"));
    }
    Ok(signed.is_empty())
}

/// Checks that what is signed is what was made.
fn check_document(path: &Path, ours: &Ours, warnings: &mut Problems) -> Result<(), Diagnostic> {
    let name = path.slashed();
    if ours.attached.draft {
        return Err(Diagnostic::error(format!("`{name}` is a draft, which is not for signing")));
    }
    match ours.document.changes() {
        None => warnings.push(Diagnostic::warning(format!(
            "`{name}` cannot be compared with the contract as it was made: another program rewrote it"
        ))),
        Some(changes) => {
            let is_kept = |change: &&Change| !change.keeps_the_document();
            if let Some(change) = changes.iter().find(is_kept) {
                let place = change.page.map(|page| format!("page {page}: ")).unwrap_or_default();
                return Err(Diagnostic::error(format!(
                    "`{name}` was changed since it was made: {place}{}",
                    change.what
                ))
                .hint("see it with `dpa-gen show`, and sign the contract as it was made"));
            }
        }
    }
    Ok(())
}

/// Why a document cannot be signed.
fn cannot_sign(path: &Path, error: &SignError) -> Diagnostic {
    let problem =
        Diagnostic::error(format!("`{}` cannot be signed: {error}", path.slashed())).of_file(path);
    match error {
        SignError::NoField(_) => {
            problem.hint("the contract was made without fields, or another program took them out")
        }
        SignError::NoLetter(_) => problem.hint("give another spelling with `--name NAME`"),
        SignError::NotPrepared => problem.hint(
            "prepare it with `dpa-gen sign FILE.pdf --certificate CERT.pem --prepare OUT.pdf`",
        ),
        _ => problem,
    }
}
