//! What `show` says of a PDF: one of ours, another's, a damaged one.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dpa_gen::pdf::{Original, inspect};
use sha2::{Digest as _, Sha256};

use crate::keeping::{ANNA, ANNA_PDF, client};
use crate::stress::Random;
use crate::support::{Folder, assert_snapshot, without_digests};
use crate::touched::{filled_in, foreign};

const GENERAL_PDF: &str = "verwerkersovereenkomst-2026-06-12.pdf";

/// A folder with Anna's PDF.
fn made(arguments: &[&str]) -> Folder {
    let folder = Folder::new().file(ANNA, client("Anna"));
    folder.make(arguments);
    folder
}

fn shown(folder: &Folder, arguments: &[&str]) -> String {
    without_digests(&folder.make(&[&["show"], arguments].concat()).to_string())
}

#[test]
fn a_fresh_pdf() {
    let folder = made(&["--client", ANNA]);
    assert_snapshot!("fresh", shown(&folder, &[ANNA_PDF]));
    assert_snapshot!("fresh_json", shown(&folder, &[ANNA_PDF, "--json"]));
}

#[test]
fn the_general_edition() {
    assert_snapshot!("general", shown(&made(&["--general"]), &[GENERAL_PDF]));
}

#[test]
fn without_fields() {
    let folder = made(&["--client", ANNA, "--no-fields"]);
    assert_snapshot!("no_fields", shown(&folder, &[ANNA_PDF]));
}

#[test]
fn what_is_filled_in() {
    let folder = made(&["--client", ANNA]);
    let once = filled_in(&folder.read(ANNA_PDF), "client-place", "'s-Hertogenbosch");
    let twice = filled_in(&once, "processor-name", "M. de Boer");
    folder.write(ANNA_PDF, twice);
    let text = shown(&folder, &[ANNA_PDF]);
    assert!(text.contains("client-place         \"'s-Hertogenbosch\""), "{text}");
    assert_snapshot!("filled_in", text);
}

/// A document with another text in the place of one of its own, and the digest in it made to fit.
fn forged(pdf: &[u8], text: &str, by: &str) -> Vec<u8> {
    assert_eq!(text.len(), by.len());
    let mut pdf = pdf.to_vec();
    let places: Vec<usize> =
        (0..pdf.len()).filter(|at| pdf[*at..].starts_with(text.as_bytes())).collect();
    assert!(!places.is_empty(), "{text} is not in it");
    for at in places {
        pdf[at..at + text.len()].copy_from_slice(by.as_bytes());
    }
    let end = (0..pdf.len()).rfind(|at| pdf[*at..].starts_with(b">]/Prev ")).unwrap();
    pdf[end - 32..end].fill(b'0');
    let digest = base16ct::lower::encode_string(&Sha256::digest(&pdf)[..16]);
    pdf[end - 32..end].copy_from_slice(digest.as_bytes());
    assert_eq!(inspect(&pdf).unwrap().original, Original::Untouched);
    pdf
}

#[test]
fn the_lock_knows_better_than_a_digest_that_was_made_to_fit() {
    let folder = made(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    folder.write(
        "forged.pdf",
        forged(&pdf, "Verwerkersovereenkomst AVG", "Verwerkersovereenkomst XYZ"),
    );
    let end = |pdf: &str| {
        let text = shown(&folder, &[pdf]);
        text.lines()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join("\n")
    };
    let own = end(ANNA_PDF);
    let copy = end("forged.pdf");
    folder.write("acme.toml", client("Acme"));
    folder.make(&["--client", "acme.toml", "-o", "elsewhere/acme.pdf"]);
    folder.write(ANNA_PDF, folder.read("elsewhere/acme.pdf"));
    assert_snapshot!("by_the_lock", format!("{own}\n\n{copy}\n\n{}", end(ANNA_PDF)));
    let known = folder.make(&["show", "forged.pdf", "--json"]);
    let known: serde_json::Value = serde_json::from_str(&known.stdout).unwrap();
    let lock = serde_json::json!({ "knows": "other-bytes", "pdf": ANNA_PDF });
    assert_eq!(known["results"][0]["original"]["lock"], lock);
}

#[test]
fn keywords_of_another_contract_are_named() {
    let folder = made(&["--client", ANNA]);
    let json = folder.make(&["show", ANNA_PDF, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let digest = json["results"][0]["digest"].as_str().unwrap();
    folder.write("other.pdf", forged(&folder.read(ANNA_PDF), digest, &"ab".repeat(32)));
    let text = folder.make(&["show", "other.pdf"]).to_string();
    let named = format!("NOT the one that its own keywords name: {}", "ab".repeat(32));
    assert!(text.contains(&named), "{text}");
}

#[test]
fn what_is_no_document_of_ours() {
    let folder = made(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    for (name, bytes) in [
        ("no_pdf", b"services = []".to_vec()),
        ("empty_file", Vec::new()),
        ("another", foreign()),
        ("truncated", pdf[..pdf.len() / 2].to_vec()),
        ("only_a_header", b"%PDF-1.7\n".to_vec()),
    ] {
        folder.write("it.pdf", bytes);
        let run = folder.fail(&["show", "it.pdf"]);
        assert_eq!(run.code, Some(1), "{name}\n{run}");
        assert_snapshot!(format!("show_{name}"), run.to_string());
        let json = folder.fail(&["show", "--json", "it.pdf"]);
        serde_json::from_str::<serde_json::Value>(&json.stdout).unwrap();
    }
    assert_snapshot!("show_not_there", folder.fail(&["show", "nowhere.pdf"]).to_string());
    assert_snapshot!("show_folder", folder.fail(&["show", "clients"]).to_string());
}

#[test]
fn one_changed_byte_is_seen_wherever_it_is() {
    let pdf = made(&["--client", ANNA]).read(ANNA_PDF);
    let original = |bytes: &[u8]| inspect(bytes).map(|inspection| inspection.original);
    assert_eq!(original(&pdf), Some(Original::Untouched));
    let end = pdf.len();
    let few = (0..end).step_by(4093).chain((end - 6000..end - 5).step_by(13));
    let mut unseen = Vec::new();
    for at in few {
        let mut changed = pdf.clone();
        changed[at] ^= 1;
        if matches!(original(&changed), Some(Original::Untouched | Original::Extended { .. })) {
            let around = String::from_utf8_lossy(&pdf[at.saturating_sub(12)..at + 4]).into_owned();
            unseen.push(format!("byte {} from the end, after {around:?}", end - at));
        }
    }
    assert!(unseen.is_empty(), "{} unseen:\n{}", unseen.len(), unseen.join("\n"));
}

#[test]
fn what_is_added_is_no_change_of_what_was_made() {
    let pdf = made(&["--client", ANNA]).read(ANNA_PDF);
    let longer = filled_in(&pdf, "client-place", "Utrecht");
    let added = longer.len() - pdf.len();
    assert_eq!(inspect(&longer).unwrap().original, Original::Extended { bytes: added });
    let mut changed = longer.clone();
    changed[pdf.len() / 2] ^= 1;
    assert!(inspect(&changed).is_none_or(|found| found.original == Original::Rewritten));
}

#[test]
fn no_damage_makes_it_fall_over() {
    let pdf = made(&["--client", ANNA]).read(ANNA_PDF);
    let pdf = filled_in(&pdf, "client-place", "Utrecht");
    let mut random = Random(1);
    for round in 0..500 {
        let damaged = damage(&pdf, round, &mut random);
        let (send, receive) = mpsc::channel();
        let bytes = damaged.clone();
        let thread = thread::spawn(move || {
            let _ = inspect(&bytes);
            send.send(())
        });
        let done = receive.recv_timeout(Duration::from_secs(20));
        if done.is_err() {
            let path = std::env::temp_dir().join(format!("damaged-{round}.pdf"));
            std::fs::write(&path, &damaged).unwrap();
            let what = if thread.is_finished() { "panics" } else { "takes too long" };
            panic!("round {round} {what}: {}", path.display());
        }
    }
}

/// Changes some bytes, or takes out or doubles a part.
pub fn damage(pdf: &[u8], round: usize, random: &mut Random) -> Vec<u8> {
    let mut bytes = pdf.to_vec();
    // The end decides how all else is read, so it gets its share.
    let length = bytes.len();
    let from = if round.is_multiple_of(2) { 0 } else { length - 12_000 };
    let mut place = || from + random.below(length - from);
    let (one, other) = (place(), place());
    let (start, end) = (one.min(other), one.max(other));
    match round % 5 {
        0 | 1 => {
            for _ in 0..=round % 20 {
                let at = place();
                bytes[at] = u8::try_from(place() % 256).unwrap();
            }
        }
        2 => bytes.truncate(end),
        3 => drop(bytes.drain(start..end)),
        _ => {
            let part = bytes[start..end].to_vec();
            bytes.splice(start..start, part);
        }
    }
    bytes
}

#[test]
fn some_damage_through_the_program() {
    let folder = made(&["--client", ANNA]);
    let pdf = folder.read(ANNA_PDF);
    let mut random = Random(2);
    for round in 0..40 {
        folder.write("it.pdf", damage(&pdf, round, &mut random));
        let run = folder.run(&["show", "it.pdf"]);
        assert!(matches!(run.code, Some(0 | 1)), "round {round}\n{run}");
        assert!(!run.stderr.contains("panicked"), "round {round}\n{run}");
    }
}
