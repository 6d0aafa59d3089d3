//! Rules from outside: the chapters' examples, the layout, and documents made at random.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its documents has failed")]

mod format;
mod generated;
mod generator;
mod kdl_suite;
mod markdown;
mod spec;
