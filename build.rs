//! Builds anew when a file is added to the embedded library or taken from it.

fn main() {
    println!("cargo:rerun-if-changed=clauses");
    println!("cargo:rerun-if-changed=layouts");
}
