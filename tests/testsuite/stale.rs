//! Each reason for which a document is to be made, and each change that is none: as a table.

use std::fs;

use crate::keeping::{ANNA, ANNA_PDF, client, reported};
use crate::support::{ACME, Folder};

const CONTRACT: &str = "clauses/contract.toml";
const VERSION: &str = "version = 2026-06-12";
const SERVICES: &str = "clauses/services.toml";
const SECURITY: &str = "clauses/articles/security.typ";
const AI: &str = "clauses/articles/ai-systems.typ";
const BOB: &str = "clients/bob.toml";

/// What is changed after all is made.
type Change = fn(Folder) -> Folder;

/// Anna takes a website, Bob that and hosting, Carla an AI agent. The article on AI is for AI agents alone.
fn three() -> Folder {
    let with =
        |name: &str, services: &str| ACME.replace("\"website\"", services).replace("Acme", name);
    let folder = Folder::with_library()
        .without("acme.toml")
        .file(ANNA, client("Anna"))
        .file(BOB, with("Bob", "\"hosting\", \"website\""))
        .file("clients/carla.toml", with("Carla", "\"ai-agent\""));
    folder.make(&["regenerate"]);
    folder
}

/// The table `[service.ID]` of a catalogue, with its place.
fn table(text: &str, id: &str) -> (usize, usize) {
    let start = text.find(&format!("[service.{id}]")).unwrap();
    let end = text[start + 1..].find("\n[").map_or(text.len(), |end| start + 2 + end);
    (start, end)
}

fn new_service(folder: Folder) -> Folder {
    folder.append(
        SERVICES,
        "\n[service.newsletter]\nname = \"Nieuwsbrief\"\nprocessing = \"Verzenden\"\npurpose = \"Marketing\"\n\
         data-categories = [\"contact\"]\ndata-subjects = [\"Abonnees\"]\nsubprocessors = [\"email\"]\n\
         scope = [\"nieuwsbrieven\"]\n",
    )
    .edit(
        "clauses/articles/nature-and-purpose.typ",
        "- Technisch beheer van #scope[websites, webshops en applicaties].",
        "- Technisch beheer van #scope[websites, nieuwsbrieven, webshops en applicaties].",
    )
}

fn hosting_first(folder: Folder) -> Folder {
    let text = String::from_utf8(folder.read(SERVICES)).unwrap();
    let (start, end) = table(&text, "hosting");
    let hosting = text[start..end].to_owned();
    let rest = format!("{}{}", &text[..start], &text[end..]);
    let (website, _) = table(&rest, "website");
    folder.write(SERVICES, format!("{}{hosting}\n{}", &rest[..website], &rest[website..]));
    folder
}

/// A change, and what `status` then says of Anna, Bob and Carla: `-` is current.
const TABLE: [(&str, Change, [&str; 3]); 21] = [
    ("nothing", |f| f, ["-", "-", "-"]),
    ("a remark in a client file", |f| f.append(ANNA, "# a remark\n"), ["-", "-", "-"]),
    ("a remark in a clause", |f| f.append(SECURITY, "\n// a remark\n"), ["-", "-", "-"]),
    ("a service that nobody takes, with words of its own", new_service, ["-", "-", "-"]),
    (
        "another order of services, which one client sees",
        hosting_first,
        ["-", "needs a new version", "-"],
    ),
    (
        "a row of one client's service",
        |f| f.edit(SERVICES, "\"Beschikbaarheid en beheer\"", "\"Beschikbaarheid\""),
        ["-", "needs a new version", "-"],
    ),
    (
        "a clause that is left out for two",
        |f| f.append(AI, "\nNog een zin.\n"),
        ["-", "-", "needs a new version"],
    ),
    (
        "the same under a new version",
        |f| f.append(AI, "\nNog een zin.\n").edit(CONTRACT, VERSION, "version = 2026-07-01"),
        ["-", "-", "new version 2026-07-01: `articles/ai-systems` changed"],
    ),
    (
        "a new version of the same text",
        |f| f.edit(CONTRACT, VERSION, "version = 2026-07-01"),
        ["-", "-", "-"],
    ),
    (
        "a second text of one day",
        |f| f.append(AI, "\nNog een zin.\n").edit(CONTRACT, VERSION, "version = \"2026-06-12b\""),
        ["-", "-", "new version 2026-06-12b: `articles/ai-systems` changed"],
    ),
    (
        "a clause of all",
        |f| f.append(SECURITY, "\nNog een zin.\n"),
        ["needs a new version", "needs a new version", "needs a new version"],
    ),
    (
        "a measure of all",
        |f| f.edit(SERVICES, "[measure.https]\ntext = \"", "[measure.https]\ntext = \"Altijd: "),
        ["needs a new version", "needs a new version", "needs a new version"],
    ),
    ("a client's name", |f| f.edit(ANNA, "Anna", "Anne"), ["client file changed", "-", "-"]),
    (
        "one more service",
        |f| f.edit(ANNA, "[\"website\"]", "[\"website\", \"support\"]"),
        ["client file changed", "-", "-"],
    ),
    (
        "the same services in another order",
        |f| f.edit(BOB, "\"hosting\", \"website\"", "\"website\", \"hosting\""),
        ["-", "-", "-"],
    ),
    (
        "the layout",
        |f| f.edit("layouts/parts/words/nl.toml", "\"Inhoudsopgave\"", "\"Overzicht\""),
        ["layout changed", "layout changed", "layout changed"],
    ),
    ("a PDF is gone", |f| f.without(ANNA_PDF), ["PDF lost", "-", "-"]),
    (
        "a PDF is another one",
        |f| {
            f.make(&["--no-fields", "--client", ANNA, "-o", "other"]);
            fs::copy(f.path(&format!("other/{ANNA_PDF}")), f.path(ANNA_PDF)).unwrap();
            f.without(&format!("other/{ANNA_PDF}"))
        },
        ["PDF is not the one that was made", "-", "-"],
    ),
    (
        "made without fields",
        |f| {
            f.make(&["--no-fields", "--force", "--client", ANNA]);
            f
        },
        ["form fields wanted or not", "-", "-"],
    ),
    ("a renamed file", |f| moved(&f, ANNA, "clients/north/anna.toml"), ["-", "-", "-"]),
    ("a file of another name", |f| moved(&f, ANNA, "clients/anne.toml"), ["-", "-", "-"]),
];

fn moved(folder: &Folder, from: &str, to: &str) -> Folder {
    let moved = Folder::new();
    crate::support::copy(&folder.path(""), &moved.path(""));
    let text = moved.read(from);
    let moved = moved.without(from);
    moved.write(to, text);
    moved
}

#[test]
fn each_change_makes_stale_whom_it_concerns_and_nobody_else() {
    let mut wrong = Vec::new();
    for (what, change, expected) in TABLE {
        let folder = change(three());
        let said = reported(&folder, "reason");
        for (name, expected) in ["anna", "bob", "carla"].iter().zip(expected) {
            let reasons = said.iter().filter(|(pdf, _)| pdf.starts_with(name));
            let reasons: Vec<&str> = reasons
                .map(|(_, reason)| reason.as_str())
                .filter(|reason| !reason.is_empty())
                .collect();
            let is_current = expected == "-" && reasons.is_empty();
            if !is_current && reasons != [expected] {
                wrong.push(format!("{what}: {name} is {reasons:?}, not {expected}"));
            }
        }
        // What is said is what is done.
        let run = folder.run(&["regenerate"]);
        let made = run.stdout.lines().filter(|line| line.starts_with("made")).count();
        let is_to_do = |reason: &&&str| **reason != "-" && **reason != "needs a new version";
        let to_do = expected.iter().filter(is_to_do).count();
        if made != to_do {
            wrong.push(format!("{what}: {made} were made, not {to_do}\n{run}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_client_of_a_new_service_needs_no_new_version_and_one_of_a_changed_text_does() {
    let folder = new_service(three());
    let folder = folder.file(
        "clients/dirk.toml",
        ACME.replace("\"website\"", "\"newsletter\", \"website\"").replace("Acme", "Dirk"),
    );
    let run = folder.make(&["regenerate"]);
    assert!(run.stdout.contains("made        clients/dirk.toml"), "{run}");

    // A new client of the same services as Anna would get another text of the same version.
    let folder =
        folder.append(SECURITY, "\nNog een zin.\n").file("clients/els.toml", client("Els"));
    let run = folder.fail(&["--client", "clients/els.toml"]);
    assert!(run.stderr.contains("`articles/security` changed since 2026-06-12"), "{run}");
    assert!(run.stderr.contains("`anna`"), "{run}");
}
