//! How the program is linked.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    // At a fixed address it has none of the 77,000 relocations that the system would else make, and the
    // 3 MB of memory they take, each time it starts.
    let is = |key, value| env::var(key).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bin=dpa-gen=-no-pie");
    }
}
