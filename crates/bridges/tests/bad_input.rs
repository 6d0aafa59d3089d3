//! Every importer refuses every kind of bad file as a whole: one clear error with line and column, nothing
//! handed out. The rows of `checks.md` F10 and issue 2.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::ops::ControlFlow;
use std::path::Path;

use bridges::{Fact, Kind, Refused, What, open};

const CSV: [Kind; 4] = [
    Kind::OpenCollectiveCsv,
    Kind::CommitsCsv,
    Kind::MembersCsv,
    Kind::SupportCsv,
];

const FILES: [Kind; 5] = [
    Kind::OpenCollectiveCsv,
    Kind::CommitsCsv,
    Kind::MembersCsv,
    Kind::SupportCsv,
    Kind::GithubIssues,
];

/// A header and two right rows. The second row's cells are what the tests break.
fn right(kind: Kind) -> &'static str {
    match kind {
        Kind::OpenCollectiveCsv => {
            "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,\
             netAmount,currency,oppositeAccountSlug,oppositeAccountName,taxAmount\n\
             2025-01-01T00:00:00,id1,Contribution,CREDIT,CONTRIBUTION,,,5,-1,4,USD,slug-1,Name One,0\n\
             2025-01-02T00:00:00,id2,Contribution,CREDIT,CONTRIBUTION,,,5,-1,4,USD,slug-2,Name Two,0\n"
        }
        Kind::CommitsCsv => {
            "commit,authored_at,author,files_changed\n\
             abc1,2025-01-01T00:00:00Z,Name One,1\n\
             abc2,2025-01-02T00:00:00Z,Name Two,1\n"
        }
        Kind::MembersCsv => {
            "name,email,handle,kind,lists,joined\n\
             Name One,one@example.org,one,person,a;b,2025-01-01\n\
             Name Two,two@example.org,two,person,,2025-01-02\n"
        }
        Kind::SupportCsv => {
            "member,kind,amount,unit,given_at,source\n\
             Name One,donation,5.00,USD,2025-01-01,s1\n\
             Name Two,donation,5.00,USD,2025-01-02,s2\n"
        }
        Kind::GithubIssues => {
            "[{\"number\":1,\"title\":\"One\",\"state\":\"open\",\"created_at\":\"2025-01-01T00:00:00Z\"},\n \
              {\"number\":2,\"title\":\"Two\",\"state\":\"open\",\"created_at\":\"2025-01-02T00:00:00Z\"}]\n"
        }
        Kind::Git => unreachable!("a repository is no file"),
    }
}

/// The facts, or the messages.
fn read(kind: Kind, bytes: &[u8]) -> Result<Vec<Fact>, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    read_path(kind, &path)
}

fn read_path(kind: Kind, path: &Path) -> Result<Vec<Fact>, Vec<String>> {
    let mut source = match open(kind, path, &mut |_, _| {}) {
        Ok(source) => source,
        Err(Refused::Mistakes { first, .. }) => {
            return Err(first.iter().map(ToString::to_string).collect());
        }
        Err(Refused::Fault { why, .. }) => return Err(vec![why]),
    };
    let mut facts = Vec::new();
    source
        .facts(&mut |fact| {
            facts.push(fact);
            ControlFlow::Continue(())
        })
        .unwrap();
    Ok(facts)
}

/// INVARIANT: exactly one mistake, which begins so.
fn check(kind: Kind, bytes: impl AsRef<[u8]>, expected: &str) {
    let mistakes = read(kind, bytes.as_ref()).unwrap_err();
    assert_eq!(mistakes.len(), 1, "{}: {mistakes:#?}", kind.name());
    assert!(
        mistakes[0].starts_with(expected),
        "{}: {} is not {expected}",
        kind.name(),
        mistakes[0]
    );
    assert!(
        mistakes[0].len() < 1_000,
        "{}: the message is short",
        kind.name()
    );
}

/// The place of the second row's cell that holds `text`.
fn place(kind: Kind, text: &str) -> String {
    let whole = right(kind);
    let at = whole.rfind(text).unwrap();
    let line = whole[..at].matches('\n').count() + 1;
    let column = at - whole[..at].rfind('\n').map_or(0, |newline| newline + 1) + 1;
    format!("file:{line}:{column}: ")
}

/// Replaces the last `from`: the cell of the second row.
fn broken(kind: Kind, from: &str, to: &str) -> String {
    let whole = right(kind);
    let at = whole.rfind(from).unwrap();
    format!("{}{to}{}", &whole[..at], &whole[at + from.len()..])
}

/// A cell of the second row that any text may stand in.
const fn text_cell(kind: Kind) -> &'static str {
    match kind {
        Kind::GithubIssues => "\"Two\"",
        _ => "Name Two",
    }
}

#[test]
fn right_files_are_read() {
    for kind in FILES {
        let facts = read(kind, right(kind).as_bytes()).unwrap();
        let times: Vec<String> = facts.iter().map(|fact| fact.at.to_string()).collect();
        assert_eq!(
            times.first().map(String::as_str),
            Some("2025-01-01T00:00:00Z")
        );
        assert_eq!(
            times.last().map(String::as_str),
            Some("2025-01-02T00:00:00Z")
        );
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
    check(
        Kind::CommitsCsv,
        format!("\u{feff}{wrong}"),
        "file:3:1: `xyz` is not a commit id",
    );
    check(
        Kind::CommitsCsv,
        "\u{feff}commit,commit\n",
        "file:1:8: the column `commit` stands here",
    );
}

#[test]
fn other_encodings_are_refused() {
    for kind in FILES {
        for big_end in [false, true] {
            let order = if big_end {
                u16::to_be_bytes
            } else {
                u16::to_le_bytes
            };
            let text = format!("\u{feff}{}", right(kind));
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            check(kind, bytes, "file:1:1: the file is in UTF-16");
        }
        let whole = right(kind).as_bytes();
        let at = right(kind).rfind("Two").unwrap();
        let mut latin = whole.to_vec();
        latin[at + 1] = 0xe9;
        let mistakes = read(kind, &latin).unwrap_err();
        assert_eq!(mistakes.len(), 1);
        let expected = place(kind, text_cell(kind));
        let expected = if kind == Kind::GithubIssues {
            "file:2:24: ".to_owned()
        } else {
            expected
        };
        assert!(
            mistakes[0].starts_with(&expected),
            "{} {expected}",
            mistakes[0]
        );
        assert!(mistakes[0].contains("not in UTF-8"));
    }
}

#[test]
fn nul_bytes_are_refused() {
    for kind in CSV {
        let expected = place(kind, "Name Two") + "this cell holds a NUL byte";
        check(kind, broken(kind, "Name Two", "Name\0Two"), &expected);
    }
    let nul = broken(Kind::GithubIssues, "Two", "T\0o");
    check(
        Kind::GithubIssues,
        nul,
        "file:2:24: this issue holds a NUL byte",
    );
    check(
        Kind::GithubIssues,
        "\0",
        "file:1:1: here should be a list of issues",
    );
}

#[test]
fn huge_cells_are_refused() {
    for kind in FILES {
        for size in [(64 << 10) + 1, 200 << 10, 10 << 20] {
            let cell = "x".repeat(size);
            let cell = if kind == Kind::GithubIssues {
                format!("\"{cell}\"")
            } else {
                cell
            };
            let bytes = broken(kind, text_cell(kind), &cell);
            if kind != Kind::GithubIssues {
                let expected = place(kind, "Name Two") + "this cell is longer than 64 KiB";
                check(kind, &bytes, &expected);
                check(
                    kind,
                    bytes.replace(&cell, &format!("\"{cell}\"")),
                    &expected,
                );
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
    let open = broken(Kind::GithubIssues, "\"Two\"", "\"Two");
    check(
        Kind::GithubIssues,
        open,
        "file:2:2: the file ends inside this issue",
    );
    let whole = right(Kind::GithubIssues).trim_end();
    check(
        Kind::GithubIssues,
        whole.trim_end_matches(']'),
        "file:2:79: the file ends inside a list",
    );
}

#[test]
fn missing_columns_are_named() {
    for kind in CSV {
        let second = right(kind).split([',', '\n']).nth(1).unwrap();
        check(kind, "\n\nfoo\n1\n", "file:3:1: the columns `");
        if kind != Kind::MembersCsv {
            let bytes = right(kind).replacen(second, "foo", 1);
            check(
                kind,
                bytes,
                &format!("file:1:1: the column `{second}` is missing"),
            );
        }
        let first = right(kind).split(',').next().unwrap();
        let twice = right(kind).replacen(second, first, 1);
        let column = first.len() + 2;
        let expected = format!("file:1:{column}: the column `{first}` stands here a second time");
        check(kind, twice, &expected);
        check(
            kind,
            right(kind).trim_end().to_owned() + ",more\n",
            "file:3:1: this row has ",
        );
    }
    for name in ["number", "title", "state", "created_at"] {
        let bytes = broken(Kind::GithubIssues, &format!("\"{name}\""), "\"foo\"");
        check(
            Kind::GithubIssues,
            bytes,
            &format!("file:2:2: this issue has no `{name}`"),
        );
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
        assert_eq!(
            read_path(kind, &folder.path().join("none"))
                .unwrap_err()
                .len(),
            1
        );
        if Path::new("/dev/zero").exists() {
            let said = read_path(kind, Path::new("/dev/zero")).unwrap_err();
            assert_eq!(said, ["this is not a regular file"]);
        }
    }
    let git = read_path(Kind::Git, folder.path()).unwrap_err();
    assert!(
        git[0].starts_with("no git repository can be opened here"),
        "{git:?}"
    );
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    assert_eq!(
        read_path(Kind::Git, &file).unwrap_err(),
        ["this is not a folder with a git repository"]
    );
}

#[test]
fn unknown_currencies_are_refused() {
    for kind in [Kind::OpenCollectiveCsv, Kind::SupportCsv] {
        for code in ["XYZ", "usd", "$", "EURO"] {
            let expected = format!("{}unknown currency `{code}`", place(kind, "USD"));
            check(kind, broken(kind, "USD", code), &expected);
        }
        check(
            kind,
            broken(kind, "USD", ""),
            &(place(kind, "USD") + "unknown currency ``"),
        );
    }
}

#[test]
fn dates_that_are_none_are_refused() {
    for kind in FILES {
        for date in [
            "2025-02-30",
            "02/01/2025",
            "yesterday",
            "2025-01-02T25:00:00",
            "",
            "2025",
        ] {
            let right_date = if right(kind).contains("2025-01-02T00:00:00Z") {
                "2025-01-02T00:00:00Z"
            } else if kind == Kind::OpenCollectiveCsv {
                "2025-01-02T00:00:00"
            } else {
                "2025-01-02"
            };
            let (from, to) = match kind {
                Kind::GithubIssues => (format!("\"{right_date}\""), format!("\"{date}\"")),
                _ => (right_date.to_owned(), date.to_owned()),
            };
            check(kind, broken(kind, &from, &to), &place(kind, &from));
        }
    }
}

#[test]
fn duplicate_ids_are_refused_and_both_lines_named() {
    for (kind, id, first) in [
        (Kind::OpenCollectiveCsv, "id2", "id1"),
        (Kind::CommitsCsv, "abc2", "abc1"),
        (Kind::MembersCsv, "two@example.org", "one@example.org"),
        (Kind::MembersCsv, "two", "one"),
        (Kind::SupportCsv, "s2", "s1"),
    ] {
        let expected = format!("{}`{first}` stands on line 2 already", place(kind, id));
        check(kind, broken(kind, id, first), &expected);
    }
    let twice = broken(Kind::GithubIssues, "\"number\":2", "\"number\":1");
    check(
        Kind::GithubIssues,
        twice,
        "file:2:2: this issue stands on line 1, column 2 already",
    );
    let case = broken(Kind::MembersCsv, "two@example.org", "ONE@example.org");
    check(
        Kind::MembersCsv,
        case,
        &(place(Kind::MembersCsv, "two@") + "`ONE@example.org` stands"),
    );
    let same_name = "name,kind,joined\nAnn,person,2025-01-01\nAnn,person,2025-01-02\n";
    check(
        Kind::MembersCsv,
        same_name,
        "file:3:1: `Ann` stands on line 2 already",
    );
}

#[test]
fn hidden_characters_in_names_are_refused() {
    for kind in CSV {
        for hidden in [
            '\u{202e}', '\u{2066}', '\u{200b}', '\u{200f}', '\u{feff}', '\u{1b}', '\u{7f}',
            '\u{2028}',
        ] {
            let expected = place(kind, "Name Two");
            let name = format!("Name{hidden}Two");
            let mistakes = read(kind, broken(kind, "Name Two", &name).as_bytes()).unwrap_err();
            assert_eq!(mistakes.len(), 1);
            assert!(mistakes[0].starts_with(&expected), "{}", mistakes[0]);
            assert!(mistakes[0].contains(&format!("U+{:04X}", u32::from(hidden))));
            assert!(
                !mistakes[0].contains(hidden),
                "the message itself can be seen"
            );
        }
        // A line end within quotes is such a character too.
        let lines = broken(kind, "Name Two", "\"Name\nTwo\"");
        assert!(read(kind, lines.as_bytes()).unwrap_err()[0].contains("U+000A"));
        assert!(read(kind, broken(kind, "Name Two", &"x".repeat(201)).as_bytes()).is_err());
    }
}

#[test]
fn titles_from_a_forge_lose_their_hidden_characters() {
    let title = "\"a\\u202eb\\u0000 \\n <b>\u{200b}c\"";
    let bytes = broken(Kind::GithubIssues, "\"Two\"", title);
    let facts = read(Kind::GithubIssues, bytes.as_bytes()).unwrap();
    let What::Item { title, .. } = &facts[1].what else {
        panic!("{facts:?}")
    };
    assert_eq!(title, "ab   <b>c");
}

#[test]
fn formula_cells_are_kept_as_text() {
    for kind in CSV {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"] {
            let facts = read(kind, broken(kind, "Name Two", formula).as_bytes()).unwrap();
            let kept = facts.iter().any(|fact| match &fact.what {
                What::Member { person, .. } | What::Support { person, .. } => {
                    person.name == formula
                }
                _ => false,
            });
            assert!(kept, "{}: {formula}", kind.name());
        }
    }
}

#[test]
fn every_mistake_is_said_at_once_but_no_more_than_twenty() {
    let kind = Kind::CommitsCsv;
    let rows = (0..100).map(|i| format!("abc{i},not a date,x,1\n"));
    let bytes = format!(
        "commit,authored_at,author,files_changed\n{}",
        rows.collect::<String>()
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let Err(Refused::Mistakes { first, more }) = open(kind, &path, &mut |_, _| {}) else {
        panic!("it is refused")
    };
    assert_eq!((first.len(), more), (20, 80));
    let lines: Vec<u64> = first.iter().map(|mistake| mistake.place.line).collect();
    assert_eq!(lines, (2..22).collect::<Vec<_>>());
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
    let places: Vec<&str> = mistakes
        .iter()
        .map(|m| m.split(": ").next().unwrap())
        .collect();
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
