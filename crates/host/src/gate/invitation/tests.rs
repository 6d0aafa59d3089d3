//! One use, a limited time, one for each member; and nothing of it in the log.

use super::*;
use crate::Coop;
use crate::{Charter, Person};
use engine::Actor;
use engine::act::{Act, EndMembership};
use quantity::Currency;

const NOW: Moment = Moment(1_750_000_000_000_000);

fn coop() -> (Coop, Pseudonym) {
    let template = charter::template("club").unwrap();
    let filled = template.fill("a club", Currency::parse("EUR").unwrap());
    let charter = Charter::read(filled.kernel, filled.constitution).unwrap();
    let mut coop = Coop::in_memory(charter, false, NOW).unwrap();
    let mut batch = coop.batch().unwrap();
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let member = batch.member_for(&person, Actor::Operator, NOW).unwrap();
    batch.commit().unwrap();
    (coop, member)
}

fn invite(coop: &mut Coop, member: Pseudonym, days: u32, now: Moment) -> String {
    let mut batch = coop.batch().unwrap();
    let code = batch.invite(member, None, days, now).unwrap();
    batch.commit().unwrap();
    code_hash(&code)
}

fn redeem(coop: &mut Coop, hash: &str, now: Moment) -> Result<Pseudonym, Option<Standing>> {
    let mut batch = coop.batch().unwrap();
    let begun = batch.redeem(hash, &code_hash("an id"), None, now).unwrap();
    batch.commit().unwrap();
    begun.map(|session| session.member)
}

#[test]
fn an_invitation_is_good_once() {
    let (mut coop, member) = coop();
    let hash = invite(&mut coop, member, 14, NOW);
    assert_eq!(redeem(&mut coop, &hash, NOW), Ok(member));
    assert_eq!(redeem(&mut coop, &hash, NOW), Err(Some(Standing::Used)));
    assert_eq!(coop.sessions().unwrap().len(), 1);
    assert_eq!(redeem(&mut coop, &code_hash("guess"), NOW), Err(None));
}

#[test]
fn an_invitation_ends_with_its_last_day() {
    let (mut coop, member) = coop();
    let hash = invite(&mut coop, member, 14, NOW);
    let last = Moment(NOW.0 + 14 * DAY_US - 1);
    assert_eq!(coop.invitation(&hash, last).unwrap().unwrap().1, Standing::Open);
    let over = Moment(NOW.0 + 14 * DAY_US);
    assert_eq!(redeem(&mut coop, &hash, over), Err(Some(Standing::Expired)));
    assert!(coop.sessions().unwrap().is_empty());
}

#[test]
fn a_newer_invitation_takes_the_place_of_the_older() {
    let (mut coop, member) = coop();
    let first = invite(&mut coop, member, 14, NOW);
    let second = invite(&mut coop, member, 14, NOW);
    assert_eq!(redeem(&mut coop, &first, NOW), Err(Some(Standing::Revoked)));
    assert_eq!(redeem(&mut coop, &second, NOW), Ok(member));
}

#[test]
fn a_revoked_invitation_is_good_for_nothing() {
    let (mut coop, member) = coop();
    let hash = invite(&mut coop, member, 14, NOW);
    let mut batch = coop.batch().unwrap();
    assert_eq!(batch.revoke("none", NOW).unwrap(), None);
    assert_eq!(batch.revoke(&hash[..8], NOW).unwrap(), Some(member));
    assert_eq!(batch.revoke(&hash[..8], NOW).unwrap(), None);
    batch.commit().unwrap();
    assert_eq!(redeem(&mut coop, &hash, NOW), Err(Some(Standing::Revoked)));
}

#[test]
fn who_left_is_not_let_in() {
    let (mut coop, member) = coop();
    let hash = invite(&mut coop, member, 14, NOW);
    let mut batch = coop.batch().unwrap();
    let act = Act::EndMembership(EndMembership { member });
    batch.append(&act, Actor::Operator, "", "", NOW).unwrap();
    batch.commit().unwrap();
    assert_eq!(redeem(&mut coop, &hash, NOW), Err(Some(Standing::Ended)));
    let mut batch = coop.batch().unwrap();
    assert!(batch.invite(member, None, 14, NOW).is_err());
}

#[test]
fn the_log_and_the_state_know_nothing_of_it() {
    let (mut coop, member) = coop();
    let before = (coop.head(), coop.state().hash());
    let hash = invite(&mut coop, member, 14, NOW);
    redeem(&mut coop, &hash, NOW).unwrap();
    assert_eq!((coop.head(), coop.state().hash()), before);
}

#[test]
fn what_is_long_over_is_forgotten() {
    let (mut coop, member) = coop();
    invite(&mut coop, member, 14, NOW);
    let later = Moment(NOW.0 + 14 * DAY_US + KEPT_US);
    invite(&mut coop, member, 14, later);
    assert_eq!(coop.invitations().unwrap().len(), 2);
    invite(&mut coop, member, 14, Moment(later.0 + 1));
    assert_eq!(coop.invitations().unwrap().len(), 2);
}
