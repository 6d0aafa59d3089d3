//! Reading any megabyte as rules takes less than 64 MiB. The test is a program of its own, since memory is measured for the
//! whole process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot measure has failed")]

use charter::{read_constitution, read_kernel};

const KERNEL: &str = "kernel { name x; purpose y; currency USD; class p { weight \"1\" }; constitution { settles-in \"1 day\"; updates hourly } }";

/// The most memory that the process has had, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.unwrap().parse().unwrap()
}

#[test]
fn no_megabyte_takes_more_than_64_mebibytes() {
    let kernel = read_kernel(KERNEL).unwrap();
    let before = peak_kib();
    for (head, pattern, tail) in [
        ("", "a;", ""),
        ("", "a b=c\n", ""),
        ("a", " b", ""),
        ("a", " b=c", ""),
        ("", "a{b c;d=e};", ""),
        ("kernel {", "class;", "}"),
        ("kernel {", "class a{weight \"1\"};", "}"),
        ("kernel { class a { weight \"", "sqrt(", "\" } }"),
        ("", "pool a { fed-by \"1% of dues\" };", ""),
        ("", "office a { may merge };", ""),
        ("", "release a { patrons-until \"9999999999999999999999 USD\" };", ""),
        ("office \"", "a", "\""),
        ("office a { may \"", "x", "\" \"merge\" }"),
        ("office a { may ", "merge ", "}"),
        ("office a { electorate ", "p ", "}"),
        ("a \"", "\\n", "\""),
        ("a \"\"\"\n", "x\\n\n", "\n\"\"\""),
        ("", "{", ""),
        ("", "}\n", ""),
        ("", "\"", ""),
        ("", "```charter\na\n```\n", ""),
        ("", "é", ""),
    ] {
        let count = (1_048_576 - head.len() - tail.len()) / pattern.len();
        let text = format!("{head}{}{tail}", pattern.repeat(count));
        if head.starts_with("kernel") {
            drop(read_kernel(&text))
        } else {
            drop(read_constitution(&text, &kernel))
        }
        let taken = peak_kib() - before;
        assert!(taken <= 64 * 1_024, "{head}{pattern}…: {taken} KiB");
    }
}
