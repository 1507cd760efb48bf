//! Any paper goes the way of the contract: one value, one JSON file, one Typst file of the layout, one PDF.

use std::path::Path;

use chrono::NaiveDate;
use dpa_gen::library::{Library, PaperKind, Search};
use dpa_gen::pdf;
use dpa_gen::typeset::{Paper, Properties, Typesetter};
use serde_json::json;

use crate::support::{Folder, prose, with_stack};

/// A paper that says one sentence.
struct Note(String);

impl Paper for Note {
    fn kind(&self) -> PaperKind {
        PaperKind::Redline
    }

    fn json(&self) -> String {
        json!({
            "title": "Notitie",
            "language": "nl",
            "version": { "id": "2026-06-12", "text": "12 juni 2026" },
            "brand": { "accent": "#1f4e79" },
            "draft": false,
            "sentence": self.0,
        })
        .to_string()
    }

    fn properties(&self) -> Properties {
        Properties {
            title: None,
            source: "Notitie, 2026-06-12".to_owned(),
            author: "MNRV".to_owned(),
            version: "2026-06-12".to_owned(),
            digest: "ab".repeat(32),
            day: NaiveDate::from_ymd_opt(2026, 6, 12).unwrap(),
        }
    }
}

const LAYOUT: &str = "\
#import \"/contract.typ\": contract
#import \"../parts/style.typ\": paper
#set document(title: contract.title)
#show: paper
#title()
#contract.sentence
";

fn library(folder: &Folder) -> Library {
    let root = folder.path("");
    let search = Search { embedded: false, folder: Some(&root), from: Path::new(""), layout: None };
    Library::open(&search.find().unwrap()).unwrap()
}

/// The PDF of a note, or the first problem.
fn make(library: &Library, sentence: &str) -> Result<Vec<u8>, String> {
    let note = Note(sentence.to_owned());
    with_stack(|| {
        let typesetter = Typesetter::new(library).unwrap();
        let made = typesetter.lay_out(&note).and_then(|document| typesetter.export(&document));
        made.map_err(|problems| problems[0].message.clone())
    })
}

#[test]
fn a_paper_is_its_json_set_by_the_layouts_file_of_its_name() {
    let folder = Folder::with_library().file("layouts/standard/redline.typ", LAYOUT);
    let library = library(&folder);
    let pdf = make(&library, "Dit is #strong[geen] code.").unwrap();
    assert_eq!(prose(&pdf).trim(), "Notitie Dit is #strong[geen] code.");
    let inspection = pdf::inspect(&pdf).unwrap();
    let json = inspection.attachment("redline.json").unwrap();
    assert_eq!(json, Note("Dit is #strong[geen] code.".to_owned()).json().as_bytes());
    assert!(pdf.windows(11).any(|bytes| bytes == b"pdfuaid:par"), "it claims PDF/UA");
    assert!(make(&library, "Dit is #strong[geen] code.").unwrap() == pdf, "the same bytes");
}

#[test]
fn a_paper_sees_no_file_of_another_and_changes_none() {
    let contract = |folder: &Folder| {
        folder.make(&["--client", "acme.toml", "--force"]);
        folder.read(crate::support::ACME_PDF)
    };
    let folder = Folder::with_library();
    let before = contract(&folder);
    let folder = folder
        .file("layouts/standard/redline.typ", LAYOUT.to_owned() + "#include \"main.typ\"")
        .file("layouts/standard/redline/nl.toml", "title = \"Wijzigingen\"");
    assert!(contract(&folder) == before, "a contract does not depend on another paper's looks");
    let problem = make(&library(&folder), "x").unwrap_err();
    assert!(
        problem.ends_with("`layouts/standard/main.typ` is not among the files of this redline)"),
        "{problem}"
    );
}

#[test]
fn a_layout_that_does_not_set_it_is_an_error() {
    let folder = Folder::with_library();
    std::fs::remove_file(folder.path("layouts/standard/redline.typ")).ok();
    let problem = make(&library(&folder), "x").unwrap_err();
    assert_eq!(problem, "layout `standard` has no `redline.typ`");
}
