//! Whom a certificate names: a person, an organisation, or a signing platform.
//!
//! Source: RFC 5280, 4.1.2.6; ETSI EN 319 412-2 and 412-3.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use der::asn1::{ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Tag, Tagged};
use serde::Serialize;
use x509_cert::Certificate;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
const ORGANISATION_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");

/// Names of signing platforms, as their certificates have them, in small letters.
pub const PLATFORMS: [&str; 15] = [
    "adobe sign",
    "acrobat sign",
    "connective",
    "docusign",
    "dropbox sign",
    "evidos",
    "hellosign",
    "nitro sign",
    "oneflow",
    "pandadoc",
    "scrive",
    "signhost",
    "validsign",
    "yousign",
    "zynyo",
];

/// Whom a certificate is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subject {
    /// The organisation, if one is named.
    pub organisation: Option<String>,
    /// What kind of holder it is.
    pub kind: SubjectKind,
    /// Whether it certifies itself: nobody else says who it is.
    pub is_self_made: bool,
    /// The days that it is valid from and until, UTC.
    #[serde(skip)]
    pub valid: (NaiveDate, NaiveDate),
}

/// What kind of holder a certificate has, as far as its names say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A person: it has a surname or a given name.
    Person,
    /// An organisation: its name is that of the organisation, or it has a registration number.
    Organisation,
    /// A signing platform that is known here: it does not name the client.
    Platform,
    /// It does not say.
    Unclear,
}

impl Subject {
    /// Whom a certificate is of.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        let (common, organisation) =
            (part(certificate, COMMON_NAME), part(certificate, ORGANISATION));
        let is_platform = |name: &String| {
            let name = name.to_lowercase();
            PLATFORMS.iter().any(|platform| name.contains(platform))
        };
        let has = |oid| part(certificate, oid).is_some();
        let kind = if common.iter().chain(&organisation).any(is_platform) {
            SubjectKind::Platform
        } else if has(SURNAME) || has(GIVEN_NAME) {
            SubjectKind::Person
        } else if has(ORGANISATION_ID) || (organisation.is_some() && common == organisation) {
            SubjectKind::Organisation
        } else {
            SubjectKind::Unclear
        };
        let known = certificate.tbs_certificate();
        let day = |time: SystemTime| DateTime::<Utc>::from(time).date_naive();
        let validity = known.validity();
        let valid =
            (day(validity.not_before.to_system_time()), day(validity.not_after.to_system_time()));
        Self { organisation, kind, is_self_made: known.issuer() == known.subject(), valid }
    }
}

/// Whom a certificate names: its common name, else its organisation.
pub fn name(certificate: &Certificate) -> Option<String> {
    part(certificate, COMMON_NAME).or_else(|| part(certificate, ORGANISATION))
}

/// A part of the subject's name.
fn part(certificate: &Certificate, oid: ObjectIdentifier) -> Option<String> {
    let subject = certificate.tbs_certificate().subject();
    let part = subject.iter().find(|part| part.oid == oid)?;
    let value = &part.value;
    Some(match value.tag() {
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok()?.to_string(),
        Tag::TeletexString => value.decode_as::<TeletexStringRef<'_>>().ok()?.to_string(),
        Tag::BmpString => {
            let units =
                value.value().chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => value.decode_as::<Utf8StringRef<'_>>().ok()?.to_string(),
    })
}
