//! What `show` says of a PDF that comes back: what was changed, signed, painted over.

use std::fmt::Write as _;

use dpa_gen::pdf::{Inspection, Integrity, inspect};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, ObjectIdentifier};

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::stress::Random;
use crate::support::{Folder, assert_snapshot, repository, without_digests};
use crate::touched::filled_in;

/// A later revision of a document, as it is written.
pub struct Revision {
    pdf: Vec<u8>,
    read: Pdf,
    objects: Vec<(i32, Vec<u8>)>,
    next: i32,
}

impl Revision {
    /// A revision of a document that dpa-gen made.
    pub fn of(pdf: &[u8]) -> Self {
        let text = String::from_utf8_lossy(pdf);
        let size = text.rsplit_once("/Size ").unwrap().1;
        let size = size.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        let read = Pdf::new(pdf.to_vec()).unwrap();
        Self { pdf: pdf.to_vec(), read, objects: Vec::new(), next: size.parse().unwrap() }
    }

    pub fn source(&self, id: ObjectIdentifier) -> String {
        let dictionary: Dict<'_> = self.read.xref().get(id).unwrap();
        String::from_utf8_lossy(dictionary.data()).into_owned()
    }

    /// An entry of an object whose value is a list, as it is written.
    pub fn entry(&self, id: ObjectIdentifier, key: &str) -> String {
        let source = self.source(id);
        let (_, value) = source.split_once(key).unwrap();
        format!("{key}{}]", value.split_once(']').unwrap().0)
    }

    /// The number of a page, counted from 0.
    pub fn page(&self, index: usize) -> ObjectIdentifier {
        self.read.pages()[index].raw().obj_id().unwrap()
    }

    /// The number of a field.
    pub fn field(&self, name: &str) -> ObjectIdentifier {
        let catalog: Dict<'_> = self.read.xref().get(self.read.xref().root_id()).unwrap();
        let form = catalog.get::<Dict<'_>>(b"AcroForm").unwrap();
        let fields = form.get::<Array<'_>>(b"Fields").unwrap();
        let id = fields.iter::<Dict<'_>>().filter_map(|field| field.obj_id());
        let mark = format!("/T ({name})");
        id.into_iter().find(|id| self.source(*id).contains(&mark)).unwrap()
    }

    /// The number of the catalog.
    pub fn catalog(&self) -> ObjectIdentifier {
        self.read.xref().root_id()
    }

    /// Gives each of two objects what the other is.
    pub fn swapped(mut self, one: ObjectIdentifier, other: ObjectIdentifier) -> Self {
        for (id, from) in [(one, other), (other, one)] {
            self.objects.push((id.obj_number, self.source(from).into_bytes()));
        }
        self
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.read.pages().len()
    }

    /// The number of a resource of a page.
    pub fn resource(&self, page: usize, kind: &str, name: &str) -> ObjectIdentifier {
        let own: Dict<'_> = self.read.pages()[page].raw().get(b"Resources").unwrap();
        let kind: Dict<'_> = own.get(kind.as_bytes()).unwrap();
        kind.get_ref(name.as_bytes()).unwrap().into()
    }

    /// What a page shows, as a PDF says it.
    pub fn content(&self, index: usize) -> String {
        let content = self.read.pages()[index].page_stream().unwrap();
        content.iter().map(|byte| char::from(*byte)).collect()
    }

    /// Writes a page again with another content, and these entries in the dictionaries of its resources.
    pub fn repainted(mut self, index: usize, content: &str, resources: &[(&str, &str)]) -> Self {
        let id = self.page(index);
        let content: Vec<u8> = content.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let stream = [b"<</Length ", content.len().to_string().as_bytes(), b">>stream\n"].concat();
        self.next += 1;
        let added = self.next - 1;
        self.objects.push((added, [&stream, &content[..], b"\nendstream"].concat()));
        let source = self.source(id);
        let (_, old) = source.split_once("/Contents ").unwrap();
        let old = format!("/Contents {} R", old.split_once(" R").unwrap().0);
        let raw = self.read.pages()[index].raw().get::<Dict<'_>>(b"Resources").unwrap();
        let mut own = String::from_utf8_lossy(raw.data()).into_owned();
        drop(raw);
        for (kind, entries) in resources {
            own = if own.contains(kind) {
                own.replacen(&format!("{kind}<<"), &format!("{kind}<<{entries} "), 1)
            } else {
                own.replacen("<<", &format!("<<{kind}<<{entries}>>"), 1)
            };
        }
        let (_, reference) = source.split_once("/Resources ").unwrap();
        let reference: i32 = reference.split_once(' ').unwrap().0.parse().unwrap();
        self.objects.push((reference, own.into_bytes()));
        self.with(id, &format!("/Contents {added} 0 R"), &old)
    }

    /// Puts an annotation on a page that may have some.
    pub fn annotated(self, page: ObjectIdentifier, annotation: i32) -> Self {
        let source = self.source(page);
        if source.contains("/Annots[") {
            let annotations = format!("/Annots[{annotation} 0 R ");
            let written = source.replacen("/Annots[", &annotations, 1);
            let mut revision = self;
            revision.objects.push((page.obj_number, written.into_bytes()));
            revision
        } else {
            self.with(page, &format!("/Annots[{annotation} 0 R]"), "")
        }
    }

    /// Adds an object.
    pub fn add(&mut self, value: &str) -> i32 {
        self.next += 1;
        self.objects.push((self.next - 1, value.as_bytes().to_vec()));
        self.next - 1
    }

    /// Writes an object again, with these entries, and without that text.
    pub fn with(mut self, id: ObjectIdentifier, entries: &str, without: &str) -> Self {
        let source = self.source(id);
        assert!(without.is_empty() || source.contains(without), "{without} in {source}");
        let source = source.replacen(without, "", 1);
        let source = source.trim().strip_prefix("<<").unwrap_or(&source).to_owned();
        let source = source.strip_suffix(">>").unwrap_or(&source).to_owned();
        self.objects.push((id.obj_number, format!("<<{entries} {source}>>").into_bytes()));
        self
    }

    /// Writes an object again, without a list or a dictionary that it has.
    fn without(mut self, id: ObjectIdentifier, key: &str) -> Self {
        let dictionary: Dict<'_> = self.read.xref().get(id).unwrap();
        let list = dictionary.get::<Array<'_>>(key).map(|list| list.data());
        let value = list.or_else(|| Some(dictionary.get::<Dict<'_>>(key)?.data())).unwrap();
        let value = String::from_utf8_lossy(value).into_owned();
        drop(dictionary);
        let source = self.source(id);
        let (before, after) = source.split_once(&value).unwrap();
        let (before, _) = before.rsplit_once(&format!("/{key}")).unwrap();
        let after = after.trim_start().strip_prefix(']').unwrap_or(after);
        self.objects.push((id.obj_number, format!("{before}{after}").into_bytes()));
        self
    }

    /// The document with the revision behind it.
    pub fn written(self) -> Vec<u8> {
        let text = String::from_utf8_lossy(&self.pdf).into_owned();
        let previous = text.rsplit_once("startxref\n").unwrap().1.split_once('\n').unwrap().0;
        let root = self.read.xref().root_id().obj_number;
        let mut bytes = self.pdf;
        let mut table = "xref\n".to_owned();
        for (number, value) in self.objects {
            let _ = write!(table, "{number} 1\n{:010} 00000 n\r\n", bytes.len());
            bytes.extend([format!("{number} 0 obj\n").as_bytes(), &value, b"\nendobj\n"].concat());
        }
        let start = bytes.len();
        let size = self.next;
        let trailer = format!("trailer\n<</Size {size}/Root {root} 0 R/Prev {previous}>>\n");
        bytes.extend(format!("{table}{trailer}startxref\n{start}\n%%EOF\n").as_bytes());
        bytes
    }
}

/// A text field filled in, with what is shown of it.
fn filled_and_shown(pdf: &[u8], field: &str, value: &str, shown: &str) -> Vec<u8> {
    let mut revision = Revision::of(pdf);
    let id = revision.field(field);
    let catalog: Dict<'_> = revision.read.xref().get(revision.read.xref().root_id()).unwrap();
    let resources = catalog.get::<Dict<'_>>(b"AcroForm").unwrap().get::<Dict<'_>>(b"DR").unwrap();
    let resources = String::from_utf8_lossy(resources.data()).into_owned();
    drop(catalog);
    let content = format!("/Tx BMC BT /DpaSans 10 Tf 2 3 Td ({shown}) Tj ET EMC");
    let appearance = revision.add(&format!(
        "<</Subtype/Form/BBox[0 0 150 20]/Resources{resources}/Length {}>>stream\n{content}\nendstream",
        content.len()
    ));
    let value: String =
        value.encode_utf16().fold("FEFF".to_owned(), |hex, unit| format!("{hex}{unit:04X}"));
    let source = revision.source(id);
    let (_, old) = source.split_once("/AP").unwrap();
    let old = format!("/AP{}", old.split_once(">>").map(|(old, _)| format!("{old}>>")).unwrap());
    revision.with(id, &format!("/AP<</N {appearance} 0 R>>/V<{value}>"), &old).written()
}

/// A page with an annotation, the first on it.
pub fn annotated(pdf: &[u8], page: usize, annotation: &str) -> Vec<u8> {
    let mut revision = Revision::of(pdf);
    let id = revision.page(page);
    assert!(!revision.source(id).contains("/Annots"));
    let added = revision.add(annotation);
    revision.with(id, &format!("/Annots[{added} 0 R]"), "").written()
}

/// A page with words painted over it.
pub fn painted_over(pdf: &[u8], page: usize) -> Vec<u8> {
    let mut revision = Revision::of(pdf);
    let id = revision.page(page);
    let content = "BT /F1 20 Tf 100 500 Td (NIET van toepassing) Tj ET";
    let stream = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    let added = revision.add(&stream);
    let source = revision.source(id);
    let (_, contents) = source.split_once("/Contents").unwrap();
    let contents = contents.split_once(" R").unwrap().0;
    let old = format!("/Contents{contents} R");
    revision.with(id, &format!("/Contents[{contents} R {added} 0 R]"), &old).written()
}

/// What is done to a document, each as some program does it.
fn changes(pdf: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let revised = |id: fn(&Revision) -> ObjectIdentifier, entries: &str, without: &str| {
        let revision = Revision::of(pdf);
        let id = id(&revision);
        revision.with(id, entries, without).written()
    };
    let root = |revision: &Revision| revision.read.xref().root_id();
    let without_a_page = {
        let revision = Revision::of(pdf);
        let page = revision.page(4);
        let parent = revision.read.pages()[4].raw().get_ref(b"Parent").unwrap();
        revision.with(parent.into(), "", &format!("{} 0 R", page.obj_number)).written()
    };
    let moved = {
        let revision = Revision::of(pdf);
        let id = revision.field("client-place");
        let source = revision.source(id);
        let (_, rect) = source.split_once("/Rect").unwrap();
        let rect = format!("/Rect{}]", rect.split_once(']').unwrap().0);
        revision.with(id, "/Rect[0 0 9 9]", &rect).written()
    };
    vec![
        ("nothing but bytes", [pdf, b"% more\n%%EOF\n"].concat()),
        ("filled in", filled_and_shown(pdf, "client-place", "Utrecht", "Utrecht")),
        ("letters left out", filled_and_shown(pdf, "client-place", "Dvořák", "Dvo\\341k")),
        ("painted white", filled_and_shown(pdf, "client-place", "Utrecht", "")),
        ("no appearance", filled_in(pdf, "client-place", "Utrecht")),
        ("painted over", painted_over(pdf, 2)),
        ("page taken out", without_a_page),
        ("page turned", revised(|revision| revision.page(0), "/Rotate 180", "")),
        (
            "drawn",
            annotated(pdf, 3, "<</Type/Annot/Subtype/Ink/Rect[9 9 99 99]/InkList[[9 9 99 99]]>>"),
        ),
        ("stamped", annotated(pdf, 3, "<</Type/Annot/Subtype/Stamp/Rect[9 9 99 99]>>")),
        ("field moved", moved),
        ("script", revised(root, "/OpenAction<</S/JavaScript/JS(x)>>", "")),
        ("form taken out of the catalog", {
            let revision = Revision::of(pdf);
            let root = root(&revision);
            revision.without(root, "AcroForm").written()
        }),
    ]
}

fn anna() -> (Folder, Vec<u8>) {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    (folder, pdf)
}

#[test]
fn what_is_changed_is_named() {
    let (folder, pdf) = anna();
    let mut said = String::new();
    for (what, changed) in changes(&pdf) {
        folder.write("it.pdf", &changed);
        let text = folder.make(&["show", "it.pdf"]).stdout;
        let (_, text) = text.split_once("digest      ").unwrap();
        let (_, text) = text.split_once('\n').unwrap();
        let lines = text.lines().filter(|line| !line.ends_with('–'));
        let _ = writeln!(said, "── {what}\n{}\n", lines.collect::<Vec<_>>().join("\n"));
    }
    assert_snapshot!("returned_changes", said);
}

#[test]
fn what_is_changed_is_named_in_json() {
    let (folder, pdf) = anna();
    folder.write("it.pdf", filled_and_shown(&pdf, "client-place", "Dvořák", "Dvo\\341k"));
    let text = folder.make(&["show", "--json", "it.pdf"]).stdout;
    assert_snapshot!("returned_json", without_digests(&text));
}

/// The documents that others signed, by name.
fn signed_by_others() -> Vec<(String, Vec<u8>)> {
    let folder = std::fs::read_dir(repository().join("fixtures/returned")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let pdfs = paths.filter(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    };
    let mut documents: Vec<_> =
        pdfs.map(read).filter(|(name, _)| !name.contains("circle")).collect();
    documents.sort();
    assert!(documents.len() > 20);
    documents
}

#[test]
fn signatures_of_other_programs() {
    let folder = Folder::new();
    let mut said = String::new();
    for (name, pdf) in signed_by_others() {
        folder.write("it.pdf", &pdf);
        let text = folder.make(&["show", "it.pdf"]).stdout;
        let (_, text) = text.split_once("signed      1 of 1\n").unwrap();
        let line = text.lines().next().unwrap().trim();
        let _ = writeln!(said, "{name}: {line}");
    }
    assert_snapshot!("returned_signatures", said);
}

#[test]
fn a_signature_in_json() {
    let folder = Folder::new();
    for name in ["pades", "rsa-forged"] {
        folder.write(
            "it.pdf",
            std::fs::read(repository().join(format!("fixtures/returned/{name}.pdf"))).unwrap(),
        );
        assert_snapshot!(
            format!("returned_{name}"),
            folder.make(&["show", "--json", "it.pdf"]).stdout
        );
    }
}

#[test]
fn what_follows_a_signature_is_named() {
    let (name, pdf) = &signed_by_others().into_iter().find(|(name, _)| name == "rsa").unwrap();
    let folder = Folder::new();
    let painted = {
        let mut revision = Revision::of(pdf);
        let page = revision.page(0);
        let added = revision.add("<</Length 15>>stream\n0 0 99 99 re f  \nendstream");
        let old = format!(
            "/Contents {} 0 R",
            revision.read.pages()[0].raw().get_ref(b"Contents").unwrap().obj_number
        );
        revision.with(page, &format!("/Contents {added} 0 R"), &old).written()
    };
    folder.write("it.pdf", painted);
    assert_snapshot!(
        format!("returned_{name}_painted"),
        folder.make(&["show", "it.pdf"]).to_string()
    );
}

#[test]
fn a_form_that_is_gone() {
    let (folder, pdf) = anna();
    let catalog = Revision::of(&pdf);
    let root = catalog.read.xref().root_id();
    let (mut revision, pages) = (catalog, 0..);
    let taken_out: Vec<_> = pages
        .map_while(|page| revision.read.pages().get(page).map(|page| page.raw().obj_id().unwrap()))
        .filter(|id| revision.source(*id).contains("/Annots"))
        .collect();
    for page in taken_out {
        revision = revision.without(page, "Annots");
    }
    folder.write("it.pdf", revision.without(root, "AcroForm").written());
    assert_snapshot!(
        "returned_form_gone",
        without_digests(&folder.make(&["show", "it.pdf"]).to_string())
    );
    let json: serde_json::Value =
        serde_json::from_str(&folder.make(&["show", "--json", "it.pdf"]).stdout).unwrap();
    assert_eq!(json["results"][0]["form"], "gone");
}

fn integrity(inspection: &Inspection) -> Integrity {
    inspection.signatures().into_iter().find(|signature| signature.is_signed).unwrap().integrity
}

#[test]
fn no_changed_byte_leaves_a_signature_intact() {
    let mut random = Random(3);
    for (name, pdf) in signed_by_others() {
        let text = String::from_utf8_lossy(&pdf);
        let hole = text.rfind("/Contents").unwrap() + 10
            ..text.rfind(">>\nendobj\nxref").unwrap_or(pdf.len());
        for _ in 0..12 {
            let at = random.below(pdf.len());
            if hole.contains(&at) {
                continue;
            }
            let mut changed = pdf.clone();
            changed[at] ^= 1;
            let Some(found) = inspect(&changed) else {
                continue;
            };
            let signatures = found.signatures();
            let is_intact = signatures.iter().any(|found| found.integrity == Integrity::Intact);
            assert!(!is_intact, "{name}: byte {at}");
        }
    }
}

#[test]
fn no_damage_of_a_signature_makes_it_fall_over() {
    let mut random = Random(4);
    for (name, pdf) in signed_by_others() {
        let start =
            pdf.windows(10).rposition(|window| window == b"/Contents<" || window == b"/Contents ");
        let start = start.unwrap() + 10;
        for round in 0..25 {
            let mut damaged = pdf.clone();
            for _ in 0..=round % 4 {
                let at = start + random.below(2600);
                damaged[at] = b"0123456789abcdef"[random.below(16)];
            }
            if let Some(found) = inspect(&damaged) {
                let _ = found.signatures();
            }
        }
        let whole = inspect(&pdf).unwrap();
        assert_ne!(
            integrity(&whole),
            Integrity::Unchecked("it is not signed".to_owned()),
            "{name}"
        );
    }
}
