//! The `dpa-gen` program; all that it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    dpa_gen::cli::run()
}
