//! The same inputs give the same bytes, and the digest differs between inputs.

use std::fs;

use dpa_gen::typeset::Typesetter;

use crate::support::{ACME_PDF, Folder, embedded, pdf, sample, with_stack};

const MAKE: [&str; 2] = ["--client", "acme.toml"];

fn acme() -> String {
    fs::read_to_string(sample("acme.toml")).unwrap()
}

/// The digest of the contract that this folder makes.
fn digest(folder: &Folder) -> String {
    // A folder of its own, for two texts of one version may not stand together.
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("made.pdf");
    let run = folder.make(&[&MAKE[..], &["--json", "-o", out.to_str().unwrap()]].concat());
    let reported: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    reported["results"][0]["digest"].as_str().unwrap().to_owned()
}

#[test]
fn twice_in_one_process() {
    let library = embedded();
    let (fresh, again, other_typesetter) = with_stack(|| {
        let typesetter = Typesetter::new(&library).unwrap();
        let fresh = pdf(&library, &typesetter, &acme()).unwrap();
        pdf(&library, &typesetter, &fs::read_to_string(sample("hostile.toml")).unwrap()).unwrap();
        let again = pdf(&library, &typesetter, &acme()).unwrap();
        let other = Typesetter::new(&library).unwrap();
        (fresh, again, pdf(&library, &other, &acme()).unwrap())
    });
    assert!(fresh == again, "another client in between makes no difference");
    assert!(fresh == other_typesetter);
}

#[test]
fn in_another_process_folder_time_zone_and_language() {
    let made = |change: &dyn Fn(&mut std::process::Command)| {
        let folder = Folder::new().file("acme.toml", acme());
        let run = folder.run_with(&MAKE, change);
        assert_eq!(run.code, Some(0), "{run}");
        folder.read(ACME_PDF)
    };
    let first = made(&|_| {});
    let second = made(&|command| {
        command.env("TZ", "Pacific/Kiritimati").env("LANG", "tr_TR.UTF-8").env("LC_ALL", "tr_TR");
        command.env("SOURCE_DATE_EPOCH", "1").env("HOME", "/nonexistent");
    });
    assert!(first == second);

    // The embedded library and a copy of it are the same; and so are all ways to name the file.
    let folder = Folder::with_library().file("acme.toml", acme());
    folder.make(&MAKE);
    assert!(folder.read(ACME_PDF) == first);
    let path = folder.path("acme.toml");
    folder.make(&["--client", path.to_str().unwrap(), "-o", "other-name.pdf"]);
    assert!(folder.read("other-name.pdf") == first);
}

#[test]
fn the_digest_follows_what_the_contract_says_and_how_it_looks() {
    let folder = Folder::with_library();
    let first = digest(&folder);
    assert_eq!(digest(&folder), first);

    let folder = folder.append("clauses/articles/ai-systems.typ", "\nNog iets.\n");
    assert_eq!(digest(&folder), first, "this client's contract has no article on AI");
    let folder = folder.file("clauses/notes.md", "x").append("acme.toml", "# A remark.\n");
    assert_eq!(digest(&folder), first, "a remark in the client file says nothing");

    let mut digests = vec![first];
    let mut folder = folder;
    for (path, part, by) in [
        ("clauses/articles/security.typ", "SSL/TLS", "TLS"),
        ("clauses/contract.toml", "subtitle = \"Voor", "subtitle = \"Alleen voor"),
        (
            "clauses/services.toml",
            "Contactformulieren, analytics, logs",
            "Contactformulieren, logs",
        ),
        ("layouts/parts/cover.typ", "30pt", "31pt"),
        ("layouts/parts/words/nl.toml", "\"Inhoudsopgave\"", "\"Inhoud\""),
        ("acme.toml", "Acme", "Beta"),
        ("acme.toml", "\"website\"", "\"hosting\""),
    ] {
        folder = folder.edit(path, part, by);
        let next = digest(&folder);
        assert!(!digests.contains(&next), "{path} changed, so the digest should");
        digests.push(next);
    }
}

#[test]
fn the_order_of_services_in_the_client_file_makes_no_difference() {
    let made = |services: &str| {
        let client = format!("services = [{services}]\n[client]\nname = \"Acme B.V.\"\n");
        let folder = Folder::new().file("acme.toml", client);
        folder.make(&MAKE);
        folder.read(ACME_PDF)
    };
    assert!(made("\"website\", \"hosting\"") == made("\"hosting\", \"website\""));
}

/// Of one folder of clients who take the same services, each PDF, however the others are called: the order in which they are
/// made is that of the names.
#[test]
fn whichever_document_was_made_before() {
    const CLIENTS: [&str; 5] = [
        "name = \"Bakker B.V.\"\ncity = \"Ede\"",
        "name = \"Een naam die zoveel woorden heeft dat hij niet op een enkele regel van het omslag past B.V.\"",
        "name = \"Cafe Zon\"\nkvk = \"12345678\"\naddress = \"Plein 2\"\npostal-code = \"1234 AB\"\ncity = \"Ede\"",
        "name = \"D\"\nsignatories = [{ name = \"A. Een\" }, { name = \"B. Twee\" }]",
        "name = \"Rechtsanwaltsfachangestelltenvereinigung\"\nemail = \"a@voorbeeld.nl\"",
    ];
    let made = |order: [usize; 5]| {
        let mut folder = Folder::new();
        for (place, client) in order.into_iter().enumerate() {
            let text = format!(
                "id = \"c{client}\"\nservices = [\"website\"]\n[client]\n{}",
                CLIENTS[client]
            );
            folder = folder.file(&format!("clients/{place}.toml"), text);
        }
        let run = folder.make(&["regenerate", "--jobs", "1"]);
        (0..5)
            .map(|client| {
                let name = format!("c{client}-verwerkersovereenkomst-2026-06-12.pdf");
                assert!(run.stdout.contains(&name), "{run}");
                folder.read(&name)
            })
            .collect::<Vec<_>>()
    };
    let first = made([0, 1, 2, 3, 4]);
    assert!(made([4, 3, 2, 1, 0]) == first);
    assert!(made([2, 4, 1, 0, 3]) == first);
    // A document that is the first of its run is laid out from the beginning.
    for (client, pdf) in first.iter().enumerate() {
        let text =
            format!("id = \"c{client}\"\nservices = [\"website\"]\n[client]\n{}", CLIENTS[client]);
        let folder = Folder::new().file("one.toml", text);
        let run = folder.make(&["--client", "one.toml"]);
        let name = format!("c{client}-verwerkersovereenkomst-2026-06-12.pdf");
        assert!(folder.read(&name) == *pdf, "{client}: {run}");
    }
}
