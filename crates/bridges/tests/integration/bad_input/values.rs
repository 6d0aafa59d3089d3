//! Right files with impossible values: currencies, dates, ids, names.

use bridges::{Kind, Refused, What, open};

use super::{CSV, FILES, broken, check, place, read, right};

#[test]
fn unknown_currencies_are_refused() {
    for kind in [Kind::OpenCollectiveCsv, Kind::SupportCsv] {
        for code in ["XYZ", "US", "$", "EURO"] {
            let expected = format!("{}unknown currency `{code}`", place(kind, "USD"));
            check(kind, broken(kind, "USD", code), &expected);
        }
        check(kind, broken(kind, "USD", ""), &(place(kind, "USD") + "unknown currency ``"));
    }
}

#[test]
fn dates_that_are_none_are_refused() {
    for kind in FILES {
        for date in ["2025-02-30", "02/01/2025", "yesterday", "2025-01-02T25:00:00", "", "2025"] {
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
        let expected = format!("{}`{first}` is already on line 2", place(kind, id));
        check(kind, broken(kind, id, first), &expected);
    }
    let twice = broken(Kind::GithubIssues, "\"number\":2", "\"number\":1");
    check(Kind::GithubIssues, twice, "file:2:2: this issue is already on line 1, column 2");
    let case = broken(Kind::MembersCsv, "two@example.org", "ONE@example.org");
    check(Kind::MembersCsv, case, &(place(Kind::MembersCsv, "two@") + "`ONE@example.org` is already"));
    let same_name = "name,kind,joined\nAnn,person,2025-01-01\nAnn,person,2025-01-02\n";
    check(Kind::MembersCsv, same_name, "file:3:1: `Ann` is already on line 2");
}

#[test]
fn hidden_characters_in_names_are_refused() {
    // Donors choose their names, so that theirs lose such characters instead.
    for kind in CSV.into_iter().filter(|kind| *kind != Kind::OpenCollectiveCsv) {
        for hidden in [
            '\u{202e}', '\u{2066}', '\u{200b}', '\u{200f}', '\u{feff}', '\u{1b}', '\u{7f}', '\u{2028}', '\u{200d}',
            '\u{ad}', '\u{3164}', '\u{fe0f}',
        ] {
            let expected = place(kind, "Name Two");
            let name = format!("Name{hidden}Two");
            let mistakes = read(kind, broken(kind, "Name Two", &name).as_bytes()).unwrap_err();
            assert_eq!(mistakes.len(), 1);
            assert!(mistakes[0].starts_with(&expected), "{}", mistakes[0]);
            assert!(mistakes[0].contains(&format!("U+{:04X}", u32::from(hidden))));
            assert!(!mistakes[0].contains(hidden), "the message itself can be seen");
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
    let What::Item { title, .. } = &facts[1].what else { panic!("{facts:?}") };
    assert_eq!(title, "ab   <b>c");
}

#[test]
fn formula_cells_are_kept_as_text() {
    for kind in CSV {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"] {
            let facts = read(kind, broken(kind, "Name Two", formula).as_bytes()).unwrap();
            let kept = facts.iter().any(|fact| match &fact.what {
                What::Member { person, .. } | What::Support { person, .. } => person.name == formula,
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
    let bytes = format!("commit,authored_at,author,files_changed\n{}", rows.collect::<String>());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let Err(Refused::Mistakes { first, more }) = open(kind, &path, &mut |_, _| {}) else { panic!("it is refused") };
    assert_eq!((first.len(), more), (20, 80));
    let lines: Vec<u64> = first.iter().map(|mistake| mistake.place.line).collect();
    assert_eq!(lines, (2..22).collect::<Vec<_>>());
}

#[test]
fn a_hundred_duplicates_are_counted_and_the_first_shown() {
    let rows = "abc1,2025-01-01,x,1\n".repeat(101);
    let bytes = format!("commit,authored_at,author,files_changed\n{rows}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let Err(Refused::Mistakes { first, more }) = open(Kind::CommitsCsv, &path, &mut |_, _| {}) else {
        panic!("it is refused")
    };
    assert_eq!((first.len(), more), (20, 80));
    assert_eq!(first[0].to_string(), "file:3:1: `abc1` is already on line 2 (each may occur only once)");
    assert_eq!(first[19].place.line, 22);
}

#[test]
fn mistakes_of_all_sorts_come_in_the_file_s_order() {
    let text = "commit,authored_at,author,files_changed\n\
                abc1,2025-01-01,x,1\nabc1,2025-01-01,x,1\nabc2,2025-01-01,x,none\n";
    let mistakes = read(Kind::CommitsCsv, text.as_bytes()).unwrap_err();
    assert_eq!(mistakes.len(), 2);
    assert!(mistakes[0].starts_with("file:3:1: `abc1` is already on line 2"));
    assert!(mistakes[1].starts_with("file:4:19: `none` is not a number of files"));
}
