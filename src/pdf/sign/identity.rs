//! Who signs: a private key with its certificates, or certificates whose key is elsewhere.
//!
//! Source: RFC 7292 (PKCS #12); RFC 5958 (PKCS #8); RFC 8017; RFC 8419.

use std::fmt;
use std::thread;
use std::time::SystemTime;

use chrono::{DateTime, Local};

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode};
use ed25519_dalek::Signer as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::hazmat::PrehashSigner as _;
use x509_cert::Certificate;
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::SignError;
use super::key_store::{Bag, KeyStore};
use crate::pdf::read::signature::verify::{self, Hash, Kind};
use crate::pdf::read::signature::{self, ber};

/// The certificate of a signer, and those of who certified it.
#[derive(Debug, Clone)]
pub struct Certificates {
    own: Certificate,
    all: Vec<Vec<u8>>,
}

impl Certificates {
    /// Certificates in PEM, or one in DER; the signer's is the first.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn read(bytes: &[u8]) -> Result<Self, SignError> {
        let chain = Certificate::load_pem_chain(bytes).unwrap_or_default();
        let chain = if chain.is_empty() {
            vec![Certificate::from_der(bytes).map_err(|_| SignError::NoCertificate)?]
        } else {
            chain
        };
        let all: Result<Vec<_>, _> = chain.iter().map(Encode::to_der).collect();
        Self::of(all.map_err(|_| SignError::NoCertificate)?)
    }

    fn of(all: Vec<Vec<u8>>) -> Result<Self, SignError> {
        let own = all.first().ok_or(SignError::NoCertificate)?;
        let own = Certificate::from_der(own).map_err(|_| SignError::NoCertificate)?;
        Scheme::of(&own)?;
        Ok(Self { own, all })
    }

    /// Whom the signer's names.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        signature::name(&self.own)
    }

    /// Checks that a signature can be made with it at some time.
    ///
    /// # Errors
    ///
    /// If it is not valid then, or is not for signatures.
    pub fn check_at(&self, time: DateTime<Local>) -> Result<(), SignError> {
        let known = self.own.tbs_certificate();
        let day = |time: SystemTime| DateTime::<Local>::from(time).date_naive();
        let from = known.validity().not_before.to_system_time();
        let until = known.validity().not_after.to_system_time();
        let now = SystemTime::from(time);
        if now < from {
            return Err(SignError::NotYetValid(day(from)));
        }
        if now > until {
            return Err(SignError::Expired(day(until)));
        }
        let usage = known.get_extension::<KeyUsage>().ok().flatten();
        let signs = |usage: &KeyUsage| usage.digital_signature() || usage.non_repudiation();
        match usage {
            Some((_, usage)) if !signs(&usage) => Err(SignError::NotForSigning),
            _ => Ok(()),
        }
    }

    /// The signer's.
    #[must_use]
    pub fn own(&self) -> &Certificate {
        &self.own
    }

    /// The signer's, in DER.
    #[must_use]
    pub fn own_bytes(&self) -> &[u8] {
        &self.all[0]
    }

    /// All, in DER, the signer's first.
    #[must_use]
    pub fn all(&self) -> &[Vec<u8>] {
        &self.all
    }

    /// How many bytes they are.
    #[must_use]
    pub fn length(&self) -> usize {
        self.all.iter().map(Vec::len).sum()
    }
}

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme(Kind);

impl Scheme {
    /// The way of signing with the key of a certificate.
    pub fn of(certificate: &Certificate) -> Result<Self, SignError> {
        verify::kind(certificate).map(Self).map_err(SignError::UnknownKey)
    }

    /// The hash function of the digests.
    pub fn hash(self) -> Hash {
        match self.0 {
            Kind::Rsa | Kind::P256 => Hash::Sha256,
            Kind::P384 => Hash::Sha384,
            Kind::P521 | Kind::Ed25519 => Hash::Sha512,
        }
    }

    /// The algorithm, in DER.
    pub fn algorithm(self) -> Vec<u8> {
        let null = (self.0 == Kind::Rsa).then_some(AnyRef::NULL);
        algorithm(self.oid(), null)
    }

    fn oid(self) -> ObjectIdentifier {
        match self.0 {
            Kind::Rsa => verify::SHA_256_RSA,
            Kind::P256 => verify::ECDSA_SHA_256,
            Kind::P384 => verify::ECDSA_SHA_384,
            Kind::P521 => verify::ECDSA_SHA_512,
            Kind::Ed25519 => verify::ED25519,
        }
    }

    /// A value as a message has it: cards and services give both numbers of ECDSA side by side.
    pub fn value(self, value: &[u8]) -> Vec<u8> {
        macro_rules! der {
            ($curve:ident) => {
                $curve::ecdsa::Signature::from_slice(value)
                    .map_or_else(|_| value.to_vec(), |value| value.to_der().as_bytes().to_vec())
            };
        }
        match self.0 {
            Kind::P256 => der!(p256),
            Kind::P384 => der!(p384),
            Kind::P521 => der!(p521),
            Kind::Rsa | Kind::Ed25519 => value.to_vec(),
        }
    }
}

/// An algorithm as DER has it.
pub fn algorithm(oid: ObjectIdentifier, parameters: Option<AnyRef<'_>>) -> Vec<u8> {
    AlgorithmIdentifierRef { oid, parameters }.to_der().unwrap_or_default()
}

/// A private key with its certificates. The key is wiped from memory when it is dropped; it is only moved and used
/// on stacks that are gone afterwards, so that no copy of it stays behind.
pub struct Identity {
    certificates: Certificates,
    key: Box<Key>,
}

enum Key {
    Rsa(rsa::PrivateKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Opens a key store (PKCS #12); the first key in it signs.
    ///
    /// # Errors
    ///
    /// If the pass phrase is wrong, or there is no key that can sign here.
    pub fn open(store: &[u8], passphrase: &str) -> Result<Self, SignError> {
        on_own_stack(|| Self::open_here(store, passphrase))
    }

    fn open_here(store: &[u8], passphrase: &str) -> Result<Self, SignError> {
        let store = Zeroizing::new(ber::to_der(store).ok_or(SignError::KeyStore)?);
        let store = KeyStore::open(&store, passphrase)?;
        let (key, id) = store.keys.first().ok_or(SignError::NoKey)?;
        let is_own = |(_, other): &&Bag<Vec<u8>>| id.is_some() && other == id;
        let own = store.certificates.iter().find(is_own).or(store.certificates.first());
        let (own, _) = own.ok_or(SignError::NoKey)?;
        let all = store.certificates.iter().map(|(certificate, _)| certificate.as_slice());
        let certificates = Certificates::of(chain(own, &all.collect::<Vec<_>>()))?;
        let key = Box::new(Key::read(key, Scheme::of(certificates.own())?)?);
        Ok(Self { certificates, key })
    }

    /// Its certificates.
    #[must_use]
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// The signature value over some bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        on_own_stack(|| self.sign_here(bytes))
    }

    fn sign_here(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        let hash = Scheme::of(self.certificates.own())?.hash();
        let digest = hash.digest(bytes);
        let failed = |_| SignError::DoesNotFit("the key cannot sign".to_owned());
        macro_rules! ecdsa {
            ($key:ident, $curve:ident) => {{
                let value: $curve::ecdsa::Signature = $key.sign_prehash(&digest).map_err(failed)?;
                value.to_der().as_bytes().to_vec()
            }};
        }
        Ok(match &*self.key {
            Key::Rsa(key) => key
                .pkcs1v15_sign_prehash::<sha2::Sha256>(&digest)
                .map_err(|_| SignError::DoesNotFit("the key cannot sign".to_owned()))?,
            Key::P256(key) => ecdsa!(key, p256),
            Key::P384(key) => ecdsa!(key, p384),
            Key::P521(key) => ecdsa!(key, p521),
            Key::Ed25519(key) => key.sign(bytes).to_bytes().to_vec(),
        })
    }
}

/// Runs what handles a key on a stack of its own. It is so large that the system gets it back at once: the standard
/// libraries of C keep small ones for the next thread, with what is on them.
fn on_own_stack<T: Send>(
    work: impl FnOnce() -> Result<T, SignError> + Send,
) -> Result<T, SignError> {
    const STACK: usize = 64 * 1024 * 1024;
    let ended = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        thread.map(thread::ScopedJoinHandle::join)
    });
    match ended {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => Err(SignError::DoesNotFit(format!("no thread can be started: {error}"))),
    }
}

/// A certificate and those that certify it, one after the other, as far as they are there.
fn chain(own: &[u8], all: &[&[u8]]) -> Vec<Vec<u8>> {
    let read = |der: &[u8]| Some((der.to_vec(), Certificate::from_der(der).ok()?));
    let all: Vec<_> = all.iter().filter_map(|der| read(der)).collect();
    let mut chain = vec![own.to_vec()];
    let mut last = read(own).map(|(_, certificate)| certificate);
    while let Some(issuer) = last.take().map(|last| last.tbs_certificate().issuer().clone()) {
        let above = all.iter().find(|(der, certificate)| {
            *certificate.tbs_certificate().subject() == issuer && !chain.contains(der)
        });
        if let Some((der, certificate)) = above {
            chain.push(der.clone());
            last = Some(certificate.clone());
        }
    }
    chain
}

impl Key {
    fn read(pkcs8: &[u8], scheme: Scheme) -> Result<Self, SignError> {
        let unfit =
            |_| SignError::DoesNotFit("the key is of another kind than its certificate".to_owned());
        Ok(match scheme.0 {
            Kind::Rsa => Self::Rsa(rsa::PrivateKey::from_pkcs8_der(pkcs8).map_err(unfit)?),
            Kind::P256 => {
                Self::P256(p256::ecdsa::SigningKey::from_pkcs8_der(pkcs8).map_err(unfit)?)
            }
            Kind::P384 => {
                Self::P384(p384::ecdsa::SigningKey::from_pkcs8_der(pkcs8).map_err(unfit)?)
            }
            Kind::P521 => {
                Self::P521(p521::ecdsa::SigningKey::from_pkcs8_der(pkcs8).map_err(unfit)?)
            }
            Kind::Ed25519 => {
                Self::Ed25519(ed25519_dalek::SigningKey::from_pkcs8_der(pkcs8).map_err(unfit)?)
            }
        })
    }
}
