//! Whether the chain of a certificate leads to certificates that the user trusts.
//!
//! Paths are built and checked by `webpki` (RFC 5280, 6): signatures, validity, who may certify, how long a path may be, and
//! the names that it is constrained to. Key usage is checked here. Policies and revocation are not.

use std::time::{Duration, UNIX_EPOCH};

use chrono::NaiveDate;
use der::Decode;
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    UnixTime, alg_id,
};
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert,
};
use x509_cert::Certificate;
use x509_cert::ext::pkix::KeyUsage;

use super::verify::{self, Hash, Kind};

/// Certificates that the user trusts.
#[derive(Debug, Clone, Default)]
pub struct Trust(Vec<CertificateDer<'static>>);

/// Whether the chain of a signer's certificate leads to one that is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// It does, and was valid on the day of signing.
    Trusted,
    /// It does not; says why.
    NotTrusted(String),
    /// What it says goes beyond what can be checked here; says what.
    Indeterminate(String),
}

impl Trust {
    /// Adds the certificates of a file: PEM, or one in DER. Whether there are any.
    pub fn add(&mut self, bytes: &[u8]) -> bool {
        let chain = Certificate::load_pem_chain(bytes).unwrap_or_default();
        let mut found: Vec<Vec<u8>> =
            chain.iter().filter_map(|certificate| der::Encode::to_der(certificate).ok()).collect();
        if found.is_empty() && Certificate::from_der(bytes).is_ok() {
            found.push(bytes.to_vec());
        }
        let is_any = !found.is_empty();
        self.0.extend(found.into_iter().map(CertificateDer::from));
        is_any
    }

    /// Whether no certificate is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Judges the chain of a certificate on a day; `others` are those beside it.
    #[must_use]
    pub fn judge(&self, own: &[u8], others: &[Vec<u8>], day: NaiveDate) -> Chain {
        let Ok(certificate) = Certificate::from_der(own) else {
            return Chain::NotTrusted("its certificate cannot be read".to_owned());
        };
        if let Some(problem) = wrong_usage(&certificate, Use::Signing) {
            return Chain::NotTrusted(problem);
        }
        if self.0.iter().any(|trusted| trusted.as_ref() == own) {
            let is_valid = times(day).into_iter().any(|time| is_valid(&certificate, time));
            return if is_valid {
                Chain::Trusted
            } else {
                Chain::NotTrusted("its certificate was not valid on the day of signing".to_owned())
            };
        }
        // The day is the signer's: at its beginning or at its end the chain must be valid.
        let judged = times(day).map(|time| self.judge_at(own, others, time));
        let [first, last] = judged;
        if first == Chain::Trusted { first } else { last }
    }

    fn judge_at(&self, own: &[u8], others: &[Vec<u8>], time: UnixTime) -> Chain {
        let own = CertificateDer::from(own);
        let others: Vec<CertificateDer<'_>> =
            others.iter().map(|other| CertificateDer::from(other.as_slice())).collect();
        let anchors: Vec<_> =
            self.0.iter().filter_map(|trusted| anchor_from_trusted_cert(trusted).ok()).collect();
        let algorithms: Vec<&dyn SignatureVerificationAlgorithm> =
            ALGORITHMS.iter().map(|algorithm| algorithm as _).collect();
        let signer = match EndEntityCert::try_from(&own) {
            Ok(signer) => signer,
            Err(error) => return outcome(&error),
        };
        let path =
            signer.verify_for_usage(&algorithms, &anchors, &others, time, AnyUse, None, None);
        let path = match path {
            Ok(path) => path,
            Err(error) => return outcome(&error),
        };
        for above in path.intermediate_certificates() {
            let read = Certificate::from_der(above.der().as_ref()).ok();
            let problem = read.and_then(|certificate| wrong_usage(&certificate, Use::Certifying));
            if let Some(problem) = problem {
                return Chain::NotTrusted(problem);
            }
        }
        Chain::Trusted
    }
}

/// What a certificate's key is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Signing,
    Certifying,
}

/// What is wrong with the use of a key, if its certificate limits it.
fn wrong_usage(certificate: &Certificate, used: Use) -> Option<String> {
    let (_, usage) = certificate.tbs_certificate().get_extension::<KeyUsage>().ok()??;
    let (may, what) = match used {
        Use::Signing => (usage.digital_signature() || usage.non_repudiation(), "signatures"),
        Use::Certifying => (usage.key_cert_sign(), "certifying others"),
    };
    (!may).then(|| format!("the key of a certificate in its chain is not for {what}"))
}

fn is_valid(certificate: &Certificate, time: UnixTime) -> bool {
    let validity = certificate.tbs_certificate().validity();
    let time = UNIX_EPOCH + Duration::from_secs(time.as_secs());
    (validity.not_before.to_system_time()..=validity.not_after.to_system_time()).contains(&time)
}

/// The beginning and the end of a day, UTC.
fn times(day: NaiveDate) -> [UnixTime; 2] {
    const DAY: u64 = 24 * 60 * 60;
    let start = day.and_hms_opt(0, 0, 0).map(|time| time.and_utc().timestamp());
    let start = start.and_then(|start| u64::try_from(start).ok()).unwrap_or_default();
    [start, start + DAY - 1].map(|seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

/// The chain, by what `webpki` says is wrong.
fn outcome(error: &Error) -> Chain {
    let not_trusted = |why: &str| Chain::NotTrusted(why.to_owned());
    match error {
        Error::UnknownIssuer => {
            not_trusted("its chain does not lead to a certificate that is trusted")
        }
        Error::CertExpired { .. } => {
            not_trusted("a certificate in its chain had expired on the day of signing")
        }
        Error::CertNotValidYet { .. } => {
            not_trusted("a certificate in its chain was not valid yet on the day of signing")
        }
        Error::EndEntityUsedAsCa => {
            not_trusted("a certificate in its chain must not certify others")
        }
        Error::CaUsedAsEndEntity => {
            not_trusted("its certificate is that of an authority, and not of a signer")
        }
        Error::PathLenConstraintViolated => {
            not_trusted("its chain is longer than an authority permits")
        }
        Error::InvalidSignatureForPublicKey => {
            not_trusted("a certificate in its chain was not signed by who it says")
        }
        Error::NameConstraintViolation => {
            not_trusted("its name is one that an authority must not certify")
        }
        Error::UnsupportedCriticalExtension => Chain::Indeterminate(
            "a certificate in its chain has a critical extension that is not known here".to_owned(),
        ),
        Error::UnsupportedCertVersion => {
            Chain::Indeterminate("a certificate in its chain is not of version 3".to_owned())
        }
        other => Chain::Indeterminate(format!("its chain cannot be checked: {other}")),
    }
}

/// What a certificate is for beyond the use of its key: which names of purposes are for documents is not agreed, and
/// not checked.
struct AnyUse;

impl ExtendedKeyUsageValidator for AnyUse {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// An algorithm by which certificates are signed.
#[derive(Debug)]
struct Algorithm {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    kind: Kind,
    hash: Hash,
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match verify::fits(self.kind, self.hash, key, message, signature) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

const fn rsa(signature: AlgorithmIdentifier, hash: Hash) -> Algorithm {
    Algorithm { key: alg_id::RSA_ENCRYPTION, signature, kind: Kind::Rsa, hash }
}

const fn ecdsa(kind: Kind, key: AlgorithmIdentifier, hash: Hash) -> Algorithm {
    let signature = match hash {
        Hash::Sha256 => alg_id::ECDSA_SHA256,
        Hash::Sha384 => alg_id::ECDSA_SHA384,
        Hash::Sha512 => alg_id::ECDSA_SHA512,
    };
    Algorithm { key, signature, kind, hash }
}

static ALGORITHMS: [Algorithm; 13] = [
    rsa(alg_id::RSA_PKCS1_SHA256, Hash::Sha256),
    rsa(alg_id::RSA_PKCS1_SHA384, Hash::Sha384),
    rsa(alg_id::RSA_PKCS1_SHA512, Hash::Sha512),
    ecdsa(Kind::P256, alg_id::ECDSA_P256, Hash::Sha256),
    ecdsa(Kind::P256, alg_id::ECDSA_P256, Hash::Sha384),
    ecdsa(Kind::P256, alg_id::ECDSA_P256, Hash::Sha512),
    ecdsa(Kind::P384, alg_id::ECDSA_P384, Hash::Sha256),
    ecdsa(Kind::P384, alg_id::ECDSA_P384, Hash::Sha384),
    ecdsa(Kind::P384, alg_id::ECDSA_P384, Hash::Sha512),
    ecdsa(Kind::P521, alg_id::ECDSA_P521, Hash::Sha256),
    ecdsa(Kind::P521, alg_id::ECDSA_P521, Hash::Sha384),
    ecdsa(Kind::P521, alg_id::ECDSA_P521, Hash::Sha512),
    Algorithm {
        key: alg_id::ED25519,
        signature: alg_id::ED25519,
        kind: Kind::Ed25519,
        hash: Hash::Sha512,
    },
];
