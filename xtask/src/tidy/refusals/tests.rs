//! A refusal with everything, and with each thing missing.

use super::super::tests::{house, places};
use super::*;

const ONE: &str = "rules! {\n    R001 NotAuthorised => \"not-authorised\",\n}";
const SECTION: &str = "# Refusals\n\n## R001 not-authorised\n\nWhy.\n";
const ROW: (&str, &str) = ("crates/engine/src/apply/tests.rs", "check(act, Rule::NotAuthorised);");

#[track_caller]
fn finds(files: &[(&str, &str)], expect: &[&str]) {
    assert_eq!(places(&check(&house(files))), expect);
}

#[test]
fn a_refusal_has_a_section_and_a_row() {
    finds(&[(LIST, ONE), (SECTIONS, SECTION), ROW], &[]);
    finds(&[(LIST, ONE), (SECTIONS, SECTION), ("crates/web/tests/acts.rs", "\"not-authorised\"")], &[]);
}

#[test]
fn a_missing_section_is_found() {
    finds(&[(LIST, ONE), ROW], &["crates/engine/src/refusal.rs:2"]);
    finds(
        &[(LIST, ONE), (SECTIONS, "## R001 something-else\n"), ROW],
        &["crates/engine/src/refusal.rs:2", "docs/spec/refusals.md:1"],
    );
}

#[test]
fn a_missing_row_is_found() {
    finds(&[(LIST, ONE), (SECTIONS, SECTION)], &["crates/engine/src/refusal.rs:2"]);
    finds(
        &[(LIST, ONE), (SECTIONS, SECTION), ("crates/engine/src/apply.rs", "Rule::NotAuthorised")],
        &["crates/engine/src/refusal.rs:2"],
    );
    finds(
        &[(LIST, ONE), (SECTIONS, SECTION), ("crates/engine/src/tests.rs", "NotAuthorisedEither")],
        &["crates/engine/src/refusal.rs:2"],
    );
}

#[test]
fn numbers_rise() {
    let two = "R002 B => \"b\",\nR002 A => \"a\",";
    finds(
        &[(LIST, two), (SECTIONS, "## R002 a\n## R002 b\n"), ("crates/engine/src/tests.rs", "A B")],
        &["crates/engine/src/refusal.rs:2"],
    );
}

#[test]
fn an_empty_list_is_no_pass() {
    finds(&[], &["crates/engine/src/refusal.rs:1"]);
    finds(&[(LIST, "pub enum Refusal {}")], &["crates/engine/src/refusal.rs:1"]);
}
