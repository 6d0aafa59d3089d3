//! Narrations from edition 2 on: the log has none of the words, binds them, and everything beside it is compared. Edition 1 has them in
//! its entries.

use engine::Actor;
use engine::act::{Posting, ProposeAct};
use engine::edition::{ONE, TWO};

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::{Charter, Coop, Submission, Submitted, verify_store};

const CONSTITUTION: &str = "```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";

fn coop(edition: Edition) -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap();
    Coop::in_memory(charter, true, at("2025-01-01")).unwrap()
}

fn entry(source: &str, words: Option<&str>) -> BookEntry {
    let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
    BookEntry {
        at: at("2025-01-16"),
        source: source.to_owned(),
        narration: words.map(str::to_owned),
        currency: "USD".to_owned(),
        postings: vec![posting("assets:bank", -100), posting("expenses:paper", 100)],
    }
}

fn submit(coop: &mut Coop, source: &str, words: &str, key: &str) -> Submitted {
    let act = Act::BookEntry(entry(source, Some(words)));
    let submission =
        Submission { act, actor: Actor::Operator, key: key.to_owned(), nonce: String::new(), signed: None };
    coop.submit(&[submission], at("2025-02-20")).unwrap().remove(0)
}

fn log(coop: &mut Coop) -> String {
    let mut bytes = Vec::new();
    coop.export_log(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The booking in the last entry of the log, and what it is about.
fn last(coop: &mut Coop) -> (BookEntry, Option<String>) {
    let bytes = coop.entry(coop.head().seq).unwrap().unwrap();
    let booked = crate::booked(coop.state(), &bytes).unwrap();
    let words = coop.narration(&booked).unwrap();
    (booked, words)
}

fn verified(coop: &mut Coop) -> Result<(), String> {
    verify_store(&mut *coop.store, 1).map(|_| ()).map_err(|error| error.to_string())
}

/// Changes what is kept beside the log.
fn beside(coop: &mut Coop, change: impl FnOnce(&mut Batch<'_>)) {
    let mut batch = coop.batch().unwrap();
    change(&mut batch);
    batch.commit().unwrap();
}

#[test]
fn the_log_binds_the_words_and_has_none_of_them() {
    let mut coop = coop(TWO);
    let Submitted::Accepted(first) = submit(&mut coop, "a", "paper for member-001", "k") else { panic!("accepted") };
    let text = log(&mut coop);
    assert!(!text.contains("paper for") && !text.contains("member-001"), "{text}");
    assert_eq!(text.matches("\"commitments\":{\"narration\":\"").count(), 1, "{text}");
    let (booked, words) = last(&mut coop);
    assert_eq!((booked.narration.as_deref(), words.as_deref()), (None, Some("paper for member-001")));
    let shown = coop.directory().documents.narration(&booked.source);
    assert_eq!(shown.as_deref(), Some("paper for member-001"));
    verified(&mut coop).unwrap();
    // Handed in again it is the same act, and about something else another.
    let again = submit(&mut coop, "a", "paper for member-001", "k");
    assert!(matches!(again, Submitted::Accepted(receipt) if receipt.entry == first.entry && receipt.repeated));
    let other = submit(&mut coop, "a", "ink", "k");
    assert!(matches!(other, Submitted::KeyReused(seq) if seq == first.entry));
    // The engine judges the words as before.
    for words in ["", "a\u{7}b", &"x".repeat(129)] {
        assert!(
            matches!(submit(&mut coop, "b", words, ""), Submitted::Refused(no) if no.to_string().starts_with("R027"))
        );
    }
    assert_eq!(coop.state().book.entries(), 1);
}

#[test]
fn words_are_compared_with_the_entry_that_binds_them() {
    let mut coop = coop(TWO);
    submit(&mut coop, "a", "paper", "");
    let (booked, _) = last(&mut coop);
    let (source, opening) = (booked.source.clone(), opening_of_narration(&booked.source));
    beside(&mut coop, |batch| batch.put("narration", source.as_bytes(), b"wages").unwrap());
    let why = verified(&mut coop).unwrap_err();
    assert!(why.contains("entry 2") && why.contains("is not the one that it binds"), "{why}");
    beside(&mut coop, |batch| batch.delete("narration", source.as_bytes()).unwrap());
    let why = verified(&mut coop).unwrap_err();
    assert!(why.contains("is missing, and its key is there"), "{why}");
    // Erased with their key, nothing is wrong, and nothing is shown.
    beside(&mut coop, |batch| batch.delete("opening", opening.as_bytes()).unwrap());
    verified(&mut coop).unwrap();
    assert_eq!(last(&mut coop).1, None);
    assert_eq!(coop.directory().narration(&booked), "erased");
    beside(&mut coop, |batch| batch.put("narration", b"nothing", b"words").unwrap());
    assert!(verified(&mut coop).unwrap_err().contains("no entry binds it"));
}

#[test]
fn edition_1_has_the_words_in_its_entries() {
    let mut coop = coop(ONE);
    submit(&mut coop, "a", "paper", "");
    let text = log(&mut coop);
    let body = r#""body":{"at":"2025-01-16T00:00:00Z","source":"a","narration":"paper","currency":"USD","postings":["#;
    assert!(text.contains(body) && text.contains(r#""commitments":{}}"#), "{text}");
    assert_eq!(last(&mut coop).1.as_deref(), Some("paper"));
    verified(&mut coop).unwrap();
}

/// A proposed expense binds its words as well: those who are asked can read them.
#[test]
fn a_proposed_act_is_bound_too() {
    let mut act = Act::ProposeAct(ProposeAct {
        member: engine::Pseudonym(1),
        body: Some("council".to_owned()),
        proposed: Deed::BookEntry(entry("a", Some("paper"))),
    });
    let taken = Narration::taken(&mut act).unwrap().unwrap();
    assert_eq!((taken.source.as_str(), taken.words.as_str()), ("a", "paper"));
    assert_eq!(booked_by(&mut act).unwrap().narration, None);
    assert_eq!(taken.binding(), commitment(&taken.key, NARRATION, b"paper"));
    // An entry that is handed in without words is misread.
    let without = br#"{"act":"book_entry","at":"2025-01-16","source":"a","currency":"USD","postings":[]}"#;
    let misread = crate::decode_act(without, &mut |_| None).unwrap_err();
    assert!(misread.to_string().contains("`narration`"), "{misread}");
}
