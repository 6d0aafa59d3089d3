//! The acts of each fact, once; and each reason why one is not taken, with its place.

mod doors;

use bridges::{MICRO_CREDITS, Posting, Unit};
use charter::Edition;
use quantity::Currency;

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::{Charter, Coop};

pub(super) const CONSTITUTION: &str = r#"```charter
ranking "issues" of="forge" { close-after "90 days" floor="0.5 votes" }
ranking "wishes" of="forge" { close-after "90 days" floor="0.5 votes" }
```
"#;

pub(super) fn now() -> Moment {
    at("2026-01-05T12:00:00Z")
}

fn coop() -> Coop {
    coop_under(Edition::USUAL)
}

fn coop_under(edition: Edition) -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap();
    Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap()
}

fn person(name: &str) -> Identity {
    Identity { name: name.to_owned(), ..Identity::default() }
}

fn fact(date: &str, source: &str, what: What) -> Fact {
    let (place, source) = (Place { line: 3, column: 7 }, source.to_owned());
    Fact { place, at: at(date), on: None, source, also: Vec::new(), by: By::Coop, what }
}

fn gift(date: &str, source: &str, currency: &str) -> Fact {
    let currency = Currency::parse(currency).unwrap();
    fact(
        date,
        source,
        What::Support {
            service: None,
            person: person("member-001"),
            kind: "donation",
            amount: 500,
            unit: Unit::Money(currency),
            months: 1,
            pledge_series: None,
            stands_months: 0,
            book: None,
        },
    )
}

fn issue(date: &str, closed: bool) -> Fact {
    fact(
        date,
        "issue:7",
        What::Item {
            place: None,
            list: "forge".to_owned(),
            id: "7".to_owned(),
            title: "A title".to_owned(),
            url: None,
            labels: Vec::new(),
            closed,
            was_closed: None,
        },
    )
}

/// Takes the facts one after the other in one batch, and counts.
fn take_each(coop: &mut Coop, facts: &[Fact], time: LogTime) -> Result<[u64; 3], String> {
    let mut batch = coop.batch().unwrap();
    let mut taken = Taken::default();
    for fact in facts {
        if let Err(error) = take(&mut batch, "file.csv", fact, time, &mut taken) {
            batch.abort();
            return Err(error.to_string());
        }
    }
    batch.commit().unwrap();
    Ok([taken.recorded, taken.known, taken.closed_outside])
}

fn counts(recorded: u64, known: u64, closed_outside: u64) -> Result<[u64; 3], String> {
    Ok([recorded, known, closed_outside])
}

#[test]
fn each_fact_comes_in_once() {
    let booking = What::Booking {
        narration: "contribution".to_owned(),
        currency: Currency::parse("USD").unwrap(),
        postings: vec![
            Posting { account: "assets:bank".to_owned(), minor: 500 },
            Posting { account: "income:gifts".to_owned(), minor: -500 },
        ],
    };
    let credit = What::Support {
        service: None,
        person: person("member-002"),
        kind: "contribution",
        amount: MICRO_CREDITS,
        unit: Unit::MicroCredits,
        months: 1,
        pledge_series: None,
        stands_months: 0,
        book: None,
    };
    let listed = What::Member {
        person: person("member-001"),
        organisation: false,
        lists: vec!["member-list".to_owned()],
        left_on: None,
    };
    let facts = [
        gift("2025-03-01T00:00:00Z", "bank:1", "USD"),
        fact("2025-03-01T00:00:00Z", "bank:1:book", booking),
        fact("2025-03-02T00:00:00Z", "commit:1", credit),
        fact("2025-03-03T00:00:00Z", "bank:2", What::Reversal { of: vec!["bank:1".to_owned()], amount: 200 }),
        fact("2025-03-04T00:00:00Z", "member:1", listed),
    ];
    for time in [LogTime::Now(now()), LogTime::Replay { now: now() }] {
        let mut coop = coop();
        assert_eq!(take_each(&mut coop, &facts, time), counts(5, 0, 0), "{time:?}");
        let head = coop.head();
        assert_eq!(take_each(&mut coop, &facts, LogTime::Now(now())), counts(0, 5, 0), "{time:?}");
        assert!(coop.head().seq >= head.seq);
        assert_eq!(coop.state().members.len(), 2, "one person is one member");
    }
}

#[test]
fn replayed_entries_have_the_dates_of_their_records() {
    let mut coop = coop();
    take_each(&mut coop, &[gift("2025-03-01T09:00:00Z", "bank:1", "USD")], LogTime::Replay { now: now() }).unwrap();
    assert_eq!(coop.state().time, at("2025-03-01T09:00:00Z"));
}

#[test]
fn an_item_opens_and_closes_on_every_ranking_of_its_list() {
    let mut coop = coop();
    let time = LogTime::Now(now());
    let (open, closed) = (issue("2025-03-01T00:00:00Z", false), issue("2025-04-01T00:00:00Z", true));
    assert_eq!(take_each(&mut coop, std::slice::from_ref(&closed), time), counts(0, 0, 1), "never on a list here");
    assert_eq!(take_each(&mut coop, std::slice::from_ref(&open), time), counts(1, 0, 0));
    assert_eq!(take_each(&mut coop, std::slice::from_ref(&open), time), counts(0, 1, 0));
    assert_eq!(take_each(&mut coop, std::slice::from_ref(&closed), time), counts(1, 0, 0));
    for ranking in ["issues", "wishes"] {
        let item = coop.state().decision(ranking).and_then(|ranking| ranking.item("7"));
        assert!(item.is_some_and(|item| item.closed_at.is_some()), "{ranking}");
    }
    assert_eq!(take_each(&mut coop, std::slice::from_ref(&open), time), counts(1, 0, 0), "it is open again outside");
    assert_eq!(take_each(&mut coop, &[open], time), counts(0, 1, 0));
    let item = coop.state().decision("wishes").and_then(|ranking| ranking.item("7"));
    assert!(item.is_some_and(|item| item.closed_at.is_none()));
}

#[test]
fn a_refused_record_is_named_and_nothing_is_taken() {
    let late = "2027-01-01T00:00:00Z";
    let unlisted = What::Item {
        place: None,
        list: "tracker".to_owned(),
        id: "7".to_owned(),
        title: String::new(),
        url: None,
        labels: Vec::new(),
        closed: false,
        was_closed: None,
    };
    let member = |date| {
        let what = What::Member { person: person("member-009"), organisation: false, lists: Vec::new(), left_on: None };
        fact(date, "member:9", what)
    };
    let (present, replay) = (LogTime::Now(now()), LogTime::Replay { now: now() });
    for (time, bad, words) in [
        (present, gift("2025-03-01T00:00:00Z", "bank:2", "EUR"), "R044 wrong-currency"),
        (present, gift(late, "bank:2", "USD"), "R"),
        (present, member(late), "the record is dated 2027-01-01T00:00:00Z, which is in the future"),
        (present, issue(late, false), "the record is dated 2027-01-01T00:00:00Z, which is in the future"),
        (replay, gift(late, "bank:2", "USD"), "the record is dated 2027-01-01T00:00:00Z, which is in the future"),
        (
            replay,
            gift("2025-02-01T00:00:00Z", "bank:2", "USD"),
            "the record is dated 2025-02-01T00:00:00Z and the log is already at 2025-03-01T00:00:00Z",
        ),
        (
            present,
            fact("2025-03-01T00:00:00Z", "issue:7", unlisted),
            "no ranking of the constitution has `of=\"tracker\"`",
        ),
    ] {
        let mut coop = coop();
        let good = gift("2025-03-01T00:00:00Z", "bank:1", "USD");
        let error = take_each(&mut coop, &[good, bad], time).unwrap_err();
        assert!(error.starts_with(&format!("file.csv:3:7: {words}")), "{error}");
        assert!(error.ends_with("; nothing was imported"), "{error}");
        assert_eq!((coop.is_founded(), coop.head().seq), (false, 0));
    }
}

#[test]
fn several_sources_come_in_by_date() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("member,kind,amount,unit,given_at,id\n{rows}")).unwrap();
        let source = bridges::open(bridges::Kind::SupportCsv, &path, &mut |_, _| {}).unwrap();
        Named { name: name.to_owned(), source }
    };
    let mut sources = [
        open("late.csv", "member-001,donation,5,USD,2025-03-01,a\n"),
        open("early.csv", "member-002,donation,5,USD,2025-02-01,b\nmember-002,donation,5,USD,2025-04-01,c\n"),
    ];
    let mut coop = coop();
    let mut batch = coop.batch().unwrap();
    let mut seen = 0;
    // With `Replay`, a fact out of turn would be refused.
    let taken =
        take_all(&mut batch, &mut sources, LogTime::Replay { now: now() }, Newcomers::Doubted, &mut || seen += 1)
            .unwrap();
    batch.commit().unwrap();
    assert_eq!((taken.recorded, seen), (3, 3));
}
