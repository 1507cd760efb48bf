//! Keys and pass phrases: where a run that signs leaves them, and where it does not.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::keeping::ANNA_PDF;
use crate::sign::anna;
use crate::support::program;

/// The memory of a process: its parts that can be read, each with its name.
fn memory(process: &Child) -> Vec<(String, Vec<u8>)> {
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", process.id())).unwrap();
    let mut memory = File::open(format!("/proc/{}/mem", process.id())).unwrap();
    let mut parts = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (from, to) = (number(from), number(to));
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        let read = memory.seek(SeekFrom::Start(from)).and_then(|_| memory.read_exact(&mut bytes));
        if read.is_ok() {
            parts.push((line.to_owned(), bytes));
        }
    }
    parts
}

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    let first = secret[0];
    let places = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
    places.into_iter().any(|(at, _)| bytes[at..].starts_with(secret))
}

/// A core file has what the memory has.
#[test]
fn memory_holds_no_secret_once_it_is_signed() {
    let folder = anna();
    let (mut rest, mut output) = std::io::pipe().unwrap();
    // The result does not fit into the pipe: the run waits there, after all else is done.
    output.write_all(&vec![b'.'; 65_536]).unwrap();
    let mut process = Command::new(program())
        .args(["sign", ANNA_PDF, "--key", "p-256.p12", "--passphrase-fd", "0", "-o", "out.pdf"])
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(b"geheim\n").unwrap();
    let started = Instant::now();
    while !folder.path("agreements/anna/history.toml").exists() {
        assert!(started.elapsed() < Duration::from_mins(1), "it signs");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    let parts = memory(&process);
    let key = folder.read("p-256.key.der");
    let secret = key.windows(2).position(|window| window == [0x04, 0x20]).unwrap() + 2;
    let secret = &key[secret..secret + 32];
    let reversed: Vec<u8> = secret.iter().rev().copied().collect();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    rest.read_exact(&mut vec![0; 65_536]).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "no core file is written: {core}");
    assert!(parts.iter().any(|(_, bytes)| holds(bytes, ANNA_PDF.as_bytes())), "it is its memory");
    let secrets: [(&str, &[u8]); 3] =
        [("key", secret), ("key, its last byte first", &reversed), ("pass phrase", b"geheim")];
    for (what, secret) in secrets {
        for (part, bytes) in &parts {
            assert!(!holds(bytes, secret), "the {what} is in {part}");
        }
    }
}
