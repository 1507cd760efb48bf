//! What the README tells to type is typed here, and what it shows is what comes.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::support::{Folder, program, repository, stable_times, without_digests};

/// What is not run, and why.
const NOT_RUN: [(&str, &str); 12] = [
    ("dpa-gen new acme", "asks on a terminal: see new.rs"),
    ("dpa-gen preview --client acme.toml --open", "goes on until it is stopped: see preview.rs"),
    ("dpa-gen status", "shows every state at once: see keeping.rs and touched.rs"),
    ("dpa-gen check --client clients/acme.toml", "shows one finding of many: see check.rs"),
    ("dpa-gen check", "finds errors in the base text, as it should: see check.rs"),
    ("dpa-gen mail", "the name of the command alone: it takes a client file"),
    ("dpa-gen explain CODE", "a synopsis"),
    ("dpa-gen show", "the name of the command alone: it takes a PDF"),
    ("dpa-gen regenerate [DIR]", "a synopsis"),
    ("dpa-gen status [DIR]", "a synopsis"),
    ("parallel dpa-gen regenerate --shard {}/4 ::: 1 2 3 4", "GNU parallel need not be there"),
    ("source <(dpa-gen completions bash)", "bash need not be there: see completions.rs"),
];

/// Commands of the README.
struct Script {
    /// As one types them, a line each.
    commands: String,
    /// What the README shows of their output; empty if it shows none.
    shown: String,
}

/// The scripts of a text: in its code blocks, and between backticks.
fn scripts(readme: &str) -> Vec<Script> {
    let (mut scripts, mut prose) = (Vec::new(), String::new());
    let mut lines = readme.lines().peekable();
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

/// The client file that the README gives.
fn client_file(readme: &str) -> &str {
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0
}

/// The folder in which the README has its reader: with two clients, or where it says otherwise.
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

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let acme = client_file(&readme);
    let mut excused = BTreeSet::new();
    let (mut run, mut compared) = (0, 0);
    for script in scripts(&readme) {
        let is_excused =
            |(command, _): &&(&'static str, _)| script.commands.lines().next() == Some(command);
        if let Some((command, _)) = NOT_RUN.iter().find(is_excused) {
            excused.insert(*command);
            continue;
        }
        let folder = prepare(&script, acme);
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
            .output()
            .unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let is_wrong = script.shown.starts_with("error: ");
        assert_eq!(output.status.success(), !is_wrong, "{}\n{told}", script.commands);
        if !script.shown.is_empty() {
            assert_eq!(stable(&told), stable(&script.shown), "{}", script.commands);
            compared += 1;
        }
        run += 1;
    }
    assert_eq!(excused, NOT_RUN.map(|(command, _)| command).into(), "no more is excused");
    assert!(run >= 15 && compared >= 6, "{run} run, {compared} compared");
}
