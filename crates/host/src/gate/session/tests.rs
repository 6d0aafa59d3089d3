//! Sessions stand for one member until they end.

use engine::Actor;
use engine::act::{Act, EndMembership};
use quantity::Currency;

use super::*;
use crate::{Charter, Coop, Person, ServerClock};

const NOW: Moment = Moment(1_750_000_000_000_000);

#[test]
fn an_id_finds_its_member_until_the_session_ends() {
    let sessions = Sessions::walk_in();
    let (one, other) = (sessions.begin(Pseudonym(1), NOW).unwrap(), sessions.begin(Pseudonym(2), NOW).unwrap());
    assert_eq!(sessions.member(&one.id, NOW), Some(Pseudonym(1)));
    assert_eq!(sessions.member(&other.id, NOW), Some(Pseudonym(2)));
    sessions.end(&one.id);
    assert_eq!(sessions.member(&one.id, NOW), None);
    for made_up in ["", "00", &other.hash] {
        assert_eq!(sessions.member(made_up, NOW), None, "{made_up}");
    }
}

#[test]
fn the_oldest_walk_in_goes_first() {
    let sessions = Sessions::walk_in();
    let first = sessions.begin(Pseudonym(1), NOW).unwrap();
    for _ in 0..MOST_WALK_INS {
        sessions.begin(Pseudonym(2), NOW).unwrap();
    }
    assert_eq!(sessions.member(&first.id, NOW), None);
}

/// A club with one member.
fn club() -> (Arc<Shared>, Pseudonym) {
    let template = charter::template("club").unwrap();
    let filled = template.fill("a club", Currency::parse("EUR").unwrap());
    let charter = Charter::read(filled.kernel, filled.constitution).unwrap();
    let mut coop = Coop::in_memory(charter, false, NOW).unwrap();
    let mut batch = coop.batch().unwrap();
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let member = batch.member_for(&person, Actor::Operator, NOW).unwrap();
    batch.commit().unwrap();
    (Arc::new(Shared::new(coop, ServerClock::Machine)), member)
}

/// A session that was used last at `seen`; the id that its browser has.
fn kept(club: &Shared, member: Pseudonym, begun: Moment, seen: Moment) -> String {
    let fresh = FreshId::new().unwrap();
    let session = Session { member, begun_us: begun.0, seen_us: seen.0 };
    write(club, &[(fresh.hash, session)], &BTreeSet::new()).unwrap();
    fresh.id
}

#[test]
fn a_kept_session_outlives_the_server_and_ends_with_its_time() {
    let (club, member) = club();
    let id = kept(&club, member, NOW, NOW);
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    let at = |days: i64| Moment(NOW.0 + days * DAY_US);
    assert_eq!(sessions.member(&id, at(0)), Some(member));
    // Seen on the 29th day it goes on, and idles from there.
    assert_eq!(sessions.member(&id, at(29)), Some(member));
    sessions.save().unwrap();
    let again = Sessions::kept(Arc::clone(&club)).unwrap();
    assert_eq!(again.member(&id, at(58)), Some(member));
    assert_eq!(again.member(&id, at(88)), None);
    again.save().unwrap();
    assert!(club.read().sessions().unwrap().is_empty());
}

#[test]
fn no_session_is_longer_than_180_days() {
    let (club, member) = club();
    let last = Moment(NOW.0 + LONGEST_US);
    let id = kept(&club, member, NOW, Moment(last.0 - DAY_US));
    let sessions = Sessions::kept(club).unwrap();
    assert!(sessions.member(&id, Moment(last.0 - 1)).is_some());
    assert_eq!(sessions.member(&id, last), None);
}

#[test]
fn a_former_member_has_no_session() {
    let (club, member) = club();
    let id = kept(&club, member, NOW, NOW);
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    assert!(sessions.member(&id, NOW).is_some());
    let act = Act::EndMembership(EndMembership { member });
    club.write(move |batch| batch.append(&act, Actor::Operator, "", "", NOW)).unwrap();
    assert_eq!(sessions.member(&id, NOW), None);
    sessions.save().unwrap();
    assert!(club.read().sessions().unwrap().is_empty());
}

#[test]
fn a_session_that_ends_is_forgotten_on_storage() {
    let (club, member) = club();
    let id = kept(&club, member, NOW, NOW);
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    sessions.end(&id);
    sessions.save().unwrap();
    assert!(club.read().sessions().unwrap().is_empty());
    assert_eq!(sessions.member(&id, NOW), None);
}

#[test]
fn one_member_has_sixteen_browsers_at_the_most() {
    let (club, member) = club();
    let sessions = Sessions::kept(club).unwrap();
    let mut all = Vec::new();
    for number in 0..17 {
        let fresh = FreshId::new().unwrap();
        let at = NOW.0 + number;
        sessions.open_kept(&fresh, &Session { member, begun_us: at, seen_us: at });
        all.push(fresh.id);
    }
    assert_eq!(sessions.member(&all[0], NOW), None);
    assert!(sessions.member(&all[1], NOW).is_some());
}

#[test]
fn no_more_sessions_begin_within_a_minute_than_people_come_in() {
    let sessions = Sessions::walk_in();
    for _ in 0..MOST_A_MINUTE {
        assert!(sessions.admits_one(NOW));
    }
    assert!(!sessions.admits_one(NOW));
    assert!(sessions.admits_one(Moment(NOW.0 + MINUTE_US)));
}
