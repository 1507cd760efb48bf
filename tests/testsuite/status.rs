//! `status` says what is so: what was sent, whose contract a PDF is, and what cannot be made.

use chrono::NaiveDate;

use crate::keeping::{ANNA, ANNA_PDF, BOB_PDF, client, fleet};
use crate::series::{digest, sent};
use crate::support::{Folder, assert_snapshot};
use crate::touched::filled_in;
use dpa_gen::store::{AgreementState, Agreements, EntryKind, HistoryEntry};

const SECOND: &str = "anna-verwerkersovereenkomst-2026-06-12-2.pdf";

fn row(folder: &Folder, name: &str) -> String {
    let run = folder.run(&["status", "--on", "2026-07-20"]);
    let rows = run.stdout.lines().skip_while(|line| !line.starts_with(name));
    let mut rows = rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    let first = rows.next().unwrap_or_else(|| panic!("{run}"));
    let more = rows.take_while(|row| !row.contains("B.V. 2026") && !row.contains("B.V. –"));
    std::iter::once(first).chain(more).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_sent_is_no_news_when_an_earlier_copy_comes_back() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    sent(&folder, "anna", ANNA_PDF);
    let first = digest(&folder, ANNA_PDF);
    let folder = folder.file(ANNA, client("Anna Nieuw"));
    folder.make(&["regenerate"]);
    assert!(row(&folder, "Anna").contains(" send "), "{}", row(&folder, "Anna"));
    sent(&folder, "anna", SECOND);
    let on = NaiveDate::from_ymd_opt(2026, 7, 5).unwrap();
    let back = HistoryEntry {
        digest: Some(first),
        agreement: Some(AgreementState::WaitingClient),
        ..HistoryEntry::new(EntryKind::Received, on)
    };
    Agreements::of(&folder.path("")).open("anna").unwrap().add(back).unwrap();
    assert!(row(&folder, "Anna").contains(" wait "), "{}", row(&folder, "Anna"));
}

#[test]
fn the_contract_of_another_client_is_not_that_of_its_name() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let filled = filled_in(&folder.read(BOB_PDF), "client-place", "Utrecht");
    folder.write(ANNA_PDF, &filled);
    assert!(row(&folder, "Anna").contains("PDF is not the one that was made; not ours"));
    let run = folder.fail(&["regenerate"]);
    assert_snapshot!("not_that_of_its_name", run.to_string());
    assert!(folder.read(ANNA_PDF) == filled);
}

#[test]
fn what_was_sent_keeps_its_number_when_all_else_is_lost() {
    let folder = Folder::new().file(ANNA, client("Anna") + "email = \"a@b.nl\"\n");
    folder.make(&["regenerate"]);
    folder.make(&["mail", "--client", "anna", "--sent", "--on", "2026-07-01"]);
    let first = folder.read(ANNA_PDF);
    let folder = folder.without(ANNA_PDF).without("dpa.lock.d");
    assert!(row(&folder, "Anna").contains("PDF lost"), "{}", row(&folder, "Anna"));
    folder.make(&["regenerate"]);
    assert!(folder.read(ANNA_PDF) == first, "it is the same document");

    let folder = folder.without(ANNA_PDF).without("dpa.lock.d");
    let folder = folder.file(ANNA, client("Anna Nieuw") + "email = \"a@b.nl\"\n");
    folder.make(&["regenerate"]);
    assert!(!folder.path(ANNA_PDF).exists());
    assert!(folder.prose(SECOND).contains("Vervangt"), "{}", folder.prose(SECOND));
}

#[test]
fn a_copy_that_was_accepted_is_called_so_and_a_draft_never_is() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let accept = ["--accept", "is fine", "--by", "R. Verwerker", "--on", "2026-07-03"];
    folder.run(&[&["receive", ANNA_PDF], &accept[..]].concat());
    let said = "in force: 2026-06-12 since 2026-07-03, accepted by R. Verwerker";
    assert!(row(&folder, "Anna").contains(said), "{}", row(&folder, "Anna"));

    folder.make(&["--client", "bob", "--draft", "-o", "draft.pdf"]);
    let run = folder.run(&[&["receive", "draft.pdf"], &accept[..]].concat());
    assert!(run.stderr.contains("`draft.pdf` is a draft, which is not for signing"), "{run}");
    assert!(!row(&folder, "Bob").contains("in force"), "{}", row(&folder, "Bob"));
}

#[test]
fn a_client_file_with_mistakes_is_to_be_mended() {
    for wrong in ["x = [", "services = [\"webste\"]\n[client]\nname = \"Anna B.V.\"\n"] {
        let folder = fleet().file(ANNA, wrong);
        let run = folder.run(&["status"]);
        assert!(run.stdout.contains("mend     its client file has mistakes"), "{run}");
        assert!(run.stderr.contains("1 to mend, 1 to make"), "{run}");
    }
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_fails_as_json() {
    use std::os::unix::ffi::OsStrExt;
    let folder = fleet();
    let name = std::ffi::OsStr::from_bytes(b"clients/b\xff.toml");
    std::fs::write(folder.path("").join(name), "id = \"c\"\n".to_owned() + &client("C")).unwrap();
    let run = folder.run(&["status", "--json"]);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("the results cannot be written as JSON"), "{run}");
}

#[test]
fn names_that_begin_with_the_version_do_not_clash() {
    let folder = Folder::new()
        .file("dpa-gen.toml", "name = \"{version}-{id}\"\n")
        .file("clients/acme-2.toml", client("Acme twee"));
    folder.make(&["regenerate"]);
    let folder = folder.file("clients/acme.toml", client("Acme"));
    folder.make(&["regenerate"]);
    assert!(
        folder.path("2026-06-12-acme.pdf").exists()
            && folder.path("2026-06-12-acme-2.pdf").exists()
    );
}

#[test]
fn a_day_of_sending_has_come_and_drafts_go_to_a_folder() {
    let folder = Folder::new();
    for name in ["anna", "bob"] {
        let text = client(name) + "email = \"a@b.nl\"\n";
        folder.write(&format!("clients/{name}.toml"), text);
    }
    let run = folder.fail(&["mail", "--all", "--sent", "--on", "2999-01-01"]);
    assert!(run.stderr.contains("that day has not come yet"), "{run}");
    let run = folder.fail(&["mail", "--all", "--sent", "--force", "-o", "one.eml"]);
    assert!(run.stderr.contains("`--output` is one file"), "{run}");
    assert!(!folder.path("one.eml").exists() && !folder.path("agreements").exists());
}
