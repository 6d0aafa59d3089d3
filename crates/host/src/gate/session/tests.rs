//! Sessions stand for one member until they end.

use engine::Actor;
use engine::act::{Act, EndMembership};
use quantity::Currency;

use super::*;
use crate::gate::way::Fresh;
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
    let session = Session { seen_us: seen.0, ..Session::begun(member, begun) };
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

/// Takes a place for one more browser at `now`; the id that it has.
fn came(sessions: &Sessions, member: Pseudonym, now: Moment) -> Result<FreshId, NoPlace> {
    let fresh = FreshId::new().unwrap();
    sessions.take_place(&fresh, &Session::begun(member, now), now)?;
    Ok(fresh)
}

/// Somebody who comes in again and again pushes nobody out; what is over takes no place.
#[test]
fn the_seventeenth_browser_is_refused() {
    let (club, member) = club();
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    let all: Vec<FreshId> = (0..16).map(|number| came(&sessions, member, Moment(NOW.0 + number)).unwrap()).collect();
    assert_eq!(came(&sessions, member, NOW).unwrap_err(), NoPlace::OfOne);
    assert!(all.iter().all(|fresh| sessions.member(&fresh.id, NOW).is_some()));
    came(&sessions, Pseudonym(9), NOW).unwrap();
    sessions.give_back(&all[3]);
    came(&sessions, member, NOW).unwrap();
    assert_eq!(came(&sessions, member, NOW).unwrap_err(), NoPlace::OfOne);
    let idle = Moment(NOW.0 + 15 + IDLE_US);
    came(&sessions, member, idle).unwrap();
    sessions.save().unwrap();
    assert_eq!(club.read().sessions().unwrap().len(), 2, "the others are over, and forgotten on storage");
}

#[test]
fn of_fifty_at_once_sixteen_come_in() {
    let (club, member) = club();
    let sessions = Sessions::kept(club).unwrap();
    let came = std::thread::scope(|scope| {
        let all: Vec<_> = (0..50).map(|_| scope.spawn(|| came(&sessions, member, NOW).is_ok())).collect();
        all.into_iter().map(|one| one.join().unwrap()).filter(|came| *came).count()
    });
    assert_eq!(came, MOST_BROWSERS);
}

#[test]
fn when_all_places_are_taken_nobody_is_pushed_out() {
    let (club, _) = club();
    let sessions = Sessions::kept(club).unwrap();
    let mut open = sessions.open();
    for number in 0..MOST_KEPT {
        let member = Pseudonym(1_000 + u64::try_from(number).unwrap());
        open.put(format!("{number:064x}"), Session::begun(member, NOW));
    }
    drop(open);
    assert_eq!(came(&sessions, Pseudonym(7), NOW).unwrap_err(), NoPlace::OfAll);
    came(&sessions, Pseudonym(7), Moment(NOW.0 + IDLE_US)).unwrap();
    // A name of 64 letters, a record and a family of browsers each, with their places in the map: 10,000 take some 5 MiB.
    assert!(size_of::<Held>() + size_of::<String>() + 64 + 40 < 400);
}

#[test]
fn a_proof_is_fresh_for_five_minutes_and_gives_another_id() {
    let (club, member) = club();
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    let id = came(&sessions, member, NOW).unwrap().id;
    let fresh = |id: &str, now: Moment| sessions.fresh(id, now).unwrap().map(|fresh| (fresh.member, fresh.first));
    let (last, later) = (Moment(NOW.0 + FRESH_US - 1), Moment(NOW.0 + FRESH_US));
    assert_eq!(fresh(&id, last), Some((member, false)));
    assert_eq!(fresh(&id, later), Some((member, true)), "nothing to prove it by yet");
    assert_eq!(fresh("", NOW), None);
    let proof = Fresh { member, first: true };
    let password = crate::gate::Password::new("fifteen letters").unwrap().unwrap();
    let kind = crate::gate::Kind::Password(password);
    club.write(move |batch| batch.add_way(proof, kind, NOW)).unwrap().unwrap();
    assert_eq!(fresh(&id, later), None);
    assert_eq!(fresh(&id, Moment(NOW.0 - 1)), None, "a clock that was turned back proves nothing");
    let renewed = sessions.renew(&id, Proof::Second, later).unwrap().unwrap();
    assert_eq!((sessions.member(&id, later), sessions.member(&renewed.id, later)), (None, Some(member)));
    assert_eq!(fresh(&renewed.id, later), Some((member, false)));
    let kept = sessions.session(&renewed.id, later).unwrap();
    assert_eq!((kept.begun_us, kept.second_us), (NOW.0, Some(later.0)));
    sessions.save().unwrap();
    let stored = club.read().sessions().unwrap();
    assert_eq!((stored.len(), stored[0].0.as_str()), (1, renewed.hash.as_str()));
    assert!(sessions.renew(&id, Proof::First, later).unwrap().is_none(), "the old id proves nothing any more");
}

#[test]
fn a_member_ends_their_own_sessions_alone() {
    let (club, member) = club();
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    let own: Vec<FreshId> = (0..3).map(|at| came(&sessions, member, Moment(NOW.0 + at)).unwrap()).collect();
    let other = came(&sessions, Pseudonym(9), NOW).unwrap();
    let listed = sessions.of(member, &own[0].id, NOW);
    let seen: Vec<_> = listed.iter().map(|one| (one.is_this, one.session.seen_us - NOW.0)).collect();
    assert_eq!(seen, [(true, 0), (false, 2), (false, 1)]);
    assert!(!sessions.end_one(member, &other.hash[..16]) && !sessions.end_one(member, ""));
    assert!(!sessions.end_one(member, &own[1].hash[..15]), "no shorter name, which could mean several");
    assert!(sessions.end_one(member, &own[1].hash[..16]));
    assert_eq!(sessions.end_others(member, &own[0].id), 1);
    assert!(sessions.member(&own[0].id, NOW).is_some() && sessions.member(&own[2].id, NOW).is_none());
    assert_eq!(sessions.of(Pseudonym(9), "", NOW).len(), 1);
}

#[test]
fn other_browsers_are_told_until_they_have_seen_it() {
    let (club, member) = club();
    let sessions = Sessions::kept(Arc::clone(&club)).unwrap();
    let (this, other) = (came(&sessions, member, NOW).unwrap(), came(&sessions, member, NOW).unwrap());
    let untold = |sessions: &Sessions, fresh: &FreshId| sessions.is_untold(&sessions.session(&fresh.id, NOW).unwrap());
    assert!(!untold(&sessions, &this) && !untold(&sessions, &other));
    let at = Moment(NOW.0 + 5);
    club.write(move |batch| batch.note_change(member, crate::gate::What::Added, "password", at)).unwrap();
    sessions.note_changed(member, at.0, &this.id);
    assert!(!untold(&sessions, &this) && untold(&sessions, &other));
    sessions.save().unwrap();
    let again = Sessions::kept(Arc::clone(&club)).unwrap();
    assert!(!untold(&again, &this) && untold(&again, &other), "after a restart too");
    again.tell(&other.id);
    assert!(!untold(&again, &other));
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
