//! The program as its users meet it: the real binary on real files, and the text of what it makes.

// File modes, links and limits are those of Unix.
#![cfg(unix)]

mod append;
mod attach;
mod bad_input;
mod bad_library;
mod check;
mod cli;
mod client_data;
mod combinations;
mod completions;
mod documents;
mod editions;
mod emit;
mod fields;
mod fuzz;
mod general;
mod init;
mod keeping;
mod list;
mod lock;
mod mail;
mod mutations;
mod new;
mod odd_quotes;
mod papers;
mod pdf;
mod preview;
mod returned;
mod same_bytes;
mod sandbox;
mod schema;
mod show;
mod sign;
mod streams;
mod stress;
mod support;
mod terminal;
mod together;
mod touched;
