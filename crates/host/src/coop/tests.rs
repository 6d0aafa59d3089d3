//! One co-op, open: founding, keys, batches, outages, exports.

use std::collections::BTreeMap;

use charter::Edition;
use engine::act::{AdmitMember, CastBallot, OpenItem, ProposeDocument, Stand, WithdrawCandidacy};
use rochdale_log::Outage;
use views::ItemCard;

use super::*;
use crate::{Person, verify_store};

mod faults;

pub(crate) const KERNEL: &str = r#"```charter
kernel {
    name "a co-op"
    purpose "Try things out"
    currency "USD"
    time-zone "UTC"
    class "members" list="member-list" { weight "1" }
    votes "quadratic"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    amend "never"
    fork carries="register ledger rules" treasury="none"
}
```
"#;
const CONSTITUTION: &str = r#"```charter
office "maintainer" { settles-in "14 days"; may "merge" }
ranking "issues" { close-after "90 days" floor="0.5 votes" }
```
"#;

pub(crate) fn charter() -> Charter {
    Charter::read(KERNEL.to_owned(), CONSTITUTION.to_owned()).unwrap()
}

pub(crate) fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn coop() -> Coop {
    Coop::in_memory(charter(), false, at("2025-01-01T00:00:00Z")).unwrap()
}

fn submission(act: Act, key: &str) -> Submission {
    Submission { act, actor: Actor::Operator, key: key.to_owned(), nonce: String::new(), signed: None }
}

fn admit(member: u64) -> Act {
    Act::AdmitMember(AdmitMember {
        member: Pseudonym(member),
        organisation: false,
        founder: false,
        joined_on: None,
        left_on: None,
    })
}

fn receipt(submitted: &Submitted) -> &Receipt {
    match submitted {
        Submitted::Accepted(receipt) => receipt,
        other => panic!("not accepted: {other:?}"),
    }
}

#[test]
fn the_first_act_founds_and_the_log_replays_to_the_same_state() {
    let mut coop = coop();
    assert!(!coop.is_founded());
    let results =
        coop.submit(&[submission(admit(1), ""), submission(admit(1), "")], at("2025-01-01T10:00:00Z")).unwrap();
    assert_eq!(receipt(&results[0]).entry, 2, "the founding is entry 1");
    assert!(matches!(&results[1], Submitted::Refused(refusal) if refusal.rule == engine::Rule::AlreadyMember));
    coop.update_until(at("2025-03-01T00:00:00Z"), at("2025-03-01T00:00:00Z")).unwrap();
    assert_eq!(coop.state().updates, 8);
    let (hash, history) = (coop.state().hash(), coop.history().clone());
    coop.reload().unwrap();
    assert_eq!(coop.state().hash(), hash);
    assert_eq!(*coop.history(), history);
    let verified = verify_store(&mut *coop.store, 2).unwrap();
    assert_eq!((verified[0].entries, verified[0].updates), (10, 8));
    assert_eq!(verified[0].state, hash);
}

#[test]
fn a_key_handed_in_twice_gives_the_first_receipt() {
    let mut coop = coop();
    let now = at("2025-01-02T00:00:00Z");
    let first = coop.submit(&[submission(admit(1), "k")], now).unwrap();
    let again = coop.submit(&[submission(admit(1), "k")], at("2025-02-02T00:00:00Z")).unwrap();
    assert!(receipt(&again[0]).repeated);
    assert_eq!(receipt(&again[0]).hash, receipt(&first[0]).hash);
    assert_eq!(coop.state().members.len(), 1);
    let other = coop.submit(&[submission(admit(2), "k")], now).unwrap();
    assert!(matches!(other[0], Submitted::KeyReused(2)));
}

#[test]
fn a_key_is_its_actors_own_and_tells_nobody_else_anything() {
    let mut coop = coop();
    let now = at("2025-01-02T00:00:00Z");
    let mut hand_in = |actor, number: u64, key: &str| {
        let by = Submission { actor, ..submission(admit(number), key) };
        coop.submit(&[by], now).unwrap().remove(0)
    };
    let first = receipt(&hand_in(Actor::Operator, 1, "k")).entry;
    // Another act and the same act, of somebody else under the same key: as if the key were new.
    let other = receipt(&hand_in(Actor::Bridge, 2, "k")).clone();
    assert!(!other.repeated && other.entry > first);
    assert!(matches!(hand_in(Actor::Bridge, 1, "k"), Submitted::KeyReused(entry) if entry == other.entry));
    let again = hand_in(Actor::Bridge, 2, "k");
    assert!(receipt(&again).repeated && receipt(&again).entry == other.entry);
    assert!(receipt(&hand_in(Actor::Operator, 1, "k")).repeated);
    // Nobody takes the key that somebody else would get.
    assert!(!receipt(&hand_in(Actor::Bridge, 3, "operator/j")).repeated);
    assert!(!receipt(&hand_in(Actor::Operator, 4, "j")).repeated);
    assert!(!receipt(&hand_in(Actor::Operator, 5, "operator/j")).repeated);
    assert!(receipt(&hand_in(Actor::Bridge, 3, "operator/j")).repeated);
    let mut keys = Vec::new();
    let read = |_, bytes: &[u8]| {
        keys.extend(rochdale_log::decode(bytes).ok().map(|entry| entry.key.into_owned()));
        std::ops::ControlFlow::Continue(())
    };
    coop.entries(2, &mut { read }).unwrap();
    assert_eq!(keys, ["k", "bridge/k", "bridge/operator/j", "j", "operator/j"]);
    verify_store(&mut *coop.store, 2).unwrap();
}

#[test]
fn updates_that_were_missed_stand_before_the_act() {
    let mut coop = coop();
    coop.submit(&[submission(admit(1), "")], at("2025-01-01T00:00:00Z")).unwrap();
    let late = coop.submit(&[submission(admit(2), "")], at("2025-02-01T00:00:00Z")).unwrap();
    assert_eq!(receipt(&late[0]).entry, 7, "founding, member, four Mondays, member");
}

#[test]
fn an_unknown_commit_leaves_what_is_on_storage() {
    for (outage, members) in [(Outage::BeforeCommit, 0), (Outage::AfterCommit, 1)] {
        let mut store = Memory::new();
        begin_log(&mut store, false, engine::Edition::ONE).unwrap();
        store.fail_next_commit(outage);
        let mut coop = Coop::empty(Box::new(store), charter(), at("2025-01-01T00:00:00Z")).unwrap();
        let failed = coop.submit(&[submission(admit(1), "a")], at("2025-01-02T00:00:00Z"));
        assert!(matches!(failed, Err(Error::Fault(Fault::Unknown(_)))), "{failed:?}");
        assert_eq!(coop.state().members.len(), members);
        let retried = coop.submit(&[submission(admit(1), "a")], at("2025-01-02T00:00:00Z")).unwrap();
        assert_eq!(receipt(&retried[0]).repeated, members == 1);
        assert_eq!(coop.state().members.len(), 1);
    }
}

#[test]
fn an_aborted_batch_leaves_nothing() {
    let mut coop = coop();
    coop.submit(&[submission(admit(1), "")], at("2025-01-02T00:00:00Z")).unwrap();
    let before = (coop.state().hash(), coop.head());
    let mut batch = coop.batch().unwrap();
    batch.append(&admit(2), Actor::Operator, "", "", at("2025-06-01T00:00:00Z")).unwrap();
    batch.abort();
    assert_eq!((coop.state().hash(), coop.head()), before);
    {
        let mut batch = coop.batch().unwrap();
        batch.append(&admit(3), Actor::Operator, "", "", at("2025-06-01T00:00:00Z")).unwrap();
    }
    assert_eq!((coop.state().hash(), coop.head()), before, "dropped without a commit");
}

#[test]
fn the_past_is_read_while_somebody_holds_the_present() {
    let folder = tempfile::tempdir().unwrap();
    crate::init(folder.path(), &charter(), false).unwrap();
    let mut coop = Coop::open(folder.path(), at("2025-01-01T00:00:00Z")).unwrap();
    for (member, day) in [(1, "2025-01-02T00:00:00Z"), (2, "2025-02-02T00:00:00Z")] {
        coop.submit(&[submission(admit(member), "")], at(day)).unwrap();
    }
    let shared = crate::Shared::new(coop, crate::ServerClock::Machine);
    let reader = shared.read();
    let (state, _) = shared.state_at(at("2025-01-31T00:00:00Z")).unwrap().unwrap();
    assert_eq!((state.members.len(), state.updates), (1, 4));
    assert_eq!(reader.state().members.len(), 2);
    let founded = shared.state_at(at("2024-12-31T00:00:00Z")).unwrap();
    assert!(founded.is_none());
}

#[test]
fn two_people_of_one_name_stay_two_when_their_addresses_differ() {
    let before = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::TWO).unwrap();
    let mut coop = Coop::in_memory(before, false, at("2025-01-01T00:00:00Z")).unwrap();
    let now = at("2025-01-02T00:00:00Z");
    let person = |name: &str, emails: &[&str]| Person {
        name: name.to_owned(),
        emails: emails.iter().map(|e| (*e).to_owned()).collect(),
        ..Person::default()
    };
    let mut batch = coop.batch().unwrap();
    let first = batch.member_for(&person("Member 001", &["one@example.org"]), Actor::Bridge, now).unwrap();
    let same_mail = batch.member_for(&person("member-001", &["ONE@example.org"]), Actor::Bridge, now).unwrap();
    let no_mail = batch.member_for(&person("member 001", &[]), Actor::Bridge, now).unwrap();
    let other = batch.member_for(&person("Member 001", &["two@example.org"]), Actor::Bridge, now).unwrap();
    batch.commit().unwrap();
    assert_eq!(first, same_mail);
    assert_eq!(first, no_mail);
    assert_ne!(first, other);
    assert_eq!(coop.find_member("one@example.org").unwrap(), Some(first));
}

/// Under edition 1 whoever hands acts in is asked, and the log says what was brought: a server that starts again knows it.
#[test]
fn a_restart_forgets_no_text_of_the_day() {
    let mut coop = coop();
    let now = at("2025-01-01T10:00:00Z");
    let member = Pseudonym(1);
    coop.submit(&[submission(admit(1), "")], now).unwrap();
    let text = |number: usize| CONSTITUTION.replace("14 days", &format!("{} days", number + 20));
    let propose = |coop: &mut Coop, number: usize, now| {
        let (text, decision) = (text(number), "constitution".to_owned());
        let document = engine::digest::hex(text.as_bytes());
        let withdrawn = WithdrawCandidacy { member, decision: decision.clone(), document: Some(document.clone()) };
        let act = Act::ProposeDocument(ProposeDocument { member, decision, document, text: Some(text.into()) });
        let own = |act| Submission { actor: Actor::Member(member), ..submission(act, "") };
        let both = [own(act), own(Act::WithdrawCandidacy(withdrawn))];
        match &coop.submit(&both, now).unwrap()[0] {
            Submitted::Refused(refusal) => Some(refusal.rule),
            _ => None,
        }
    };
    for number in 0..8 {
        assert_eq!(propose(&mut coop, number, now), None, "text {number}");
    }
    coop.reload().unwrap();
    assert_eq!(propose(&mut coop, 8, now), Some(engine::Rule::TooMany));
    assert_eq!(propose(&mut coop, 9, at("2025-01-02T00:00:00Z")), None, "on another day");
}

/// A jump of the wall's clock stops everything that writes; what is read stays, and an operator's word ends it.
#[test]
fn a_clock_that_jumped_writes_nothing() {
    let mut coop = coop();
    coop.submit(&[submission(admit(1), "")], at("2025-01-01T10:00:00Z")).unwrap();
    let shared = crate::Shared::new(coop, crate::ServerClock::Machine);
    let now = crate::clock::Reading::now();
    let jumped = crate::clock::Reading { wall: Moment(now.wall.0 + 8 * 86_400_000_000), ..now };
    assert!(!shared.doubts_clock(now) && shared.doubts_clock(jumped));
    let why = shared.health().unwrap_err();
    assert!(why.contains("rochdale update --clock-is-right"), "{why}");
    let no = shared.submit(submission(admit(2), "")).unwrap_err();
    assert_eq!(no.to_string(), why);
    assert_eq!(shared.read().state().members.len(), 1, "pages are read");
    shared.believe_clock(now);
    assert_eq!(shared.health(), Ok(()));
    assert!(matches!(shared.submit(submission(admit(2), "")), Ok(Submitted::Accepted(_))));
}

/// A demonstration, and a log whose records were only just imported with their own dates, are old by nature.
#[test]
fn an_old_log_is_doubted_unless_it_was_only_just_imported() {
    let old = at("2025-01-01T10:00:00Z");
    let reading = crate::clock::Reading { wall: at("2026-02-01T00:00:00Z"), steady_us: 0 };
    for (imported, more, doubted) in [(false, false, true), (true, false, false), (true, true, true)] {
        let mut coop = coop();
        coop.submit(&[submission(admit(1), "")], old).unwrap();
        if imported {
            coop.all_or_nothing(|batch| batch.note_imported()).unwrap();
        }
        if more {
            coop.submit(&[submission(admit(2), "")], old).unwrap();
        }
        let shared = crate::Shared::new(coop, crate::ServerClock::Machine);
        shared.doubt_clock_at_start(reading);
        assert_eq!(shared.health().is_err(), doubted, "{imported} {more}");
    }
}

/// Under every edition: it is the host that answers, and the log has one entry fewer.
#[test]
fn an_act_that_would_change_nothing_is_answered_with_the_entry_that_stands() {
    let mut coop = coop();
    let (now, member) = (at("2025-01-01T10:00:00Z"), Pseudonym(1));
    let decision = || "issues".to_owned();
    let item = |id: &str| Act::OpenItem(OpenItem { decision: decision(), item: id.to_owned(), amount: None });
    coop.submit(&[submission(admit(1), ""), submission(item("a"), ""), submission(item("b"), "")], now).unwrap();
    let cast = |id: &str, share_ppm| {
        let item = Some(id.to_owned());
        Act::CastBallot(CastBallot { member, decision: decision(), item, share_ppm, scores: None, against: false })
    };
    let stand = || Act::Stand(Stand { member, decision: "maintainer".to_owned() });
    let own = |coop: &mut Coop, act: Act, key: &str| {
        let answers = coop.submit(&[Submission { actor: Actor::Member(member), ..submission(act, key) }], now).unwrap();
        let receipt = receipt(&answers[0]);
        (receipt.entry, receipt.repeated)
    };
    assert_eq!(own(&mut coop, cast("a", 5), "k1"), (5, false));
    assert_eq!(own(&mut coop, cast("b", 5), "k2"), (6, false));
    assert_eq!(own(&mut coop, stand(), ""), (7, false));
    let head = coop.head();
    for _ in 0..2 {
        assert_eq!(own(&mut coop, cast("a", 5), "another"), (5, true));
        assert_eq!(own(&mut coop, stand(), ""), (7, true));
        assert_eq!(coop.head(), head, "nothing is written");
        coop.reload().unwrap();
    }
    assert_eq!(own(&mut coop, cast("a", 6), ""), (8, false), "another share is another ballot");
    assert_eq!(own(&mut coop, cast("a", 5), ""), (9, false), "and so is the first one again");
    assert_eq!(own(&mut coop, cast("a", 5), ""), (9, true), "the newest entry is the one that stands");
    // Paper ballots are entered as they come: the operator's acts are written.
    let desk = coop.submit(&[submission(cast("a", 5), "")], now).unwrap();
    assert_eq!((receipt(&desk[0]).entry, receipt(&desk[0]).repeated), (10, false));
}

/// A giver whose records come again and again is looked up once; a name that comes to be shared is nobody's from then on.
#[test]
fn a_person_who_was_met_stays_the_same_until_the_name_is_shared() {
    let mut coop = coop();
    let now = at("2025-01-01T10:00:00Z");
    let person = |handle: Option<&str>| Person {
        name: "member-001".to_owned(),
        handle: handle.map(str::to_owned),
        ..Person::default()
    };
    let mut batch = coop.batch().unwrap();
    let mut member = |handle| batch.member_for(&person(handle), Actor::Bridge, now);
    let first = member(Some("one")).unwrap();
    for _ in 0..3 {
        assert_eq!(member(Some("one")).unwrap(), first);
        assert_eq!(member(None).unwrap(), first);
    }
    let second = member(Some("two")).unwrap();
    assert_ne!(second, first);
    assert!(member(None).unwrap_err().to_string().contains("several members are called `member-001`"));
    assert_eq!((member(Some("one")).unwrap(), member(Some("two")).unwrap()), (first, second));
    batch.commit().unwrap();
}

#[test]
fn names_stay_out_of_the_log() {
    let mut coop = coop();
    let mut batch = coop.batch().unwrap();
    let person = Person {
        name: "Canary Name".to_owned(),
        emails: vec!["canary@example.org".to_owned()],
        handle: Some("canary-handle".to_owned()),
        ..Person::default()
    };
    batch.member_for(&person, Actor::Bridge, at("2025-01-02T00:00:00Z")).unwrap();
    batch.commit().unwrap();
    let mut log = Vec::new();
    coop.export_log(&mut log).unwrap();
    assert!(!String::from_utf8(log).unwrap().to_lowercase().contains("canary"));
}

#[test]
fn an_exported_log_verifies_and_a_changed_byte_is_named() {
    let mut coop = coop();
    let now = at("2025-01-02T00:00:00Z");
    let member = Pseudonym(1);
    let item = Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: "220".to_owned(), amount: None });
    let stand = Act::Stand(Stand { member, decision: "maintainer".to_owned() });
    let listed = Act::AddToList(engine::act::AddToList { list: "member-list".to_owned(), member });
    let scores = Some(BTreeMap::from([(member.to_string(), 1_000_000)]));
    let vote = Act::CastBallot(CastBallot {
        member,
        decision: "maintainer".to_owned(),
        item: None,
        share_ppm: 500_000,
        scores,
        against: false,
    });
    let acts: Vec<Submission> =
        [admit(1), item, stand, listed, vote].into_iter().map(|act| submission(act, "")).collect();
    for result in coop.submit(&acts, now).unwrap() {
        receipt(&result);
    }
    coop.update_until(at("2025-03-01T00:00:00Z"), now).unwrap();
    let maintainer = coop.state().decision("maintainer").unwrap();
    assert_eq!(maintainer.holders(), [Some(&engine::chamber::CandidateName::Member(member))]);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let mut log = Vec::new();
    coop.export_log(&mut log).unwrap();
    std::fs::write(&file, &log).unwrap();
    let verified = crate::verify_file(&file, 1).unwrap();
    assert_eq!(verified.entries, coop.head().seq);
    assert_eq!(verified.state, coop.state().hash());

    let text = String::from_utf8(log).unwrap();
    let changed = text.replace("\"share_ppm\":500000", "\"share_ppm\":500001");
    assert_ne!(text, changed);
    std::fs::write(&file, changed).unwrap();
    let wrong = crate::verify_file(&file, 1).unwrap_err();
    assert!(matches!(&wrong, Error::Wrong(wrong) if wrong.seq == 6), "{wrong}");
}

/// A ranking's path and an item's id may both hold a `/`.
#[test]
fn cards_of_items_are_found_again_wherever_the_ranking_stands() {
    let rules = |clauses: &str| format!("```charter\n{clauses}\n```\n");
    let constitution = rules("ranking \"issues\"\nconstitution \"docs\" { settles-in \"7 days\" }");
    let charter = Charter::read(KERNEL.to_owned(), constitution).unwrap();
    let mut now = at("2025-01-01T00:00:00Z");
    let mut coop = Coop::in_memory(charter, false, now).unwrap();
    let text = rules("ranking \"issues\"");
    let document = engine::digest::hex(text.as_bytes());
    let member = Pseudonym(1);
    let acts = [
        admit(1),
        Act::AddToList(engine::act::AddToList { list: "member-list".to_owned(), member }),
        Act::ProposeDocument(engine::act::ProposeDocument {
            member,
            decision: "docs".to_owned(),
            document: document.clone(),
            text: Some(text.into()),
        }),
        Act::CastBallot(CastBallot {
            member,
            decision: "docs".to_owned(),
            item: None,
            share_ppm: 1_000_000,
            scores: Some(BTreeMap::from([(document, 1_000_000)])),
            against: false,
        }),
    ];
    let acts = acts.map(|act| submission(act, ""));
    let done = coop.submit(&acts, now).unwrap();
    assert!(done.iter().all(|one| matches!(one, Submitted::Accepted(_))), "{done:?}");
    now = at("2025-03-01T00:00:00Z");
    coop.update_until(now, now).unwrap();
    let items = [("issues", "a/b#1"), ("docs/issues", "2"), ("docs/issues", "a/b#3")];
    let mut batch = coop.batch().unwrap();
    for (decision, item) in items {
        let card = ItemCard { title: format!("{decision} {item}"), ..ItemCard::default() };
        batch.put_item(decision, item, &card).unwrap();
        let (decision, item) = (decision.to_owned(), item.to_owned());
        let act = Act::OpenItem(OpenItem { decision, item, amount: None });
        batch.append(&act, Actor::Operator, "", "", now).unwrap();
    }
    batch.commit().unwrap();
    coop.reload().unwrap();
    for (decision, item) in items {
        let card = coop.directory().item(decision, item);
        let title = card.map(|card| card.title.clone());
        assert_eq!(title, Some(format!("{decision} {item}")));
    }
}

#[test]
fn a_broken_invariant_is_reported_with_its_entry_and_nothing_is_saved() {
    // Edition 2 works the capacity out of its parts at each update.
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), engine::Edition::ONE).unwrap();
    let mut coop = Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap();
    let now = at("2025-01-05T00:00:00Z");
    receipt(&coop.submit(&[submission(admit(1), "")], now).unwrap()[0]);
    let (head, hash) = (coop.head(), coop.state().hash());
    coop.now.state.decisions.get_mut(engine::DecisionId(1)).unwrap().capacity = u128::MAX;
    let broken = coop.update_until(at("2025-01-07T00:00:00Z"), now).unwrap_err();
    assert!(matches!(&broken, Error::Broken { entry: 3, .. }), "{broken}");
    assert!(broken.to_string().contains("the capacity of `maintainer` is"), "{broken}");
    assert_eq!((coop.head(), coop.state().hash()), (head, hash), "memory is what the log adds up to");
    assert_eq!(coop.update_until(at("2025-01-07T00:00:00Z"), now).unwrap(), 1);
}

/// An office that admits announces it: the newcomer has a name beside the log, and is no member for two settling times.
#[test]
fn an_announced_admission_verifies_and_replays() {
    let kernel = "```charter\nkernel { name x; purpose y; currency USD; class \"members\" { weight \"1\" }\nconstitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" } }\n```\n";
    let rules = "```charter\noffice \"registrar\" { settles-in \"1 day\"; may \"admit\" }\nbody \"council\" seats=3 { settles-in \"1 day\"; may \"admit\" }\n```\n";
    let charter = Charter::read_under(kernel.to_owned(), rules.to_owned(), engine::Edition::TWO).unwrap();
    let mut coop = Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap();
    let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
    let day = at("2025-01-01T00:00:00Z");
    let first = coop.all_or_nothing(|batch| batch.member_for(&person("member-001"), Actor::Operator, day)).unwrap();
    let stand = |decision: &str| Act::Stand(Stand { member: first, decision: decision.to_owned() });
    let vote = |decision: &str| {
        let scores = [(first.to_string(), 1_000_000)].into();
        let decision = decision.to_owned();
        let against = false;
        Act::CastBallot(CastBallot {
            member: first,
            decision,
            item: None,
            share_ppm: 450_000,
            scores: Some(scores),
            against,
        })
    };
    for decision in ["registrar", "council"] {
        for act in [stand(decision), vote(decision)] {
            let done = coop.submit(&[submission(act, "")], day).unwrap();
            assert!(!receipt(&done[0]).repeated);
        }
    }
    let later = at("2025-03-04T00:00:00Z");
    coop.update_until(later, later).unwrap();
    assert!(coop.state().decision("registrar").unwrap().seats_member(first));
    coop.all_or_nothing(|batch| batch.member_for(&person("member-002"), Actor::Member(first), later)).unwrap();
    assert_eq!((coop.state().members.active_count(), coop.state().powers.announced().count()), (1, 1));
    verify_store(&mut *coop.store, 1).unwrap();
    // Another one is found by name, before and after.
    let again = coop.all_or_nothing(|batch| batch.member_for(&person("member-002"), Actor::Member(first), later));
    assert!(again.is_ok(), "the same person is not admitted twice");
    // Two whose admission is taken back: nothing is kept of them, and the name of one is another's alone again.
    for name in ["member-003", "member-001"] {
        let fresh = coop.all_or_nothing(|batch| batch.newcomer(&person(name), Actor::Member(first), later)).unwrap();
        assert_eq!(coop.now.directory().name(fresh), name);
        let number = coop.state().powers.announced().last().unwrap().0;
        let back = Act::TakeBackAct(engine::act::TakeBackAct { number });
        let submitted = Submission { actor: Actor::Member(first), ..submission(back, "") };
        receipt(&coop.submit(&[submitted], later).unwrap()[0]);
        assert_eq!(coop.profile(fresh).unwrap(), None, "{name}");
        assert_ne!(coop.now.directory().name(fresh), name);
        verify_store(&mut *coop.store, 1).unwrap();
    }
    let known = coop.all_or_nothing(|batch| batch.known_by_name("member-003")).unwrap();
    let own = coop.all_or_nothing(|batch| batch.known_by_name("member-001")).unwrap();
    assert_eq!((known, own), (None, Some(first)));
    let end = at("2025-03-11T00:00:00Z");
    coop.update_until(end, end).unwrap();
    assert_eq!(coop.state().members.active_count(), 2);
    let hash = coop.state().hash();
    coop.reload().unwrap();
    assert_eq!(coop.state().hash(), hash);
    assert_eq!(verify_store(&mut *coop.store, 2).unwrap()[0].state, hash);
}
