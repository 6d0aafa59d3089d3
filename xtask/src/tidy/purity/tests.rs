//! Each rule about purity, kept and broken.

use super::super::tests::{house, places};
use super::*;

#[test]
fn only_named_crates_are_reached() {
    let kept = [("jiff".to_owned(), vec!["alloc".to_owned()]), ("engine".to_owned(), vec![])];
    assert_eq!(check_dependencies(&kept), []);
    for bad in ["tokio", "rusqlite", "rand", "getrandom", "chrono", "ahash"] {
        let findings = check_dependencies(&[(bad.to_owned(), vec![])]);
        assert!(findings[0].message.contains(bad));
    }
}

#[test]
fn doors_stay_shut() {
    let findings = check_dependencies(&[("jiff".to_owned(), vec!["alloc".to_owned(), "std".to_owned()])]);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.contains("`jiff` with `std`"));
}

#[test]
fn the_real_tree_is_read() {
    let dependencies = read_dependencies(&super::super::root()).unwrap();
    let names: Vec<&str> = dependencies.iter().map(|(name, _)| name.as_str()).collect();
    for room in PURE_ROOMS {
        assert!(names.contains(room), "{room}");
    }
    let jiff = dependencies.iter().find(|(name, _)| name == "jiff");
    assert!(jiff.is_some_and(|(_, features)| features.contains(&"alloc".to_owned())));
}

#[test]
fn a_line_of_the_tree_is_a_name_and_its_features() {
    assert_eq!(
        parse_dependency("jiff v0.2.43;alloc,std (*)"),
        Some(("jiff".to_owned(), vec!["alloc".to_owned(), "std".to_owned()]))
    );
    assert_eq!(parse_dependency("engine v0.1.0 (/x/y);"), Some(("engine".to_owned(), vec![])));
    assert_eq!(parse_dependency(""), None);
}

#[track_caller]
fn check(code: &str, lines: &[usize]) {
    let found = check_sources(&house(&[("crates/engine/src/a.rs", code)]));
    assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), lines, "{code}");
}

#[test]
fn impure_words_are_found() {
    check("//! x\nuse std::collections::BTreeMap;\n", &[]);
    check("fn a() {\n    let t = std::time::SystemTime::now();\n}", &[2]);
    check("use std::time::Instant;", &[1]);
    check("use std::collections::{HashMap, HashSet};", &[1, 1]);
    check("fn a(x: f32,\n y: f64) {}", &[1, 2]);
    check("fn a() { std::fs::read(\"x\"); }", &[1]);
    check("use std::{\n    fmt,\n    net::IpAddr,\n};", &[1]);
    check("let x = std::env::var(\"TZ\");", &[1]);
}

#[test]
fn words_about_code_and_tests_are_left_alone() {
    check("// an f64 would round\nfn a() { \"HashMap\"; }", &[]);
    check("#[cfg(test)]\nmod tests { use std::fs; fn b() -> f64 { 1.0 } }", &[]);
    check("struct InstantUpdate; use std::fmt; let fs = 1;", &[]);
}

#[test]
fn only_pure_rooms_are_held_to_it() {
    let files = house(&[
        ("crates/web/src/a.rs", "use std::fs;"),
        ("crates/engine/src/a/tests.rs", "use std::fs;"),
        ("crates/views/src/b.rs", "use std::fs;"),
    ]);
    assert_eq!(places(&check_sources(&files)), ["crates/views/src/b.rs:1"]);
}

#[test]
fn one_file_may_guess_in_floating_point_and_nothing_else() {
    let code = "fn a(x: f64) -> f32 { std::env::var(\"X\"); Instant::now() }";
    for (path, expect) in [
        ("crates/quantity/src/root/lanes.rs", 2),
        ("crates/quantity/src/root.rs", 4),
        ("crates/engine/src/root/lanes.rs", 4),
        ("crates/quantity/src/root/lanes/more.rs", 4),
    ] {
        assert_eq!(check_sources(&house(&[(path, code)])).len(), expect, "{path}");
    }
}

#[test]
fn the_file_that_guesses_is_there() {
    assert!(super::super::root().join(GUESSES).is_file());
}
