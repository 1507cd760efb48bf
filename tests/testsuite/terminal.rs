//! A terminal to run the program on: a pseudo-terminal of the system, and what it would show.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use vt100::Parser;

use crate::support::{Folder, program};

const ROWS: u16 = 40;
const COLUMNS: u16 = 100;

/// The program, running on a terminal.
pub struct Terminal {
    pty: Arc<Pty>,
    screen: Arc<Mutex<Parser>>,
    reader: JoinHandle<()>,
    program: Child,
}

impl Terminal {
    /// Starts the program in a folder.
    pub fn start(folder: &Folder, arguments: &[&str]) -> Self {
        Self::run(folder, Command::new(program()).args(arguments))
    }

    /// Starts any program in a folder.
    pub fn run(folder: &Folder, command: Command) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(ROWS, COLUMNS)).unwrap();
        let command = command.current_dir(folder.path("")).env("TERM", "xterm");
        let program = command.env_remove("NO_COLOR").spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let size = |cells| NonZeroU16::new(cells).unwrap();
        let screen = Arc::new(Mutex::new(Parser::new(size(ROWS), size(COLUMNS), 0)));
        let reader = thread::spawn({
            let (pty, screen) = (Arc::clone(&pty), Arc::clone(&screen));
            move || {
                let mut bytes = [0; 4096];
                // It ends in an error when the program has gone.
                while let Ok(count @ 1..) = (&*pty).read(&mut bytes) {
                    screen.lock().unwrap().process(&bytes[..count]);
                }
            }
        });
        Self { pty, screen, reader, program }
    }

    /// Types.
    pub fn type_keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// What stands on the screen once it shows this text and is at rest.
    pub fn wait_for(&self, text: &str) -> String {
        let started = Instant::now();
        let (mut before, mut at_rest) = (String::new(), 0);
        loop {
            let now = self.shown();
            at_rest = if now == before { at_rest + 1 } else { 0 };
            // A program that has just drawn a question may not listen yet.
            if now.contains(text) && at_rest > 3 {
                return now;
            }
            assert!(started.elapsed() < Duration::from_mins(2), "no `{text}` on:\n{now}");
            before = now;
            thread::sleep(Duration::from_millis(40));
        }
    }

    /// The exit code, if it is not killed, and what stands on the screen at the end.
    pub fn finish(mut self) -> (Option<i32>, String) {
        let status = self.program.wait().unwrap();
        self.reader.join().unwrap();
        let shown = self.screen.lock().unwrap().screen().contents();
        (status.code(), shown)
    }

    fn shown(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }
}
