//! The program as its users meet it: the real binary on real files, and the text of what it makes.

// What only tests of Unix use.
#![cfg_attr(not(unix), allow(dead_code, unused_imports))]

mod adopt;
mod agreement;
mod append;
mod approval;
mod attach;
mod bad_input;
mod bad_library;
mod check;
mod cli;
mod client_data;
mod clients;
mod combinations;
#[cfg(unix)]
mod completions;
#[cfg(unix)]
mod documents;
mod dutch;
mod editions;
mod emit;
mod endings;
mod engine;
mod fields;
mod fuzz;
mod general;
mod git;
mod guard;
mod house;
mod init;
mod json_docs;
mod keeping;
mod layouts;
mod list;
mod lock;
mod looks;
mod lost_lock;
mod mail;
mod memo;
mod mutations;
mod new;
mod notify;
#[cfg(unix)]
mod odd_files;
mod odd_quotes;
mod papers;
mod pdf;
mod preview;
mod rebuilding;
mod receive;
mod received_copies;
mod redline;
mod returned;
mod returned_attacks;
mod root;
mod same_bytes;
mod sandbox;
mod schema;
mod screen;
#[cfg(target_os = "linux")]
mod secrets;
mod series;
mod show;
mod sign;
mod signing_at_once;
#[cfg(unix)]
mod stale;
mod status;
mod story;
mod streams;
mod stress;
mod support;
#[cfg(unix)]
mod takeover;
mod terminal;
mod together;
mod touched;
mod trust;
