//! Folders of before, with one `dpa.lock` for all: they are taken over, and nothing of them is lost.

use std::fmt::Write as _;
use std::fs;

use dpa_gen::store::sha256;

use crate::keeping::{
    ANNA, ANNA_PDF, BOB_PDF, assert_all_current, fleet, fleet_with_library, kept,
};
use crate::support::{ACME_PDF, Folder, assert_snapshot, copy, repository};
use crate::touched::filled_in;

/// The value of a key of an entry.
fn value<'a>(entry: &'a str, key: &str) -> &'a str {
    let line = entry.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    line.unwrap_or_else(|| panic!("{key}: {entry}"))
}

/// Writes the lock of a folder as it was before: one file, with the clauses' digests as they were noted then.
pub fn write_as_before(folder: &Folder, clauses: &str) {
    let mut text = format!(
        "# What dpa-gen made here.\nformat = 1\n\n[[version]]\nid = \"2026-06-12\"\n\n[version.text]\n{clauses}"
    );
    let lock = folder.lock("");
    for entry in lock.split("[[pdf]]").skip(1) {
        let entry = entry.split("────").next().unwrap();
        let mut lines = String::new();
        for key in [
            "file",
            "client",
            "version",
            "client-file",
            "layout",
            "engine",
            "fields",
            "digest",
            "sha256",
        ] {
            if key != "client" || entry.contains("\nclient = ") {
                writeln!(lines, "{key} = {}", value(entry, key)).unwrap();
            }
        }
        let check = &sha256(lines.as_bytes())[..16];
        writeln!(text, "\n[[pdf]]\n{lines}check = \"{check}\"").unwrap();
    }
    fs::remove_dir_all(folder.path("dpa.lock.d")).unwrap();
    folder.write("dpa.lock", text);
}

#[test]
fn a_folder_that_an_earlier_version_made_is_taken_over() {
    let folder = Folder::new();
    copy(&repository().join("fixtures/before"), &folder.path(""));
    let pdf = "acme-verwerkersovereenkomst-2026-06-12.pdf";
    let filled = filled_in(&folder.read(pdf), "client-place", "Utrecht");
    folder.write(pdf, &filled);
    let before = String::from_utf8(folder.read("dpa.lock")).unwrap();
    let seen = folder.run(&["status"]);
    assert!(folder.path("dpa.lock").exists(), "looking writes nothing");
    assert!(seen.stdout.contains("filled in"), "{seen}");

    let run = folder.run(&["regenerate"]);
    assert!(run.stderr.contains("`dpa.lock` is taken over into `dpa.lock.d/`"), "{run}");
    assert!(folder.read(pdf) == filled, "what was filled in stays");
    assert!(!folder.path("dpa.lock").exists());
    let now = folder.lock("");
    for entry in before.split("[[pdf]]").skip(1) {
        assert!(now.contains(value(entry, "file")), "{now}");
    }
    for line in before.lines().filter(|line| line.contains('/') || line.starts_with("id = ")) {
        assert!(
            now.contains(line.trim_start_matches("id = ").trim_start_matches("client = ")),
            "{line}"
        );
    }
    let acme = before.split("[[pdf]]").find(|entry| entry.contains(pdf)).unwrap();
    assert!(now.contains(value(acme, "sha256")), "what it was made as is known\n{now}");
    let again = folder.run(&["regenerate"]);
    assert!(!again.stderr.contains("taken over"), "it is said once\n{again}");
    assert!(folder.read(pdf) == filled);
}

#[test]
fn what_is_the_same_needs_nothing_after_it_is_taken_over() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    folder.make(&["--client", ANNA, "--output", "voor-anna.pdf"]);
    let (pdfs, lock) = ([folder.read(ANNA_PDF), folder.read(BOB_PDF)], folder.lock(""));
    write_as_before(&folder, "");
    let run = folder.make(&["regenerate"]);
    assert_snapshot!("taken_over", run.to_string());
    assert!([folder.read(ANNA_PDF), folder.read(BOB_PDF)] == pdfs);
    // The entries are those of a folder that was never another; a PDF with a name of its own keeps what was noted.
    let bob = |lock: &str| {
        lock[lock.find("──── bob").unwrap()..].split("────").nth(1).unwrap().to_owned()
    };
    assert_eq!(bob(&folder.lock("")), bob(&lock));
    let before = kept(&folder);
    folder.make(&["regenerate"]);
    assert!(kept(&folder) == before);
}

#[test]
fn a_signed_one_of_before_gets_a_further_document_if_its_client_changes() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let filled = filled_in(&folder.read(ANNA_PDF), "client-place", "Utrecht");
    folder.write(ANNA_PDF, &filled);
    write_as_before(&folder, "");
    let folder = folder.edit(ANNA, "Anna", "Anna Nieuw");
    folder.make(&["regenerate"]);
    assert!(folder.read(ANNA_PDF) == filled);
    let second = folder.prose("anna-verwerkersovereenkomst-2026-06-12-2.pdf");
    assert!(second.contains("Vervangt") && second.contains("Anna Nieuw"), "{second}");
}

#[test]
fn a_text_of_before_that_changed_without_its_version_is_refused() {
    let folder = fleet_with_library();
    folder.make(&["regenerate"]);
    write_as_before(&folder, "\"articles/security\" = \"0123456789abcdef\"\n");
    let folder = folder.edit(
        "clauses/articles/security.typ",
        "- Sterke wachtwoorden",
        "- Zeer sterke wachtwoorden",
    );
    let run = folder.run(&["regenerate"]);
    assert_snapshot!("taken_over_text_changed", run.to_string());
    let folder =
        folder.edit("clauses/contract.toml", "version = 2026-06-12", "version = 2027-01-31");
    folder.make(&["regenerate"]);
}

#[test]
fn a_lock_of_before_that_comes_back_is_read_again() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let lock = folder.lock("");
    write_as_before(&folder, "");
    let old = folder.read("dpa.lock");
    folder.make(&["regenerate"]);
    // As a merge with somebody who used an earlier version brings it back.
    folder.write("dpa.lock", old);
    assert_all_current(&folder, 2);
    folder.make(&["regenerate"]);
    assert!(!folder.path("dpa.lock").exists());
    let entries = |lock: &str| lock.matches("[[pdf]]").count();
    assert_eq!(entries(&folder.lock("")), entries(&lock));
}

/// A folder that the first version with a lock made (of 22 November 2026), and whose contract the client signed with
/// pyHanko, by the key `person.p12`.
fn signed_before() -> Folder {
    let folder = Folder::new();
    copy(&repository().join("fixtures/before-signed"), &folder.path(""));
    folder
}

#[test]
fn what_was_signed_before_is_taken_over_as_it_is() {
    let folder = signed_before();
    let before = String::from_utf8(folder.read("dpa.lock")).unwrap();
    let signed = folder.read(ACME_PDF);
    let seen = folder.run(&["status"]);
    assert!(seen.stdout.contains("before it:"), "{seen}");
    assert!(folder.path("dpa.lock").exists(), "looking writes nothing");
    let shown = folder.make(&["show", ACME_PDF]);
    assert!(shown.stdout.contains("client-signature     \"A. de Vries\": intact"), "{shown}");
    assert!(shown.stdout.contains("lock        knows its bytes as made"), "{shown}");

    // The text of now is another one: under the version of then it is refused.
    let run = folder.run(&["regenerate"]);
    assert!(run.stderr.contains("changed since 2026-06-12 was first used"), "{run}");
    assert!(!folder.path("dpa.lock").exists() && folder.read(ACME_PDF) == signed);
    let now = folder.lock("");
    for key in ["file", "client", "version", "client-file", "layout", "digest", "sha256"] {
        assert!(now.contains(&format!("{key} = {}\n", value(&before, key))), "{key}: {now}");
    }
    for line in before.lines().filter(|line| line.starts_with("\"articles/")) {
        assert!(now.contains(line), "{line}");
    }
    let shown_after = folder.make(&["show", ACME_PDF]);
    assert_eq!(shown_after.stdout, shown.stdout);

    // It comes back, and is filed as what it is.
    let run = folder.run(&["receive", ACME_PDF, "--on", "2026-12-01"]);
    assert!(
        run.stdout.contains("bytes       begin with those of the contract as it was made"),
        "{run}"
    );
    let files = folder.files();
    let copy_kept =
        files.iter().find(|file| file.starts_with("agreements/acme/2026-06-12-returned"));
    assert!(folder.read(copy_kept.unwrap()) == signed);
}

#[test]
fn what_was_signed_before_stays_under_a_new_version() {
    for lock in ["kept", "lost"] {
        let folder = signed_before();
        for name in ["clauses", "layouts"] {
            copy(&repository().join(name), &folder.path(name));
        }
        let folder =
            folder.edit("clauses/contract.toml", "version = 2026-06-12", "version = 2026-12-01");
        let folder = if lock == "lost" { folder.without("dpa.lock") } else { folder };
        let signed = folder.read(ACME_PDF);
        let run = folder.make(&["regenerate"]);
        assert!(run.stdout.starts_with("made        clients/acme.toml"), "{run}");
        assert!(folder.read(ACME_PDF) == signed);
        let all = folder.make(&["status", "--all"]);
        let earlier = format!("earlier   2026-06-12   signed     clients/acme.toml  {ACME_PDF}");
        assert!(all.stdout.lines().any(|line| line == earlier), "{lock}: {all}");
    }
}
