//! The preview: what is served to whom, and that the pages follow each save.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::fs::{PermissionsExt, symlink};
#[cfg(unix)]
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{ACME, ACME_PDF, Folder, assert_snapshot, copy, program, repository};

const SECURITY: &str = "clauses/articles/security.typ";
const PASSWORDS: &str = "- Sterke wachtwoorden";

/// A preview that runs, and is ended at the end of its test.
struct Preview {
    process: Child,
    stdout: BufReader<ChildStdout>,
    /// As it was printed: `http://127.0.0.1:41234/`.
    address: String,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Preview {
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, |_| {})
    }

    fn start_with(folder: &Folder, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(program());
        command.arg("preview").args(arguments).current_dir(folder.path(""));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        change(&mut command);
        let mut process = command.spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut address = String::new();
        stdout.read_line(&mut address).unwrap();
        Self { process, stdout, address: address.trim_end().to_owned() }
    }

    /// `127.0.0.1:41234`.
    fn host(&self) -> &str {
        self.address.strip_prefix("http://").unwrap().strip_suffix('/').unwrap()
    }

    /// Sends a request and returns the whole answer.
    fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.host()))
    }

    /// What is shown.
    fn view(&self) -> Value {
        let answer = self.get("/view");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(status(head), 200, "{head}");
        serde_json::from_str(body).unwrap()
    }

    /// What is shown as soon as it is as wanted.
    fn wait_for(&self, what: &str, is_wanted: impl Fn(&View) -> bool) -> View {
        let started = Instant::now();
        loop {
            let view = View(self.view());
            if view.0["number"] != 0 && is_wanted(&view) {
                return view;
            }
            let (summary, problems) = (view.text("summary"), view.text("problems"));
            assert!(started.elapsed().as_secs() < 60, "{what}: {summary}\n{problems}");
            sleep(Duration::from_millis(30));
        }
    }

    fn wait_for_name(&self, name: &str) -> View {
        self.wait_for(name, |view| view.text("summary").starts_with(&format!("{name}: ")))
    }
}

struct View(Value);

impl View {
    fn text(&self, key: &str) -> &str {
        self.0["view"][key].as_str().unwrap()
    }

    fn pages(&self) -> Vec<String> {
        let pages = self.0["view"]["pages"].as_array().unwrap().iter();
        pages.map(|page| page.as_str().unwrap().to_owned()).collect()
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn its_pages_are_served_to_this_machine_alone_and_nothing_else() {
    let folder = Folder::with_acme();
    let preview = Preview::start(&folder, &["--client", "acme.toml"]);
    let view = preview.wait_for_name("Acme B.V.");
    assert_eq!(view.text("problems"), "");
    assert_eq!(view.text("title"), "Acme B.V. – Verwerkersovereenkomst AVG");
    let pages = view.pages();
    assert!(pages.iter().all(|page| page.starts_with("<svg ") && page.ends_with("</svg>")));

    let page = preview.get("/");
    assert_eq!(status(&page), 200, "{page}");
    for path in ["/preview.css", "/preview.js"] {
        assert!(page.contains(&format!("\"{path}\"")), "{page}");
        assert_eq!(status(&preview.get(path)), 200, "{path}");
    }
    assert!(page.contains("Content-Security-Policy: default-src 'none'; script-src 'self';"));
    for path in [
        "/acme.toml",
        "/index.html",
        "//",
        "/?",
        "/view/",
        "/../acme.toml",
        "/%2e%2e/acme.toml",
        "/etc/passwd",
        "http://127.0.0.1/",
        "*",
    ] {
        let answer = preview.get(path);
        assert_eq!(status(&answer), 404, "{path}\n{answer}");
        assert!(answer.ends_with("\r\n\r\n404 Not Found\n"), "{answer}");
    }
    let host = preview.host();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = preview.send(&format!("{method} / HTTP/1.0\r\nHost: {host}\r\n\r\n"));
        assert_eq!(status(&answer), 405, "{method}\n{answer}");
    }
    // Every path is for those alone that came by this machine's own name.
    let port = host.split_once(':').unwrap().1;
    for path in ["/", "/view", "/events", "/preview.js", "/nowhere"] {
        for headers in [
            "",
            "Host:\r\n",
            "Host: evil.example\r\n",
            &format!("Host: evil.example:{port}\r\n"),
            &format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
            &format!("Host: {host}\r\nHost: evil.example\r\n"),
            &format!("Host: {host}@evil.example\r\n"),
        ] {
            let answer = preview.send(&format!("GET {path} HTTP/1.0\r\n{headers}\r\n"));
            assert_eq!(status(&answer), 403, "{path}, {headers}\n{answer}");
            assert!(!answer.contains("svg") && !answer.contains("Acme"));
        }
    }
    for name in ["localhost", "LocalHost"] {
        let answer = preview.send(&format!("GET / HTTP/1.0\r\nHost: {name}:{port}\r\n\r\n"));
        assert_eq!(status(&answer), 200, "{answer}");
    }
    let port = port.parse().unwrap();
    assert!(TcpListener::bind(("127.0.0.2", port)).is_ok(), "it listens on 127.0.0.1 alone");

    assert_eq!(folder.files(), ["acme.toml"], "nothing is written");
    folder.make(&["--client", "acme.toml"]);
    assert_eq!(crate::pdf::pages(&folder.read(ACME_PDF)).len(), pages.len());
}

#[test]
fn the_pages_follow_each_save() {
    let folder = Folder::with_library();
    let preview = Preview::start(&folder, &["--client", "acme.toml"]);
    let first = preview.wait_for_name("Acme B.V.").pages();

    let folder = folder.edit("acme.toml", "Acme", "Bakker");
    let second = preview.wait_for_name("Bakker B.V.").pages();
    assert!(first[0] != second[0], "the cover names the client");

    let folder = folder.edit(SECURITY, PASSWORDS, "- Zeer sterke wachtwoorden");
    let third = preview.wait_for("a clause", |view| view.pages() != second).pages();
    let words = "layouts/parts/words/nl.toml";
    let folder = folder.edit(words, "\"Inhoudsopgave\"", "\"Overzicht\"");
    preview.wait_for("a layout", |view| view.pages()[1] != third[1]);

    // As editors save: another file in its place, also where the old one stays open or has a second name.
    for (round, name) in ["Carla", "Dirk", "Els"].iter().enumerate() {
        let old = fs::File::open(folder.path("acme.toml")).unwrap();
        fs::hard_link(folder.path("acme.toml"), folder.path(&format!("{round}~"))).unwrap();
        folder.write(".acme.toml.swp", ACME.replace("Acme", name));
        fs::rename(folder.path(".acme.toml.swp"), folder.path("acme.toml")).unwrap();
        preview.wait_for_name(&format!("{name} B.V."));
        drop(old);
    }
    // The last of many saves counts.
    for round in 0..=60 {
        folder.write("acme.toml", ACME.replace("Acme", &format!("Frank {round}")));
        sleep(Duration::from_millis(round % 7));
    }
    preview.wait_for_name("Frank 60 B.V.");
}

#[test]
fn a_library_that_comes_goes_or_is_replaced_is_seen() {
    let title = |text: &str| format!("title = \"{text}\"");
    let folder = Folder::new().file("klanten/acme.toml", ACME);
    let preview = Preview::start(&folder, &["--client", "klanten/acme.toml"]);
    let embedded = |view: &View| view.text("summary").contains("library embedded");
    preview.wait_for("the embedded library", embedded);

    let copied = |name: &str| {
        copy(&repository().join("clauses"), &folder.path("new"));
        let text = fs::read_to_string(folder.path("new/contract.toml")).unwrap();
        folder.write("new/contract.toml", text.replace(&title("Verwerkersovereenkomst AVG"), name));
        fs::rename(folder.path("new"), folder.path("clauses")).unwrap();
    };
    for name in ["Eerste", "Tweede"] {
        copied(&title(name));
        preview.wait_for(name, |view| view.text("title").ends_with(name));
        if name == "Eerste" {
            fs::remove_dir_all(folder.path("clauses")).unwrap();
            preview.wait_for("the embedded library again", embedded);
        }
    }
    // Put in the other's place at once: the watched folder is another one.
    fs::rename(folder.path("clauses"), folder.path("old")).unwrap();
    copied(&title("Derde"));
    preview.wait_for("Derde", |view| view.text("title").ends_with("Derde"));
    let contract = fs::read_to_string(folder.path("clauses/contract.toml")).unwrap();
    folder.write("clauses/contract.toml", contract.replace("Derde", "Vierde"));
    preview.wait_for("Vierde", |view| view.text("title").ends_with("Vierde"));
}

#[test]
fn an_error_stands_over_the_pages_until_it_is_mended() {
    let folder = Folder::with_library();
    let preview = Preview::start(&folder, &["--client", "acme.toml"]);
    let pages = preview.wait_for_name("Acme B.V.").pages();

    folder.write("acme.toml", ACME.replace("website", "websit").replace("name", "naam"));
    let view = preview.wait_for("an error", |view| !view.text("problems").is_empty());
    let reported = folder.fail(&["--client", "acme.toml"]).stderr;
    assert_eq!(view.text("problems"), reported, "as on the terminal, without colour");
    assert_snapshot!("preview_problems", view.text("problems"));
    assert!(view.pages() == pages, "the pages stay");
    folder.write("acme.toml", ACME);
    let view = preview.wait_for("mended", |view| view.text("problems").is_empty());
    assert!(view.pages() == pages);

    // Of Typst; and one that only the PDF shows.
    for wrong in ["#nothing-of-the-kind", "#link(\"dpa-field:x\")[x]", "Zie @nergens."] {
        let text = fs::read_to_string(folder.path(SECURITY)).unwrap();
        folder.write(SECURITY, format!("{text}\n{wrong}\n"));
        let view = preview.wait_for(wrong, |view| view.text("problems").contains(wrong));
        assert!(view.text("problems").contains("┌─ clauses/articles/security.typ:"));
        folder.write(SECURITY, text);
        preview.wait_for("mended", |view| view.text("problems").is_empty());
    }

    // A client file that is gone for a while.
    let folder = folder.without("acme.toml");
    preview.wait_for("gone", |view| view.text("problems").contains("there is no such file"));
    folder.write("acme.toml", ACME);
    preview.wait_for("there again", |view| view.text("problems").is_empty());
}

#[cfg(unix)]
#[test]
fn a_client_file_that_is_wrong_or_not_there_yet_is_waited_for() {
    let folder = Folder::new();
    let preview = Preview::start(&folder, &["--client", "klanten/acme.toml"]);
    let view = preview.wait_for("an error", |view| !view.text("problems").is_empty());
    assert_eq!(view.pages(), [""; 0]);
    assert_eq!(view.text("title"), "klanten/acme.toml");
    fs::create_dir(folder.path("elders")).unwrap();
    folder.write("elders/echt.toml", ACME);
    fs::create_dir(folder.path("klanten")).unwrap();
    symlink("../elders/echt.toml", folder.path("klanten/acme.toml")).unwrap();
    preview.wait_for_name("Acme B.V.");
    folder.write("elders/echt.toml", ACME.replace("Acme", "Bakker"));
    preview.wait_for_name("Bakker B.V.");
}

#[test]
fn the_general_edition_and_other_libraries() {
    let folder = Folder::new();
    copy(&repository().join("clauses"), &folder.path("lib/clauses"));
    let preview = Preview::start(&folder, &["--general", "--library", "lib"]);
    let view = preview.wait_for_name("general edition");
    assert!(view.text("summary").contains("library `lib/clauses`"), "{}", view.text("summary"));
    let contract = fs::read_to_string(folder.path("lib/clauses/contract.toml")).unwrap();
    folder.write("lib/clauses/contract.toml", contract.replace("AVG\"", "AVG!\""));
    preview.wait_for("the title", |view| view.text("title").ends_with("AVG!"));
}

#[test]
fn the_browser_gets_word_of_each_change_and_of_nothing_else() {
    let folder = Folder::with_acme();
    let preview = Preview::start(&folder, &["--client", "acme.toml"]);
    let number = |view: &View| view.0["number"].as_u64().unwrap();
    let first = number(&preview.wait_for_name("Acme B.V."));
    let mut stream = TcpStream::connect(preview.host()).unwrap();
    let request = format!("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host());
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    assert!(head.contains(&"Content-Type: text/event-stream".to_owned()), "{head:?}");
    let mut next = || lines.find(|line| !line.is_empty()).unwrap();
    assert_eq!(next(), format!("data: {first}"));

    // A remark changes nothing on the pages, nor does another file.
    let folder = folder.append("acme.toml", "# a remark\n").file("notes.txt", "other");
    sleep(Duration::from_millis(800));
    let folder = folder.edit("acme.toml", "Acme", "Bakker");
    assert_eq!(next(), format!("data: {}", first + 1));
    assert_eq!(number(&preview.wait_for_name("Bakker B.V.")), first + 1);
    drop(folder);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = Folder::with_acme();
    let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let run = folder.fail(&["preview", "--client", "acme.toml", "--port", &port]);
    assert_eq!(run.code, Some(2), "{run}");
    assert_snapshot!("preview_port_taken", run.to_string().replace(&port, "[port]"));
    drop(other);
    let preview = Preview::start(&folder, &["--client", "acme.toml", "--port", &port]);
    assert_eq!(preview.address, format!("http://127.0.0.1:{port}/"));
    preview.wait_for_name("Acme B.V.");
}

#[test]
fn what_cannot_be_asked_for() {
    let folder = Folder::with_acme();
    assert_snapshot!("preview_help", folder.make(&["preview", "--help"]).to_string());
    for arguments in [
        &["preview"][..],
        &["preview", "-c", "acme.toml", "--general"],
        &["preview", "-c", "acme.toml", "-c", "acme.toml"],
        &["preview", "-c", "acme.toml", "--port", "70000"],
    ] {
        let run = folder.fail(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}\n{run}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_and_leaves_nothing() {
    let folder = Folder::with_acme();
    let mut preview = Preview::start(&folder, &["--client", "acme.toml"]);
    preview.wait_for_name("Acme B.V.");
    let process = preview.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    let status = preview.process.wait().unwrap();
    // A shell calls that 130.
    assert_eq!(status.signal(), Some(2), "{status}");
    let mut rest = String::new();
    preview.stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the address is all that is printed");
    assert_eq!(folder.files(), ["acme.toml"]);
    assert!(TcpStream::connect(preview.host()).is_err());
}

#[cfg(unix)]
#[test]
fn the_browser_is_opened_if_wanted() {
    let folder = Folder::with_acme();
    folder.write(
        "bin/xdg-open",
        "#!/bin/sh\nprintf %s \"$1\" > opened.new && mv opened.new opened\n",
    );
    let program = folder.path("bin/xdg-open");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path("bin").display(), std::env::var("PATH").unwrap());
    let preview = Preview::start_with(&folder, &["--client", "acme.toml", "--open"], |command| {
        command.env("PATH", path);
    });
    let started = Instant::now();
    while !folder.path("opened").exists() {
        assert!(started.elapsed().as_secs() < 30, "no browser was opened");
        sleep(Duration::from_millis(20));
    }
    assert_eq!(String::from_utf8(folder.read("opened")).unwrap(), preview.address);
}

#[test]
fn idle_connections_are_closed_and_no_more_than_64_are_served() {
    let folder = Folder::with_acme();
    let preview = Preview::start(&folder, &["--client", "acme.toml"]);
    preview.wait_for_name("Acme B.V.");
    let connect = || {
        let stream = TcpStream::connect(preview.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    };
    let started = Instant::now();
    let mut idle: Vec<TcpStream> = (0..64).map(|_| connect()).collect();
    // One more gets no answer, whatever it asks.
    let mut extra = connect();
    let _ = write!(extra, "GET / HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host());
    let mut answer = Vec::new();
    let _ = extra.read_to_end(&mut answer);
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    // The idle ones are closed, though one of them dribbles.
    let _ = idle[0].write_all(b"GET / HTTP/1.1\r\n");
    for stream in &mut idle {
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    }
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
    assert_eq!(status(&preview.get("/")), 200);
}

#[test]
fn a_clause_that_never_ends_ends_the_preview() {
    let endless =
        "\n#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = a } } }\n";
    let folder = Folder::with_library().append("clauses/articles/security.typ", endless);
    let run = folder.fail(&["preview", "--client", "acme.toml", "--limit", "3"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("error: the pages were not made in 3 seconds"), "{run}");
}
