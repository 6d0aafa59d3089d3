//! Sessions stand for one member until they end.

use super::*;
use axum::http::Request;
use engine::Actor;
use engine::act::{Act, EndMembership};
use host::{Charter, Coop, Person, ServerClock};
use quantity::Currency;

fn with_cookie(cookie: &str) -> Parts {
    let request = Request::builder().header(COOKIE, cookie).body(());
    request.expect("a request").into_parts().0
}

#[test]
fn a_session_is_long_random_and_kept_from_scripts() {
    let sessions = Sessions::walk_in();
    let first = sessions.begin(Pseudonym(1)).expect("random");
    let second = sessions.begin(Pseudonym(1)).expect("random");
    assert_ne!(first, second);
    assert!(first.contains("HttpOnly") && first.contains("SameSite=Lax") && first.contains("Path=/"));
    let id = first.split(['=', ';']).nth(1).expect("an id");
    assert_eq!(id.len(), 64);
}

#[test]
fn the_cookie_finds_the_member_among_others() {
    let sessions = Sessions::walk_in();
    let set = sessions.begin(Pseudonym(1)).expect("random");
    let pair = set.split(';').next().expect("a pair");
    let parts = with_cookie(&format!("other=1; {pair}; last=2"));
    assert_eq!(sessions.member(&parts), Some(Pseudonym(1)));
    sessions.end(&parts);
    assert_eq!(sessions.member(&parts), None);
}

#[test]
fn made_up_ids_are_nobody() {
    let sessions = Sessions::walk_in();
    let _ = sessions.begin(Pseudonym(1)).expect("random");
    for cookie in ["", "rochdale_walk_in=", "rochdale_walk_in=00", "rochdale_walk_in"] {
        assert_eq!(sessions.member(&with_cookie(cookie)), None, "{cookie}");
    }
}

#[test]
fn the_oldest_session_goes_first() {
    let sessions = Sessions::walk_in();
    let first = sessions.begin(Pseudonym(1)).expect("random");
    for _ in 0..MOST_WALK_INS {
        let _ = sessions.begin(Pseudonym(2)).expect("random");
    }
    let pair = first.split(';').next().expect("a pair");
    assert_eq!(sessions.member(&with_cookie(pair)), None);
}

const NOW: Moment = Moment(1_750_000_000_000_000);

/// A club with one member.
fn club() -> (Arc<Shared>, Pseudonym) {
    let template = charter::template("club").expect("a template");
    let filled = template.fill("a club", Currency::parse("EUR").expect("a currency"));
    let charter = Charter::read(filled.kernel, filled.constitution).expect("rules");
    let mut coop = Coop::in_memory(charter, false, NOW).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let member = batch.member_for(&person, Actor::Operator, NOW).expect("admitted");
    batch.commit().expect("kept");
    (Arc::new(Shared::new(coop, ServerClock::Machine)), member)
}

/// A session that was used last at `seen`; the headers of its browser.
fn kept(club: &Shared, member: Pseudonym, begun: Moment, seen: Moment) -> Parts {
    let fresh = FreshId::new().expect("random");
    let session = Session { member, begun_us: begun.0, seen_us: seen.0 };
    let one = [(fresh.hash, session)];
    write(club, &one, &BTreeSet::new()).expect("kept");
    with_cookie(&format!("rochdale_session={}", fresh.id))
}

#[test]
fn a_kept_session_outlives_the_server_and_ends_with_its_time() {
    let (club, member) = club();
    let parts = kept(&club, member, NOW, NOW);
    let sessions = Sessions::kept(Arc::clone(&club), Transport::Plain).expect("sessions");
    let at = |days: i64| Moment(NOW.0 + days * DAY_US);
    assert_eq!(sessions.member_at(&parts, at(0)), Some(member));
    // Seen on the 29th day it goes on, and idles from there.
    assert_eq!(sessions.member_at(&parts, at(29)), Some(member));
    sessions.save().expect("kept");
    let again = Sessions::kept(Arc::clone(&club), Transport::Plain).expect("sessions");
    assert_eq!(again.member_at(&parts, at(58)), Some(member));
    assert_eq!(again.member_at(&parts, at(88)), None);
    again.save().expect("kept");
    assert!(club.read().sessions().expect("sessions").is_empty());
}

#[test]
fn no_session_is_longer_than_180_days() {
    let (club, member) = club();
    let last = Moment(NOW.0 + LONGEST_US);
    let parts = kept(&club, member, NOW, Moment(last.0 - DAY_US));
    let sessions = Sessions::kept(club, Transport::Plain).expect("sessions");
    assert!(sessions.member_at(&parts, Moment(last.0 - 1)).is_some());
    assert_eq!(sessions.member_at(&parts, last), None);
}

#[test]
fn who_is_no_member_any_more_has_no_session() {
    let (club, member) = club();
    let parts = kept(&club, member, NOW, NOW);
    let sessions = Sessions::kept(Arc::clone(&club), Transport::Plain).expect("sessions");
    assert!(sessions.member_at(&parts, NOW).is_some());
    let act = Act::EndMembership(EndMembership { member });
    let ended = club.write(move |batch| batch.append(&act, Actor::Operator, "", "", NOW));
    ended.expect("accepted");
    assert_eq!(sessions.member_at(&parts, NOW), None);
    sessions.save().expect("kept");
    assert!(club.read().sessions().expect("sessions").is_empty());
}

#[test]
fn signing_out_ends_it_on_storage() {
    let (club, member) = club();
    let parts = kept(&club, member, NOW, NOW);
    let sessions = Sessions::kept(Arc::clone(&club), Transport::Plain).expect("sessions");
    assert!(sessions.end(&parts).contains("Max-Age=0"));
    sessions.save().expect("kept");
    assert!(club.read().sessions().expect("sessions").is_empty());
    assert_eq!(sessions.member_at(&parts, NOW), None);
}

#[test]
fn one_member_has_sixteen_browsers_at_the_most() {
    let (club, member) = club();
    let sessions = Sessions::kept(Arc::clone(&club), Transport::Plain).expect("sessions");
    let mut all = Vec::new();
    for number in 0..17 {
        let fresh = FreshId::new().expect("random");
        let at = NOW.0 + number;
        let session = Session { member, begun_us: at, seen_us: at };
        sessions.open_kept(&fresh, &session);
        all.push(with_cookie(&format!("rochdale_session={}", fresh.id)));
    }
    assert_eq!(sessions.member_at(&all[0], NOW), None);
    assert!(sessions.member_at(&all[1], NOW).is_some());
}

#[test]
fn no_more_sessions_begin_within_a_minute_than_people_come_in() {
    let sessions = Sessions::walk_in();
    for _ in 0..MOST_A_MINUTE {
        sessions.admit_one(NOW).expect("admitted");
    }
    assert_eq!(sessions.admit_one(NOW), Err(Trouble::TooMany));
    assert_eq!(sessions.admit_one(Moment(NOW.0 + MINUTE_US)), Ok(()));
}

#[test]
fn behind_https_the_cookie_goes_nowhere_else() {
    let (club, member) = club();
    let sessions = Sessions::kept(club, Transport::Https).expect("sessions");
    let fresh = FreshId::new().expect("random");
    let session = Session { member, begun_us: NOW.0, seen_us: NOW.0 };
    let set = sessions.open_kept(&fresh, &session);
    for part in
        ["__Host-rochdale_session=", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=15552000"]
    {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain") && !set.contains(&fresh.hash), "{set}");
    let plain = with_cookie(&format!("rochdale_session={}", fresh.id));
    assert_eq!(sessions.member_at(&plain, NOW), None);
}
