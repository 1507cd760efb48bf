//! The layouts: each sets every paper, on no more pages than it may, and none changes what the contract says.

use std::fs;

use dpa_gen::library::PaperKind;

use crate::pdf;
use crate::support::{Folder, letters, repository, sample};

const LAYOUTS: [(&str, usize); 2] = [("standard", 10), ("compact", 7)];

/// The sample client's contract.
fn made(layout: &str) -> Vec<u8> {
    let folder = Folder::new();
    let file = sample("acme.toml");
    let client = file.to_str().unwrap();
    folder.make(&["--embedded", "--client", client, "--layout", layout, "-o", "made.pdf"]);
    folder.read("made.pdf")
}

#[test]
fn each_layout_has_a_file_for_each_paper() {
    for entry in fs::read_dir(repository().join("layouts")).unwrap() {
        let layout = entry.unwrap().path();
        if layout.join("measures.typ").exists() {
            for paper in PaperKind::ALL {
                assert!(layout.join(paper.main_file()).exists(), "{paper:?} in {layout:?}");
            }
            let name = layout.file_name().unwrap().to_str().unwrap();
            assert!(LAYOUTS.iter().any(|(known, _)| *known == name), "`{name}` is not tested");
        }
    }
}

#[test]
fn each_layout_says_the_same_on_the_pages_that_it_may_have() {
    /// What stands on the pages of the text: not the cover, the contents and the running lines.
    fn text(pages: &[pdf::PageText]) -> String {
        let begins = |page: &pdf::PageText| page.lines[0].starts_with("1.   Partijen");
        let first = pages.iter().position(begins).expect("article 1 begins a page");
        let lines = pages[first..].iter().flat_map(|page| &page.lines[..page.lines.len() - 1]);
        letters(&lines.map(String::as_str).collect::<Vec<_>>().join(" "))
    }
    let texts = LAYOUTS.map(|(layout, most)| {
        let pages = pdf::pages(&made(layout));
        assert!(pages.len() <= most, "{layout}: {} pages", pages.len());
        text(&pages)
    });
    assert!(texts[0].contains("Slotbepalingen"));
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn each_layout_sets_what_changed() {
    let folder = Folder::with_acme();
    folder.make(&["--client", "acme.toml", "-o", "old.pdf"]);
    folder.write("new.toml", fs::read(folder.path("acme.toml")).unwrap());
    let folder = folder.edit("new.toml", "Acme B.V.", "Acme Holding B.V.");
    for (layout, _) in LAYOUTS {
        let paper = format!("{layout}.pdf");
        folder.make(&["redline", "old.pdf", "new.toml", "--layout", layout, "-o", &paper]);
        let text = pdf::text(&folder.read(&paper));
        assert!(text.contains("Acme [nieuw: Holding] B.V."), "{text}");
    }
}

#[test]
fn the_contents_say_number_title_and_page() {
    let pdf = made("standard");
    let said = pdf::links(&pdf);
    for entry in [
        "4. “Aard, doel en omvang van de verwerking” pagina 3",
        "Bijlage 1 “Verwerkingsoverzicht” pagina 9",
        "“Ondertekening en acceptatie” pagina 10",
    ] {
        assert!(
            said.iter().any(|said| said.replace('\u{a0}', " ").trim() == entry),
            "{entry}: {said:#?}"
        );
    }
}

#[test]
fn the_end_of_the_text_is_on_the_page_of_the_signatures() {
    for (layout, _) in LAYOUTS {
        let pages = pdf::pages(&made(layout));
        let lines = &pages.last().unwrap().lines;
        let closing = lines.iter().position(|line| line == "Ondertekening en acceptatie").unwrap();
        assert!(closing >= 3, "{layout}: {lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("Handtekening")), "{layout}: {lines:#?}");
    }
}
