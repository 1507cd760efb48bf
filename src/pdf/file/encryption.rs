//! Encrypting what is added to an encrypted document, with the document's own key. Only documents that
//! open without a password: the key is that of the empty user password.
//!
//! Source: ISO 32000-2, 7.6.

use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit, StreamCipher};
use hayro_syntax::object::{Dict, Name, ObjRef, String as PdfString};
use md5::Md5;
use rc4::Rc4;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// How a document's strings and streams are encrypted.
pub struct Encryption {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    files: Method,
    permissions: u32,
}

/// A kind of data that may have an encryption of its own (7.6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataKind {
    /// A string.
    String,
    /// A stream.
    Stream,
    /// The stream of an embedded file.
    EmbeddedFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    None,
    Rc4,
    Aes128,
    Aes256,
}

/// What fills up a password that is too short (7.6.4.3.2).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];

impl Encryption {
    /// Reads the encryption dictionary of a document that opens without a password; `id` is the first half
    /// of its `/ID`. `None` if it is encrypted in a way that is not known here.
    pub fn read(dictionary: &Dict<'_>, id: &[u8]) -> Option<Self> {
        if dictionary.get::<Name<'_>>(b"Filter")?.as_ref() != b"Standard" {
            return None;
        }
        let number = |key: &[u8]| dictionary.get::<i32>(key);
        // The bits of a negative number; some programs write it without its sign.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "its bits")]
        let permissions = dictionary.get::<hayro_syntax::object::Number>(b"P")?.as_i64() as u32;
        let (version, revision) = (number(b"V")?, number(b"R")?);
        let [strings, streams, files] = match version {
            1 | 2 => [Method::Rc4; 3],
            4 | 5 => methods(dictionary)?,
            _ => return None,
        };
        let bits = match version {
            1 => 40,
            2 => number(b"Length").unwrap_or(40),
            _ => 128,
        };
        let length = usize::try_from(bits / 8).ok().filter(|length| (5..=16).contains(length))?;
        let key = match revision {
            2..=4 => old_key(dictionary, id, permissions, revision, length)?,
            5 | 6 => new_key(dictionary, revision)?,
            _ => return None,
        };
        Some(Self { key, strings, streams, files, permissions })
    }

    /// Whether the owner allows to change the document (bit 4).
    pub fn allows_changes(&self) -> bool {
        self.permissions & 1 << 3 != 0
    }

    /// Whether the owner allows to add pages and bookmarks (bit 11, or all changes).
    pub fn allows_pages(&self) -> bool {
        self.allows_changes() || self.permissions & 1 << 10 != 0
    }

    /// Encrypts a string or a stream of an object.
    pub fn encrypt(&self, id: ObjRef, bytes: &[u8], kind: DataKind) -> Vec<u8> {
        let method = match kind {
            DataKind::String => self.strings,
            DataKind::Stream => self.streams,
            DataKind::EmbeddedFile => self.files,
        };
        match method {
            Method::None => bytes.to_vec(),
            Method::Rc4 => rc4(&self.object_key(id, b""), bytes),
            Method::Aes128 => with_vector(id, bytes, |iv, bytes| {
                encrypt_128(&self.object_key(id, b"sAlT"), iv, bytes)
            }),
            Method::Aes256 => with_vector(id, bytes, |iv, bytes| {
                let cipher = cbc::Encryptor::<aes::Aes256>::new_from_slices(&self.key, iv).ok()?;
                Some(cipher.encrypt_padded_vec::<Pkcs7>(bytes))
            }),
        }
    }

    /// The key of an object (7.6.3.2, algorithm 1).
    fn object_key(&self, id: ObjRef, salt: &[u8]) -> Vec<u8> {
        let number = id.obj_number.to_le_bytes();
        let generation = id.gen_number.to_le_bytes();
        let hash = Md5::digest([&self.key, &number[..3], &generation[..2], salt].concat());
        hash[..(self.key.len() + 5).min(16)].to_vec()
    }
}

/// The methods for strings, streams and embedded files (7.6.6).
fn methods(dictionary: &Dict<'_>) -> Option<[Method; 3]> {
    let filters = dictionary.get::<Dict<'_>>(b"CF").unwrap_or_default();
    let method = |key: &[u8]| {
        let Some(name) =
            dictionary.get::<Name<'_>>(key).filter(|name| name.as_ref() != b"Identity")
        else {
            return Some(Method::None);
        };
        let filter = filters.get::<Dict<'_>>(name.as_ref())?;
        match filter.get::<Name<'_>>(b"CFM")?.as_ref() {
            b"None" => Some(Method::None),
            b"V2" => Some(Method::Rc4),
            b"AESV2" => Some(Method::Aes128),
            b"AESV3" => Some(Method::Aes256),
            _ => None,
        }
    };
    let files = if dictionary.contains_key(b"EFF") { b"EFF".as_slice() } else { b"StmF" };
    Some([method(b"StrF")?, method(b"StmF")?, method(files)?])
}

/// The document's key, revisions 2 to 4 (7.6.4.3.2, algorithm 2).
fn old_key(
    dictionary: &Dict<'_>,
    id: &[u8],
    permissions: u32,
    revision: i32,
    length: usize,
) -> Option<Vec<u8>> {
    let owner = dictionary.get::<PdfString<'_>>(b"O")?;
    let is_metadata_plain = dictionary.get::<bool>(b"EncryptMetadata") == Some(false);
    let mut hash = Md5::new();
    hash.update(PADDING);
    hash.update(owner.as_bytes().get(..32)?);
    hash.update(permissions.to_le_bytes());
    hash.update(id);
    if revision >= 4 && is_metadata_plain {
        hash.update([0xFF; 4]);
    }
    let mut key = hash.finalize();
    if revision >= 3 {
        for _ in 0..50 {
            key = Md5::digest(&key[..length]);
        }
    }
    Some(key[..length].to_vec())
}

/// The document's key, revisions 5 and 6 (7.6.4.3.3, algorithm 2.A).
fn new_key(dictionary: &Dict<'_>, revision: i32) -> Option<Vec<u8>> {
    let user = dictionary.get::<PdfString<'_>>(b"U")?;
    let kept = dictionary.get::<PdfString<'_>>(b"UE")?;
    let (check, salts) = user.as_bytes().get(..48)?.split_at(32);
    let (check_salt, key_salt) = salts.split_at(8);
    if hash(check_salt, revision)? != check {
        return None;
    }
    let key = hash(key_salt, revision)?;
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&key, &[0; 16]).ok()?;
    cipher.decrypt_padded_vec::<NoPadding>(kept.as_bytes()).ok().filter(|key| key.len() == 32)
}

/// The hash of the empty password with a salt (7.6.4.3.4, algorithm 2.B).
fn hash(salt: &[u8], revision: i32) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(salt).to_vec();
    if revision == 5 {
        return Some(key);
    }
    for round in 0.. {
        let cipher =
            cbc::Encryptor::<aes::Aes128>::new_from_slices(&key[..16], &key[16..32]).ok()?;
        let mixed = cipher.encrypt_padded_vec::<NoPadding>(&key.repeat(64));
        key = match mixed[..16].iter().map(|byte| u32::from(*byte)).sum::<u32>() % 3 {
            0 => Sha256::digest(&mixed).to_vec(),
            1 => Sha384::digest(&mixed).to_vec(),
            _ => Sha512::digest(&mixed).to_vec(),
        };
        if round >= 63 && i32::from(*mixed.last()?) <= round - 31 {
            break;
        }
    }
    key.truncate(32);
    Some(key)
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Ok(mut cipher) = Rc4::new_from_slice(key) {
        cipher.apply_keystream(&mut bytes);
    }
    bytes
}

fn encrypt_128(key: &[u8], iv: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Encryptor::<aes::Aes128>::new_from_slices(key, iv).ok()?;
    Some(cipher.encrypt_padded_vec::<Pkcs7>(bytes))
}

/// Encrypts with an initialization vector, which goes before the bytes. It is a digest of what is encrypted
/// and not random, so that the same input gives the same file.
fn with_vector(
    id: ObjRef,
    bytes: &[u8],
    encrypt: impl FnOnce(&[u8], &[u8]) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(id.obj_number.to_be_bytes());
    digest.update(bytes);
    let vector = &digest.finalize()[..16];
    // Key and vector have the lengths that the ciphers want.
    [vector, &encrypt(vector, bytes).unwrap_or_default()].concat()
}
