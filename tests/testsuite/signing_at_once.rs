//! Making and signing in one go; the pass phrase on a terminal; what was sent is not replaced.

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::sign::anna;
use crate::support::{Folder, assert_snapshot};
#[cfg(unix)]
use crate::terminal::Terminal;

const PASSPHRASE: &str = "geheim";

/// Runs the program with the pass phrase in its environment.
fn run(folder: &Folder, arguments: &[&str]) -> crate::support::Run {
    folder.run_with(&[arguments, &["--passphrase-env", "WORD"]].concat(), |command| {
        command.env("WORD", PASSPHRASE);
    })
}

/// Whether `show` says that the processor signed.
fn is_signed(folder: &Folder, pdf: &str) -> bool {
    folder.make(&["show", pdf]).stdout.contains("processor-signature  \"R. Verwerker\": intact")
}

#[test]
fn what_is_made_can_be_signed_at_once() {
    let folder = anna().file("clients/bob.toml", client("Bob")).without(ANNA_PDF);
    let made = run(&folder, &["--client", ANNA, "--sign", "--key", "rsa.p12"]);
    assert_eq!(made.code, Some(0), "{made}");
    assert!(made.stderr.contains("; signed by \"R. Verwerker\""), "{made}");
    assert!(is_signed(&folder, ANNA_PDF));
    let history = String::from_utf8(folder.read("agreements/anna/history.toml")).unwrap();
    assert_eq!(history.matches("kind = \"signed\"").count(), 1);

    let renewed = run(&folder, &["regenerate", "--sign", "--key", "rsa.p12"]);
    assert_eq!(renewed.code, Some(0), "{renewed}");
    assert!(is_signed(&folder, crate::keeping::BOB_PDF));
    assert!(folder.path("agreements/bob/history.toml").exists());
    let history_after = String::from_utf8(folder.read("agreements/anna/history.toml")).unwrap();
    assert_eq!(history, history_after, "what is current is not signed again");

    folder.fail(&["--client", ANNA, "--sign"]);
    folder.fail(&["--general", "--sign", "--key", "rsa.p12"]);
    folder.fail(&["--client", ANNA, "--draft", "--sign", "--key", "rsa.p12"]);
}

#[test]
fn what_was_sent_stays_when_the_client_changes_and_another_document_is_made() {
    let text = client("Anna") + "email = \"anna@example.nl\"\n";
    let folder = Folder::new().file(ANNA, &text);
    folder.make(&["--client", ANNA]);
    folder.make(&["mail", "--client", ANNA, "--sent", "--on", "2026-07-02"]);
    folder.write(ANNA, text + "kvk = \"12345678\"\n");
    let sent = folder.read(ANNA_PDF);
    assert_snapshot!("sent_not_replaced", folder.make(&["regenerate"]).to_string());
    folder.make(&["--client", ANNA, "--force"]);
    assert!(folder.read(ANNA_PDF) == sent);
}

#[cfg(unix)]
#[test]
fn the_pass_phrase_is_asked_on_the_terminal_and_never_shown() {
    // An interrupt ends the program as any other.
    for (typed, expected) in [("geheim\r", Some(0)), ("anders\r", Some(1)), ("\u{3}", None)] {
        let folder = anna();
        let terminal = Terminal::start(&folder, &["sign", ANNA_PDF, "--key", "rsa.p12"]);
        terminal.wait_for("Pass phrase of rsa.p12:");
        terminal.type_keys(typed);
        let (code, screen) = terminal.finish();
        assert_eq!(code, expected, "{screen}");
        assert!(!screen.contains(typed.trim()), "{screen}");
        assert_eq!(is_signed(&folder, ANNA_PDF), expected == Some(0), "{screen}");
    }
}
