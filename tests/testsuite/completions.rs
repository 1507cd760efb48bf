//! What shells complete, in the eyes of a shell; and the man pages.

use std::process::Command;

use pty_process::blocking::Command as OnTerminal;

use crate::support::{ACME, Folder, assert_snapshot, program, repository};
use crate::terminal::Terminal;

/// A folder to work in, with two clients and a service of its own.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.make(&["init"]);
    folder
        .file("clients/bakker.toml", ACME)
        .file("clients/Jansen & Zn.toml", ACME)
        .file("clients/notes.txt", "")
        .file("quotes/offerte.pdf", "")
        .edit("clauses/services.toml", "[service.support]", "[service.seo]\nname = \"Vindbaarheid\"\nprocessing = \"Statistieken\"\npurpose = \"Vindbaarheid\"\n\n[service.support]")
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success())
}

/// What bash makes of a line; `⇥` is the Tab key. A second one shows all that fits.
fn complete(folder: &Folder, line: &str) -> String {
    let program = program();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let bash = OnTerminal::new("bash").args(["--norc", "--noprofile", "-i"]).env("PATH", path);
    let terminal = Terminal::run(folder, bash.env("PS1", "> ").env("INPUTRC", "/dev/null"));
    terminal.wait_for("> ");
    terminal.type_keys("source <(dpa-gen completions bash); clear; echo ready\r");
    terminal.wait_for("ready\n> ");
    terminal.type_keys(&line.replace('⇥', "\t"));
    terminal.type_keys("\x05#end");
    let shown = terminal.wait_for("#end");
    terminal.type_keys("\x15exit\r");
    terminal.finish();
    shown.strip_prefix("ready\n").unwrap().to_owned()
}

#[test]
fn bash_completes_commands_client_files_and_services() {
    if !has("bash") {
        return;
    }
    let folder = folder();
    let lines = [
        "dpa-gen reg⇥",
        "dpa-gen --client ⇥⇥",
        "dpa-gen --client clients/⇥⇥",
        "dpa-gen -c clients/b⇥",
        "dpa-gen -c clients/J⇥",
        "dpa-gen new acme --service ⇥⇥",
        "dpa-gen new acme --service website,se⇥",
        "dpa-gen regenerate --layout ⇥",
        "dpa-gen show quotes/⇥",
        "dpa-gen list ar⇥",
        "dpa-gen schema ⇥⇥",
        "dpa-gen completions z⇥",
        "dpa-gen status --on⇥",
    ];
    let completed = lines.map(|line| format!("{line}\n{}\n", complete(&folder, line)));
    assert_snapshot!("completions_bash", completed.join("────────\n"));
}

#[test]
fn fish_completes_too() {
    if !has("fish") {
        return;
    }
    let folder = folder();
    let program = program().display();
    let ask = |line: &str| {
        let script = format!(
            "function dpa-gen; {program} $argv; end; dpa-gen completions fish | source; \
             complete -C '{line}'"
        );
        let mut fish = Command::new("fish");
        let run = fish.args(["--no-config", "-c", &script]).current_dir(folder.path(""));
        String::from_utf8(run.output().unwrap().stdout).unwrap()
    };
    assert_eq!(ask("dpa-gen new acme --service s"), "seo\tVindbaarheid\nsupport\tSupport\n");
    assert_eq!(ask("dpa-gen --client=clients/b"), "--client=clients/bakker.toml\n");
}

#[test]
fn a_library_with_problems_completes_nothing_and_says_nothing() {
    let folder = folder().edit("clauses/services.toml", "[service.hosting]", "[dienst.hosting]");
    let run = folder.run_with(&["--", "dpa-gen", "new", "acme", "--service", "ho"], |command| {
        command.env("_DPA_GEN_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "4");
    });
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (Some(0), "", ""), "{run}");
}

#[test]
fn every_shell_has_its_script() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = folder.make(&["completions", shell]);
        assert!(run.stdout.contains("_DPA_GEN_COMPLETE"), "{run}");
        assert!(!run.stdout.contains(repository().to_str().unwrap()), "{run}");
        // Where the shell is, it judges.
        if ["bash", "fish", "zsh"].contains(&shell) && has(shell) {
            folder.write("script", &run.stdout);
            let check = Command::new(shell).arg("-n").arg(folder.path("script")).output().unwrap();
            assert!(check.status.success(), "{shell}: {check:?}");
        }
    }
    assert_snapshot!("completions_help", folder.make(&["completions", "--help"]).to_string());
    assert_snapshot!("completions_unknown", folder.fail(&["completions", "tcsh"]).to_string());
}

#[test]
fn a_page_for_each_command() {
    let folder = Folder::new();
    folder.make(&["man", "man"]);
    let help = folder.make(&["-h"]).stdout;
    let (_, commands) = help.split_once("Make:\n").unwrap();
    let (commands, _) = commands.split_once("Options:\n").unwrap();
    let commands = commands.lines().filter(|line| line.starts_with("  ") && !line.contains("--"));
    let commands = commands.map(|line| line.split_whitespace().next().unwrap());
    let mut pages: Vec<String> = commands
        .filter(|command| *command != "help")
        .map(|command| format!("man/dpa-gen-{command}.1"))
        .collect();
    pages.push("man/dpa-gen.1".to_owned());
    pages.sort();
    assert_eq!(folder.files(), pages);
    for page in pages {
        let text = String::from_utf8(folder.read(&page)).unwrap();
        assert!(text.contains("Example"), "{page}: every help has an example");
    }
    let text = String::from_utf8(folder.read("man/dpa-gen-show.1")).unwrap();
    assert_snapshot!("man_show", text.replace(env!("CARGO_PKG_VERSION"), "[version]"));
    folder.make(&["man", "man"]);
}
