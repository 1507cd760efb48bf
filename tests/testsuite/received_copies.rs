//! Copies that come back without what says which contract they are, by all kinds of signers, and forged.

use serde_json::Value;

use crate::keeping::{ANNA, ANNA_PDF, client, fleet_with_library};
use crate::receive::signed_by;
use crate::returned::Revision;
use crate::sign::{anna, signed};
use crate::support::Folder;

/// What `receive --json` says of a file; nothing is filed.
fn received(folder: &Folder, pdf: &str, more: &[&str]) -> Value {
    let run = folder.run(&[&["receive", "--dry-run", "--json", pdf], more].concat());
    let mut said: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    said["results"][0].take()
}

/// A document without an entry of its catalog, as it begins and ends.
fn without(pdf: &[u8], begin: &str, end: &str) -> Vec<u8> {
    let revision = Revision::of(pdf);
    let catalog = revision.catalog();
    let source = revision.source(catalog);
    let (_, entry) = source.split_once(begin).unwrap();
    let entry = format!("{begin}{}{end}", entry.split_once(end).unwrap().0);
    revision.with(catalog, "", &entry).written()
}

/// A document without its attachment, and with its keywords: they are among the properties, which the trailer names.
fn with_keywords_alone(made: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let pdf = without(made, "/EmbeddedFiles<<", ">>");
    let trailer = String::from_utf8_lossy(made).into_owned();
    let (_, properties) = trailer.rsplit_once("/Info ").unwrap();
    let properties = format!("/Info {}R", properties.split_once('R').unwrap().0);
    let end = (0..pdf.len()).rfind(|at| pdf[*at..].starts_with(b"/Prev ")).unwrap();
    let named = [&pdf[..end], properties.as_bytes(), &pdf[end..]].concat();
    (pdf, named)
}

#[test]
fn the_second_text_of_a_day_is_known_by_the_keywords() {
    let folder = fleet_with_library();
    let contract = "clauses/contract.toml";
    let folder = folder.edit(contract, "version = 2026-06-12", "version = \"2026-06-12b\"");
    folder.make(&["regenerate"]);
    let made = folder.read("anna-verwerkersovereenkomst-2026-06-12b.pdf");
    folder.write("keywords.pdf", with_keywords_alone(&made).1);
    let said = received(&folder, "keywords.pdf", &[]);
    assert_eq!(said["identified-by"], "keywords", "{said}");
    assert_eq!(said["version"], "2026-06-12b");
    assert_eq!(said["client"], "anna", "{said}");
    assert_eq!(said["agreement"], "waiting-client", "{said}");
}

#[test]
fn a_copy_is_identified_by_what_is_left_in_it() {
    let folder = anna();
    let made = folder.read(ANNA_PDF);
    let (pdf, named) = with_keywords_alone(&made);
    folder.write("keywords.pdf", &named);
    let said = received(&folder, "keywords.pdf", &[]);
    assert_eq!(said["identified-by"], "keywords", "{said}");
    assert_eq!(said["version"], "2026-06-12");
    assert_eq!(said["agreement"], "waiting-client", "{said}");

    let pages = without(&pdf, "/Metadata ", " R");
    folder.write("pages.pdf", &pages);
    let said = received(&folder, "pages.pdf", &[]);
    assert_eq!(said["identified-by"], "page-digest", "{said}");
    assert_eq!(said["agreement"], "waiting-client", "{said}");

    // Where nothing knows the digest, the user says whose it is.
    let other = Folder::new().file(ANNA, client("Anna")).file("pages.pdf", &pages);
    assert_eq!(received(&other, "pages.pdf", &[])["agreement"], "unknown");
    let said = received(&other, "pages.pdf", &["--client", ANNA]);
    assert_eq!(said["identified-by"], "client-file", "{said}");
    assert_eq!(said["agreement"], "waiting-client", "{said}");
}

/// Anna's contract, signed by the processor, and by the client with this key.
fn signed_with(key: &str) -> (Folder, Value) {
    let folder = anna();
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    folder.write("returned.pdf", signed_by(&folder.read(ANNA_PDF), "client-signature", key));
    let said = received(&folder, "returned.pdf", &[]);
    (folder, said)
}

#[test]
fn who_a_certificate_names_is_said() {
    for (key, names, organisation, to_judge) in [
        ("person.p12", "person", Value::from("Anna B.V."), None),
        ("organisation.p12", "organisation", Value::from("Anna B.V."), None),
        ("platform.p12", "platform", Value::from("Zynyo B.V."), Some("names the signing platform")),
        (
            "self-made.p12",
            "unclear",
            Value::Null,
            Some("the certificate of \"x: intact\" is self-made"),
        ),
    ] {
        let (_, said) = signed_with(key);
        let signatures = said["signatures"].as_array().unwrap();
        let client = signatures.iter().find(|found| found["field"] == "client-signature").unwrap();
        assert_eq!(client["names"], names, "{key}: {client}");
        assert_eq!(client["organisation"], organisation, "{key}");
        assert_eq!(client["integrity"], "intact", "{key}");
        let judged: Vec<&str> =
            said["to-judge"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        match to_judge {
            Some(words) => {
                assert!(judged.iter().any(|line| line.contains(words)), "{key}: {judged:?}");
            }
            None => assert!(
                !judged.iter().any(|line| line.contains("certificate")),
                "{key}: {judged:?}"
            ),
        }
    }
}

#[test]
fn a_name_that_looks_like_a_finding_is_in_quotes() {
    let (folder, _) = signed_with("self-made.p12");
    let text = folder.make(&["show", "returned.pdf"]).stdout;
    assert!(
        text.contains("  client-signature     \"x: intact\": intact; certificate chain"),
        "{text}"
    );
}

#[test]
fn a_certificate_that_had_expired_does_not_count() {
    let (_, said) = signed_with("expired.p12");
    assert_eq!(said["agreement"], "waiting-client", "{said}");
    assert!(said["to-judge"].to_string().contains("was not valid on the day of signing"), "{said}");
}

/// Where the message of the last signature stands, in hexadecimal digits.
fn message(pdf: &[u8]) -> std::ops::Range<usize> {
    let is_it = |at: &usize| pdf[*at..].starts_with(b"/Contents<30");
    let start = (0..pdf.len()).rfind(is_it).unwrap() + "/Contents<".len();
    start..start + pdf[start..].iter().position(|byte| *byte == b'>').unwrap()
}

#[test]
fn a_signature_of_another_file_does_not_count() {
    let (folder, said) = signed_with("p-256.p12");
    assert_eq!(said["agreement"], "in-force", "{said}");
    let other = folder.file("clients/bob.toml", client("Bob"));
    other.make(&["--client", "clients/bob.toml", "-o", "bob.pdf"]);
    let bob = signed_by(&other.read("bob.pdf"), "client-signature", "p-256.p12");
    let mut forged = other.read("returned.pdf");
    let (from, to) = (message(&bob), message(&forged));
    assert_eq!(from.len(), to.len());
    forged[to].copy_from_slice(&bob[from]);
    other.write("forged.pdf", forged);
    let said = received(&other, "forged.pdf", &[]);
    assert_eq!(said["agreement"], "waiting-client", "{said}");
    assert!(
        said["to-judge"].to_string().contains("the signature in `client-signature` is broken"),
        "{said}"
    );
}

#[test]
fn a_page_in_the_place_of_another_is_seen() {
    let (folder, _) = signed_with("p-256.p12");
    let revision = Revision::of(&folder.read("returned.pdf"));
    let (third, fourth) = (revision.page(2), revision.page(3));
    folder.write("swapped.pdf", revision.swapped(third, fourth).written());
    let said = received(&folder, "swapped.pdf", &[]);
    assert_eq!(said["agreement"], "changed", "{said}");
    let pages = said["pages"].as_array().unwrap();
    let others = pages.iter().filter(|page| page["state"] != "same").count();
    assert!(others >= 2, "{said}");
}

#[test]
fn one_changed_byte_is_never_in_force() {
    let (folder, said) = signed_with("p-256.p12");
    assert_eq!(said["agreement"], "in-force", "{said}");
    let pdf = folder.read("returned.pdf");
    let hole = message(&pdf);
    let filled = pdf[hole.clone()].iter().rposition(|byte| *byte != b'0').unwrap();
    let signed = (0..pdf.len() - 40).step_by(pdf.len() / 9).filter(|at| !hole.contains(at));
    // The value is at the end of the message; certificates in it, but the signer's own, are not signed.
    for at in signed.chain([hole.start + filled - 8]) {
        let mut changed = pdf.clone();
        changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
        folder.write("byte.pdf", changed);
        let run = folder.run(&["receive", "--dry-run", "--json", "byte.pdf"]);
        assert!(!run.stdout.contains("\"in-force\""), "byte {at}: {run}");
    }
}
