//! A client that changes after its PDF was sent, filled in, signed or changed gets a further document.

use chrono::NaiveDate;
use dpa_gen::store::{Agreements, EntryKind, HistoryEntry, contract_in};

use crate::keeping::{ANNA, ANNA_PDF, client, reported};
use crate::support::{Folder, assert_snapshot};
use crate::touched::filled_in;

const SECOND: &str = "anna-verwerkersovereenkomst-2026-06-12-2.pdf";
const THIRD: &str = "anna-verwerkersovereenkomst-2026-06-12-3.pdf";

fn fill_in(folder: &Folder, pdf: &str) {
    folder.write(pdf, filled_in(&folder.read(pdf), "client-place", "Utrecht"));
}

fn anna(folder: Folder, name: &str) -> Folder {
    folder.file(ANNA, client(name))
}

/// Anna's document was filled in, and her file changed.
fn changed() -> Folder {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["regenerate"]);
    fill_in(&folder, ANNA_PDF);
    anna(folder, "Anna Nieuw")
}

/// What a document says of the one that it replaces: number and digest; and its own number.
fn replaced(folder: &Folder, pdf: &str) -> (u32, u32, String) {
    let contract = contract_in(&folder.path(pdf)).unwrap();
    let replaces = contract.replaces.unwrap();
    (contract.number, replaces.number, replaces.digest)
}

fn digest(folder: &Folder, pdf: &str) -> String {
    contract_in(&folder.path(pdf)).unwrap().digest
}

#[test]
fn a_further_document_says_which_one_it_replaces() {
    let folder = changed();
    let first = folder.read(ANNA_PDF);
    assert_snapshot!("series_status_before", folder.run(&["status", "--all"]).to_string());
    assert_snapshot!("series_regenerate", folder.make(&["regenerate"]).to_string());
    assert!(folder.read(ANNA_PDF) == first, "the earlier one stays");
    assert_eq!(replaced(&folder, SECOND), (2, 1, digest(&folder, ANNA_PDF)));
    let cover = folder.prose(SECOND);
    let said =
        format!("Vervangt 12 juni 2026, document 1, kenmerk {}", &digest(&folder, ANNA_PDF)[..12]);
    assert!(cover.contains(&said), "{cover}");
    assert!(!folder.prose(ANNA_PDF).contains("Vervangt"));
    assert_snapshot!("series_status", folder.make(&["status", "--json"]).to_string());
    let again = folder.make(&["regenerate"]);
    assert!(again.stdout.starts_with("current"), "{again}");

    // As long as nobody has it, it changes in its place.
    let folder = anna(folder, "Anna Nieuwer");
    folder.make(&["regenerate"]);
    assert!(!folder.path(THIRD).exists());
    assert_eq!(replaced(&folder, SECOND), (2, 1, digest(&folder, ANNA_PDF)));
    assert!(folder.prose(SECOND).contains("Anna Nieuwer"));

    // Then a third one replaces the second; made alone it has the same bytes.
    fill_in(&folder, SECOND);
    let folder = anna(folder, "Anna Nieuwst");
    folder.make(&["--client", ANNA]);
    assert_eq!(replaced(&folder, THIRD), (3, 2, digest(&folder, SECOND)));
    let third = folder.read(THIRD);
    folder.make(&["regenerate", "--force"]);
    assert!(folder.read(THIRD) == third);
}

#[test]
fn a_number_is_never_used_again() {
    let folder = changed();
    folder.make(&["regenerate"]);
    fill_in(&folder, SECOND);
    let folder = anna(folder, "Anna Nieuwer").file(THIRD, "a scan");
    folder.make(&["regenerate"]);
    assert_eq!(folder.read(THIRD), b"a scan");
    let fourth = THIRD.replace("-3.pdf", "-4.pdf");
    assert_eq!(replaced(&folder, &fourth).0, 4);
    // Neither of a file that is gone, as long as the lock knows it.
    fill_in(&folder, &fourth);
    let folder = anna(folder.without(SECOND).without(THIRD), "Anna Weer");
    folder.make(&["regenerate"]);
    assert_eq!(replaced(&folder, &THIRD.replace("-3.pdf", "-5.pdf")).0, 5);
}

#[test]
fn without_the_lock_the_documents_say_it() {
    let folder = changed();
    folder.make(&["regenerate"]);
    let second = folder.read(SECOND);
    let folder = folder.without("dpa.lock.d").without(".dpa-gen.cache");
    folder.make(&["regenerate"]);
    assert!(folder.read(SECOND) == second, "made again with the same bytes");
    fill_in(&folder, SECOND);
    let folder = anna(folder.without("dpa.lock.d"), "Anna Nieuwer");
    folder.make(&["regenerate"]);
    assert_eq!(replaced(&folder, THIRD), (3, 2, digest(&folder, SECOND)));

    // Where nothing says it, none is made.
    let folder = folder.without("dpa.lock.d").file(THIRD, "a scan");
    let run = folder.run(&["regenerate"]);
    assert_ne!(run.code, Some(0), "{run}");
    let folder = folder.without(THIRD).file(SECOND, "a scan");
    let run = folder.run(&["regenerate"]);
    assert_snapshot!("series_unknown", run.to_string());
}

/// Notes in the client's history that a document was sent.
pub fn sent(folder: &Folder, id: &str, pdf: &str) {
    let mut agreement = Agreements::of(&folder.path("")).open(id).unwrap();
    let on = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
    let mut sent = HistoryEntry::new(EntryKind::Sent, on);
    sent.digest = Some(digest(folder, pdf));
    agreement.add(sent).unwrap();
}

#[test]
fn what_was_sent_counts_as_signed() {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["regenerate"]);
    let first = folder.read(ANNA_PDF);
    sent(&folder, "anna", ANNA_PDF);
    assert_eq!(reported(&folder, "state")[ANNA_PDF], "current");
    let folder = anna(folder, "Anna Nieuw");
    folder.make(&["regenerate"]);
    assert!(folder.read(ANNA_PDF) == first);
    assert_eq!(replaced(&folder, SECOND), (2, 1, digest(&folder, ANNA_PDF)));
}

#[test]
fn mail_and_attach_send_the_document_that_is_current() {
    let folder = changed();
    let run = folder.make(&["mail", "--client", "anna", "--to", "a@b.nl"]);
    assert!(run.stderr.contains(SECOND), "{run}");
    assert!(!folder.path(SECOND).exists());
    folder.make(&["regenerate"]);
    let run = folder.make(&["mail", "--client", "anna", "--to", "a@b.nl", "--force"]);
    assert!(run.stderr.contains(SECOND), "{run}");
}

#[test]
fn two_files_with_one_id_never_share_documents() {
    let with_id = |name: &str| format!("id = \"anna\"\n{}", client(name));
    let folder = Folder::new().file(ANNA, with_id("Anna")).file("more/anne.toml", with_id("Anne"));
    folder.make(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    let run = folder.fail(&["--client", "more/anne.toml", "--force"]);
    assert!(run.stderr.contains("have one id, `anna`"), "{run}");
    assert!(folder.read(ANNA_PDF) == pdf);
}

#[test]
fn an_id_that_the_documents_are_not_kept_by_is_refused() {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["regenerate"]);
    let folder = folder.file(ANNA, format!("id = \"anna-bv\"\n{}", client("Anna")));
    assert_snapshot!("series_other_id", folder.fail(&["regenerate"]).to_string());
    assert_eq!(folder.fail(&["--client", ANNA]).code, Some(1));
}
