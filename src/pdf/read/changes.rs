//! What a later revision of a document changed, object by object: not which bytes were added, but what a
//! reader finds otherwise than before.
//!
//! Source: ISO 32000-2, 7.5.6, 12.7 and 12.8.2.2.

pub mod annotations;
mod form;
mod pages;

use std::collections::BTreeSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, ObjRef};
use serde::Serialize;

use super::attachments;
use super::fields::{self, Field};
use super::same::Revisions;
use crate::pdf::file::lookup::catalog;

/// A change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Of what kind it is.
    pub kind: Kind,
    /// The page that it is on, counted from 1; none if it is on no page, or on more than one.
    pub page: Option<usize>,
    /// What it is.
    pub what: String,
    /// How far it goes.
    #[serde(skip)]
    pub(super) level: Level,
    /// The field that it is of.
    #[serde(skip)]
    pub(super) field: Option<String>,
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A field is filled in.
    Fields,
    /// A signature.
    Signature,
    /// What lies over a page: a drawing, a stamp, a note, a field.
    Annotations,
    /// A page itself.
    PageContent,
    /// Which pages there are.
    Pages,
    /// Anything else.
    Other,
}

/// How far a change goes, by the levels of a certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What keeps signatures verifiable, and what is known of the document: nothing that is read.
    Upkeep,
    /// Filling in and signing.
    Filling,
    /// Signing in a new box on a page.
    Placing,
    /// Annotations.
    Annotating,
    /// More than a certification can permit.
    Beyond,
}

impl Change {
    fn new(kind: Kind, page: Option<usize>, level: Level, what: impl Into<String>) -> Self {
        Self { kind, page, what: what.into(), level, field: None }
    }

    /// That a field is signed.
    pub(super) fn signing(field: &str) -> Self {
        let what = format!("signed in `{field}`");
        Self::new(Kind::Signature, None, Level::Filling, what).of_field(field)
    }

    fn of_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Whether the document is as it was but for what is filled in and signed.
    #[must_use]
    pub fn keeps_the_document(&self) -> bool {
        self.level <= Level::Placing
    }
}

/// A revision as it is compared.
pub(super) struct Revision<'a> {
    pdf: &'a Pdf,
    catalog: Dict<'a>,
    fields: Vec<Field<'a>>,
}

impl<'a> Revision<'a> {
    fn of(pdf: &'a Pdf) -> Option<Self> {
        let catalog = catalog(pdf.xref())?;
        let fields = fields::collect(pdf, &catalog);
        Some(Self { pdf, catalog, fields })
    }

    /// The page that shows a widget.
    fn page_of(&self, widget: &Dict<'a>) -> Option<usize> {
        let id = widget.obj_id()?;
        let mut pages = self.pdf.pages().iter();
        pages
            .position(|page| annotations::ids(page.raw()).any(|found| found == id.into()))
            .map(|at| at + 1)
    }
}

/// What a later revision changed; `None` if one of them has no catalog.
pub fn between(before: &Pdf, after: &Pdf) -> Option<Vec<Change>> {
    let (before, after) = (Revision::of(before)?, Revision::of(after)?);
    let mut revisions = Revisions::new(before.pdf, after.pdf);
    for revision in [&before, &after] {
        revisions.apart.extend(pages::nodes(revision.pdf, &revision.catalog));
        for page in revision.pdf.pages().iter() {
            revisions.apart.extend(annotations::ids(page.raw()));
        }
        let fields = revision.fields.iter();
        let fields = fields.flat_map(|field| field.widgets.iter().chain([&field.dictionary]));
        revisions.apart.extend(fields.filter_map(Dict::obj_id).map(ObjRef::from));
    }
    let mut changes = BTreeSet::new();
    let mut note = |change| {
        changes.insert(change);
    };
    form::compare(&mut revisions, &before, &after, &mut note);
    pages::compare(&mut revisions, &before, &after, &mut note);
    compare_catalogs(&mut revisions, &before, &after, &mut note);
    Some(changes.into_iter().collect())
}

fn compare_catalogs<'a>(
    revisions: &mut Revisions<'a>,
    before: &Revision<'a>,
    after: &Revision<'a>,
    note: &mut dyn FnMut(Change),
) {
    // What is compared on its own.
    const APART: [&[u8]; 5] = [b"Pages", b"AcroForm", b"Names", b"AF", b"Perms"];
    const UPKEEP: [&[u8]; 4] = [b"Metadata", b"DSS", b"Extensions", b"Version"];
    let (one, other) = (&before.catalog, &after.catalog);
    for key in keys(one, other).iter().filter(|key| !APART.contains(&key.as_slice())) {
        if !revisions.same_entry(one, other, key) {
            let level =
                if UPKEEP.contains(&key.as_slice()) { Level::Upkeep } else { Level::Beyond };
            let what = match key.as_slice() {
                b"Metadata" => "metadata changed".to_owned(),
                b"DSS" => "data to verify signatures with added".to_owned(),
                b"StructTreeRoot" => "the order in which it is read aloud changed".to_owned(),
                key => format!("`{}` of the document changed", String::from_utf8_lossy(key)),
            };
            note(Change::new(Kind::Other, None, level, what));
        }
    }
    compare_names(revisions, one, other, note);
}

/// Compares embedded files by their names and bytes, and the other name trees.
fn compare_names<'a>(
    revisions: &mut Revisions<'a>,
    before: &Dict<'a>,
    after: &Dict<'a>,
    note: &mut dyn FnMut(Change),
) {
    let mut beyond = |what: String| note(Change::new(Kind::Other, None, Level::Beyond, what));
    let one = attachments(revisions.before.xref(), before);
    let other = attachments(revisions.after.xref(), after);
    for (name, bytes) in &other {
        match one.iter().find(|(known, _)| known == name) {
            None => beyond(format!("attachment `{name}` added")),
            Some((_, known)) if known != bytes => beyond(format!("attachment `{name}` changed")),
            Some(_) => {}
        }
    }
    for (name, _) in one.iter().filter(|(name, _)| !other.iter().any(|(known, _)| known == name)) {
        beyond(format!("attachment `{name}` removed"));
    }
    let (one, other) = (names(before), names(after));
    for key in keys(&one, &other).iter().filter(|key| key.as_slice() != b"EmbeddedFiles") {
        if !revisions.same_entry(&one, &other, key) {
            beyond(format!("`{}` of the document changed", String::from_utf8_lossy(key)));
        }
    }
}

fn names<'a>(catalog: &Dict<'a>) -> Dict<'a> {
    catalog.get(b"Names").unwrap_or_default()
}

/// The keys of two dictionaries.
fn keys(one: &Dict<'_>, other: &Dict<'_>) -> BTreeSet<Vec<u8>> {
    one.keys().chain(other.keys()).map(|key| key.to_vec()).collect()
}
