//! `dpa-gen` makes data-processing agreements (art. 28 GDPR) from clause files and client files.
//!
//! This page is the map of the code: the way through it, its rooms, and where a change goes.
//!
//! # One way through
//!
//! ```text
//! client.toml ─┐
//!              ├─ read ─> check ─> Contract ─> contract.json ─> Typst ─> pages ─> PDF ─> fields ─> file
//! clauses/ ────┘  spans    all       one        the only         layouts/          typst-  and
//!                       problems    value       generated file                     pdf     attachment
//! ```
//!
//! Each arrow is one module calling the next; no arrow goes back. Reading happens at the left, writing at
//! the right; only [`cli`] prints and picks an exit code.
//!
//! # Rooms
//!
//! | room | owns | may know |
//! |---|---|---|
//! | [`cli`] | arguments (no I/O in them), one file per command, what is printed | everything below |
//! | [`ops`] | what the commands do, as functions that a program could call | everything below |
//! | [`check`] | rules: art. 28 coverage, terms, references; findings of many contracts as one | `client`, `compare`, `contract`, `library`, `party`, `typeset`, `input`, `diagnostic` |
//! | [`compare`] | what differs between two texts of an agreement; pure | nothing of ours |
//! | [`store`] | files whole or not at all; `dpa.lock.d`, what is stale, what must not be touched; the history of each agreement | `client` (ids), `compare` (what a change needs), `contract` (digests), `pdf`, `input`, `diagnostic` |
//! | [`typeset`] | the world that Typst sees, pages, export; any [`typeset::Paper`] | `contract`, `library`, `pdf`, `input`, `diagnostic` |
//! | [`contract`] | [`contract::Contract::assemble`]: selection, rows, digest; the Typst project | `client`, `library`, `party`, `subprocessor`, `terms`, `diagnostic` |
//! | [`client`] | the client file: TOML to values that are checked against a library | `library`, `subprocessor`, `party`, `terms`, `schema`, `input`, `diagnostic` |
//! | [`library`] | `contract.toml`, `services.toml`, clause files, layouts; embedded or from a folder | `compare` (kinds of changes), `subprocessor`, `countries`, `party`, `terms`, `schema`, `input`, `diagnostic` |
//! | [`subprocessor`] | a sub-processor, as typed and as checked | `countries`, `party`, `input`, `diagnostic` |
//! | [`countries`] | the countries, and on what ground personal data may go there | `input`, `diagnostic` |
//! | [`party`] | the details of a party, as typed and as checked | `countries`, `input`, `diagnostic` |
//! | [`terms`] | the times that the owner may set, as typed and as checked | `input`, `diagnostic` |
//! | [`preview`] | the page in the browser, and its server on this machine alone | `diagnostic` |
//! | [`pdf`] | PDF bytes to PDF bytes: form fields, attachments, further pages, reading back | nothing of ours |
//! | [`schema`] | the JSON Schema of what users write, out of the `Raw…` types | `input` |
//! | [`input`] | reading texts and TOML with all problems of a file at once | `diagnostic` |
//! | [`diagnostic`] | one type for every problem, one renderer | nothing of ours |
//!
//! # Types show the stage
//!
//! What a user types is `Raw…` (private, every value with its place, everything optional). What is checked
//! is [`library::Library`] and [`client::Client`], which holds the library that it was checked against; what is
//! assembled is [`contract::Contract`]. A value of a later stage cannot be wrong, so assembling cannot fail.
//!
//! # Where a change goes
//!
//! - a sentence of the contract: a file in `clauses/`, never Rust;
//! - its looks, and the fixed words around it: `layouts/parts/`, the measures of each layout in its folder; the
//!   page for the screen: `layouts/screen/`;
//! - a key of the client file: its `Raw…` type in [`client`], with a remark in Dutch and in English (the
//!   schema follows), and its checked type; its line in `src/ops/template/client.toml`; its place in
//!   [`contract`]; the clause or layout that shows it (tests hold that none of these is forgotten);
//! - what clauses may import: `src/contract/contract.typ`;
//! - a new check of the input: where the value is checked, with [`input::Checker`];
//! - a new rule of `dpa-gen check`: its code and story in `check/codes.toml`, its work in a file of [`check`],
//!   a good and a bad library in `fixtures/check/<code>/`;
//! - a sentence of an e-mail: `clauses/mail.txt`, `clauses/notice.txt` and `clauses/notice.toml`;
//! - a new paper: its name in [`library::PaperKind`], `layouts/<layout>/<name>.typ` with its words in a folder of
//!   that name, and a value that is a [`typeset::Paper`]; the typesetter does the rest;
//! - a new command: its work in [`ops`], its arguments in `cli/args.rs` or a file in `cli/args/`, and a file
//!   in `cli/` that calls the one with the other and prints the result.
//!
//! # In a program
//!
//! ```
//! use dpa_gen::client::Client;
//! use dpa_gen::contract::{Contract, Form};
//! use dpa_gen::diagnostic::Source;
//! use dpa_gen::library::{Files, Library};
//! use dpa_gen::typeset::Typesetter;
//!
//! # fn main() -> Result<(), dpa_gen::diagnostic::Problems> {
//! let library = Library::read(Files::embedded_clauses(), Files::embedded_layouts(), None)?;
//! let file = Source::new("acme.toml", "services = [\"website\"]\n[client]\nname = \"Acme B.V.\"");
//! let client = Client::read(&file, &library)?;
//! let contract = Contract::assemble(&client, Form::Fields);
//!
//! let typesetter = Typesetter::new(&library)?;
//! let document = typesetter.lay_out(&contract)?;
//! let pdf = typesetter.export(&document)?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok(())
//! # }
//! ```

#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod check;
pub mod cli;
pub mod client;
pub mod compare;
pub mod contract;
pub mod countries;
pub mod diagnostic;
pub mod input;
pub mod library;
pub mod ops;
pub mod party;
pub mod pdf;
pub mod preview;
pub mod schema;
pub mod store;
pub mod subprocessor;
pub mod terms;
pub mod typeset;
