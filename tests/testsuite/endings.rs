//! What came to an end: a contract that the client refused, and an agreement that ended.

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::support::{Folder, assert_snapshot};

/// Anna's contract is made, and sent on 1 July.
fn sent() -> Folder {
    let folder = Folder::new().file(ANNA, client("Anna") + "email = \"a@b.nl\"\n");
    folder.make(&["regenerate"]);
    folder.make(&["mail", "--client", "anna", "--sent", "--on", "2026-07-01"]);
    folder
}

/// The same, and signed on paper on 3 July.
fn agreed() -> Folder {
    let folder = sent();
    let by_hand = ["receive", "--by-hand", "--client", "anna", "--by", "R. Verwerker"];
    folder.make(&[&by_hand[..], &["--signed-on", "2026-07-03", "--on", "2026-07-04"]].concat());
    folder
}

/// Several runs, one after the other, as a person sees them.
fn run(folder: &Folder, all: &[&[&str]]) -> String {
    all.iter().fold(String::new(), |said, arguments| {
        let run = folder.run(arguments);
        [said, format!("$ dpa-gen {}\n{run}\n", arguments.join(" "))].concat()
    })
}

#[test]
fn a_contract_that_was_refused_is_for_the_owner_to_judge() {
    let folder = sent();
    let refuse = ["receive", "--refused", "--client", "anna", "--on", "2026-07-09", "--reason"];
    let reason = "they want their own paper";
    let said = run(
        &folder,
        &[
            &[&refuse[..], &[reason, "--dry-run"]].concat(),
            &["status", "--on", "2026-07-10"],
            &[&refuse[..], &[reason, "--by", "A. de Vries"]].concat(),
            &["status", "--on", "2026-07-10"],
            &["status", "--client", "anna", "--on", "2026-07-10"],
            &["receive", "--undo", "--client", "anna", "--on", "2026-07-11"],
            &["status", "--on", "2026-07-11"],
        ],
    );
    assert_snapshot!("refused", said);
    // A further document that is sent opens it again.
    folder.make(&[&refuse[..], &[reason]].concat());
    folder.make(&["mail", "--client", "anna", "--sent", "--on", "2026-07-12", "--force"]);
    let run = folder.make(&["status", "--on", "2026-07-12"]);
    assert!(run.stdout.contains("wait     waiting for Anna B.V. since"), "{run}");
}

#[test]
fn an_agreement_that_ended_asks_for_nothing() {
    let folder = agreed();
    let end = ["receive", "--ended", "--client", "anna", "--on", "2027-01-01"];
    let said = run(
        &folder,
        &[
            &[&end[..], &["--reason", "the website was taken over"]].concat(),
            &["status", "--on", "2026-12-31"],
            &["status", "--on", "2027-01-01"],
            &["status", "--client", "anna", "--on", "2027-01-01"],
            &["mail", "--all", "-o", "drafts/"],
            &["receive", "--undo", "--client", "anna", "--on", "2027-01-02"],
            &["status", "--on", "2027-01-02"],
        ],
    );
    assert_snapshot!("ended", said);
    let json = folder.make(&[&end[..], &["--json"]].concat());
    assert_snapshot!("ended_json", json.to_string());
    // What is sent after it is a new beginning.
    folder.make(&["mail", "--client", "anna", "--sent", "--on", "2026-07-12", "--force"]);
    let run = folder.make(&["status", "--on", "2027-02-02"]);
    assert!(run.stdout.contains("wait     waiting for Anna B.V. since"), "{run}");
}

#[test]
fn an_end_that_has_passed_is_no_news_once_it_is_noted() {
    let folder = agreed().edit(ANNA, "[client]", "[agreement]\nend = 2026-12-31\n\n[client]");
    folder.make(&["regenerate"]);
    let row = |folder: &Folder| {
        let run = folder.make(&["status", "--on", "2027-01-05"]);
        run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(row(&folder).contains("its end, 2026-12-31, has passed"), "{}", row(&folder));
    folder.make(&["receive", "--ended", "--client", "anna", "--on", "2027-01-01"]);
    assert!(!row(&folder).contains("has passed"), "{}", row(&folder));
    // It can be noted of a client whose file is gone too.
    folder.make(&["receive", "--undo", "--client", "anna"]);
    let folder = folder.without(ANNA);
    folder.make(&["receive", "--ended", "--client", "anna", "--on", "2027-01-01"]);
}

#[test]
fn what_cannot_have_ended_is_not_noted() {
    let fresh = Folder::new().file(ANNA, client("Anna"));
    fresh.make(&["regenerate"]);
    let reason = ["--reason", "too dear", "--on", "2026-07-09"];
    let refuse = [&["receive", "--refused", "--client", "anna"][..], &reason].concat();
    let end = ["receive", "--ended", "--client", "anna", "--on"];
    let said = [
        fresh.fail(&refuse),
        fresh.fail(&[&end[..], &["2026-07-09"]].concat()),
        sent().fail(&[&end[..], &["2026-07-09"]].concat()),
        agreed().fail(&[&end[..], &["2026-07-01"]].concat()),
        agreed().fail(&refuse),
        fresh.fail(&["receive", "--ended", "--client", "nobody"]),
        fresh.fail(&["receive", "--refused", "--client", "anna"]),
        fresh.fail(&["receive", ANNA_PDF, "--ended", "--client", "anna"]),
    ];
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    assert_snapshot!("ended_refused", said.join("\n"));
    let folder = agreed();
    folder.make(&[&end[..], &["2026-08-01"]].concat());
    let twice = folder.fail(&[&end[..], &["2026-08-02"]].concat());
    assert!(twice.stderr.contains("the agreement with `anna` ended on 2026-08-01"), "{twice}");
}
