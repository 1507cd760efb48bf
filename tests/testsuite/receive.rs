//! What comes back: which contract it is, whether it is as it was made, who signed, and how it is filed.

use chrono::{DateTime, Local, NaiveDate};
use dpa_gen::pdf::inspect;
use dpa_gen::pdf::sign::{self, Identity, SigningRequest};
use serde_json::Value;

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::returned::{annotated, painted_over};
use crate::sign::{anna, signed};
use crate::support::{Folder, Run, assert_snapshot, repository, without_digests};
use crate::touched::filled_in;

/// The time of the client's signature, in every test.
const DAY: &str = "2026-07-03";
const HISTORY: &str = "agreements/anna/history.toml";

/// A document signed by a key store of the fixtures.
pub fn signed_by(pdf: &[u8], field: &str, key: &str) -> Vec<u8> {
    let store = std::fs::read(repository().join("fixtures/keys").join(key)).unwrap();
    let identity = Identity::open(&store, "geheim").unwrap();
    let time: DateTime<Local> = format!("{DAY}T12:00:00+02:00").parse().unwrap();
    let shown = ["A. Client".to_owned()];
    let request = SigningRequest { field, shown: &shown, time, certifies: false };
    sign::sign(&inspect(pdf).unwrap(), &request, &identity).unwrap()
}

/// Every field filled in.
pub fn all_filled_in(pdf: &[u8]) -> Vec<u8> {
    let fields = inspect(pdf).unwrap().fields;
    let texts = fields.iter().filter(|field| !field.is_signature);
    texts.fold(pdf.to_vec(), |pdf, field| {
        let value = if field.id.ends_with("-date") { "3 juli 2026" } else { "Utrecht" };
        filled_in(&pdf, &field.id, value)
    })
}

/// Anna's contract, signed by the processor in its folder, and the copy that Anna signed, as `returned.pdf`.
fn agreed() -> Folder {
    let folder = anna();
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    let returned = signed_by(&folder.read(ANNA_PDF), "client-signature", "p-256.p12");
    folder.file("returned.pdf", returned)
}

fn receive(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["receive", "--on", "2026-07-04"], arguments].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"))
}

/// What `receive --json` says of one file.
fn received(folder: &Folder, arguments: &[&str]) -> Value {
    json(&receive(folder, &[arguments, &["--json"]].concat()))["results"][0].take()
}

/// The history without what differs from run to run.
fn history(folder: &Folder) -> String {
    let text = String::from_utf8(folder.read(HISTORY)).unwrap();
    let today = Local::now().date_naive().to_string();
    without_digests(&text).replace(&today, "[today]")
}

fn stable(run: &Run) -> String {
    let today = Local::now().date_naive().to_string();
    run.to_string().replace(&today, "[today]")
}

#[test]
fn a_copy_that_both_signed_is_in_force_and_is_filed() {
    let folder = agreed();
    assert_snapshot!("received_in_force", stable(&receive(&folder, &["returned.pdf"])));
    let filed = "agreements/anna/2026-06-12-returned-2026-07-04.pdf";
    assert!(folder.read(filed) == folder.read("returned.pdf"), "it is a copy of the very bytes");
    assert_snapshot!("received_history", history(&folder));

    let before = folder.read(HISTORY);
    assert_snapshot!("received_again", stable(&receive(&folder, &["returned.pdf"])));
    assert!(folder.read(HISTORY) == before, "the same file is filed once");
}

#[test]
fn json_says_it_in_the_words_of_the_description() {
    let folder = agreed();
    let result = received(&folder, &["returned.pdf"]);
    assert_eq!(result["client"], "Anna B.V.");
    assert_eq!(result["version"], "2026-06-12");
    assert_eq!(result["identified-by"], "contract");
    assert_eq!(result["agreement"], "in-force");
    let pages = result["pages"].as_array().unwrap();
    assert!(!pages.is_empty() && pages.iter().all(|page| page["state"] == "same"), "{result}");
    let missing = result["missing"].as_array().unwrap();
    assert!(missing.contains(&"client-date".into()), "{result}");
    assert!(!missing.contains(&"client-signature".into()), "{result}");
}

#[test]
fn nothing_is_missing_once_all_is_filled_in() {
    let folder = anna();
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    let filled = all_filled_in(&folder.read(ANNA_PDF));
    folder.write("returned.pdf", signed_by(&filled, "client-signature", "p-256.p12"));
    let result = received(&folder, &["returned.pdf"]);
    assert_eq!(result["agreement"], "in-force", "{result}");
    assert_eq!(result["missing"], serde_json::json!([]), "{result}");
}

#[test]
fn a_dry_run_files_nothing() {
    let folder = agreed();
    let before = folder.read(HISTORY);
    let run = receive(&folder, &["returned.pdf", "--dry-run", "--json"]);
    assert_eq!(json(&run)["results"][0]["filed"], Value::Null);
    assert!(folder.read(HISTORY) == before);
    assert_eq!(folder.files().iter().filter(|file| file.contains("returned")).count(), 1);
}

#[test]
fn what_only_one_party_signed_waits_for_the_other() {
    let folder = anna();
    let made = folder.read(ANNA_PDF);
    folder.write("made.pdf", &made);
    folder.write("by-client.pdf", signed_by(&made, "client-signature", "p-256.p12"));
    assert_eq!(received(&folder, &["made.pdf"])["agreement"], "waiting-client");
    assert_eq!(received(&folder, &["by-client.pdf"])["agreement"], "waiting-processor");
    // Client first, then the processor, who does not certify.
    signed(&folder, &["by-client.pdf", "--key", "rsa.p12", "-o", "by-both.pdf"]);
    let result = received(&folder, &["by-both.pdf"]);
    assert_eq!(result["agreement"], "in-force", "{result}");
}

#[test]
fn the_processors_signature_counts_if_sign_noted_its_certificate() {
    let folder = anna();
    let forged = signed_by(&folder.read(ANNA_PDF), "processor-signature", "p-384.p12");
    folder.write("forged.pdf", signed_by(&forged, "client-signature", "p-256.p12"));
    assert_snapshot!("received_by_another_key", stable(&receive(&folder, &["forged.pdf"])));
    let accepted = ["forged.pdf", "--accept", "signed on the old laptop", "--by", "R. Verwerker"];
    assert_snapshot!("received_accepted", stable(&receive(&folder, &accepted)));
    assert_snapshot!("received_accepted_history", history(&folder));
}

#[test]
fn changed_pages_are_filed_and_agree_to_nothing() {
    let folder = agreed();
    folder.write("painted.pdf", painted_over(&folder.read("returned.pdf"), 2));
    assert_snapshot!("received_painted", stable(&receive(&folder, &["painted.pdf"])));
    let status = std::fs::read_to_string(folder.path(HISTORY)).unwrap();
    assert!(status.contains("agreement = \"changed\""));
    let accepted = ["painted.pdf", "--accept", "only a mark", "--by", "R. Verwerker"];
    assert_eq!(received(&folder, &accepted)["agreement"], "in-force");
    folder.fail(&["receive", "painted.pdf", "--accept", "nobody says so"]);
}

#[test]
fn what_is_forged_is_caught() {
    let folder = agreed();
    let pdf = folder.read("returned.pdf");
    // One byte within the client's signature value.
    let mut forged = pdf.clone();
    let at = pdf.windows(10).rposition(|window| window == b"/Contents ").map(|at| at + 10);
    let at = at.or_else(|| pdf.windows(10).rposition(|window| window == b"/Contents<")).unwrap();
    forged[at + 1200] = if forged[at + 1200] == b'a' { b'b' } else { b'a' };
    folder.write("value.pdf", forged);
    // One byte of the contract.
    let mut byte = pdf.clone();
    let at = byte.windows(7).position(|window| window == b"/Length").unwrap();
    byte[at + 60] ^= 1;
    folder.write("byte.pdf", byte);
    for name in ["value.pdf", "byte.pdf"] {
        let run = receive(&folder, &[name, "--dry-run", "--json"]);
        let agreement = &json(&run)["results"][0]["agreement"];
        assert_ne!(agreement, "in-force", "{name}: {run}");
        assert_ne!(agreement, "by-hand", "{name}: {run}");
    }
}

#[test]
fn what_is_not_ours_or_cannot_be_read_is_not_filed() {
    let folder = agreed();
    for name in ["cairo.pdf", "password.pdf"] {
        folder.write(name, std::fs::read(repository().join("fixtures/quotes").join(name)).unwrap());
    }
    folder.write("scan.jpg", b"\xFF\xD8\xFF");
    assert_snapshot!("received_foreign", folder.fail(&["receive", "cairo.pdf"]).to_string());
    assert_snapshot!("received_password", folder.fail(&["receive", "password.pdf"]).to_string());
    assert_snapshot!("received_scan", folder.fail(&["receive", "scan.jpg"]).to_string());
    assert_eq!(received(&folder, &["cairo.pdf"])["agreement"], "unknown");
    assert_eq!(received(&folder, &["password.pdf"])["agreement"], "unreadable");
    let run = receive(&folder, &["cairo.pdf", "returned.pdf", "--json"]);
    assert_eq!(json(&run)["results"].as_array().unwrap().len(), 2, "one bad file stops no other");
}

#[test]
fn what_a_person_says_is_noted_and_can_be_undone() {
    let folder = anna().file("scan.jpg", b"\xFF\xD8\xFF");
    let by_hand = [
        "scan.jpg",
        "--by-hand",
        "--client",
        ANNA,
        "--signed-on",
        "2026-07-01",
        "--by",
        "R. Verwerker",
    ];
    assert_snapshot!("received_by_hand", receive(&folder, &by_hand).to_string());
    assert_snapshot!("received_by_hand_again", receive(&folder, &by_hand).to_string());
    assert_snapshot!("received_undone", receive(&folder, &["scan.jpg", "--undo"]).to_string());
    assert_snapshot!("received_by_hand_history", history(&folder));
    let nothing = receive(&folder, &["scan.jpg", "--undo"]);
    assert_snapshot!("received_nothing_to_undo", nothing.to_string());
    let own = [
        "--own-paper",
        "scan.jpg",
        "--client",
        ANNA,
        "--signed-on",
        "2026-07-01",
        "--by",
        "R. Verwerker",
    ];
    assert_snapshot!("received_own_paper", receive(&folder, &own).to_string());
    let later = ["--by-hand", "--client", ANNA, "--signed-on", "2026-07-09", "--by", "R."];
    assert_snapshot!("received_signed_later", receive(&folder, &later).to_string());
}

#[test]
fn an_edited_history_is_an_error_with_its_place() {
    let folder = agreed();
    receive(&folder, &["returned.pdf"]);
    let edited = folder.edit(HISTORY, "agreement = \"in-force\"", "agreement = \"by-hand\"");
    let run = edited.fail(&["receive", "returned.pdf"]);
    assert_snapshot!("received_edited_history", without_digests(&stable(&run)));
}

#[test]
fn an_agreement_that_begins_later_is_in_force_from_then() {
    let text = client("Anna") + "\n[agreement]\nstart = 2026-09-01\n";
    let folder = anna().file(ANNA, text);
    folder.make(&["--client", ANNA, "--force"]);
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    folder
        .write("returned.pdf", signed_by(&folder.read(ANNA_PDF), "client-signature", "p-256.p12"));
    let result = received(&folder, &["returned.pdf"]);
    assert_eq!(result["agreement"], "in-force");
    assert_eq!(result["in-force-from"], "2026-09-01");
    let agreed = dpa_gen::ops::in_force(&folder.path(""), "anna", day("2026-08-31")).unwrap();
    assert!(agreed.is_none());
    let agreed =
        dpa_gen::ops::in_force(&folder.path(""), "anna", day("2026-09-01")).unwrap().unwrap();
    let contract = agreed.contract().unwrap().unwrap();
    assert_eq!(contract["client"]["name"], "Anna B.V.");
    assert_eq!(agreed.agreed.signers.len(), 2);
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn days_that_contradict_each_other_are_for_the_owner_to_judge() {
    let folder = anna();
    let filled = filled_in(&folder.read(ANNA_PDF), "client-date", "1 juni 2026");
    folder.write("returned.pdf", signed_by(&filled, "client-signature", "p-256.p12"));
    let result = received(&folder, &["returned.pdf"]);
    let remarks = result["to-judge"].to_string();
    let expected = "`client-date` says 2026-06-01, and the signature is of 2026-07-03";
    assert!(remarks.contains(expected), "{remarks}");
}

#[test]
fn a_contract_in_a_quote_is_known_by_what_is_in_it() {
    let folder = anna();
    let quote = repository().join("fixtures/quotes/cairo.pdf");
    folder.write("offerte.pdf", std::fs::read(quote).unwrap());
    folder.make(&["attach", "--client", ANNA, "--quote", "offerte.pdf", "-o", "both.pdf"]);
    let result = received(&folder, &["both.pdf"]);
    assert_eq!(result["identified-by"], "embedded-contract");
    assert_eq!(result["agreement"], "waiting-client");
}

#[test]
fn without_the_contract_as_it_was_made_nothing_is_agreed() {
    let folder = agreed();
    let elsewhere = Folder::new().file(ANNA, client("Anna") + "kvk = \"12345678\"\n");
    elsewhere.write("returned.pdf", folder.read("returned.pdf"));
    let run = receive(&elsewhere, &["returned.pdf", "--dry-run"]);
    assert_snapshot!("received_without_original", stable(&run));
}

#[test]
fn a_drawing_over_a_page_is_a_change_and_one_in_the_box_is_no_signature() {
    let folder = anna();
    let pdf = folder.read(ANNA_PDF);
    let note = "<</Type/Annot/Subtype/FreeText/Rect[100 400 300 450]/Contents(niet akkoord)>>";
    folder.write("note.pdf", annotated(&pdf, 4, note));
    let result = received(&folder, &["note.pdf"]);
    assert_eq!(result["agreement"], "changed");
    assert!(result["pages"].to_string().contains("niet akkoord"), "{result}");
}

#[test]
fn what_is_sent_is_kept_and_is_what_the_processor_signed() {
    let text = client("Anna") + "email = \"anna@example.nl\"\n";
    let folder = anna().file(ANNA, text);
    folder.make(&["--client", ANNA, "--force"]);
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    let mail = ["mail", "--client", ANNA, "--sent", "--on", "2026-07-02"];
    let run = folder.make(&[&mail[..], &["--json"]].concat());
    let kept = json(&run)["results"][0]["kept"].as_str().unwrap().to_owned();
    assert!(folder.read(&kept) == folder.read(ANNA_PDF), "the client gets what we signed");
    let before = folder.read(HISTORY);
    folder.make(&[&mail[..], &["--force"]].concat());
    assert!(folder.read(HISTORY) == before, "it is noted once a day");
    assert_snapshot!("sent_history", history(&folder));
    folder.fail(&["mail", "--client", ANNA, "--on", "2026-07-02"]);

    // The folder loses its PDF and its lock: the copy is still there to compare with.
    let returned = signed_by(&folder.read(ANNA_PDF), "client-signature", "p-256.p12");
    let folder = folder.without(ANNA_PDF).without("dpa.lock.d").file("returned.pdf", returned);
    assert_eq!(received(&folder, &["returned.pdf"])["agreement"], "in-force");
}

#[test]
fn pages_added_to_a_quote_are_kept_as_they_were_sent() {
    let folder = anna();
    let quote = repository().join("fixtures/quotes/libreoffice.pdf");
    folder.write("offerte.pdf", std::fs::read(quote).unwrap());
    folder.make(&[
        "attach",
        "--client",
        ANNA,
        "--quote",
        "offerte.pdf",
        "--append",
        "-o",
        "both.pdf",
        "--sent",
        "--on",
        "2026-07-02",
    ]);
    let returned = signed_by(&folder.read("both.pdf"), "client-signature", "p-256.p12");
    folder.write("returned.pdf", returned);
    let result = received(&folder, &["returned.pdf"]);
    assert_eq!(result["agreement"], "waiting-processor", "{result}");
    assert_eq!(result["bytes"], "extended");
}

#[test]
fn the_user_may_say_whose_contract_it_is() {
    let folder = agreed();
    let other = folder.file("clients/bob.toml", client("Bob"));
    let run = receive(&other, &["returned.pdf", "--client", "clients/bob.toml"]);
    assert_snapshot!("received_of_another", run.to_string());
    other
        .write("other.pdf", std::fs::read(repository().join("fixtures/quotes/cairo.pdf")).unwrap());
    let run = receive(&other, &["other.pdf", "--client", ANNA, "--json"]);
    assert_eq!(json(&run)["results"][0]["agreement"], "unknown", "no page of it is the contract's");
}

#[test]
fn status_says_what_is_in_force_and_what_is_open() {
    let folder = agreed().file("clients/bob.toml", client("Bob"));
    receive(&folder, &["returned.pdf"]);
    let status = |arguments: &[&str]| {
        let run = folder.run(&[&["status", "--on", "2026-12-01"], arguments].concat());
        stable(&run)
    };
    assert_snapshot!("status_in_force", status(&[]));
    assert_snapshot!("status_open", status(&["--open"]));
    let told: Value = serde_json::from_str(&folder.run(&["status", "--json"]).stdout).unwrap();
    assert_eq!(told["results"][0]["agreement"], "in-force");
    assert_eq!(told["results"][0]["in-force"]["version"], "2026-06-12");
    assert_eq!(told["results"][1]["agreement"], Value::Null);

    let history = std::fs::read_to_string(folder.path(HISTORY)).unwrap();
    folder.write(HISTORY, history.replace("in-force", "by-hand"));
    let run = folder.run(&["status"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("was edited"), "{run}");
}

/// As many clients with histories as an owner may have.
#[test]
#[ignore = "a measurement: make stress"]
fn a_thousand_histories_are_read_at_once() {
    let folder = Folder::new();
    let agreements = dpa_gen::store::Agreements::of(&folder.path(""));
    for number in 0..1000 {
        let id = format!("client-{number:04}");
        folder.write(&format!("clients/{id}.toml"), client(&id));
        let mut opened = agreements.open(&id).unwrap();
        for day in 1..=6 {
            let kind = dpa_gen::store::EntryKind::Received;
            let mut entry = dpa_gen::store::HistoryEntry::new(kind, day_of(day));
            entry.version = Some("2026-06-12".into());
            entry.missing = vec!["client-name".into(), "client-date".into()];
            opened.add(entry).unwrap();
        }
    }
    let started = std::time::Instant::now();
    for id in agreements.ids() {
        assert!(agreements.history(&id).unwrap().standing().is_open());
    }
    println!("1,000 histories of 6 entries: {:?}", started.elapsed());
    folder.run(&["regenerate"]);
    let started = std::time::Instant::now();
    let run = folder.run(&["status", "--json"]);
    println!("status of 1,000 clients: {:?}", started.elapsed());
    assert_eq!(run.stdout.matches("\"agreement\": \"").count(), 1000);
}

fn day_of(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

/// Kills `receive` at random: no file is lost, the history is whole, and it can be done again.
#[test]
#[ignore = "takes minutes: make stress"]
fn receiving_that_is_killed_loses_nothing() {
    const KILLS: usize = 200;
    let folder = agreed();
    let returned = folder.read("returned.pdf");
    let mut random = crate::stress::Random(20_260_703);
    let (mut killed, mut round) = (0, 0);
    let mut latest = 400_000;
    while killed < KILLS {
        round += 1;
        assert!(round < KILLS * 3, "only {killed} of {round} were killed before they were done");
        let name = format!("returned-{round}.pdf");
        // Another file each time, so that each is to be filed.
        folder.write(&name, [&returned[..], format!("% {round}\n").as_bytes()].concat());
        let mut run = crate::together::start(&folder, &["receive", &name, "--on", "2026-07-04"]);
        std::thread::sleep(std::time::Duration::from_micros(
            random.below(latest).try_into().unwrap(),
        ));
        run.kill().unwrap();
        let is_killed = run.wait().unwrap().code().is_none();
        killed += usize::from(is_killed);
        latest = if is_killed { latest + latest / 16 } else { latest - latest / 8 };
        assert!(folder.read(&name).starts_with(&returned), "what came back stays");
        let history = dpa_gen::store::Agreements::of(&folder.path("")).history("anna").unwrap();
        for entry in &history.entries {
            let file = format!("agreements/anna/{}", entry.file.as_ref().unwrap());
            let sha256 = dpa_gen::store::sha256(&folder.read(&file));
            assert_eq!(Some(sha256), entry.sha256, "{file} is the copy that was noted");
        }
    }
    println!("{round} runs, of which {killed} were killed before they were done");
    for number in 1..=round {
        let run = receive(&folder, &[&format!("returned-{number}.pdf")]);
        assert!(matches!(run.code, Some(0 | 1)), "{run}");
    }
    let history = dpa_gen::store::Agreements::of(&folder.path("")).history("anna").unwrap();
    let received = history.entries.iter().filter(|entry| entry.kind.word() == "received");
    assert_eq!(received.count(), round, "each is filed once");
    let left = folder.files().into_iter().filter(|file| file.contains(".dpa-gen-"));
    assert_eq!(left.count(), 0, "a run takes away what killed ones left");
}
