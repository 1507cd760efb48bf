//! `attach`: the contract in a quote that another program made, and what is in the way of that.

use std::fmt::Write as _;
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;

use dpa_gen::pdf::{Attachment, Host, Original, Relation, inspect};
use hayro_interpret::hayro_syntax::Pdf;

use crate::show::damage;
use crate::stress::Random;
use crate::support::{ACME, ACME_PDF, Folder, assert_snapshot, repository, without_digests};
use crate::touched::filled_in;

/// The usual name of the result.
pub const OUT: &str = "offerte-met-verwerkersovereenkomst-2026-06-12.pdf";

/// The quotes that other programs made, and the one that is encrypted.
pub const QUOTES: [&str; 6] =
    ["cairo", "chromium", "encrypted", "ghostscript", "libreoffice", "pdftex"];

/// A quote of `fixtures/quotes`.
pub fn sample(name: &str) -> Vec<u8> {
    fs::read(repository().join("fixtures/quotes").join(format!("{name}.pdf"))).unwrap()
}

/// A folder with the smallest client and a quote.
pub fn with_quote(quote: impl AsRef<[u8]>) -> Folder {
    Folder::with_acme().file("offerte.pdf", quote)
}

/// The arguments for that quote and that client.
pub fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["attach", "--quote", "offerte.pdf", "--client", "acme.toml"], more].concat()
}

/// A PDF of these objects, the first of which is its catalog; the third is its page.
pub fn pdf_of(objects: &[&str]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f\r\n");
    for (index, object) in objects.iter().enumerate() {
        write!(table, "{:010} 00000 n\r\n", pdf.len()).unwrap();
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.extend(end.as_bytes());
    pdf
}

/// A quote with these entries in its catalog, and further objects from number 4 on.
pub fn quote_with(catalog: &str, more: &[&str]) -> Vec<u8> {
    let catalog = format!("<</Type/Catalog/Pages 2 0 R{catalog}>>");
    let first: [&str; 3] = [
        &catalog,
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    pdf_of(&[&first[..], more].concat())
}

/// A quote whose one field is signed.
pub fn signed(field: &str, signature: &str) -> Vec<u8> {
    quote_with(
        "/AcroForm<</SigFlags 3/Fields[4 0 R]>>",
        &[
            &format!("<</FT/Sig/T(akkoord)/V 5 0 R{field}>>"),
            &format!("<</Type/Sig/Filter/Adobe.PPKLite{signature}>>"),
        ],
    )
}

/// A quote that is encrypted in a way that nobody knows.
fn encrypted_by_acme() -> Vec<u8> {
    let text = String::from_utf8(quote_with("", &[])).unwrap();
    text.replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<</Filter/Acme/V 1>>").into_bytes()
}

fn attachments(pdf: &[u8]) -> Vec<(String, Vec<u8>)> {
    inspect(pdf).expect("a readable PDF").attachments
}

#[test]
fn the_contract_is_embedded_in_the_quote_of_any_program() {
    for name in QUOTES {
        let folder = with_quote(sample(name));
        folder.make(&["--client", "acme.toml", "-o", "alone/"]);
        let run = folder.make(&arguments(&[]));
        assert_eq!(run.stdout, format!("{OUT}\n"), "{name}");
        let (made, quote) = (folder.read(OUT), sample(name));
        assert!(made.starts_with(&quote), "{name}: the quote should be the beginning");
        let alone = folder.read(&format!("alone/{ACME_PDF}"));
        assert_eq!(attachments(&made), [(ACME_PDF.to_owned(), alone)], "{name}");
        let pages = |pdf: Vec<u8>| Pdf::new(pdf).unwrap().pages().len();
        assert_eq!(pages(made), pages(quote), "{name}");
    }
}

#[test]
fn what_is_told() {
    let folder = with_quote(sample("cairo"));
    let run = folder.make(&arguments(&[]));
    assert_snapshot!("attach_told", without_digests(&run.to_string()));
    let run = folder.make(&arguments(&["--json"]));
    assert_snapshot!("attach_json", without_digests(&run.to_string()));
    let run = folder.make(&arguments(&["--quiet"]));
    assert_eq!((run.stdout, run.stderr), (format!("{OUT}\n"), String::new()));
    let shown = folder.make(&["show", OUT]);
    assert_snapshot!("attach_shown", without_digests(&shown.to_string()));
    assert_snapshot!("attach_help", folder.make(&["attach", "--help"]).to_string());
}

#[test]
fn attachments_that_are_there_stay() {
    let quote = quote_with(
        "/Names<</EmbeddedFiles<</Kids[4 0 R]>>/Dests 7 0 R>>/AF[5 0 R]",
        &[
            "<</Limits[(a.txt)(a.txt)]/Names[(a.txt)5 0 R]>>",
            "<</Type/Filespec/F(a.txt)/UF(a.txt)/EF<</F 6 0 R>>>>",
            "<</Type/EmbeddedFile/Length 5>>\nstream\nhallo\nendstream",
            "<</Names[(x)[3 0 R/Fit]]>>",
        ],
    );
    let folder = with_quote(quote);
    folder.make(&arguments(&[]));
    let made = folder.read(OUT);
    let found: Vec<String> = attachments(&made).into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, ["a.txt", ACME_PDF]);
    let text = String::from_utf8_lossy(&made);
    assert!(text.contains("/Dests 7 0 R"), "other name trees stay");
    assert!(text.contains("/AF[5 0 R "), "associated files stay");
}

#[test]
fn what_is_in_the_way() {
    let there = Folder::with_acme().file("offerte.pdf", sample("cairo"));
    there.make(&arguments(&["-o", "twice.pdf"]));
    let certified = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 2>>>>]";
    for (name, quote) in [
        ("no_pdf", b"services = []".to_vec()),
        ("empty", Vec::new()),
        ("cut", sample("cairo").split_last_chunk::<400>().unwrap().0.to_vec()),
        ("no_pages", pdf_of(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"])),
        ("password", sample("password")),
        ("restricted", sample("restricted")),
        ("unknown_encryption", encrypted_by_acme()),
        ("certified", signed("", certified)),
        ("certified_by_catalog", quote_with("/Perms<</DocMDP 4 0 R>>", &["<</Type/Sig>>"])),
        ("locked", signed("/Lock<</Type/SigFieldLock/Action/All/P 1>>", "")),
        ("usage_rights", quote_with("/Perms<</UR3 4 0 R>>", &["<</Type/Sig>>"])),
        ("twice", there.read("twice.pdf")),
    ] {
        let folder = with_quote(quote);
        let run = folder.fail(&arguments(&[]));
        assert_eq!(run.code, Some(1), "{name}\n{run}");
        assert_snapshot!(format!("attach_{name}"), run.to_string());
    }
    let run = Folder::with_acme().fail(&arguments(&[]));
    assert_snapshot!("attach_no_quote", run.to_string());
    let run = Folder::new().file("offerte.pdf", sample("cairo")).fail(&arguments(&[]));
    assert_snapshot!("attach_no_client", run.to_string());
}

#[test]
fn a_signed_quote_keeps_its_bytes_and_the_user_is_told() {
    let folder = with_quote(signed("", ""));
    let run = folder.make(&arguments(&[]));
    assert!(folder.read(OUT).starts_with(&signed("", "")));
    assert_snapshot!("attach_signed", run.to_string());
}

#[test]
fn a_quote_that_claims_to_be_an_archival_pdf() {
    let claim = |part: char| {
        let metadata = format!("<pdfaid:part>{part}</pdfaid:part>");
        let length = metadata.len();
        let stream = format!(
            "<</Type/Metadata/Subtype/XML/Length {length}>>\nstream\n{metadata}\nendstream"
        );
        with_quote(quote_with("/Metadata 4 0 R", &[&stream])).make(&arguments(&[]))
    };
    assert_snapshot!("attach_pdf_a_2", claim('2').to_string());
    let run = claim('3');
    assert!(!run.stderr.contains("warning"), "{run}");
}

#[test]
fn the_quote_of_the_client_file_is_looked_for() {
    let reported = |file: &str, quote: &str| {
        let client = format!("{ACME}\n[agreement]\nquote = \"{quote}\"\n");
        let folder = Folder::new().file("acme.toml", client).file(file, sample("chromium"));
        folder.make(&["attach", "--quote", file, "--client", "acme.toml"])
    };
    for (file, quote) in [
        ("Offerte_2026-099 v2.pdf", "2026-099"),
        ("o.pdf", "Offerte 2026-041"),
        ("o.pdf", "2026-041"),
    ] {
        let run = reported(file, quote);
        assert!(!run.stderr.contains("warning"), "{file}, {quote}\n{run}");
    }
    assert_snapshot!("attach_other_quote", reported("o.pdf", "2026-04").to_string());
}

#[test]
fn the_quote_is_never_overwritten() {
    let folder = with_quote(sample("cairo"));
    #[cfg(unix)]
    symlink("offerte.pdf", folder.path("link.pdf")).unwrap();
    #[cfg(not(unix))]
    fs::hard_link(folder.path("offerte.pdf"), folder.path("link.pdf")).unwrap();
    fs::hard_link(folder.path("offerte.pdf"), folder.path("same.pdf")).unwrap();
    fs::create_dir(folder.path("below")).unwrap();
    for output in ["offerte.pdf", "./offerte.pdf", "below/../offerte.pdf", "link.pdf", "same.pdf"] {
        let run = folder.fail(&arguments(&["--force", "-o", output]));
        assert_eq!(run.code, Some(2), "{output}\n{run}");
        assert_eq!(folder.read("offerte.pdf"), sample("cairo"), "{output}");
    }
    assert_snapshot!(
        "attach_onto_itself",
        folder.fail(&arguments(&["-o", "link.pdf"])).to_string()
    );
}

#[test]
fn a_file_that_is_there_is_replaced_only_with_force() {
    let folder = with_quote(sample("cairo"));
    folder.make(&arguments(&[]));
    let made = folder.read(OUT);
    folder.make(&arguments(&[]));
    assert_eq!(folder.read(OUT), made, "the same input gives the same bytes");

    folder.write(OUT, "something else");
    assert_snapshot!("attach_taken", folder.fail(&arguments(&[])).to_string());
    folder.make(&arguments(&["--force"]));
    assert_eq!(folder.read(OUT), made);
    assert_eq!(inspect(&made).unwrap().original, Original::Untouched);
}

#[test]
fn what_a_person_added_to_the_result_is_never_overwritten() {
    let form = "/AcroForm<</Fields[4 0 R]>>";
    let field = "<</FT/Tx/T (akkoord)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>";
    let folder = with_quote(quote_with(form, &[field]));
    folder.make(&arguments(&[]));
    folder.write(OUT, filled_in(&folder.read(OUT), "akkoord", "ja"));
    let folder = folder.append("acme.toml", "kvk = \"12345678\"\n");
    assert_snapshot!("attach_filled_in", folder.fail(&arguments(&["--force"])).to_string());
}

#[test]
fn a_changed_text_without_a_new_version_is_refused() {
    let folder = Folder::with_library().file("offerte.pdf", sample("cairo"));
    folder.make(&arguments(&[]));
    let folder = folder.append("clauses/articles/security.typ", "\nNog een zin.\n");
    assert_snapshot!("attach_changed_text", folder.fail(&arguments(&["--force"])).to_string());
    let folder = folder.edit("clauses/contract.toml", "= 2026-06-12", "= 2026-07-01");
    folder.make(&arguments(&[]));
    assert!(folder.files().contains(&OUT.replace("06-12", "07-01")));
}

#[test]
fn a_damaged_quote_is_told_or_mended_but_never_a_reason_to_fall_over() {
    let folder = Folder::with_acme();
    folder.make(&["--client", "acme.toml"]);
    let attachment = Attachment {
        relation: Relation::Supplement,
        name: ACME_PDF.to_owned(),
        description: "contract".to_owned(),
        media_type: "application/pdf".to_owned(),
        date: chrono::NaiveDate::from_ymd_opt(2026, 6, 12).unwrap(),
        bytes: folder.read(ACME_PDF),
    };
    let mut random = Random(7);
    let mut made = 0;
    for name in ["pdftex", "chromium", "libreoffice"] {
        for round in 0..100 {
            let quote = damage(&sample(name), round, &mut random);
            let Ok(host) = Host::read(quote.clone()) else {
                continue;
            };
            let _ = host.search(|_| false);
            for result in [host.embed(&attachment), host.append(&attachment.bytes, "Titel")] {
                let Ok(result) = result else {
                    continue;
                };
                assert!(result.starts_with(&quote), "{name}, round {round}");
                assert!(Host::read(result).is_ok(), "{name}, round {round}");
                made += 1;
            }
        }
    }
    assert!(made > 20, "some damage should be of the kind that readers mend: {made}");
}
