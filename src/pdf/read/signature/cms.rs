//! The Cryptographic Message Syntax, as far as a signature in a PDF uses it.
//!
//! It is read item by item and not into the types of a crate, which write the signed attributes again in
//! the order of DER: what was signed are the bytes that stand there.
//!
//! Source: RFC 5652, 5; RFC 5035, 3.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::spki::AlgorithmIdentifierRef;

use super::ber::write_length;

/// The contents are nothing but data.
pub const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// A token of a time-stamping authority.
pub const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// A signed message.
pub const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// The attribute with the kind of the contents.
pub const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
/// The attribute with the digest of the contents.
pub const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// The attribute with the digest of the signer's certificate.
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// A signed message with one signer.
pub struct Message<'a> {
    /// What kind of contents is signed.
    pub content_type: ObjectIdentifier,
    /// The contents, if they are in the message.
    pub content: Option<&'a [u8]>,
    /// All certificates in the message, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// The certificate of the signer, and its bytes.
    pub certificate: Option<(Certificate, Vec<u8>)>,
    /// The algorithm of the digest.
    pub digest: AlgorithmIdentifierRef<'a>,
    /// The algorithm of the signature.
    pub algorithm: AlgorithmIdentifierRef<'a>,
    /// The signature value.
    pub value: &'a [u8],
    /// What is signed beside the contents, if there is anything.
    pub attributes: Option<Attributes<'a>>,
}

/// The signed attributes.
pub struct Attributes<'a> {
    /// Their bytes as they are signed.
    pub signed: Vec<u8>,
    /// The digest of the contents.
    pub message_digest: Option<&'a [u8]>,
    /// The kind of the contents.
    pub content_type: Option<ObjectIdentifier>,
    /// The digest of the signer's certificate with its algorithm, SHA-256 if none is named.
    pub certificate_digest: Option<(Option<ObjectIdentifier>, &'a [u8])>,
}

impl<'a> Message<'a> {
    /// Reads a message in DER; `None` if it is none, or does not have exactly one signer.
    pub fn read(der: &'a [u8]) -> Option<Self> {
        let [kind, content] = items(first(der)?)?.try_into().ok()?;
        if oid(kind)? != SIGNED_DATA {
            return None;
        }
        let mut parts = items(first(content.value())?)?.into_iter();
        let (_version, _digests, contents) = (parts.next()?, parts.next()?, parts.next()?);
        let (mut certificates, mut signers) = (Vec::new(), Vec::new());
        for part in parts {
            match part.tag() {
                Tag::ContextSpecific { number: TagNumber(0), .. } => {
                    certificates = items(part)?;
                }
                Tag::Set => signers = items(part)?,
                _ => {}
            }
        }
        let contents = items(contents)?;
        let content = match contents.get(1) {
            Some(explicit) => Some(first(explicit.value())?.value()),
            None => None,
        };
        let &[signer] = signers.as_slice() else {
            return None;
        };
        let mut parts = items(signer)?.into_iter().peekable();
        let (_version, id, digest) = (parts.next()?, parts.next()?, parts.next()?);
        let is_attributes = |part: &AnyRef<'_>| matches!(part.tag(), Tag::ContextSpecific { .. });
        let attributes = match parts.next_if(is_attributes) {
            Some(part) => Some(Attributes::read(part)?),
            None => None,
        };
        let (algorithm, value) = (parts.next()?, parts.next()?);
        Some(Self {
            content_type: oid(*contents.first()?)?,
            content,
            certificates: certificates.iter().filter_map(|found| found.to_der().ok()).collect(),
            certificate: certificates.into_iter().find_map(|found| named(found, id)),
            digest: digest.decode_as().ok()?,
            algorithm: algorithm.decode_as().ok()?,
            value: value.value(),
            attributes,
        })
    }
}

impl<'a> Attributes<'a> {
    fn read(part: AnyRef<'a>) -> Option<Self> {
        // They are signed as a set, and stand under a tag of their own.
        let mut signed = vec![0x31];
        write_length(&mut signed, part.value().len());
        signed.extend_from_slice(part.value());
        let mut read =
            Self { signed, message_digest: None, content_type: None, certificate_digest: None };
        for attribute in items(part)? {
            let [kind, values] = items(attribute)?.try_into().ok()?;
            let &[value] = items(values)?.as_slice() else {
                continue;
            };
            match oid(kind)? {
                MESSAGE_DIGEST => read.message_digest = Some(value.value()),
                CONTENT_TYPE => read.content_type = oid(value),
                SIGNING_CERTIFICATE_V2 => read.certificate_digest = certificate_digest(value),
                _ => {}
            }
        }
        Some(read)
    }
}

/// The digest of the first certificate that the attribute names.
fn certificate_digest(value: AnyRef<'_>) -> Option<(Option<ObjectIdentifier>, &[u8])> {
    let first_id = *items(*items(value)?.first()?)?.first()?;
    let parts = items(first_id)?;
    match parts.as_slice() {
        [algorithm, digest, ..] if algorithm.tag() == Tag::Sequence => {
            Some((Some(oid(*items(*algorithm)?.first()?)?), digest.value()))
        }
        [digest, ..] => Some((None, digest.value())),
        [] => None,
    }
}

/// The certificate, if it is the one that the signer's identifier names: by issuer and serial number, or
/// by the identifier of its key.
fn named(found: AnyRef<'_>, id: AnyRef<'_>) -> Option<(Certificate, Vec<u8>)> {
    let bytes = found.to_der().ok()?;
    let certificate = Certificate::from_der(&bytes).ok()?;
    let known = certificate.tbs_certificate();
    let is_it = if id.tag() == Tag::Sequence {
        let [issuer, serial] = items(id)?.try_into().ok()?;
        known.issuer().to_der().ok()? == issuer.to_der().ok()?
            && known.serial_number().as_bytes() == serial.value()
    } else {
        let (_, key) = known.get_extension::<SubjectKeyIdentifier>().ok()??;
        key.0.as_bytes() == id.value()
    };
    is_it.then_some((certificate, bytes))
}

/// The items of a sequence or a set.
pub fn items(value: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(value.value()).ok()?;
    let mut items = Vec::new();
    while !reader.is_finished() {
        items.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(items)
}

/// The first value of some bytes.
pub fn first(bytes: &[u8]) -> Option<AnyRef<'_>> {
    AnyRef::decode(&mut SliceReader::new(bytes).ok()?).ok()
}

/// An object identifier.
pub fn oid(value: AnyRef<'_>) -> Option<ObjectIdentifier> {
    value.decode_as().ok()
}
