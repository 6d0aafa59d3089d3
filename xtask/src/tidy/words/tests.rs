//! Each forbidden word, and words that only look like one.

use super::super::tests::{house, places};
use super::*;

#[track_caller]
fn finds(path: &str, text: &str, lines: &[usize]) {
    let expect: Vec<String> = lines.iter().map(|line| format!("{path}:{line}")).collect();
    assert_eq!(places(&check(&house(&[(path, text)]))), expect, "{text}");
}

#[test]
fn unfinished_work_is_found_in_any_file() {
    for word in UNFINISHED {
        finds("a.rs", &format!("//! x\n// {word}: later"), &[2]);
        finds("docs/a.md", word, &[1]);
        finds("docs/a.md", &format!("x{word}"), &[]);
    }
}

#[test]
fn a_skipped_test_is_found() {
    finds("a/tests.rs", concat!("#[test]\n#[ig", "nore = \"slow\"]\nfn a() {}"), &[2]);
    finds("a/tests.rs", concat!("// #[ig", "nore] would hide it"), &[]);
}

#[test]
fn waiting_by_the_clock_is_found() {
    finds("crates/web/src/a.rs", concat!("fn a() { std::thread::", "sleep(x); }"), &[1]);
    finds("crates/web/tests/a.rs", "async fn a() { tokio::time::sleep(x).await }", &[1]);
    finds("crates/web/src/jobs.rs", "async fn a() { tokio::time::sleep(x).await }", &[]);
    finds("browser/a.mjs", "await page.waitForTimeout(100);", &[1]);
    finds("script/test", "set -e\nsleep 1", &[2]);
    finds("script/test", "true && sleep 1", &[1]);
    finds("script/test", "# never sleep here", &[]);
}

#[test]
fn registries_are_found() {
    for host in REGISTRIES {
        finds("docs/a.md", &format!("see https://{host}/x"), &[1]);
    }
    finds("docs/a.md", "see https://crates.io/crates/jiff", &[]);
    finds("browser/package-lock.json", "{\n\"resolved\": \"https://example.org/a.tgz\"}", &[2]);
    finds("Cargo.lock", &format!("source = \"{CARGO_SOURCE}\""), &[]);
    finds("Cargo.lock", "version = 4\nsource = \"git+https://example.org/a\"", &[2]);
}

#[test]
fn places_of_one_machine_are_found() {
    for place in MACHINE_PATHS {
        finds("docs/a.md", &format!("see\n`{place}main`"), &[2]);
        finds("docs/a.md", &format!("https://example.org{place}main"), &[]);
    }
    finds("LICENSE", &format!("{}x", MACHINE_PATHS[0]), &[]);
}
