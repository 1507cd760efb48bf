//! `dpa.lock.d`: damaged, newer, edited, merged or gone; and names that are hard to write down.

use std::fs;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;

use crate::keeping::{
    ANNA, ANNA_PDF, BOB_PDF, assert_all_current, client, fleet, kept, reported, state,
};
use crate::support::{Folder, assert_snapshot, files_below, without_digests};

/// What the lock says of Anna.
const LOCK: &str = "dpa.lock.d/anna.toml";

/// All made, and what the lock says of Anna changed.
fn with_lock(change: impl FnOnce(String) -> Vec<u8>) -> Folder {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let lock = String::from_utf8(folder.read(LOCK)).unwrap();
    folder.write(LOCK, change(lock));
    folder
}

#[test]
fn a_damaged_lock_is_told_and_left_alone() {
    type Change = fn(String) -> Vec<u8>;
    let damages: [(&str, Change); 6] = [
        ("cut_off", |lock| lock.as_bytes()[..lock.rfind("fields = ").unwrap() + 11].to_vec()),
        ("garbage", |_| b"\x00\x01 this is no lock {{{".to_vec()),
        ("not_utf_8", |lock| [lock.as_bytes(), b"# \xFF\xFE\n"].concat()),
        ("empty", |_| Vec::new()),
        ("conflict", |lock| lock.replacen("\n[[pdf]]", "\n<<<<<<< ours\n[[pdf]]", 1).into_bytes()),
        ("unknown_key", |lock| lock.replacen("fields = true", "field = true", 1).into_bytes()),
    ];
    for (name, damage) in damages {
        let folder = with_lock(damage);
        let run = folder.fail(&["regenerate"]);
        assert!(matches!(run.code, Some(1 | 2)), "{name}\n{run}");
        assert_snapshot!(format!("lock_{name}"), run.to_string());
        for arguments in [&["status"][..], &["--client", ANNA], &["regenerate", "--force"]] {
            let run = folder.fail(arguments);
            assert!(run.stderr.contains(LOCK), "{name}: {arguments:?}\n{run}");
        }
        let before = state(&folder);
        folder.fail(&["regenerate", "--dry-run"]);
        assert!(state(&folder) == before, "{name}");
    }
}

#[test]
fn a_lock_cut_anywhere_never_counts_as_another() {
    let folder = with_lock(String::into_bytes);
    let (lock, pdf) = (folder.read(LOCK), folder.read(ANNA_PDF));
    for length in (0..lock.len()).step_by(61) {
        folder.write(LOCK, &lock[..length]);
        let run = folder.run(&["status"]);
        assert!(!run.stdout.contains("orphaned"), "{length}\n{run}");
        assert!(matches!(run.code, Some(1 | 2)), "cut at {length}\n{run}");
        assert!(!run.stderr.contains("panic"), "{run}");
        assert!(folder.read(ANNA_PDF) == pdf);
    }
}

#[test]
fn the_lock_of_a_newer_program_is_refused() {
    let folder = with_lock(|lock| {
        let newer = lock.replace("format = 2", "format = 3").replace("fields = ", "with-fields = ");
        newer.into_bytes()
    });
    let run = folder.fail(&["regenerate"]);
    assert_eq!(run.code, Some(2), "{run}");
    assert_snapshot!("lock_newer", run.to_string());
    for arguments in [&["status"][..], &["--client", ANNA], &["--client", ANNA, "--force"]] {
        assert_eq!(folder.fail(arguments).code, Some(2));
    }
}

#[test]
fn an_entry_that_was_edited_counts_as_unknown_and_is_made_again() {
    let folder = with_lock(|lock| lock.replacen("fields = true", "fields = false", 1).into_bytes());
    let (pdf, bob) = (folder.read(ANNA_PDF), fs::metadata(folder.path(BOB_PDF)).unwrap());
    assert_snapshot!("lock_edited_status", folder.run(&["status", "--all"]).to_string());
    let run = folder.run(&["regenerate"]);
    assert_snapshot!("lock_edited", run.to_string());
    assert!(folder.read(ANNA_PDF) == pdf, "made again with the same bytes");
    assert_eq!(
        fs::metadata(folder.path(BOB_PDF)).unwrap().modified().unwrap(),
        bob.modified().unwrap()
    );
    assert_all_current(&folder, 2);
}

#[test]
fn without_its_lock_all_is_made_again_with_the_same_bytes() {
    let folder = with_lock(String::into_bytes);
    let (before, lock) = (folder.read(ANNA_PDF), folder.lock(""));
    let time = fs::metadata(folder.path(ANNA_PDF)).unwrap().modified().unwrap();
    let folder = folder.without("dpa.lock.d").without(".dpa-gen.cache");
    assert_eq!(reported(&folder, "touched")[ANNA_PDF], "made-otherwise");
    assert_snapshot!("lock_gone", folder.make(&["regenerate"]).to_string());
    assert!(folder.read(ANNA_PDF) == before);
    assert_eq!(fs::metadata(folder.path(ANNA_PDF)).unwrap().modified().unwrap(), time);
    assert!(folder.lock("") == lock);
}

#[test]
fn a_cache_that_lies_or_is_damaged_is_no_danger() {
    for cache in [&b""[..], b"{", b"\xFF\xFF", b"[]", b"{\"../clients/anna.toml\":[1,2]}"] {
        let folder = with_lock(String::into_bytes);
        folder.write(".dpa-gen.cache", cache);
        assert_all_current(&folder, 2);
        let folder = folder.edit(ANNA, "Anna", "Anne");
        folder.make(&["regenerate"]);
        assert!(folder.prose(ANNA_PDF).contains("Anne B.V."));
        assert_all_current(&folder, 2);
    }
}

#[test]
fn a_client_file_that_changes_within_the_tick_of_the_clock_is_seen() {
    let folder = fleet();
    // Names of one length: only the content differs.
    for name in ["Anne", "Ania", "Anno", "Anca", "Ansa", "Anja", "Anka", "Anta", "Anva", "Anza"] {
        folder.write(ANNA, client(name));
        folder.make(&["regenerate"]);
        assert!(folder.prose(ANNA_PDF).contains(&format!("{name} B.V.")), "{name}");
    }
}

/// The entry of a PDF in the file of a client, with another digest of the PDF: a file that is made elsewhere.
fn another(lock: &str) -> String {
    let made = Folder::new().file(ANNA, client("Anne"));
    made.make(&["regenerate"]);
    let other = String::from_utf8(made.read(LOCK)).unwrap();
    let entry = |lock: &str| lock[lock.find("[[pdf]]").unwrap()..].to_owned();
    assert_ne!(entry(lock), entry(&other));
    entry(&other)
}

#[test]
fn the_files_of_two_locks_can_be_put_together() {
    let one = Folder::new().file(ANNA, client("Anna"));
    let other = Folder::new().file("clients/bob.toml", client("Bob"));
    one.make(&["regenerate"]);
    other.make(&["regenerate"]);
    let both = fleet();
    for (folder, pdf) in [(&one, ANNA_PDF), (&other, BOB_PDF)] {
        both.write(pdf, folder.read(pdf));
        for name in files_below(&folder.path("dpa.lock.d")) {
            let name = format!("dpa.lock.d/{name}");
            both.write(&name, folder.read(&name));
        }
    }
    assert_all_current(&both, 2);
    let before = kept(&both);
    both.make(&["regenerate"]);
    assert!(kept(&both) == before);
}

#[test]
fn the_markers_of_a_merge_are_read_as_both_sides() {
    let marked = |base: &str| {
        with_lock(|lock| {
            let (head, entry) = lock.split_at(lock.find("[[pdf]]").unwrap());
            format!("{head}<<<<<<< HEAD\n{entry}{base}=======\n{entry}>>>>>>> theirs\n")
                .into_bytes()
        })
    };
    for base in ["", "||||||| merged common ancestors\n"] {
        let folder = marked(base);
        assert_all_current(&folder, 2);
        let before = kept(&folder);
        folder.make(&["regenerate"]);
        assert!(kept(&folder) == before);
    }
    // An entry on one side alone is an entry.
    let folder = with_lock(|lock| {
        let (head, entry) = lock.split_at(lock.find("[[pdf]]").unwrap());
        format!("{head}<<<<<<< HEAD\n=======\n{entry}>>>>>>> theirs\n").into_bytes()
    });
    assert_all_current(&folder, 2);
    // With news of this client, its file is written whole again.
    let folder = folder.edit(ANNA, "Anna", "Anna Nieuw");
    folder.make(&["regenerate"]);
    assert!(!folder.lock("").contains("<<<<<<<"));
    assert_all_current(&folder, 2);
}

#[test]
fn a_conflict_that_is_real_says_which_side_to_keep() {
    let folder = with_lock(|lock| {
        let (head, entry) = lock.split_at(lock.find("[[pdf]]").unwrap());
        let other = another(&lock);
        format!("{head}<<<<<<< HEAD\n{entry}=======\n{other}>>>>>>> theirs\n").into_bytes()
    });
    let before = state(&folder);
    let run = folder.fail(&["regenerate"]);
    let ours = String::from_utf8(folder.read(LOCK)).unwrap();
    let there = ours.lines().find(|line| line.starts_with("sha256 = ")).unwrap();
    assert!(run.stderr.contains(there), "the one that the file has\n{run}");
    assert_snapshot!("lock_real_conflict", without_digests(&run.to_string()));
    assert!(state(&folder) == before, "nothing was written");

    fs::write(folder.path(ANNA_PDF), b"neither").unwrap();
    let run = folder.fail(&["status"]);
    assert_snapshot!("lock_real_conflict_of_neither", run.to_string());
}

#[test]
fn names_that_are_hard_to_write_down() {
    let names = [
        "Jansen & Zn",
        "o'brien \"de\" groot",
        "Ærø ßtraße 漢",
        "e\u{301}",
        "-rf",
        "--help",
        "a\\b",
        "$(x) `y` %s {z}",
        "[1]*?",
        "line\nbreak",
        "punt.in.naam",
        " spatie ",
        "#",
    ];
    let folder = Folder::new();
    for name in names {
        folder.write(&format!("clients/{name}.toml"), client("Acme"));
    }
    let run = folder.run(&["regenerate"]);
    assert_eq!(run.code, Some(0), "{run}");
    for name in names {
        let pdf = format!("{name}-verwerkersovereenkomst-2026-06-12.pdf");
        assert!(folder.path(&pdf).exists(), "{pdf}");
    }
    let again = folder.make(&["regenerate"]);
    assert!(again.stderr.contains("0 of 13 clients made"), "{again}");
    let standings = reported(&folder, "state");
    assert_eq!(standings.len(), names.len());
    assert!(standings.values().all(|standing| standing == "current"), "{standings:?}");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_told() {
    let folder = fleet();
    for byte in [0xFE, 0xFF] {
        let name = [b"clients/x".as_slice(), &[byte], b".toml"].concat();
        let path = folder.path("").join(std::ffi::OsStr::from_bytes(&name));
        fs::write(path, client("Acme")).unwrap();
    }
    let run = folder.run(&["regenerate"]);
    assert!(matches!(run.code, Some(1 | 2)), "{run}");
    fs::remove_file(folder.path("").join(std::ffi::OsStr::from_bytes(b"clients/x\xFE.toml")))
        .unwrap();
    fs::remove_file(folder.path("").join(std::ffi::OsStr::from_bytes(b"clients/x\xFF.toml")))
        .unwrap();
    folder.make(&["regenerate"]);
    assert_all_current(&folder, 2);
}

#[test]
fn without_a_lock_earlier_versions_are_known_by_what_they_say() {
    let folder = Folder::with_library();
    folder.make(&["regenerate"]);
    let version = "version = 2026-06-12";
    let folder = folder.edit("clauses/contract.toml", version, "version = 2027-01-01").edit(
        "clauses/articles/security.typ",
        "- Sterke",
        "- Zeer sterke",
    );
    folder.make(&["regenerate"]);
    folder.make(&["--client", "acme.toml", "--draft"]);
    let known = folder.run(&["status", "--all"]);
    assert_eq!(known.stdout.lines().count(), 2, "{known}");
    let folder = folder.without("dpa.lock.d");
    let run = folder.run(&["status", "--all"]);
    let earlier =
        "earlier   2026-06-12   untouched  acme.toml  acme-verwerkersovereenkomst-2026-06-12.pdf";
    assert!(run.stdout.lines().any(|line| line.starts_with(earlier)), "{run}");
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
}
