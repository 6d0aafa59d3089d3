//! Importers and exporters from outside: any bytes in, whole files, the chapters' examples, the real accounting programs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it passes over"
)]

mod bad_input;
mod export_tools;
mod facts;
mod laws;
mod spec;
