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

use super::error::FileError;

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
    ///
    /// # Errors
    ///
    /// If the key does not fit the method.
    pub fn encrypt(&self, id: ObjRef, bytes: &[u8], kind: DataKind) -> Result<Vec<u8>, FileError> {
        let method = match kind {
            DataKind::String => self.strings,
            DataKind::Stream => self.streams,
            DataKind::EmbeddedFile => self.files,
        };
        let encrypted = match method {
            Method::None => Some(bytes.to_vec()),
            Method::Rc4 => rc4(&self.object_key(id, b""), bytes),
            Method::Aes128 => with_vector(id, bytes, |iv, bytes| {
                encrypt_128(&self.object_key(id, b"sAlT"), iv, bytes)
            }),
            Method::Aes256 => with_vector(id, bytes, |iv, bytes| encrypt_256(&self.key, iv, bytes)),
        };
        encrypted.ok_or(FileError::UnknownEncryption)
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

fn rc4(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    Rc4::new_from_slice(key).ok()?.apply_keystream(&mut bytes);
    Some(bytes)
}

fn encrypt_128(key: &[u8], iv: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Encryptor::<aes::Aes128>::new_from_slices(key, iv).ok()?;
    Some(cipher.encrypt_padded_vec::<Pkcs7>(bytes))
}

fn encrypt_256(key: &[u8], iv: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Encryptor::<aes::Aes256>::new_from_slices(key, iv).ok()?;
    Some(cipher.encrypt_padded_vec::<Pkcs7>(bytes))
}

/// Encrypts with an initialization vector, which goes before the bytes. It is a digest of what is encrypted
/// and not random, so that the same input gives the same file.
fn with_vector(
    id: ObjRef,
    bytes: &[u8],
    encrypt: impl FnOnce(&[u8], &[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let mut digest = Sha256::new();
    digest.update(id.obj_number.to_be_bytes());
    digest.update(bytes);
    let vector = &digest.finalize()[..16];
    Some([vector, &encrypt(vector, bytes)?].concat())
}

#[cfg(test)]
mod tests {
    use aes::cipher::BlockModeDecrypt;
    use hayro_syntax::object::FromBytes;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        base16ct::lower::decode_vec(text).unwrap()
    }

    /// RFC 6229, keys of 40 and of 128 bits, offset 0.
    #[test]
    fn rc4_is_that_of_its_test_vectors() {
        let stream = |key: &str| rc4(&hex(key), &[0; 16]).unwrap();
        assert_eq!(stream("0102030405"), hex("b2396305f03dc027ccc3524a0a1118a8"));
        let long = stream("0102030405060708090a0b0c0d0e0f10");
        assert_eq!(long, hex("9ac7cc9a609d1ef7b2932899cde41b97"));
    }

    /// NIST SP 800-38A, F.2.1 and F.2.5; a block of padding follows.
    #[test]
    fn aes_is_that_of_its_test_vectors() {
        let iv = hex("000102030405060708090a0b0c0d0e0f");
        let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        let made = encrypt_128(&hex("2b7e151628aed2a6abf7158809cf4f3c"), &iv, &plain).unwrap();
        let blocks = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2";
        assert_eq!((&made[..32], made.len()), (hex(blocks).as_slice(), 48));
        let key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
        let made = encrypt_256(&hex(key), &iv, &plain).unwrap();
        let blocks = "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d";
        assert_eq!((&made[..32], made.len()), (hex(blocks).as_slice(), 48));
    }

    /// What another program encrypted: the text is "Offerte 41", in object 3.
    struct Written {
        dictionary: &'static str,
        id: &'static str,
        text: &'static str,
    }

    /// Revision 2, as qpdf writes it.
    const R2: Written = Written {
        dictionary: "<</Filter/Standard/Length 40/O<d8a81f2f756b03f0e776376607dc67c098531ac3e51f6e5cf0fc147\
             3b1ce0975>/P -12/R 2/U<837decbb96df1bd386a4097b0c3d4894c8b69e8e4e0f92c2cffebbec2a717e0\
             4>/V 1>>",
        id: "20fa385c3d648b62f8c51178cb218b47",
        text: "0ec2426b6ff7b820cfba",
    };

    /// Revision 3, as qpdf writes it.
    const R3: Written = Written {
        dictionary: "<</Filter/Standard/Length 128/O<77b8fb098022d3ab34237ea5643c08710ea5123fc5f88bf993a68c\
             ca5f12b40f>/P -1028/R 3/U<2f61167218655125b1c42e04870bed560021446990b9e4114071a4d91049\
             84c1>/V 2>>",
        id: "20fa385c3d648b62f8c51178cb218b47",
        text: "17ea8a756bc64cf1cd91",
    };

    /// Revision 4, as qpdf writes it.
    const R4: Written = Written {
        dictionary: "<</CF<</StdCF<</CFM/AESV2/Length 16>>>>/Filter/Standard/Length 128/O<77b8fb098022d3ab3\
             4237ea5643c08710ea5123fc5f88bf993a68cca5f12b40f>/P -1028/R 4/StmF/StdCF/StrF/StdCF/U<2\
             f61167218655125b1c42e04870bed560021446990b9e4114071a4d9104984c1>/V 4>>",
        id: "20fa385c3d648b62f8c51178cb218b47",
        text: "184e91fab3c8fa1c344c0ec2b7ec33b5c73807e7dfc7ef6905a3aac45bafca79",
    };

    /// Revision 5, as qpdf writes it.
    const R5: Written = Written {
        dictionary: "<</CF<</StdCF<</CFM/AESV3/Length 32>>>>/Filter/Standard/Length 256/O<ac6fe8c583209c3dd\
             a0ec0666e4943d1db16d486c55b90ecdab05c02ccfaa54a50a3c484c53c778d21a556131d8010da>/P -10\
             28/Perms<4a71d2ebde52971e691e9afe75ac4991>/R 5/StmF/StdCF/StrF/StdCF/U<5348f4c434b54fa\
             e3ee11a9d1f609e1d2c378b54238e04fa90e9aea614c1c99abbe8ce9888579ac26aa3baabb86f9d59>/UE<\
             643a6841ee4f09710c4bfa5691120afcfd5afa34ebf6a993d0a245b001c09dd4>/V 5>>",
        id: "20fa385c3d648b62f8c51178cb218b47",
        text: "cf617357a8fa2d8ae06643f2eba6ce632d5c640776bd974f9fe92cc3656d165e",
    };

    /// Revision 6, as qpdf writes it.
    const R6: Written = Written {
        dictionary: "<</CF<</StdCF<</CFM/AESV3/Length 32>>>>/Filter/Standard/Length 256/O<7482a7dde36957ebe\
             fbca9e615918d54b630f763383bc548eb3bbc4135a59f134a9292f42e10833ab2c1859564e97d22>/P -10\
             28/Perms<73d20e74630affc41b8f22d9247019cb>/R 6/StmF/StdCF/StrF/StdCF/U<e784bd18ec04d21\
             c1db1251e61f6c6e2a2deb03941f9c6e892df20102cac22b9d557b174d0b3b3071c3b7ec919955ef0>/UE<\
             930cf1e784a6dccf5a2ddfcd50ffe066b5f1a7f274e876158bc2ec40a3a1de85>/V 5>>",
        id: "20fa385c3d648b62f8c51178cb218b47",
        text: "14ac634144eea236a3ffd93a1ffc34fb98ed2ee633032f0a4fc46e76b47c5cb6",
    };

    impl Written {
        fn dictionary(&self) -> Dict<'static> {
            Dict::from_bytes(self.dictionary.as_bytes()).unwrap()
        }

        fn string(&self, key: &[u8]) -> Vec<u8> {
            self.dictionary().get::<PdfString<'_>>(key).unwrap().as_bytes().to_vec()
        }

        fn encryption(&self) -> Encryption {
            Encryption::read(&self.dictionary(), &hex(self.id)).unwrap()
        }
    }

    const ID: ObjRef = ObjRef { obj_number: 3, gen_number: 0 };

    #[test]
    fn a_text_is_encrypted_as_another_program_does_it() {
        for written in [&R2, &R3] {
            let made = written.encryption().encrypt(ID, b"Offerte 41", DataKind::String).unwrap();
            assert_eq!(made, hex(written.text), "{}", written.dictionary);
        }
        let (vector, text) = (&hex(R4.text)[..16], &hex(R4.text)[16..]);
        let key = R4.encryption().object_key(ID, b"sAlT");
        assert_eq!(encrypt_128(&key, vector, b"Offerte 41").unwrap(), text);
        for written in [&R5, &R6] {
            let (vector, text) = (&hex(written.text)[..16], &hex(written.text)[16..]);
            let made = encrypt_256(&written.encryption().key, vector, b"Offerte 41").unwrap();
            assert_eq!(made, text, "{}", written.dictionary);
        }
    }

    /// ISO 32000-1, algorithms 4 and 5: what `U` is made of the key.
    #[test]
    fn the_old_keys_make_the_users_entry() {
        assert_eq!(rc4(&R2.encryption().key, &PADDING).unwrap(), R2.string(b"U"));
        for written in [&R3, &R4] {
            let key = written.encryption().key;
            let hash = Md5::digest([&PADDING[..], &hex(written.id)].concat()).to_vec();
            let made = (0..20_u8).fold(hash, |hash, round| {
                let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
                rc4(&key, &hash).unwrap()
            });
            assert_eq!(made, written.string(b"U")[..16], "{}", written.dictionary);
        }
    }

    /// ISO 32000-2, algorithm 13: the key opens the permissions, which say that they are some.
    #[test]
    fn the_new_keys_open_the_permissions() {
        for written in [&R5, &R6] {
            let encryption = written.encryption();
            let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&encryption.key, &[0; 16]);
            let plain =
                cipher.unwrap().decrypt_padded_vec::<NoPadding>(&written.string(b"Perms")).unwrap();
            assert_eq!(plain[..4], encryption.permissions.to_le_bytes());
            assert_eq!(&plain[9..12], b"adb");
        }
    }

    #[test]
    fn a_key_that_does_not_fit_is_an_error() {
        let encryption = Encryption { key: vec![0; 7], streams: Method::Aes256, ..R2.encryption() };
        let made = encryption.encrypt(ID, b"bytes", DataKind::Stream);
        assert_eq!(made, Err(FileError::UnknownEncryption));
    }
}
