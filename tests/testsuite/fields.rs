//! The form fields: which there are, and what is reported of those that a layout places badly.

use serde_json::Value;

use crate::support::{ACME, ACME_PDF, Folder, assert_snapshot};

const MAIN: &str = "layouts/standard/main.typ";
const END: &str = "#closing(contract.signature)";

/// The ids of the fields in a PDF, in the form's order.
fn ids(folder: &Folder, pdf: &str) -> Vec<String> {
    let reported: Value =
        serde_json::from_str(&folder.make(&["show", "--json", pdf]).stdout).unwrap();
    let fields = reported["results"][0]["fields"].as_array().unwrap().iter();
    fields.map(|field| field["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_not_known_is_a_field_in_reading_order() {
    let processor = [
        "processor-name",
        "processor-role",
        "processor-place",
        "processor-date",
        "processor-signature",
    ];
    let folder = Folder::with_acme();
    folder.make(&["--client", "acme.toml"]);
    let client = ["client-name", "client-role", "client-place", "client-date", "client-signature"];
    let cover = ["client-legal-form", "client-address", "client-kvk"];
    assert_eq!(ids(&folder, ACME_PDF), [&cover[..], &client, &processor].concat());

    let signatory = "signatory = { name = \"A. de Vries\", role = \"Directeur\" }\n";
    let folder = Folder::new().file("acme.toml", format!("{ACME}{signatory}"));
    folder.make(&["--client", "acme.toml"]);
    assert_eq!(ids(&folder, ACME_PDF), [&cover[..], &client[2..], &processor].concat());

    let signatory = "signatory = { name = \"A. de Vries\" }\n";
    let folder = Folder::new().file("acme.toml", format!("{ACME}{signatory}"));
    folder.make(&["--client", "acme.toml"]);
    assert_eq!(ids(&folder, ACME_PDF), [&cover[..], &client[1..], &processor].concat());
}

/// A client whose identity is known, but for these lines of its file.
fn known_but(lines: &[&str]) -> Folder {
    let party = [
        "legal-form = \"besloten vennootschap\"",
        "kvk = \"12345678\"",
        "address = \"Plein 1\"",
        "city = \"Ede\"",
        "signatory = { name = \"A. de Vries\", role = \"directeur\" }",
    ];
    let key = |line: &str| line.split(" = ").next().unwrap().to_owned();
    let given: Vec<String> = lines.iter().map(|line| key(line)).collect();
    let kept = party.into_iter().filter(|line| !given.contains(&key(line)));
    let own = lines.iter().copied().filter(|line| line.contains(" = "));
    let party: Vec<&str> = kept.chain(own).collect();
    let folder = Folder::new().file("acme.toml", format!("{ACME}{}\n", party.join("\n")));
    folder.make(&["--client", "acme.toml"]);
    folder
}

/// The fields of the client that a contract with these lines has.
fn of_client(lines: &[&str]) -> Vec<String> {
    let fields = ids(&known_but(lines), ACME_PDF);
    let client = fields.into_iter().filter_map(|id| Some(id.strip_prefix("client-")?.to_owned()));
    client.filter(|id| !["place", "date", "signature"].contains(&id.as_str())).collect()
}

#[test]
fn what_is_not_known_of_the_client_is_a_field_on_the_cover() {
    assert_eq!(of_client(&[]), [""; 0]);
    assert_eq!(of_client(&["address"]), ["address"]);
    assert_eq!(of_client(&["city"]), ["city"]);
    assert_eq!(of_client(&["address", "city"]), ["address"]);
    assert_eq!(of_client(&["kvk"]), ["kvk"]);
    assert_eq!(of_client(&["legal-form"]), ["legal-form"]);
    assert_eq!(of_client(&["legal-form = \"maatschap\""]), ["partners"]);
    assert_eq!(of_client(&["legal-form = \"vof\"", "partners = [\"A\", \"B\"]"]), [""; 0]);
    let abroad = ["country = \"Duitsland\"", "kvk"];
    assert_eq!(of_client(&abroad), ["kvk"]);
    let register = "register = { name = \"Amtsgericht Köln\", number = \"HRB 1\" }";
    assert_eq!(of_client(&[&abroad[..], &[register]].concat()), [""; 0]);
    assert_eq!(
        of_client(&["breach-contact = { name = \"B\" }"]),
        [""; 0],
        "the processor's is open"
    );
}

#[test]
fn each_who_signs_has_fields_of_their_own_on_one_page() {
    for count in 2..=6 {
        let people = vec!["{}"; count].join(", ");
        let folder = known_but(&["signatory", &format!("signatories = [{people}]")]);
        let mut wanted = Vec::new();
        for number in 1..=count {
            let prefix = if number == 1 { "client".into() } else { format!("client-{number}") };
            for key in ["name", "role", "place", "date", "signature"] {
                wanted.push(format!("{prefix}-{key}"));
            }
        }
        let found = ids(&folder, ACME_PDF);
        assert_eq!(found[..wanted.len()], wanted);
        assert_eq!(pages_to_sign(&folder), 1, "{count} sign on one page");
        // Here the annexes end in the middle of a page.
        let folder = folder.edit("acme.toml", "[\"website\"]", "[\"webshop\", \"support\"]");
        folder.make(&["--client", "acme.toml", "--force"]);
        assert_eq!(pages_to_sign(&folder), 1, "{count} sign on one page, below an annex");
    }
}

/// How many pages have a place for a signature.
fn pages_to_sign(folder: &Folder) -> usize {
    let pages = crate::pdf::pages(&folder.read(ACME_PDF));
    let has_boxes =
        |page: &&crate::pdf::PageText| page.lines.iter().any(|line| line.contains("Handtekening"));
    pages.iter().filter(has_boxes).count()
}

#[test]
fn who_trades_under_a_name_signs_in_person() {
    let own = ["legal-form = \"eenmanszaak\"", "trade-name = \"Klusbedrijf\"", "signatory"];
    assert_eq!(of_client(&own), [""; 0]);
}

#[test]
fn no_fields_where_none_are_wanted() {
    let folder = Folder::with_acme();
    folder.make(&["--client", "acme.toml", "--no-fields"]);
    assert_eq!(ids(&folder, ACME_PDF), [""; 0]);
    let bytes = folder.read(ACME_PDF);
    for mark in ["/AcroForm", "dpa-field:"] {
        assert!(!bytes.windows(mark.len()).any(|window| window == mark.as_bytes()), "{mark}");
    }
    folder.make(&["--general"]);
    assert_eq!(ids(&folder, "verwerkersovereenkomst-2026-06-12.pdf"), [""; 0]);
}

#[test]
fn none_of_our_links_stays_a_link() {
    let folder = Folder::with_acme();
    folder.make(&["--client", "acme.toml"]);
    let text: String = folder.read(ACME_PDF).into_iter().map(char::from).collect();
    // What Typst wrote is still in the file; the objects that count are the last of their number.
    let (_, update) = text.split_once("%%EOF").unwrap();
    assert!(!update.contains("dpa-field:"));
    assert_eq!(update.matches("/Subtype /Widget").count(), 13);
}

/// A folder whose layout has this code before its end.
fn with_code(code: &str) -> Folder {
    let import = "#import \"/contract.typ\": field, margin-field\n";
    Folder::with_library().edit(MAIN, END, &format!("{import}{code}\n{END}"))
}

#[test]
fn each_field_that_is_placed_badly_is_told() {
    let cases = [
        (
            "twice",
            "#field(\"extra\", label: \"Extra\", box(width: 20mm, height: 6mm))\n\
             #field(\"extra\", label: \"Extra\", box(width: 20mm, height: 6mm))",
        ),
        (
            "of_another_name_twice",
            "#field(\"client-date\", label: \"x\", box(width: 9mm, height: 6mm))",
        ),
        ("hidden", "#hide(field(\"extra\", label: \"Extra\", box(width: 20mm, height: 6mm)))"),
        ("without_a_size", "#field(\"extra\", label: \"Extra\", box())"),
        (
            "outside_the_page",
            "#place(dy: 900mm, field(\"extra\", label: \"Extra\", box(width: 20mm, height: 6mm)))",
        ),
        ("raw_link", "#link(\"dpa-field:extra\", box(width: 20mm, height: 6mm))"),
        ("raw_link_without_id", "#link(\"dpa-field:\", box(width: 20mm, height: 6mm))"),
        (
            "raw_link_to_a_declared_one",
            "#field(\"extra\", label: \"Extra\", box(width: 20mm, height: 6mm))\n\
             #link(\"dpa-field:extra\", box(width: 20mm, height: 6mm))",
        ),
        (
            "over_two_pages",
            "#field(\"extra\", label: \"Extra\", block(width: 50mm, height: 500mm, breakable: true))",
        ),
        (
            "over_two_lines",
            "#field(\"extra\", label: \"Extra\", { box(width: 90mm, height: 6mm); [ ]; \
             box(width: 90mm, height: 6mm) })",
        ),
        ("with_text", "#field(\"extra\", label: \"Extra\", box(width: 40mm, height: 6mm)[Naam])"),
        (
            "of_unknown_kind",
            "#field(\"extra\", kind: \"tekst\", label: \"Extra\", box(width: 20mm, height: 6mm))",
        ),
        ("without_a_label", "#field(\"extra\", box(width: 20mm, height: 6mm))"),
        ("with_a_bad_id", "#field(\"a.b c\", label: \"Extra\", box(width: 20mm, height: 6mm))"),
        ("without_an_id", "#field(\"\", label: \"Extra\", box(width: 20mm, height: 6mm))"),
        ("label_of_something_else", "#[#metadata(1)<dpa-field>]"),
        (
            "in_the_margin_twice",
            "#margin-field(\"m\", label: \"x\")#margin-field(\"m\", label: \"x\")",
        ),
        ("in_the_margin_of_unknown_kind", "#margin-field(\"m\", kind: \"x\", label: \"x\")"),
    ];
    let mut wrong = Vec::new();
    for (name, code) in cases {
        let folder = with_code(code);
        let run = folder.run(&["--client", "acme.toml"]);
        if run.code == Some(1) {
            assert_snapshot!(format!("field_{name}"), run.to_string());
        } else {
            wrong.push(format!("{name} should be an error\n{run}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_link_of_ours_in_a_clause_is_told_in_both_editions() {
    let folder = Folder::with_library().append(
        "clauses/articles/security.typ",
        "Zie #link(\"dpa-field:client-place\")[hier] of #link(\"https://mnrv.nl\")[daar].\n",
    );
    let client = folder.fail(&["--client", "acme.toml"]);
    assert_snapshot!("field_raw_link_in_a_clause", client.to_string());
    assert_eq!(folder.fail(&["--general"]).to_string(), client.to_string());
}

#[test]
fn a_field_that_is_only_measured_is_none() {
    let folder = with_code(
        "#context v(measure(field(\"extra\", label: \"Extra\", box(height: 6mm, width: 9mm))).height)",
    );
    folder.make(&["--client", "acme.toml"]);
    assert!(!ids(&folder, ACME_PDF).contains(&"extra".to_owned()));
}

#[test]
fn fields_that_are_in_order() {
    let folder = with_code(
        "#field(\"agreed\", kind: \"checkbox\", label: \"Akkoord\", box(width: 5mm, height: 5mm))\n\
         #margin-field(\"initials\", label: \"Paraaf\")\n",
    );
    folder.make(&["--client", "acme.toml"]);
    let ids = ids(&folder, ACME_PDF);
    let cover = ["client-legal-form", "client-address", "client-kvk"];
    assert_eq!(ids[..6], [&cover[..], &["agreed", "initials", "client-name"]].concat());
    let text = folder.make(&["show", ACME_PDF]).stdout;
    assert!(text.contains("  agreed               –\n"), "{text}");
}

#[test]
fn a_field_in_the_margin_of_every_page() {
    let running = "layouts/parts/running.typ";
    let folder = Folder::with_library().edit(
        running,
        "    import \"/contract.typ\": contract\n",
        "    import \"/contract.typ\": contract, margin-field\n    \
         margin-field(\"initials-\" + str(here().page()), label: \"Paraaf\")\n",
    );
    folder.make(&["--client", "acme.toml"]);
    let pages = crate::pdf::pages(&folder.read(ACME_PDF)).len();
    let initials: Vec<String> =
        ids(&folder, ACME_PDF).into_iter().filter(|id| id.starts_with("initials-")).collect();
    let wanted: Vec<String> = (2..=pages).map(|page| format!("initials-{page}")).collect();
    assert_eq!(initials, wanted);

    let text = crate::support::prose(&folder.read(ACME_PDF));
    assert!(!text.contains("Paraaf"), "a label is for screen readers");
}
