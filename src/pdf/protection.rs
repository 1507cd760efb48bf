//! What a document's signatures and standards say about additions.
//!
//! Source: ISO 32000-2, 12.8; ISO 19005.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, Stream};
use hayro_syntax::xref::XRef;

use super::host::Obstacle;
use super::tree::resolve;

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
    let permissions = catalog.get::<Dict<'_>>(b"Perms").unwrap_or_default();
    let mut protection = Protection {
        is_signed: false,
        is_certified: permissions.contains_key(b"DocMDP"),
        has_usage_rights: permissions.contains_key(b"UR3") || permissions.contains_key(b"UR"),
    };
    let form = catalog.get::<Dict<'_>>(b"AcroForm").unwrap_or_default();
    fields(xref, &form, &mut |field, kind| {
        let signature = field.get::<Dict<'_>>(b"V").filter(|_| kind == Some(b"Sig"));
        let Some(signature) = signature else {
            return;
        };
        protection.is_signed = true;
        let lock = field.get::<Dict<'_>>(b"Lock").unwrap_or_default();
        let references = signature.get::<Array<'_>>(b"Reference").unwrap_or_default();
        let certifies = references.iter::<Dict<'_>>().any(|reference| {
            let method = reference.get::<Name<'_>>(b"TransformMethod");
            method.is_some_and(|method| method.as_ref() == b"DocMDP")
        });
        protection.is_certified |= certifies || lock.contains_key(b"P");
    });
    protection
}

/// Visits the fields of a form, with their kind, which the fields above may say; a field that is its own
/// descendant is visited once.
pub fn fields(xref: &XRef, form: &Dict<'_>, visit: &mut dyn FnMut(&Dict<'_>, Option<&[u8]>)) {
    let mut seen: HashSet<ObjRef> = HashSet::new();
    let top = form.get::<Array<'_>>(b"Fields").unwrap_or_default();
    let mut open: Vec<(MaybeRef<Object<'_>>, Option<Vec<u8>>)> =
        top.raw_iter().map(|field| (field, None)).collect();
    while let Some((field, kind)) = open.pop() {
        if field.as_obj_ref().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let Some(field) = resolve(xref, field).and_then(Object::into_dict) else {
            continue;
        };
        let own = field.get::<Name<'_>>(b"FT").map(|kind| kind.to_vec());
        let kind = own.or(kind);
        visit(&field, kind.as_deref());
        let kids = field.get::<Array<'_>>(b"Kids").unwrap_or_default();
        open.extend(kids.raw_iter().map(|kid| (kid, kind.clone())));
    }
}

/// The part of PDF/A that the metadata claim, as an element or as an attribute.
pub fn archival_part(catalog: &Dict<'_>) -> Option<char> {
    const KEY: &str = "pdfaid:part";
    let metadata = catalog.get::<Stream<'_>>(b"Metadata")?.decoded().ok()?;
    let text = String::from_utf8_lossy(&metadata);
    let (_, value) = text.split_once(KEY)?;
    value.trim_start_matches(['>', '=', '"', '\'', ' ']).chars().next().filter(char::is_ascii_digit)
}
