//! Signing as the processor: with a key store, and with a key that is elsewhere.

use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::DecodePrivateKey as _;
use serde_json::Value;

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::returned::Revision;
use crate::support::{Folder, Run, assert_snapshot, repository, without_digests};
use crate::touched::filled_in;

const PASSPHRASE: &str = "geheim";

/// A folder with Anna's contract and the keys.
pub fn anna() -> Folder {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(&["--client", ANNA]);
    with_keys(folder)
}

fn with_keys(folder: Folder) -> Folder {
    for entry in std::fs::read_dir(repository().join("fixtures/keys")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        folder.write(&name, std::fs::read(entry.path()).unwrap());
    }
    folder
}

fn sign(folder: &Folder, arguments: &[&str]) -> Run {
    let arguments = [&["sign"], arguments, &["--passphrase-env", "WORD"]].concat();
    folder.run_with(&arguments, |command| {
        command.env("WORD", PASSPHRASE);
    })
}

pub fn signed(folder: &Folder, arguments: &[&str]) -> Run {
    let run = sign(folder, arguments);
    assert_eq!(run.code, Some(0), "{run}");
    run
}

/// What `show --json` says of the processor's signature.
fn shown(folder: &Folder, pdf: &str) -> Value {
    let text = folder.make(&["show", "--json", pdf]).stdout;
    let shown: Value = serde_json::from_str(&text).unwrap();
    let signatures = shown["results"][0]["signatures"].as_array().unwrap().clone();
    signatures.into_iter().find(|found| found["field"] == "processor-signature").unwrap()
}

#[test]
fn a_contract_is_signed_in_place() {
    let folder = anna();
    let made = folder.read(ANNA_PDF);
    assert_snapshot!(
        "signed_in_place",
        signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]).to_string()
    );
    assert!(folder.read(ANNA_PDF).starts_with(&made), "its bytes are the beginning");
    assert_snapshot!("signed_shown", without_digests(&folder.make(&["show", ANNA_PDF]).stdout));

    let again = sign(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    assert_snapshot!("signed_twice", again.to_string());
    let elsewhere = sign(&folder, &[ANNA_PDF, "--key", "p-256.p12", "-o", "twice.pdf"]);
    assert_eq!(elsewhere.code, Some(1), "{elsewhere}");
    assert!(!folder.path("twice.pdf").exists());
}

#[test]
fn keys_of_every_kind_sign() {
    let folder = anna();
    for key in ["rsa", "rsa-4096", "p-256", "p-521", "ed25519", "legacy", "alone"] {
        let (store, pdf) = (format!("{key}.p12"), format!("{key}.pdf"));
        signed(&folder, &[ANNA_PDF, "--key", &store, "-o", &pdf]);
        let signature = shown(&folder, &pdf);
        assert_eq!(signature["integrity"], "intact", "{key}: {signature}");
        assert_eq!(signature["signer"], "R. Verwerker");
    }
    signed(&folder, &[ANNA_PDF, "--key", "p-384.p12", "-o", "p-384.pdf"]);
    assert_eq!(shown(&folder, "p-384.pdf")["signer"], "Zoë Čapek");
}

#[test]
fn what_cannot_be_signed_stays_as_it_is() {
    let folder = anna();
    let pdf = folder.read(ANNA_PDF);
    folder.write("filled.pdf", filled_in(&pdf, "client-place", "Utrecht"));
    folder.write("painted.pdf", painted(&pdf));
    folder.write("damaged.p12", &folder.read("rsa.p12")[..900]);
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12", "-o", "signed.pdf"]);
    folder.make(&["--general"]);
    let general = "verwerkersovereenkomst-2026-06-12.pdf";
    for (name, arguments) in [
        ("general", &[general, "--key", "rsa.p12"][..]),
        ("filled_in", &["filled.pdf", "--key", "rsa.p12"]),
        ("painted", &["painted.pdf", "--key", "rsa.p12", "-o", "x.pdf"]),
        ("certified_late", &["signed.pdf", "--certify", "--key", "rsa.p12", "-o", "x.pdf"]),
        ("expired", &[ANNA_PDF, "--key", "expired.p12"]),
        ("not_for_signatures", &[ANNA_PDF, "--key", "encipher.p12"]),
        ("damaged_key", &[ANNA_PDF, "--key", "damaged.p12"]),
        ("no_key", &[ANNA_PDF, "--key", "root.pem"]),
        ("key_not_there", &[ANNA_PDF, "--key", "nowhere.p12"]),
        ("letter", &[ANNA_PDF, "--key", "p-384.p12", "--name", "Ζωή Čapek"]),
        ("no_contract", &["root.pem", "--key", "rsa.p12"]),
        ("taken", &[ANNA_PDF, "--key", "rsa.p12", "-o", "filled.pdf"]),
    ] {
        let before = folder.files();
        let run = sign(&folder, arguments);
        assert!(matches!(run.code, Some(1 | 2)), "{name}\n{run}");
        assert_eq!(folder.files(), before, "{name}");
        assert_snapshot!(format!("not_signed_{name}"), run.to_string());
    }
    assert!(folder.read(ANNA_PDF) == pdf);
    let wrong = |command: &mut std::process::Command| {
        command.env("WORD", "anders");
    };
    let run = ["sign", ANNA_PDF, "--key", "rsa.p12", "--passphrase-env", "WORD"];
    assert_snapshot!("not_signed_wrong_passphrase", folder.fail_with(&run, wrong).to_string());
    assert_snapshot!("not_signed_no_passphrase", folder.fail(&run[..4]).to_string());
    assert_snapshot!("not_signed_no_variable", folder.fail(&run).to_string());
}

/// A contract with something painted over a page.
fn painted(pdf: &[u8]) -> Vec<u8> {
    crate::returned::painted_over(pdf, 2)
}

#[test]
fn the_client_signs_before_or_after() {
    let folder = anna();
    let filled = filled_in(&folder.read(ANNA_PDF), "client-place", "Utrecht");
    folder.write("filled.pdf", &filled);
    let run = signed(&folder, &["filled.pdf", "--key", "rsa.p12", "-o", "signed.pdf"]);
    assert_eq!(run.stdout, "signed.pdf\n");
    assert!(folder.read("signed.pdf").starts_with(&filled));
    let later = filled_in(&folder.read("signed.pdf"), "client-date", "1 juni 2026");
    folder.write("later.pdf", later);
    let signature = shown(&folder, "later.pdf");
    assert_eq!(signature["integrity"], "intact");
    assert_eq!(signature["permitted"], true, "{signature}");
    assert_eq!(signature["changes-after"][0]["kind"], "fields");

    folder.write("painted.pdf", painted(&folder.read("signed.pdf")));
    assert_eq!(shown(&folder, "painted.pdf")["permitted"], false);
}

fn hexadecimal(text: &Value) -> Vec<u8> {
    base16ct::lower::decode_vec(text.as_str().unwrap()).unwrap()
}

#[test]
fn a_key_that_is_elsewhere_signs() {
    let folder = anna();
    let prepare =
        ["sign", ANNA_PDF, "--certificate", "p-256.pem", "--prepare", "hole.pdf", "--json"];
    let prepared: Value = serde_json::from_str(&folder.make(&prepare).stdout).unwrap();
    let prepared = &prepared["results"][0];
    assert_eq!(prepared["hash"], "SHA-256");
    assert_eq!(shown(&folder, "hole.pdf")["why"], "it is prepared, and not signed yet");

    let key = SigningKey::from_pkcs8_der(&folder.read("p-256.key.der")).unwrap();
    let over_attributes: p256::ecdsa::Signature =
        key.sign(&hexadecimal(&prepared["signed-attributes"]));
    let over_digest: p256::ecdsa::Signature =
        key.sign_prehash(&hexadecimal(&prepared["digest"])).unwrap();
    // As OpenSSL gives it, and as cards do.
    folder.write("der.bin", over_attributes.to_der().as_bytes());
    folder.write("raw.bin", over_digest.to_bytes());
    for value in ["der.bin", "raw.bin"] {
        let pdf = format!("{value}.pdf");
        folder.make(&["sign", "hole.pdf", "--embed-value", value, "-o", &pdf]);
        assert_eq!(shown(&folder, &pdf)["integrity"], "intact", "{value}");
    }
    let other: p256::ecdsa::Signature = key.sign(b"something else");
    folder.write("other.bin", other.to_der().as_bytes());
    let run = folder.fail(&["sign", "hole.pdf", "--embed-value", "other.bin"]);
    assert_snapshot!("embedded_other_value", run.to_string());
    let run = folder.fail(&["sign", "hole.pdf", "--embed", "root.pem"]);
    assert_snapshot!("embedded_no_message", run.to_string());
    let run = folder.fail(&["sign", ANNA_PDF, "--embed-value", "der.bin"]);
    assert_snapshot!("embedded_without_hole", run.to_string());

    folder.make(&["sign", "hole.pdf", "--embed-value", "der.bin"]);
    assert_eq!(shown(&folder, "hole.pdf")["integrity"], "intact");
}

#[test]
fn nothing_of_a_secret_is_written() {
    let folder = anna();
    let temporary = folder.path("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let before = folder.files();
    let arguments = ["sign", ANNA_PDF, "--key", "p-256.p12", "-o", "out.pdf", "--json"];
    let arguments = [&arguments[..], &["--passphrase-env", "WORD"]].concat();
    let run = folder.run_with(&arguments, |command| {
        command.env("WORD", PASSPHRASE).env("TMPDIR", &temporary);
    });
    assert_eq!(run.code, Some(0), "{run}");
    assert!(!run.to_string().contains(PASSPHRASE));
    // The secret number of the key, as PKCS #8 has it.
    let key = folder.read("p-256.key.der");
    let secret = key.windows(2).position(|window| window == [0x04, 0x20]).unwrap() + 2;
    let secret = &key[secret..secret + 32];
    let hexadecimal = base16ct::lower::encode_string(secret);
    let more: Vec<_> = folder.files().into_iter().filter(|file| !before.contains(file)).collect();
    assert!(
        more.contains(&"out.pdf".to_owned())
            && more.contains(&"agreements/anna/history.toml".to_owned())
    );
    for file in [&more[..], &["dpa.lock.d/anna.toml".to_owned()]].concat() {
        let bytes = folder.read(&file);
        for secret in [secret, hexadecimal.as_bytes(), PASSPHRASE.as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{file}");
        }
    }
    assert_eq!(std::fs::read_dir(temporary).unwrap().count(), 0, "no temporary file stays");
}

#[test]
fn what_of_a_revision_is_signed_is_seen() {
    // A hole that is larger than its signature hides nothing: one more revision is seen as such.
    let folder = anna();
    signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
    let longer = Revision::of(&folder.read(ANNA_PDF)).written();
    folder.write("longer.pdf", longer);
    let signature = shown(&folder, "longer.pdf");
    assert_eq!(signature["integrity"], "intact");
    assert_eq!(signature["changes-after"], serde_json::json!([]));
}
