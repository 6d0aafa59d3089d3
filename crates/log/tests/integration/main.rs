//! The log from outside: the chapter's examples, and a writer that is killed.

#![allow(clippy::unwrap_used, reason = "helpers of a test stop it as its own lines do")]

mod kill;
mod spec;
