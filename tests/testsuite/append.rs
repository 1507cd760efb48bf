//! `attach --append`: the pages of the contract after those of the quote, and all that belongs to them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dpa_gen::pdf::inspect;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Object, String as PdfString};
use hayro_interpret::hayro_syntax::page::Rotation;

use crate::attach::{OUT, QUOTES, arguments, pdf_of, quote_with, sample, signed, with_quote};
use crate::pdf;
use crate::support::{ACME_PDF, Folder, assert_snapshot, without_digests};

/// The quote and the contract in one, of a quote.
fn appended(quote: &[u8]) -> (Folder, Vec<u8>) {
    let folder = with_quote(quote);
    folder.make(&["--client", "acme.toml"]);
    folder.make(&arguments(&["--append"]));
    let made = folder.read(OUT);
    assert!(made.starts_with(quote), "the quote should be the beginning");
    (folder, made)
}

fn catalog(pdf: &Pdf) -> Dict<'_> {
    pdf.xref().get(pdf.xref().root_id()).unwrap()
}

fn text(of: &Dict<'_>, key: &str) -> String {
    let text = of.get::<PdfString<'_>>(key).unwrap();
    match text.as_bytes().strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units: Vec<u16> =
                units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(text.as_bytes().to_vec()).unwrap(),
    }
}

/// The bookmarks, a line each, indented by their depth.
fn bookmarks(pdf: &[u8]) -> String {
    fn visit(node: &Dict<'_>, depth: usize, lines: &mut String) {
        let mut item = node.get::<Dict<'_>>(b"First");
        while let Some(this) = item {
            writeln!(lines, "{}{}", "  ".repeat(depth), text(&this, "Title")).unwrap();
            visit(&this, depth + 1, lines);
            item = this.get::<Dict<'_>>(b"Next");
        }
    }
    let pdf = Pdf::new(pdf.to_vec()).unwrap();
    let mut lines = String::new();
    visit(&catalog(&pdf).get::<Dict<'_>>(b"Outlines").unwrap_or_default(), 0, &mut lines);
    lines
}

/// The names in a name tree of one node.
fn names(catalog: &Dict<'_>, tree: &str) -> Vec<String> {
    let names = catalog.get::<Dict<'_>>(b"Names").unwrap_or_default();
    let tree = names.get::<Dict<'_>>(tree).unwrap_or_default();
    let names = tree.get::<Array<'_>>(b"Names").unwrap_or_default();
    let names = names.iter::<Object<'_>>().filter_map(Object::into_string);
    names.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned()).collect()
}

#[test]
fn the_pages_follow_those_of_the_quote() {
    for name in QUOTES {
        let quote = sample(name);
        let (folder, made) = appended(&quote);
        let lines = |pdf: &[u8]| -> Vec<Vec<String>> {
            pdf::pages(pdf).into_iter().map(|page| page.lines).collect()
        };
        let expected = [lines(&quote), lines(&folder.read(ACME_PDF))].concat();
        assert!(lines(&made) == expected, "{name}: each page should say what it said");
        let shown = folder.make(&["show", OUT]).to_string();
        assert!(
            shown.contains("as made     yes, by the digest in the file itself"),
            "{name}\n{shown}"
        );
    }
}

#[test]
fn what_is_told() {
    let folder = with_quote(sample("pdftex"));
    let run = folder.make(&arguments(&["--append"]));
    assert_snapshot!("append_told", without_digests(&run.to_string()));
    let run = folder.make(&arguments(&["--append", "--json"]));
    assert_snapshot!("append_json", without_digests(&run.to_string()));
}

#[test]
fn the_fields_of_both_are_there() {
    let (_, made) = appended(&sample("pdftex"));
    let fields = inspect(&made).unwrap().fields;
    let ids: Vec<&str> = fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids.len(), 1 + 13);
    assert_eq!((ids[0], ids[1]), ("akkoord", "client-legal-form"));
}

#[test]
fn the_bookmarks_of_both_are_there() {
    assert_snapshot!("append_bookmarks", bookmarks(&appended(&sample("libreoffice")).1));
    let alone = bookmarks(&appended(&sample("cairo")).1);
    assert!(alone.starts_with("Verwerkersovereenkomst AVG\n  "), "{alone}");
}

#[test]
fn named_destinations_of_both_are_there_and_none_leads_elsewhere() {
    // The quote has destinations `parties` and `section.1`, the contract has `parties` too.
    let (_, made) = appended(&sample("pdftex"));
    let pdf = Pdf::new(made).unwrap();
    let names = names(&catalog(&pdf), "Dests");
    for name in ["parties", "parties-dpa", "section.1", "security"] {
        assert!(names.iter().any(|known| known == name), "{name} should be among {names:?}");
    }
    let mut targets = Vec::new();
    for page in pdf.pages().iter().skip(2) {
        let links = page.raw().get::<Array<'_>>(b"Annots").unwrap_or_default();
        let is_named = |link: &Dict<'_>| link.get::<PdfString<'_>>(b"Dest").is_some();
        targets.extend(links.iter().filter(is_named).map(|link: Dict<'_>| text(&link, "Dest")));
    }
    assert!(targets.iter().all(|target| names.contains(target)), "{targets:?}");
    assert!(
        targets.contains(&"parties-dpa".to_owned()) && !targets.contains(&"parties".to_owned())
    );
}

#[test]
fn the_structure_of_both_is_there() {
    let (folder, made) = appended(&sample("libreoffice"));
    // How many structure elements the parent tree leads to, by the pages' keys.
    let keys = |pdf: &[u8]| {
        let pdf = Pdf::new(pdf.to_vec()).unwrap();
        let root = catalog(&pdf).get::<Dict<'_>>(b"StructTreeRoot").unwrap();
        let tree = root.get::<Dict<'_>>(b"ParentTree").unwrap();
        let numbers = tree.get::<Array<'_>>(b"Nums").unwrap();
        let items: Vec<Object<'_>> = numbers.iter::<Object<'_>>().collect();
        let keys: Vec<i32> =
            items.chunks_exact(2).map(|pair| pair[0].clone().into_i32().unwrap()).collect();
        let pages: Vec<i32> =
            pdf.pages().iter().filter_map(|page| page.raw().get::<i32>(b"StructParents")).collect();
        assert!(pages.iter().all(|page| keys.contains(page)), "{pages:?} in {keys:?}");
        assert_eq!(root.get::<i32>(b"ParentTreeNextKey").unwrap(), keys.last().unwrap() + 1);
        (keys.len(), pages)
    };
    let (contract, _) = keys(&folder.read(ACME_PDF));
    let (both, pages) = keys(&made);
    assert!(both > contract);
    let distinct: BTreeSet<i32> = pages.iter().copied().collect();
    assert_eq!(distinct.len(), pages.len(), "no two pages share their key: {pages:?}");

    let untagged = Pdf::new(appended(&sample("cairo")).1).unwrap();
    assert!(catalog(&untagged).contains_key(b"StructTreeRoot"));
    assert!(!catalog(&untagged).contains_key(b"MarkInfo"), "the quote's pages are not tagged");
}

#[test]
fn what_the_roots_of_pages_hand_down_stays_with_each() {
    let quote = pdf_of(&[
        "<</Type/Catalog/Pages 2 0 R/PageLabels<</Nums[0<</S/r>>]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 300 300]/Rotate 90>>",
        "<</Type/Page/Parent 2 0 R>>",
    ]);
    let (_, made) = appended(&quote);
    let pdf = Pdf::new(made).unwrap();
    let pages = pdf.pages();
    assert_eq!(pages[0].render_dimensions(), (300.0, 300.0));
    assert!(matches!(pages[0].rotation(), Rotation::Horizontal));
    assert!(matches!(pages[1].rotation(), Rotation::None));
    assert!(pages[1].media_box().y1 > 800.0);
    let labels = catalog(&pdf).get::<Dict<'_>>(b"PageLabels").unwrap();
    let labels = labels.get::<Array<'_>>(b"Nums").unwrap();
    assert_eq!(labels.data(), b"0 <</S/r>> 1 <</S/D>>");
}

#[test]
fn what_is_in_the_way() {
    let form = "/AcroForm<</Fields[4 0 R]/XFA 4 0 R>>";
    let clash = "<</FT/Tx/T<FEFF0063006C00690065006E0074002D006E0061006D0065>>>";
    for (name, quote) in [
        ("signed", signed("", "")),
        ("restricted", sample("restricted")),
        ("password", sample("password")),
        ("dynamic_form", quote_with(form, &["<</FT/Tx/T(a)>>"])),
        ("same_field", quote_with("/AcroForm<</Fields[4 0 R]>>", &[clash])),
    ] {
        let folder = with_quote(quote);
        let run = folder.fail(&arguments(&["--append"]));
        assert_eq!(run.code, Some(1), "{name}\n{run}");
        assert_snapshot!(format!("append_{name}"), run.to_string());
    }
}
