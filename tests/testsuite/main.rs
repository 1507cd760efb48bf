//! The program as its users meet it: the real binary on real files, and the text of what it makes.

// File modes, links and limits are those of Unix.
#![cfg(unix)]

mod bad_input;
mod bad_library;
mod check;
mod cli;
mod client_data;
mod combinations;
mod editions;
mod emit;
mod fields;
mod general;
mod keeping;
mod lock;
mod mutations;
mod pdf;
mod same_bytes;
mod sandbox;
mod show;
mod stress;
mod support;
mod together;
mod touched;
