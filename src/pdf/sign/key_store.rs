//! A key store: a private key with certificates, behind a pass phrase. OpenSSL 3 encrypts it with AES, older
//! programs with Triple DES or RC2.
//!
//! It is read item by item, so that every copy of the key is wiped: the crates that read whole key stores
//! wipe none. Deriving keys, decrypting and the digests are those of crates.
//!
//! Source: RFC 7292; RFC 8018.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, InnerIvInit, KeyIvInit};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Tag, TagNumber, Tagged};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use pkcs5::EncryptionScheme;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::SignError;
use crate::pdf::read::signature::cms::{self, first, items, oid};

const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// The most rounds that a key is derived with: more take longer than anybody waits.
const MOST_ROUNDS: i32 = 10_000_000;

/// What a key store holds.
#[derive(Default)]
pub struct KeyStore {
    /// The private keys (PKCS #8).
    pub keys: Vec<Bag<Zeroizing<Vec<u8>>>>,
    /// The certificates.
    pub certificates: Vec<Bag<Vec<u8>>>,
}

/// A thing in a key store, and the number that a key and its certificate have in common.
pub type Bag<T> = (T, Option<Vec<u8>>);

impl KeyStore {
    /// Opens a key store in DER.
    pub fn open(store: &[u8], passphrase: &str) -> Result<Self, SignError> {
        let mut opened = Self::default();
        opened.read(store, passphrase).ok_or(SignError::KeyStore)?;
        Ok(opened)
    }

    fn read(&mut self, store: &[u8], passphrase: &str) -> Option<()> {
        let parts = items(first(store)?)?;
        let contents = explicit(*items(*parts.get(1)?)?.get(1)?)?.value();
        if let Some(mac) = parts.get(2) {
            is_authentic(*mac, contents, passphrase)?.then_some(())?;
        }
        for safe in items(first(contents)?)? {
            let [kind, content] = items(safe)?.try_into().ok()?;
            let content = explicit(content)?;
            if oid(kind)? == cms::DATA {
                self.read_bags(content.value(), passphrase)?;
            } else if oid(kind)? == ENCRYPTED_DATA {
                let [_, algorithm, encrypted] = items(*items(content)?.get(1)?)?.try_into().ok()?;
                let bags = decrypt(algorithm, encrypted.value(), passphrase)?;
                self.read_bags(&bags, passphrase)?;
            }
        }
        Some(())
    }

    fn read_bags(&mut self, bags: &[u8], passphrase: &str) -> Option<()> {
        for bag in items(first(bags)?)? {
            let parts = items(bag)?;
            let value = explicit(*parts.get(1)?)?;
            let id = parts.get(2).and_then(|attributes| local_key_id(*attributes));
            match oid(*parts.first()?)? {
                KEY_BAG => {
                    let key = Zeroizing::new(der::Encode::to_der(&value).ok()?);
                    self.keys.push((key, id));
                }
                SHROUDED_KEY_BAG => {
                    let [algorithm, encrypted] = items(value)?.try_into().ok()?;
                    self.keys.push((decrypt(algorithm, encrypted.value(), passphrase)?, id));
                }
                CERTIFICATE_BAG => {
                    let certificate = explicit(*items(value)?.get(1)?)?;
                    self.certificates.push((certificate.value().to_vec(), id));
                }
                _ => {}
            }
        }
        Some(())
    }
}

/// The value below an explicit tag.
fn explicit(value: AnyRef<'_>) -> Option<AnyRef<'_>> {
    matches!(value.tag(), Tag::ContextSpecific { number: TagNumber(0), .. }).then_some(())?;
    first(value.value())
}

fn local_key_id(attributes: AnyRef<'_>) -> Option<Vec<u8>> {
    let attributes = items(attributes)?.into_iter().filter_map(items);
    let mut ids = attributes.filter_map(|attribute| {
        let [kind, values] = attribute.try_into().ok()?;
        (oid(kind)? == LOCAL_KEY_ID).then_some(())?;
        Some(items(values)?.first()?.value().to_vec())
    });
    ids.next()
}

/// Whether the key store is what was written with the pass phrase.
fn is_authentic(mac: AnyRef<'_>, contents: &[u8], passphrase: &str) -> Option<bool> {
    let parts = items(mac)?;
    let [algorithm, digest] = items(*parts.first()?)?.try_into().ok()?;
    let (salt, digest) = (parts.get(1)?.value(), digest.value());
    let rounds = parts.get(2).map_or(Some(1), |rounds| rounds.decode_as().ok())?;
    (1..=MOST_ROUNDS).contains(&rounds).then_some(())?;
    macro_rules! verify {
        ($hash:ty, $length:literal) => {{
            let key = Pkcs12KeyType::Mac;
            let key = derive_key_utf8::<$hash>(passphrase, salt, key, rounds, $length).ok()?;
            verify_mac::<$hash>(&Zeroizing::new(key), contents, digest)
        }};
    }
    match oid(*items(algorithm)?.first()?)? {
        SHA_1 => verify!(Sha1, 20),
        SHA_256 => verify!(Sha256, 32),
        SHA_384 => verify!(Sha384, 48),
        SHA_512 => verify!(Sha512, 64),
        _ => None,
    }
}

fn verify_mac<D: EagerHash>(key: &[u8], contents: &[u8], digest: &[u8]) -> Option<bool>
where
    Hmac<D>: Mac + KeyInit,
{
    let mut mac = <Hmac<D> as KeyInit>::new_from_slice(key).ok()?;
    mac.update(contents);
    Some(mac.verify_slice(digest).is_ok())
}

fn decrypt(
    algorithm: AnyRef<'_>,
    encrypted: &[u8],
    passphrase: &str,
) -> Option<Zeroizing<Vec<u8>>> {
    let [kind, parameters] = items(algorithm)?.try_into().ok()?;
    let legacy = |length: usize, id: Pkcs12KeyType| {
        let [salt, rounds] = items(parameters)?.try_into().ok()?;
        let rounds = rounds.decode_as().ok().filter(|rounds| (1..=MOST_ROUNDS).contains(rounds))?;
        let key = derive_key_utf8::<Sha1>(passphrase, salt.value(), id, rounds, length).ok()?;
        Some(Zeroizing::new(key))
    };
    let decrypted = match oid(kind)? {
        TRIPLE_DES => {
            let (key, iv) =
                (legacy(24, Pkcs12KeyType::EncryptionKey)?, legacy(8, Pkcs12KeyType::Iv)?);
            let cipher = cbc::Decryptor::<des::TdesEde3>::new_from_slices(&key, &iv).ok()?;
            cipher.decrypt_padded_vec::<Pkcs7>(encrypted).ok()?
        }
        RC2_40 => {
            let (key, iv) =
                (legacy(5, Pkcs12KeyType::EncryptionKey)?, legacy(8, Pkcs12KeyType::Iv)?);
            let cipher = rc2::Rc2::new_with_eff_key_len(&key, 40);
            let cipher = cbc::Decryptor::inner_iv_slice_init(cipher, &iv).ok()?;
            cipher.decrypt_padded_vec::<Pkcs7>(encrypted).ok()?
        }
        _ => {
            let bytes = der::Encode::to_der(&algorithm).ok()?;
            let scheme = AlgorithmIdentifierRef::from_der(&bytes).ok()?;
            EncryptionScheme::try_from(scheme).ok()?.decrypt(passphrase, encrypted).ok()?
        }
    };
    Some(Zeroizing::new(decrypted))
}
