//! The commands of all documents are run here, and their output is compared with what the documents show.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use walkdir::WalkDir;

use crate::support::{Folder, program, repository, stable_times, without_digests};

/// What is not run, and why.
const NOT_RUN: [(&str, &str); 24] = [
    ("dpa-gen mail --sent", "an option alone: see receive.rs"),
    ("dpa-gen attach --sent", "an option alone: see receive.rs"),
    ("dpa-gen receive", "the name of the command alone: it takes a PDF"),
    ("dpa-gen receive returned.pdf", "needs a signed copy: see receive.rs"),
    (
        "dpa-gen receive returned.pdf --accept \"page 3 is only scaled\" --by \"R. Verwerker\"",
        "needs a signed copy: see receive.rs",
    ),
    (
        "dpa-gen receive --refused --client acme --on 2026-07-09 --reason \"they want their own paper\"",
        "needs a contract that was sent: see endings.rs",
    ),
    ("dpa-gen receive --ended --client acme --on 2027-01-01", "needs an agreement: see endings.rs"),
    ("dpa-gen new acme", "asks on a terminal: see new.rs"),
    ("dpa-gen preview --client acme.toml --open", "goes on until it is stopped: see preview.rs"),
    ("dpa-gen status", "shows every state at once: see keeping.rs and touched.rs"),
    ("dpa-gen status --all", "shows every state at once: see keeping.rs and touched.rs"),
    ("dpa-gen check --client clients/acme.toml", "shows one finding of many: see check.rs"),
    ("dpa-gen check", "finds errors in the base text, as it should: see check.rs"),
    ("dpa-gen check --lang nl", "finds errors in the base text, as it should: see dutch.rs"),
    ("dpa-gen check --coverage", "finds errors in the base text, as it should: see check.rs"),
    (
        "dpa-gen sign acme-verwerkersovereenkomst-2026-06-12.pdf --key mnrv.p12",
        "needs a key: see sign.rs",
    ),
    (
        "dpa-gen sign acme.pdf --certificate mnrv.pem --prepare acme-to-sign.pdf --json",
        "needs a certificate: see sign.rs",
    ),
    ("dpa-gen sign", "the name of the command alone: it takes a PDF"),
    ("dpa-gen mail", "the name of the command alone: it takes a client file"),
    ("dpa-gen explain CODE", "a synopsis"),
    ("dpa-gen show", "the name of the command alone: it takes a PDF"),
    ("dpa-gen regenerate [DIR]", "a synopsis"),
    ("parallel dpa-gen regenerate --shard {}/4 ::: 1 2 3 4", "GNU parallel need not be there"),
    ("source <(dpa-gen completions bash)", "bash need not be there: see completions.rs"),
];

/// Commands of a document.
struct Script {
    /// As one types them, a line each.
    commands: String,
    /// The output that the document shows; empty if it shows none.
    shown: String,
}

/// The scripts of a text: in its code blocks, and between backticks.
fn scripts(document: &str) -> Vec<Script> {
    let (mut scripts, mut prose) = (Vec::new(), String::new());
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match language {
                "console" => scripts.push(console(&block)),
                "sh" => scripts.push(Script { commands: block.join("\n"), shown: String::new() }),
                _ => {}
            }
        } else if let Some(first) = line.strip_prefix("    ") {
            let mut commands = first.to_owned();
            while let Some(more) = lines.next_if(|line| line.starts_with("    ")) {
                commands = commands + "\n" + more.trim();
            }
            scripts.push(Script { commands, shown: String::new() });
        } else {
            prose += line;
            prose.push('\n');
        }
    }
    for code in prose.split('`').skip(1).step_by(2) {
        scripts.push(Script { commands: code.replace('\n', " "), shown: String::new() });
    }
    scripts.retain(|script| script.commands.contains("dpa-gen "));
    scripts
}

fn console(block: &[&str]) -> Script {
    let (mut commands, mut shown) = (String::new(), String::new());
    for line in block {
        let (text, line) = match line.strip_prefix("$ ") {
            Some(command) => (&mut commands, command),
            None => (&mut shown, *line),
        };
        *text += line;
        text.push('\n');
    }
    Script { commands, shown }
}

/// The client file that the README shows.
fn client_file(readme: &str) -> &str {
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0
}

/// The folder that a script starts in: one with two clients, unless its output shows another.
fn prepare(script: &Script, acme: &str) -> Folder {
    let bakker = acme.replace("Acme", "Bakker");
    let folder = Folder::new().file("acme.toml", acme).file("bakker.toml", &bakker);
    let folder = folder.file("clients/acme.toml", acme);
    let has = |part: &str| script.shown.contains(part);
    if script.commands.starts_with("dpa-gen init") {
        return Folder::new();
    }
    if has("unknown service `webste`") {
        let folder = folder.edit("acme.toml", "website", "webste");
        return folder.append("acme.toml", "kvk = \"1234567\"\n");
    }
    if has("`articles/security` changed") {
        folder.make(&["init"]);
        let security = "clauses/articles/security.typ";
        let changed = |folder: Folder| folder.append(security, "\nEen nieuwe zin.\n");
        if has("new version 2026-07-01") {
            let folder = Folder::new();
            folder.make(&["init"]);
            let folder = folder.without("clients/voorbeeld.toml").file("clients/acme.toml", acme);
            let folder = folder.file("clients/bakker.toml", &bakker);
            folder.make(&["regenerate"]);
            let folder = changed(folder).edit(
                "clauses/contract.toml",
                "version = 2026-06-12",
                "version = 2026-07-01",
            );
            folder.make(&["--client", "clients/bakker.toml"]);
            return folder;
        }
        folder.make(&["--client", "acme.toml"]);
        return changed(folder);
    }
    if script.commands.contains("show acme-") {
        folder.make(&["--client", "acme.toml"]);
    }
    if script.commands.contains("offerte.pdf") {
        let quote = repository().join("fixtures/quotes/libreoffice.pdf");
        fs::copy(quote, folder.path("offerte.pdf")).unwrap();
    }
    if script.commands.contains("dpa-gen mail") {
        return folder.append("acme.toml", "email = \"info@acme.example\"\n");
    }
    if script.commands.contains("schemas/") {
        folder.make(&["init"]);
    }
    folder
}

/// What differs from run to run, made alike.
fn stable(text: &str) -> String {
    without_digests(&stable_times(text)).trim_end().to_owned()
}

/// The README, CONTRIBUTING.md, and everything in `docs/`.
fn documents() -> Vec<PathBuf> {
    let root = repository();
    let mut paths = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    let below = WalkDir::new(root.join("docs")).sort_by_file_name();
    paths.extend(below.into_iter().map(|entry| entry.unwrap().into_path()));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths
}

/// Runs a script in a folder of its own, with the program on its path.
fn run(script: &Script, folder: &Folder) -> (bool, String) {
    let program = program().parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let commands = match script.commands.as_str() {
        substitution if substitution.starts_with("$(") => format!("echo {substitution}"),
        other => other.to_owned(),
    };
    let output = Command::new("sh")
        .args(["-e", "-c", &format!("exec 2>&1\n{commands}")])
        .current_dir(folder.path(""))
        .env("PATH", path)
        .env_remove("CLICOLOR_FORCE")
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_command_of_the_documents_does_what_they_say() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let acme = client_file(&readme);
    let mut excused = BTreeSet::new();
    let (mut tried, mut compared, mut wrong) = (0, 0, Vec::new());
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for script in scripts(&text) {
            let first = script.commands.lines().next().unwrap();
            if let Some((command, _)) = NOT_RUN.iter().find(|(command, _)| *command == first) {
                excused.insert(*command);
                continue;
            }
            let (is_done, printed) = run(&script, &prepare(&script, acme));
            let is_wrong = script.shown.starts_with("error: ");
            let name = document.display();
            let (printed, shown) = (stable(&printed), stable(&script.shown));
            if is_done == is_wrong || (!shown.is_empty() && printed != shown) {
                wrong.push(format!("{name}: {}\n{printed}", script.commands));
            }
            compared += usize::from(!shown.is_empty());
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(excused, NOT_RUN.map(|(command, _)| command).into(), "no more is excused");
    assert!(tried >= 25 && compared >= 6, "{tried} run, {compared} compared");
}

#[test]
fn the_readme_is_short() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    assert!(readme.lines().count() <= 120, "the README is one screen or two, the rest is in docs/");
}

/// The links of a document to files and headings of the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link))
}

#[test]
fn every_link_of_the_documents_leads_to_a_file() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text).filter(|link| !link.starts_with("http") && !link.starts_with('#'))
        {
            let file = link.split('#').next().unwrap();
            let path = document.parent().unwrap().join(file);
            assert!(path.exists(), "{} links to {link}, which is not there", document.display());
        }
    }
}
