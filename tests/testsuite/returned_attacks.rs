//! What others hide: pages that are not what they were, signatures that are none, words that look like ours.

use std::fmt::Write as _;

use dpa_gen::pdf::inspect;
use hayro_syntax::Pdf;

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::receive::signed_by;
use crate::returned::Revision;
use crate::support::{Folder, assert_snapshot, repository, without_digests};

/// The signed document of the fixtures: its catalog, the root of its page tree, its page, what the page shows.
const CATALOG: i32 = 1;
const PAGES: i32 = 6;
const PAGE: i32 = 8;
const CONTENTS: i32 = 9;

const PAINT: &str = "<</Length 15>>stream\n0 0 99 99 re f  \nendstream";

fn signed() -> Vec<u8> {
    std::fs::read(repository().join("fixtures/returned/rsa.pdf")).unwrap()
}

/// A document with objects behind it, each in place of the one with its number.
fn appended(pdf: &[u8], objects: &[(i32, &str)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let previous = text.rsplit_once("startxref\n").unwrap().1.lines().next().unwrap();
    let root = Pdf::new(pdf.to_vec()).unwrap().xref().root_id().obj_number;
    let (mut bytes, mut table) = (pdf.to_vec(), "xref\n".to_owned());
    for (id, value) in objects {
        let _ = write!(table, "{id} 1\n{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{id} 0 obj\n{value}\nendobj\n").as_bytes());
    }
    let start = bytes.len();
    let trailer = format!("trailer\n<</Size 9999/Root {root} 0 R/Prev {previous}>>");
    bytes.extend(format!("{table}{trailer}\nstartxref\n{start}\n%%EOF\n").as_bytes());
    bytes
}

/// A document with something replaced in what was added to it.
fn edited(pdf: &[u8], added: &[u8], part: &str, by: &str) -> Vec<u8> {
    let text = String::from_utf8(added[pdf.len()..].to_vec()).unwrap();
    assert!(text.contains(part), "{part} in {text}");
    [pdf, text.replacen(part, by, 1).as_bytes()].concat()
}

/// The page with other entries.
fn page(entries: &str) -> String {
    format!(
        "<</Type/Page/Parent {PAGES} 0 R/MediaBox[0 0 200 100]/Resources<<>>/Annots[3 0 R 4 0 R]{entries}>>"
    )
}

/// A field over the page, with what stands for a signature in it.
fn over_the_page(flags: u32, signature: &str) -> Vec<u8> {
    let widget = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature9)/F {flags}/Rect[0 0 200 100]/P {PAGE} 0 R\
         /AP<</N 31 0 R>>/V{signature}>>"
    );
    let page = page("/Contents 9 0 R").replace("4 0 R]", "4 0 R 30 0 R]");
    let catalog = "<</AF[2 0 R]/AcroForm<</Fields[3 0 R 4 0 R 30 0 R]/SigFlags 3>>\
                   /Names<</EmbeddedFiles 5 0 R>>/Pages 6 0 R/Type/Catalog>>";
    let appearance = "<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/Length 15>>stream\n0 0 99 99 re f  \nendstream";
    appended(&signed(), &[(CATALOG, catalog), (PAGE, &page), (30, &widget), (31, appearance)])
}

/// What programs read in different ways, behind a signed document.
fn ambiguous() -> Vec<(&'static str, Vec<u8>)> {
    let pdf = signed();
    let painted = appended(&pdf, &[(CONTENTS, PAINT)]);
    let object = format!("{CONTENTS} 0 obj\n{PAINT}\nendobj\n");
    let comment = format!("%{}\n", "x".repeat(3000));
    let twice = |first: &str| {
        let page = page(&format!("/{first} 30 0 R/Contents {CONTENTS} 0 R"));
        appended(&pdf, &[(30, PAINT), (PAGE, &page)])
    };
    let contents = page(&format!("/Contents {CONTENTS} 0 R"));
    let entry = format!("{CONTENTS} 1\n");
    vec![
        ("another generation in the table", edited(&pdf, &painted, "00000 n", "00001 n")),
        (
            "no cross-references",
            [&pdf, comment.as_bytes(), object.as_bytes(), comment.as_bytes()].concat(),
        ),
        ("no startxref", edited(&pdf, &painted, "startxref", &format!("{comment}startxrex"))),
        ("a startxref far from the end", [&painted, &comment.as_bytes()[..1500]].concat()),
        ("an object that the table does not name", {
            let longer = [&pdf, object.as_bytes()].concat();
            appended(&longer, &[(PAGE, &contents)])
        }),
        ("an entry twice in the table", {
            edited(&pdf, &painted, &entry, &format!("{entry}0000000000 00000 f \n{entry}"))
        }),
        ("what is used is freed", {
            let start = pdf.len();
            edited(&pdf, &painted, &format!("{start:010} 00000 n"), "0000000000 00001 f")
        }),
        ("a key twice", twice("Contents")),
        ("a key twice, written in two ways", twice("Cont#65nts")),
    ]
}

fn shown(folder: &Folder, pdf: &[u8]) -> String {
    folder.write("it.pdf", pdf);
    let text = folder.make(&["show", "it.pdf"]).stdout;
    let (_, text) = text.split_once("digest      ").unwrap();
    let lines = text.lines().skip(1).filter(|line| !line.ends_with('–'));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_read_in_two_ways_is_never_permitted() {
    let folder = Folder::new();
    let mut said = String::new();
    for (what, pdf) in ambiguous() {
        let found = inspect(&pdf).unwrap().signatures().remove(0);
        assert_ne!(found.permitted, Some(true), "{what}");
        let _ = writeln!(said, "── {what}\n{}\n", shown(&folder, &pdf));
    }
    assert_snapshot!("attacks_ambiguous", said);
}

#[test]
fn what_is_added_in_the_usual_way_is_read_in_one() {
    let pdf = signed();
    let contents = page(&format!("/Contents {CONTENTS} 0 R"));
    let once = appended(&pdf, &[(PAGE, &contents)]);
    let twice = appended(
        &once,
        &[
            (PAGE, &contents),
            (
                3,
                "<</F 4/FT/Tx/V(5 0 R)/P 8 0 R/Rect[10 60 90 80]/StructParent 0/Subtype/Widget/T(name)/Type/Annot>>",
            ),
        ],
    );
    let line_end = [&pdf, b"\r\n".as_slice()].concat();
    for pdf in [once, twice, line_end] {
        let found = inspect(&pdf).unwrap().signatures().remove(0);
        assert_eq!(found.permitted, Some(true), "{:?}", found.changes_after);
    }
}

#[test]
fn what_pages_inherit_is_compared() {
    let folder = Folder::new();
    let mut said = String::new();
    for entry in ["/CropBox[0 0 20 10]", "/Rotate 180"] {
        let root = format!("<</Type/Pages/Count 1/Kids[{PAGE} 0 R]{entry}>>");
        let _ = writeln!(
            said,
            "── {entry}\n{}\n",
            shown(&folder, &appended(&signed(), &[(PAGES, &root)]))
        );
    }
    assert_snapshot!("attacks_inherited", said);
}

#[test]
fn a_signature_that_is_none_does_not_cover_a_page() {
    let folder = Folder::new();
    let mut said = String::new();
    let unreadable = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached\
                      /ByteRange[0 9 9 9]/Contents<00>>>";
    // Printed; not shown on a screen, but printed; neither.
    for (flags, signature) in
        [(4, "<</Type/Sig>>"), (36, "<</Type/Sig>>"), (4, unreadable), (2, "<</Type/Sig>>")]
    {
        let pdf = over_the_page(flags, signature);
        let found = inspect(&pdf).unwrap().signatures().remove(0);
        assert_eq!(found.permitted, Some(false), "{flags} {signature}");
        let _ = writeln!(said, "── {flags} {signature}\n{}\n", shown(&folder, &pdf));
    }
    assert_snapshot!("attacks_no_signature", said);
}

fn anna() -> (Folder, Vec<u8>) {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    (folder, pdf)
}

/// The source of an object of a document, and that of a page of it.
fn source(pdf: &[u8], id: i32) -> String {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let (_, value) = text.rsplit_once(&format!("\n{id} 0 obj\n")).unwrap();
    value.split_once("\nendobj").unwrap().0.to_owned()
}

#[test]
fn a_font_that_is_said_to_be_an_annotation_is_compared() {
    let (folder, pdf) = anna();
    let text = String::from_utf8_lossy(&pdf).into_owned();
    let (_, font) = text.split_once("/FontFile3 ").unwrap();
    let font: i32 = font.split_once(' ').unwrap().0.parse().unwrap();
    let page = Pdf::new(pdf.clone()).unwrap().pages()[0].raw().obj_id().unwrap().obj_number;
    let source = source(&pdf, page);
    let entries = source.trim().strip_suffix(">>").unwrap().trim();
    let (before, after) = entries.split_once("/Annots").unwrap();
    let after = after.trim_start().strip_prefix('[').unwrap();
    let annotations = format!("{before}/Annots[{font} 0 R {after}>>");
    let other = "<</Length 4/Subtype/OpenType>>stream\nOTTO\nendstream";
    let changed = appended(&pdf, &[(page, &annotations), (font, other)]);
    let found = inspect(&changed).unwrap().changes().unwrap();
    assert!(found.iter().any(|change| !change.keeps_the_document()), "{found:?}");
    assert_snapshot!(
        "attacks_font",
        shown(&folder, &changed)
            .lines()
            .filter(|line| line.starts_with("as made") || line.contains("page 1:"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn a_box_that_is_locked_by_who_signs_is_not_changed() {
    let (_, pdf) = anna();
    let signed = signed_by(&pdf, "processor-signature", "rsa.p12");
    for (flags, may) in [(132, true), (4 + 128 + 512, true), (4 + 2, false), (0, false)] {
        let revision = Revision::of(&signed);
        let id = revision.field("client-signature");
        let changed = revision.with(id, &format!("/F {flags}"), "/F 4").written();
        let signatures = inspect(&changed).unwrap().signatures();
        let signature = signatures.iter().find(|state| state.is_signed).unwrap();
        assert_eq!(signature.permitted, Some(may), "{flags}: {:?}", signature.changes_after);
    }
}

#[test]
fn a_box_that_who_signs_in_it_shrinks_to_nothing_is_named() {
    let (_, pdf) = anna();
    let signed = signed_by(&pdf, "processor-signature", "rsa.p12");
    let revision = Revision::of(&signed);
    let id = revision.field("client-signature");
    let rect = revision.entry(id, "/Rect");
    let shrunk = revision.with(id, "/Rect[0 0 0 0]", &rect).written();
    let returned = signed_by(&shrunk, "client-signature", "p-256.p12");
    let state = inspect(&returned).unwrap();
    let signatures = state.signatures();
    let ours = signatures.iter().find(|state| state.field == "processor-signature").unwrap();
    let what: Vec<_> = ours.changes_after.iter().flatten().map(|change| &change.what[..]).collect();
    assert!(
        what.contains(&"the box of field `client-signature` made invisible by who signed in it"),
        "{what:?}"
    );
    assert_eq!(ours.permitted, Some(true), "{what:?}");
}

#[test]
fn a_value_does_not_write_lines_of_its_own() {
    let (folder, pdf) = anna();
    let forged =
        "Jan\\\"\\nsigned      2 of 2\\n  client-signature  A: intact\\u2028\\r\\tas made     yes";
    let text: String = serde_json::from_str(&format!("\"{forged}\"")).unwrap();
    let hexadecimal =
        text.encode_utf16().fold("FEFF".to_owned(), |hex, unit| format!("{hex}{unit:04X}"));
    let filled = crate::touched::filled_in(&pdf, "client-place", "Utrecht");
    let added = String::from_utf8(filled[pdf.len()..].to_vec()).unwrap();
    let added = added.replace("/V(Utrecht)", &format!("/V<{hexadecimal}>"));
    // The table is further on than the shorter value has it.
    let at = pdf.len() + added.find("xref\n").unwrap();
    let (head, _) = added.split_once("startxref").unwrap();
    let changed = [&pdf, head.as_bytes(), format!("startxref\n{at}\n%%EOF\n").as_bytes()].concat();
    assert_snapshot!("attacks_lines", without_digests(&shown(&folder, &changed)));
}

#[test]
fn junk_before_a_signed_file_breaks_the_signature_everywhere() {
    let pdf = [b"From: mail\r\n\r\n".as_slice(), &signed()].concat();
    let folder = Folder::new();
    folder.write("it.pdf", &pdf);
    let shown: serde_json::Value =
        serde_json::from_str(&folder.make(&["show", "--json", "it.pdf"]).stdout).unwrap();
    let result = &shown["results"][0];
    assert_eq!(result["signatures"][0]["integrity"], "broken", "{result}");
    let field =
        result["fields"].as_array().unwrap().iter().find(|field| !field["signature"].is_null());
    assert_eq!(field.unwrap()["signature"]["signed-bytes"], "changed", "{result}");
}

/// A text field of the signed document filled in, with what draws it.
fn filled(flags: u32, bounds: &str, content: &str) -> Vec<u8> {
    let appearance = format!(
        "<</Subtype/Form/BBox[{bounds}]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica\
         /Encoding/WinAnsiEncoding>>>>/ExtGState<</G<</ca 0/CA 0>>>>>>/Length {}>>stream\n{content}\nendstream",
        content.len()
    );
    let field = format!(
        "<</F {flags}/FT/Tx/P 8 0 R/Rect[10 60 90 80]/StructParent 0/Subtype/Widget/T(name)/Type/Annot\
         /V(Jan)/AP<</N 30 0 R>>>>"
    );
    appended(&signed(), &[(3, &field), (30, &appearance)])
}

#[test]
fn a_value_that_cannot_be_seen_is_not_said_to_be_printed() {
    let text = "BT /F 10 Tf 2 5 Td (Jan) Tj ET";
    let usual = "0 0 80 20";
    for (what, flags, bounds, content, printed) in [
        ("as usual", 4, usual, format!("1 1 78 18 re W n 0 g {text}"), Some(true)),
        ("after its background", 4, usual, format!("1 g 0 0 80 20 re f 0 g {text}"), Some(true)),
        ("white", 4, usual, format!("1 g {text}"), None),
        ("transparent", 4, usual, format!("/G gs {text}"), None),
        ("covered", 4, usual, format!("{text} 1 g 0 0 80 20 re f"), None),
        ("clipped to nothing", 4, usual, format!("0 0 0 0 re W n {text}"), None),
        ("tiny", 4, usual, text.replace("10 Tf", "1 Tf"), None),
        ("made tiny", 4, "0 0 8000 2000", text.to_owned(), None),
        ("on the screen only", 0, usual, text.to_owned(), Some(false)),
    ] {
        let mut found = inspect(&filled(flags, bounds, &content)).unwrap();
        found.look_at_what_is_printed();
        assert_eq!(found.fields[0].printed, printed, "{what}");
    }
}
