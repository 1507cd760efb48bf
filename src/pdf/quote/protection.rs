//! What a document's signatures and standards say about additions.
//!
//! Source: ISO 32000-2, 12.8; ISO 19005.

use hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro_syntax::xref::XRef;

use super::obstacle::Obstacle;
use crate::pdf::file::lookup::{array, dictionary};
use crate::pdf::form::tree::fields;

/// What the signatures of a document say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Protection {
    /// Whether there is a signature.
    pub is_signed: bool,
    /// Whether one of them forbids additions: it certifies the document, or locks it (12.8.2.2, 12.7.5.5).
    is_certified: bool,
    /// Whether the document has usage rights, which end with any addition (12.8.2.3).
    has_usage_rights: bool,
}

impl Protection {
    /// That something may be added beside the pages.
    pub fn allows_additions(self) -> Result<(), Obstacle> {
        if self.is_certified {
            Err(Obstacle::Certified)
        } else if self.has_usage_rights {
            Err(Obstacle::UsageRights)
        } else {
            Ok(())
        }
    }
}

/// Reads what the signatures of a document say.
pub fn of(xref: &XRef, catalog: &Dict<'_>) -> Protection {
    let permissions = dictionary(catalog, "Perms");
    let mut protection = Protection {
        is_signed: false,
        is_certified: permissions.contains_key(b"DocMDP"),
        has_usage_rights: permissions.contains_key(b"UR3") || permissions.contains_key(b"UR"),
    };
    for field in fields(xref, &dictionary(catalog, "AcroForm")) {
        let value = field.inherited(b"V").and_then(Object::into_dict);
        let Some(signature) = value.filter(|_| field.is_signature()) else {
            continue;
        };
        protection.is_signed = true;
        let lock = field.inherited(b"Lock").and_then(Object::into_dict).unwrap_or_default();
        let certifies = array(&signature, "Reference").iter::<Dict<'_>>().any(|reference| {
            let method = reference.get::<Name<'_>>(b"TransformMethod");
            method.is_some_and(|method| method.as_ref() == b"DocMDP")
        });
        protection.is_certified |= certifies || lock.contains_key(b"P");
    }
    protection
}

/// The part of PDF/A that the metadata claim, as an element or as an attribute.
pub fn archival_part(catalog: &Dict<'_>) -> Option<char> {
    const KEY: &str = "pdfaid:part";
    let metadata = catalog.get::<Stream<'_>>(b"Metadata")?.decoded().ok()?;
    let text = String::from_utf8_lossy(&metadata);
    let (_, value) = text.split_once(KEY)?;
    value.trim_start_matches(['>', '=', '"', '\'', ' ']).chars().next().filter(char::is_ascii_digit)
}
