//! Findings in Dutch, by who can mend them.

use crate::support::{Folder, Run, assert_snapshot};

fn first_line(run: &Run) -> &str {
    run.stdout.lines().next().unwrap_or_default()
}

#[test]
fn the_locale_decides_the_language_and_the_flag_wins() {
    let folder = Folder::with_acme();
    let check = ["check", "--embedded", "--client", "acme.toml", "--deny", "none"];
    let run = |variables: &[(&str, &str)], more: &[&str]| {
        let run = folder.run_with(&[&check, more].concat(), |command| {
            command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG");
            command.envs(variables.iter().copied());
        });
        first_line(&run).to_owned()
    };
    let (dutch, english) = ("In het klantbestand (verkoop)", "In the client file (sales)");
    assert_eq!(run(&[], &[]), english);
    assert_eq!(run(&[("LANG", "nl_NL.UTF-8")], &[]), dutch);
    assert_eq!(run(&[("LANG", "nl_NL.UTF-8"), ("LC_MESSAGES", "en_GB")], &[]), english);
    assert_eq!(run(&[("LC_ALL", "nl_BE"), ("LC_MESSAGES", "en_GB")], &[]), dutch);
    assert_eq!(run(&[("LC_ALL", "nl_BE")], &["--lang", "en"]), english);
    assert_eq!(run(&[], &["--lang", "nl"]), dutch);
    let made = folder.run_with(&["--client", "acme.toml"], |command| {
        command.env("LC_ALL", "nl_NL.UTF-8");
    });
    let line = made.stderr.lines().last().unwrap();
    assert!(line.starts_with("controle: "), "{made}");
    assert!(line.contains("verkoop kan nog invullen in acme.toml: "), "{made}");
    assert!(line.contains("`dpa-gen check --for sales --client acme.toml`"), "{made}");
}

#[test]
fn findings_in_dutch() {
    let folder = Folder::with_acme();
    let run = folder.run(&["check", "--embedded", "--lang", "nl", "--client", "acme.toml"]);
    assert_snapshot!("findings", run.to_string());
    let run = folder.run(&["check", "--embedded", "--lang", "nl", "--coverage"]);
    assert_snapshot!("coverage", run.to_string());
    let mut story = String::new();
    for code in ["avg-33-2-termijn", "approval-differs"] {
        story += &folder.make(&["explain", "--embedded", "--lang", "nl", code]).to_string();
        story.push('\n');
    }
    assert_snapshot!("explain", story);
}

#[test]
fn each_reader_sees_what_it_can_mend() {
    let folder = Folder::with_acme();
    let findings = |reader: &[&str]| {
        let check = ["check", "--embedded", "--client", "acme.toml", "--json"];
        let run = folder.run(&[&check, reader].concat());
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        json["results"][0]["findings"].as_array().unwrap().clone()
    };
    let mut count = 0;
    for reader in ["sales", "agency", "lawyer"] {
        let own = findings(&["--for", reader]);
        assert!(!own.is_empty(), "{reader}");
        assert!(own.iter().all(|finding| finding["for"] == reader), "{reader}: {own:#?}");
        count += own.len();
    }
    assert_eq!(count, findings(&[]).len());
    let sales = findings(&["--for", "sales"]);
    let keys: Vec<&str> = sales.iter().filter_map(|finding| finding["key"].as_str()).collect();
    assert!(keys.contains(&"client.kvk") && keys.contains(&"agreement.start"), "{keys:?}");
    let complete = crate::mutations::complete();
    let run = complete.make(&["--client", "clients/complete.toml"]);
    assert!(run.stderr.contains("some of it is for sales"), "advice on a model of its own: {run}");
}

#[test]
fn the_library_is_as_good_as_it_can_be_once_a_lawyer_approved_the_whole() {
    let folder = crate::mutations::complete();
    let terms = "\n[terms]\nbreach-hours = 24\nsubprocessor-notice-days = 30\nobjection-days = 14\n\
                 deletion-days = 30\nbackup-max-days = 90\nrequest-forward-days = 5\naudit-notice-days = 14\n";
    let folder = folder.append("clauses/contract.toml", terms).append(
        "clauses/subprocessors.toml",
        "\n[subprocessor.taalmodel]\nname = \"Taalmodel B.V.\"\naddress = \"Straat 1, 1234 AB Utrecht\"\n\
         country = \"Nederland\"\ncontact = \"privacy@taalmodel.example\"\ncategories = [\"ai\"]\n\
         processing = \"Taalmodel\"\nsince = 2026-01-01\n",
    );
    folder.make(&["review", "--approve", "--all", "--by", "mr. A. Jansen", "--on", "2026-12-01"]);
    let run = folder.make(&["check"]);
    assert_snapshot!("done", run.to_string());
    // The edition without a client has no client: that is no fault of the library.
    assert!(!run.stdout.contains("avg-28-3-partijen"), "{run}");
}
