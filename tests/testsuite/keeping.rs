//! Keeping PDFs up to date: what is made, what is left alone, and what is reported of it.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use serde_json::Value;

use crate::pdf;
use crate::support::{Folder, Run, assert_snapshot, files_below, without_digests};

pub const ANNA: &str = "clients/anna.toml";
pub const ANNA_PDF: &str = "anna-verwerkersovereenkomst-2026-06-12.pdf";
pub const BOB_PDF: &str = "bob-verwerkersovereenkomst-2026-06-12.pdf";

const CONTRACT: &str = "clauses/contract.toml";
const VERSION: &str = "version = 2026-06-12";
const SECURITY: &str = "clauses/articles/security.typ";
const PASSWORDS: &str = "- Sterke wachtwoorden";
const STRONGER: &str = "- Zeer sterke wachtwoorden";

/// The smallest client file of this name.
pub fn client(name: &str) -> String {
    format!("services = [\"website\"]\n\n[client]\nname = \"{name} B.V.\"\n")
}

/// A folder with the client files of Anna and Bob.
pub fn fleet() -> Folder {
    Folder::new().file(ANNA, client("Anna")).file("clients/bob.toml", client("Bob"))
}

/// The same, with the repository's library beside them.
pub fn fleet_with_library() -> Folder {
    Folder::with_library()
        .without("acme.toml")
        .file(ANNA, client("Anna"))
        .file("clients/bob.toml", client("Bob"))
}

/// All files with their bytes and times: what a run that writes nothing leaves as it is.
pub fn state(folder: &Folder) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let root = folder.path("");
    let read = |path: String| {
        let full = root.join(&path);
        let modified = fs::symlink_metadata(&full).unwrap().modified().unwrap();
        (path, (fs::read(full).unwrap_or_default(), modified))
    };
    files_below(&root).into_iter().map(read).collect()
}

/// The same without what the program remembers of file times.
pub fn kept(folder: &Folder) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut state = state(folder);
    state.retain(|path, _| !path.ends_with(".dpa-gen.cache"));
    state
}

/// What `status` says, with its exit code.
pub fn status(folder: &Folder) -> String {
    folder.run(&["status", "--all"]).to_string()
}

/// The field `key` of what `status` says of each PDF.
pub fn reported(folder: &Folder, key: &str) -> BTreeMap<String, String> {
    let run = folder.run(&["status", "--all", "--json"]);
    let reported: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    let results = reported["results"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    results.map(|result| (text(&result["pdf"]), text(&result[key]))).collect()
}

/// Asks that all are current and untouched.
pub fn assert_all_current(folder: &Folder, count: usize) {
    let run = folder.run(&["status", "--all"]);
    assert_eq!(run.code, Some(0), "{run}");
    let current =
        |line: &&str| line.starts_with("current   2026-06-12   untouched  ") && !line.contains('(');
    assert_eq!(run.stdout.lines().filter(current).count(), count, "{run}");
    assert_eq!(run.stdout.lines().count(), count, "{run}");
}

#[test]
fn what_was_never_made_is_made_and_then_nothing_is_written() {
    let folder = fleet();
    assert_snapshot!("never_made", status(&folder));
    assert_snapshot!("made", folder.make(&["regenerate"]).to_string());
    let lock = folder.lock("");
    assert_snapshot!("lock", without_short_digests(&lock));
    assert_all_current(&folder, 2);

    // The second run may still take note of file times; it writes nothing else.
    let before = kept(&folder);
    assert_snapshot!("current", folder.make(&["regenerate"]).to_string());
    assert!(kept(&folder) == before, "a run with nothing to do writes nothing");
    let before = state(&folder);
    folder.make(&["regenerate"]);
    assert!(state(&folder) == before, "nor does it write its cache again");
}

/// Writes `[digest]` for digests of 16 digits too.
fn without_short_digests(text: &str) -> String {
    let is_digest = |word: &str| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = text.split('"').map(|word| if is_digest(word) { "[digest]" } else { word });
    without_digests(&words.collect::<Vec<_>>().join("\""))
}

#[test]
fn the_bytes_are_those_of_a_document_made_alone() {
    let folder = fleet();
    folder.make(&["regenerate", "-j", "2"]);
    folder.make(&["--client", ANNA, "-o", "alone"]);
    assert!(folder.read(ANNA_PDF) == folder.read(&format!("alone/{ANNA_PDF}")));
}

#[test]
fn a_document_made_alone_is_known_to_all() {
    let folder = fleet();
    folder.make(&["--client", ANNA, "--client", "clients/bob.toml"]);
    assert_all_current(&folder, 2);
    let before = kept(&folder);
    folder.make(&["regenerate"]);
    assert!(kept(&folder) == before);
}

/// Makes all, changes something, and holds what `regenerate` and `status` say of it against a snapshot.
/// Those that were left alone must not have been written.
fn assert_stale(name: &str, folder: Folder, change: impl FnOnce(Folder) -> Folder) -> Folder {
    folder.make(&["regenerate"]);
    let folder = change(folder);
    let before = folder.run(&["status"]);
    assert_eq!(before.code, Some(1), "there is something to do\n{before}");
    let bob = fs::metadata(folder.path(BOB_PDF)).unwrap().modified().unwrap();
    let run = folder.make(&["regenerate"]);
    if run.stdout.contains("current     clients/bob.toml") {
        assert_eq!(fs::metadata(folder.path(BOB_PDF)).unwrap().modified().unwrap(), bob);
    }
    assert_snapshot!(name, format!("{before}\n{run}"));
    assert_eq!(folder.run(&["status"]).code, Some(0));
    folder
}

#[test]
fn a_client_file_changed() {
    let folder = assert_stale("stale_client", fleet(), |f| f.edit(ANNA, "Anna", "Anna Nieuw"));
    assert!(folder.prose(ANNA_PDF).contains("Anna Nieuw B.V."));
}

#[test]
fn the_layout_changed() {
    let folder = assert_stale("stale_layout", fleet_with_library(), |folder| {
        folder.edit("layouts/parts/words/nl.toml", "\"Inhoudsopgave\"", "\"Overzicht\"")
    });
    for pdf in [ANNA_PDF, BOB_PDF] {
        assert!(folder.prose(pdf).contains("Overzicht"), "{pdf}");
    }
}

#[test]
fn a_new_version_gets_a_name_of_its_own_and_the_old_one_stays() {
    let mut old = Vec::new();
    let folder = assert_stale("stale_version", fleet_with_library(), |folder| {
        old = folder.read(ANNA_PDF);
        folder.edit(SECURITY, PASSWORDS, STRONGER).edit(CONTRACT, VERSION, "version = 2027-01-31")
    });
    assert!(folder.read(ANNA_PDF) == old, "the old one stays as it is");
    let new = folder.prose("anna-verwerkersovereenkomst-2027-01-31.pdf");
    assert!(new.contains("Zeer sterke wachtwoorden"));
    assert_snapshot!("status_of_two_versions", status(&folder));
}

#[test]
fn a_pdf_is_lost() {
    assert_stale("stale_lost", fleet(), |folder| folder.without(ANNA_PDF));
}

#[test]
fn a_pdf_is_another_untouched_one() {
    let folder = fleet();
    folder.make(&["--no-fields", "--client", ANNA, "-o", "other"]);
    assert_stale("stale_replaced", folder, |folder| {
        fs::copy(folder.path(&format!("other/{ANNA_PDF}")), folder.path(ANNA_PDF)).unwrap();
        folder
    });
}

#[test]
fn a_pdf_without_fields_is_made_with_them() {
    let folder = fleet();
    folder.make(&["--no-fields", "--client", ANNA]);
    let run = folder.make(&["regenerate"]);
    assert!(run.stdout.contains("(form fields wanted or not)"), "{run}");
    assert_all_current(&folder, 2);
}

#[test]
fn a_text_that_changed_without_its_version_is_refused() {
    let folder = fleet_with_library();
    folder.make(&["regenerate"]);
    let folder = folder.edit(SECURITY, PASSWORDS, STRONGER);
    let all = folder.fail(&["regenerate"]);
    assert_eq!(all.code, Some(1), "{all}");
    assert!(all.stderr.contains("`articles/security` changed"), "{all}");
    assert_snapshot!("text_changed", all.to_string());
    let one = folder.fail(&["--client", ANNA]);
    assert_eq!(one.code, Some(1), "{one}");
    assert_snapshot!("text_changed_for_one", one.to_string());
    assert_eq!(folder.fail(&["--client", ANNA, "--force"]).code, Some(1));
    assert_eq!(folder.fail(&["regenerate", "--force"]).code, Some(1));
    assert_snapshot!("text_changed_status", status(&folder));

    let lock = folder.lock("");
    folder.make(&["--client", ANNA, "--draft"]);
    let draft = folder.read("anna-verwerkersovereenkomst-2026-06-12-draft.pdf");
    for (number, page) in pdf::pages(&draft).iter().enumerate() {
        // It stands aslant, each letter on a line of its own.
        assert!(page.lines.concat().contains("CONCEPT"), "page {}: {:?}", number + 1, page.lines);
    }
    assert!(folder.lock("") == lock, "a draft is not in the lock");
    assert!(!folder.prose(ANNA_PDF).contains("CONCEPT"));
}

#[test]
fn an_older_version_is_refused() {
    let folder = fleet_with_library();
    folder.make(&["regenerate"]);
    let folder = folder.edit(CONTRACT, VERSION, "version = 2025-01-01");
    let run = folder.fail(&["regenerate"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!("older_version", run.to_string());
    assert_snapshot!("older_version_status", status(&folder));
    assert_eq!(folder.fail(&["--client", ANNA]).code, Some(1));
}

#[test]
fn a_remark_in_a_clause_is_no_change() {
    let folder = fleet_with_library();
    folder.make(&["regenerate"]);
    let folder = folder
        .edit(SECURITY, PASSWORDS, &format!("// proposed\n{PASSWORDS}"))
        .append(SECURITY, "\n/* a remark for\n\n who reads the file */\n");
    let before = kept(&folder);
    assert_all_current(&folder, 2);
    folder.make(&["regenerate"]);
    assert!(kept(&folder) == before);
    // Made alone, or all of them again: the same bytes.
    folder.make(&["--client", ANNA]);
    folder.make(&["regenerate", "--force"]);
    assert!(kept(&folder) == before);
}

#[test]
fn two_client_files_of_one_name_are_refused_before_anything_is_written() {
    let folder = fleet().file("clients/2026/anna.toml", client("Anna Anders"));
    let run = folder.fail(&["regenerate"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!("one_name", run.to_string());
    assert_eq!(folder.fail(&["status"]).code, Some(1));
}

#[test]
fn a_bad_client_file_does_not_stop_the_others() {
    let folder = fleet().file("clients/abel.toml", client("Abel").replace("website", "websit"));
    let run = folder.run(&["regenerate"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!("one_bad_client", run.to_string());
    assert!(folder.path(ANNA_PDF).exists() && folder.path(BOB_PDF).exists());
    assert_snapshot!("one_bad_client_status", status(&folder));
}

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let folder = fleet();
    let before = state(&folder);
    assert_snapshot!("dry_run", folder.make(&["regenerate", "--dry-run"]).to_string());
    assert!(state(&folder) == before);
    folder.make(&["regenerate", "--dry-run", "-o", "not-there"]);
    assert!(!folder.path("not-there").exists());

    folder.make(&["regenerate"]);
    let folder = folder.edit(ANNA, "Anna", "Anna Nieuw");
    let bad =
        folder.file("clients/abel.toml", "services = [\"webste\"]\n[client]\nname = \"Abel\"\n");
    let run = bad.fail(&["regenerate", "--dry-run"]);
    assert_snapshot!("dry_run_bad_client", run.to_string());
    let folder = bad.without("clients/abel.toml");
    let before = state(&folder);
    let run = folder.make(&["regenerate", "--dry-run", "--force"]);
    assert_snapshot!("dry_run_forced", run.to_string());
    folder.run(&["status"]);
    assert!(state(&folder) == before);
}

#[test]
fn only_those_that_match() {
    let made = |only: &[&str]| {
        let folder = fleet().file("clients/noord/anke.toml", client("Anke"));
        let arguments: Vec<&str> = only.iter().flat_map(|only| ["--only", only]).collect();
        let run = folder.make(&[&["regenerate"], &arguments[..]].concat());
        let files = folder.files().into_iter();
        let pdfs = files.filter_map(|file| Some(file.split_once("-verwerkers")?.0.to_owned()));
        (pdfs.collect::<Vec<_>>().join(" "), run)
    };
    assert_eq!(made(&["an*"]).0, "anke anna");
    assert_eq!(made(&["bob", "anke"]).0, "anke bob");
    assert_eq!(made(&["noord/*"]).0, "anke");
    assert_eq!(made(&["???"]).0, "bob");
    let run = fleet().fail(&["regenerate", "--only", "nobody"]);
    assert_snapshot!("only_matches_nothing", run.to_string());
    let run = fleet().fail(&["regenerate", "--only", "[a"]);
    assert_snapshot!("only_is_no_pattern", run.to_string());

    // Those that were not asked for are not called orphans.
    let folder = fleet();
    folder.make(&["regenerate"]);
    let run = folder.make(&["status", "--all", "--only", "anna"]);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
}

#[test]
fn another_folder_for_the_pdfs_and_for_the_client_files() {
    let folder = fleet().file("elders/carla.toml", client("Carla"));
    folder.make(&["regenerate", "-o", "a/b"]);
    assert!(folder.path(&format!("a/b/{ANNA_PDF}")).exists());
    assert!(!folder.path("dpa.lock.d").exists());
    let lock = folder.lock("a/b");
    assert!(lock.contains("client = \"../../clients/anna.toml\""), "{lock}");
    assert_eq!(folder.run(&["status", "-o", "a/b"]).code, Some(0));
    assert_eq!(folder.run(&["status"]).code, Some(1));

    let run = folder.make(&["regenerate", "elders"]);
    assert_eq!(run.stderr, "1 of 1 client made (… ms)\n");
    assert!(folder.path("carla-verwerkersovereenkomst-2026-06-12.pdf").exists());
    assert_snapshot!("no_such_folder", folder.fail(&["regenerate", "nowhere"]).to_string());
}

#[test]
fn json_tells_it_all() {
    let folder = fleet().file("clients/abel.toml", client("Abel").replace("website", "websit"));
    let parsed = |run: &Run| -> Value {
        assert_eq!((run.code, &*run.stderr), (Some(1), ""), "{run}");
        serde_json::from_str(&run.stdout).unwrap()
    };
    let run = folder.run(&["regenerate", "--json"]);
    assert_eq!(parsed(&run)["results"][1]["outcome"], "made");
    assert_snapshot!("regenerate_json", run.to_string());
    let run = folder.run(&["status", "--json"]);
    assert_eq!(parsed(&run)["results"][1]["state"], "current");
    assert_snapshot!("status_json", run.to_string());
}

#[test]
fn a_client_file_that_is_gone_leaves_an_orphan() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let folder = folder.without("clients/bob.toml");
    let before = kept(&folder);
    let run = folder.make(&["status"]);
    assert_snapshot!("orphaned", run.to_string());
    folder.make(&["regenerate"]);
    assert!(kept(&folder) == before, "its PDF and its entry stay");
}

#[test]
fn the_general_edition_is_shown_as_itself() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    folder.make(&["--general"]);
    assert_snapshot!("status_with_general", folder.make(&["status"]).to_string());
    let run = folder.make(&["status", "--all", "--only", "anna"]);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
}

#[test]
fn the_general_edition_is_kept_up_to_date_where_it_was_made() {
    let folder = fleet_with_library();
    folder.make(&["--general"]);
    let folder = assert_stale("stale_general", folder, |folder| {
        folder.edit("layouts/parts/words/nl.toml", "\"Inhoudsopgave\"", "\"Overzicht\"")
    });
    assert!(folder.prose("verwerkersovereenkomst-2026-06-12.pdf").contains("Overzicht"));
    let changed = |folder: Folder| {
        folder.edit(CONTRACT, VERSION, "version = 2027-01-31").edit(SECURITY, PASSWORDS, STRONGER)
    };
    let folder = changed(folder);
    folder.make(&["regenerate"]);
    assert!(folder.path("verwerkersovereenkomst-2027-01-31.pdf").exists());
    let alone = changed(fleet_with_library()).edit(
        "layouts/parts/words/nl.toml",
        "\"Inhoudsopgave\"",
        "\"Overzicht\"",
    );
    alone.make(&["--general"]);
    let pdf = "verwerkersovereenkomst-2027-01-31.pdf";
    assert!(folder.read(pdf) == alone.read(pdf), "the bytes are those of one made alone");
}

#[test]
fn a_pdf_of_another_name_is_not_called_earlier() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    folder.make(&["--client", ANNA, "--output", "voor-anna.pdf"]);
    folder.make(&["--general", "--output", "website.pdf"]);
    assert_snapshot!("status_of_other_names", folder.make(&["status", "--all"]).to_string());
    let before = kept(&folder);
    folder.make(&["regenerate"]);
    assert!(kept(&folder) == before);
}
