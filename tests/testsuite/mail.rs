//! `mail`: the draft of the e-mail that quote and contract are sent with.

use std::fs;

use mail_parser::{MessageParser, MimeHeaders};

use crate::support::{ACME, ACME_PDF, Folder, assert_snapshot, repository, without_digests};

const OUT: &str = "acme-verwerkersovereenkomst-2026-06-12.eml";
const QUOTE: &str =
    "Offerte 2026-041 – Zoë & Co, voor een héél lange naam die over de regel moet.pdf";

/// A client with an address.
const CLIENT: &str = "services = [\"website\"]

[client]
name = \"Acmé \\\"B.V.\\\"\"
email = \"info@acme.nl\"
signatory = { name = \"Zoë de Boer\" }
";

fn quote() -> Vec<u8> {
    fs::read(repository().join("fixtures/quotes/chromium.pdf")).unwrap()
}

fn with_quote() -> Folder {
    Folder::new().file("acme.toml", CLIENT).file(QUOTE, quote())
}

/// The arguments for a draft with the quote.
fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["mail", "--client", "acme.toml", "--quote", QUOTE], more].concat()
}

/// A folder with the library, in which the draft's text is another.
fn with_text(text: &str) -> Folder {
    Folder::with_library().file("acme.toml", CLIENT).file("clauses/mail.txt", text)
}

#[test]
fn the_draft_holds_both_byte_for_byte() {
    let folder = with_quote();
    folder.make(&["--client", "acme.toml", "-o", "alone/"]);
    folder.make(&arguments(&[]));
    let eml = folder.read(OUT);
    let mail = MessageParser::default().parse(&eml).unwrap();
    let address = |address: Option<&mail_parser::Address<'_>>| {
        let address = address.unwrap().first().unwrap();
        (address.name().unwrap_or("–").to_owned(), address.address().unwrap().to_owned())
    };
    assert_eq!(address(mail.to()), ("Acmé \"B.V.\"".into(), "info@acme.nl".into()));
    assert_eq!(address(mail.from()), ("MNRV".into(), "info@mnrv.nl".into()));
    assert_eq!(mail.subject(), Some("Verwerkersovereenkomst voor Acmé \"B.V.\""));
    assert_eq!(mail.header_raw("X-Unsent").map(str::trim), Some("1"));
    assert!(mail.date().is_none() && mail.message_id().is_none(), "it was not sent yet");
    let found: Vec<_> = mail
        .attachments()
        .map(|part| (part.attachment_name().unwrap().to_owned(), part.contents().to_vec()))
        .collect();
    let contract = folder.read(&format!("alone/{ACME_PDF}"));
    assert!(found == [(QUOTE.to_owned(), quote()), (ACME_PDF.to_owned(), contract)]);
    assert_snapshot!("mail_text", mail.body_text(0).unwrap().replace("\r\n", "\n"));
}

#[test]
fn what_the_draft_looks_like() {
    let folder = Folder::with_acme();
    folder.make(&["mail", "--client", "acme.toml", "--to", "anna@acme.nl"]);
    let eml = String::from_utf8(folder.read(OUT)).unwrap();
    assert!(eml.lines().all(|line| line.len() <= 78), "lines are short");
    assert_eq!(eml.matches('\n').count(), eml.matches("\r\n").count(), "lines end in CRLF");
    let (head, _) = eml.split_once("base64").unwrap();
    let (_, boundary) = head.split_once("boundary=\"").unwrap();
    let (boundary, _) = boundary.split_once('"').unwrap();
    assert_snapshot!("mail_draft", head.replace(boundary, "[boundary]").replace("\r\n", "\n"));
}

#[test]
fn what_is_told() {
    let folder = with_quote();
    assert_snapshot!("mail_told", without_digests(&folder.make(&arguments(&[])).to_string()));
    let json = folder.make(&arguments(&["--json"]));
    assert_snapshot!("mail_json", without_digests(&json.to_string()));
    let run = folder.make(&arguments(&["--quiet"]));
    assert_eq!((run.stdout, run.stderr), (format!("{OUT}\n"), String::new()));
    assert_snapshot!("mail_help", folder.make(&["mail", "--help"]).to_string());
}

#[test]
fn the_same_input_gives_the_same_draft_and_another_stays() {
    let folder = with_quote();
    folder.make(&arguments(&[]));
    let first = folder.read(OUT);
    folder.make(&arguments(&[]));
    assert_eq!(folder.read(OUT), first);
    folder.make(&arguments(&["-o", "drafts/"]));
    assert_eq!(folder.read(&format!("drafts/{OUT}")), first);

    folder.write(OUT, "something else");
    assert_snapshot!("mail_taken", folder.fail(&arguments(&[])).to_string());
    folder.make(&arguments(&["--force"]));
    assert_eq!(folder.read(OUT), first);
}

#[test]
fn to_whom_is_not_known() {
    let folder = Folder::with_acme();
    assert_snapshot!("mail_no_address", folder.fail(&["mail", "-c", "acme.toml"]).to_string());
    let run = folder.fail(&["mail", "-c", "acme.toml", "--to", "anna"]);
    assert_snapshot!("mail_bad_address", run.to_string());
}

#[test]
fn the_quote_is_looked_at() {
    let folder = Folder::new().file("acme.toml", CLIENT).file("offerte.pdf", "no PDF");
    let arguments = ["mail", "-c", "acme.toml", "--quote", "offerte.pdf"];
    assert_snapshot!("mail_no_pdf", folder.fail(&arguments).to_string());

    let client = format!("{CLIENT}\n[agreement]\nquote = \"2026-042\"\n");
    let folder = Folder::new().file("acme.toml", client).file("offerte.pdf", quote());
    assert_snapshot!("mail_other_quote", folder.make(&arguments).to_string());
    // What cannot be read can still be sent.
    let locked = fs::read(repository().join("fixtures/quotes/password.pdf")).unwrap();
    folder.write("offerte.pdf", locked);
    folder.make(&["mail", "-c", "acme.toml", "--quote", "offerte.pdf", "--force"]);
}

#[test]
fn mistakes_in_the_text_are_told_with_their_place() {
    let mistakes =
        "# remark\n\nVoor {clent}: {attachments}\n\nGeachte {contact} {,\n{{zo}} } {onbekend}\n";
    for (name, text) in [
        ("mistakes", mistakes),
        ("no_quote", "Onderwerp\n\nBij offerte {quote}.\n"),
        ("no_subject", "# remark\n"),
        ("no_text", "Onderwerp\n\n"),
    ] {
        let run = with_text(text).fail(&["mail", "-c", "acme.toml"]);
        assert_eq!(run.code, Some(1), "{run}");
        assert_snapshot!(format!("mail_text_{name}"), run.to_string());
    }
    let folder = Folder::with_library().file("acme.toml", CLIENT).without("clauses/mail.txt");
    assert_snapshot!("mail_no_text", folder.fail(&["mail", "-c", "acme.toml"]).to_string());
}

#[test]
fn every_place_can_be_filled_in() {
    let text = "{title} {version}\r\n\r\n{client}, {contact}, {date}, {quote}, {processor} \
                <{processor-email}>{{}}\r\n{attachments}";
    let folder = with_text(text).file("offerte 7.pdf", quote());
    folder.make(&["mail", "-c", "acme.toml", "--quote", "offerte 7.pdf"]);
    let eml = folder.read(OUT);
    let mail = MessageParser::default().parse(&eml).unwrap();
    assert_snapshot!(
        "mail_places",
        format!(
            "{}\n\n{}",
            mail.subject().unwrap(),
            mail.body_text(0).unwrap().replace("\r\n", "\n")
        )
    );
}

#[test]
fn the_text_of_the_mail_is_no_part_of_the_contract() {
    let folder = Folder::with_library();
    let made = |folder: &Folder, output: &str| {
        folder.make(&["--client", "acme.toml", "-o", output]);
        folder.read(output)
    };
    let before = made(&folder, "before.pdf");
    folder.write("clauses/mail.txt", "Anders\n\nEen andere tekst.\n");
    assert!(made(&folder, "after.pdf") == before, "neither digest nor version depend on it");
    assert_eq!(folder.read("acme.toml"), ACME.as_bytes());
}

#[test]
fn a_changed_contract_without_a_new_version_is_refused() {
    let folder = Folder::with_library().file("acme.toml", CLIENT);
    folder.make(&["mail", "-c", "acme.toml"]);
    let folder = folder.append("clauses/articles/security.typ", "\nNog een zin.\n");
    let run = folder.fail(&["mail", "-c", "acme.toml", "--force"]);
    assert_snapshot!("mail_changed_text", run.to_string());
}

#[test]
fn all_who_were_not_sent_their_contract_get_a_draft() {
    let folder = crate::keeping::fleet();
    for (name, id) in [("Anna", "anna"), ("Bob", "bob"), ("Carla", "carla")] {
        let email = format!("email = \"{id}@example.nl\"\n");
        folder.write(&format!("clients/{id}.toml"), crate::keeping::client(name) + &email);
    }
    let folder = folder.edit("clients/bob.toml", "email = \"bob@example.nl\"", "");
    folder.make(&["regenerate"]);
    let drafts = |arguments: &[&str]| {
        let run = folder.run(&[&["mail", "-o", "drafts/"], arguments].concat());
        let lines = run.stdout.lines().map(str::to_owned);
        (run.code, lines.map(|line| line["drafts/".len()..][..4].to_owned()).collect::<Vec<_>>())
    };
    let first = folder.run(&["mail", "--all", "-o", "drafts/", "--quiet"]);
    assert_snapshot!("mail_all", first.to_string());
    assert_eq!(
        drafts(&["--only", "c*", "--sent", "--on", "2026-07-01"]),
        (Some(0), vec!["carl".into()])
    );
    assert_eq!(
        drafts(&["--only", "*a", "--sent", "--on", "2026-07-02"]),
        (Some(0), vec!["anna".into()])
    );
    assert_eq!(drafts(&["--only", "*a"]), (Some(0), vec![]), "they have it");

    // What changed since is new again.
    let text = String::from_utf8(folder.read("clients/anna.toml")).unwrap();
    folder.write("clients/anna.toml", text + "kvk = \"12345678\"\n");
    folder.make(&["regenerate"]);
    assert_eq!(drafts(&["--only", "*a", "--force"]), (Some(0), vec!["anna".into()]));
    folder.make(&["archive", "anna"]);
    assert_eq!(drafts(&["--only", "c*"]), (Some(0), vec![]));
    assert_snapshot!("mail_to_nobody", folder.run(&["mail"]).to_string());
    assert_snapshot!(
        "mail_all_with_a_quote",
        folder.run(&["mail", "--all", "--quote", "x.pdf"]).to_string()
    );
}
