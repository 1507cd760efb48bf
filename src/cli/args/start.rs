//! What to do first.

/// What is printed if the program is run without arguments.
pub const START: &str = "\
dpa-gen makes a data-processing agreement (art. 28 GDPR) as a PDF. What to do next:

  dpa-gen new acme               write a client file, acme.toml; it asks for the details
  dpa-gen --client acme.toml     make that client's contract
  dpa-gen init                   or first create a folder to work in, with the contract's text
  dpa-gen --help                 all commands and options";
