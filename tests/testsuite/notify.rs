//! `notify`: whom a change affects, what it needs, until when they may object, and what counts once they answered.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use dpa_gen::store::{AgreementState, Agreements, EntryKind, HistoryEntry};
use mail_parser::{Message, MessageParser, MimeHeaders};
use serde_json::Value;

use crate::support::{Folder, Run, assert_snapshot, copy, repository, without_digests};

const NAMED: &str = "
[subprocessor.noord]
name = \"Datacentrum Noord B.V.\"
address = \"Serverweg 1, Utrecht\"
country = \"Nederland\"
contact = \"privacy@noord.example\"
categories = [\"hosting\"]
processing = \"Opslag\"
since = 2026-01-01

[subprocessor.mail]
name = \"Mailwerk B.V.\"
address = \"Postweg 2, Gent\"
country = \"België\"
contact = \"privacy@mailwerk.example\"
categories = [\"mail\"]
processing = \"E-mail\"
since = 2026-01-01
";
const SUBPROCESSORS: &str = "clauses/subprocessors.toml";
const CONTRACT: &str = "clauses/contract.toml";
const TERMS: &str = "[terms]\nobjection-days = 14\nsubprocessor-notice-days = 30\n";

fn client(name: &str, services: &str, terms: &str) -> String {
    let address = name.to_lowercase().replace(' ', "-");
    format!(
        "services = [{services}]\n\n[client]\nname = \"{name} B.V.\"\nemail = \"info@{address}.example\"\n\
         signatory = {{ name = \"A. de Vries\" }}\n\n{terms}"
    )
}

/// A folder with a small library, and these clients: name, services, terms.
fn library(clients: &[(&str, &str, &str)]) -> Folder {
    let folder = Folder::new();
    copy(&repository().join("fixtures/redline/base/clauses"), &folder.path("clauses"));
    folder.write(SUBPROCESSORS, NAMED);
    for (name, services, terms) in clients {
        let id = name.to_lowercase();
        folder.write(&format!("clients/{id}.toml"), client(name, services, terms));
    }
    folder
}

fn pdf(id: &str, version: &str) -> String {
    format!("{id}-verwerkersovereenkomst-{version}.pdf")
}

/// The same, with the contract of each made, and agreed on 1 July.
fn agreed(clients: &[(&str, &str, &str)]) -> Folder {
    let folder = library(clients);
    folder.make(&["regenerate"]);
    for (name, ..) in clients {
        agree(&folder, &name.to_lowercase(), "2026-06-12", "2026-07-01");
    }
    folder
}

fn agree(folder: &Folder, id: &str, version: &str, on: &str) {
    let pdf = pdf(id, version);
    folder.run(&["receive", &pdf, "--accept", "a test", "--by", "R. Verwerker", "--on", on]);
}

/// Acme, whose contract has both terms; Bakker, whose contract has none; Cas, who sends no mail.
pub fn three() -> Folder {
    agreed(&[
        ("Acme", "\"shop\"", TERMS),
        ("Bakker", "\"website\", \"shop\"", ""),
        ("Cas", "\"website\"", TERMS),
    ])
}

/// A new version, in which the one that sends mail is another.
pub fn replaced(folder: Folder, version: &str) -> Folder {
    folder
        .edit(CONTRACT, "2026-06-12", version)
        .edit(SUBPROCESSORS, "Mailwerk B.V.", "Postbode B.V.")
        .edit(
            SUBPROCESSORS,
            "processing = \"E-mail\"\nsince = 2026-01-01",
            "processing = \"E-mail\"\nsince = 2026-11-01",
        )
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"))
}

/// What `notify --dry-run` says of each client, by id: outcome, needs, last day, changes.
fn due(folder: &Folder, arguments: &[&str]) -> BTreeMap<String, String> {
    let run = folder.run(&[&["notify", "--dry-run", "--json"], arguments].concat());
    let rows = json(&run)["results"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let row = |row: Value| {
        let changes = row["changes"].as_array().unwrap().iter();
        let changes: Vec<String> = changes.map(|change| text(&change["kind"])).collect();
        let said = [&row["outcome"], &row["needs"], &row["until"]].map(text).join(" ");
        (text(&row["id"]), format!("{said} {}", changes.join("+")))
    };
    rows.into_iter().map(row).collect()
}

/// How the agreement with a client stands on a day.
fn status(folder: &Folder, id: &str, on: &str) -> Value {
    let run = folder.run(&["status", "--json", "--on", on]);
    let rows = json(&run)["results"].as_array().unwrap().clone();
    let is_it = |row: &&Value| {
        let file = row["client-file"].as_str().unwrap_or_default();
        file == format!("clients/{id}.toml") && row.get("agreement").is_some()
    };
    rows.iter().find(is_it).unwrap_or_else(|| panic!("{run}")).clone()
}

fn notice_state(folder: &Folder, id: &str, on: &str) -> String {
    status(folder, id, on)["notice"]["state"].as_str().unwrap_or("–").to_owned()
}

fn changed_to(folder: &Folder, id: &str, on: &str) -> Value {
    status(folder, id, on)["in-force"]["changed-to"].clone()
}

fn sent(folder: &Folder, id: &str, on: &str) -> Run {
    folder.make(&["notify", "--sent", "--client", id, "--on", on])
}

fn answer(folder: &Folder, arguments: &[&str]) -> Run {
    folder.make(&[&["receive"], arguments].concat())
}

fn parsed(eml: &[u8]) -> Message<'_> {
    MessageParser::default().parse(eml).unwrap()
}

#[test]
fn the_table_says_who_what_and_until_when() {
    let folder = replaced(three(), "2026-09-01");
    let shown = folder.run(&["notify", "--dry-run", "--on", "2026-09-01"]);
    assert_snapshot!("notify_dry_run", shown.to_string());
    assert!(!folder.files().iter().any(|file| file.contains("notice")), "nothing is written");
    let with_day =
        folder.run(&["notify", "--dry-run", "--on", "2026-09-01", "--until", "2026-09-20"]);
    assert_snapshot!("notify_dry_run_until", with_day.to_string());
    assert_snapshot!(
        "notify_early",
        folder.fail(&["notify", "--on", "2026-09-01", "--until", "2026-09-01"]).to_string()
    );
    let unchanged = three();
    assert_snapshot!("notify_nobody", unchanged.make(&["notify", "--dry-run"]).to_string());
    assert_snapshot!("notify_help", unchanged.make(&["notify", "--help"]).to_string());
}

#[test]
fn a_draft_says_it_in_the_words_of_the_library() {
    let folder = replaced(three(), "2026-09-01");
    let run = folder.run(&["notify", "--on", "2026-09-01", "-o", "drafts"]);
    assert_snapshot!("notify_drafts", without_digests(&run.to_string()));
    let eml = folder.read("drafts/acme-notice-2026-09-01.eml");
    let mail = parsed(&eml);
    assert_eq!(mail.subject(), Some("Wijziging van de verwerkersovereenkomst met Acme B.V."));
    assert_snapshot!("notify_body", mail.body_text(0).unwrap().replace("\r\n", "\n"));
    let names: Vec<&str> = mail.attachments().map(|part| part.attachment_name().unwrap()).collect();
    assert_eq!(names, ["wijzigingen-2026-06-12-2026-09-01.pdf"], "a notice needs no new signature");
    let redline = crate::support::prose(mail.attachments().next().unwrap().contents());
    assert!(redline.contains("Mailwerk B.V.") && redline.contains("Postbode B.V."), "{redline}");
    // The same input gives the same draft; another one stays as it is.
    folder.run(&["notify", "--on", "2026-09-01", "-o", "drafts"]);
    assert!(folder.read("drafts/acme-notice-2026-09-01.eml") == eml);
    let other = folder.run(&["notify", "--on", "2026-09-02", "-o", "drafts", "--client", "acme"]);
    assert_snapshot!("notify_draft_differs", other.to_string());
    assert!(folder.read("drafts/acme-notice-2026-09-01.eml") == eml);
    folder.make(&["notify", "--on", "2026-09-02", "-o", "drafts", "--client", "acme", "--force"]);
    assert!(folder.read("drafts/acme-notice-2026-09-01.eml") != eml);
}

#[test]
fn a_text_needs_consent_and_the_new_contract() {
    let folder = three().edit(CONTRACT, "2026-06-12", "2026-09-01").edit(
        "clauses/articles/security.typ",
        "eenmaal",
        "tweemaal",
    );
    let due = due(&folder, &["--on", "2026-09-01"]);
    assert_eq!(due.len(), 3);
    assert!(due.values().all(|row| row == "due consent – text"), "{due:?}");
    folder.make(&["notify", "--on", "2026-09-01", "--client", "cas"]);
    let eml = folder.read("cas-notice-2026-09-01.eml");
    let mail = parsed(&eml);
    let parts: BTreeMap<&str, &[u8]> =
        mail.attachments().map(|part| (part.attachment_name().unwrap(), part.contents())).collect();
    folder.make(&["regenerate"]);
    let new = pdf("cas", "2026-09-01");
    assert!(parts[new.as_str()] == folder.read(&new), "the contract is the one that is kept");
    assert_snapshot!("notify_body_consent", mail.body_text(0).unwrap().replace("\r\n", "\n"));

    sent(&folder, "cas", "2026-09-01");
    assert_eq!(notice_state(&folder, "cas", "2027-09-01"), "waiting-consent");
    assert!(changed_to(&folder, "cas", "2027-09-01").is_null(), "silence is no consent");
    answer(&folder, &["--consent", "--client", "cas", "--on", "2026-09-05"]);
    assert_eq!(changed_to(&folder, "cas", "2026-09-05"), "2026-09-01");
    assert!(changed_to(&folder, "cas", "2026-09-04").is_null());
    assert!(!super::notify::due(&folder, &["--on", "2026-09-05"]).contains_key("cas"));
    // What the client has stays as it is: a change of its file gives a further document.
    let folder = folder.edit("clients/cas.toml", "info@cas.example", "cas@cas.example");
    folder.make(&["regenerate"]);
    assert!(folder.path("cas-verwerkersovereenkomst-2026-09-01-2.pdf").exists());
    // The copy that was notified is known when it comes back.
    let run = folder.run(&["receive", &new, "--dry-run", "--json"]);
    assert_eq!(json(&run)["results"][0]["bytes"], "same", "{run}");
}

#[test]
fn the_deadline_holds() {
    let folder = replaced(three(), "2026-09-01");
    let noted = sent(&folder, "acme", "2026-09-01");
    assert_snapshot!("notify_sent", without_digests(&noted.to_string()));
    let history = String::from_utf8(folder.read("agreements/acme/history.toml")).unwrap();
    let (_, entry) = history.rsplit_once("[[entry]]").unwrap();
    assert_snapshot!("notify_history", without_digests(entry));
    let again = sent(&folder, "acme", "2026-09-03");
    assert!(again.stdout.contains("notified on 2026-09-01"), "{again}");
    assert_eq!(String::from_utf8(folder.read("agreements/acme/history.toml")).unwrap(), history);

    folder.run(&["regenerate"]);
    for (on, state, changed) in [
        ("2026-09-15", "running", Value::Null),
        ("2026-10-01", "running", Value::Null),
        ("2026-10-02", "in-force", "2026-09-01".into()),
    ] {
        assert_eq!(notice_state(&folder, "acme", on), state, "{on}");
        assert_eq!(changed_to(&folder, "acme", on), changed, "{on}");
        assert_eq!(status(&folder, "acme", on)["in-force"]["version"], "2026-06-12");
    }
    let shown = |on| folder.run(&["status", "--on", on, "--only", "acme"]).to_string();
    assert_snapshot!("notify_status_running", shown("2026-09-15"));
    assert_snapshot!("notify_status_in_force", shown("2026-10-02"));
    // What is in force is the base of what comes next.
    let folder = folder.edit(CONTRACT, "2026-09-01", "2026-11-01").edit(
        SUBPROCESSORS,
        "Serverweg 1, Utrecht",
        "Serverweg 9, Ede",
    );
    let row = &due(&folder, &["--on", "2026-11-01"])["acme"];
    assert_eq!(row, "due notice 2026-11-15 subprocessor-details");
    let run = folder.make(&["redline", "acme", "--json"]);
    let redline = &json(&run)["results"][0];
    assert_eq!(redline["old"]["version"], "2026-09-01", "by the notice, beside what was signed");
}

#[test]
fn an_objection_keeps_a_change_from_holding() {
    let folder = replaced(three(), "2026-09-01");
    let none = ["receive", "--objection", "--client", "acme", "--reason", "Nee"];
    assert_snapshot!("notify_objection_to_nothing", folder.fail(&none).to_string());
    sent(&folder, "acme", "2026-09-01");
    let before = folder.fail(&[&none[..], &["--on", "2026-08-31"]].concat());
    assert_snapshot!("notify_objection_before", before.to_string());
    for wrong in [&none[..4], &[&none[..], &["--consent"]].concat()[..], &["receive", "--consent"]]
    {
        assert_eq!(folder.fail(wrong).code, Some(2));
    }
    let objection = [&none[1..], &["--on", "2026-09-15"]].concat();
    let dry = answer(&folder, &[&objection[..], &["--dry-run"]].concat());
    assert_eq!(notice_state(&folder, "acme", "2026-09-15"), "running", "{dry}");
    assert_snapshot!("notify_objection", answer(&folder, &objection).to_string());
    let shown = folder.run(&["status", "--on", "2026-12-01", "--only", "acme"]);
    assert_snapshot!("notify_status_objected", shown.to_string());
    assert!(changed_to(&folder, "acme", "2027-12-01").is_null());
    assert!(
        due(&folder, &["--on", "2026-12-01"])["acme"].starts_with("objected notice 2026-09-15")
    );
    answer(&folder, &["--consent", "--client", "acme", "--on", "2026-12-02"]);
    assert_eq!(changed_to(&folder, "acme", "2026-12-02"), "2026-09-01");
    // The consent was a mistake.
    answer(&folder, &["--undo", "--client", "acme", "--on", "2026-12-03"]);
    assert_eq!(notice_state(&folder, "acme", "2026-12-03"), "objected");
}

#[test]
fn an_objection_after_the_last_day_is_noted_and_changes_nothing() {
    let folder = replaced(three(), "2026-09-01");
    sent(&folder, "acme", "2026-09-01");
    let late = ["--objection", "--client", "acme", "--reason", "Toch niet", "--on", "2026-09-16"];
    assert_snapshot!("notify_objection_late", answer(&folder, &late).to_string());
    assert_eq!(changed_to(&folder, "acme", "2026-10-02"), "2026-09-01");
}

#[test]
fn a_sub_processor_that_works_too_early_is_reported_and_nothing_is_refused() {
    let folder = replaced(three(), "2026-09-01").edit(SUBPROCESSORS, "2026-11-01", "2026-09-20");
    let run = folder.make(&["notify", "--dry-run", "--on", "2026-09-01", "--client", "acme"]);
    assert_snapshot!("notify_breach", run.to_string());
    let shown = folder.run(&["status", "--on", "2026-09-20"]);
    assert_snapshot!("notify_breach_status", shown.to_string());
    sent(&folder, "acme", "2026-09-01");
    let breaches = |on| status(&folder, "acme", on)["breaches"].as_array().unwrap().len();
    assert_eq!((breaches("2026-09-25"), breaches("2026-10-02")), (1, 0));
    let on_time = replaced(three(), "2026-09-01").edit(SUBPROCESSORS, "2026-11-01", "2026-10-02");
    let run = on_time.make(&["notify", "--dry-run", "--on", "2026-09-01", "--client", "acme"]);
    assert!(run.stderr.is_empty(), "the day after the notice is no breach: {run}");
    // By the day on which the notice ends it may not work yet.
    let last = on_time.edit(SUBPROCESSORS, "2026-10-02", "2026-10-01");
    let run = last.make(&["notify", "--dry-run", "--on", "2026-09-01", "--client", "acme"]);
    assert!(run.stderr.contains("works from 2026-10-01"), "{run}");
}

#[test]
fn a_client_who_skipped_a_version_gets_all_that_changed_since_it_signed() {
    let folder = three().edit(CONTRACT, "2026-06-12", "2026-09-01").edit(
        "clauses/articles/security.typ",
        "eenmaal",
        "tweemaal",
    );
    folder.make(&["regenerate"]);
    agree(&folder, "acme", "2026-09-01", "2026-09-02");
    let folder = folder.edit(CONTRACT, "2026-09-01", "2026-11-01").edit(
        SUBPROCESSORS,
        "Mailwerk B.V.",
        "Postbode B.V.",
    );
    let due = due(&folder, &["--on", "2026-11-01"]);
    assert_eq!(due["acme"], "due notice 2026-11-15 subprocessor-replaced");
    assert_eq!(due["bakker"], "due consent – subprocessor-replaced+text");
    assert_eq!(due["cas"], "due consent – text");
}

#[test]
fn the_terms_are_those_that_the_client_signed() {
    // What the files say now of the terms is not agreed yet.
    let folder = replaced(three(), "2026-09-01").edit(
        "clients/acme.toml",
        "objection-days = 14",
        "objection-days = 3",
    );
    let due = due(&folder, &["--on", "2026-09-01"]);
    assert_eq!(due["acme"], "due consent 2026-09-15 subprocessor-replaced+terms");
}

#[test]
fn a_change_that_is_taken_back_before_the_deadline_never_holds() {
    let folder = replaced(three(), "2026-09-01");
    sent(&folder, "acme", "2026-09-01");
    let back = folder
        .edit(CONTRACT, "2026-09-01", "2026-09-10")
        .edit(SUBPROCESSORS, "Postbode B.V.", "Mailwerk B.V.")
        .edit(SUBPROCESSORS, "2026-11-01", "2026-01-01");
    assert_eq!(due(&back, &["--on", "2026-09-10"])["acme"], "due nothing – withdrawn");
    back.make(&["notify", "--on", "2026-09-10", "--client", "acme"]);
    let eml = back.read("acme-notice-2026-09-10.eml");
    let body = parsed(&eml).body_text(0).unwrap().replace("\r\n", "\n");
    assert_snapshot!("notify_body_withdrawn", body);
    sent(&back, "acme", "2026-09-10");
    assert_eq!(notice_state(&back, "acme", "2026-12-01"), "withdrawn");
    assert!(changed_to(&back, "acme", "2026-12-01").is_null());
    assert!(!due(&back, &["--on", "2026-12-01"]).contains_key("acme"));
}

#[test]
fn a_sub_processor_that_no_client_of_a_service_uses_affects_nobody_of_it() {
    let folder = three().edit(CONTRACT, "2026-06-12", "2026-09-01").append(
        SUBPROCESSORS,
        &NAMED.split_once("[subprocessor.mail]").unwrap().1.replace(
            "\nname = \"Mailwerk B.V.\"",
            "\n[subprocessor.second]\nname = \"Tweede Post B.V.\"",
        ),
    );
    let due = due(&folder, &["--on", "2026-09-01", "--until", "2026-09-20"]);
    assert!(!due.contains_key("cas"), "no service of Cas sends mail: {due:?}");
    assert_eq!(due["acme"], "due notice 2026-09-15 subprocessor-added");
    // A client that leaves it out of its own list is not affected either.
    let narrowed = folder.append("clients/acme.toml", "[subprocessors]\nmail = [\"mail\"]\n");
    assert!(!super::notify::due(&narrowed, &["--on", "2026-09-01"]).contains_key("acme"));
}

#[test]
fn a_client_file_that_is_renamed_keeps_its_agreement() {
    let folder = replaced(three(), "2026-09-01");
    std::fs::rename(folder.path("clients/acme.toml"), folder.path("clients/acme-bv.toml")).unwrap();
    let due = due(&folder, &["--on", "2026-09-01"]);
    assert_eq!(due["acme"], "due notice 2026-09-15 subprocessor-replaced");
    folder.make(&["notify", "--sent", "--client", "clients/acme-bv.toml", "--on", "2026-09-01"]);
    let objection = [
        "--objection",
        "--client",
        "clients/acme-bv.toml",
        "--reason",
        "Nee",
        "--on",
        "2026-09-02",
    ];
    answer(&folder, &objection);
    assert_eq!(notice_state(&folder, "acme-bv", "2026-12-01"), "objected");
    let run = folder.make(&["redline", "clients/acme-bv.toml", "--json"]);
    assert_eq!(json(&run)["results"][0]["old"]["version"], "2026-06-12");
    let by_id = folder.make(&["redline", "acme", "--json"]);
    assert_eq!(json(&by_id)["results"], json(&run)["results"]);
    assert!(folder.path("agreements/acme/history.toml").exists());
    assert!(!folder.path("agreements/acme-bv").exists());
}

#[test]
fn what_was_signed_elsewhere_is_not_known() {
    let folder =
        library(&[("Acme", "\"shop\"", TERMS)]).file("own.pdf", "%PDF-1.7 the client's own");
    folder.make(&["regenerate"]);
    folder.make(&[
        "receive",
        "--own-paper",
        "own.pdf",
        "--client",
        "acme",
        "--signed-on",
        "2026-07-01",
        "--by",
        "R.",
    ]);
    let run = replaced(folder, "2026-09-01").make(&["notify", "--dry-run", "--on", "2026-09-01"]);
    assert_snapshot!("notify_own_paper", run.to_string());
}

#[test]
fn what_a_change_needs_is_the_lawyers_to_say() {
    let rules = std::fs::read_to_string(repository().join("clauses/notice.toml")).unwrap();
    let replaced = replaced(three(), "2026-09-01").file("clauses/notice.toml", &rules);
    let consent = "[change.subprocessor-replaced]\nneeds = \"consent\"";
    let other = replaced.edit(
        "clauses/notice.toml",
        "[change.subprocessor-replaced]\nneeds = \"notice\"",
        consent,
    );
    assert_eq!(due(&other, &[])["acme"], "due consent – subprocessor-replaced");
    let nothing =
        other.edit("clauses/notice.toml", consent, &consent.replace("consent", "nothing"));
    assert_eq!(due(&nothing, &[])["acme"], "needs-nothing nothing – subprocessor-replaced");
    let wrong = nothing
        .edit("clauses/notice.toml", "[change.services]", "[change.servises]")
        .edit(
            "clauses/notice.toml",
            "[change.terms]\nneeds = \"consent\"",
            "[change.terms]\nneed = \"consent\"",
        )
        .edit("clauses/notice.toml", "gaat als subverwerker", "gaat als {subverwerker}");
    let run = wrong.fail(&["notify", "--dry-run"]);
    assert_snapshot!("notify_wrong_rules", run.to_string());
    let text = Folder::new().file("notice.txt", "Onderwerp\n\n{wijzigingen}\n");
    let folder = three().edit(CONTRACT, "2026-06-12", "2026-09-01").edit(
        SUBPROCESSORS,
        "Mailwerk",
        "Postbode",
    );
    folder.write("clauses/notice.txt", text.read("notice.txt"));
    let run = folder.fail(&["notify", "--client", "acme", "--on", "2026-09-01"]);
    assert_snapshot!("notify_wrong_text", run.to_string());
}

/// Clients with mixed services and terms, half of whom signed the first version and half the second.
const COUNT: usize = 200;

struct One {
    id: String,
    sends_mail: bool,
    objection: Option<u64>,
    notice: Option<u64>,
}

fn many() -> Vec<One> {
    let one = |at: usize| {
        let days = |of: usize| u64::try_from(of).unwrap();
        One {
            id: format!("client-{at:03}"),
            sends_mail: at.is_multiple_of(3),
            objection: (at % 4 != 1).then(|| days(7 + at % 11)),
            notice: (at % 4 != 2).then(|| days(20 + at % 13)),
        }
    };
    (0..COUNT).map(one).collect()
}

fn with_clients(folder: &Folder, clients: &[One]) {
    for One { id, sends_mail, objection, notice } in clients {
        let services = if *sends_mail { "\"shop\", \"chat\"" } else { "\"website\"" };
        let mut terms = "[terms]\n".to_owned();
        for (key, days) in [("objection-days", objection), ("subprocessor-notice-days", notice)] {
            if let Some(days) = days {
                let _ = writeln!(terms, "{key} = {days}");
            }
        }
        folder.write(&format!("clients/{id}.toml"), client(id, services, &terms));
    }
}

/// Notes that each client signed the newest document that was made for it.
fn all_agree(folder: &Folder, clients: &[One], version: &str) {
    for One { id, .. } in clients {
        let lock = folder.read(&format!("dpa.lock.d/{id}.toml"));
        let lock: Value = toml::from_slice(&lock).unwrap();
        let made = lock["pdf"].as_array().unwrap().iter().find(|pdf| pdf["version"] == version);
        let entry = HistoryEntry {
            version: Some(version.to_owned()),
            digest: Some(made.unwrap()["digest"].as_str().unwrap().to_owned()),
            agreement: Some(AgreementState::ByHand),
            ..HistoryEntry::new(EntryKind::ByHand, "2027-07-01".parse().unwrap())
        };
        Agreements::of(&folder.path("")).open(id).unwrap().add(entry).unwrap();
    }
}

#[test]
fn of_200_clients_exactly_those_are_notified_whom_it_affects() {
    let folder = library(&[]);
    let clients = many();
    let (first, second) = clients.split_at(COUNT / 2);
    with_clients(&folder, first);
    folder.make(&["regenerate"]);
    all_agree(&folder, first, "2026-06-12");
    // A version that changes nothing for them.
    let folder = folder.edit(CONTRACT, "2026-06-12", "2026-07-01");
    with_clients(&folder, second);
    folder.make(&["regenerate", "--only", "client-1*"]);
    all_agree(&folder, second, "2026-07-01");
    let folder = folder.edit(CONTRACT, "2026-07-01", "2027-12-01").edit(
        SUBPROCESSORS,
        "Mailwerk B.V.",
        "Postbode B.V.",
    );
    // Over the end of a year, and over a leap day.
    for sent in ["2027-12-24", "2028-02-14"] {
        let sent: NaiveDate = sent.parse().unwrap();
        let expected = clients.iter().filter(|client| client.sends_mail).map(|client| {
            let days = client.objection.or(client.notice).unwrap();
            let until = sent + Days::new(days);
            (client.id.clone(), format!("due notice {until} subprocessor-replaced"))
        });
        let expected: BTreeMap<String, String> = expected.collect();
        assert_eq!(due(&folder, &["--on", &sent.to_string()]), expected);
    }
    let run = folder.make(&["notify", "--on", "2027-12-24", "-o", "drafts"]);
    assert_eq!(run.stdout.lines().count(), COUNT.div_ceil(3), "{run}");
    for path in run.stdout.lines() {
        let eml = folder.read(path);
        let mail = parsed(&eml);
        let id = path.trim_start_matches("drafts/").split("-notice").next().unwrap();
        let to = mail.to().unwrap().first().unwrap().address().unwrap();
        assert_eq!(to, format!("info@{id}.example"));
        let client = clients.iter().find(|client| client.id == id).unwrap();
        let days = client.objection.or(client.notice).unwrap();
        let until = "2027-12-24".parse::<NaiveDate>().unwrap() + Days::new(days);
        let months = ["januari", "december"];
        let day = format!(
            "tot en met {} {}",
            until.format("%-d"),
            months[usize::from(until.format("%m").to_string() == "12")]
        );
        let body = mail.body_text(0).unwrap();
        assert!(body.contains(&day), "{id}: {day}\n{body}");
        assert_eq!(mail.attachments().count(), 1);
    }
}

/// Kills `notify` and `receive` at random: what is in force stays as it was, the history is whole, and all can be done
/// again.
#[test]
#[ignore = "takes minutes: make stress"]
fn notices_that_are_killed_change_nothing_in_force() {
    const KILLS: usize = 200;
    let folder = replaced(three(), "2026-09-01");
    let in_force = |folder: &Folder, on: &str| {
        let found = status(folder, "acme", on)["in-force"].clone();
        (found["version"].clone(), found["changed-to"].clone())
    };
    let before = in_force(&folder, "2026-09-02");
    let mut random = crate::stress::Random(20_260_901);
    let (mut killed, mut round, mut latest) = (0, 0, 400_000);
    while killed < KILLS {
        round += 1;
        assert!(round < KILLS * 4, "only {killed} of {round} were killed before they were done");
        let commands: [&[&str]; 4] = [
            &["notify", "--on", "2026-09-01", "--client", "acme", "--force"],
            &["notify", "--sent", "--on", "2026-09-01", "--client", "acme"],
            &[
                "receive",
                "--objection",
                "--client",
                "acme",
                "--on",
                "2026-09-02",
                "--reason",
                "Nee",
            ],
            &["receive", "--undo", "--client", "acme", "--on", "2026-09-02"],
        ];
        // Nothing but an objection and a notice is undone.
        let last = Agreements::of(&folder.path("")).history("acme").unwrap();
        let has_notice = last.live().any(|entry| entry.kind == EntryKind::Notified);
        let command = commands[random.below(if has_notice { 4 } else { 2 })];
        let mut run = crate::together::start(&folder, command);
        let wait = random.below(latest).try_into().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(wait));
        run.kill().unwrap();
        let is_killed = run.wait().unwrap().code().is_none();
        killed += usize::from(is_killed);
        latest = if is_killed { latest + latest / 16 } else { latest - latest / 8 };
        let history = Agreements::of(&folder.path("")).history("acme").unwrap();
        for entry in &history.entries {
            for name in entry.file.iter().chain(&entry.mail) {
                assert!(folder.path(&format!("agreements/acme/{name}")).exists(), "{name}");
            }
            if let Some(file) = &entry.file {
                let sha256 =
                    dpa_gen::store::sha256(&folder.read(&format!("agreements/acme/{file}")));
                assert_eq!(Some(sha256), entry.sha256, "{file} is the copy that was noted");
            }
        }
        assert_eq!(in_force(&folder, "2026-09-02"), before);
        if let Ok(eml) = std::fs::read(folder.path("acme-notice-2026-09-01.eml")) {
            assert_eq!(parsed(&eml).attachments().count(), 1, "a draft is whole");
        }
    }
    println!("{round} runs, of which {killed} were killed before they were done");
    folder.make(&["notify", "--on", "2026-09-01", "--client", "acme", "--force"]);
    let left = folder.files().into_iter().filter(|file| file.contains(".dpa-gen-"));
    assert_eq!(left.count(), 0, "a run takes away what killed ones left");
}
