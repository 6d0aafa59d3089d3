//! Which sources a file is of, when the log hears of them, and who may say how often they are expected.

use std::collections::BTreeMap;

use engine::Edition;
use quantity::Moment;

use super::super::tests::{CONSTITUTION, now};
use super::super::{Bringer, Door, Handed, Newcomers, Report, bring, open_handed};
use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::{Charter, Coop};

const DAY_US: i64 = 86_400_000_000;
const HEAD: &str = "member,kind,amount,unit,given_at,source\n";

fn coop(edition: Edition) -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap();
    Coop::in_memory(charter, false, at("2026-01-01T00:00:00Z")).unwrap()
}

fn import(at: Moment, every: Option<u32>) -> Import {
    let (time, newcomers) = (LogTime::Now(at), Newcomers::Welcome);
    let (door, by, kinds, recording) = (Door::Command, Bringer::default(), Kinds::All, Recording::Bridge);
    Import { door, by, time, newcomers, kinds, recording, every }
}

fn brought(coop: &mut Coop, text: &str, import: &Import) -> Result<Report, String> {
    let handed = Handed { name: "given.csv".to_owned(), bytes: text.as_bytes().to_vec() };
    let named = open_handed(&coop.committed(), &handed, None, None).map_err(|why| why.to_string())?;
    let mut batch = coop.batch().unwrap();
    match bring(&mut batch, &mut [named], import, &mut || ()) {
        Ok(report) => {
            batch.commit().unwrap();
            Ok(report)
        }
        Err(why) => {
            batch.abort();
            Err(why.to_string())
        }
    }
}

/// Every source that the log heard of: the kinds, the days, and when.
fn heard(coop: &Coop) -> BTreeMap<String, (u32, Moment)> {
    let sources = coop.state().silences.sources();
    let kinds = |heard: &engine::support::silence::Heard| {
        heard.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ")
    };
    sources.map(|(_, heard)| (kinds(heard), (heard.every_days, heard.at))).collect()
}

#[test]
fn a_rhythm_is_said_once_and_each_later_file_is_heard() {
    let mut coop = coop(Edition::THREE);
    let (one, two) = ("member-001,dues,5,USD,2025-12-01,a\n", "member-001,hours,1,hours,2025-12-02,b\n");
    let report = brought(&mut coop, &format!("{HEAD}{one}"), &import(now(), None)).unwrap();
    assert!(report.taken.notes.is_empty() && heard(&coop).is_empty(), "nobody has said when it is expected");
    let later = Moment(now().0 + 2 * DAY_US);
    let report = brought(&mut coop, &format!("{HEAD}{one}{two}"), &import(later, Some(30))).unwrap();
    assert!(
        report
            .taken
            .notes
            .contains(&"the source of dues was heard on 2026-01-07, and is expected again within 30 days".to_owned()),
        "{:?}",
        report.taken.notes
    );
    let both = |at: Moment| BTreeMap::from([("dues".to_owned(), (30, at)), ("hours".to_owned(), (30, at))]);
    assert_eq!(heard(&coop), both(later), "each kind in a table is a source of its own");
    // A file in which everything is known is an answer too; within a day it is told once.
    let entries = coop.head().seq;
    let again = brought(&mut coop, &format!("{HEAD}{one}{two}"), &import(Moment(later.0 + 1), None)).unwrap();
    assert_eq!((again.number, again.taken.notes.len(), coop.head().seq), (None, 2, entries));
    let next = Moment(later.0 + DAY_US);
    brought(&mut coop, &format!("{HEAD}{one}"), &import(next, None)).unwrap();
    assert_eq!(heard(&coop)["dues"], (30, next));
    assert_eq!(heard(&coop)["hours"], (30, later), "dues say nothing of hours");
    let kept = coop.committed().file_sources().unwrap();
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["file/support-csv/dues", "file/support-csv/hours"]);
}

#[test]
fn another_rhythm_holds_from_the_next_file_on_and_nothing_new_is_an_answer() {
    let mut coop = coop(Edition::THREE);
    brought(&mut coop, &format!("{HEAD}member-001,dues,5,USD,2025-12-01,a\n"), &import(now(), None)).unwrap();
    let name = "file/support-csv/dues";
    let later = |days: i64| Moment(now().0 + days * DAY_US);
    let no = coop.all_or_nothing(|batch| batch.hear_nothing_new(name, later(1))).unwrap_err();
    assert!(no.to_string().contains("say first how often"), "{no}");
    coop.all_or_nothing(|batch| batch.expect_file(name, 30, later(1))).unwrap();
    assert_eq!(heard(&coop)["dues"], (30, later(1)), "expected from the day on which somebody says so");
    coop.all_or_nothing(|batch| batch.expect_file(name, 90, later(2))).unwrap();
    assert_eq!(heard(&coop)["dues"], (30, later(1)), "words end no silence");
    coop.all_or_nothing(|batch| batch.hear_nothing_new(name, later(3))).unwrap();
    assert_eq!(heard(&coop)["dues"], (90, later(3)));
    let no = coop.all_or_nothing(|batch| batch.expect_file("file/git/x", 30, later(3))).unwrap_err();
    assert!(no.to_string().contains("no file has come from a source `file/git/x`"), "{no}");
}

#[test]
fn a_rhythm_that_cannot_be_kept_stops_the_import() {
    let dues = format!("{HEAD}member-001,dues,5,USD,2025-12-01,a\n");
    let mut earlier = coop(Edition::TWO);
    let why = brought(&mut earlier, &dues, &import(now(), Some(30))).unwrap_err();
    assert!(why.contains("under edition 3"), "{why}");
    let mut coop = coop(Edition::THREE);
    let replay = Import { time: LogTime::Replay { now: now() }, ..import(now(), Some(30)) };
    let dated = dues.replace("2025-12-01", "2026-01-02");
    let why = brought(&mut coop, &dated, &replay).unwrap_err();
    assert!(why.contains("/sources"), "{why}");
    let register = "name,kind,joined,email\nmember-001,person,2020-01-01,\n";
    let why = brought(&mut coop, register, &import(now(), Some(30))).unwrap_err();
    assert!(why.contains("no record of what members give"), "{why}");
    assert_eq!(coop.head().seq, 0, "nothing of it is in the log");
}

#[test]
fn a_token_for_some_kinds_hears_no_source_of_others() {
    let mut coop = coop(Edition::THREE);
    let both = format!("{HEAD}member-001,dues,5,USD,2025-12-01,a\n");
    brought(&mut coop, &both, &import(now(), Some(30))).unwrap();
    let only = Import { kinds: Kinds::parse("hours").unwrap(), ..import(Moment(now().0 + 9 * DAY_US), Some(300)) };
    let hours = format!("{HEAD}member-001,hours,1,hours,2025-12-01,b\n");
    brought(&mut coop, &hours, &only).unwrap();
    assert_eq!(heard(&coop)["dues"], (30, now()));
}

#[test]
fn words_for_a_rhythm() {
    for (words, days) in [
        ("every 30 days", 30),
        ("30 days", 30),
        ("30", 30),
        ("Every  day", 1),
        ("every 2 weeks", 14),
        ("every month", 31),
        ("every 3 months", 93),
        ("every year", 366),
    ] {
        assert_eq!(rhythm(words), Ok(days), "{words}");
    }
    for words in ["", "every", "0 days", "367 days", "-3 days", "1.5 days", "often", "every 99999999999 weeks"] {
        assert!(rhythm(words).unwrap_err().contains("say `every 30 days`, 1 to 366 days"), "{words}");
    }
}
