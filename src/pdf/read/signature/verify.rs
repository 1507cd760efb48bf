//! Verifying a signature value with the key of a certificate.
//!
//! Source: RFC 8017, 8; RFC 4055; RFC 5753; RFC 8410; RFC 8419.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Tag, Tagged};
use ed25519_dalek::Signature as Ed25519Signature;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::pss::Pss;
use rsa::signature::hazmat::PrehashVerifier as _;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifierRef;

use super::cms;

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const SHA_1_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
/// An algorithm.
pub const SHA_256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA_384_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const SHA_512_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ECDSA_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
/// An algorithm.
pub const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// An algorithm.
pub const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
/// An algorithm.
pub const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
/// An algorithm.
pub const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P_521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const MGF_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// Why something cannot be checked.
pub type Why = String;

/// A hash function that is strong enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The hash function with this identifier.
    pub fn of(oid: ObjectIdentifier) -> Result<Self, Why> {
        match oid {
            SHA_256 => Ok(Self::Sha256),
            SHA_384 => Ok(Self::Sha384),
            SHA_512 => Ok(Self::Sha512),
            SHA_1 => Err("it is made with SHA-1, which is too weak".to_owned()),
            MD5 => Err("it is made with MD5, which is too weak".to_owned()),
            _ => Err(format!("its hash function {oid} is not known here")),
        }
    }

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => SHA_256,
            Self::Sha384 => SHA_384,
            Self::Sha512 => SHA_512,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The digest of some bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// A kind of keys that are known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RSA, of 2048 bits at least.
    Rsa,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// ECDSA on P-521.
    P521,
    /// Ed25519.
    Ed25519,
}

/// The kind of a certificate's key.
pub fn kind(certificate: &Certificate) -> Result<Kind, Why> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    match info.algorithm.oid {
        RSA => rsa_key(info.subject_public_key.raw_bytes()).map(|_| Kind::Rsa),
        ED25519 => Ok(Kind::Ed25519),
        EC => match curve(certificate)? {
            P_256 => Ok(Kind::P256),
            P_384 => Ok(Kind::P384),
            P_521 => Ok(Kind::P521),
            curve => Err(unknown_curve(curve)),
        },
        oid => Err(format!("its algorithm {oid} is not known here")),
    }
}

/// The curve of a certificate's key.
fn curve(certificate: &Certificate) -> Result<ObjectIdentifier, Why> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    let curve = info.algorithm.parameters.as_ref();
    curve.and_then(|curve| curve.decode_as().ok()).ok_or_else(unusable)
}

fn unknown_curve(curve: ObjectIdentifier) -> Why {
    format!("its curve {curve} is not known here")
}

/// Whether a signature value over some bytes is of the certificate's key; `hash` is the digest algorithm
/// beside it, for algorithms that do not name their own.
pub fn verify(
    certificate: &Certificate,
    algorithm: &AlgorithmIdentifierRef<'_>,
    hash: ObjectIdentifier,
    signed: &[u8],
    value: &[u8],
) -> Result<bool, Why> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    let key = info.subject_public_key.raw_bytes();
    let named = |oid: ObjectIdentifier| Hash::of(oid);
    match algorithm.oid {
        RSA => rsa(key, named(hash)?, signed, value),
        SHA_1_RSA | ECDSA_SHA_1 => Err(named(SHA_1).err().unwrap_or_default()),
        SHA_256_RSA => rsa(key, Hash::Sha256, signed, value),
        SHA_384_RSA => rsa(key, Hash::Sha384, signed, value),
        SHA_512_RSA => rsa(key, Hash::Sha512, signed, value),
        RSA_PSS => {
            let (hash, salt) = pss_parameters(algorithm.parameters)?;
            pss(key, hash, salt, signed, value)
        }
        EC => ecdsa(curve(certificate)?, named(hash)?, key, signed, value),
        ECDSA_SHA_256 => ecdsa(curve(certificate)?, Hash::Sha256, key, signed, value),
        ECDSA_SHA_384 => ecdsa(curve(certificate)?, Hash::Sha384, key, signed, value),
        ECDSA_SHA_512 => ecdsa(curve(certificate)?, Hash::Sha512, key, signed, value),
        ED25519 => ed25519(key, signed, value),
        oid => Err(format!("its algorithm {oid} is not known here")),
    }
}

/// Whether a signature value over some bytes is of a key of this kind, given as a certificate has it.
pub fn fits(kind: Kind, hash: Hash, key: &[u8], signed: &[u8], value: &[u8]) -> Result<bool, Why> {
    match kind {
        Kind::Rsa => rsa(key, hash, signed, value),
        Kind::P256 => ecdsa(P_256, hash, key, signed, value),
        Kind::P384 => ecdsa(P_384, hash, key, signed, value),
        Kind::P521 => ecdsa(P_521, hash, key, signed, value),
        Kind::Ed25519 => ed25519(key, signed, value),
    }
}

fn ed25519(key: &[u8], signed: &[u8], value: &[u8]) -> Result<bool, Why> {
    let key: &[u8; 32] = key.try_into().map_err(|_| unusable())?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(|_| unusable())?;
    let value = Ed25519Signature::from_slice(value);
    Ok(value.is_ok_and(|value| key.verify_strict(signed, &value).is_ok()))
}

fn unusable() -> Why {
    "the key in its certificate cannot be used".to_owned()
}

fn rsa_key(key: &[u8]) -> Result<rsa::PublicKey, Why> {
    const LEAST: usize = 2048 / 8;
    let key = rsa::PublicKey::from_pkcs1_der(key).map_err(|_| unusable())?;
    if key.size() < LEAST {
        return Err("its RSA key has fewer than 2048 bits, which is too weak".to_owned());
    }
    Ok(key)
}

fn rsa(key: &[u8], hash: Hash, signed: &[u8], value: &[u8]) -> Result<bool, Why> {
    let (key, digest) = (rsa_key(key)?, hash.digest(signed));
    let verified = match hash {
        Hash::Sha256 => key.pkcs1v15_verify_prehash::<Sha256>(&digest, value),
        Hash::Sha384 => key.pkcs1v15_verify_prehash::<Sha384>(&digest, value),
        Hash::Sha512 => key.pkcs1v15_verify_prehash::<Sha512>(&digest, value),
    };
    Ok(verified.is_ok())
}

fn pss(key: &[u8], hash: Hash, salt: usize, signed: &[u8], value: &[u8]) -> Result<bool, Why> {
    let (key, digest) = (rsa_key(key)?, hash.digest(signed));
    let verified = match hash {
        Hash::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt), &digest, value),
        Hash::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt), &digest, value),
        Hash::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt), &digest, value),
    };
    Ok(verified.is_ok())
}

/// The hash function and the length of the salt (RFC 4055, 3.1).
fn pss_parameters(parameters: Option<AnyRef<'_>>) -> Result<(Hash, usize), Why> {
    let unknown = || "the parameters of its algorithm are not known here".to_owned();
    let (mut hash, mut mask, mut salt) = (SHA_1, SHA_1, 20);
    for part in parameters.and_then(cms::items).ok_or_else(unknown)? {
        let Tag::ContextSpecific { number, .. } = part.tag() else {
            return Err(unknown());
        };
        let value = cms::first(part.value()).ok_or_else(unknown)?;
        let algorithm = || value.decode_as::<AlgorithmIdentifierRef<'_>>().map_err(|_| unknown());
        match number.value() {
            0 => hash = algorithm()?.oid,
            1 => {
                let generator = algorithm()?;
                let inner = generator.parameters.ok_or_else(unknown)?;
                let inner = inner.decode_as::<AlgorithmIdentifierRef<'_>>();
                if generator.oid != MGF_1 {
                    return Err(unknown());
                }
                mask = inner.map_err(|_| unknown())?.oid;
            }
            2 => salt = value.decode_as::<u16>().map_err(|_| unknown())?.into(),
            _ => {}
        }
    }
    let hash = Hash::of(hash)?;
    if Hash::of(mask)? == hash { Ok((hash, salt)) } else { Err(unknown()) }
}

fn ecdsa(
    curve: ObjectIdentifier,
    hash: Hash,
    key: &[u8],
    signed: &[u8],
    value: &[u8],
) -> Result<bool, Why> {
    let digest = hash.digest(signed);
    macro_rules! verify {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| unusable())?;
            let value = $curve::ecdsa::Signature::from_der(value);
            Ok(value.is_ok_and(|value| key.verify_prehash(&digest, &value).is_ok()))
        }};
    }
    match curve {
        P_256 => verify!(p256),
        P_384 => verify!(p384),
        P_521 => verify!(p521),
        curve => Err(unknown_curve(curve)),
    }
}
