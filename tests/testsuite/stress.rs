//! Runs that are killed, and a disk that is full: what is there is whole, and the lock does not lie.
//! Slow, so only `make stress` runs them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use dpa_gen::pdf::{Original, inspect};
use serde_json::Value;

use crate::keeping::{assert_all_current, client};
use crate::support::Folder;
use crate::together::{NAMES, start, twelve};

const KILLS: usize = 200;

/// Pseudo-random numbers, the same in every run (xorshift64*).
pub struct Random(pub u64);

impl Random {
    /// The next one, below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % end
    }
}

/// Asks that every PDF of a folder is whole and as it was made; returns how many there are.
fn assert_whole(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pdf") {
            let bytes = fs::read(&path).unwrap();
            assert!(bytes.trim_ascii_end().ends_with(b"%%EOF"), "{} is torn", path.display());
            assert_eq!(inspect(&bytes).unwrap().original, Original::Untouched);
            count += 1;
        }
    }
    count
}

/// What `status` says; it must be able to read the lock.
fn status(folder: &Folder, output: &str) -> Value {
    let run = folder.run(&["status", "--json", "-o", output]);
    assert!(matches!(run.code, Some(0 | 1)), "{run}");
    let reported: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(reported["problems"].as_array().unwrap().len(), 0, "{run}");
    reported
}

fn temporaries(folder: &Folder) -> usize {
    let entries = fs::read_dir(folder.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".dpa-gen-")).count()
}

#[test]
#[ignore = "takes minutes: make stress"]
fn runs_that_are_killed() {
    let folder = twelve();
    let mut random = Random(20_260_612);
    let started = Instant::now();
    folder.make(&["regenerate"]);
    let mut latest = usize::try_from(started.elapsed().as_micros()).unwrap();
    for pdf in folder.files().iter().filter(|file| file.contains("-verwerkers")) {
        fs::remove_file(folder.path(pdf)).unwrap();
    }
    fs::remove_dir_all(folder.path("dpa.lock.d")).unwrap();

    let (mut killed, mut left_over) = (0, 0);
    for round in 0.. {
        if killed == KILLS {
            println!("{round} runs, of which {killed} were killed before they were done");
            break;
        }
        assert!(round < KILLS * 2, "only {killed} of {round} were killed before they were done");
        // Half of them, so that most of the time something is being written.
        for name in NAMES {
            if random.below(2) == 0 {
                folder.write(&format!("clients/{name}.toml"), client(&format!("{name} {round}")));
            }
        }
        let mut run = start(&folder, &["regenerate"]);
        sleep(Duration::from_micros(random.below(latest).try_into().unwrap()));
        run.kill().unwrap();
        let is_killed = run.wait().unwrap().code().is_none();
        killed += usize::from(is_killed);
        // How long a run takes depends on what it finds and on what else the machine does.
        latest = if is_killed { latest + latest / 16 } else { latest - latest / 8 };

        assert_whole(&folder.path(""));
        status(&folder, ".");
        let temporaries = temporaries(&folder);
        let cores = std::thread::available_parallelism().unwrap().get();
        assert!(temporaries <= left_over + cores + 1, "round {round}: {temporaries}");
        left_over = temporaries;
    }
    folder.make(&["regenerate"]);
    assert_all_current(&folder, 12);
    assert_eq!(assert_whole(&folder.path("")), 12);
    assert_eq!(temporaries(&folder), 0, "a run takes away what killed ones left");
}

/// A small file system of its own, unmounted at the end.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[cfg(unix)]
#[test]
#[ignore = "mounts a file system, which only root can: make stress"]
fn a_disk_that_is_full() {
    for size in ["size=64k", "size=700k", "size=1500k"] {
        let folder = twelve();
        let path = folder.path("full");
        fs::create_dir(&path).unwrap();
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(&path).output();
        if !mount.is_ok_and(|output| output.status.success()) {
            println!("skipped: no file system can be mounted here");
            return;
        }
        let _mounted = Mounted(&path);
        for _ in 0..2 {
            let run = folder.run(&["regenerate", "-o", "full"]);
            assert!(matches!(run.code, Some(1 | 2)), "{size}\n{run}");
            assert!(run.stderr.contains("cannot write"), "{size}\n{run}");
            assert!(!run.stderr.contains("panicked"), "{size}\n{run}");
            let there = assert_whole(&path);
            let reported = status(&folder, "full");
            let states = reported["results"].as_array().unwrap().iter();
            let current: Vec<_> = states.filter(|state| state["state"] == "current").collect();
            assert!(current.iter().all(|state| state["touched"] == "untouched"), "{reported}");
            println!("{size}: {there} PDFs there, {} known as current", current.len());
            assert!(current.len() <= there);
        }
        // More room, and all is made.
        let remount = format!("remount,{}", "size=20m");
        Command::new("mount").args(["-o", &remount]).arg(&path).status().unwrap();
        folder.make(&["regenerate", "-o", "full"]);
        assert_eq!(assert_whole(&path), 12);
        assert_eq!(folder.run(&["status", "-o", "full"]).code, Some(0));
    }
}
