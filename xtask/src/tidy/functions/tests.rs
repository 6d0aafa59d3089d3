//! Short, long, and long but flat.

use super::super::tests::{house, places};
use super::*;

fn function(head: &str, lines: usize) -> String {
    format!("{head} {{\n{}}}\n", "    step();\n".repeat(lines - 2))
}

#[track_caller]
fn check_text(text: &str, expect: &[&str]) {
    assert_eq!(places(&check(&house(&[("a.rs", text)]))), expect, "{text}");
}

#[test]
fn seventy_lines_are_the_most() {
    check_text(&function("fn most()", 70), &[]);
    check_text(&function("fn more()", 71), &["a.rs:1"]);
    check_text(&function("pub(crate) async fn more<'a>(x: [u8; 3]) -> Result<&'a str>", 71), &["a.rs:1"]);
}

#[test]
fn a_method_and_a_nested_function_are_found() {
    check_text(&format!("impl A {{\n{}}}\n", function("fn more(&self)", 71)), &["a.rs:2"]);
}

#[test]
fn a_flat_function_says_why() {
    check_text(
        &format!("/// Docs.\n// flat: one match over all acts\n#[must_use]\n{}", function("fn more()", 71)),
        &[],
    );
    check_text(&function("fn more()", 71).replacen("    step();", "    // flat: one match over all acts", 1), &[]);
    check_text(&format!("// flat: \n{}", function("fn more()", 71)), &["a.rs:2"]);
    check_text(&format!("// flat: that was another one\n\n{}", function("fn more()", 71)), &["a.rs:3"]);
}

#[test]
fn braces_in_strings_do_not_count() {
    let long = "\n".repeat(80);
    check_text(&format!("fn a() {{ \"{{\"; '{{'; }}{long}fn b() {{}}"), &[]);
}

#[test]
fn declarations_types_and_tests_have_no_length() {
    let long = "\n".repeat(80);
    check_text(&format!("trait T {{ fn a(&self); }}\ntype F = fn(u8);{long}struct S {{}}"), &[]);
    check_text(&format!("#[cfg(test)]\nmod tests {{ {} }}", function("fn more()", 71)), &[]);
    assert_eq!(check(&house(&[("a/tests.rs", &function("fn more()", 71))])), []);
}
