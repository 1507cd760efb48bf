//! Signing: an incremental update with a signature in a field that is there, by the profile `PAdES` B-B.
//!
//! The file is written with a hole, what stands around it is signed, and the signed message fills the hole:
//! so the private key may as well be elsewhere, on a card or at a service.
//!
//! Source: ETSI EN 319 142-1, 6; ISO 32000-2, 12.8.

mod error;
mod hole;
mod identity;
mod key_store;
mod message;
mod request;
mod seal;

pub use error::SignError;
pub use identity::{Certificates, Identity};
pub use request::SigningRequest;

use crate::pdf::read::{Inspection, Integrity, Signed, inspect};
use hole::Hole;
use message::Unsigned;

/// How many bytes are kept for the signed message: enough for a time stamp beside the certificates.
const LEAST_HOLE: usize = 16 * 1024;

/// A document that is ready to be signed elsewhere: the hole holds everything but the signature value.
#[derive(Debug)]
pub struct Prepared {
    /// The file.
    pub bytes: Vec<u8>,
    /// The attributes to sign, in DER.
    pub attributes: Vec<u8>,
    /// The digest of the attributes: what a card or a service signs.
    pub digest: Vec<u8>,
    /// The hash function of that digest; Ed25519 signs the attributes themselves.
    pub hash: &'static str,
    /// The digest of the bytes around the hole: what is signed in a message made elsewhere.
    pub document_digest: Vec<u8>,
}

/// Signs a document.
///
/// # Errors
///
/// If the field cannot be signed, or the key does not fit the certificate.
pub fn sign(
    document: &Inspection,
    request: &SigningRequest<'_>,
    identity: &Identity,
) -> Result<Vec<u8>, SignError> {
    let (mut hole, unsigned) = dig(document, request, identity.certificates())?;
    let value = identity.sign(&unsigned.attributes)?;
    hole.fill(&unsigned.message(&value))?;
    checked(hole.bytes)
}

/// Prepares a document that is signed elsewhere.
///
/// # Errors
///
/// If the field cannot be signed.
pub fn prepare(
    document: &Inspection,
    request: &SigningRequest<'_>,
    certificates: &Certificates,
) -> Result<Prepared, SignError> {
    let (mut hole, unsigned) = dig(document, request, certificates)?;
    hole.fill(&unsigned.message(&[]))?;
    Ok(Prepared {
        digest: unsigned.digest(),
        hash: unsigned.hash(),
        document_digest: unsigned.document_digest,
        attributes: unsigned.attributes,
        bytes: hole.bytes,
    })
}

/// Fills the hole of a prepared document with a signed message in DER or BER.
///
/// # Errors
///
/// If there is no hole, or the message does not fit what is around it.
pub fn embed_message(prepared: &[u8], message: &[u8]) -> Result<Vec<u8>, SignError> {
    let mut hole = Hole::find(prepared).ok_or(SignError::NotPrepared)?;
    hole.fill(message)?;
    checked(hole.bytes)
}

/// Fills the hole of a prepared document with the signature value over its attributes.
///
/// # Errors
///
/// If there is no hole, or the value does not fit the attributes and the certificate.
pub fn embed_value(prepared: &[u8], value: &[u8]) -> Result<Vec<u8>, SignError> {
    let mut hole = Hole::find(prepared).ok_or(SignError::NotPrepared)?;
    let message = message::with_value(&hole.contents, value).ok_or(SignError::NotPrepared)?;
    hole.fill(&message)?;
    checked(hole.bytes)
}

/// Whether a document is prepared, and not signed yet.
#[must_use]
pub fn is_prepared(bytes: &[u8]) -> bool {
    Hole::find(bytes).is_some()
}

fn dig(
    document: &Inspection,
    request: &SigningRequest<'_>,
    certificates: &Certificates,
) -> Result<(Hole, Unsigned), SignError> {
    let room = LEAST_HOLE.max(certificates.length() + LEAST_HOLE / 2);
    let hole = Hole::dig(document.pdf(), request, room)?;
    let unsigned = Unsigned::over(&hole.signed(), certificates)?;
    Ok((hole, unsigned))
}

/// The document, if its last signature is intact as everybody reads it.
fn checked(bytes: Vec<u8>) -> Result<Vec<u8>, SignError> {
    let inspection = inspect(&bytes).ok_or(SignError::Unreadable)?;
    let length = bytes.len();
    let covers_all = |signed: &&Signed| signed.end == Some(length);
    let signed = inspection.signed().find(covers_all).ok_or(SignError::Unreadable)?;
    match &signed.integrity {
        Integrity::Intact => Ok(bytes),
        Integrity::Broken(why) | Integrity::Unchecked(why) => {
            Err(SignError::DoesNotFit(why.clone()))
        }
    }
}
