//! Every mistake is reported where it was made, with a way out, and leaves nothing behind.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
#[cfg(unix)]
use std::process::Command;

use crate::support::{ACME, ACME_PDF, Folder, Run, assert_snapshot, repository};

const CLIENT: [&str; 3] = ["--embedded", "--client", "acme.toml"];

/// What the program says of a client file.
fn fail_client(text: impl AsRef<[u8]>) -> Run {
    Folder::new().file("acme.toml", text).fail(&CLIENT)
}

#[test]
fn each_mistake_in_a_client_file() {
    let mut files: Vec<_> = fs::read_dir(repository().join("fixtures/bad/clients"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 40);
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let run = fail_client(fs::read(&file).unwrap());
        assert_eq!(run.code, Some(1), "{name}: the input has a problem\n{run}");
        assert_eq!(run.stdout, "", "{name}: nothing was made");
        assert_snapshot!(format!("client__{name}"), run.to_string());
    }
}

#[test]
fn an_override_that_empties_a_cell_is_refused() {
    for cell in ["data-categories", "data-subjects"] {
        let text = format!("{ACME}\n[service.website]\n{cell} = []\n");
        let run = fail_client(text);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(&format!("`{cell}` is empty")), "{run}");
    }
}

#[test]
fn a_client_file_that_is_not_utf_8() {
    let latin_1 = b"services = [\"website\"]\n\n[client]\nname = \"Caf\xE9 De Hoek\"\n";
    assert_snapshot!("client_not_utf_8", fail_client(latin_1).to_string());
    let utf_16: Vec<u8> = "\u{FEFF}services".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_snapshot!("client_utf_16", fail_client(utf_16).to_string());
}

#[test]
fn a_client_file_that_cannot_be_read() {
    let folder = Folder::new();
    assert_snapshot!("client_not_there", folder.fail(&CLIENT).to_string());
    fs::create_dir(folder.path("acme.toml")).unwrap();
    assert_snapshot!("client_is_a_folder", folder.fail(&CLIENT).to_string());
}

#[cfg(unix)]
#[test]
fn a_client_file_without_permission() {
    let folder = Folder::with_acme();
    let file = folder.path("acme.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        return; // The superuser reads it all the same.
    }
    assert_snapshot!("client_without_permission", folder.fail(&CLIENT).to_string());
}

#[test]
fn a_different_pdf_is_kept_and_force_replaces_it() {
    let folder = Folder::with_acme().file(ACME_PDF, "signed");
    assert_snapshot!("output_taken", folder.fail(&CLIENT).to_string());
    assert_eq!(folder.read(ACME_PDF), b"signed");
    folder.make(&["--embedded", "--client", "acme.toml", "--force"]);
    assert!(folder.read(ACME_PDF).starts_with(b"%PDF"));
    assert_eq!(folder.files(), [ACME_PDF, "acme.toml"]);
    // The same once more is no difference, and needs no force.
    folder.make(&CLIENT);
}

#[test]
fn an_output_that_cannot_be_written() {
    let folder = Folder::with_acme();
    for output in [
        "acme.toml/out.pdf",
        "acme.toml/out/",
        #[cfg(unix)]
        "/dev/null/out/",
    ] {
        let run = folder.fail(&[&CLIENT[..], &["-o", output]].concat());
        assert_eq!(run.code, Some(2), "{run}");
        let file = output.trim_end_matches("/out.pdf").trim_end_matches("/out/");
        assert!(run.stderr.contains(&format!("`{file}")), "it names the path\n{run}");
        assert!(run.stderr.contains("not a folder"), "it says why\n{run}");
    }

    fs::create_dir(folder.path("map.pdf")).unwrap();
    folder.make(&[&CLIENT[..], &["-o", "map.pdf"]].concat());
    assert!(folder.path("map.pdf").join(ACME_PDF).is_file(), "a folder may be called map.pdf");

    fs::create_dir(folder.path(ACME_PDF)).unwrap();
    assert_snapshot!("output_is_a_folder", folder.fail(&CLIENT).to_string());
    let force = folder.fail(&[&CLIENT[..], &["--force"]].concat());
    assert_snapshot!("output_is_a_folder_with_force", force.to_string());
}

#[cfg(unix)]
#[test]
fn an_output_folder_without_permission() {
    let folder = Folder::with_acme();
    fs::create_dir(folder.path("out")).unwrap();
    fs::set_permissions(folder.path("out"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.path("out/try"), "").is_ok() {
        return; // The superuser writes it all the same.
    }
    let run = folder.fail(&[&CLIENT[..], &["-o", "out/"]].concat());
    assert_snapshot!("output_without_permission", run.to_string());
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full() {
    for folder in [Folder::with_acme(), Folder::with_acme().file(ACME_PDF, "signed")] {
        // A file may hold one block. The signal is ignored, so that writing more fails.
        let run = folder.fail_with(&[], |command| {
            let program = command.get_program().to_owned();
            let here = command.get_current_dir().unwrap().to_owned();
            *command = Command::new("sh");
            command.current_dir(here).arg("-c").arg("trap '' XFSZ; ulimit -f 1; exec \"$@\"");
            command.arg("sh").arg(program).args(CLIENT).arg("--force");
        });
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains(&format!("cannot write `{ACME_PDF}`: ")), "{run}");
        assert!(!run.stderr.contains(".tmp"), "the temporary file is none of the user's\n{run}");
        assert!(!run.stderr.contains("os error"), "it says so in words\n{run}");
    }
}

#[test]
fn wrong_use() {
    let folder = Folder::with_acme().file("b.toml", ACME).file("below/acme.toml", ACME);
    let uses: [(&str, &[&str]); 17] = [
        ("general_and_client", &["--general", "--client", "acme.toml"]),
        ("two_clients_one_file", &["-c", "acme.toml", "-c", "b.toml", "-o", "one.pdf"]),
        ("two_clients_one_name", &["-c", "acme.toml", "-c", "below/acme.toml"]),
        ("same_client_twice", &["-c", "acme.toml", "-c", "acme.toml"]),
        ("same_client_twice_by_other_path", &["-c", "acme.toml", "-c", "./acme.toml", "-o", "out"]),
        ("two_clients_emit", &["-c", "acme.toml", "-c", "b.toml", "--emit", "project"]),
        ("embedded_and_library", &["-c", "acme.toml", "--embedded", "--library", "."]),
        ("library_without_clauses", &["-c", "acme.toml", "--library", "below"]),
        ("library_not_there", &["-c", "acme.toml", "--library", "nowhere"]),
        ("unknown_layout", &["-c", "acme.toml", "--layout", "standaard"]),
        ("layout_with_a_path", &["-c", "acme.toml", "--layout", "../layouts/standard"]),
        ("output_named_as_the_lock", &["-c", "acme.toml", "-o", "dpa.lock", "--force"]),
        ("output_below_the_lock", &["-c", "acme.toml", "-o", "dpa.lock.d/acme.pdf"]),
        ("regenerate_into_the_lock", &["regenerate", "-o", "out/dpa.lock"]),
        ("unknown_flag", &["-c", "acme.toml", "--out", "x"]),
        ("client_without_value", &["--client"]),
        ("client_without_flag", &["acme.toml"]),
    ];
    for (name, arguments) in uses {
        assert_snapshot!(format!("use__{name}"), folder.fail(arguments).to_string());
    }
}

#[test]
fn thousands_of_mistakes_in_one_file_print_a_hundred_in_no_time() {
    use std::fmt::Write;

    let mut text = ACME.to_owned();
    for number in 0..20_000 {
        writeln!(text, "key-{number} = {number}").unwrap();
    }
    let folder = Folder::new().file("bad.toml", text);
    let started = std::time::Instant::now();
    let run = folder.fail(&["--embedded", "-c", "bad.toml"]);
    assert!(started.elapsed() < std::time::Duration::from_mins(1), "{:?}", started.elapsed());
    assert_eq!(run.stderr.matches("error: unknown key").count(), 100, "{run}");
    assert!(run.stderr.ends_with("19900 more problems in `bad.toml`\n\n"), "{run}");
}
