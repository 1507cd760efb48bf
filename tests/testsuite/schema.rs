//! The schemas find what the reader finds, in the eyes of a validator that is not ours.

use std::fs;
use std::path::PathBuf;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use dpa_gen::client::Client;
use dpa_gen::diagnostic::Source;
use dpa_gen::library::{Catalogue, Contents, Files};
use serde_json::{Map, Value};

use crate::support::{ACME, Folder, assert_snapshot, embedded, repository};

/// Faulty client files that are no TOML, so that no schema ever sees them.
const NOT_TOML: [(&str, &str); 9] = [
    ("duplicate-key", "TOML has each key once"),
    ("duplicate-table", "TOML has each table once"),
    ("like-json", "JSON is no TOML"),
    ("like-yaml", "YAML is no TOML"),
    ("no-such-day", "TOML dates are days of the calendar"),
    ("syntax-error", "a text without quotes"),
    ("unclosed-list", "a list without its end"),
    ("unclosed-table", "a table name without its end"),
    ("unclosed-text", "a text without its end"),
];

/// Faulty client files whose fault JSON Schema cannot express.
const BEYOND: [(&str, &str); 18] = [
    ("end-before-start", "JSON Schema does not compare two values"),
    ("controllers-of-a-controller", "nor one key with another"),
    ("kvk-and-register", "nor one key with another"),
    ("legal-form-misspelt", "nor a text with those it is near to"),
    ("partners-of-a-bv", "nor one key with another"),
    ("partners-without-a-form", "nor one key with another"),
    ("register-in-the-netherlands", "nor one key with another"),
    ("register-of-another-form", "nor one key with another"),
    ("register-without-country", "nor one key with another"),
    ("signatories-beside-signatory", "nor one key with another"),
    ("country-unknown", "nor a text with a list that names it in three languages"),
    ("narrowed-without-reason", "nor a key with the items of a list elsewhere"),
    ("objection-after-the-notice", "nor one key with another"),
    ("retention-beyond-deletion", "nor one key with another"),
    ("transfer-inside-the-eea", "nor one key with another"),
    ("transfer-missing", "nor one key with another"),
    ("transfer-that-does-not-fit", "nor one key with another"),
    ("unused-override", "nor a key with the items of a list elsewhere"),
];

/// Faulty client files that are read, and fail later: no font has their characters.
const BEYOND_THE_READER: [&str; 2] = ["chinese", "emoji"];

struct Validator(Schemas, SchemaIndex);

impl Validator {
    fn new(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V7);
        compiler.enable_format_assertions();
        compiler.add_resource("schema.json", schema).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn of(name: &str) -> Self {
        let run = Folder::new().make(&["schema", name, "--embedded"]);
        Self::new(serde_json::from_str(&run.stdout).unwrap())
    }

    /// What it finds wrong.
    fn find(&self, toml: &toml::Table) -> Option<String> {
        let json = to_json(&toml::Value::Table(toml.clone()));
        self.0.validate(&json, self.1).err().map(|error| format!("{error:#}"))
    }
}

/// As editors turn TOML into JSON: a date is a text.
fn to_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => {
            let pairs = table.iter().map(|(key, value)| (key.clone(), to_json(value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        toml::Value::Array(items) => items.iter().map(to_json).collect(),
        toml::Value::Datetime(date) => date.to_string().into(),
        other => serde_json::to_value(other).unwrap(),
    }
}

/// The client files of a folder of fixtures, by name.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let path = repository().join("fixtures").join(folder);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// Whether the reader takes a client file.
fn reads(text: &str) -> bool {
    let source = Source::new("client.toml", text);
    Client::read(&source, &embedded()).is_ok()
}

#[test]
fn the_schema_and_the_reader_agree_on_every_fixture() {
    let validator = Validator::of("client");
    let mut excused = Vec::new();
    let mut right = Vec::new();
    for (name, text) in [fixtures("clients"), fixtures("bad/clients")].concat() {
        // The reader skips a byte order mark.
        let Ok(toml) = text.trim_start_matches('\u{FEFF}').parse::<toml::Table>() else {
            assert!(!reads(&text), "{name}");
            excused.push(name);
            continue;
        };
        let found = validator.find(&toml);
        if BEYOND.iter().any(|(beyond, _)| *beyond == name) {
            assert_eq!((reads(&text), found), (false, None), "{name}");
            excused.push(name);
            continue;
        }
        assert_eq!(reads(&text), found.is_none(), "{name}: {found:?}");
        right.extend(found.is_none().then_some(name));
    }
    let mut expected: Vec<&str> = [&NOT_TOML[..], &BEYOND].concat().iter().map(|e| e.0).collect();
    expected.sort_unstable();
    excused.sort_unstable();
    assert_eq!(excused, expected);
    let good = fixtures("clients").into_iter().map(|(name, _)| name);
    let expected: Vec<String> = good.chain(BEYOND_THE_READER.map(str::to_owned)).collect();
    assert_eq!(right, expected);
}

#[test]
fn the_schema_and_the_reader_agree_on_every_character() {
    let schema = Client::schema(&embedded());
    let validator = Validator::new(schema["properties"]["client"]["properties"]["name"].clone());
    let library = embedded();
    // Beyond U+FFFF the schema is milder: see `schema::UNSEEN`.
    for character in (1..=0xFFFF).filter_map(char::from_u32) {
        let escaped = format!("\\u{:04X}", u32::from(character));
        for (toml, text) in [
            (format!("a{escaped}b"), format!("a{character}b")),
            (format!("{escaped}b"), format!("{character}b")),
            (escaped, character.to_string()),
        ] {
            let file = format!("services = [\"website\"]\n[client]\nname = \"{toml}\"\n");
            let is_read = Client::read(&Source::new("a.toml", file), &library).is_ok();
            let text = Value::String(text);
            let found = validator.0.validate(&text, validator.1);
            assert_eq!(is_read, found.is_ok(), "{toml}: {found:?}");
        }
    }
}

#[test]
fn the_library_is_right_by_its_schemas() {
    for (name, file) in [("contract", "contract.toml"), ("services", "services.toml")] {
        let text = fs::read_to_string(repository().join("clauses").join(file)).unwrap();
        assert_eq!(Validator::of(name).find(&text.parse().unwrap()), None, "{file}");
    }
}

#[test]
fn the_schemas_of_the_library_and_its_reader_agree() {
    let files = Files::embedded_clauses();
    let contract = Validator::of("contract");
    let services = Validator::of("services");
    let edits = [
        ("contract.toml", "version = 2026-06-12", "version = \"morgen\""),
        ("contract.toml", "version = 2026-06-12", "version = 2026-06-12T12:00:00"),
        ("contract.toml", "version = 2026-06-12", ""),
        ("contract.toml", "language = \"nl\"", "language = \"fy\""),
        ("contract.toml", "language = \"nl\"", "language = \"nl\"\ntaal = \"nl\""),
        ("contract.toml", "\"verwerkersovereenkomst\"", "\"a/b\""),
        ("contract.toml", "\"verwerkersovereenkomst\"", "\"a b\""),
        ("contract.toml", "\"verwerkersovereenkomst\"", "\"\""),
        ("contract.toml", "\"verwerkersovereenkomst\"", "\"één-2\""),
        ("contract.toml", "\"parties\",", "\"parties\", \"parties\","),
        ("contract.toml", "\"parties\",", "\"Parties\","),
        ("contract.toml", "kvk = \"99723611\"", ""),
        ("contract.toml", "kvk = \"99723611\"", "kvk = \"9972361\""),
        ("contract.toml", "kvk = \"99723611\"", "kvk = \" 9972 3611 \""),
        ("contract.toml", "info@mnrv.nl", "info@mnrv"),
        ("contract.toml", "# [brand]\n# accent = \"#1f4e79\"", "[brand]\naccent = \"blue\""),
        ("contract.toml", "# [brand]\n# accent = \"#1f4e79\"", "[brand]\naccent = \"#1F4E79\""),
        ("contract.toml", "# [brand]\n# accent = \"#1f4e79\"", "[brand]\nlogo-alt = \"M\""),
        ("contract.toml", "# [brand]\n# accent = \"#1f4e79\"", "[brand]\nlogo = \"logo.gif\""),
        ("services.toml", "name = \"Website\"", ""),
        ("services.toml", "name = \"Website\"", "name = \" \""),
        ("services.toml", "name = \"Website\"", "name = \"Website\"\nprijs = 1"),
        ("services.toml", "measures = [\"recovery\"]", "measures = [\"recovery\", \"recovery\"]"),
        ("services.toml", "base = true\n\n[measure.admin", "base = 1\n\n[measure.admin"),
        ("services.toml", "[measure.https]", "[maatregel.https]"),
    ];
    for (file, part, by) in edits {
        let text = files.text(file).unwrap().text.clone();
        assert_eq!(text.matches(part).count(), 1, "{part}");
        let text = text.replace(part, by);
        let source = Source::new(file, &*text);
        let (is_read, validator) = if file == "contract.toml" {
            (Contents::read(&source, &files, embedded().parties()).is_ok(), &contract)
        } else {
            (Catalogue::read(&source).is_ok(), &services)
        };
        let found = validator.find(&text.parse().unwrap());
        assert_eq!(is_read, found.is_none(), "{by}: {found:?}");
    }
}

/// Every property below, with its path.
fn properties(schema: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        properties(property, &path, found);
        found.push((path, property.clone()));
    }
    for below in ["items", "additionalProperties"] {
        if schema[below].is_object() {
            properties(&schema[below], &format!("{path}.*"), found);
        }
    }
}

#[test]
fn every_key_is_described_in_dutch_and_in_english() {
    for name in ["client", "contract", "services", "subprocessors"] {
        let run = Folder::new().make(&["schema", name, "--embedded"]);
        let mut found = Vec::new();
        properties(&serde_json::from_str(&run.stdout).unwrap(), name, &mut found);
        assert!(found.len() > 10);
        let ids = embedded();
        for (path, property) in found {
            let key = path.rsplit('.').next().unwrap();
            if path.starts_with("client.service.") && ids.catalogue().services.contains_key(key) {
                continue; // A service's id is no key of ours.
            }
            if path.starts_with("client.subprocessors.") {
                continue; // Nor is a category's.
            }
            let description = property["description"].as_str().unwrap_or_default();
            assert_eq!(description.split("\n\n").count(), 2, "{path}: Dutch, then English");
        }
    }
}

/// The keys of the tables of a client file, by the heading that each table has in the documentation.
fn keys_by_table(schema: &Value) -> Vec<(String, Vec<String>)> {
    let keys = |schema: &Value| -> Vec<String> {
        schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let tables = schema["properties"].as_object().unwrap().iter().map(|(key, property)| {
        let first = property["properties"].as_object().and_then(|below| below.values().next());
        match first {
            _ if property["type"] == "array" && property["items"]["type"] == "object" => {
                (format!("[[{key}]]"), keys(&property["items"]))
            }
            // A table by the ids of categories.
            Some(_) if key == "subprocessors" => {
                ("[subprocessors]".to_owned(), vec!["ID".to_owned()])
            }
            Some(below) if key == "service" => ("[service.ID]".to_owned(), keys(below)),
            Some(_) => (format!("[{key}]"), keys(property)),
            None => (key.clone(), Vec::new()),
        }
    });
    tables.collect()
}

#[test]
fn the_documentation_has_every_key_of_a_client_file_and_no_other() {
    let path = repository().join("docs/client-file.md");
    let text = fs::read_to_string(path).unwrap();
    let known = keys_by_table(&Client::schema(&embedded()));
    assert!(known.len() > 7);
    let mut headings: Vec<String> = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let (heading, section) = section.split_once('\n').unwrap();
        let Some(heading) = heading.strip_prefix('`').and_then(|h| h.strip_suffix('`')) else {
            continue;
        };
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let mut documented: Vec<String> = rows
            .flat_map(|row| row.split('|').nth(1).unwrap().split(','))
            .map(|key| key.trim().trim_matches('`').to_owned())
            .collect();
        let found = known.iter().find(|(table, _)| table == heading);
        let mut wanted = found.unwrap_or_else(|| panic!("there is no `{heading}`")).1.clone();
        documented.sort();
        wanted.sort();
        assert_eq!(documented, wanted, "docs/client-file.md, {heading}");
        headings.push(heading.to_owned());
    }
    let mut wanted: Vec<String> = known.into_iter().map(|(table, _)| table).collect();
    wanted.sort();
    headings.sort();
    assert_eq!(headings, wanted, "docs/client-file.md has a section for each table");
}

#[test]
fn what_is_printed() {
    let folder = Folder::new();
    for name in ["client", "contract", "services", "subprocessors"] {
        let run = folder.make(&["schema", name, "--embedded"]);
        assert_snapshot!(format!("schema_{name}"), run.to_string());
    }
    assert_snapshot!("schema_help", folder.make(&["schema", "--help"]).to_string());
    assert_snapshot!("schema_unknown", folder.fail(&["schema", "klant"]).to_string());
}

#[test]
fn the_services_are_those_of_the_library_at_hand() {
    let folder = Folder::with_library().edit(
        "clauses/services.toml",
        "[service.website]",
        "[service.vindbaarheid]\nname = \"SEO\"\nprocessing = \"Statistieken\"\npurpose = \"Vindbaarheid\"\n\n[service.website]",
    );
    let run = folder.make(&["schema", "client"]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(schema["properties"]["services"]["items"]["enum"][0], "vindbaarheid");
    assert!(schema["properties"]["service"]["properties"]["vindbaarheid"].is_object());
    let embedded = folder.make(&["schema", "client", "--embedded"]);
    assert!(!embedded.stdout.contains("vindbaarheid"));

    let validator = Validator::new(schema);
    let own = ACME.replace("website", "vindbaarheid");
    assert_eq!(validator.find(&own.parse().unwrap()), None);
    assert!(Validator::of("client").find(&own.parse().unwrap()).is_some());

    let broken = folder.edit("clauses/services.toml", "[service.hosting]", "[dienst.hosting]");
    assert_snapshot!("broken_library", broken.fail(&["schema", "client"]).to_string());
}
