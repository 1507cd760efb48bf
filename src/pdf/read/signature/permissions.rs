//! What a signature permits to be changed after it.
//!
//! Source: ISO 32000-2, 12.8.2.2 (`DocMDP`) and 12.8.2.4 (`FieldMDP`).

use hayro_syntax::object::{Array, Dict, Name, String as PdfString};

use crate::pdf::file::text_string::decode;
use crate::pdf::read::changes::{Change, Level};

/// What a signature permits to be changed later.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    /// The level of a certification: 1 nothing, 2 filling in and signing, 3 annotations too.
    pub certifies: Option<u8>,
    /// The fields that it locks.
    locks: Vec<Locks>,
}

#[derive(Debug, Clone)]
enum Locks {
    All,
    Only(Vec<String>),
    AllBut(Vec<String>),
}

impl Permissions {
    /// Reads what a signature dictionary says.
    pub fn of(signature: &Dict<'_>) -> Self {
        let mut permissions = Self::default();
        let references = signature.get::<Array<'_>>(b"Reference").unwrap_or_default();
        for reference in references.iter::<Dict<'_>>() {
            let parameters = reference.get::<Dict<'_>>(b"TransformParams").unwrap_or_default();
            match reference.get::<Name<'_>>(b"TransformMethod").as_deref() {
                Some(b"DocMDP") => {
                    let level = parameters.get::<u8>(b"P").unwrap_or(2);
                    permissions.certifies = Some(level);
                }
                Some(b"FieldMDP") => permissions.locks.extend(Locks::of(&parameters)),
                _ => {}
            }
        }
        permissions
    }

    /// Whether they permit these changes; `certified` is the level of a certification that holds too.
    ///
    /// A signature that certifies nothing is of the document as it was: filling in and signing go on, in new
    /// boxes too.
    pub fn permit(&self, changes: &[Change], certified: Option<u8>) -> bool {
        let level = self.certifies.into_iter().chain(certified).min();
        let most = match level {
            Some(0 | 1) => Level::Upkeep,
            None => Level::Placing,
            Some(2) => Level::Filling,
            Some(_) => Level::Annotating,
        };
        changes.iter().all(|change| {
            let is_locked = change.field.as_deref().is_some_and(|field| self.lock(field));
            change.level <= most && !is_locked
        })
    }

    fn lock(&self, field: &str) -> bool {
        let is_in = |names: &[String]| {
            names.iter().any(|name| {
                field
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        self.locks.iter().any(|locks| match locks {
            Locks::All => true,
            Locks::Only(names) => is_in(names),
            Locks::AllBut(names) => !is_in(names),
        })
    }
}

impl Locks {
    fn of(parameters: &Dict<'_>) -> Option<Self> {
        let names = parameters.get::<Array<'_>>(b"Fields").unwrap_or_default();
        let names = names.iter::<PdfString<'_>>().map(|name| decode(name.as_bytes())).collect();
        match parameters.get::<Name<'_>>(b"Action")?.as_ref() {
            b"All" => Some(Self::All),
            b"Include" => Some(Self::Only(names)),
            b"Exclude" => Some(Self::AllBut(names)),
            _ => None,
        }
    }
}
