//! Why a document cannot be signed.

use std::fmt;

use chrono::NaiveDate;

use crate::pdf::file::error::FileError;

/// Why a document cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignError {
    /// It has no signature field of this name.
    NoField(String),
    /// The field is signed already.
    Signed(String),
    /// It has no form font to show the signer's name in.
    NoFont,
    /// A letter that the font of the form does not have.
    NoLetter(char),
    /// The file cannot be extended.
    File(FileError),
    /// It is encrypted, and what is signed must be readable by everybody.
    Encrypted,
    /// The key store cannot be opened: a wrong pass phrase, or damaged.
    KeyStore,
    /// The key store holds no private key with a certificate.
    NoKey,
    /// The key is of a kind that cannot sign here.
    UnknownKey(String),
    /// The certificate file holds no certificate.
    NoCertificate,
    /// The certificate is valid from a later day on.
    NotYetValid(NaiveDate),
    /// The certificate was valid until an earlier day.
    Expired(NaiveDate),
    /// The certificate is not for signatures.
    NotForSigning,
    /// The signed message is larger than the hole.
    NoRoom,
    /// The document is not prepared to be signed elsewhere.
    NotPrepared,
    /// The signature does not fit; says how.
    DoesNotFit(String),
    /// What was written cannot be read back.
    Unreadable,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoField(field) => write!(f, "it has no signature field `{field}`"),
            Self::Signed(field) => write!(f, "`{field}` is signed already"),
            Self::NoFont => f.write_str("its form has no font to show the signer's name in"),
            Self::NoLetter(letter) => {
                write!(f, "the font of the form does not have the letter `{letter}`")
            }
            Self::File(error) => write!(f, "it is {error}"),
            Self::Encrypted => f.write_str("it is encrypted"),
            Self::KeyStore => f.write_str("the pass phrase is wrong, or the file is damaged"),
            Self::NoKey => f.write_str("it holds no private key with a certificate"),
            Self::UnknownKey(kind) => write!(f, "a key of this kind cannot sign here: {kind}"),
            Self::NoCertificate => f.write_str("it holds no certificate"),
            Self::NotYetValid(day) => write!(f, "it is valid from {day} on"),
            Self::Expired(day) => write!(f, "it expired on {day}"),
            Self::NotForSigning => f.write_str("it is not for signatures"),
            Self::NoRoom => f.write_str("the signature is larger than the space kept for it"),
            Self::NotPrepared => f.write_str("it is not prepared to be signed elsewhere"),
            Self::DoesNotFit(why) => write!(f, "the signature does not fit: {why}"),
            Self::Unreadable => f.write_str("what was written cannot be read back"),
        }
    }
}

impl std::error::Error for SignError {}

impl From<FileError> for SignError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}
