//! Each rule about files, kept and broken.

use super::super::tests::{house, places};
use super::*;

#[test]
fn a_file_opens_with_what_it_is() {
    let files = house(&[
        ("crates/a/src/good.rs", "//! It is x.\n"),
        ("crates/a/src/bad.rs", "use std::fmt;\n//! too late\n"),
        ("a.md", "# no Rust\n"),
    ]);
    assert_eq!(places(&check(&files)), ["crates/a/src/bad.rs:1"]);
}

#[test]
fn a_file_is_not_too_long() {
    let lines = |count: usize| format!("//! x\n{}", "\n".repeat(count - 1));
    let (most, more) = (lines(LONGEST_FILE), lines(LONGEST_FILE + 1));
    let files = house(&[
        ("crates/a/src/most.rs", &most),
        ("crates/a/src/more.rs", &more),
        ("crates/a/src/more/tests.rs", &more),
    ]);
    assert_eq!(places(&check(&files)), ["crates/a/src/more.rs:601"]);
}
