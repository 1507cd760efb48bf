//! The page for the screen: the same text as the PDF, and the PDF in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::{Folder, assert_snapshot, sample, without_digests};

/// The page, and the PDF that it carries.
fn page(folder: &Folder, name: &str) -> (String, Vec<u8>) {
    let html = String::from_utf8(folder.read(name)).unwrap();
    let (before, rest) = html.split_once("data:application/pdf;base64,").unwrap();
    let (data, after) = rest.split_once('"').unwrap();
    (format!("{before}…\"{after}"), STANDARD.decode(data).unwrap())
}

#[test]
fn a_client_has_a_page_for_the_screen() {
    let folder = Folder::with_acme();
    let run = folder.make(&["--client", "acme.toml", "--format", "html"]);
    assert_eq!(run.stdout, "acme-verwerkersovereenkomst-2026-06-12.html\n", "{run}");
    assert_eq!(folder.files(), ["acme-verwerkersovereenkomst-2026-06-12.html", "acme.toml"]);
    let (html, pdf) = page(&folder, "acme-verwerkersovereenkomst-2026-06-12.html");
    folder.make(&["--client", "acme.toml"]);
    assert!(pdf == folder.read("acme-verwerkersovereenkomst-2026-06-12.pdf"), "another PDF");
    let body = html.split_once("<body>").unwrap().1;
    assert_snapshot!("screen_acme", without_digests(body));
    assert_eq!(html.matches("<h1>").count(), 1);
    for never in ["<script", " src=", "@import", "url("] {
        assert!(!html.contains(never), "{never}");
    }
}

#[test]
fn the_page_is_a_file_or_goes_into_a_folder() {
    let folder = Folder::with_acme();
    let json = folder.make(&["--general", "--format", "html", "-o", "dpa.html", "--json"]);
    assert!(json.stdout.contains("\"html\": \"dpa.html\""), "{json}");
    let (html, _) = page(&folder, "dpa.html");
    assert!(html.contains("<p id=\"10.2\"><a href=\"#10.2\" class=\"number\">10.2</a> "));
    folder.make(&["--general", "--format", "html", "-o", "site"]);
    let (same, _) = page(&folder, "site/verwerkersovereenkomst-2026-06-12.html");
    assert_eq!(html, same);

    folder.write("dpa.html", "by hand");
    let run = folder.fail(&["--general", "--format", "html", "-o", "dpa.html"]);
    assert_snapshot!("screen_exists", run.to_string());
    assert_eq!(folder.read("dpa.html"), b"by hand");
    folder.make(&["--general", "--format", "html", "-o", "dpa.html", "--force"]);
    assert_eq!(page(&folder, "dpa.html").0, html);
}

#[test]
fn what_a_client_types_is_no_html() {
    let folder = Folder::new();
    let client = sample("hostile.toml");
    folder.make(&["-c", client.to_str().unwrap(), "--format", "html", "-o", "x.html"]);
    let (html, _) = page(&folder, "x.html");
    assert!(html.contains("_schuin_ @security $x^2$ &lt;security>"), "{html}");

    let name = "<script>alert(1)</script>&amp; href=\\\"dpa-pdf:\\\"";
    let folder =
        folder.file("a.toml", format!("services = [\"website\"]\n[client]\nname = \"{name}\""));
    folder.make(&["-c", "a.toml", "--format", "html", "-o", "a.html"]);
    let (html, _) = page(&folder, "a.html");
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("<strong>&lt;script>alert(1)&lt;/script>&amp;amp; href="), "{html}");
}

#[test]
fn layouts_without_a_page_for_the_screen_are_refused() {
    let folder = Folder::with_library().without("layouts/screen/page.typ");
    let run = folder.fail(&["--general", "--format", "html"]);
    assert_snapshot!("screen_without_layout", run.to_string());
}

#[test]
fn a_draft_says_so_on_the_page() {
    let folder = Folder::with_acme();
    folder.make(&["-c", "acme.toml", "--format", "html", "--draft", "-o", "x.html"]);
    let (html, _) = page(&folder, "x.html");
    assert!(html.contains("<title>CONCEPT – "), "{html}");
    assert!(html.contains("<p class=\"draft\">CONCEPT</p>"), "{html}");
}

#[test]
fn a_name_of_the_other_format_is_refused() {
    let folder = Folder::with_acme();
    let page = folder.fail(&["-c", "acme.toml", "--format", "html", "-o", "acme.pdf"]);
    let pdf = folder.fail(&["-c", "acme.toml", "-o", "acme.html"]);
    assert_snapshot!("screen_other_name", format!("{page}\n{pdf}"));
    assert_eq!(folder.files(), ["acme.toml"]);
}
