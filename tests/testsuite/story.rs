//! Three years in one folder, as its owner lives them: what each command says, one after the other.

use std::fmt::Write as _;

use crate::keeping::client;
use crate::support::{Folder, assert_snapshot, copy, without_digests};
use crate::together::NAMES;

const SECURITY: &str = "clauses/articles/security.typ";

/// What was run, and what it said.
struct Story {
    folder: Folder,
    told: String,
}

impl Story {
    fn says(&mut self, remark: &str) {
        let _ = writeln!(self.told, "\n──────── {remark}");
    }

    fn run(&mut self, arguments: &[&str]) -> &mut Self {
        let run = self.folder.run(arguments);
        let _ = writeln!(self.told, "\n$ dpa-gen {}\n{run}", arguments.join(" "));
        self
    }

    fn edit(&mut self, path: &str, part: &str, by: &str) -> &mut Self {
        let text = String::from_utf8(self.folder.read(path)).unwrap();
        assert_eq!(text.matches(part).count(), 1, "`{part}` in {path}");
        self.folder.write(path, text.replace(part, by));
        self
    }

    /// Sets the version of the contract's text.
    fn version(&mut self, before: &str, now: &str) -> &mut Self {
        self.edit(
            "clauses/contract.toml",
            &format!("version = {before}"),
            &format!("version = {now}"),
        )
    }

    /// The client signed on paper.
    fn signed(&mut self, name: &str, on: &str) {
        let (file, scan) = (format!("clients/{name}.toml"), format!("scans/{name}.pdf"));
        self.folder.write(&scan, format!("%PDF-1.4 the scan of {name}"));
        let by =
            ["--by-hand", "--client", &file, "--signed-on", on, "--on", on, "--by", "R. Verwerker"];
        self.folder.make(&[&["receive", &scan], &by[..]].concat());
    }
}

/// What `status` and `regenerate` find in another folder with the same files.
fn in_another_folder(folder: &Folder, on: &str) -> String {
    let other = Folder::new();
    copy(&folder.path(""), &other.path("verhuisd"));
    let run = |arguments: &[&str]| {
        other.run_with(arguments, |command| {
            command.current_dir(other.path("verhuisd"));
        })
    };
    format!("{}{}", run(&["status", "--on", on]), run(&["regenerate", "--dry-run"]))
}

#[test]
fn three_years_in_one_folder() {
    let folder = Folder::with_library()
        .without("acme.toml")
        .file("scan.pdf", "%PDF-1.4 the second scan of anna");
    for name in NAMES {
        let email = format!("email = \"{name}@example.nl\"\n");
        folder.write(&format!("clients/{name}.toml"), client(name) + &email);
    }
    let mut story = Story { folder, told: String::new() };
    first_year(&mut story);
    second_year(&mut story);
    third_year(&mut story);
    assert_snapshot!("three_years", without_digests(&story.told));
}

fn first_year(story: &mut Story) {
    story.says("The first year: twelve clients, a version, most sign");
    story.run(&["regenerate"]);
    story.run(&["mail", "--all", "-o", "mail/", "--sent", "--on", "2026-06-15", "--quiet"]);
    for name in &NAMES[..8] {
        story.signed(name, "2026-06-20");
    }
    story.run(&["status", "--on", "2026-06-21"]);
    story.run(&["mail", "--all", "-o", "mail/"]);

    story.says("A client takes one more service after it signed");
    let anna = format!("clients/{}.toml", NAMES[0]);
    story.edit(&anna, "[\"website\"]", "[\"website\", \"support\"]");
    story.run(&["regenerate", "--only", NAMES[0]]);
    story.run(&["mail", "--only", NAMES[0], "-o", "mail/", "--sent", "--on", "2026-08-01"]);
    story.run(&[
        "receive",
        "scan.pdf",
        "--by-hand",
        "--client",
        &anna,
        "--signed-on",
        "2026-08-03",
        "--by",
        "R. Verwerker",
    ]);
    let lock = String::from_utf8(story.folder.read("dpa.lock.d/anna.toml")).unwrap();
    let second = lock.rsplit("\ndigest = \"").next().unwrap()[..12].to_owned();
    let by = [
        "--signed-on",
        "2026-08-03",
        "--on",
        "2026-08-05",
        "--by",
        "R. Verwerker",
        "--of",
        &second,
    ];
    let hand = [&["receive", "scan.pdf", "--by-hand", "--client", &anna], &by[..]].concat();
    story.folder.make(&hand);

    story.says("An article changes; a typing error in it is mended on the same day");
    story.edit(SECURITY, "- Sterke", "- Zeer stekre");
    story.run(&["regenerate", "--dry-run", "--only", NAMES[1]]);
    story.version("2026-06-12", "2026-09-01");
    story.run(&["regenerate", "--only", NAMES[1]]);
    story.edit(SECURITY, "- Zeer stekre", "- Zeer sterke");
    story.version("2026-09-01", "\"2026-09-01b\"");
    story.run(&["regenerate"]);

    story.says("A service that nobody takes joins the catalogue: nobody is concerned");
    let text = String::from_utf8(story.folder.read("clauses/services.toml")).unwrap();
    let support = text.split("[service.support]").nth(1).unwrap();
    let support = support.split("\n[").next().unwrap();
    let podcasts = format!("{text}\n[service.podcasts]{}", support.replace("Support", "Podcasts"));
    story.folder.write("clauses/services.toml", podcasts);
    story.run(&["regenerate", "--dry-run", "--json"]);
    let last = story.told.rfind("\n$ dpa-gen").unwrap();
    assert!(!story.told[last..].contains("would-make"), "{}", &story.told[last..]);
    story.told.truncate(last);

    story.says("Three are renamed: an id, a folder, a file without an id; one leaves");
    story.run(&["rename", NAMES[1], "holding"]);
    let moved = |from: &str, to: &str| {
        std::fs::create_dir_all(story.folder.path(to).parent().unwrap()).unwrap();
        std::fs::rename(story.folder.path(from), story.folder.path(to)).unwrap();
    };
    moved(&format!("clients/{}.toml", NAMES[2]), &format!("clients/noord/{}.toml", NAMES[2]));
    moved(&format!("clients/{}.toml", NAMES[3]), "clients/nieuwe-naam.toml");
    story.run(&["archive", NAMES[4]]);
    story.run(&["status", "--on", "2026-10-01"]);
}

fn second_year(story: &mut Story) {
    story.says("The second year: the cache is lost, the folder moves, a signatory changes");
    std::fs::remove_file(story.folder.path(".dpa-gen.cache")).unwrap();
    let run = story.folder.make(&["regenerate"]);
    assert!(run.stderr.starts_with("0 of 11"), "{run}");
    let here = story.folder.run(&["status", "--on", "2027-01-01"]).to_string();
    let there = in_another_folder(&story.folder, "2027-01-01");
    assert!(there.starts_with(&here), "{there}");
    assert!(!there.contains("would make"), "{there}");
    let fifth = format!("clients/{}.toml", NAMES[5]);
    let text = String::from_utf8(story.folder.read(&fifth)).unwrap();
    story
        .folder
        .write(&fifth, text + "signatory = { name = \"B. Nieuw\", role = \"directeur\" }\n");
    story.version("\"2026-09-01b\"", "2027-01-15");
    story.run(&["regenerate"]);
    for (before, now) in [("2027-01-15", "2027-06-01"), ("2027-06-01", "2028-01-01")] {
        story.edit(SECURITY, "- Zeer sterke", &format!("- Per {now} zeer sterke"));
        story.version(before, now);
        story.folder.make(&["regenerate"]);
        story.edit(SECURITY, &format!("- Per {now} zeer sterke"), "- Zeer sterke");
    }
    story.edit(SECURITY, "- Zeer sterke", "- Per 2028-01-01 zeer sterke");
}

fn third_year(story: &mut Story) {
    story.says("The third year: the lock is lost, and comes back from version control");
    let kept = Folder::new();
    copy(&story.folder.path("dpa.lock.d"), &kept.path("lock"));
    std::fs::remove_dir_all(story.folder.path("dpa.lock.d")).unwrap();
    story.run(&["status", "--client", NAMES[0], "--on", "2028-02-01"]);
    copy(&kept.path("lock"), &story.folder.path("dpa.lock.d"));
    story.run(&["status", "--client", NAMES[0], "--on", "2028-02-01"]);

    story.says("A client is removed with all its PDFs; of another the end has passed");
    for file in story.folder.files() {
        if file.contains(NAMES[6]) && !file.starts_with("dpa.lock.d") {
            std::fs::remove_file(story.folder.path(&file)).unwrap();
        }
    }
    let ended = format!("clients/{}.toml", NAMES[7]);
    let text = String::from_utf8(story.folder.read(&ended)).unwrap();
    story.folder.write(&ended, text + "\n[agreement]\nstart = 2026-06-12\nend = 2028-06-30\n");
    story.run(&["regenerate"]);
    let again = story.folder.make(&["regenerate"]);
    assert!(!again.stderr.contains("gea"), "it is reported once: {again}");
    story.run(&["status", "--on", "2029-06-12"]);
    let open = story.folder.make(&["status", "--open", "--on", "2029-06-12"]);
    assert!(open.stderr.contains("10 clients"), "{open}");
}
