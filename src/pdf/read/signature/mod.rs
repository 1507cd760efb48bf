//! Reading a signature: who signed as the certificate says, and whether the signature value fits what was
//! signed. Whether the certificate is to be trusted is for others to judge.
//!
//! Source: ISO 32000-2, 12.8; RFC 5652, 5; ETSI EN 319 142-1.

pub mod ber;
pub mod cms;
mod permissions;
mod subject;
mod trust;
pub mod verify;

use std::ops::Range;

use chrono::NaiveDate;
use der::asn1::ObjectIdentifier;
use hayro_syntax::object::{Array, Dict, Name, String as PdfString};
use serde::Serialize;
use x509_cert::Certificate;

pub use permissions::Permissions;
pub use subject::{PLATFORMS, Subject, SubjectKind, name};
pub use trust::{Chain, Trust};

use crate::pdf::file::text_string;
use cms::Message;
use verify::{Hash, Why};

/// What was found of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// The signature value fits the bytes that were signed, and the key of the signer's certificate.
    Intact,
    /// It does not; says how.
    Broken(String),
    /// It cannot be checked; says why.
    Unchecked(String),
}

/// A signature as it was read.
#[derive(Debug)]
pub struct Signed {
    /// The signer's name, as the certificate says; none if the signature cannot be read.
    pub signer: Option<String>,
    /// Whom the certificate is of.
    pub subject: Option<Subject>,
    /// The signer's certificate, in DER.
    pub certificate: Option<Vec<u8>>,
    /// All certificates in the message, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// The day of signing, as the signer's clock had it.
    pub day: Option<NaiveDate>,
    /// Whether it fits.
    pub integrity: Integrity,
    /// Where the bytes that are signed end, in the file; none if that cannot be seen.
    pub end: Option<usize>,
    /// What it permits to be changed later.
    pub permissions: Permissions,
    /// The signed message as it stands, with what is left of the space for it.
    pub contents: Vec<u8>,
    /// Where its hexadecimal digits stand in the file.
    pub digits: Option<Range<usize>>,
    /// Whether it has no signature value yet.
    pub is_empty: bool,
}

/// The signature as `show --json` has it beside a field.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
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
    /// The same: the signature value was verified.
    Unchanged,
    /// Not the same, or the signature value does not fit.
    Changed,
    /// It cannot be checked.
    Unknown,
}

impl Signed {
    /// Reads the signature dictionary of a file.
    pub fn read(signature: &Dict<'_>, file: &[u8]) -> Self {
        let permissions = Permissions::of(signature);
        let contents = signature.get::<PdfString<'_>>(b"Contents");
        let contents = contents.as_ref().map(PdfString::as_bytes).unwrap_or_default();
        let der = ber::to_der(contents);
        let message = der.as_deref().and_then(Message::read);
        let own = message.as_ref().and_then(|message| message.certificate.as_ref());
        let subject = own.map(|(certificate, _)| Subject::of(certificate));
        let certificate = own.map(|(_, der)| der.clone());
        let signer = own.and_then(|(certificate, _)| name(certificate));
        let certificates = message.as_ref().map(|message| message.certificates.clone());
        let is_empty = message.as_ref().is_some_and(|message| message.value.is_empty());
        let (integrity, covered) = match Covered::of(signature, contents, file) {
            Err(wrong) => (Integrity::Broken(wrong.to_owned()), None),
            Ok(covered) => {
                let integrity = message.as_ref().map_or_else(
                    || unchecked("it cannot be read"),
                    |message| check(signature, message, &covered.bytes),
                );
                (integrity, Some(covered))
            }
        };
        Self {
            signer,
            subject,
            certificate,
            certificates: certificates.unwrap_or_default(),
            day: day(signature),
            integrity,
            end: covered.as_ref().map(|covered| covered.end),
            permissions,
            contents: contents.to_vec(),
            digits: covered.map(|covered| covered.digits),
            is_empty,
        }
    }
}

impl Signature {
    /// What was read of a signature in a file of so many bytes.
    #[must_use]
    pub fn of(signed: &Signed, length: usize) -> Self {
        Self {
            signer: signed.signer.clone(),
            signed_bytes: match signed.integrity {
                Integrity::Intact => SignedBytes::Unchanged,
                Integrity::Broken(_) => SignedBytes::Changed,
                Integrity::Unchecked(_) => SignedBytes::Unknown,
            },
            bytes_after: length.saturating_sub(signed.end.unwrap_or_default()),
        }
    }
}

fn unchecked(why: &str) -> Integrity {
    Integrity::Unchecked(why.to_owned())
}

/// The bytes that are signed.
struct Covered {
    bytes: Vec<u8>,
    /// Where they end in the file.
    end: usize,
    /// Where the hexadecimal digits of the signature are.
    digits: Range<usize>,
}

impl Covered {
    /// Everything from the beginning to some end, but for the signature itself.
    fn of(signature: &Dict<'_>, contents: &[u8], file: &[u8]) -> Result<Self, &'static str> {
        let ranges = signature.get::<Array<'_>>(b"ByteRange").unwrap_or_default();
        let ranges: Vec<usize> = ranges.iter::<usize>().collect();
        let &[0, first, second, length] = ranges.as_slice() else {
            return Err("its byte range does not cover the file from its beginning to some end");
        };
        let end = second.checked_add(length).filter(|end| *end <= file.len());
        let end = end.ok_or("its byte range goes beyond the file")?;
        let gap = file.get(first..second).unwrap_or_default();
        let digits = gap.strip_prefix(b"<").and_then(|gap| gap.strip_suffix(b">"));
        if digits.and_then(hexadecimal).is_none_or(|found| found != contents) {
            return Err("its byte range does not leave out the signature and nothing else");
        }
        let bytes = [&file[..first], &file[second..end]].concat();
        Ok(Self { bytes, end, digits: first + 1..second - 1 })
    }
}

/// The bytes that hexadecimal digits stand for.
fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        digits.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    base16ct::mixed::decode_vec(&digits).ok()
}

/// Checks the digest of the signed bytes, and the signature value.
fn check(signature: &Dict<'_>, message: &Message<'_>, signed: &[u8]) -> Integrity {
    match try_check(signature, message, signed) {
        Ok(None) => Integrity::Intact,
        Ok(Some(broken)) => Integrity::Broken(broken.to_owned()),
        Err(why) => Integrity::Unchecked(why),
    }
}

/// What does not fit, if something does not; an error says why it cannot be checked.
fn try_check(
    signature: &Dict<'_>,
    message: &Message<'_>,
    signed: &[u8],
) -> Result<Option<&'static str>, Why> {
    const CHANGED: &str = "the bytes that were signed have changed";
    if message.value.is_empty() {
        return Err("it is prepared, and not signed yet".into());
    }
    let format = signature.get::<Name<'_>>(b"SubFilter");
    match format.as_deref() {
        Some(b"adbe.pkcs7.detached" | b"ETSI.CAdES.detached") if message.content.is_none() => {}
        Some(b"adbe.pkcs7.sha1") => return Err("it is made with SHA-1, which is too weak".into()),
        Some(b"ETSI.RFC3161") => return Err("it is a time stamp, and not a signature".into()),
        _ => return Err("its format is not known here".into()),
    }
    if message.content_type == cms::TIME_STAMP {
        return Err("it is a time stamp, and not a signature".into());
    }
    let Some((certificate, bytes)) = &message.certificate else {
        return Err("it does not hold the certificate of its signer".into());
    };
    let hash = message.digest.oid;
    let Some(attributes) = &message.attributes else {
        let fits = value_fits(certificate, message, hash, signed)?;
        return Ok((!fits).then_some("the signature value does not fit the bytes that were signed"));
    };
    if attributes.message_digest != Some(Hash::of(hash)?.digest(signed).as_slice()) {
        return Ok(Some(CHANGED));
    }
    if attributes.content_type != Some(cms::DATA) {
        return Ok(Some("it signs something else than a document"));
    }
    if let Some((algorithm, digest)) = attributes.certificate_digest {
        let hash = algorithm.map_or(Ok(Hash::Sha256), Hash::of)?;
        if hash.digest(bytes) != digest {
            return Ok(Some("it names another certificate than its signer's"));
        }
    }
    let fits = value_fits(certificate, message, hash, &attributes.signed)?;
    Ok((!fits).then_some("the signature value does not fit the signer's certificate"))
}

fn value_fits(
    certificate: &Certificate,
    message: &Message<'_>,
    hash: ObjectIdentifier,
    signed: &[u8],
) -> Result<bool, Why> {
    verify::verify(certificate, &message.algorithm, hash, signed, message.value)
}

/// The day of signing (ISO 32000-1, 7.9.4).
fn day(signature: &Dict<'_>) -> Option<NaiveDate> {
    let time = text_string::text(signature, b"M")?;
    let digits = time.strip_prefix("D:").unwrap_or(&time).get(..8)?;
    NaiveDate::parse_from_str(digits, "%Y%m%d").ok()
}
