//! Copies whose text says the same and whose pages look different: another font, other places, a page that is turned.

use hayro_syntax::object::ObjectIdentifier;
use serde_json::Value;

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::returned::Revision;
use crate::support::Folder;

/// The page that is changed, counted from 0.
const PAGE: usize = 2;

fn anna() -> (Folder, Vec<u8>) {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    (folder, pdf)
}

/// What `receive` says of a copy: how the agreement stands by it, and what differs on each page that does.
fn received(folder: &Folder, pdf: &[u8]) -> (String, Vec<String>) {
    folder.write("returned.pdf", pdf);
    let run = folder.run(&["receive", "--dry-run", "--json", "returned.pdf"]);
    let said: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    let said = &said["results"][0];
    let pages = said["pages"].as_array().unwrap().iter();
    let differences = pages.flat_map(|page| {
        let differences = page["differences"].as_array().unwrap().iter();
        differences.map(move |it| format!("{}: {}", page["page"], it.as_str().unwrap()))
    });
    (said["agreement"].as_str().unwrap().to_owned(), differences.collect())
}

/// The font of the running text of the page, and its number.
fn font(revision: &Revision) -> ObjectIdentifier {
    let content = revision.content(PAGE);
    let name = if content.matches("/f1 ").count() > 3 { "f1" } else { "f0" };
    revision.resource(PAGE, "Font", name)
}

/// A stream that is added.
fn stream(revision: &mut Revision, entries: &str, content: &str) -> i32 {
    revision.add(&format!("<<{entries}/Length {}>>stream\n{content}\nendstream", content.len()))
}

/// The page with a part of its content in place of another.
fn edited(pdf: &[u8], edit: impl Fn(&str) -> String, resources: &[(&str, &str)]) -> Vec<u8> {
    let revision = Revision::of(pdf);
    let content = edit(&revision.content(PAGE));
    revision.repainted(PAGE, &content, resources).written()
}

#[test]
fn a_page_that_is_painted_again_as_it_was_is_the_same() {
    let (folder, pdf) = anna();
    let (agreement, differences) = received(&folder, &edited(&pdf, str::to_owned, &[]));
    assert_eq!((agreement.as_str(), differences), ("waiting-client", vec![]));
}

#[test]
fn letters_that_their_font_shows_as_others_are_seen() {
    let (folder, pdf) = anna();
    let mut revision = Revision::of(&pdf);
    let font = font(&revision);
    // The codes stand for the letters that they stood for, and two of them show what the other did.
    let codes = "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n\
                 /CMapName/Swapped def /CMapType 1 def\n\
                 1 begincodespacerange <0000><FFFF> endcodespacerange\n\
                 4 begincidrange <0000><0001> 0 <0002><0002> 3 <0003><0003> 2 <0004><FFFF> 4 endcidrange\n\
                 endcmap end end";
    let codes = stream(&mut revision, "/Type/CMap/CMapName/Swapped", codes);
    let entries = format!("/Encoding {codes} 0 R");
    let swapped = revision.with(font, &entries, "/Encoding/Identity-H").written();
    let (agreement, differences) = received(&folder, &swapped);
    assert_eq!(agreement, "changed", "{differences:?}");
    let seen = |text: &String| text.ends_with("looks different: another font, or other letters");
    assert!(differences.iter().any(seen), "{differences:?}");
}

#[test]
fn words_that_are_moved_or_shrunk_where_they_are_drawn_are_seen() {
    let (folder, pdf) = anna();
    // The third run of text is set lower by some lines, or so small that nobody reads it.
    let third = |content: &str, part: &str, by: &str| {
        let at = content.match_indices(part).nth(2).unwrap().0;
        format!("{}{by}{}", &content[..at], &content[at + part.len()..])
    };
    let moved = edited(&pdf, |page| third(page, " 0 0 Tm", " 0 55 Tm"), &[]);
    let (agreement, differences) = received(&folder, &moved);
    assert_eq!(agreement, "changed", "{differences:?}");
    assert!(differences[0].ends_with("is in another place"), "{differences:?}");

    let small = edited(&pdf, |page| third(page, "1 0 0 -1 0 0 Tm", ".1 0 0 -.1 0 0 Tm"), &[]);
    let (agreement, differences) = received(&folder, &small);
    assert_eq!(agreement, "changed", "{differences:?}");
    assert!(differences[0].ends_with("has another size"), "{differences:?}");
}

#[test]
fn pages_that_are_turned_are_seen() {
    let (folder, pdf) = anna();
    let mut revision = Revision::of(&pdf);
    for page in 0..revision.pages() {
        let id = revision.page(page);
        revision = revision.with(id, "/Rotate 180", "");
    }
    let (agreement, differences) = received(&folder, &revision.written());
    assert_eq!(agreement, "changed");
    assert!(differences.len() > 5, "{differences:?}");
    assert!(
        differences.iter().all(|it| it.ends_with("it is turned by 180 degrees")),
        "{differences:?}"
    );
}

#[test]
fn letters_that_may_not_be_seen_are_not_the_same() {
    let (folder, pdf) = anna();
    let light =
        edited(&pdf, |page| format!("/Veil gs\n{page}"), &[("/ExtGState", "/Veil<</BM/Screen>>")]);
    let (agreement, differences) = received(&folder, &light);
    assert_eq!(agreement, "changed", "{differences:?}");
    assert!(
        differences.iter().any(|it| it.contains("letters cannot be read, or may not be seen")),
        "{differences:?}"
    );
}

#[test]
fn what_is_drawn_over_a_page_by_a_link_or_a_button_is_seen() {
    let (folder, pdf) = anna();
    let button = "/Subtype/Widget/FT/Btn/Ff 65536/T(cover)";
    for (kind, name) in
        [("/Subtype/Link/Border[0 0 0]", "Link over"), (button, "field `cover` was added")]
    {
        let mut revision = Revision::of(&pdf);
        let (paint, form) = ("1 g 0 0 400 300 re f", "/Subtype/Form/BBox[0 0 400 300]");
        let appearance = stream(&mut revision, form, paint);
        let over =
            format!("<</Type/Annot{kind}/Rect[80 400 480 700]/F 4/AP<</N {appearance} 0 R>>>>");
        let over = revision.add(&over);
        let page = revision.page(PAGE);
        let annotated = revision.annotated(page, over).written();
        let (agreement, differences) = received(&folder, &annotated);
        assert_eq!(agreement, "changed", "{name}");
        assert!(differences.iter().any(|it| it.contains(name)), "{differences:?}");
    }
    for (border, is_seen) in [("/Border[0 0 30]", true), ("/BS<</W 30>>", true), ("", false)] {
        let mut revision = Revision::of(&pdf);
        let link =
            format!("<</Type/Annot/Subtype/Link/Rect[80 400 480 420]/F 4/C[1 1 1]{border}>>");
        let link = revision.add(&link);
        let page = revision.page(PAGE);
        let (agreement, differences) = received(&folder, &revision.annotated(page, link).written());
        assert_eq!(agreement == "changed", is_seen, "{border}: {differences:?}");
    }
}

#[test]
fn letters_that_say_that_they_are_blanks_are_seen() {
    let (folder, pdf) = anna();
    let mut revision = Revision::of(&pdf);
    let font = font(&revision);
    let blank = "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n\
                 /CMapName/Blank def /CMapType 2 def\n\
                 1 begincodespacerange <0000><FFFF> endcodespacerange\n\
                 3 beginbfchar <0003><0020> <0004><0020> <0005><0020> endbfchar\n\
                 endcmap end end";
    let blank = stream(&mut revision, "/Type/CMap", blank);
    let source = revision.source(font);
    let (before, after) = source.split_once("/ToUnicode ").unwrap();
    let (_, after) = after.split_once(" R").unwrap();
    let blanks = revision.add(&format!("{before}/ToUnicode {blank} 0 R{after}"));
    let content = revision.content(PAGE) + "\nBT /Blank 11 Tf 90 60 Td <000300040005> Tj ET";
    let entry = format!("/Blank {blanks} 0 R");
    let added = revision.repainted(PAGE, &content, &[("/Font", &entry)]).written();
    let (agreement, differences) = received(&folder, &added);
    assert_eq!(agreement, "changed", "{differences:?}");
}
