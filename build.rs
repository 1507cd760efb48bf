//! Rebuilds the program when a file is added to the embedded library or removed from it.

fn main() {
    println!("cargo::rerun-if-changed=clauses");
    println!("cargo::rerun-if-changed=layouts");
}
