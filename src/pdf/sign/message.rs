//! The signed message: what is signed beside the digest of the document, and the value over it.
//!
//! It is written value by value: the builder of the `cms` crate signs at once, with a key that is at hand.
//!
//! Source: RFC 5652, 5; RFC 5035, 3; ETSI EN 319 142-1, 6.3 (no signing time: the document has one).

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use super::SignError;
use super::identity::{Certificates, Scheme, algorithm};
use crate::pdf::read::signature::{ber, cms};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OCTETS: u8 = 0x04;
/// Context-specific, constructed, number 0.
const ZEROTH: u8 = 0xA0;

/// A message without its signature value.
pub struct Unsigned {
    /// The attributes to sign, as a set in DER.
    pub attributes: Vec<u8>,
    /// The digest of the document.
    pub document_digest: Vec<u8>,
    scheme: Scheme,
    certificates: Vec<Vec<u8>>,
}

impl Unsigned {
    /// A message over some bytes of a document.
    pub fn over(document: &[u8], certificates: &Certificates) -> Result<Self, SignError> {
        let scheme = Scheme::of(certificates.own())?;
        let document_digest = scheme.hash().digest(document);
        let own = Sha256::digest(certificates.own_bytes());
        let mut attributes = [
            attribute(cms::CONTENT_TYPE, &object(cms::DATA)),
            attribute(cms::MESSAGE_DIGEST, &value(OCTETS, &document_digest)),
            // SHA-256 is meant where no hash function is named.
            attribute(
                cms::SIGNING_CERTIFICATE_V2,
                &value(SEQUENCE, &value(SEQUENCE, &value(SEQUENCE, &value(OCTETS, &own)))),
            ),
        ];
        // The order of a set in DER.
        attributes.sort();
        let attributes = value(SET, &attributes.concat());
        let certificates = certificates.all().to_vec();
        Ok(Self { attributes, document_digest, scheme, certificates })
    }

    /// The digest that is signed.
    pub fn digest(&self) -> Vec<u8> {
        self.scheme.hash().digest(&self.attributes)
    }

    /// The name of its hash function.
    pub fn hash(&self) -> &'static str {
        self.scheme.hash().name()
    }

    /// The message with a signature value.
    pub fn message(&self, signature: &[u8]) -> Vec<u8> {
        let digest = algorithm(self.scheme.hash().oid(), None);
        let mut certificates = self.certificates.clone();
        certificates.sort();
        let mut signed_attributes = self.attributes.clone();
        signed_attributes[0] = ZEROTH;
        let signer = [
            version(),
            signer_identifier(&self.certificates[0]),
            digest.clone(),
            signed_attributes,
            self.scheme.algorithm(),
            value(OCTETS, signature),
        ];
        let data = [
            version(),
            value(SET, &digest),
            value(SEQUENCE, &object(cms::DATA)),
            value(ZEROTH, &certificates.concat()),
            value(SET, &value(SEQUENCE, &signer.concat())),
        ];
        let content = value(ZEROTH, &value(SEQUENCE, &data.concat()));
        value(SEQUENCE, &[object(cms::SIGNED_DATA), content].concat())
    }
}

/// A message without a value, with one; `None` if it is no such message.
pub fn with_value(message: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let der = ber::to_der(message)?;
    let read = cms::Message::read(&der)?;
    let attributes = read.attributes?.signed;
    let (own, bytes) = read.certificate?;
    let scheme = Scheme::of(&own).ok()?;
    // The signer's stands first here; its set has an order of its own.
    let mut certificates = vec![bytes.clone()];
    certificates.extend(read.certificates.into_iter().filter(|found| *found != bytes));
    let unsigned = Unsigned { attributes, document_digest: Vec::new(), scheme, certificates };
    Some(unsigned.message(&scheme.value(signature)))
}

/// The issuer and the serial number of a certificate, which was read before.
fn signer_identifier(certificate: &[u8]) -> Vec<u8> {
    let read = Certificate::from_der(certificate);
    let parts = read.and_then(|read| {
        let known = read.tbs_certificate();
        Ok([known.issuer().to_der()?, known.serial_number().to_der()?].concat())
    });
    value(SEQUENCE, &parts.unwrap_or_default())
}

/// An attribute with one value.
fn attribute(kind: ObjectIdentifier, content: &[u8]) -> Vec<u8> {
    value(SEQUENCE, &[object(kind), value(SET, content)].concat())
}

fn object(oid: ObjectIdentifier) -> Vec<u8> {
    value(0x06, oid.as_bytes())
}

fn version() -> Vec<u8> {
    value(0x02, &[1])
}

fn value(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    ber::write_length(&mut out, contents.len());
    out.extend_from_slice(contents);
    out
}
