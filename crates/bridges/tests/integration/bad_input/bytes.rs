//! Files that are wrong whatever they are about: encoding, cells, quotes, columns, and no file at all.

use std::ops::ControlFlow;
use std::path::Path;

use bridges::{Kind, Refused, open};

use super::{CSV, FILES, broken, check, place, read, read_path, right, text_cell};

#[test]
fn right_files_are_read() {
    for kind in FILES {
        let facts = read(kind, right(kind).as_bytes()).unwrap();
        let times: Vec<String> = facts.iter().map(|fact| fact.at.to_string()).collect();
        assert_eq!(times.first().map(String::as_str), Some("2025-01-01T00:00:00Z"));
        assert_eq!(times.last().map(String::as_str), Some("2025-01-02T00:00:00Z"));
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    for kind in FILES {
        let plain = read(kind, right(kind).as_bytes()).unwrap();
        let marked = read(kind, format!("\u{feff}{}", right(kind)).as_bytes()).unwrap();
        assert_eq!(plain, marked);
        let windows = read(kind, right(kind).replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!(plain, windows);
        let no_last_line_end = read(kind, right(kind).trim_end().as_bytes()).unwrap();
        assert_eq!(plain, no_last_line_end);
    }
}

#[test]
fn a_byte_order_mark_does_not_shift_columns() {
    let wrong = broken(Kind::CommitsCsv, "abc2", "xyz");
    check(Kind::CommitsCsv, format!("\u{feff}{wrong}"), "file:3:1: `xyz` is not a commit id");
    check(Kind::CommitsCsv, "\u{feff}commit,commit\n", "file:1:8: the column `commit` occurs");
}

#[test]
fn other_encodings_are_read_where_they_are_certain() {
    for kind in FILES {
        let accented = right(kind).replacen("Two", "T\u{e9}o", 1);
        let expected = read(kind, accented.as_bytes()).unwrap();
        for big_end in [false, true] {
            let order = if big_end { u16::to_be_bytes } else { u16::to_le_bytes };
            let bytes: Vec<u8> = format!("\u{feff}{accented}").encode_utf16().flat_map(order).collect();
            assert_eq!(read(kind, &bytes).unwrap(), expected);
        }
        let latin: Vec<u8> = accented.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        assert_eq!(read(kind, &latin).unwrap(), expected);
        // A byte that no letter of Windows-1252 has, and letters of both.
        for bytes in [&b"\x81"[..], b"\xc3\xa9\xe9"] {
            let at = right(kind).rfind("Two").unwrap();
            let mut mixed = right(kind).as_bytes().to_vec();
            mixed.splice(at + 1..at + 2, bytes.iter().copied());
            let mistakes = read(kind, &mixed).unwrap_err();
            assert_eq!(mistakes.len(), 1);
            assert!(
                mistakes[0].starts_with(&format!("file:{}:", if kind == Kind::GithubIssues { 2 } else { 3 })),
                "{mistakes:?}"
            );
            assert!(mistakes[0].contains("not in UTF-8"), "{mistakes:?}");
        }
    }
}

#[test]
fn nul_bytes_are_refused() {
    for kind in CSV {
        let expected = place(kind, "Name Two") + "this cell holds a NUL byte";
        check(kind, broken(kind, "Name Two", "Name\0Two"), &expected);
    }
    let nul = broken(Kind::GithubIssues, "Two", "T\0o");
    check(Kind::GithubIssues, nul, "file:2:24: this issue holds a NUL byte");
    check(Kind::GithubIssues, "\0", "file:1:1: here should be a list of issues");
}

#[test]
fn huge_cells_are_refused() {
    for kind in FILES {
        for size in [(64 << 10) + 1, 200 << 10, 10 << 20] {
            let cell = "x".repeat(size);
            let cell = if kind == Kind::GithubIssues { format!("\"{cell}\"") } else { cell };
            let bytes = broken(kind, text_cell(kind), &cell);
            if kind != Kind::GithubIssues {
                let expected = place(kind, "Name Two") + "this cell is longer than 64 KiB";
                check(kind, &bytes, &expected);
                check(kind, bytes.replace(&cell, &format!("\"{cell}\"")), &expected);
            } else if size > 1 << 20 {
                check(kind, bytes, "file:2:2: this issue is longer than 1024 KiB");
            }
        }
    }
}

#[test]
fn the_largest_cell_is_read() {
    let description = "x".repeat(64 << 10);
    let kind = Kind::OpenCollectiveCsv;
    assert!(read(kind, broken(kind, "Contribution", &description).as_bytes()).is_ok());
}

#[test]
fn open_quotes_are_refused_where_they_open() {
    for kind in CSV {
        let expected = place(kind, "Name Two") + "the quote that opens here is never closed";
        check(kind, broken(kind, "Name Two", "\"Name Two"), &expected);
        let expected = place(kind, "Name Two") + "this cell goes on after its closing quote";
        check(kind, broken(kind, "Name Two", "\"Name\" Two"), &expected);
        let expected = place(kind, "Name Two") + "this cell holds a quote";
        check(kind, broken(kind, "Name Two", "Name \"Two\""), &expected);
    }
    let after_others = "commit,authored_at,author,files_changed\n\"abc1\",2025-01-01,\"Ann,1\n";
    check(Kind::CommitsCsv, after_others, "file:2:19: the quote that opens here is never closed");
    let open = broken(Kind::GithubIssues, "\"Two\"", "\"Two");
    check(Kind::GithubIssues, open, "file:2:2: the file ends inside this issue");
    let whole = right(Kind::GithubIssues).trim_end();
    check(Kind::GithubIssues, whole.trim_end_matches(']'), "file:2:79: the file ends inside a list");
}

#[test]
fn missing_columns_are_named() {
    for kind in CSV {
        let second = right(kind).split([',', '\n']).nth(1).unwrap();
        check(kind, "\n\nfoo\n1\n", "file:3:1: the columns `");
        if kind != Kind::MembersCsv {
            let bytes = right(kind).replacen(second, "foo", 1);
            check(kind, bytes, &format!("file:1:1: the column `{second}` is missing"));
        }
        let first = right(kind).split(',').next().unwrap();
        let twice = right(kind).replacen(second, first, 1);
        let column = first.len() + 2;
        let expected = format!("file:1:{column}: the column `{first}` occurs a second time");
        check(kind, twice, &expected);
        check(kind, right(kind).trim_end().to_owned() + ",more\n", "file:3:1: this row has ");
    }
    for name in ["number", "title", "state", "created_at"] {
        let bytes = broken(Kind::GithubIssues, &format!("\"{name}\""), "\"foo\"");
        check(Kind::GithubIssues, bytes, &format!("file:2:2: this issue has no `{name}`"));
    }
    let twice = broken(Kind::GithubIssues, "\"state\"", "\"title\"");
    check(Kind::GithubIssues, twice, "file:2:");
}

#[test]
fn empty_files_are_refused_and_files_without_rows_are_not() {
    for kind in FILES {
        check(kind, "", "file:1:1: the file is empty");
        check(kind, "\u{feff}", "file:1:1: the file is empty");
        check(kind, "\n\n", "file:1:1: the file is empty");
    }
    for kind in CSV {
        let header = right(kind).lines().next().unwrap();
        assert_eq!(read(kind, header.as_bytes()), Ok(Vec::new()));
    }
    assert_eq!(read(Kind::GithubIssues, b"[]"), Ok(Vec::new()));
}

#[test]
fn folders_missing_files_and_devices_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for kind in FILES {
        let said = read_path(kind, folder.path()).unwrap_err();
        assert_eq!(said, ["this is a folder, not a file"]);
        assert_eq!(read_path(kind, &folder.path().join("none")).unwrap_err().len(), 1);
        if Path::new("/dev/zero").exists() {
            let said = read_path(kind, Path::new("/dev/zero")).unwrap_err();
            assert_eq!(said, ["this is not a regular file"]);
        }
    }
    let git = read_path(Kind::Git, folder.path()).unwrap_err();
    assert!(git[0].starts_with("no git repository can be opened here"), "{git:?}");
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    assert_eq!(read_path(Kind::Git, &file).unwrap_err(), ["this is not a folder with a git repository"]);
}

#[test]
fn places_count_characters_and_the_lines_within_cells() {
    let kind = Kind::SupportCsv;
    let bytes = "member,kind,amount,unit,given_at,note\n\
                 \"Ünï, 名\",donation,x,USD,2025-01-01,\n\
                 Ann,donation,5,USD,2025-01-01,\"two\nlines\"\n\
                 Ann,donation,y,USD,2025-01-01,\"a\nb\",more\n\
                 Ann,\"\ndonation\",1,EUR,nonsense,\n";
    let mistakes = read(kind, bytes.as_bytes()).unwrap_err();
    let places: Vec<&str> = mistakes.iter().map(|m| m.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["file:2:19", "file:5:1", "file:8:17"]);
}

#[test]
fn a_file_that_changes_in_between_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for kind in FILES {
        let path = folder.path().join("file");
        std::fs::write(&path, right(kind)).unwrap();
        let mut source = open(kind, &path, &mut |_, _| {}).unwrap();
        std::fs::write(&path, right(kind).to_owned() + "more").unwrap();
        let mut facts = 0;
        let read = source.facts(&mut |_| {
            facts += 1;
            ControlFlow::Continue(())
        });
        assert!(matches!(read, Err(Refused::Fault { .. })));
        assert_eq!(facts, 0);
    }
}
