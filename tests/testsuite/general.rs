//! The general edition is the seed text, word for word, but for the corrections listed here.

use crate::pdf::{self, PageText};
use crate::support::{Folder, fold, join};

const PDF: &str = "verwerkersovereenkomst-2026-06-12.pdf";

/// What the seed has, what the document has instead, and how often.
const CORRECTIONS: [(&str, &str, usize); 11] = [
    // The layout of the cover has no capitals.
    ("VERWERKERSOVEREENKOMST AVG", "Verwerkersovereenkomst AVG", 1),
    // The processor's addresses, as on the cover.
    ("info@mnr.nl", "info@mnrv.nl", 2),
    ("<https://mnr.nl>", "https://mnrv.nl", 1),
    // Misspelt.
    ("opdrachtoomschrijving", "opdrachtomschrijving", 1),
    // The contents are computed: no remark that they are not, annexes have numbers of their own, and the
    // closing is in them.
    (
        "Deze inhoudsopgave is statisch opgenomen voor publicatie en leesbaarheid. Bij inhoudelijke \
         wijzigingen dient de nummering te worden gecontroleerd.",
        "",
        1,
    ),
    ("\n19. Bijlage 1 - ", "\nBijlage 1 ", 1),
    ("\n20. Bijlage 2 - ", "\nBijlage 2 ", 1),
    (
        "\n21. Bijlage 3 - Subverwerkerscategorieën",
        "\nBijlage 3 Subverwerkerscategorieën\nOndertekening en acceptatie",
        1,
    ),
    // The heading of an annex has its number on a line of its own; one title is misspelt.
    ("\n\nBijlage 1 - Verwerkingsoverzicht\n", "\n\nBijlage 1\nVerwerkingsoverzicht\n", 1),
    ("\n\nBijlage 2 - Beveiligingsmaatregelen\n", "\n\nBijlage 2\nBeveiligingsmaatregelen\n", 1),
    ("\n\nBijlage 3 - Subverwerkerscategorien\n", "\n\nBijlage 3\nSubverwerkerscategorieën\n", 1),
];

fn made() -> Folder {
    let folder = Folder::new();
    folder.make(&["--embedded", "--general"]);
    folder
}

/// The seed with the corrections made.
fn expected() -> String {
    let seed = include_str!("../../fixtures/seed.txt").to_owned();
    CORRECTIONS.iter().fold(seed, |text, (seed, ours, times)| {
        assert_eq!(text.matches(seed).count(), *times, "how often the seed has `{seed}`");
        text.replace(seed, ours)
    })
}

/// The running line of a page, in its parts.
fn running_line(page: &PageText) -> Vec<&str> {
    page.lines.last().map_or(Vec::new(), |line| line.split("   ").collect())
}

/// An entry of the contents: its text and its page number.
fn entry(line: &str) -> Option<(&str, usize)> {
    let (text, page) = line.rsplit_once("   ")?;
    // A word joiner keeps the page at the end of its entry.
    Some((text, page.trim_start_matches('\u{2060}').parse().ok()?))
}

/// Takes the numbers of the paragraphs out, which are no part of the owner's text: 1.1, 1.2, … 2.1, each once.
fn without_paragraph_numbers(pages: &mut [PageText]) {
    let (mut article, mut paragraph) = (1, 0);
    for line in pages.iter_mut().skip(2).flat_map(|page| &mut page.lines) {
        for next in [(article, paragraph + 1), (article + 1, 1)] {
            let number = format!("{}.{}", next.0, next.1);
            let rest = line.strip_prefix(&number).filter(|rest| rest.starts_with(['\u{A0}', ' ']));
            if let Some(rest) = rest.map(str::trim_start) {
                *line = rest.to_owned();
                (article, paragraph) = next;
                break;
            }
        }
    }
    assert_eq!((article, paragraph), (18, 3), "the last paragraph of the last article");
}

#[test]
fn the_text_is_the_seed_word_for_word_and_nothing_else() {
    let mut pages = pdf::pages(&made().read(PDF));
    for page in &mut pages[1..] {
        page.lines.pop().expect("a running line, which another test looks at");
    }
    for line in &mut pages[1].lines {
        if let Some((text, _)) = entry(line) {
            *line = text.to_owned();
        }
    }
    without_paragraph_numbers(&mut pages);
    let text = join(pages.iter().flat_map(|page| &page.lines).map(String::as_str));

    let expected = expected();
    let mut rest = text.as_str();
    let mut before = String::new();
    for line in expected.lines().map(fold).filter(|line| !line.is_empty()) {
        let here = rest.trim_start();
        let found = here
            .strip_prefix(&*line)
            .filter(|after| after.is_empty() || after.starts_with(' ') || line.ends_with('-'));
        let Some(after) = found else {
            let here: String = here.chars().take(line.chars().count() + 40).collect();
            panic!("after `{before}`\nthe seed has `{line}`\nthe PDF has  `{here}`");
        };
        rest = after;
        before = line;
    }
    assert_eq!(rest.trim(), "", "nothing should follow the last line of the seed");
}

#[test]
fn each_page_but_the_cover_ends_with_title_version_digest_and_page() {
    let folder = Folder::new();
    let run = folder.make(&["--embedded", "--general", "--json"]);
    let reported: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let digest = reported["results"][0]["digest"].as_str().unwrap();
    let pages = pdf::pages(&folder.read(PDF));
    assert!(pages.len() > 2);
    assert_eq!(reported["results"][0]["pages"], pages.len());
    for (index, page) in pages.iter().enumerate().skip(1) {
        let number = format!("{} / {}", index + 1, pages.len());
        assert_eq!(
            running_line(page),
            ["Verwerkersovereenkomst AVG, 12 juni 2026", &digest[..12], &number],
            "on page {}",
            index + 1
        );
    }
    assert!(!pages[0].lines.iter().any(|line| line.contains(&digest[..12])), "the cover has none");
}

#[test]
fn each_entry_of_the_contents_names_the_page_of_its_heading() {
    let pages = pdf::pages(&made().read(PDF));
    let entries: Vec<(&str, usize)> =
        pages[1].lines.iter().filter_map(|line| entry(line)).collect();
    assert_eq!(entries.len(), 18 + 3 + 1);
    for (text, page) in entries {
        // The number of an annex stands on a line of its own.
        let lines = join(pages[page - 1].lines.iter().map(String::as_str));
        assert!(
            lines.contains(&join([text].into_iter())),
            "`{text}` should stand on page {page}:\n{lines}"
        );
    }
}

#[test]
fn every_letter_stands_on_the_paper() {
    for page in pdf::pages(&made().read(PDF)) {
        assert_eq!(page.off_page, "");
    }
}
