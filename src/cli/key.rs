//! The key to sign with: its store is opened with a pass phrase, and neither is printed or written.

use std::fs;
use std::io::{IsTerminal, Read as _, stdin};
use std::path::Path;

use inquire::{Password, PasswordDisplayMode};
use zeroize::Zeroizing;

use super::args::{PassphraseArguments, SigningArguments};
use super::place;
use crate::diagnostic::{Diagnostic, Severity, Slashed};
use crate::input;
use crate::pdf::sign::Identity;

/// The key that what is made is signed with at once, if it is.
pub fn of(arguments: &SigningArguments) -> Result<Option<Identity>, Diagnostic> {
    let key = arguments.key.as_ref().filter(|_| arguments.sign);
    key.map(|key| open(key, &arguments.passphrase)).transpose()
}

/// Opens a key store.
pub fn open(key: &Path, passphrase: &PassphraseArguments) -> Result<Identity, Diagnostic> {
    forbid_core_dumps();
    let path = place::existing(key);
    let store = input::bytes(&path)
        .map_err(|error| Diagnostic::io(Severity::Error, "read", &path, &error))?;
    let store = Zeroizing::new(store);
    let passphrase = self::passphrase(passphrase, key)?;
    Identity::open(&store, &passphrase).map_err(|error| unusable(key, &error.to_string()))
}

/// What is wrong with a key or a certificate.
pub fn unusable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(format!("cannot sign with `{}`: {why}", path.slashed()))
}

/// The pass phrase: from where the arguments say, else from the terminal, where it is not shown.
fn passphrase(
    arguments: &PassphraseArguments,
    key: &Path,
) -> Result<Zeroizing<String>, Diagnostic> {
    if let Some(name) = &arguments.passphrase_env {
        return std::env::var(name).map(Zeroizing::new).map_err(|_| {
            Diagnostic::error(format!(
                "there is no pass phrase in the environment variable `{name}`"
            ))
        });
    }
    if let Some(number) = arguments.passphrase_fd {
        let mut text = Zeroizing::new(String::new());
        let file = fs::File::open(format!("/dev/fd/{number}"));
        file.and_then(|mut file| file.read_to_string(&mut text)).map_err(|error| {
            Diagnostic::error(format!(
                "cannot read the pass phrase from file descriptor {number}: {error}"
            ))
        })?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        return Ok(Zeroizing::new(line.strip_suffix('\r').unwrap_or(line).to_owned()));
    }
    if !stdin().is_terminal() {
        return Err(Diagnostic::error("there is no terminal to ask for the pass phrase on")
            .hint("name where it is with `--passphrase-env NAME` or `--passphrase-fd N`"));
    }
    Password::new(&format!("Pass phrase of {}:", key.slashed()))
        .without_confirmation()
        .with_display_mode(PasswordDisplayMode::Hidden)
        .prompt()
        .map(Zeroizing::new)
        .map_err(|_| Diagnostic::failure("stopped before the pass phrase was given"))
}

/// While a key is in memory, a crash writes no memory to the disk.
fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it cannot be forbidden, signing goes on as everything does there.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
