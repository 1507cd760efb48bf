//! A new client file: by flags, and by questions on a terminal.

use std::fs;
use std::sync::LazyLock;

use dpa_gen::client::Client;
use dpa_gen::diagnostic::Source;
use dpa_gen::library::Library;
use serde_json::Value;

use crate::support::{ACME, Folder, assert_snapshot, embedded};
#[cfg(unix)]
use crate::terminal::Terminal;

const SMALLEST: [&str; 6] = ["new", "acme", "--yes", "--service", "website", "--name"];

/// Reads a client file that was written.
fn read(text: &str) -> Client<'static> {
    static LIBRARY: LazyLock<Library> = LazyLock::new(embedded);
    let source = Source::new("acme.toml", text);
    Client::read(&source, &LIBRARY).unwrap_or_else(|p| panic!("{p:?}\n{text}"))
}

fn text(folder: &Folder, path: &str) -> String {
    String::from_utf8(folder.read(path)).unwrap()
}

#[test]
fn what_to_do_next_is_said_as_a_shell_reads_it() {
    let folder = Folder::new();
    let name = "--name=Café 't Hoekje";
    let run = folder.make(&["new", "café 't hoekje", "--yes", "--service=website", name]);
    assert!(run.stderr.contains("next: dpa-gen --client \"café 't hoekje.toml\"\n"), "{run}");
}

#[test]
fn by_flags() {
    let folder = Folder::new();
    let run = folder.make(&[
        "new",
        "acme",
        "--yes",
        "--name=Acme B.V.",
        "--kvk=12345678",
        "--service=hosting, website",
        "--service=support",
        "--signatory=A. de Vries",
        "--role=Directeur",
        "--extra=Jaarlijkse penetratietest.",
        "--extra=Maandelijkse back-uptest.",
    ]);
    assert_eq!(folder.files(), ["acme.toml", "schemas/client.schema.json"]);
    assert_snapshot!("new", format!("{run}──── acme.toml ────\n{}", text(&folder, "acme.toml")));
    let schema = folder.make(&["schema", "client"]).stdout;
    assert_eq!(text(&folder, "schemas/client.schema.json"), schema);
    let pdf = folder.make(&["--client", "acme.toml"]).stdout;
    assert!(folder.prose(pdf.trim()).contains("Maandelijkse back-uptest."));
}

#[test]
fn every_flag_makes_questions_needless() {
    let folder = Folder::new();
    folder.make(&[
        "new",
        "acme",
        "--name=Acme B.V.",
        "--legal-form=besloten vennootschap",
        "--kvk=12345678",
        "--service=website",
        "--signatory=A. de Vries",
        "--role=Directeur",
        "--capacity=controller",
        "--extra=Jaarlijkse penetratietest.",
    ]);
    assert_eq!(read(&text(&folder, "acme.toml")).party().name, "Acme B.V.");
}

#[test]
fn what_is_awkward_to_write_is_read_back_as_it_was() {
    for name in [
        "Acme \"B.V.\"",
        "'t Hoekje",
        "a '\" b \\ c \\u0041 #",
        "= [x] {y} \"\"\" '''",
        "Øre & Ünal — Ωμέγα ÷ שלום",
        "{service} {file} {schema}",
    ] {
        let folder = Folder::new();
        let more = ["--signatory", name, "--role", name, "--extra", name];
        folder.make(&[&SMALLEST[..], &[name], &more].concat());
        let client = read(&text(&folder, "acme.toml"));
        let signatory = &client.party().signatories[0];
        assert_eq!(client.party().name, name);
        assert_eq!(
            (signatory.name.as_deref(), signatory.role.as_deref()),
            (Some(name), Some(name))
        );
        assert_eq!(client.extra_measures(), [name]);
    }
}

/// A file of which every key is set to its example.
fn whole(text: &str) -> String {
    let is_key = |line: &str| {
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        let is_id = |key: &str| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        line.starts_with('[') || line.starts_with('"') || (!key.is_empty() && is_id(key))
    };
    let bare = |line: &str| {
        let rest = line.trim_start().strip_prefix("# ").filter(|rest| is_key(rest));
        rest.unwrap_or(line).to_owned()
    };
    text.lines().map(bare).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_key_there_is_has_its_place_and_its_example() {
    fn keys(schema: &Value, path: &str, found: &mut Vec<String>) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            found.push(format!("{path}{key}"));
            keys(property, &format!("{path}{key}."), found);
        }
        if schema["items"]["properties"].is_object() {
            keys(&schema["items"], path, found);
        }
    }
    let folder = Folder::new();
    folder.make(&[&SMALLEST[..], &["Acme B.V."]].concat());
    let whole = whole(&text(&folder, "acme.toml"));
    let without = |keys: &[&str]| {
        let is_left_out =
            |line: &&str| keys.iter().any(|key| line.starts_with(&format!("{key} = ")));
        whole.lines().filter(|line| !is_left_out(line)).collect::<Vec<_>>().join("\n")
    };
    // Two ways to say who signs, and two registers: each file has one of them. Only a client outside the Union
    // has a representative there.
    read(&without(&["signatories", "register", "partners", "representative"]));
    let abroad = without(&["signatory", "kvk", "representative"]);
    let abroad = abroad.replace("Nederland\"", "België\"");
    read(&abroad.replace("besloten vennootschap\"", "maatschap\""));
    let outside = without(&["signatories", "register", "kvk", "partners"]);
    read(&outside.replace("Nederland\"", "Zwitserland\""));
    let table: toml::Table = whole.parse().unwrap();

    let mut known = Vec::new();
    keys(&Client::schema(&embedded()), "", &mut known);
    // The overrides of one service stand for those of the others.
    known.retain(|key| !key.starts_with("service.") || key.starts_with("service.website"));
    // Its keys are the library's categories, and of the grounds of a transfer one stands for the others.
    known.retain(|key| !key.starts_with("subprocessors."));
    known.retain(|key| {
        !["subprocessor.transfer.checked", "subprocessor.transfer.why"].contains(&&**key)
    });
    assert!(known.len() > 50);
    for key in known {
        let value = key.split('.').try_fold(toml::Value::Table(table.clone()), |value, part| {
            let value = value.get(0).cloned().unwrap_or(value);
            value.get(part).cloned()
        });
        assert!(value.is_some(), "`{key}` is not in src/ops/template/client.toml");
    }
}

#[test]
fn it_never_overwrites() {
    let folder = Folder::with_acme();
    assert_snapshot!("new_taken", folder.fail(&SMALLEST[..5]).to_string());
    for name in ["acme.toml", "./acme", "./acme.toml"] {
        let run = folder.fail(&["new", name, "--yes", "--service", "website", "--name", "A"]);
        assert_eq!(run.code, Some(2), "{run}");
    }
    let run = folder.fail(&["new", "acme.toml/x", "--yes", "--service", "website", "--name", "A"]);
    assert!(run.stderr.contains("a part of the path is not a folder"), "{run}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.path("beta.toml")).unwrap();
        folder.fail(&["new", "beta", "--yes", "--service", "website", "--name", "A"]);
    }
}

#[test]
fn wrong_flags() {
    let folder = Folder::new();
    let uses: [(&str, &[&str]); 8] = [
        ("no_terminal", &["new", "acme"]),
        ("no_terminal_and_some", &["new", "acme", "--name", "Acme B.V.", "--service", "website"]),
        ("nothing_told", &["new", "acme", "--yes"]),
        (
            "each_wrong",
            &[
                "new",
                "acme",
                "--name= Acme",
                "--kvk=1234567",
                "--service=webste,hosting,hosting",
                "--signatory=A\nB",
                "--role=",
                "--extra=\u{200B}",
            ],
        ),
        (
            "each_wrong_of_a_party",
            &[
                "new",
                "acme",
                "--name=Acme",
                "--service=website",
                "--legal-form=eenmanzaak",
                "--partner=A. de Vries",
                "--capacity=verwerker",
                "--signatory=A",
                "--role=a",
                "--role=b",
            ],
        ),
        ("role_of_nobody", &["new", "acme", "--role", "Directeur"]),
        ("no_name", &["new"]),
        ("a_folder", &["new", "klanten/"]),
    ];
    for (name, arguments) in uses {
        let run = folder.fail(arguments);
        assert_eq!(run.code, Some(2), "{run}");
        assert_snapshot!(format!("new_{name}"), run.to_string());
    }
    assert_snapshot!("new_help", folder.make(&["new", "--help"]).to_string());
}

#[test]
fn where_the_file_goes() {
    let folder = Folder::new().file("clients/beta.toml", ACME);
    let run = folder.make(&[&SMALLEST[..], &["Acme B.V."]].concat());
    assert_eq!(run.stdout, "clients/acme.toml\n");
    folder.make(&["new", "klanten/2026/J. & Zn", "--yes", "--service=website", "--name=J"]);
    assert_eq!(
        folder.files(),
        [
            "clients/acme.toml",
            "clients/beta.toml",
            // Found from there, and so not written again.
            "klanten/2026/J. & Zn.toml",
            "schemas/client.schema.json",
        ]
    );
    for (path, schema) in
        [("clients/acme.toml", "../schemas"), ("klanten/2026/J. & Zn.toml", "../../schemas")]
    {
        let first = format!("#:schema {schema}/client.schema.json\n");
        assert!(text(&folder, path).starts_with(&first), "{path}");
    }
}

#[test]
fn the_services_are_those_of_the_library_at_hand() {
    let folder = Folder::with_library().without("acme.toml").edit(
        "clauses/services.toml",
        "[service.website]",
        "[service.seo]\nname = \"Vindbaarheid\"\nprocessing = \"Statistieken\"\npurpose = \"Vindbaarheid\"\n\n[service.website]",
    );
    folder.make(&["new", "acme", "--yes", "--service=seo", "--name=Acme"]);
    let made = text(&folder, "acme.toml");
    assert!(made.contains("\n    \"seo\",                  # Vindbaarheid\n"), "{made}");
    assert!(text(&folder, "schemas/client.schema.json").contains("\"seo\""));

    let other = ["new", "beta", "--embedded", "--yes", "--service", "website", "--name", "Beta"];
    assert_snapshot!("new_schema_of_another_library", folder.make(&other).to_string());
    assert!(text(&folder, "schemas/client.schema.json").contains("\"seo\""), "it is kept");

    let broken = folder.edit("clauses/services.toml", "[service.hosting]", "[dienst.hosting]");
    let run = broken.fail(&["new", "gamma", "--yes", "--service=seo", "--name=Gamma"]);
    assert_eq!(run.code, Some(1), "{run}");
}

#[cfg(unix)]
#[test]
fn by_questions() {
    let folder = Folder::new();
    fs::create_dir(folder.path("clients")).unwrap();
    let terminal = Terminal::start(&folder, &["new", "acme"]);
    let mut shown = Vec::new();

    terminal.wait_for("Legal name");
    terminal.type_keys("\r");
    shown.push(terminal.wait_for("empty text"));
    terminal.type_keys("Café \"De Höek\" B.V.\r");

    terminal.wait_for("Legal form");
    terminal.type_keys("stichtng\r");
    shown.push(terminal.wait_for("did you mean `stichting`?"));
    terminal.type_keys("\x7f\x7fing\r");

    terminal.wait_for("KvK number");
    terminal.type_keys("1234567\r");
    shown.push(terminal.wait_for("is not a KvK number"));
    terminal.type_keys("8\r");

    terminal.wait_for("What the client takes");
    terminal.type_keys("\r");
    shown.push(terminal.wait_for("mark at least one"));
    terminal.type_keys(" \x1b[B\x1b[B ");
    shown.push(terminal.wait_for("[x] Hosting"));
    terminal.type_keys("\r");

    terminal.wait_for("Who signs");
    terminal.type_keys("A. de Vries\r");
    terminal.wait_for("Position");
    terminal.type_keys("\r");
    terminal.wait_for("Who signs too");
    terminal.type_keys("\r");
    terminal.wait_for("for others?");
    terminal.type_keys("\r");
    terminal.wait_for("measure");
    terminal.type_keys("Test \r");
    shown.push(terminal.wait_for("ends with a space"));
    terminal.type_keys("\x7f.\r");
    terminal.wait_for("Another one");
    terminal.type_keys("\r");

    let (code, end) = terminal.finish();
    shown.push(end);
    assert_eq!(code, Some(0), "{shown:#?}");
    assert_snapshot!("new_questions", shown.join("\n────────\n"));

    let client = read(&text(&folder, "clients/acme.toml"));
    assert_eq!(client.party().name, "Café \"De Höek\" B.V.");
    assert_eq!(client.party().legal_form.as_deref(), Some("stichting"));
    assert_eq!(client.party().kvk.as_deref(), Some("12345678"));
    assert_eq!(client.services(), ["website", "hosting"]);
    assert_eq!(client.party().signatory_name(), Some("A. de Vries"));
    assert_eq!(client.party().signatories[0].role, None);
    assert_eq!(client.extra_measures(), ["Test."]);
}

#[cfg(unix)]
#[test]
fn only_what_no_flag_told_is_asked() {
    let folder = Folder::new();
    let flags = ["new", "acme", "--name=Acme", "--service=website", "--extra=Test."];
    let terminal = Terminal::start(&folder, &flags);
    terminal.wait_for("Legal form");
    terminal.type_keys("\r");
    terminal.wait_for("KvK number");
    terminal.type_keys("\r");
    terminal.wait_for("Who signs");
    terminal.type_keys("\r");
    terminal.wait_for("for others?");
    terminal.type_keys("\r");
    let (code, shown) = terminal.finish();
    assert_eq!(code, Some(0), "{shown}");
    assert_snapshot!("new_few_questions", shown);
    let client = read(&text(&folder, "acme.toml"));
    assert_eq!((client.party().kvk.as_deref(), client.party().signatory_name()), (None, None));
}

#[cfg(unix)]
#[test]
fn a_partnership_is_asked_who_its_partners_are_and_who_sign() {
    let folder = Folder::new();
    let flags = ["new", "linde", "--name=De Linde", "--service=website", "--extra=Test."];
    let terminal = Terminal::start(&folder, &flags);
    for (question, answer) in [
        ("Legal form", "vof\r"),
        ("Name of a partner", "A. Linde\r"),
        ("Another partner", "B. Linde\r"),
        ("A. Linde", "\r"),
        ("KvK number", "\r"),
        ("Who signs", "A. Linde\r"),
        ("Position", "vennoot\r"),
        ("Who signs too", "B. Linde\r"),
        ("Position of who signs", "vennoot\r"),
        ("Who signs too", "\r"),
        ("for others?", "y\r"),
    ] {
        terminal.wait_for(question);
        std::thread::sleep(std::time::Duration::from_millis(300));
        terminal.type_keys(answer);
    }
    let (code, shown) = terminal.finish();
    assert_eq!(code, Some(0), "{shown}");
    let client = read(&text(&folder, "linde.toml"));
    assert_eq!(client.party().partners, ["A. Linde", "B. Linde"]);
    let signs = |index: usize| client.party().signatories[index].name.as_deref();
    assert_eq!((signs(0), signs(1)), (Some("A. Linde"), Some("B. Linde")));
    assert_eq!(client.party().capacity, dpa_gen::party::Capacity::Processor);
}

#[test]
fn a_client_that_usually_brings_its_own_model_is_noted() {
    for (name, note) in [
        ("Gemeente Oosterveld", "note: municipalities usually bring the VNG's standard"),
        ("Stichting Basisscholen Waterland", "Privacyconvenant Onderwijs (version 4.0)"),
        ("Acme B.V.", ""),
    ] {
        let folder = Folder::new();
        let run = folder.make(&[&SMALLEST[..], &[name]].concat());
        assert!(run.stderr.contains(note), "{run}");
        assert_eq!(run.stderr.contains("note:"), !note.is_empty(), "{run}");
    }
}

#[test]
fn who_sign_together_are_a_list() {
    let folder = Folder::new();
    let people = ["--signatory=A. de Vries", "--role=directeur", "--signatory=B. Bakker"];
    folder.make(&[&SMALLEST[..], &["Acme B.V."], &people].concat());
    let client = read(&text(&folder, "acme.toml"));
    assert_eq!(client.party().signatories.len(), 2);
    assert_eq!(client.party().signatories[0].role.as_deref(), Some("directeur"));
    assert_eq!(client.party().signatories[1].role, None);
}

#[test]
fn a_run_that_is_stopped_writes_nothing() {
    for key in ["\x1b", "\x03"] {
        let folder = Folder::new();
        let terminal = Terminal::start(&folder, &["new", "acme"]);
        terminal.wait_for("Legal name");
        terminal.type_keys("Acme\r");
        terminal.wait_for("Legal form");
        terminal.type_keys(key);
        let (ended, shown) = terminal.finish();
        assert_eq!(ended, Some(2), "{shown}");
        let last = shown.trim_end().lines().last();
        assert_eq!(last.unwrap(), "error: stopped: nothing was written", "{shown}");
        assert!(!shown.contains("Enter leaves it open"), "{shown}");
        assert!(folder.files().is_empty());
    }
}

#[test]
fn a_name_that_another_client_has_in_another_case_is_refused() {
    let folder =
        Folder::new().file("clients/noord/bakker.toml", format!("id = \"Bakker\"\n{ACME}"));
    let more = ["--yes", "--service=website", "--name=Acme B.V."];
    folder.make(&[&["new", "acme"][..], &more].concat());
    let folder = folder.file("clients/café.toml", format!("id = \"hoek\"\n{ACME}"));
    let mut said = String::new();
    for name in ["ACME", "CAFÉ", "bakker", "HOEK", ".h", "clients/.h", ".toml"] {
        said += &folder.fail(&[&["new", name][..], &more].concat()).to_string();
    }
    assert_snapshot!("new_of_another_client", said);
    // Elsewhere a name is free.
    folder.make(&[&["new", "elsewhere/acme"][..], &more].concat());
}
