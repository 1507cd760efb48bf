//! A lock that is lost: documents that a person worked on, or that were sent, are entered again by what they say.

use crate::keeping::{
    ANNA, ANNA_PDF, BOB_PDF, assert_all_current, client, fleet, fleet_with_library, kept, reported,
};
use crate::series::sent;
use crate::support::{Folder, assert_snapshot};
use crate::touched::filled_in;

const SECOND: &str = "anna-verwerkersovereenkomst-2026-06-12-2.pdf";
const CONTRACT: &str = "clauses/contract.toml";
const VERSION: &str = "version = 2026-06-12";
const LATER: &str = "version = 2026-09-01";

fn fill_in(folder: &Folder, pdf: &str) {
    folder.write(pdf, filled_in(&folder.read(pdf), "client-place", "Utrecht"));
}

/// All made, Anna's filled in; her lock, and that of all.
fn filled(folder: Folder) -> (Folder, String) {
    folder.make(&["regenerate"]);
    fill_in(&folder, ANNA_PDF);
    let lock = folder.lock("");
    (folder, lock)
}

#[test]
fn what_was_filled_in_is_in_the_lock_again() {
    for lost in ["dpa.lock.d", "dpa.lock.d/anna.toml"] {
        let (folder, lock) = filled(fleet());
        let pdf = folder.read(ANNA_PDF);
        let folder = folder.without(lost);
        let dry = folder.make(&["regenerate", "--dry-run"]);
        assert!(
            dry.stdout.contains(&format!("current     {ANNA}  {ANNA_PDF}  (filled in)")),
            "{dry}"
        );
        assert!(!folder.path("dpa.lock.d/anna.toml").exists(), "looking writes nothing");
        folder.make(&["regenerate"]);
        assert_eq!(folder.lock(""), lock, "{lost}");
        assert!(folder.read(ANNA_PDF) == pdf, "the PDF stays as it is");
        let before = kept(&folder);
        folder.make(&["regenerate"]);
        assert!(kept(&folder) == before);
    }
}

#[test]
fn a_new_version_of_the_same_text_needs_no_new_document() {
    let (folder, _) = filled(fleet_with_library());
    let folder = folder.without("dpa.lock.d").edit(CONTRACT, VERSION, LATER);
    let run = folder.make(&["regenerate"]);
    assert_snapshot!("lost_lock_new_version", run.to_string());
    assert_snapshot!("lost_lock_new_version_status", folder.make(&["status", "--all"]).to_string());

    // What a person worked on is current in another layout too; what nobody did is made in the new one.
    let (folder, _) = filled(fleet_with_library());
    let folder = folder.without("dpa.lock.d").edit(CONTRACT, VERSION, LATER).edit(
        "layouts/parts/words/nl.toml",
        "\"Inhoudsopgave\"",
        "\"Overzicht\"",
    );
    let run = folder.make(&["regenerate"]);
    assert!(run.stdout.contains(&format!("current     {ANNA}  {ANNA_PDF}  (filled in)")), "{run}");
    assert!(run.stdout.contains("made        clients/bob.toml"), "{run}");
}

#[test]
fn a_text_that_changed_without_its_version_is_refused() {
    let (folder, _) = filled(fleet_with_library());
    let folder = folder.without("dpa.lock.d").edit(
        "clauses/articles/security.typ",
        "- Sterke wachtwoorden",
        "- Zeer sterke wachtwoorden",
    );
    let run = folder.run(&["regenerate", "--only", "anna"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!("lost_lock_text_changed", run.to_string());
    assert!(!folder.path(SECOND).exists());
}

#[test]
fn a_client_that_changed_gets_a_further_document_of_what_is_known_again() {
    let (folder, _) = filled(fleet());
    let folder = folder.without("dpa.lock.d").file(ANNA, client("Anna") + "kvk = \"12345678\"\n");
    folder.make(&["regenerate"]);
    assert!(folder.prose(SECOND).contains("Vervangt"));
    let states = reported(&folder, "state");
    assert_eq!((states[SECOND].as_str(), states[ANNA_PDF].as_str()), ("current", "earlier"));
    assert!(folder.lock("").contains(&format!("file = \"{ANNA_PDF}\"")));

    // Lost once more, all of them are known again, in their order.
    fill_in(&folder, SECOND);
    let folder = folder.without("dpa.lock.d");
    let run = folder.make(&["regenerate"]);
    assert!(run.stdout.contains(&format!("current     {ANNA}  {SECOND}  (filled in)")), "{run}");
    assert!(folder.lock("").contains("replaces.number = 1"), "{}", folder.lock(""));
}

#[test]
fn what_was_sent_stays_and_the_contract_of_another_client_is_not_taken_for_it() {
    let folder = fleet_with_library();
    folder.make(&["regenerate"]);
    sent(&folder, "anna", ANNA_PDF);
    let pdf = folder.read(ANNA_PDF);
    let folder = folder.without("dpa.lock.d").edit(
        "layouts/parts/words/nl.toml",
        "\"Inhoudsopgave\"",
        "\"Overzicht\"",
    );
    folder.make(&["regenerate"]);
    assert!(folder.read(ANNA_PDF) == pdf, "what was sent stays, in whatever layout");
    assert!(folder.prose(BOB_PDF).contains("Overzicht"), "the other one is made again");

    let (folder, _) = filled(fleet());
    folder.write(BOB_PDF, folder.read(ANNA_PDF));
    let folder = folder.without("dpa.lock.d");
    let run = folder.run(&["regenerate", "--only", "bob"]);
    assert_snapshot!("lost_lock_of_another", run.to_string());
    assert!(!folder.lock("").contains("bob"), "{}", folder.lock(""));
}

#[test]
fn a_lock_lost_by_one_shard_comes_back_by_it() {
    let (folder, lock) = filled(fleet());
    let folder = folder.without("dpa.lock.d");
    for shard in ["1/2", "2/2"] {
        folder.make(&["regenerate", "--shard", shard]);
    }
    folder.make(&["regenerate"]);
    assert_eq!(folder.lock(""), lock);
    folder.make(&["--client", "anna", "--force", "-o", "elsewhere/"]);
    let folder = folder.without(ANNA_PDF);
    folder.make(&["regenerate"]);
    assert_all_current(&folder, 2);
}
