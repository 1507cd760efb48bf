//! Clients that are renamed, moved or archived: nothing of them is lost.

use crate::keeping::{ANNA, ANNA_PDF, BOB_PDF, client, fleet, kept, reported};
use crate::series::sent;
use crate::support::{Folder, assert_snapshot, without_digests};
use crate::touched::filled_in;

const NEW_PDF: &str = "anna-bv-verwerkersovereenkomst-2026-06-12.pdf";
const NEW_SECOND: &str = "anna-bv-verwerkersovereenkomst-2026-06-12-2.pdf";

/// Anna has two documents and a history.
fn two_documents() -> Folder {
    let folder = fleet();
    folder.make(&["regenerate"]);
    sent(&folder, "anna", ANNA_PDF);
    folder.write(ANNA_PDF, filled_in(&folder.read(ANNA_PDF), "client-place", "Utrecht"));
    let folder = folder.file(ANNA, client("Anna Nieuw"));
    folder.make(&["regenerate"]);
    folder
}

fn assert_renamed(folder: &Folder, first: &[u8]) {
    assert!(folder.read(NEW_PDF) == first);
    assert!(folder.path("agreements/anna-bv/history.toml").exists());
    assert!(!folder.path("agreements/anna").exists());
    assert!(!folder.path(ANNA).exists());
    assert!(!folder.path("dpa.lock.d/anna.toml").exists());
    let states = reported(folder, "state");
    assert_eq!(states[NEW_SECOND], "current", "{states:?}");
    assert_eq!(states[NEW_PDF], "earlier", "{states:?}");
    assert_eq!(states.len(), 3, "{states:?}");
    let run = folder.make(&["regenerate"]);
    assert!(run.stderr.starts_with("0 of 2"), "{run}");
}

#[test]
fn a_client_gets_another_id_with_all_that_is_kept_of_it() {
    let folder = two_documents();
    let first = folder.read(ANNA_PDF);
    assert_snapshot!("rename", folder.make(&["rename", "anna", "anna-bv"]).to_string());
    assert_renamed(&folder, &first);
    let text = String::from_utf8(folder.read("clients/anna-bv.toml")).unwrap();
    assert_eq!(text, format!("id = \"anna-bv\"\n{}", client("Anna Nieuw")));
    assert!(folder.read(BOB_PDF).starts_with(b"%PDF"));

    // An id that was typed is replaced where it stands; a file of another name keeps that.
    let folder =
        Folder::new().file("clients/x.toml", format!("# Remark\nid = \"a\"\n{}", client("X")));
    folder.make(&["regenerate"]);
    folder.make(&["rename", "a", "b"]);
    let text = String::from_utf8(folder.read("clients/x.toml")).unwrap();
    assert!(text.starts_with("# Remark\nid = \"b\"\nservices"), "{text}");
    assert!(folder.make(&["regenerate"]).stdout.starts_with("current"));
}

#[test]
fn a_rename_that_was_stopped_is_taken_up() {
    let folder = two_documents();
    let first = folder.read(ANNA_PDF);
    // As it is after the first file was moved.
    std::fs::rename(folder.path(ANNA_PDF), folder.path(NEW_PDF)).unwrap();
    folder.make(&["rename", "anna", "anna-bv"]);
    assert_renamed(&folder, &first);
}

#[test]
fn a_rename_that_cannot_be_done_moves_nothing() {
    let folder = two_documents().file(NEW_SECOND, "a scan");
    let mut said = String::new();
    for (from, to) in [("anna", "anna-bv"), ("anna", "bob"), ("nobody", "x"), ("anna", "a/b")] {
        let before = kept(&folder);
        said += &folder.fail(&["rename", from, to]).to_string();
        assert!(kept(&folder) == before, "{from} {to}");
    }
    assert_snapshot!("rename_refused", said);
    // Neither in another case: on some systems both are one file.
    let run = folder.fail(&["rename", "anna", "BOB"]);
    assert!(run.stderr.contains("`clients/bob.toml` has the id `bob`"), "{run}");
    let run = folder.without("clients/bob.toml").fail(&["rename", "anna", "BOB"]);
    assert!(run.stderr.contains("documents of a client `bob` are kept here"), "{run}");
}

#[test]
fn a_file_that_was_renamed_or_moved_keeps_its_documents() {
    for (id, path) in [
        ("", "clients/anne.toml"),
        ("", "clients/north/anna.toml"),
        ("id = \"anna\"\n", "clients/x.toml"),
    ] {
        let folder = Folder::new().file(ANNA, format!("{id}{}", client("Anna")));
        folder.make(&["regenerate"]);
        let text = folder.read(ANNA);
        let folder = folder.without(ANNA).file(path, text);
        assert_eq!(reported(&folder, "renamed-from")[ANNA_PDF], ANNA, "{path}");
        let run = folder.make(&["regenerate"]);
        assert!(run.stderr.starts_with("0 of 1"), "{run}");
        assert_eq!(reported(&folder, "renamed-from")[ANNA_PDF], "", "it is noted once");
        // From then on its text may change.
        let folder = folder.edit(path, "Anna", "Anna Nieuw");
        folder.make(&["regenerate"]);
        assert!(folder.prose(ANNA_PDF).contains("Anna Nieuw"), "{path}");
        assert_eq!(reported(&folder, "state").len(), 1);
    }
}

#[test]
fn an_archived_client_is_in_no_daily_list() {
    let folder = two_documents();
    assert_snapshot!("archive", folder.make(&["archive", "anna"]).to_string());
    let before = kept(&folder);
    let folder = folder.edit(ANNA, "Anna Nieuw", "Anna Weer");
    for arguments in [&["regenerate"][..], &["status"]] {
        let run = folder.make(arguments);
        assert!(!run.stdout.contains("anna"), "{run}");
    }
    let changed = kept(&folder).into_iter().filter(|(path, state)| before.get(path) != Some(state));
    assert_eq!(changed.map(|(path, _)| path).collect::<Vec<_>>(), [ANNA]);
    assert_snapshot!("archive_undo", folder.make(&["archive", "anna", "--undo"]).to_string());
    assert_eq!(folder.run(&["status"]).code, Some(1), "it changed meanwhile");
    assert_snapshot!("archive_unknown", folder.fail(&["archive", "nobody"]).to_string());
}

#[test]
fn one_client_is_shown_with_its_documents_and_all_that_happened() {
    let folder = two_documents();
    let story = folder.make(&["status", "--client", "anna", "--on", "2026-07-20"]);
    assert_snapshot!("status_of_one", without_digests(&story.to_string()));
    let by_file = folder.make(&["status", "--client", ANNA, "--on", "2026-07-20"]);
    assert_eq!(by_file.stdout, story.stdout);
    let json = folder.make(&["status", "--client", "anna", "--json", "--on", "2026-07-20"]);
    assert!(json.stdout.contains("\"kind\": \"sent\""), "{json}");
    folder.make(&["archive", "anna"]);
    let archived = folder.make(&["status", "--client", "anna", "--on", "2026-07-20"]);
    assert!(archived.stdout.starts_with("Anna Nieuw B.V. (anna), clients/anna.toml, archived\n"));
    assert_snapshot!(
        "status_of_nobody",
        folder.fail(&["status", "--client", "nobody"]).to_string()
    );
    let newest = folder.make(&["show", "anna"]);
    let second = "anna-verwerkersovereenkomst-2026-06-12-2.pdf";
    assert_eq!(newest.stdout, folder.make(&["show", second]).stdout);
    assert_snapshot!("show_nobody", folder.fail(&["show", "nobody"]).to_string());
}

#[test]
fn a_client_of_whom_nothing_is_left_is_reported_once() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let folder = folder.without("clients/bob.toml").without(BOB_PDF);
    assert!(folder.make(&["status"]).stdout.contains("its client file is gone"));
    assert_snapshot!("gone", folder.make(&["regenerate"]).to_string());
    assert!(!folder.make(&["regenerate"]).stderr.contains("bob"));
    assert!(!folder.make(&["status"]).stdout.contains("bob"));
    assert!(folder.make(&["status", "--all"]).stdout.contains("orphaned"));
    let folder = folder.file("clients/bob.toml", client("Bob"));
    folder.make(&["regenerate"]);
    assert!(folder.make(&["status"]).stdout.contains("Bob B.V."));
}

#[test]
fn a_rename_says_no_more_than_it_did() {
    let folder = fleet();
    folder.make(&["rename", "bob", "rob"]);
    folder.make(&["regenerate"]);
    let folder = folder.without(ANNA_PDF);
    assert_snapshot!("rename_of_a_lost_pdf", folder.make(&["rename", "anna", "anne"]).to_string());
    let fresh = Folder::new().file("clients/new.toml", client("New"));
    assert_snapshot!("rename_of_nothing", fresh.make(&["rename", "new", "newer"]).to_string());
}

#[cfg(unix)]
#[test]
fn a_rename_that_fails_on_its_way_is_undone() {
    // The first PDF gets the longest name that there is, and the second would get a longer one.
    let folder = two_documents();
    let before = kept(&folder);
    let longest = format!("{}a", "\u{1D49C}".repeat(54));
    let run = folder.fail(&["rename", "anna", &longest]);
    assert_snapshot!("rename_undone", run.to_string().replace(&longest, "[longest]"));
    assert!(kept(&folder) == before);
    assert!(folder.make(&["regenerate"]).stdout.contains("current     clients/anna.toml"));
}

#[cfg(unix)]
#[test]
fn a_rename_whose_lock_cannot_be_written_is_undone() {
    let folder = two_documents();
    let before = kept(&folder);
    // A file may hold one block: what the lock says of her is longer. The signal is ignored, so that writing more fails.
    let run = folder.fail_with(&["rename", "anna", "anna-bv"], |command| {
        let program = command.get_program().to_owned();
        let here = command.get_current_dir().unwrap().to_owned();
        *command = std::process::Command::new("sh");
        command.current_dir(here).arg("-c").arg("trap '' XFSZ; ulimit -f 1; exec \"$@\"");
        command.arg("sh").arg(program).args(["rename", "anna", "anna-bv"]);
    });
    assert_snapshot!("rename_without_lock", run.to_string());
    assert!(kept(&folder) == before);
    folder.make(&["rename", "anna", "anna-bv"]);
}

#[cfg(unix)]
#[test]
fn a_rename_where_nothing_can_be_written_moves_nothing() {
    use std::os::unix::fs::PermissionsExt;
    for closed in ["dpa.lock.d", "clients", "agreements"] {
        let folder = two_documents();
        let before = kept(&folder);
        let set = |mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(closed), mode).unwrap();
        };
        set(0o555);
        // Root writes in it all the same.
        let can_write = std::fs::write(folder.path(closed).join("more"), "").is_ok();
        if !can_write {
            let run = folder.fail(&["rename", "anna", "anna-bv"]);
            assert!(run.stderr.contains(&format!("cannot write in `{closed}`")), "{run}");
            assert!(run.stderr.contains("nothing was renamed"), "{run}");
            assert!(kept(&folder) == before, "{closed}");
        }
        set(0o755);
    }
}

#[test]
fn a_client_that_is_not_archived_cannot_be_put_back() {
    let folder = two_documents();
    let said = folder.fail(&["archive", "anna", "--undo"]).to_string();
    assert_snapshot!("archive_never", said);
}
