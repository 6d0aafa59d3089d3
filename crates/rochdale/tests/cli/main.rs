//! The command line from outside, tried by somebody who wishes it ill: every command and every importer with good, bad and
//! hostile input. Exit codes, streams and storage must be as `docs/spec/commands.md` defines them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod acts;
mod check;
mod collective;
mod count;
mod crash;
mod credit;
mod credit_coop;
mod doors;
mod edits;
mod files;
mod fork;
mod http;
mod imports;
mod init;
mod invite;
mod keeping;
mod limits;
mod move_in;
mod outbox;
mod powers;
mod releases;
mod reports;
mod rules;
mod run;
mod serve;
mod socket;
mod spec;
mod stories;
mod test_coop;
mod usage;
mod verify;
