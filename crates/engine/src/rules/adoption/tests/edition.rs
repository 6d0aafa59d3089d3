//! How a log goes on under a later edition, sentence by sentence of `docs/spec/editions.md`. `MADE_UP` is an edition that only
//! tests have: it carries requests for money out, which every other keeps with a note.

use std::sync::Arc;

use super::*;
use crate::act::{AdoptEdition, AnnounceEdition, Assent, EndMembership, MadeUp};
use crate::edition::{self, MADE_UP, ONE, Status, TWO};
use crate::{Actor, Edition};

const BUDGET: &str =
    "commitment \"budget\" { spending-limit \"25%\"; least-conviction \"10%\"; conviction-half-life \"7 days\" }";

fn coop(more: &str, clauses: &[&str]) -> Coop {
    let mut coop = found(&kernel(more), &lines(clauses), &[100, 400, 100]);
    coop.next();
    coop
}

fn announce(edition: Edition, differs: &str) -> Act {
    let dry_run_text = Some(Arc::from(differs));
    Act::AnnounceEdition(AnnounceEdition { edition, open: true, dry_run: hex(differs.as_bytes()), dry_run_text })
}

fn adopt(edition: Edition, differs: &str) -> Act {
    Act::AdoptEdition(AdoptEdition { edition, open: true, dry_run: hex(differs.as_bytes()) })
}

fn in_two(coop: &Coop) -> bool {
    coop.state.editions.current == TWO
}

#[test]
fn new_logs_begin_under_the_newest_closed_edition() {
    assert_eq!((edition::newest_closed(), Edition::USUAL), (edition::FOUR, edition::FOUR));
    let known: Vec<Edition> = edition::known().map(|(edition, _)| edition).collect();
    assert!(known.is_sorted() && known.starts_with(&[ONE, TWO]));
    assert_eq!(edition::status(ONE), Some(Status::Closed));
    assert_eq!(edition::status(Edition::numbered(7).unwrap()), None);
}

#[test]
fn the_operator_adopts_at_once_what_changes_no_answer() {
    let mut coop = coop(HELD, &[OFFICE, BUDGET]);
    let before = coop.state.clone();
    assert_eq!(coop.act(adopt(TWO, "")), ["edition-adopted 2"], "no rules changed");
    assert!(in_two(&coop));
    assert_eq!(coop.state.rules_hash(), before.rules_hash());
    assert_eq!(coop.state.hash_as(ONE), before.hash(), "nothing else differs");
    assert_ne!(coop.state.hash(), before.hash(), "named sections");
    assert_eq!(coop.weights(), [100 * crate::tests::ONE, 400 * crate::tests::ONE, 100 * crate::tests::ONE]);
    refused(&coop, &adopt(TWO, ""), Rule::EditionNotLater);
}

#[test]
fn what_changes_an_answer_is_announced_and_takes_effect_after_thirty_days() {
    let mut coop = coop(HELD, &[OFFICE]);
    let why = refused(&coop, &adopt(TWO, "weight m_1 5 4\n"), Rule::AnswersDiffer);
    assert!(why.contains("edition 2"), "{why}");
    assert_eq!(coop.act(announce(TWO, "weight m_1 5 4\n")), ["edition-announced 2"]);
    refused(&coop, &announce(TWO, "x"), Rule::AlreadyAnnounced);
    // Announced at 2025-01-06T01:00:00Z, just after that day's update: four weeks are 28 days, and five are 35.
    assert!(coop.run(4).is_empty());
    assert!(!in_two(&coop));
    assert_eq!(coop.next(), ["edition-adopted 2"]);
    assert!(in_two(&coop) && coop.state.editions.announced.is_none());
    assert_eq!(coop.state.weights.at, coop.state.time);
}

#[test]
fn a_demonstration_may_adopt_at_once() {
    let mut coop = coop(HELD, &[OFFICE]);
    Arc::make_mut(&mut coop.state.founding).act.demonstration = true;
    coop.act(adopt(TWO, "weight m_1 5 4\n"));
    assert!(in_two(&coop));
}

#[test]
fn a_kernel_can_leave_editions_to_its_members() {
    let by_amend = "    amend \"2/3 of weight for 28 days\"\n    editions by=\"amend\"";
    let mut coop = coop(HELD, &[OFFICE]);
    coop.act(adopt(TWO, ""));
    put(&mut coop, "kernel", &kernel(by_amend));
    let text = "holders maintainer nobody\n";
    coop.act(announce(MADE_UP, text));
    let assent = |member, assent| {
        Act::Assent(Assent { member: m(member), document: hex(format!("{MADE_UP}\n{text}").as_bytes()), assent })
    };
    let name = hex(format!("{MADE_UP}\n{text}").as_bytes());
    assert_eq!(coop.state.open_to_assent().collect::<Vec<_>>(), [name.as_str()]);
    assert_eq!(coop.state.edition_due(), None);
    coop.run(6);
    assert_eq!(coop.state.editions.current, TWO, "time alone decides nothing");
    coop.act(assent(2, true));
    refused(&coop, &assent(2, true), Rule::AlreadyStanding);
    coop.next();
    coop.act(assent(2, false));
    coop.next();
    assert!(coop.state.editions.announced.as_ref().unwrap().held_since.is_none(), "the time begins anew");
    coop.act(assent(2, true));
    coop.run(4);
    assert_eq!(coop.state.editions.current, TWO, "21 days");
    let mut amended = coop.clone();
    put(&mut amended, "kernel", &kernel(&by_amend.replace("28 days", "14 days")));
    let announced = amended.state.editions.announced.unwrap();
    assert_eq!((announced.at, announced.held_since), (amended.state.time, None), "anew under another kernel");
    let left = coop.clone().run_without(2);
    assert_eq!(left.state.editions.current, TWO, "a former member agrees to nothing");
    assert_eq!(coop.next(), [format!("edition-adopted {}", MADE_UP.number())]);
}

impl Coop {
    fn run_without(mut self, member: u64) -> Coop {
        self.act(Act::EndMembership(EndMembership { member: m(member) }));
        self.run(2);
        self
    }
}

#[test]
fn a_kernel_never_amended_that_leaves_editions_to_members_keeps_its_edition() {
    let mut coop = coop(HELD, &[OFFICE]);
    coop.act(adopt(TWO, ""));
    put(&mut coop, "kernel", &kernel("    amend \"never\"\n    editions by=\"amend\""));
    refused(&coop, &announce(MADE_UP, "x"), Rule::NoAmendment);
}

#[test]
fn the_word_editions_comes_with_edition_2() {
    let mut coop = coop(HELD, &[OFFICE]);
    let text = kernel("    editions by=\"amend\"");
    assert!(coop.state.clone().put_in_force("kernel", &text, coop.state.time).is_err());
    coop.act(adopt(TWO, ""));
    assert!(coop.state.put_in_force("kernel", &text, coop.state.time).is_ok());
}

#[test]
fn clauses_kept_so_far_open_when_an_edition_that_has_them_is_adopted() {
    let group = "constitution \"docs\" { settles-in \"7 days\" }";
    let mut coop = coop(HELD, &[OFFICE, BUDGET, group]);
    put(&mut coop, "docs", &lines(&[BUDGET]));
    assert_eq!(open(&coop), ["constitution", "maintainer", "docs"], "kept, and not carried out");
    let hash = coop.state.hash();
    let mut later = coop.clone();
    later.act(adopt(MADE_UP, ""));
    assert_eq!(open(&later), ["constitution", "maintainer", "docs", "budget", "docs/budget"]);
    assert_eq!(later.state.decision("budget").unwrap().opened_at, later.state.time, "never backwards");
    coop.next();
    assert_ne!(coop.state.hash(), hash, "the co-op that stays goes on");
    assert_eq!(open(&coop), ["constitution", "maintainer", "docs"]);
}

#[test]
fn acts_of_a_later_edition_are_refused_before_it() {
    let mut coop = coop(HELD, &[OFFICE]);
    let made_up = Act::MadeUp(MadeUp { member: m(1) });
    let why = refused(&coop, &made_up, Rule::ActOfLaterEdition);
    assert!(why.contains("edition 1"), "{why}");
    coop.act(adopt(MADE_UP, ""));
    assert_eq!(coop.act(made_up), ["recorded"]);
}

#[test]
fn an_edition_is_known_said_to_be_open_and_reads_what_is_in_force() {
    let mut coop = coop(HELD, &[OFFICE]);
    let unknown = Edition::numbered(7).unwrap();
    refused(&coop, &adopt(unknown, ""), Rule::UnknownEdition);
    refused(&coop, &announce(unknown, "x"), Rule::UnknownEdition);
    let quiet = Act::AdoptEdition(AdoptEdition { edition: MADE_UP, open: false, dry_run: hex(b"") });
    refused(&coop, &quiet, Rule::EditionOpen);
    refused(
        &coop,
        &Act::AdoptEdition(AdoptEdition { edition: TWO, open: true, dry_run: "x".into() }),
        Rule::NameNotAllowed,
    );
    let mut bare = announce(TWO, "x");
    bare.texts().for_each(|(_, text)| *text = None);
    refused(&coop, &bare, Rule::TextMissing);
    coop.state.amendment.text = None;
    let why = refused(&coop, &adopt(TWO, ""), Rule::DoesNotCheck);
    assert!(why.contains("not at hand"), "{why}");
    assert!(coop.state.authority(&adopt(TWO, ""), &crate::Context::of(Actor::Member(m(1)), coop.state.time)).is_none());
}

#[test]
fn a_demonstrations_script_has_no_say_elsewhere() {
    let coop = coop(HELD, &[OFFICE]);
    let context = crate::Context::of(Actor::Demonstration, coop.state.time);
    for act in [adopt(TWO, ""), announce(TWO, "x")] {
        let answer = crate::apply(&mut coop.state.clone(), &act, &context).unwrap_err();
        assert!(answer.to_string().starts_with("R001"), "{answer}");
    }
}

#[test]
fn what_is_booked_counts_in_the_hash_where_nothing_was_given() {
    let booked = |source: &str| {
        let mut coop = found(&kernel(HELD), &lines(&[OFFICE]), &[0]);
        coop.act(adopt(TWO, ""));
        let entry = r#"{"at":"2024-12-31","source":"SOURCE","narration":"gift","currency":"USD","postings":[{"account":"assets:bank","minor":1},{"account":"income:gifts","minor":-1}]}"#;
        coop.act(crate::tests::read("book_entry", &entry.replace("SOURCE", source)));
        coop.state.hash()
    };
    assert_ne!(booked("b1"), booked("b2"), "the source decides what is recorded twice");
}

#[test]
fn an_empty_section_changes_no_hash() {
    let mut coop = coop(HELD, &[OFFICE]);
    coop.act(adopt(TWO, ""));
    let hash = coop.state.hash();
    coop.state.forks = crate::fork::Forks::default();
    assert_eq!(coop.state.hash(), hash);
    coop.state.editions.announced = None;
    assert_eq!(coop.state.hash(), hash);
    coop.act(announce(MADE_UP, "x"));
    assert_ne!(coop.state.hash(), hash, "a section that is not empty counts");
}

#[test]
fn a_supply_begins_with_the_first_period_after_edition_4() {
    let list = "ranking \"help\" { supply \"8 hours per month\" }";
    let three = || {
        let mut coop = Setup::new(Vec::new()).found();
        let (kernel, text) = (kernel(HELD), lines(&[list]));
        let read = read_kernel_under(&kernel, edition::THREE).unwrap();
        let clauses = read_constitution(&text, &read).unwrap();
        let act = Found::on(&hex(kernel.as_bytes()), &hex(text.as_bytes()), false);
        let act = Found { edition: edition::THREE, ..act };
        coop.state = State::found(Rules::new(read, clauses), act, at("2025-01-01")).with_texts(&kernel, &text);
        coop.with_weights(&[9])
    };
    let mut coop = three();
    coop.open("help", "old");
    coop.place(1, "help", "old", 500_000);
    coop.run_until("2025-02-10T02:00:00Z");
    assert_eq!(coop.act(adopt(edition::FOUR, "")), ["edition-adopted 4"], "within February");
    let new = r#"{"decision":"help","item":"new","amount":{"amount":3600,"unit":"second"}}"#;
    coop.act(crate::tests::read("open_item", new));
    coop.place(1, "help", "new", 500_000);
    assert!(coop.run_until("2025-03-02").is_empty());
    assert_eq!(coop.next(), ["item-served help new 3600 second freed 1"], "the old one says no amount, and waits");
}
