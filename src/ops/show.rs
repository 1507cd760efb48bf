//! What a PDF of ours is: the contract in it, what is filled in, what is signed, what changed since.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::in_lock::InLock;
use super::keywords::version_and_digest;
use crate::contract::project::CONTRACT_JSON;
use crate::diagnostic::{Diagnostic, Severity, Slashed};
use crate::input;
use crate::pdf::{
    self, Chain, Change, FieldState, Inspection, Integrity, Original, SignatureState, Trust,
};

/// All there is to show of a document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shown {
    /// The file.
    pub pdf: PathBuf,
    /// The embedded file that it is, in a quote.
    pub attachment: Option<String>,
    /// The edition, as the attached contract says.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// The version of its text.
    pub version: String,
    /// The digest of what determines its text.
    pub digest: String,
    /// The digest that the keywords of the document name, if that is another one.
    pub noted_digest: Option<String>,
    /// The client's name; none in the general edition.
    pub client: Option<String>,
    /// The names of the services.
    pub services: Vec<String>,
    /// Whether the form is there; none if the contract has none.
    pub form: Option<FormState>,
    /// The fields, signature fields among them.
    pub fields: Vec<FieldState>,
    /// The signature fields, signed or not.
    pub signatures: Vec<ShownSignature>,
    /// What became of the document as it was made.
    pub original: ShownOriginal,
}

/// Whether the form that the contract has is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormState {
    /// It is there.
    Whole,
    /// Another program took it out: what is printed in its place cannot be read back.
    Gone,
}

/// A signature field, signed or not.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ShownSignature {
    /// The field.
    pub field: String,
    /// Whether it is signed.
    pub signed: bool,
    /// Whom the certificate names; none if it is not signed, or cannot be read.
    pub signer: Option<String>,
    /// Whether the signature fits what was signed.
    pub integrity: ShownIntegrity,
    /// Why it is broken or unchecked.
    pub why: Option<String>,
    /// What was changed after it; none if that cannot be compared.
    pub changes_after: Option<Vec<Change>>,
    /// Whether that is permitted; none if it is not signed, or cannot be compared.
    pub permitted: Option<bool>,
    /// Whether the chain of the certificate leads to one that is trusted.
    pub chain: ShownChain,
    /// Why it does not, or is indeterminate.
    pub chain_why: Option<String>,
    /// What of the certificate is not checked, by name.
    pub not_checked: Vec<&'static str>,
}

/// What is said of the chain of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownChain {
    /// It leads to a certificate that the user trusts, and was valid on the day of signing.
    Trusted,
    /// It does not.
    NotTrusted,
    /// It says something that goes beyond what is checked here.
    Indeterminate,
    /// The user named no certificates to trust.
    NotChecked,
}

impl ShownChain {
    /// What is said of a chain, and why.
    pub(super) fn of(chain: Option<Chain>) -> (Self, Option<String>) {
        match chain {
            Some(Chain::Trusted) => (Self::Trusted, None),
            Some(Chain::NotTrusted(why)) => (Self::NotTrusted, Some(why)),
            Some(Chain::Indeterminate(why)) => (Self::Indeterminate, Some(why)),
            None => (Self::NotChecked, None),
        }
    }

    /// What is not checked of it, by name.
    pub(super) fn not_checked(self) -> Vec<&'static str> {
        const BEYOND: [&str; 3] = ["revocation", "policies", "extended key usage"];
        let chain = (self == Self::NotChecked).then_some("chain");
        chain.into_iter().chain(BEYOND).collect()
    }
}

/// Reads the certificates that the user trusts.
///
/// # Errors
///
/// If a file cannot be read, or holds none.
pub fn trust(paths: &[PathBuf]) -> Result<Trust, Diagnostic> {
    let mut trust = Trust::default();
    for path in paths {
        let bytes = input::bytes(path)
            .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
        if !trust.add(&bytes) {
            let none = format!("`{}` holds no certificate", path.slashed());
            return Err(Diagnostic::error(none).hint("give certificates in PEM"));
        }
    }
    Ok(trust)
}

/// What is reported of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownIntegrity {
    /// It fits what was signed and the signer's certificate.
    Intact,
    /// It does not.
    Broken,
    /// It was not or cannot be checked.
    Unchecked,
}

/// What became of the document as it was made.
#[derive(Debug, Serialize)]
pub struct ShownOriginal {
    /// Its bytes.
    #[serde(flatten)]
    pub bytes: Original,
    /// What was changed since, as a reader finds it; none if that cannot be compared.
    pub changes: Option<Vec<Change>>,
    /// What the lock of its folder knows of it; none if nothing.
    pub lock: Option<InLock>,
}

/// What the attached contract says of itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Attached {
    edition: String,
    title: String,
    pub(super) version: Version,
    pub(super) digest: String,
    client: Option<Named>,
    services: Vec<Named>,
    /// Whether it has a form.
    #[serde(default)]
    fields: bool,
    /// Whether it is a draft.
    #[serde(default)]
    pub(super) draft: bool,
    /// Its language, as an ISO 639-1 code.
    #[serde(default)]
    pub(super) language: String,
}

/// A document of ours.
pub(super) struct Ours {
    /// What it says of itself.
    pub(super) attached: Attached,
    /// The embedded file that it is, in a quote.
    pub(super) attachment: Option<String>,
    /// The document.
    pub(super) document: Inspection,
}

#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// Reads a PDF of ours, or one with a contract of ours embedded in it.
///
/// # Errors
///
/// If it cannot be read, is damaged, or was not made by dpa-gen.
pub fn show(path: &Path, trust: &Trust) -> Result<Shown, Diagnostic> {
    let Ours { attached, attachment, document: mut inspection } = read_ours(path)?;
    inspection.look_at_what_is_printed();
    let form = match (attached.fields, inspection.has_form()) {
        (false, _) => None,
        (true, true) => Some(FormState::Whole),
        (true, false) => Some(FormState::Gone),
    };
    let lock = InLock::of(path, &attached.digest, inspection.as_made());
    let noted_digest = inspection.keywords().and_then(|keywords| version_and_digest(&keywords));
    let noted_digest =
        noted_digest.map(|(_, noted)| noted).filter(|noted| *noted != attached.digest);
    Ok(Shown {
        pdf: path.to_owned(),
        attachment,
        edition: attached.edition,
        title: attached.title,
        version: attached.version.id,
        digest: attached.digest,
        noted_digest,
        client: attached.client.map(|client| client.name),
        services: attached.services.into_iter().map(|service| service.name).collect(),
        form,
        signatures: inspection
            .signatures()
            .into_iter()
            .map(|state| ShownSignature::of(state, trust))
            .collect(),
        original: ShownOriginal { bytes: inspection.original, changes: inspection.changes(), lock },
        fields: inspection.fields,
    })
}

/// Reads a PDF of ours, or one with a contract of ours embedded in it.
pub(super) fn read_ours(path: &Path) -> Result<Ours, Diagnostic> {
    let bytes = input::bytes(path)
        .map_err(|error| Diagnostic::io(Severity::Error, "read", path, &error))?;
    let name = path.slashed();
    if !bytes.windows(5).take(1024).any(|window| window == b"%PDF-") {
        return Err(Diagnostic::error(format!("`{name}` is not a PDF")).of_file(path));
    }
    let Some(inspection) = pdf::inspect(&bytes) else {
        return Err(Diagnostic::error(format!("`{name}` needs a password, {NOT_READ}"))
            .of_file(path)
            .hint("make it again from the client file, or ask for it again"));
    };
    let found = match contract(&inspection) {
        Some(attached) => Some((attached, None, inspection)),
        None => inspection
            .embedded()
            .find_map(|(name, inner)| Some((contract(&inner)?, Some(name.to_owned()), inner))),
    };
    let Some((attached, attachment, document)) = found else {
        return Err(Diagnostic::error(format!("`{name}` was not made by dpa-gen"))
            .of_file(path)
            .hint(format!("it carries no `{CONTRACT_JSON}` of ours")));
    };
    Ok(Ours { attached, attachment, document })
}

/// Why a PDF cannot be read, where that is not by its password.
pub(super) const NOT_READ: &str = "is damaged, or is not built as the PDF standard asks";

/// What a document of ours says of itself.
fn contract(inspection: &Inspection) -> Option<Attached> {
    serde_json::from_slice(inspection.attachment(CONTRACT_JSON)?).ok()
}

impl ShownSignature {
    fn of(state: SignatureState, trust: &Trust) -> Self {
        let (chain, chain_why) = ShownChain::of(state.chain(trust));
        let (integrity, why) = match state.integrity {
            Integrity::Intact => (ShownIntegrity::Intact, None),
            Integrity::Broken(why) => (ShownIntegrity::Broken, Some(why)),
            Integrity::Unchecked(why) => (ShownIntegrity::Unchecked, Some(why)),
        };
        Self {
            field: state.field,
            signed: state.is_signed,
            signer: state.signer,
            integrity,
            why,
            changes_after: state.changes_after,
            permitted: state.permitted,
            chain,
            chain_why,
            not_checked: if state.is_signed { chain.not_checked() } else { Vec::new() },
        }
    }
}
