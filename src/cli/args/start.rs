//! What to do first.

/// What is printed if the program is run without arguments.
pub const START: &str = "\
dpa-gen makes a data-processing agreement (art. 28 GDPR) as a PDF. What to do next:

  dpa-gen new acme               write a client file, acme.toml; it asks for the details
  dpa-gen --client acme.toml     make that client's contract
  dpa-gen init                   or first create a folder to work in, with the contract's text
  dpa-gen --help                 all commands and options";

/// What the help ends with.
pub const EXAMPLES: &str = "\
Examples:
  dpa-gen new acme                        asks who the client is, and writes acme.toml
  dpa-gen --client acme.toml              acme-verwerkersovereenkomst-2026-06-12.pdf in this folder
  dpa-gen --client acme.toml -o out/      the same in out/
  dpa-gen --general                       the edition to publish, without a client
  dpa-gen regenerate                      bring the PDFs of all clients up to date
  dpa-gen preview --client acme.toml      its pages in the browser, updated with each save
  dpa-gen check                           check the contract against art. 28 GDPR and itself
  dpa-gen show signed.pdf                 who filled in and signed what

A `clauses/` or `layouts/` folder beside the client file, or above it, replaces the embedded library.
Exit codes: 0 done, 1 the input has problems, 2 failed or invalid usage.";
