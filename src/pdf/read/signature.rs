//! Reading a signature: who signed as the certificate says, and whether the bytes that were signed are
//! still the same. Whether the certificate is to be trusted is for others to judge.
//!
//! Source: ISO 32000-1, 12.8; RFC 5652, 5.

use cms::cert::CertificateChoices;
use cms::cert::x509::Certificate;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, SliceReader};
use hayro_syntax::object::{Array, Dict, String as PdfString};
use serde::Serialize;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A signature.
#[derive(Debug, Serialize)]
pub struct Signature {
    /// The signer's name, as the certificate says; none if the signature cannot be read.
    pub signer: Option<String>,
    /// Whether the signed bytes are those that were signed.
    pub signed_bytes: SignedBytes,
    /// How many bytes the file has beyond what is signed.
    pub bytes_after: usize,
}

/// What became of the bytes that were signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedBytes {
    /// The same.
    Unchanged,
    /// Not the same.
    Changed,
    /// It cannot be told: the signature is of a kind that is not known here.
    Unknown,
}

const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Reads the signature dictionary of a file.
pub fn read(signature: &Dict<'_>, file: &[u8]) -> Signature {
    let ranges: Vec<usize> = signature
        .get::<Array<'_>>(b"ByteRange")
        .unwrap_or_default()
        .iter::<i32>()
        .filter_map(|number| usize::try_from(number).ok())
        .collect();
    let covered = covered(&ranges, file);
    let end = if let [_, _, from, length] = ranges[..] { from.saturating_add(length) } else { 0 };
    let contents = signature.get::<PdfString<'_>>(b"Contents");
    let message = contents.and_then(|contents| read_message(contents.as_bytes()));
    Signature {
        signer: message.as_ref().and_then(signer_name),
        signed_bytes: match (&message, covered) {
            (_, None) => SignedBytes::Changed,
            (Some(message), Some(covered)) => compare(message, &covered),
            (None, _) => SignedBytes::Unknown,
        },
        bytes_after: file.len().saturating_sub(end),
    }
}

/// The signed bytes: two ranges with nothing but the signature between them.
fn covered(ranges: &[usize], file: &[u8]) -> Option<Vec<u8>> {
    let &[0, first, second, length] = ranges else {
        return None;
    };
    let gap = file.get(first..second)?;
    if !(gap.starts_with(b"<") && gap.ends_with(b">")) {
        return None;
    }
    let last = file.get(second..second.checked_add(length)?)?;
    Some([&file[..first], last].concat())
}

/// The signed message; the space that was kept for it is filled up with zeros.
fn read_message(contents: &[u8]) -> Option<SignedData> {
    let mut reader = SliceReader::new(contents).ok()?;
    let message = ContentInfo::decode(&mut reader).ok()?;
    message.content.decode_as().ok()
}

fn signer(message: &SignedData) -> Option<&SignerInfo> {
    message.signer_infos.0.as_slice().first()
}

/// The common name of the certificate that the signer names.
fn signer_name(message: &SignedData) -> Option<String> {
    let SignerIdentifier::IssuerAndSerialNumber(id) = &signer(message)?.sid else {
        return None;
    };
    let certificates = message.certificates.as_ref()?.0.iter();
    let certificate = certificates
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .find(|certificate| {
            let certificate = &certificate.tbs_certificate;
            certificate.serial_number == id.serial_number && certificate.issuer == id.issuer
        })?;
    common_name(certificate)
}

fn common_name(certificate: &Certificate) -> Option<String> {
    let subject = &certificate.tbs_certificate.subject;
    let names = subject.0.iter().flat_map(|part| part.0.iter());
    let name = names.into_iter().find(|name| name.oid == COMMON_NAME)?;
    // All string types of a name hold their text as bytes that are UTF-8 or a part of it.
    Some(String::from_utf8_lossy(name.value.value()).into_owned())
}

fn compare(message: &SignedData, covered: &[u8]) -> SignedBytes {
    let Some((signed, algorithm)) = signed_digest(message) else {
        return SignedBytes::Unknown;
    };
    let actual = match algorithm {
        SHA_256 => Sha256::digest(covered).to_vec(),
        SHA_384 => Sha384::digest(covered).to_vec(),
        SHA_512 => Sha512::digest(covered).to_vec(),
        _ => return SignedBytes::Unknown,
    };
    if actual == signed { SignedBytes::Unchanged } else { SignedBytes::Changed }
}

/// The digest that was signed, and its algorithm.
fn signed_digest(message: &SignedData) -> Option<(Vec<u8>, ObjectIdentifier)> {
    let signer = signer(message)?;
    let attributes = signer.signed_attrs.as_ref()?;
    let attribute = attributes.iter().find(|attribute| attribute.oid == MESSAGE_DIGEST)?;
    let digest: OctetString = attribute.values.get(0)?.decode_as().ok()?;
    Some((digest.as_bytes().to_vec(), signer.digest_alg.oid))
}
