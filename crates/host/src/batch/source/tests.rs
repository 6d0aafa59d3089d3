//! Keyed sources: nobody finds a person from the published log; the same fact is recognised in whatever form the log has it; and what
//! is kept beside the log is compared.

use std::path::Path;

use bridges::Kind;
use engine::Pseudonym;
use engine::act::{Amount, BookEntry, Posting, RecordSupport, ReverseSupport, Sides, SourceHeard};
use engine::edition::{ONE, THREE, TWO};
use quantity::Zone;

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::inbox::{LogTime, Named, Newcomers, take_all};
use crate::{Charter, Coop, Person, Submission, Submitted, Way, verify_store};

const CONSTITUTION: &str = "```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";
const HEAD: &str = "member,kind,amount,unit,given_at\n";
const MEMBERS: usize = 4_000;
const SOME: [usize; 2] = [1_300, 2_600];

fn now() -> Moment {
    at("2025-02-20T00:00:00Z")
}

fn coop(edition: Edition) -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap();
    let mut coop = Coop::in_memory(charter, true, at("2025-01-01")).unwrap();
    let mut batch = coop.batch().unwrap();
    for (pseudonym, number) in (1..).zip(SOME) {
        let person = Person { name: name(number), ..Person::default() };
        batch.admit_as(Pseudonym(pseudonym), &person, Actor::Operator, at("2025-01-01")).unwrap();
    }
    batch.commit().unwrap();
    coop
}

fn name(number: usize) -> String {
    format!("member-{number:04}")
}

fn row(name: &str) -> String {
    format!("{name},dues,12.50,USD,2025-01-15\n")
}

fn table() -> String {
    format!("{HEAD}{}{}", row(&name(SOME[0])), row(&name(SOME[1])))
}

fn file_of(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn opened(path: &Path) -> bridges::Source {
    bridges::open_in(Kind::SupportCsv, path, &Zone::utc(), &mut |_, _| ()).unwrap()
}

/// Imports a table of support; how many rows are recorded, and how many were known.
fn import(coop: &mut Coop, text: &str) -> [u64; 2] {
    let file = file_of(text);
    let mut named = [Named { name: "support.csv".to_owned(), source: opened(file.path()) }];
    let mut batch = coop.batch().unwrap();
    let taken = take_all(&mut batch, &mut named, LogTime::Now(now()), Newcomers::Welcome, &mut || ()).unwrap();
    batch.commit().unwrap();
    [taken.recorded, taken.known]
}

fn log(coop: &mut Coop) -> String {
    let mut bytes = Vec::new();
    coop.export_log(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn published(coop: &mut Coop) -> String {
    let mut bytes = Vec::new();
    coop.export_published(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Everybody of a list of names whose row an outsider finds in a log: amounts and days are in it, and the names are guessed.
fn found_in(log: &str) -> Vec<String> {
    let text: String = std::iter::once(HEAD.to_owned()).chain((1..=MEMBERS).map(|n| row(&name(n)))).collect();
    let (file, mut found) = (file_of(&text), Vec::new());
    let told: std::collections::BTreeSet<&str> = log.split('"').collect();
    let read = opened(file.path()).facts(&mut |fact| {
        let bridges::What::Support { person, .. } = &fact.what else { return ControlFlow::Continue(()) };
        if std::iter::once(&fact.source).chain(&fact.also).any(|source| told.contains(source.as_str())) {
            found.push(person.name.clone());
        }
        ControlFlow::Continue(())
    });
    read.unwrap();
    found.sort_unstable();
    found
}

#[test]
fn two_among_thousands_of_names_are_found_from_a_log_of_edition_1_alone() {
    let logs = [ONE, TWO].map(|edition| {
        let mut coop = coop(edition);
        assert_eq!(import(&mut coop, &table()), [2, 0]);
        coop.update_until(at("2025-03-01"), at("2025-03-01")).unwrap();
        [log(&mut coop), published(&mut coop)]
    });
    let [one, two] = &logs;
    assert_eq!(one.each_ref().map(|log| found_in(log)), [SOME.map(name), SOME.map(name)]);
    for log in two {
        assert_eq!(found_in(log), Vec::<String>::new());
        assert_eq!(log.matches("\"source\":\"keyed:").count(), 2, "both are in it");
        assert!(!log.contains("support:"));
    }
}

#[test]
fn a_file_that_was_imported_is_known_under_either_edition_and_after_a_change_of_them() {
    let more = format!("{}{}", table(), row(&name(SOME[0])));
    let mut one = coop(ONE);
    assert_eq!(import(&mut one, &table()), [2, 0]);
    one.update_until(at("2025-02-18"), at("2025-02-18")).unwrap();
    one.go_on_under(TWO, Way::Adopt, true, at("2025-02-18")).unwrap();
    assert_eq!(import(&mut one, &table()), [0, 2], "as edition 1 has written them");
    assert_eq!(import(&mut one, &more), [1, 2], "the third row is equal to the first, and new");
    assert_eq!(import(&mut one, &more), [0, 3]);
    one.reload().unwrap();
    assert_eq!(import(&mut one, &more), [0, 3]);
    verify_store(&mut *one.store, 1).unwrap();
    let mut two = coop(TWO);
    assert_eq!(import(&mut two, &more), [3, 0]);
    assert_eq!(import(&mut two, &more), [0, 3]);
    verify_store(&mut *two.store, 1).unwrap();
    assert_eq!(log(&mut two).matches("\"sources\":\"").count(), 1, "one entry binds the key");
}

fn gift(source: &str, series: Option<&str>) -> Act {
    Act::RecordSupport(RecordSupport {
        service: None,
        member: Pseudonym(1),
        kind: if series.is_some() { "pledge" } else { "dues" }.to_owned(),
        amount: Amount { amount: 500, currency: Some("USD".to_owned()), unit: None },
        given_at: Some(at("2025-01-15")),
        given_on: None,
        source: source.to_owned(),
        parts: 1,
        series: series.map(str::to_owned),
        stands_months: None,
        book: series.is_none().then(|| Sides { to: "assets:bank".to_owned(), from: "income:dues".to_owned() }),
    })
}

fn back(of: &str, source: &str) -> Act {
    let (of, source) = (of.to_owned(), source.to_owned());
    let given_at = Some(at("2025-01-16"));
    Act::ReverseSupport(ReverseSupport { of, amount: Some(100), given_at, given_on: None, source })
}

fn booked(source: &str) -> Act {
    let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
    Act::BookEntry(BookEntry {
        at: at("2025-01-16"),
        source: source.to_owned(),
        narration: Some("paper".to_owned()),
        currency: "USD".to_owned(),
        postings: vec![posting("assets:bank", -100), posting("expenses:paper", 100)],
    })
}

fn submit(coop: &mut Coop, act: Act, key: &str) -> Submitted {
    let submission =
        Submission { act, actor: Actor::Operator, key: key.to_owned(), nonce: String::new(), signed: None };
    coop.submit(&[submission], now()).unwrap().remove(0)
}

fn accepted(coop: &mut Coop, act: Act, key: &str) -> (u64, bool) {
    match submit(coop, act, key) {
        Submitted::Accepted(receipt) => (receipt.entry, receipt.repeated),
        other => panic!("not accepted: {other:?}"),
    }
}

fn refusal(coop: &mut Coop, act: Act) -> String {
    match submit(coop, act, "") {
        Submitted::Refused(refusal) => refusal.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn programs_hand_in_plain_sources_and_read_them_in_answers() {
    let mut coop = coop(TWO);
    let (entry, repeated) = accepted(&mut coop, gift("invoice 7", None), "k1");
    assert!(!repeated);
    assert_eq!(accepted(&mut coop, gift("invoice 7", None), "k1"), (entry, true), "it has its receipt again");
    let other = submit(&mut coop, gift("invoice 8", None), "k1");
    assert!(matches!(other, Submitted::KeyReused(known) if known == entry));
    let twice = refusal(&mut coop, gift("invoice 7", None));
    assert!(twice.starts_with("R038") && twice.contains("`invoice 7` is recorded"), "{twice}");
    assert!(refusal(&mut coop, back("invoice 9", "back 1")).contains("invoice 9"));
    assert!(refusal(&mut coop, gift("", None)).starts_with("R027"));
    assert!(refusal(&mut coop, gift(&"x".repeat(129), None)).starts_with("R027"));
    accepted(&mut coop, back("invoice 7", "back 1"), "k2");
    accepted(&mut coop, booked("receipt of member-1300"), "k3");
    assert!(refusal(&mut coop, booked("back 1")).contains("`back 1` is recorded"));
    // A reader of the log can name a record by its form there.
    let entry = String::from_utf8(coop.entry(entry).unwrap().unwrap()).unwrap();
    let (_, form) = entry.split_once("\"source\":\"").unwrap();
    let form = form.split('"').next().unwrap().to_owned();
    accepted(&mut coop, back(&form, "back 2"), "k4");
    assert!(refusal(&mut coop, gift(&form, None)).starts_with("R038"));
    let log = log(&mut coop);
    for plain in ["invoice", "back 1", "back 2", "receipt of"] {
        assert!(!log.contains(plain), "{plain}");
    }
    assert_eq!(coop.source_in_plain(form).unwrap(), "invoice 7");
    verify_store(&mut *coop.store, 1).unwrap();
}

#[test]
fn a_series_is_keyed_as_sources_are() {
    let mut coop = coop(TWO);
    accepted(&mut coop, gift("a", Some("friends of member-1300")), "");
    accepted(&mut coop, gift("b", Some("friends of member-1300")), "");
    accepted(&mut coop, gift("c", Some("")), "");
    assert!(refusal(&mut coop, gift("d", Some(&"x".repeat(65)))).starts_with("R027"));
    let log = log(&mut coop);
    assert!(!log.contains("friends") && log.contains("\"series\":\"\""));
    let series = |line: &str| line.split("\"series\":\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let all: Vec<String> = log.lines().filter_map(series).collect();
    assert_eq!(all[0], all[1], "a later pledge takes the place of the earlier one");
    assert!(all[0].starts_with("keyed:") && all[0].len() == 54);
}

#[test]
fn a_source_that_is_heard_is_one_source_each_time_and_keyed() {
    let heard = || {
        let kinds = vec!["dues".to_owned()];
        Act::SourceHeard(SourceHeard { source: "bank of member-1300".to_owned(), kinds, every_days: 7 })
    };
    let mut coop = coop(THREE);
    accepted(&mut coop, heard(), "");
    accepted(&mut coop, heard(), "");
    let sources: Vec<String> = coop.state().silences.sources().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(sources.len(), 1);
    assert!(sources[0].starts_with("keyed:"), "{sources:?}");
    assert!(!log(&mut coop).contains("bank of"));
    assert_eq!(coop.source_in_plain(sources[0].clone()).unwrap(), "bank of member-1300");
    verify_store(&mut *coop.store, 1).unwrap();
}

#[test]
fn a_batch_that_is_undone_leaves_no_key() {
    let mut coop = coop(TWO);
    let mut batch = coop.batch().unwrap();
    batch.append(&gift("a", None), Actor::Operator, "", "", now()).unwrap();
    batch.abort();
    let id = coop.now.id.clone();
    assert_eq!(coop.store.get(&id, "opening", b"sources").unwrap(), None);
    accepted(&mut coop, gift("a", None), "");
    verify_store(&mut *coop.store, 1).unwrap();
}

/// Changes records beside the log; what `verify` finds.
fn edited(edit: &dyn Fn(&mut Batch<'_>, &str)) -> Result<(), String> {
    let mut coop = coop(TWO);
    accepted(&mut coop, gift("invoice 7", None), "");
    accepted(&mut coop, gift("invoice 8", None), "");
    let id = coop.now.id.clone();
    let kept = crate::sources::kept(&mut *coop.store, &id).unwrap();
    let (form, _) = kept.iter().find(|(_, plain)| *plain == "invoice 7").unwrap();
    let mut batch = coop.batch().unwrap();
    edit(&mut batch, form);
    batch.commit().unwrap();
    verify_store(&mut *coop.store, 1).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn verify_names_what_was_changed_and_not_what_was_erased() {
    let named = |edit: &dyn Fn(&mut Batch<'_>, &str), words: &str| {
        let found = edited(edit).unwrap_err();
        assert!(found.contains(words), "{found}");
    };
    edited(&|batch, form| batch.delete("source", form.as_bytes()).unwrap()).unwrap();
    named(&|batch, form| batch.put("source", form.as_bytes(), b"invoice 6").unwrap(), "is another one");
    named(&|batch, _| batch.put("source", b"keyed:00", b"invoice 6").unwrap(), "is another one");
    named(&|batch, _| batch.delete("opening", b"sources").unwrap(), "the key of sources is missing");
    named(&|batch, _| batch.put("opening", b"sources", &[7; 32]).unwrap(), "is not the one that it binds");
    named(&|batch, _| batch.put("alias", b"keyed:00", b"keyed:01").unwrap(), "which no entry has");
    let planted = |batch: &mut Batch<'_>, _: &str| {
        let key = batch.source_key().unwrap().unwrap();
        batch.put("source", keyed(&key, SOURCE, "invoice 6").as_bytes(), b"invoice 6").unwrap();
    };
    named(&planted, "which no entry has");
}

#[test]
fn nothing_is_recorded_under_a_second_key() {
    let mut coop = coop(TWO);
    accepted(&mut coop, gift("a", None), "");
    let mut batch = coop.batch().unwrap();
    batch.delete("opening", b"sources").unwrap();
    batch.commit().unwrap();
    coop.source_key = None;
    let mut batch = coop.batch().unwrap();
    let refused = batch.append(&gift("b", None), Actor::Operator, "", "", now()).unwrap_err().to_string();
    assert!(refused.contains("binds is missing beside the log"), "{refused}");
}
