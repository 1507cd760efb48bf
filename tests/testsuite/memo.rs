//! `review` without `--approve`: the memo for the lawyer, and the languages in which `review` and `adopt` report.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::mutations::complete;
use crate::pdf::text;
use crate::support::{Folder, assert_snapshot, without_digests};

const MEMO: &str = "toets-verwerkersovereenkomst-2026-06-12.pdf";

/// What the memo's PDF carries.
fn json(pdf: &[u8]) -> Value {
    let inspection = dpa_gen::pdf::inspect(pdf).unwrap();
    serde_json::from_slice(inspection.attachment("memo.json").unwrap()).unwrap()
}

#[test]
fn the_memo_of_the_base_text() {
    let folder = Folder::new();
    assert_snapshot!("memo", folder.make(&["review"]).to_string());
    let pdf = folder.read(MEMO);
    assert_snapshot!("memo_text", without_digests(&text(&pdf)));
    assert_eq!(folder.files(), [MEMO], "no lock, and nothing else");
    folder.make(&["review", "-o", "again.pdf"]);
    assert!(folder.read("again.pdf") == pdf, "the same bytes");
    folder.make(&["review", "-o", "compact/", "--layout", "compact"]);
    let compact = text(&folder.read(&format!("compact/{MEMO}")));
    assert!(compact.contains("Hoe u deze toets gebruikt"), "{compact}");
}

#[test]
fn every_requirement_has_a_place_to_tick_and_initial() {
    let folder = Folder::new();
    folder.make(&["review"]);
    let pdf = folder.read(MEMO);
    let inspection = dpa_gen::pdf::inspect(&pdf).unwrap();
    let fields = inspection.fields.iter();
    let is_signature: BTreeMap<&str, bool> =
        fields.map(|field| (field.id.as_str(), field.is_signature)).collect();
    let memo = json(&pdf);
    let mut expected = vec![("lawyer-name".to_owned(), false), ("lawyer-date".to_owned(), false)];
    expected.push(("lawyer-signature".to_owned(), true));
    for requirement in memo["requirements"].as_array().unwrap() {
        let ends = ["met", "weak", "missing", "initials"];
        let id = requirement["id"].as_str().unwrap();
        let is_asked = requirement["verdict"] != "not-asked";
        expected.extend(ends.iter().filter(|_| is_asked).map(|end| (format!("{id}-{end}"), false)));
    }
    for proposal in memo["proposals"].as_array().unwrap() {
        let id = proposal["clause"]["id"].as_str().unwrap();
        expected.extend(["yes", "initials"].map(|end| (format!("adopt-{id}-{end}"), false)));
    }
    let expected: BTreeMap<&str, bool> =
        expected.iter().map(|(id, is_signature)| (id.as_str(), *is_signature)).collect();
    assert_eq!(is_signature, expected);
}

#[test]
fn what_is_weak_or_missing_has_what_to_do_beside_it() {
    let folder = Folder::new();
    folder.make(&["review"]);
    let memo = json(&folder.read(MEMO));
    for requirement in memo["requirements"].as_array().unwrap() {
        let is_lacking = ["weak", "missing"].contains(&requirement["verdict"].as_str().unwrap());
        let count = |key: &str| requirement[key].as_array().unwrap().len();
        assert_eq!(is_lacking, count("faults") > 0, "{requirement:#}");
        if is_lacking {
            assert!(!requirement["satisfied"].as_str().unwrap().is_empty(), "{requirement:#}");
        }
    }
    // The sentence on data breaches comes of a term, the one on security of a proposal.
    let proposed = |id: &str| {
        let all = memo["requirements"].as_array().unwrap();
        all.iter().find(|own| own["id"] == id).unwrap()["proposals"].to_string()
    };
    assert!(proposed("avg-33-2").contains("24 uur nadat MNRV er kennis van heeft genomen"));
    assert!(proposed("avg-28-3-c").contains("houdt een passend beveiligingsniveau in stand"));
}

/// A folder with a complete client, of whose text some is approved, some changed since and some is weak.
fn partly_approved() -> Folder {
    let folder = complete();
    let by = ["--by", "mr. A. Jansen", "--on", "2026-12-01"];
    let parts = [
        "articles/security",
        "articles/instructions",
        "articles/data-breaches",
        "annexes/security",
    ];
    folder.make(&[&["review", "--approve"], &parts[..], &by].concat());
    let weak = ["articles/data-breaches", "--verdict", "avg-33-2=weak"];
    folder.make(&[&["review", "--approve"], &weak[..], &by].concat());
    folder.edit("clauses/articles/instructions.typ", "uitsluitend op basis van", "op basis van")
}

#[test]
fn the_memo_of_a_client_says_what_was_approved() {
    let folder = partly_approved();
    let client = fs::read_dir(folder.path("clients")).unwrap().next().unwrap().unwrap();
    let client = format!("clients/{}", client.file_name().to_str().unwrap());
    let run = folder.make(&["review", "--client", &client, "--json"]);
    assert_snapshot!("memo_of_a_client_json", run.to_string());
    let reported: Value = serde_json::from_str(&run.stdout).unwrap();
    let pdf = reported["results"][0]["pdf"].as_str().unwrap();
    let text = without_digests(&text(&folder.read(pdf)));
    assert_snapshot!("memo_of_a_client_text", text);
    assert!(text.contains("daarna gewijzigd") && text.contains("mr. A. Jansen"), "{text}");
}

#[test]
fn a_memo_overwrites_nothing_unasked() {
    let folder = Folder::with_acme().file(MEMO, "my own");
    let mut reported = String::new();
    for arguments in [
        &["review"][..],
        &["review", "--client", "acme.toml", "-o", "acme.toml", "--force"],
        &["review", "--client", "none.toml"],
        &["review", "--client", "acme.toml", "--approve", "--all"],
        &["review", "--approve", "articles/security", "-o", "x.pdf"],
    ] {
        let run = folder.fail(arguments);
        writeln!(reported, "──── {}\n{run}", arguments.join(" ")).unwrap();
    }
    assert_snapshot!("memo_problems", reported);
    assert_eq!(folder.read(MEMO), b"my own");
    let run = folder.make(&["review", "--dry-run", "--client", "acme.toml", "--lang", "nl"]);
    assert_snapshot!("memo_dry_run", run.to_string());
    assert_eq!(folder.files(), ["acme.toml", MEMO]);
    folder.make(&["review", "--force"]);
    assert!(folder.read(MEMO).starts_with(b"%PDF"));
    assert_snapshot!("review_help", folder.make(&["review", "--help"]).to_string());
}

#[test]
fn a_proposal_that_does_not_go_with_the_library_is_left_out_with_a_word() {
    let folder = Folder::with_library();
    folder.write(
        "clauses/proposals/articles/security.typ",
        "/*\ntitle = \"Beveiliging\"\ncovers = [\"avg-28-3-c\"]\n[proposal]\nmeets = [\"avg-28-3-c\"]\n\
         why = \"Omdat.\"\n*/\n#import \"/contract.typ\": nothing\nMNRV beveiligt.\n",
    );
    assert_snapshot!("memo_without_proposals", folder.make(&["review"]).to_string());
}

#[test]
fn review_and_adopt_report_in_dutch() {
    let folder = Folder::with_library();
    let by = ["--by", "mr. A. Jansen", "--on", "2026-12-01", "--lang", "nl"];
    let weak = ["--verdict", "avg-32-concreet=weak"];
    let mut reported = String::new();
    for arguments in [
        [&["review", "--approve", "articles/security"][..], &weak, &by].concat(),
        [&["review", "--approve", "--all"][..], &by].concat(),
        vec!["review", "--lang", "nl"],
        vec!["adopt", "articles/security", "--dry-run", "--lang", "nl"],
        vec!["adopt", "articles/security", "--version", "2026-12-02", "--lang", "nl"],
        vec!["adopt", "articles/security", "--version", "2026-12-03", "--lang", "nl"],
    ] {
        let run = folder.make(&arguments);
        writeln!(reported, "──── {}\n{run}", arguments.join(" ")).unwrap();
    }
    assert_snapshot!("review_and_adopt_in_dutch", reported);
    let by_locale = folder.run_with(&["adopt", "articles/security", "--dry-run"], |command| {
        command.env("LC_ALL", "nl_NL.UTF-8");
    });
    assert!(by_locale.stderr.contains("niets om over te nemen"), "{by_locale}");
}
