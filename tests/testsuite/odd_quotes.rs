//! Quotes that are built as few programs build them: `attach` keeps what is in them, or refuses them.

use std::fs;

use dpa_gen::pdf::{Host, inspect};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Dict, Object, String as PdfString};

use crate::attach::{OUT, arguments, pdf_of, quote_with, sample, with_quote};
use crate::support::{ACME, Folder, assert_snapshot};

/// A page that shows something, from object 3 on.
const PAGE: [&str; 3] = [
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Annots 90 0 R\
     /Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
    "<</Length 34>>\nstream\nBT /F 9 Tf 9 99 Td (Offerte) Tj ET\nendstream",
];

/// A quote of that page.
fn with_text(catalog: &str) -> Vec<u8> {
    pdf_of(&[&format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"), PAGE[0], PAGE[1], PAGE[2]])
}

/// The bytes with a text in them replaced by one of any length: after it, nothing has an offset.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = bytes.windows(from.len()).rposition(|window| window == from.as_bytes()).expect(from);
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

/// What the first page draws.
fn first_page(pdf: &[u8]) -> Vec<u8> {
    let pdf = Pdf::new(pdf.to_vec()).unwrap();
    pdf.pages()[0].page_stream().unwrap().to_vec()
}

/// A quote with the contract embedded, and with its pages added.
fn both_ways(quote: &[u8]) -> [Vec<u8>; 2] {
    [&[][..], &["--append"]].map(|more| {
        let folder = with_quote(quote);
        folder.make(&arguments(more));
        folder.read(OUT)
    })
}

#[test]
fn objects_beyond_the_size_that_a_trailer_says_stay() {
    let quote = replaced(&with_text(""), "/Size 5", "/Size 2");
    for made in both_ways(&quote) {
        assert!(made.starts_with(&quote));
        assert_eq!(first_page(&made), first_page(&quote));
        let pdf = Pdf::new(made).unwrap();
        let page = pdf.pages()[0].raw();
        assert!(page.get::<Object<'_>>(b"Annots").is_none(), "what is not there stays so");
    }
}

#[test]
fn name_trees_are_in_order_by_their_bytes_and_by_their_text() {
    let quote = quote_with(
        "/Names<</EmbeddedFiles<</Names[<FEFF0042>4 0 R]>>>>",
        &[
            "<</Type/Filespec/F(B)/UF(B)/EF<</F 5 0 R>>>>",
            "<</Type/EmbeddedFile/Length 1>>\nstream\nb\nendstream",
        ],
    );
    for made in both_ways(&quote) {
        let attachments = inspect(&made).unwrap().attachments;
        assert_eq!(attachments[0], ("B".to_owned(), b"b".to_vec()));
        assert_eq!(attachments.len(), 2);
        let pdf = Pdf::new(made).unwrap();
        let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap();
        let names: Dict<'_> = catalog.get(b"Names").unwrap();
        let files = names.get::<Dict<'_>>(b"EmbeddedFiles").unwrap();
        let keys = files.get::<hayro_interpret::hayro_syntax::object::Array<'_>>(b"Names").unwrap();
        for key in keys.iter::<PdfString<'_>>() {
            assert!(key.as_bytes().starts_with(b"\xFE\xFF"), "{:?}", key.as_bytes());
        }
    }
}

#[test]
fn what_stands_before_a_quote_moves_no_offset() {
    let junk = b"X-Mailer: none\r\n\r\n".as_slice();
    let quote = [junk, &with_text("")].concat();
    for made in both_ways(&quote) {
        assert!(made.starts_with(&quote));
        let inner = &made[junk.len()..];
        // A reader that counts from the header on needs to mend nothing.
        let at = String::from_utf8_lossy(inner).into_owned();
        let (_, at) = at.rsplit_once("startxref\n").unwrap();
        let at: usize = at.lines().next().unwrap().parse().unwrap();
        assert!(inner[at..].starts_with(b"xref"));
        assert_eq!(first_page(inner), first_page(&with_text("")));
        assert!(Host::read(made).is_ok());
    }
}

#[test]
fn a_quote_that_is_not_whole_at_its_root_is_refused() {
    let cut = |from: &str, to: &str| replaced(&with_text(""), from, to);
    let pages = |pages: &str| pdf_of(&["<</Type/Catalog/Pages 2 0 R>>", pages, PAGE[1], PAGE[2]]);
    for (name, quote) in [
        ("no root", cut("/Root 1 0 R", "")),
        ("another root", cut("/Root 1 0 R", "/Root 3 0 R")),
        ("a missing root", cut("/Root 1 0 R", "/Root 9 0 R")),
        ("no pages", pages("<</Type/Pages/Count 1>>")),
        ("a missing page", pages("<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>")),
        ("a page twice", pages("<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>")),
        ("too few pages", pages("<</Type/Pages/Kids[3 0 R]/Count 2>>")),
        ("no count", pages("<</Type/Pages/Kids[3 0 R]>>")),
        ("pages that are no dictionary", pages("[3 0 R]")),
    ] {
        let folder = with_quote(quote);
        for more in [&[][..], &["--append"]] {
            let run = folder.fail(&arguments(more));
            assert_eq!(run.code, Some(1), "{name}\n{run}");
            assert!(run.stderr.starts_with("error: `offerte.pdf` is damaged"), "{name}\n{run}");
            assert_eq!(folder.files(), ["acme.toml", "offerte.pdf"], "{name}");
        }
    }
}

#[test]
fn an_encrypted_quote_without_the_id_that_its_key_is_made_of_is_refused() {
    let dictionary = "/Encrypt<</Filter/Standard/V 1/R 2/P -12\
        /O<d8a81f2f756b03f0e776376607dc67c098531ac3e51f6e5cf0fc1473b1ce0975>\
        /U<3e062af21c776e5b578327b479dec68ad88c653e0093616ebd22726d454f0f65>>>";
    let quote = replaced(&with_text(""), "/Root 1 0 R", &format!("/Root 1 0 R{dictionary}"));
    let folder = with_quote(quote);
    folder.fail(&arguments(&[]));
    assert_eq!(folder.files(), ["acme.toml", "offerte.pdf"]);
}

#[test]
fn the_client_file_is_never_overwritten() {
    let client = "client.pdf";
    let folder = Folder::new().file(client, ACME).file("offerte.pdf", sample("cairo"));
    fs::hard_link(folder.path(client), folder.path("same.pdf")).unwrap();
    for output in [client, "same.pdf"] {
        let run = ["attach", "--quote", "offerte.pdf", "--client", client, "--force", "-o", output];
        assert_eq!(folder.fail(&run).code, Some(2), "{output}");
        assert_eq!(folder.read(client), ACME.as_bytes(), "{output}");
    }
}

/// A quote of so many pages; the page of this number, from 1 on, names it.
fn long(pages: usize, named: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|index| format!("{} 0 R", index + 6)).collect();
    let kids = kids.join(" ");
    let page = |contents: &str| {
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents {contents}\
             /Resources<</Font<</F 5 0 R>>>>>>"
        )
    };
    let text = "BT /F 9 Tf 9 99 Td (Offerte 2026-041) Tj ET";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>"),
        "null".to_owned(),
        format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    objects.extend((1..=pages).map(|number| page(if number == named { "4 0 R" } else { "[]" })));
    pdf_of(&objects.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_long_quote_is_searched_so_far_and_no_farther() {
    let run = |pages, named| {
        let client = format!("{ACME}\n[agreement]\nquote = \"2026-041\"\n");
        let folder = with_quote(long(pages, named)).file("acme.toml", client);
        folder.make(&arguments(&[])).to_string()
    };
    let found = run(300, 200);
    assert!(!found.contains("warning"), "{found}");
    assert_snapshot!("attach_long_quote", run(300, 201));
    assert!(run(200, 0).contains("nor in its text"));
}
