//! `rochdale story`: a co-op's own story, played under the documents that it is given.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in `folder`, where the documents of the template `club` lie beside `text`.
fn told(folder: &Path, text: &str) -> Output {
    let filled = charter::template("club").unwrap().fill("Walkers", quantity::Currency::parse("USD").unwrap());
    for (name, text) in
        [("kernel.md", filled.kernel.as_str()), ("constitution.md", filled.constitution.as_str()), ("year.md", text)]
    {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let arguments = ["story", "year.md", "--kernel", "kernel.md", "--constitution", "constitution.md"];
    Command::new(env!("CARGO_BIN_EXE_rochdale")).args(arguments).current_dir(folder).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_story_holds_or_says_where_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let story = charter::template("club").unwrap().story;
    let held = told(folder.path(), story);
    assert_eq!((held.status.code(), words(&held.stdout)), (Some(0), "the story holds\n".to_owned()));

    let line = story.lines().position(|line| line == "| member-002 | 4.00 | 50% |").unwrap();
    let other = story.replace("| member-002 | 4.00 | 50% |", "| member-002 | 4.00 | 55% |");
    let failed = told(folder.path(), &other);
    assert_eq!(
        (failed.status.code(), words(&failed.stdout)),
        (Some(1), format!("year.md:{}: bucket of member-002: the story says 55%, and the count says 50%\n", line + 1))
    );
    assert_eq!(words(&failed.stderr), "rochdale: the story does not hold: 1 difference\n");
}

#[test]
fn what_is_no_story_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    let misread = told(folder.path(), "# No tables\n");
    assert_eq!(misread.status.code(), Some(2));
    assert!(words(&misread.stderr).starts_with("rochdale: year.md:1: the table `co-op`"));
}

const KERNEL: &str = r#"# Kernel

```charter
kernel {
    name "Market"
    purpose "Run a stall"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "donated(ever) / 1 USD" }
    votes "linear"
    constitution { settles-in "7 days"; updates "weekly on monday at 01:00" }
}
```
"#;

const CONSTITUTION: &str = r#"# Rules

```charter
commitment "budget" every="quarter" { default "carry the last budget over"; allowance "each" }
```
"#;

/// The second quarter of 2025 has thirteen Mondays, from 7 April to 30 June.
const STORY: &str = r#"# A van or a roof

| co-op | currency | founded |
| --- | --- | --- |
| Market | USD | 2025-04-01 |

````document van
Buy a van

It carries the stall.
````

````document roof
Mend the roof
````

| date | who | does | refused |
| --- | --- | --- | --- |
| 2025-04-01 | member-001 to member-003 | joins | |
| | member-001 | donates 50 USD | |
| | member-002 | donates 30 USD | |
| | member-003 | donates 20 USD | |
| | member-001 | puts up van for budget | |
| | member-002 | puts up van for budget | R028 |
| | member-002 | puts up roof for budget | |
| 2025-04-07 | member-001 | nominates van for budget with 10% | |
| | member-002 | nominates roof for budget with 10% | |

| outcomes to 2025-04-14 | outcome |
| --- | --- |
| 2025-04-14 | van is on the ballot for budget |
| 2025-04-14 | roof is on the ballot for budget |
| 2025-04-14 | member-001 has 10% back from budget |
| 2025-04-14 | member-002 has 10% back from budget |

Member-001 is for the van with three fifths from 14 April on, after that day’s count; member-002 has all on the roof in June, and takes it back.

| date | who | does | refused |
| --- | --- | --- | --- |
| 2025-04-14 | member-001 | places 60% on budget: van | |
| | member-003 | places 10% on budget: default | |
| 2025-06-03 | member-002 | places 100% on budget: roof | |
| 2025-06-27 | member-003 | puts up roof for budget | R028 |
| | member-002 | takes back roof of budget | |
| | member-002 | puts up roof for budget | R124 |

| votes for budget on 2025-06-30 | votes | conviction |
| --- | --- | --- |
| van | 30 | 27.13 |
| roof | out | out |
| default | 2 | 1.81 |

| capacity on 2025-06-30 | votes |
| --- | --- |
| budget | 100 |

| outcomes to 2025-07-01 | outcome |
| --- | --- |
| 2025-07-01 | van is taken for budget |

A quarter later nobody has put up anything, and all weight is free.

| date | who | does | refused |
| --- | --- | --- | --- |
| 2025-07-02 | member-001 | places 60% on budget: van | R015 |

| votes for budget on 2025-07-07 | votes | conviction |
| --- | --- | --- |
| default | 0 | 0.00 |

| outcomes to 2025-10-01 | outcome |
| --- | --- |
| 2025-10-01 | the default is taken for budget |
"#;

#[test]
fn a_story_of_a_commitment_holds() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("kernel.md", KERNEL), ("constitution.md", CONSTITUTION), ("story.md", STORY)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let arguments =
        ["story", "story.md", "--kernel", "kernel.md", "--constitution", "constitution.md", "--edition", "4"];
    let told =
        Command::new(env!("CARGO_BIN_EXE_rochdale")).args(arguments).current_dir(folder.path()).output().unwrap();
    assert_eq!((words(&told.stdout), told.status.code()), ("the story holds\n".to_owned(), Some(0)), "{told:?}");
}

#[test]
fn a_shop_hands_out_hours_and_benches() {
    holds("supply");
}

#[test]
fn a_market_mends_its_roof_from_a_pool() {
    holds("pool");
}

#[test]
fn a_market_puts_its_van_first() {
    holds("sharing");
}

#[test]
fn a_market_lets_requests_pass_one_by_one() {
    holds("requests");
}

#[test]
fn releases_open_by_the_month_in_all_and_by_a_day() {
    holds("release");
}

#[test]
fn a_workshop_gives_credit_for_its_work() {
    holds("credit");
}

/// A story of its own folder, under edition 4.
fn holds(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/stories").join(name);
    let arguments =
        ["story", "story.md", "--kernel", "kernel.md", "--constitution", "constitution.md", "--edition", "4"];
    let held = Command::new(env!("CARGO_BIN_EXE_rochdale")).args(arguments).current_dir(folder).output().unwrap();
    let told = (held.status.code(), words(&held.stdout), words(&held.stderr));
    assert_eq!(told, (Some(0), "the story holds\n".to_owned(), String::new()));
}
