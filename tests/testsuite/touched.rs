//! What a person added to a PDF is never overwritten, and no file that is not ours.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;

use crate::keeping::{
    ANNA, ANNA_PDF, BOB_PDF, assert_all_current, client, fleet, kept, reported, state, status,
};
use crate::support::{Folder, assert_snapshot, files_below};

/// A PDF with a text filled in, as a viewer saves it: an incremental update with the widget written again.
pub fn filled_in(pdf: &[u8], field: &str, value: &str) -> Vec<u8> {
    let find_last = |needle: &[u8], to: usize| {
        pdf[..to].windows(needle.len()).rposition(|window| window == needle).unwrap()
    };
    let name = find_last(format!("/T ({field})").as_bytes(), pdf.len());
    let start = find_last(b" 0 obj", name);
    let number_at = pdf[..start].iter().rposition(|byte| !byte.is_ascii_digit()).unwrap() + 1;
    let number = std::str::from_utf8(&pdf[number_at..start]).unwrap();
    let length = pdf[start..].windows(6).position(|window| window == b"endobj").unwrap();
    let widget = pdf[start + 6..start + length].trim_ascii().strip_suffix(b">>").unwrap();
    let tail = String::from_utf8_lossy(&pdf[find_last(b"trailer", pdf.len())..]).into_owned();
    let between = |from: &str, to: &str| {
        let (_, rest) = tail.split_once(from).unwrap();
        rest.split_once(to).unwrap().0.trim().to_owned()
    };
    let (size, root) = (between("/Size ", "/"), between("/Root ", "/"));
    let previous = between("startxref", "%%EOF");

    let mut bytes = [pdf, b"\n"].concat();
    let at = bytes.len();
    bytes.extend([format!("{number} 0 obj\n").as_bytes(), widget].concat());
    bytes.extend(format!("/V({value})>>\nendobj\n").as_bytes());
    let xref = bytes.len();
    bytes.extend(
        format!(
            "xref\n{number} 1\n{at:010} 00000 n\r\ntrailer\n<</Size {size}/Root {root}/Prev \
             {previous}>>\nstartxref\n{xref}\n%%EOF\n"
        )
        .as_bytes(),
    );
    bytes
}

/// A PDF that another program made.
pub fn foreign() -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    .iter()
    .enumerate()
    {
        offsets.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let xref = pdf.len();
    pdf.extend(b"xref\n0 4\n0000000000 65535 f\r\n");
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n\r\n").as_bytes());
    }
    pdf.extend(format!("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    pdf
}

/// Makes all, and changes Anna's PDF.
fn made_and(change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Folder {
    let folder = fleet();
    folder.make(&["regenerate"]);
    folder.write(ANNA_PDF, change(folder.read(ANNA_PDF)));
    folder
}

/// The further document that Anna gets when her file changes.
const ANNA_2: &str = "anna-verwerkersovereenkomst-2026-06-12-2.pdf";

/// Asks that no command overwrites Anna's PDF, although her file changed: she gets a further document.
fn assert_stays(folder: Folder) -> Folder {
    let pdf = folder.read(ANNA_PDF);
    let folder = folder.append(ANNA, "kvk = \"12345678\"\n");
    let named = &["--client", ANNA, "-o", ANNA_PDF, "--force"][..];
    let run = folder.fail(named);
    assert!(run.stderr.contains("is not overwritten"), "{run}");
    for arguments in [
        &["--client", ANNA][..],
        &["--client", ANNA, "--force"],
        &["regenerate"],
        &["regenerate", "--force"],
        &["regenerate", "--force", "--shard", "1/1"],
        named,
    ] {
        let run = folder.run(arguments);
        assert!(folder.read(ANNA_PDF) == pdf, "{arguments:?} overwrote it\n{run}");
        assert_eq!(run.code == Some(0), arguments != named, "{arguments:?}\n{run}");
    }
    let prose = folder.prose(ANNA_2);
    assert!(prose.contains("Vervangt") && prose.contains("12345678"), "{prose}");
    let again = files_below(&folder.path("")).iter().any(|file| file.ends_with("-3.pdf"));
    assert!(!again, "one change makes one document");
    folder
}

#[test]
fn what_was_filled_in_is_never_overwritten() {
    let folder = made_and(|pdf| filled_in(&pdf, "client-place", "Utrecht"));
    assert_eq!(reported(&folder, "touched")[ANNA_PDF], "filled-in");
    assert_eq!(reported(&folder, "state")[ANNA_PDF], "current");
    assert_snapshot!("filled_in_status", folder.make(&["status", "--all"]).to_string());
    assert_snapshot!("filled_in_regenerate", folder.make(&["regenerate", "--force"]).to_string());
    let changed = || {
        let folder = made_and(|pdf| filled_in(&pdf, "client-place", "Utrecht"));
        folder.append(ANNA, "kvk = \"12345678\"\n")
    };
    assert_snapshot!("filled_in_dry_run", changed().make(&["regenerate", "--dry-run"]).to_string());
    assert_snapshot!("filled_in_stale", changed().make(&["regenerate"]).to_string());
    assert_snapshot!("filled_in_made_alone", changed().make(&["-c", ANNA]).to_string());
    let folder = assert_stays(folder);
    assert_snapshot!("filled_in_two_documents", folder.make(&["status", "--all"]).to_string());
}

#[test]
fn what_was_changed_in_any_way_is_never_overwritten() {
    let appended = |pdf: Vec<u8>| [&pdf[..], b"\n% more\n"].concat();
    let folder = made_and(appended);
    assert_eq!(reported(&folder, "touched")[ANNA_PDF], "changed");
    assert_stays(folder);

    let one_byte = |mut pdf: Vec<u8>| {
        let middle = pdf.len() / 3;
        pdf[middle] ^= 1;
        pdf
    };
    assert_stays(made_and(one_byte));
}

#[test]
fn without_the_lock_too() {
    let folder = made_and(|pdf| filled_in(&pdf, "client-place", "Utrecht"));
    let folder = folder.without("dpa.lock.d").without(".dpa-gen.cache");
    assert_eq!(reported(&folder, "touched")[ANNA_PDF], "filled-in");
    assert_stays(folder);
}

#[test]
fn a_new_version_leaves_what_was_filled_in() {
    let folder = Folder::with_library().without("acme.toml").file(ANNA, client("Anna"));
    folder.make(&["regenerate"]);
    let filled = filled_in(&folder.read(ANNA_PDF), "client-place", "Utrecht");
    folder.write(ANNA_PDF, &filled);
    let folder =
        folder.edit("clauses/contract.toml", "version = 2026-06-12", "version = 2027-01-31");
    folder.make(&["regenerate"]);
    assert!(folder.read(ANNA_PDF) == filled);
    assert_snapshot!(
        "filled_in_of_an_earlier_version",
        folder.make(&["status", "--all"]).to_string()
    );
}

#[test]
fn a_file_that_is_not_ours_is_never_overwritten() {
    let mut wrong = Vec::new();
    for (what, bytes) in [
        ("another program's", foreign()),
        ("a scan that is damaged", b"%PDF-1.4\nno more".to_vec()),
        ("no PDF", b"minutes of the meeting".to_vec()),
        ("empty", Vec::new()),
    ] {
        // With an entry in the lock, and without any.
        let known = made_and(|_| bytes.clone());
        let unknown = fleet().file(ANNA_PDF, &bytes);
        for (folder, which) in [(known, "known"), (unknown, "unknown")] {
            let planned = folder.run(&["regenerate", "--dry-run"]);
            for arguments in [&["-c", ANNA][..], &["regenerate"], &["regenerate", "--force"]] {
                let run = folder.run(arguments);
                if folder.read(ANNA_PDF) != bytes {
                    wrong.push(format!("{what}, {which}: {arguments:?} overwrote it\n{run}"));
                    folder.write(ANNA_PDF, &bytes);
                } else if !matches!(run.code, Some(1 | 2)) {
                    wrong.push(format!("{what}, {which}: {arguments:?}\n{run}"));
                }
            }
            if planned.stdout.contains("would make  clients/anna") {
                wrong.push(format!("{what}, {which}: what is planned cannot be done\n{planned}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(unix)]
#[test]
fn a_linked_pdf_is_replaced_and_what_it_links_to_stays() {
    let folder = fleet();
    folder.make(&["regenerate"]);
    let old = folder.read(ANNA_PDF);
    fs::create_dir(folder.path("archive")).unwrap();
    fs::rename(folder.path(ANNA_PDF), folder.path("archive/anna.pdf")).unwrap();
    symlink("archive/anna.pdf", folder.path(ANNA_PDF)).unwrap();
    assert_all_current(&folder, 2);
    let before = kept(&folder);
    folder.make(&["regenerate"]);
    assert!(kept(&folder) == before);

    let folder = folder.edit(ANNA, "Anna", "Anna Nieuw");
    folder.make(&["regenerate"]);
    assert!(folder.read("archive/anna.pdf") == old, "what it linked to stays");
    assert!(folder.prose(ANNA_PDF).contains("Anna Nieuw"));

    // What a person added counts through a link too.
    let filled = filled_in(&folder.read(ANNA_PDF), "client-place", "Utrecht");
    folder.write("archive/filled.pdf", &filled);
    fs::remove_file(folder.path(ANNA_PDF)).unwrap();
    symlink("archive/filled.pdf", folder.path(ANNA_PDF)).unwrap();
    let folder = assert_stays(folder);
    assert!(folder.read("archive/filled.pdf") == filled);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_replaced() {
    let folder = fleet();
    symlink("nowhere.pdf", folder.path(ANNA_PDF)).unwrap();
    folder.make(&["regenerate"]);
    assert!(!folder.path("nowhere.pdf").exists());
    assert_all_current(&folder, 2);
}

#[cfg(unix)]
#[test]
fn linked_client_files_and_folders_are_followed() {
    let folder = Folder::new()
        .file("elsewhere/anna.toml", client("Anna"))
        .file("more/bob.toml", client("Bob"));
    fs::create_dir(folder.path("clients")).unwrap();
    symlink("../elsewhere/anna.toml", folder.path(ANNA)).unwrap();
    symlink("../more", folder.path("clients/more")).unwrap();
    folder.make(&["regenerate"]);
    assert_all_current(&folder, 2);
    let folder = folder.edit("elsewhere/anna.toml", "Anna", "Anna Nieuw");
    assert!(status(&folder).contains("(client file changed)"));

    // A folder that is in itself.
    symlink("..", folder.path("clients/more/loop")).unwrap();
    let run = folder.run(&["regenerate"]);
    assert!(matches!(run.code, Some(1 | 2)), "{run}");
    assert_snapshot!("folder_in_itself", run.to_string());
}

#[test]
fn a_folder_that_cannot_be_written_in() {
    // Below a file there is no folder, not even for root.
    let folder = fleet().file("taken", "a file");
    let run = folder.fail(&["regenerate", "-o", "taken/pdf"]);
    assert_eq!(run.code, Some(2), "{run}");
    assert_snapshot!("folder_below_a_file", run.to_string());
    let folder = fleet();
    fs::create_dir(folder.path(ANNA_PDF)).unwrap();
    let run = folder.run(&["regenerate"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!("folder_with_the_name_of_a_pdf", run.to_string());
    assert!(folder.path(BOB_PDF).is_file());
    let before = state(&folder);
    folder.run(&["status"]);
    assert!(state(&folder) == before);
}
