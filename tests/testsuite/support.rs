//! A folder of its own for each test, and runs of the real program in it.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use dpa_gen::client::Client;
use dpa_gen::contract::{Contract, Form};
use dpa_gen::diagnostic::{Problems, Source};
use dpa_gen::library::{Files, Library};
use dpa_gen::typeset::Typesetter;
use tempfile::TempDir;

/// Holds a text against its snapshot. A snapshot never writes itself: see `.cargo/config.toml`.
macro_rules! assert_snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}
pub(crate) use assert_snapshot;

/// The smallest client file that is in order.
pub const ACME: &str = "services = [\"website\"]\n\n[client]\nname = \"Acme B.V.\"\n";

/// The PDF that `acme.toml` gives.
pub const ACME_PDF: &str = "acme-verwerkersovereenkomst-2026-06-12.pdf";

/// The root of the repository: where it is now, if the tests were copied elsewhere with it.
pub fn repository() -> &'static Path {
    static ROOT: LazyLock<PathBuf> =
        LazyLock::new(|| now("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR")));
    &ROOT
}

/// The program: where it is now, if the tests were copied elsewhere with it.
pub fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> =
        LazyLock::new(|| now("CARGO_BIN_EXE_dpa-gen", env!("CARGO_BIN_EXE_dpa-gen")));
    &PROGRAM
}

/// A path in the environment that the tests run in, else the one of the build.
fn now(variable: &str, built: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| built.into(), PathBuf::from)
}

/// The path of a sample client file.
pub fn sample(name: &str) -> PathBuf {
    repository().join("fixtures/clients").join(name)
}

/// A temporary folder, removed at the end of its test.
pub struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One with the smallest client file, `acme.toml`.
    pub fn with_acme() -> Self {
        Self::new().file("acme.toml", ACME)
    }

    /// One with a copy of the repository's library, and `acme.toml`.
    pub fn with_library() -> Self {
        let folder = Self::with_acme();
        for name in ["clauses", "layouts"] {
            copy(&repository().join(name), &folder.path(name));
        }
        folder
    }

    /// Adds a file, and the folders above it.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// Writes a file, and makes the folders above it.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Replaces a part of a file, which must be in it exactly once.
    pub fn edit(self, path: &str, part: &str, by: &str) -> Self {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert_eq!(text.matches(part).count(), 1, "`{part}` should be in {path} once");
        self.write(path, text.replace(part, by));
        self
    }

    /// Puts text at the end of a file.
    pub fn append(self, path: &str, more: &str) -> Self {
        let text = fs::read_to_string(self.path(path)).unwrap();
        self.write(path, text + more);
        self
    }

    /// Takes a file or a folder away.
    pub fn without(self, path: &str) -> Self {
        let full = self.path(path);
        if full.is_dir() {
            fs::remove_dir_all(full).unwrap();
        } else {
            fs::remove_file(full).unwrap();
        }
        self
    }

    /// The files of the lock beside the PDFs of a folder, one after the other.
    pub fn lock(&self, folder: &str) -> String {
        let lock = self.path(folder).join("dpa.lock.d");
        let names = if lock.is_dir() { files_below(&lock) } else { Vec::new() };
        let text = |name: &String| fs::read_to_string(lock.join(name)).unwrap();
        names.iter().fold(String::new(), |all, name| format!("{all}──── {name}\n{}", text(name)))
    }

    /// Where a file of the folder is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// A file's bytes.
    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The text of a PDF, without line breaks and with single blanks.
    pub fn prose(&self, pdf: &str) -> String {
        prose(&self.read(pdf))
    }

    /// The paths of all files, sorted; those of the library's copy and of the bookkeeping left out.
    pub fn files(&self) -> Vec<String> {
        let mut files = files_below(self.0.path());
        let is_bookkeeping =
            |path: &str| path.contains("dpa.lock.d/") || path.ends_with(".dpa-gen.cache");
        files.retain(|path| {
            let is_library = path.starts_with("clauses/") || path.starts_with("layouts/");
            !is_library && !is_bookkeeping(path)
        });
        files
    }

    /// Runs the program here.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, |_| {})
    }

    /// Runs the program here, changing how it is run.
    pub fn run_with(&self, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Run {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(self.0.path());
        for name in ["COLUMNS", "CLICOLOR_FORCE", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C");
        change(&mut command);
        let output = command.output().unwrap();
        let text = |bytes| self.stable(&String::from_utf8(bytes).unwrap());
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs the program and asks that all went well.
    pub fn make(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{run}");
        run
    }

    /// Runs the program, asks that it fails and leaves every file of the folder as it is, and returns the
    /// whole output.
    pub fn fail(&self, arguments: &[&str]) -> Run {
        self.fail_with(arguments, |_| {})
    }

    /// The same, changing how the program is run.
    pub fn fail_with(&self, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Run {
        let before = self.state();
        let run = self.run_with(arguments, change);
        assert!(matches!(run.code, Some(1 | 2)), "this should fail:\n{run}");
        let mut changed = self.state();
        // What the program remembers of file times is no output.
        changed.retain(|file| !before.contains(file) && !file.0.ends_with(".dpa-gen.cache"));
        let changed: Vec<_> = changed.iter().map(|(path, _)| path).collect();
        assert!(changed.is_empty(), "a failed run should leave all as it is: {changed:?}\n{run}");
        run
    }

    fn state(&self) -> Vec<(String, Option<Vec<u8>>)> {
        let read = |path: String| {
            let bytes = fs::read(self.path(&path)).ok();
            (path, bytes)
        };
        files_below(self.0.path()).into_iter().map(read).collect()
    }

    /// Takes out of an output what differs from run to run.
    fn stable(&self, text: &str) -> String {
        let here = self.0.path().to_str().unwrap();
        stable_times(&text.replace(here, "[folder]"))
    }
}

/// The paths of all files below a folder, sorted.
pub fn files_below(root: &Path) -> Vec<String> {
    fn visit(folder: &Path, root: &Path, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                visit(&path, root, files);
            } else {
                let below = path.strip_prefix(root).unwrap();
                files.push(below.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    let mut files = Vec::new();
    visit(root, root, &mut files);
    files.sort();
    files
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    for path in files_below(from) {
        let target = to.join(&path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&path), target).unwrap();
    }
}

/// Writes `(… ms)` for `(12 ms)`.
pub fn stable_times(text: &str) -> String {
    let mut parts = text.split(" ms)");
    let mut stable = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let kept = stable.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        stable.replace_range(kept.., "… ms)");
        stable.push_str(part);
    }
    stable
}

/// Writes `[digest]` for a digest, whole or its first 12 digits.
pub fn without_digests(text: &str) -> String {
    let is_digest = |word: &str| {
        [12, 64].contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let mut stable = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (bare, end) = match word.char_indices().last() {
            Some((at, last)) if !last.is_ascii_alphanumeric() => word.split_at(at),
            _ => (word, ""),
        };
        stable.push_str(if is_digest(bare) { "[digest]" } else { bare });
        stable.push_str(end);
    }
    stable
}

/// What the program did.
pub struct Run {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Display for Run {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit code {code}")?,
            None => writeln!(f, "killed")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "──── {name} ────\n{text}")?;
            }
        }
        Ok(())
    }
}

/// The text of a PDF with its lines joined as a reader joins them: words that a line end divides are whole
/// again, and all white is a single blank.
pub fn prose(pdf: &[u8]) -> String {
    let pages = crate::pdf::pages(pdf);
    join(pages.iter().flat_map(|page| &page.lines).map(String::as_str))
}

/// Joins lines. A soft hyphen at the end of a line goes; after a real one the next word follows at once,
/// and no blank stands behind any, so that it makes no difference where a line ended.
pub fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim());
        if text.ends_with('\u{AD}') {
            text.pop();
        } else {
            text.push(' ');
        }
    }
    fold(&text)
}

/// Plain quotes and dashes, single blanks, and none after a hyphen or a slash.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|character| match character {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            '–' | '—' => '-',
            other => other,
        })
        .collect();
    let single = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    single.replace("- ", "-").replace("/ ", "/")
}

/// A text's letters in order: no white, no hyphenation, no marks of direction.
pub fn letters(text: &str) -> String {
    let is_letter =
        |c: &char| !c.is_whitespace() && !['\u{AD}', '\u{200E}', '\u{200F}'].contains(c);
    text.chars().filter(is_letter).collect()
}

/// Runs what needs a large stack, as layout of deeply nested content does.
pub fn with_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, run);
        thread.unwrap().join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// The library in the program.
pub fn embedded() -> Library {
    Library::read(Files::embedded_clauses(), Files::embedded_layouts(), None).unwrap()
}

/// Assembles the contract of a client file's text.
pub fn contract(library: &Library, client: &str) -> Result<Contract, Problems> {
    let source = Source::new("client.toml", client);
    let client = Client::read(&source, library)?;
    Ok(Contract::assemble(&client, Form::Fields))
}

/// Makes the PDF of a client file's text, without the command line.
pub fn pdf(
    library: &Library,
    typesetter: &Typesetter<'_>,
    client: &str,
) -> Result<Vec<u8>, Problems> {
    let contract = contract(library, client)?;
    let document = typesetter.lay_out(&contract)?;
    typesetter.export(&document)
}
